"""How two periods stand beside each other, and why they sometimes must not be compared."""

from dataclasses import dataclass

from madoguchi.rules.comparing import Obstacle
from madoguchi.rules.counting import TableCount
from madoguchi.statistics.presenting import base_of

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
            )
            for key in [*now, *(key for key in before if key not in now)]
        ]

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
