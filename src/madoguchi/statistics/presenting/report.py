"""The report (統計分析報告書) as a document: chapter by chapter, from what was frozen.

A further chapter (say, what came of evidence, or a hotline's figures) is a function from `Said`
to a `Chapter`, or None where it has nothing to say, named in CHAPTERS with its heading.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from madoguchi.rules import periods, returns
from madoguchi.rules.calendar import FiscalYear, Period, in_japan, wareki
from madoguchi.rules.comparing import Obstacle
from madoguchi.rules.counting import Basis, Return, TableCount, Total
from madoguchi.rules.returns import Correction
from madoguchi.statistics.presenting import (
    UNITS,
    Sheet,
    Stated,
    base_of,
    both_calendars,
    share,
    stated,
)
from madoguchi.statistics.presenting.document import (
    NOT_COMPARED,
    Block,
    Chapter,
    Document,
    Line,
    Story,
    paragraphs,
)

_WHY_NOT = {
    Obstacle.BASE: "母数が前の年（{before}）と変わったため、比べていません。",
    Obstacle.BOOK: "分類表が前の年と変わったため、比べていません。",
    Obstacle.UNFINISHED: "期間が終わっていないため、比べていません。",
}
_NOTHING_BEFORE = "前の年の記録がないため、比べていません。"


@dataclass(frozen=True)
class Said:
    """What a report says, read from its plain values."""

    desk: str
    figures: Return
    months: list[Return]
    before: Return
    obstacles: Mapping[str, list[str]]
    words: Mapping[str, str]
    cases: list[Story]
    corrections: list[Mapping[str, Any]]

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> "Said":
        """Read what `queries.reporting` or a frozen report holds."""
        return cls(
            desk=content["desk"],
            figures=returns.from_values(content["figures"]),
            months=[returns.from_values(it) for it in content["months"]],
            before=returns.from_values(content["before"]),
            obstacles=content["obstacles"],
            words=content["words"],
            cases=[Story(**it) for it in content["cases"]],
            corrections=content["corrections"],
        )


def document_of(content: Mapping[str, Any]) -> Document:
    """Return a report, draft or frozen, as it is read and printed."""
    said = Said.of(content)
    period = said.figures.period
    kind = "年次統計分析報告書" if _is_year(period) else "統計分析報告書"
    return Document(
        desk=said.desk,
        title=f"{said.desk} {periods.label_ja(period)} {kind}",
        period=both_calendars(period),
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        file_name=file_name_of("report", period, content),
        state=state_of(content),
        chapters=[chapter for chapter in _chapters(said) if chapter],
    )


def state_of(content: Mapping[str, Any]) -> str:
    """Say whether this is a draft, or which version it is, frozen when, by whom, by which rules."""
    if "frozen_at" not in content:
        return "下書き（まだ確定していません）"
    at = in_japan(dt.datetime.fromisoformat(content["frozen_at"]))
    return (
        f"第{content['version']}版　確定日：{wareki(at.date())}　確定：{content['frozen_by']}　"
        f"集計規則：{content['rules']}"
    )


def file_name_of(kind: str, period: Period, content: Mapping[str, Any]) -> str:
    """Return what files are called, without ending: kind, days, version."""
    version = f"v{content['version']}" if "version" in content else "draft"
    return f"{kind}-{period.first.isoformat()}-{period.last.isoformat()}-{version}"


def _is_year(period: Period) -> bool:
    return period == periods.fiscal_year(FiscalYear.of(period.first).year)


def _chapters(said: Said) -> list[Chapter | None]:
    made = []
    for name, (title, make) in CHAPTERS.items():
        chapter = make(said)
        words = paragraphs(said.words.get(name, ""))
        if chapter or words:
            chapter = chapter or Chapter(name, title)
            made.append(replace(chapter, id=name, title=title, words=[*words, *chapter.words]))
    return [*made]


def _nothing(said: Said) -> Chapter | None:  # noqa: ARG001 (a chapter of words only)
    return None


def _totals(said: Said) -> Chapter:
    return Chapter("totals", "", blocks=[totals_block(Sheet(said.desk, said.figures))])


def totals_block(sheet: Sheet) -> Block:
    """Return the printed totals as a table."""
    lines = [Line(f"{name}（{unit}）", [number]) for name, number, unit in sheet.totals]
    return Block("totals", "総数", "項目", ["件数"], lines, unit="件・日", notes=sheet.notes)


def _months(said: Said) -> Chapter | None:
    if len(said.months) < 2:  # noqa: PLR2004 (one month is the total)
        return None
    lines = [
        Line(f"{it.period.first.year}年{it.period.first.month}月", _numbers(it))
        for it in said.months
    ]
    lines.append(Line("合計", _numbers(said.figures), is_sum=True))
    most = max(said.months, key=lambda it: it.contacts)
    block = Block(
        "months",
        "月別の件数",
        "月",
        [f"{total}（{UNITS[total]}）" for total in Total],
        lines,
        said=["単位：件・日"],
        unit="件・日",
        finding=f"延べ受付件数は{most.period.first.month}月が最も多く{most.contacts}件",
        bars=len(Total) - 1,
    )
    return Chapter("months", "", blocks=[block])


def _numbers(figures: Return) -> list[int]:
    return [figures.total(total) for total in Total]


def _tables(said: Said) -> Chapter:
    return Chapter("tables", "", blocks=[table_block(it) for it in stated(said.figures)])


def name_of(table: TableCount) -> str:
    """Return what the table is called in addresses of a page."""
    return str(table.table).lower().replace("_", "-")


def table_block(shown: Stated) -> Block:
    """Return one official table with its shares, its finding and its bars."""
    table = shown.count
    lines = [
        Line(row.code.label_ja, [row.number, share(row.number, table.base) if table.base else "－"])
        for row in table.rows
    ]
    mark = "（※）" if table.is_multiple else ""
    lines.append(Line(f"合計{mark}", [table.total, ""], is_sum=True))
    return Block(
        shown.id,
        shown.title,
        "分類",
        ["件数", "割合"],
        lines,
        said=[shown.base, "単位：件", f"合計：{shown.check}"],
        finding=shown.finding,
        notes=shown.notes,
        bars=0,
    )


def _compared(said: Said) -> Chapter:
    now, before = said.figures, said.before
    if not before.contacts:
        text = f"{periods.label_ja(before.period)}の記録がないため、比べていません。"
        return Chapter("before", "", words=[text])
    heads = [periods.label_ja(before.period), periods.label_ja(now.period), "増減"]
    totals = Block(
        "before-totals",
        "総数の比較",
        "項目",
        heads,
        [
            Line(f"{total}（{UNITS[total]}）", _change(before.total(total), now.total(total)))
            for total in Total
        ],
        unit="件・日",
    )
    tables = [_pair(said, table, heads) for table in now.tables]
    return Chapter("before", "", blocks=[totals, *tables])


def _change(before: int, now: int) -> list[int | str]:
    return [before, now, f"{now - before:+d}" if now != before else "0"]


def _pair(said: Said, now: TableCount, heads: list[str]) -> Block:
    before = said.before.table(now.table)
    title, name = f"{now.table.label_ja}の比較", f"before-{name_of(now)}"
    bases = [f"{heads[0]}の{base_of(before)}", f"{heads[1]}の{base_of(now)}", "単位：件"]
    why_not = _why_not(said, before)
    if why_not:
        alone = [
            Line(row.code.label_ja, [NOT_COMPARED, row.number, NOT_COMPARED]) for row in now.rows
        ]
        return Block(name, title, "分類", heads, alone, said=bases, notes=why_not)
    then = {row.code.key: row.number for row in before.rows}
    changes = {row.code: row.number - then.get(row.code.key, 0) for row in now.rows}
    lines = [
        Line(row.code.label_ja, _change(row.number - changes[row.code], row.number))
        for row in now.rows
    ]
    lines.append(Line("合計", _change(before.total, now.total), is_sum=True))
    most = max(changes, key=lambda code: abs(changes[code]))
    told = f"{abs(changes[most])}件{'増えました' if changes[most] > 0 else '減りました'}"
    found = f"{most.label_ja}が{told}" if changes[most] else "前の年と同じです"
    return Block(name, title, "分類", heads, lines, said=bases, finding=found, bars=1, beside=0)


def _why_not(said: Said, before: TableCount) -> list[str]:
    if not before.base:
        return [_NOTHING_BEFORE]
    found = said.obstacles[str(before.table)]
    return [_WHY_NOT[Obstacle(it)].format(before=before.counts) for it in found]


def _cases(said: Said) -> Chapter | None:
    if not said.cases:
        return None
    note = "だれのことか分からないように書きなおし、責任者が承認した事例です。"
    return Chapter("cases", "", words=[note], stories=said.cases)


def _corrected(said: Said) -> Chapter | None:
    return corrected(said.corrections)


def corrected(corrections: Sequence[Mapping[str, Any]]) -> Chapter | None:
    """Return what was frozen before and is another number now; None where nothing is."""
    blocks = []
    for number, told in enumerate(corrections, 1):
        period = Period(dt.date.fromisoformat(told["from"]), dt.date.fromisoformat(told["to"]))
        title = f"{periods.label_ja(period)}（第{told['version']}版）からの訂正"
        changes = [Correction(*it) for it in told["numbers"]]
        frozen = wareki(dt.date.fromisoformat(told["frozen_on"]))
        blocks.append(
            correction_block(f"corrections-{number}", title, changes, f"確定日：{frozen}")
        )
    if not blocks:
        return None
    text = "確定したあとに記録が直されたため、前に印刷した数字と変わったものです。"
    return Chapter("corrections", "", words=[text], blocks=blocks)


def correction_block(name: str, title: str, changes: list[Correction], said: str = "") -> Block:
    """Return what changed since it was printed, as a table."""
    lines = [Line(f"{it.table} {it.label}", _change(it.then, it.now)) for it in changes]
    heads = ["確定したとき", "いま", "差"]
    return Block(name, title, "表と分類", heads, lines, said=[said] if said else [])


def _how(said: Said) -> Chapter:
    basis = "新規受付件数" if said.figures.basis is Basis.NEW else "実件数"
    return Chapter(
        "how",
        "",
        words=[
            *Sheet(said.desk, said.figures).notes,
            "新規受付件数：はじめての受付が期間内にある相談の数。延べ受付件数：期間内の受付の数。",
            f"年代・状況・侵害種別は{basis}、手法・対応は延べ受付件数を母数とします。",
            "年代・状況・侵害種別は、集計した日に分かっていた内容です。",
        ],
    )


# Every chapter in order: its heading, and what it is made by. The desk may add words to each.
CHAPTERS: Mapping[str, tuple[str, Callable[[Said], Chapter | None]]] = {
    "foreword": ("はじめに", _nothing),
    "totals": ("概要", _totals),
    "months": ("月ごとの動き", _months),
    "tables": ("分類ごとの件数", _tables),
    "before": ("前の年との比較", _compared),
    "cases": ("相談の事例", _cases),
    "analysis": ("分析と課題", _nothing),
    "corrections": ("これまでの報告の訂正", _corrected),
    "how": ("数え方", _how),
}
