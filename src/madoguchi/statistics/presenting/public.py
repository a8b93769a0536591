"""Published figures as everybody reads them, in the language of the page.

A desk's own labels stay in the words of the desk; the standard ones are translated.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Total
from madoguchi.statistics.presenting.document import HIDDEN, Block, Line

# The standard words, to be said in the language of the page.
_SAID: Mapping[str, Promise] = {
    "相談開設日数": gettext_lazy("相談開設日数"),
    "新規受付件数": gettext_lazy("新規受付件数"),
    "実件数": gettext_lazy("実件数"),
    "延べ受付件数": gettext_lazy("延べ受付件数"),
    "年代別": gettext_lazy("年代別"),
    "手法別": gettext_lazy("手法別"),
    "状況別": gettext_lazy("状況別"),
    "侵害種別": gettext_lazy("侵害種別"),
    "対応別": gettext_lazy("対応別"),
    "不明": gettext_lazy("不明"),
    "その他": gettext_lazy("その他"),
    "10代": gettext_lazy("10代"),
    "20代": gettext_lazy("20代"),
    "30代": gettext_lazy("30代"),
    "40代": gettext_lazy("40代"),
    "50代": gettext_lazy("50代"),
    "60歳以上": gettext_lazy("60歳以上"),
    "電話": gettext_lazy("電話"),
    "メール": gettext_lazy("メール"),
    "手紙": gettext_lazy("手紙"),
    "面接": gettext_lazy("面接"),
    "被害者": gettext_lazy("被害者"),
    "加害者": gettext_lazy("加害者"),
    "誹謗・中傷": gettext_lazy("誹謗・中傷"),
    "差別": gettext_lazy("差別"),
    "違法情報": gettext_lazy("違法情報"),
    "有害情報": gettext_lazy("有害情報"),
    "人権問題外": gettext_lazy("人権問題外"),
    "助言": gettext_lazy("助言"),
    "情報提供": gettext_lazy("情報提供"),
    "他機関紹介": gettext_lazy("他機関紹介"),
    "問題整理": gettext_lazy("問題整理"),
    "傾聴": gettext_lazy("傾聴"),
    "専門家連携": gettext_lazy("専門家連携"),
    "中断": gettext_lazy("中断"),
    "継続": gettext_lazy("継続"),
}


def public_tables(content: Mapping[str, Any]) -> list[Block]:
    """Return the tables of what was published."""
    return [_block(table) for table in content["tables"]]


def public_totals(content: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return the totals, each under its name."""
    return [(str(_SAID[it]), content["totals"][it]) for it in Total]


def left_out(content: Mapping[str, Any]) -> list[str]:
    """Return which tables could not be protected, and are not shown."""
    return [str(_SAID[Table(name).label_ja]) for name in content["left_out"]]


def months(content: Mapping[str, Any]) -> str:
    """Return the period as a reader of any language knows it: 2024/4–2025/3."""
    return _span(content["figures"]["from"], content["figures"]["to"])


def _block(table: Mapping[str, Any]) -> Block:
    lines = [
        Line(str(_SAID.get(label, label)), [HIDDEN if it is None else it for it in row])
        for (_key, label), row in zip(table["codes"], table["rows"], strict=True)
    ]
    lines.append(Line(_("合計"), table["foot"], is_sum=True))
    notes = [_("1件に種別がいくつもあることがあります。")] if table["multiple"] else []
    return Block(
        table["table"].lower().replace("_", "-"),
        str(_SAID[Table(table["table"]).label_ja]),
        _("分類"),
        [*(_span(*ends) for ends in table["columns"]), _("合計")],
        lines,
        said=[str(_SAID[table["counts"]])],
        notes=notes,
    )


def _span(first: str, last: str) -> str:
    begin, end = (f"{it.year}/{it.month}" for it in map(dt.date.fromisoformat, (first, last)))
    return begin if begin == end else f"{begin}–{end}"
