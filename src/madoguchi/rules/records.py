"""Many contact records in little room: as objects, a million would take gigabytes."""

import datetime as dt
from array import array
from collections.abc import Iterator

from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.contact_records import ContactRecord

# What a row says besides who, when and in which words: few rows say it differently.
_Said = tuple[str, str | None, str | None, str | None, frozenset[str], int | None, tuple[str, ...]]
_NONE = -1
# Between person and matter: one string for both. No file that is read holds it.
_BETWEEN = "\0"


class Records:
    """Contact records by column, in the order in which they were added."""

    def __init__(self) -> None:
        """Hold none yet."""
        self._consultations: dict[str, int] = {}  # by person and matter
        self._said_once: dict[_Said, _Said] = {}
        # One of each record.
        self._consultation = array("i")
        self._at = array("q")  # seconds since 1970
        self._said: list[_Said] = []
        self._remarks: list[str] = []
        self._before = array("i")  # which record of the same consultation was added before
        # One of each consultation.
        self._latest = array("i")  # which of its records was added last
        self._began = array("q")

    def __len__(self) -> int:
        """Return how many records there are."""
        return len(self._said)

    def __iter__(self) -> Iterator[ContactRecord]:
        """Return every record, in the order in which they were added."""
        names = list(self._consultations)
        for row in range(len(self)):
            yield self._record(row, names[self._consultation[row]])

    def add(self, record: ContactRecord) -> None:
        """Hold `record`; its time to the second."""
        row, at = len(self), int(record.at.timestamp())
        key = f"{record.person}{_BETWEEN}{record.matter}"
        consultation = self._consultations.setdefault(key, len(self._latest))
        if consultation == len(self._latest):
            self._latest.append(_NONE)
            self._began.append(at)
        said = (
            record.channel,
            record.action,
            record.age_group,
            record.standing,
            record.kinds,
            record.minutes,
            record.referred_to,
        )
        self._consultation.append(consultation)
        self._at.append(at)
        self._said.append(self._said_once.setdefault(said, said))
        self._remarks.append(record.remarks)
        self._before.append(self._latest[consultation])
        self._latest[consultation] = row
        self._began[consultation] = min(at, self._began[consultation])

    def by_consultation(self) -> Iterator[tuple[ContactRecord, ...]]:
        """Return the records of each consultation in order of time; who began first comes first.

        Of two at one time the one added first is the earlier.
        """
        names = list(self._consultations)
        for consultation in sorted(range(len(names)), key=self._began.__getitem__):
            rows = []
            row = self._latest[consultation]
            while row != _NONE:
                rows.append(row)
                row = self._before[row]
            rows.reverse()
            rows.sort(key=self._at.__getitem__)
            yield tuple(self._record(row, names[consultation]) for row in rows)

    def _record(self, row: int, name: str) -> ContactRecord:
        person, _, matter = name.partition(_BETWEEN)
        at = dt.datetime.fromtimestamp(self._at[row], JAPAN)
        return ContactRecord(person, matter, at, *self._said[row], self._remarks[row])
