"""The means test of 法テラス (資力の目安): a guide value, never a decision.

Whether somebody is helped is decided by 法テラス alone. Medical costs, school fees and much
else may be taken off the income there; this only says whether it is worth asking.
"""

from dataclasses import dataclass
from enum import StrEnum


class Area(StrEnum):
    """住んでいる所."""

    ORDINARY = "ORDINARY"  # そのほか
    CITY = "CITY"  # 大阪市・東京など（生活保護一級地）
    TOKYO = "TOKYO"  # 東京特別区


@dataclass(frozen=True)
class Line:
    """What holds for one size of household, in yen; of income, a month, after tax."""

    income: int
    income_city: int
    rent: int
    rent_tokyo: int
    assets: int


@dataclass(frozen=True)
class Table:
    """The published table: one line a size, the first for one person; beyond, so much more."""

    lines: tuple[Line, ...]
    more: int
    more_city: int


@dataclass(frozen=True)
class Household:
    """What somebody tells. `assets` None: not told. Money in yen."""

    size: int
    income: int
    area: Area = Area.ORDINARY
    rent: int = 0
    assets: int | None = None


@dataclass(frozen=True)
class Guide:
    """Up to where the table goes, and whether what was told is within it."""

    income_limit: int
    rent_added: int
    assets_limit: int
    is_within: bool

    @property
    def limit(self) -> int:
        """The limit of income, rent included."""
        return self.income_limit + self.rent_added


def guide_for(household: Household, table: Table) -> Guide:
    """Return the guide value for a household of one or more."""
    line = table.lines[min(household.size, len(table.lines)) - 1]
    beyond = max(household.size - len(table.lines), 0)
    if household.area is Area.ORDINARY:
        limit = line.income + beyond * table.more
    else:
        limit = line.income_city + beyond * table.more_city
    most = line.rent_tokyo if household.area is Area.TOKYO else line.rent
    rent = min(household.rent, most)
    return Guide(
        income_limit=limit,
        rent_added=rent,
        assets_limit=line.assets,
        is_within=household.income <= limit + rent
        and (household.assets is None or household.assets <= line.assets),
    )
