"""Telephone lines and whether somebody answers now, for every page that shows one."""

import datetime as dt
from dataclasses import dataclass

from madoguchi.directory import emergency
from madoguchi.directory.windows import Channel
from madoguchi.rules.guidance.edition import Texts


@dataclass(frozen=True)
class Line:
    """A telephone number and whether it is answered now."""

    title: Texts
    channel: Channel
    open_until: dt.datetime | None
    opens_at: dt.datetime | None

    @property
    def is_open(self) -> bool | None:
        """Whether somebody answers now; None: nobody knows."""
        return self.open_until is not None if self.channel.hours else None

    @property
    def state(self) -> tuple[object, ...]:
        """All of the line that changes with the hour: lines in one state are drawn alike."""
        return self.channel.id, self.open_until, self.opens_at

    @property
    def is_always(self) -> bool:
        """Whether it is answered round the clock."""
        return self.channel.hours is not None and self.channel.hours.always


def line(title: Texts, channel: Channel, at: dt.datetime) -> Line:
    """Return the state of a number at the aware instant `at`."""
    if channel.hours is None:
        return Line(title, channel, None, None)
    until = channel.hours.open_until(at, emergency.is_holiday)
    opens = None if until else channel.hours.next_opening(at, emergency.is_holiday)
    return Line(title, channel, until, opens)
