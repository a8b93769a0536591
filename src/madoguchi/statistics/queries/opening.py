"""What a desk may publish as open data, as plain values: no hidden count is in them."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from madoguchi.desks.models import Desk
from madoguchi.rules import returns
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Basis, Return
from madoguchi.rules.open_data import OpenTable, finest, open_totals
from madoguchi.statistics.models import FrozenReturn, Sort
from madoguchi.statistics.queries import return_of
from madoguchi.statistics.queries.reporting import months_in

FORMAT = "madoguchi.open-data/1"
# How finely a table may be cut: months, quarters, half years; else its whole period.
_CUTS = (1, 3, 6)


def open_data_of(desk: UUID, whole: Return) -> dict[str, Any]:
    """Return what may be published of `whole`.

    TooFewError where even its totals are too small.
    """
    totals = open_totals(whole)
    cuts = list(_cuts(desk, whole))
    tables = {table: finest(table, cuts, whole) for table in Table}
    return {
        "format": FORMAT,
        "desk": Desk.objects.get(pk=desk).name,
        "rules": returns.RULES,
        "figures": {
            "from": whole.period.first.isoformat(),
            "to": whole.period.last.isoformat(),
            "basis": str(whole.basis),
        },
        "totals": {str(total): number for total, number in totals.items()},
        "tables": [_values(table) for table in tables.values() if table],
        "left_out": [str(name) for name, table in tables.items() if not table],
    }


def _cuts(desk: UUID, whole: Return) -> Iterator[Sequence[Return]]:
    months = months_in(whole.period)
    for length in _CUTS:
        if len(months) > length and len(months) % length == 0:
            parts = [months[at : at + length] for at in range(0, len(months), length)]
            yield [_counted(desk, part, whole.basis) for part in parts]
    yield [whole]


def _counted(desk: UUID, months: Sequence[Period], basis: Basis) -> Return:
    return return_of(desk, period=Period(months[0].first, months[-1].last), basis=basis)


def _values(table: OpenTable) -> dict[str, Any]:
    return {
        "table": str(table.table),
        "counts": str(table.counts),
        "multiple": table.is_multiple,
        "columns": [[it.first.isoformat(), it.last.isoformat()] for it in table.columns],
        "codes": [[code.key, code.label_ja] for code in table.codes],
        "rows": [list(row) for row in table.rows],
        "foot": list(table.foot),
    }


def published_periods(desk: UUID) -> list[Period]:
    """Return the periods that `desk` published already."""
    rows = FrozenReturn.objects.filter(desk=desk, sort=Sort.OPEN_DATA)
    return [Period(*ends) for ends in rows.values_list("first", "last").distinct()]
