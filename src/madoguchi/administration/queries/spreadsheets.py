"""A desk's own spreadsheet as it lies in between: its rows, its plan, what is remembered."""

import json
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.administration.models import ColumnMemory, Spreadsheet
from madoguchi.administration.places import columns_place, plan_place, rows_place
from madoguchi.rules.access import Actor
from madoguchi.rules.spreadsheets import Plan
from madoguchi.vault.sealing import Safe

Memory = dict[str, dict[str, str]]


def spreadsheets(actor: Actor) -> QuerySet[Spreadsheet]:
    """Return the spreadsheets of the actor's desk."""
    return Spreadsheet.objects.filter(desk=actor.desk).order_by("-brought_at")


def rows_of(sheet: Spreadsheet) -> list[list[str]]:
    """Return the rows; none where they were erased."""
    told = Safe(sheet.desk_id).open(sheet.rows, holder=sheet.pk, place=rows_place(sheet.pk))
    rows: list[list[str]] = json.loads(told) if told else []
    return rows


def plan_of(sheet: Spreadsheet) -> Plan | None:
    """Return how the rows are read; None where nobody said yet."""
    told = Safe(sheet.desk_id).open(sheet.plan, holder=sheet.pk, place=plan_place(sheet.pk))
    return Plan(**json.loads(told)) if told else None


def remembered(desk: UUID) -> Memory:
    """Return how the desk's columns were read last time: `columns`, and values by column."""
    row = ColumnMemory.objects.filter(desk=desk).first()
    told = row and Safe(desk).open(row.told, holder=desk, place=columns_place(desk))
    memory: Memory = json.loads(told) if told else {"columns": {}}
    return memory
