"""Where this storey's words are sealed."""

from uuid import UUID

from madoguchi.vault.sealing import Place


def opening_place(opening: UUID) -> Place:
    """Return where the reason for an emergency opening is sealed."""
    return Place("administration_emergencyopening", opening, "reason")


def rows_place(spreadsheet: UUID) -> Place:
    """Return where a spreadsheet's rows are sealed."""
    return Place("administration_spreadsheet", spreadsheet, "rows")


def plan_place(spreadsheet: UUID) -> Place:
    """Return where it is sealed how a spreadsheet is read."""
    return Place("administration_spreadsheet", spreadsheet, "plan")


def columns_place(desk: UUID) -> Place:
    """Return where a desk's usual columns are sealed (under the desk's own key)."""
    return Place("administration_columnmemory", desk, "told")
