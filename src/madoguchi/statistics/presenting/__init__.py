"""The words that stand around figures: what was counted, when, and whether it adds up."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from madoguchi.rules import periods
from madoguchi.rules.calendar import Period, in_japan, wareki
from madoguchi.rules.codebooks import UNKNOWN, BookChange
from madoguchi.rules.counting import Basis, Return, Row, TableCount, Total

UNITS = {Total.OPENING_DAYS: "日", Total.NEW: "件", Total.CASE_MONTHS: "件", Total.CONTACTS: "件"}
BASES = {Basis.NEW: "新規受付件数", Basis.CASE_MONTH: "実件数（1つの相談を月ごとに1件）"}

# The rule as it is printed under the prefecture's figures of 令和7年4月～9月.
RULE = (
    "実件数：同じ相談者が同じ月に同じ内容を複数回相談した場合、1件としてカウントする。"
    "ただし、同じ内容の相談が月をまたぐ場合には、2件としてカウントする。"
)


@dataclass(frozen=True)
class Sheet:
    """Figures to be shown: whose, which, and what is said beside them."""

    desk: str
    figures: Return

    @property
    def title(self) -> str:
        """What the sheet is headed."""
        return f"{self.desk} 相談の集計 {periods.label_ja(self.figures.period)}"

    @property
    def period(self) -> str:
        """The period in both calendars."""
        return both_calendars(self.figures.period)

    @property
    def totals(self) -> list[tuple[str, int, str]]:
        """The printed totals: name, number, unit."""
        return [(str(total), self.figures.total(total), UNITS[total]) for total in Total]

    @property
    def notes(self) -> list[str]:
        """What holds for the whole sheet."""
        notes = [f"年代別・状況別・侵害種別の集計の基準：{BASES[self.figures.basis]}。", RULE]
        if self.figures.unclassified:
            notes.append(
                f"対応が未分類の受付が{self.figures.unclassified}件あります。"
                "報告の前に、すべて分類してください。"
            )
        return notes

    @property
    def tables(self) -> list["Stated"]:
        """The tables as they are shown."""
        return stated(self.figures)

    def made_on(self, at: dt.datetime) -> str:
        """Say on which day the figures were taken."""
        return made_on(at)

    @property
    def file_name(self) -> str:
        """What a file of the sheet is called, without ending; ASCII, for any machine."""
        period = self.figures.period
        return f"statistics-{period.first.isoformat()}-{period.last.isoformat()}"


def made_on(at: dt.datetime) -> str:
    """Say on which day figures were taken, since they may change afterwards."""
    return f"集計した日：{wareki(in_japan(at).date())}"


@dataclass(frozen=True)
class Stated:
    """One table as it is shown: of the whole period, or of the days in which one book held."""

    count: TableCount
    period: Period
    part: int = 0  # 1, 2…; 0: the whole
    changes: tuple[BookChange, ...] = ()

    @property
    def id(self) -> str:
        """The anchor of the table."""
        name = str(self.count.table).lower().replace("_", "-")
        return f"{name}-{self.part}" if self.part else name

    @property
    def title(self) -> str:
        """The heading: 手法別; of some days 手法別（令和7年4月～9月）."""
        days = f"（{periods.label_ja(self.period)}）" if self.part else ""
        return f"{self.count.table.label_ja}{days}"

    @property
    def base(self) -> str:
        """What is counted."""
        return base_of(self.count)

    @property
    def check(self) -> str:
        """How the sum stands to the base."""
        return check_of(self.count)

    @property
    def finding(self) -> str:
        """What the table shows, in a sentence."""
        return finding(self.count)

    @property
    def notes(self) -> list[str]:
        """What is said under the table."""
        said = [said_of(it) for it in self.changes]
        if said:
            said.append("分類表ごとに分けています。行ごとに足した数は出しません。")
        if self.changes and self.count.counts is Total.CASE_MONTHS and _cuts_a_month(self.changes):
            said.append("月の途中で分かれるため、同じ相談が両方の表に入ることがあります。")
        return [*said, *notes_on(self.count)]


def stated(figures: Return) -> list[Stated]:
    """Return the tables as they are shown: one that spans two code books in its parts."""
    shown = []
    for table in figures.tables:
        shown += [
            Stated(it.count, it.period, part, table.changes)
            for part, it in enumerate(table.parts, 1)
        ] or [Stated(table, figures.period)]
    return shown


def _cuts_a_month(changes: Iterable[BookChange]) -> bool:
    return any(it.divides and it.on.day > 1 for it in changes)


def both_calendars(period: Period) -> str:
    """Return 令和6年度（2024年4月1日～2025年3月31日）."""
    first, last = (f"{day.year}年{day.month}月{day.day}日" for day in (period.first, period.last))
    return f"{periods.label_ja(period)}（{first}～{last}）"


def base_of(table: TableCount) -> str:
    """Return what the table counts, and how many: 母数：新規受付件数 393件."""
    return f"母数：{table.counts} {table.base}件"


def notes_on(table: TableCount) -> list[str]:
    """Return what has to be said under `table`, the check of its sum first."""
    notes = []
    if table.is_multiple:
        notes.append(
            f"（※）{table.counts}（{table.base}件）に基づいて集計（重複集計あり）。"
            "1件に種別がいくつもあるため、合計は母数と同じか、多くなります。"
        )
    if table.unclassified:
        notes.append(f"このほかに、未分類が{table.unclassified}件あります。")
    notes += [said_of(it) for it in table.changes]
    if not table.adds_up:
        notes.append("合計が母数と合いません。集計の設定を確かめてください。")
    return notes


def said_of(change: BookChange) -> str:
    """Say that the period spans two books, and which rows stand in one of them only."""
    said = [f"この期間の途中、{wareki(change.on)}から分類表が変わりました。"]
    if change.dropped:
        said.append(f"前の分類表だけにある行：{'、'.join(change.dropped)}。")
    if change.added:
        said.append(f"新しい分類表だけにある行：{'、'.join(change.added)}。")
    if change.renamed:
        names = "、".join(f"「{old}」を「{new}」に" for old, new in change.renamed)
        said.append(f"名前を変えた行：{names}。")
    if change.is_recoded:
        said.append("1件に1つ選ぶか、いくつも選ぶかも変わりました。")
    return "".join(said)


def check_of(table: TableCount) -> str:
    """Return how the sum of the rows stands to the base."""
    if not table.adds_up:
        return "母数と合いません"
    if table.is_multiple:
        return "重複集計あり"
    return "未分類を足して母数と一致" if table.unclassified else "母数と一致"


def share(number: int, base: int) -> str:
    """Return `number` of `base` in whole percent, halves up: 56％, 1％未満."""
    percent = (200 * number + base) // (2 * base)
    return f"{percent}％" if percent or not number else "1％未満"


def finding(table: TableCount) -> str:
    """Return in one sentence what the table shows."""
    if not any(row.number for row in table.rows):
        return "この期間の件数はありません"
    first = _largest(table.rows)
    said = f"{first.code.label_ja}が最も多く{first.number}件（{share(first.number, table.base)}）"
    known = [row for row in table.rows if row.code.key != UNKNOWN and row.number]
    if first.code.key != UNKNOWN or not known:
        return said
    second = _largest(known)
    return f"{said}、分かるものでは{second.code.label_ja}の{second.number}件"


def _largest(rows: list[Row] | tuple[Row, ...]) -> Row:
    """Return the row with the largest number; of several, the first."""
    return max(rows, key=lambda row: row.number)


@dataclass(frozen=True)
class Datum:
    """One cell as a line of data: machine-readable, nothing for looks."""

    table: str
    label: str
    number: int
    unit: str
    counts: str
    base: int | None
    multiple: bool
    period: Period | None = None  # where it is not that of the sheet


def data(figures: Return) -> Iterator[Datum]:
    """Return every figure as a line: the totals, then each table with its sum.

    A table that spans two code books comes part by part, each under its own days.
    """
    for total in Total:
        yield Datum(
            "総数", str(total), figures.total(total), UNITS[total], "", None, multiple=False
        )
    yield Datum("総数", "未分類", figures.unclassified, "件", "", None, multiple=False)
    for shown in stated(figures):
        table = shown.count
        lines = [(row.code.label_ja, row.number) for row in table.rows]
        for label, number in [*lines, ("合計", table.total)]:
            yield Datum(
                table.table.label_ja,
                label,
                number,
                "件",
                str(table.counts),
                table.base,
                multiple=table.is_multiple,
                period=shown.period,
            )


DATA_COLUMNS = (
    "相談窓口",
    "期間の始まり",
    "期間の終わり",
    "集計の基準",
    "表",
    "分類",
    "件数",
    "単位",
    "母数の種類",
    "母数",
    "重複集計",
)


def data_lines(sheet: Sheet) -> Iterator[list[str | int | None]]:
    """Return the lines of a data sheet, one datum to a cell, under `DATA_COLUMNS`."""
    for datum in data(sheet.figures):
        period = datum.period or sheet.figures.period
        yield [
            sheet.desk,
            period.first.isoformat(),
            period.last.isoformat(),
            str(sheet.figures.basis),
            datum.table,
            datum.label,
            datum.number,
            datum.unit,
            datum.counts,
            datum.base,
            "あり" if datum.multiple else "なし",
        ]
