"""What the settings leave to the night."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from madoguchi.administration.operations.listing import erase_list, list_due
from madoguchi.administration.operations.spreadsheets import take
from madoguchi.jobs.registry import every, handler

_DAY = 24 * 60 * 60


@every("retention.list", seconds=_DAY, lease=dt.timedelta(minutes=30))
def list_what_is_due(at: dt.datetime) -> None:
    """Put what is due on the list that a supervisor approves."""
    list_due(at=at)


@handler("retention.erase", lease=dt.timedelta(hours=1))
def erase_what_was_approved(args: Mapping[str, Any], at: dt.datetime) -> None:
    """Erase an approved list."""
    erase_list(erasure_list=UUID(args["list"]), at=at)


@handler("sheet.take", lease=dt.timedelta(hours=1))
def take_a_sheet(args: Mapping[str, Any], at: dt.datetime) -> None:
    """Take a spreadsheet that was looked through."""
    take(spreadsheet=UUID(args["sheet"]), at=at)
