"""What hand-overs leave to the worker: bringing packets and answers."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from madoguchi.correspondence.scanning import scanner
from madoguchi.jobs.registry import every, handler
from madoguchi.referrals.operations import delivering
from madoguchi.referrals.operations.peering import forget_nonces


@handler("referrals.deliver", lease=dt.timedelta(minutes=5))
def deliver(args: Mapping[str, Any], at: dt.datetime) -> None:
    """Bring a packet to the other desk."""
    delivering.deliver(referral=UUID(args["referral"]), scan=scanner(), at=at)


@handler("referrals.tell")
def tell(args: Mapping[str, Any], at: dt.datetime) -> None:
    """Tell the sender what became of a hand-over."""
    delivering.tell(arrival=UUID(args["arrival"]), status=args["status"], at=at)


@every("referrals.nonces", seconds=3600)
def forget_old_nonces(at: dt.datetime) -> None:
    """Throw away the marks of requests that are too old to be believed anyway."""
    forget_nonces(at=at)
