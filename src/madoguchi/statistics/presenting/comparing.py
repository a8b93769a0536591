"""How two periods stand beside each other, and why they sometimes must not be compared."""

from dataclasses import dataclass

from madoguchi.rules.calendar import Period
from madoguchi.rules.comparing import Obstacle
from madoguchi.rules.counting import TableCount
from madoguchi.statistics.presenting import base_of, said_of
from madoguchi.statistics.presenting.cells import list_query

WHY = {
    Obstacle.BASE: (
        "母数がちがうため、くらべられません。差とグラフは出しません。"
        "同じ基準を選ぶと、くらべられます。"
    ),
    Obstacle.BOOK: "分類表がちがうため、くらべられません。差とグラフは出しません。",
    Obstacle.UNFINISHED: "まだ終わっていない期間があるため、差とグラフは出しません。",
}


@dataclass(frozen=True)
class Beside:
    """One row of two periods: its label, both numbers (None: no such row then)."""

    label: str
    now: int | None
    before: int | None
    # The queries of the lists behind both.
    lists: tuple[str, str] = ("", "")

    @property
    def difference(self) -> str:
        """Return what was added or lost, with its sign."""
        return signed((self.now or 0) - (self.before or 0))


@dataclass(frozen=True)
class Compared:
    """One table of two periods."""

    now: TableCount
    before: TableCount
    obstacles: frozenset[Obstacle]
    periods: tuple[Period, Period]

    @property
    def id(self) -> str:
        """The anchor of the table."""
        return f"compare-{str(self.now.table).lower()}"

    @property
    def notes(self) -> list[str]:
        """What is said under the table: where labels changed within one of the periods."""
        said = [said_of(it) for it in dict.fromkeys([*self.now.changes, *self.before.changes])]
        if self.now.is_multiple or self.before.is_multiple:
            said.append("（※）重複集計あり。合計は母数と同じか、多くなります。")
        return said

    @property
    def sums(self) -> tuple[str, str]:
        """Where the lists behind the sums are; nowhere, where a sum is not that of a list."""
        now, before = self.now, self.before
        return (
            list_query(self.periods[0], now.counts) if now.total == now.base else "",
            list_query(self.periods[1], before.counts) if before.total == before.base else "",
        )

    @property
    def bases(self) -> tuple[str, str]:
        """What each of the two counts."""
        return base_of(self.now), base_of(self.before)

    @property
    def why_not(self) -> list[str]:
        """Why the two are not to be compared; empty where they are."""
        return [WHY[it] for it in Obstacle if it in self.obstacles]

    @property
    def rows(self) -> list[Beside]:
        """Both periods' rows, those of the later first."""
        now = {row.code.key: row for row in self.now.rows}
        before = {row.code.key: row for row in self.before.rows}
        labels = {key: row.code.label_ja for key, row in (before | now).items()}
        return [
            Beside(
                labels[key],
                now[key].number if key in now else None,
                before[key].number if key in before else None,
                (
                    self._list(0, key) if key in now else "",
                    self._list(1, key) if key in before else "",
                ),
            )
            for key in [*now, *(key for key in before if key not in now)]
        ]

    def _list(self, place: int, key: str) -> str:
        counts = (self.now, self.before)[place].counts
        return list_query(self.periods[place], counts, (self.now.table, key))

    @property
    def finding(self) -> str:
        """What changed most, in a sentence."""
        changed = [it for it in self.rows if it.now != it.before]
        if not changed:
            return "前の期間と変わりません"
        most = max(changed, key=lambda it: abs((it.now or 0) - (it.before or 0)))
        return f"{most.label}が最も変わりました（{most.before or 0}件から{most.now or 0}件）"


def signed(number: int) -> str:
    """Return ＋3, －3 or ±0: full width, as it is read in a printed table."""
    if number == 0:
        return "±0"
    return f"{'＋' if number > 0 else '－'}{abs(number)}"
