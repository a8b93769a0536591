"""A gathered sum (とりまとめ) as a document: who sent what, the sum, how words were read."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from madoguchi.rules import periods, returns
from madoguchi.rules.calendar import wareki
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Return, TableCount
from madoguchi.statistics.presenting import Sheet, base_of, both_calendars, stated
from madoguchi.statistics.presenting.document import NOT_COMPARED, Block, Chapter, Document, Line
from madoguchi.statistics.presenting.report import (
    corrected,
    file_name_of,
    name_of,
    state_of,
    table_block,
    totals_block,
)
from madoguchi.statistics.queries.summing import News

_DAYS = "相談開設日数は、提出元の日数を足したもの（のべ日数）です。"
_COUNTED = (
    "受付記録を数えたところは、相談開設日数が分からないため0日とし、"
    "新規受付件数はファイルの中ではじめて出る相談を数えています"
)
_TWICE = (
    "重複集計の表で、ちがう言葉をいくつも同じ分類に読みかえると、"
    "両方の言葉がついた1件を2度数えることがあります。"
)

_CORRECTED = "確定したあとに届いたり直されたりしたため、前に印刷した数字と変わったものです。"
NEWS: Mapping[News, str] = {
    News.LATE: "あとから届きました",
    News.AGAIN: "出し直されました",
    News.REREAD: "読みかえが変わりました",
    News.OUT: "いまは足せません（読みかえ待ちか、基準がちがいます）",
}


def sum_document_of(content: Mapping[str, Any]) -> Document:
    """Return a gathered sum, draft or frozen, as it is read and printed."""
    figures = returns.from_values(content["figures"])
    period = figures.period
    chapters = [
        _totals(content, figures),
        _senders(content),
        Chapter("tables", "分類ごとの件数", blocks=[table_block(it) for it in stated(figures)]),
        _by_sender(content, figures),
        _readings(content),
        _corrected(content),
        Chapter("how", "数え方", words=_how_counted(content, figures)),
    ]
    return Document(
        desk=content["desk"],
        title=f"{content['desk']} {periods.label_ja(period)} 相談の集計のとりまとめ",
        period=both_calendars(period),
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        file_name=file_name_of("gathered", period, content),
        state=state_of(content),
        chapters=[it for it in chapters if it],
    )


def _how_counted(content: Mapping[str, Any], figures: Return) -> list[str]:
    words = [*Sheet(content["desk"], figures).notes, _DAYS]
    counted = [it["name"] for it in content["senders"] if it["counted_here"]]
    return [*words, f"{_COUNTED}：{'、'.join(counted)}"] if counted else words


def _totals(content: Mapping[str, Any], figures: Return) -> Chapter:
    words = [f"{len(content['senders'])}か所から届いた数字を足しました。"]
    if content["missing"]:
        words.append(f"次のところの数字は入っていません：{'、'.join(content['missing'])}")
    block = totals_block(Sheet(content["desk"], figures))
    return Chapter("totals", "概要", words=words, blocks=[block])


def _senders(content: Mapping[str, Any]) -> Chapter:
    lines = [
        Line(it["name"], [*_numbers(it["figures"]), _came(it), _how(it)])
        for it in content["senders"]
    ]
    figures = content["figures"]
    lines.append(Line("合計", [*_numbers(figures), "", ""], is_sum=True))
    lines += [Line(it, [*[NOT_COMPARED] * 4, "届いていません", ""]) for it in content["missing"]]
    heads = ["相談開設日数", "新規受付件数", "実件数", "延べ受付件数", "受け取った日", "届いたもの"]
    block = Block("senders", "提出元ごとの総数", "提出元", heads, lines, unit="件・日")
    return Chapter("senders", "提出元", blocks=[block])


def _numbers(figures: Mapping[str, Any]) -> list[int]:
    return [figures[it] for it in ("opening_days", "new", "case_months", "contacts")]


def _came(sender: Mapping[str, Any]) -> str:
    return wareki(dt.date.fromisoformat(sender["taken_on"]))


def _how(sender: Mapping[str, Any]) -> str:
    return "受付記録を数えた" if sender["counted_here"] else "集計の表"


def _by_sender(content: Mapping[str, Any], figures: Return) -> Chapter:
    sent = [(it["name"], returns.from_values(it["figures"])) for it in content["senders"]]
    return Chapter(
        "by-sender",
        "提出元ごとの分類",
        blocks=[_matrix(table, sent) for table in figures.tables],
    )


def _matrix(table: TableCount, sent: list[tuple[str, Return]]) -> Block:
    """Return one table with a line for each sender."""
    keys = [row.code.key for row in table.rows]
    lines = [Line(name, _row(it.table(table.table), keys)) for name, it in sent]
    lines.append(Line("合計", _row(table, keys), is_sum=True))
    return Block(
        f"by-sender-{name_of(table)}",
        f"提出元ごとの{table.table.label_ja}",
        "提出元",
        [*(row.code.label_ja for row in table.rows), "合計"],
        lines,
        said=[base_of(table), "単位：件"],
    )


def _row(table: TableCount, keys: list[str]) -> list[int]:
    numbers = {row.code.key: row.number for row in table.rows}
    return [*(numbers.get(key, 0) for key in keys), table.total]


def _readings(content: Mapping[str, Any]) -> Chapter | None:
    readings = content["readings"]
    if not readings:
        return None
    lines = [Line(name, [table, theirs, ours]) for name, table, theirs, ours in readings]
    heads = ["表", "届いた言葉", "足した分類"]
    block = Block("readings", "読みかえた言葉", "提出元", heads, lines, unit="")
    return Chapter("readings", "言葉の読みかえ", words=_twice(readings), blocks=[block])


def _twice(readings: list[list[str]]) -> list[str]:
    """Say where several marks of one consultation may have become one."""
    kind = Table.INFRINGEMENT_KIND.label_ja
    return [_TWICE] if any(table == kind for _name, table, *_words in readings) else []


def _corrected(content: Mapping[str, Any]) -> Chapter | None:
    chapter = corrected(content["corrections"])
    return chapter and replace(chapter, title="これまでのとりまとめの訂正", words=[_CORRECTED])
