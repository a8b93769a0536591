"""Where the desk leads people on, as tables: windows, hand-overs, experts, URL reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from madoguchi.experts.forms import KINDS, RESULTS
from madoguchi.rules.calendar import Period
from madoguchi.rules.experts import Result
from madoguchi.rules.referral import Status as Sent
from madoguchi.rules.url_report import Aimed
from madoguchi.rules.url_report import Status as Reached
from madoguchi.statistics.presenting.cells import unit_query
from madoguchi.statistics.presenting.tables import (
    Cell,
    Column,
    FigureTable,
    WideRow,
    WideTable,
    lines_of,
    most_first,
)
from madoguchi.statistics.queries.connecting import (
    ALL,
    AWAITED,
    FEES,
    HELD,
    MINUTES,
    MISSED,
    TO_COME,
    URLS,
)
from madoguchi.statistics.queries.units import Counted, Spread

_HANDOVERS = (
    Column("送った", is_sum=True, key=ALL),
    Column("答え待ち", key=Sent.SENT),
    Column("相手が受けた", key=Sent.ACCEPTED),
    Column("戻った", key=Sent.RETURNED),
    Column("相手が答えた", key=Sent.ANSWERED),
    Column("済んだ", key=Sent.SETTLED),
    Column("取りやめた", key=Sent.WITHDRAWN),
)
_SESSIONS = (
    Column("予約した回数", "回", is_sum=True, key=ALL),
    Column("これから", "回", key=TO_COME),
    Column("行われた", "回", key=HELD),
    Column("来られなかった", "回", key=MISSED),
    *(Column(f"結果：{RESULTS[it]}", "回", key=it) for it in Result),
    Column("結果待ち", "回", key=AWAITED),
    Column("時間（分）", "分", key=MINUTES),
    Column("謝金（円）", "円", key=FEES),
)
_REPORTS = (
    Column("通報した", is_sum=True, key=Reached.WRITTEN),
    Column("受領", key=Reached.RECEIVED),
    Column("確認", key=Reached.CONFIRMED),
    Column("要請", key=Reached.REQUESTED),
    Column("結果", key=Reached.RESULT),
    Column("説示・助言", key=Reached.ADVISED),
    Column("URLの数", "個", key=URLS),
)
# だれに対する差別か, shorter than on the form.
_AIMED = {
    Aimed.PERSON: "特定の個人",
    Aimed.GROUP: "特定できる規模の集団",
    Aimed.AREA: "府内の特定の地域",
    Aimed.PEOPLE: "不特定の集団",
}


def windows(period: Period, found: Spread, names: Mapping[str, str]) -> FigureTable:
    """紹介先."""
    lines = lines_of(names, found.numbers, lambda key: unit_query(period, "windows", key))
    said = ("1回の受付で、いくつもの窓口を紹介することがあります。",)
    return FigureTable(
        *("windows", "紹介先", "紹介先のある受付", found.base),
        most_first(lines),
        is_multiple=True,
        said=said,
    )


@dataclass(frozen=True)
class _Wide:
    """What was counted for a table of several columns."""

    name: str
    period: Period
    found: Counted
    columns: Sequence[Column]

    def rows(self, names: Mapping[str, str], *, with_empty: bool = False) -> tuple[WideRow, ...]:
        """Return a row for each name that has a number, and for each number without a name."""
        there = {row for row, _column in self.found.numbers}
        labels = {key: names.get(key, key) for key in [*names, *sorted(there - names.keys())]}
        return tuple(
            WideRow(label, tuple(self._cell(key, it.key) for it in self.columns), key)
            for key, label in labels.items()
            if with_empty or key in there
        )

    @property
    def sums(self) -> tuple[Cell, ...]:
        """The foot: what the rows come to."""
        return tuple(
            Cell(self._sum(it.key), unit_query(self.period, self.name, None, it.key))
            for it in self.columns
        )

    def check(self, *wholes: tuple[str, Sequence[str]]) -> str:
        """Say whether the first column comes to the base, and the parts of each whole to it."""
        holds = self._sum(self.columns[0].key) == self.found.base and all(
            self._sum(whole) == sum(self._sum(it) for it in parts) for whole, parts in wholes
        )
        return "母数と一致" if holds else "母数と合いません"

    def _sum(self, column: str) -> int:
        return sum(it for (_row, key), it in self.found.numbers.items() if key == column)

    def _cell(self, row: str, column: str) -> Cell:
        number = self.found.numbers.get((row, column), 0)
        return Cell(number, unit_query(self.period, self.name, row, column))


def handovers(period: Period, found: Counted, names: Mapping[str, str]) -> WideTable:
    """引き継ぎ, by whom it went to and what became of it."""
    wide = _Wide("handovers", period, found, _HANDOVERS)
    return WideTable(
        *(wide.name, "引き継ぎ（送り先別）", "送り先", "この期間に送った引き継ぎ", found.base),
        columns=_HANDOVERS,
        rows=wide.rows(names),
        sums=wide.sums,
        check=wide.check((ALL, [it.key for it in _HANDOVERS[1:]])),
        notes=("いまの状態で分けています。",),
    )


def sessions(
    called: tuple[str, str], period: Period, found: Counted, names: Mapping[str, str]
) -> WideTable:
    """専門家相談; `called`: its name in addresses, and its title."""
    name, title = called
    wide = _Wide(name, period, found, _SESSIONS)
    return WideTable(
        *(name, title, "専門家", "この期間の日時に予約した専門家相談", found.base),
        columns=_SESSIONS,
        rows=wide.rows(names),
        sums=wide.sums,
        check=wide.check((ALL, (TO_COME, HELD, MISSED)), (HELD, (*Result, AWAITED))),
        unit="回・分・円",
        notes=(
            "相談の日で数えます。対応別の「専門家連携」は受付の数なので、この表とは合いません。",
            "取りやめた予約と、日時の決まっていないものは入りません。",
            "時間は結果に書かれたもの、謝金は結果や来られなかったときに書かれたものです。",
        ),
    )


def sessions_by_kind(period: Period, found: Counted) -> WideTable:
    """専門家相談, by the kind of expert."""
    names = {key: str(label) for key, label in KINDS.items()}
    return sessions(("expert-kinds", "専門家相談（種類別）"), period, found, names)


def sessions_by_expert(period: Period, found: Counted, names: Mapping[str, str]) -> WideTable:
    """専門家相談, by expert."""
    return sessions(("experts", "専門家相談（専門家別）"), period, found, names)


def reports(period: Period, found: Counted) -> WideTable:
    """差別情報の通報, by whom the posts are aimed at, and how far each came."""
    wide = _Wide("url-reports", period, found, _REPORTS)
    return WideTable(
        *(wide.name, "差別情報の通報", "だれに対する差別か", "この期間に書いた通報", found.base),
        columns=_REPORTS,
        rows=wide.rows({str(it): label for it, label in _AIMED.items()}, with_empty=True),
        sums=wide.sums,
        check=wide.check(),
        unit="件・個",
        notes=(
            "1件の通報は、進んだ段階のすべてに入ります。受領から右の列は、足しても母数になりません。",
            "段階は集計した日までのもので、期間のあとに進んだものも入ります。",
        ),
    )
