"""The figures of experts as CSV."""

import csv
import io

from madoguchi.experts.forms import KINDS, RESULTS
from madoguchi.experts.queries.figures import ExpertFigures, ExpertLine
from madoguchi.rules.contact_records import guarded
from madoguchi.rules.experts import Result

_COLUMNS = (
    "専門家",
    "種類",
    "事務所",
    "実施",
    "予約",
    "来られなかった",
    "時間（分）",
    "謝金（円）",
    "うち来られなかった分（円）",
)


def csv_of(figures: ExpertFigures) -> bytes:
    """Return one line for each expert: UTF-8 with BOM, or a Japanese Excel garbles it; CRLF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    results = [str(RESULTS[it]) for it in Result]
    writer.writerow(["開始日", "終了日", *_COLUMNS, *results, "1か月の回数の上限"])
    days = (figures.period.first.isoformat(), figures.period.last.isoformat())
    for line in figures.lines:
        writer.writerow([*days, *_cells(line)])
    return text.getvalue().encode("utf-8-sig")


def _cells(line: ExpertLine) -> list[str | int]:
    return [
        guarded(line.name),
        str(KINDS[line.kind]),
        guarded(line.office),
        line.sessions,
        line.booked,
        line.missed,
        line.minutes,
        line.fees,
        line.missed_fees,
        *(line.results.get(it, 0) for it in Result),
        "" if line.quota is None else line.quota,
    ]
