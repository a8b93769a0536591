"""What the desk's pages show, put together from the storeys below."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.queries import Load
from madoguchi.consultations.queries.linking import counted_contacts_of
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.queries.files import (
    OpenedFile,
    OpenedPosting,
    by_message,
    files_in,
    postings_in,
)
from madoguchi.correspondence.queries.mail import Posted, posted_in
from madoguchi.correspondence.queries.words import Opened, OpenedDraft, messages_in
from madoguchi.desks.queries import books_of
from madoguchi.directory.windows import all_windows
from madoguchi.rules.access import Actor
from madoguchi.rules.calendar import Month, era_year, in_japan
from madoguchi.rules.codebooks import CodeBook, Table
from madoguchi.rules.consultation import LIFECYCLE, Facts, Status, Step, may_step
from madoguchi.rules.counting import Basis, ContactFact, count
from madoguchi.rules.periods import month
from madoguchi.rules.replies import is_out
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class ContactLine:
    """One contact (受付) as the page shows it. `action` is None until an adviser says."""

    id: UUID
    at: dt.datetime
    channel: str
    action: str | None
    action_word: str
    minutes: int | None
    referred_to: tuple[str, ...]
    consented_at: dt.datetime | None = None
    explained: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """One entry of what has happened: words, a contact, or both."""

    at: dt.datetime
    kind: str  # a `Kind`, or CONTACT for one without words
    is_first: bool
    message: Opened | None
    contact: ContactLine | None
    files: Sequence[OpenedFile] = ()
    posting: OpenedPosting | None = None
    mail: Posted | None = None


@dataclass(frozen=True)
class MonthLine:
    """What this matter counts in one month."""

    label: str
    new: int
    case_months: int
    contacts: int


class Labels:
    """The labels of a desk's code books, also of those no longer in force."""

    def __init__(self, desk: UUID) -> None:
        """Fetch the books of `desk`."""
        self.books: tuple[CodeBook, ...] = books_of(desk)

    def say(self, table: Table, key: str | None) -> str:
        """Return the newest label of `key`; the key itself where no book has it."""
        if not key:
            return ""
        books = sorted(self.books, key=lambda book: book.valid_from, reverse=True)
        labels = (book.label_of(key) for book in books if book.table is table)
        return next((label for label in labels if label), key)


def contact_lines(rows: Iterable[Contact], labels: Labels) -> list[ContactLine]:
    """Return contacts with the words of their codes."""
    return [
        ContactLine(
            id=row.pk,
            at=row.at,
            channel=labels.say(Table.CHANNEL, row.channel),
            action=row.action,
            action_word=labels.say(Table.ACTION_TAKEN, row.action),
            minutes=row.minutes,
            referred_to=tuple(_window_name(it) for it in row.referred_to),
            consented_at=row.consented_at,
            explained=tuple(row.explained),
        )
        for row in rows
    ]


def _window_name(window: str) -> str:
    """Return a window's name; its id where an older edition had it."""
    known = all_windows().get(window)
    return known.name.ja if known else window


def events_in(
    row: Consultation,
    rows: Sequence[Contact],
    lines: Sequence[ContactLine],
    safe: Safe | None = None,
) -> list[Event]:
    """Return what happened in a consultation, oldest first."""
    lines_of = {
        contact.message_id: line
        for contact, line in zip(rows, lines, strict=True)
        if contact.message_id
    }
    messages = messages_in(row.matter, safe=safe)
    files = by_message(files_in(row.matter))
    postings = postings_in(row.matter)
    has_replies = any(it.kind is Kind.REPLY for it in messages)
    mails = posted_in(row.pk) if has_replies else {}
    events = [
        Event(
            at=message.at,
            kind=message.kind,
            is_first=message is messages[0] and message.kind is Kind.FROM_PERSON,
            message=message,
            contact=lines_of.get(message.id),
            files=files.get(message.id, ()),
            posting=postings.get(message.id),
            mail=mails.get(message.id),
        )
        for message in messages
    ]
    events += [
        Event(at=line.at, kind="CONTACT", is_first=False, message=None, contact=line)
        for contact, line in zip(rows, lines, strict=True)
        if not contact.message_id
    ]
    return sorted(events, key=lambda event: event.at)


def leaving(events: Iterable[Event], now: dt.datetime) -> dict[UUID, Event]:
    """Return the replies that the person cannot see yet, by id: they can be taken back."""
    return {
        event.message.id: event
        for event in events
        if event.message and not is_out(event.message.shown_at, now)
    }


def _fact_of(row: Consultation, contact: Contact, first_at: dt.datetime) -> ContactFact:
    return ContactFact(
        person=row.help_seeker_id,
        matter=row.counted_with_id or row.pk,
        at=contact.at,
        first_at=first_at,
        channel=contact.channel,
        action=contact.action,
        age_group=row.age_group,
        standing=row.standing,
        kinds=frozenset(),
    )


def months_of(row: Consultation, own: Sequence[Contact] | None = None) -> list[MonthLine]:
    """Return what it counts with all that is linked to it, month by month, the latest first.

    `own`: the contacts of `row`, where they are known.
    """
    if own is None or row.counted_with_id:
        rows = list(counted_contacts_of(row))
    else:
        rows = [it for it in own if it.duplicated_by_id is None]
    facts = [_fact_of(row, contact, rows[0].at) for contact in rows]
    lines = []
    for touched in sorted({Month.of(fact.at) for fact in facts}, reverse=True):
        period = month(touched.year, touched.month)
        counted = count(facts, period=period, basis=Basis.CASE_MONTH, books=())
        lines.append(
            MonthLine(
                label=f"{era_year(period.first)}{touched.month}月",
                new=counted.new,
                case_months=counted.case_months,
                contacts=counted.contacts,
            )
        )
    return lines


@dataclass(frozen=True)
class Steps:
    """What this actor may do next: the buttons."""

    take_charge: bool
    assign: bool
    reply: bool
    close: bool
    reopen: bool
    unclassified: int


def steps_of(actor: Actor, row: Consultation, contacts: Iterable[Contact]) -> Steps:
    """Return which buttons `actor` sees; `contacts`: all of `row`.

    終結 is shown while contacts are unclassified, too.
    """
    settled = Facts(desk=row.desk_id, status=Status(row.status), adviser=row.adviser_id)
    unclassified = sum(it.action is None and it.duplicated_by_id is None for it in contacts)
    facts = replace(settled, unclassified=unclassified)
    possible = LIFECYCLE.steps_from(facts.status)
    return Steps(
        # A closed matter comes back as 未着手 with its adviser: theirs to take up again.
        take_charge=may_step(actor, Step.TAKE_CHARGE, facts)
        and (row.adviser_id != actor.user or facts.status is Status.RECEIVED),
        assign=may_step(actor, Step.ASSIGN, facts),
        reply=Step.REPLY in possible,
        close=may_step(actor, Step.CLOSE, settled),
        reopen=may_step(actor, Step.REOPEN, facts),
        unclassified=facts.unclassified,
    )


@dataclass(frozen=True)
class Danger:
    """How many matters of `listed` wait for a safety check, and whose they are (MINE…)."""

    number: int
    listed: str
    whose: str


def dangers_beside(load: Load, chosen: str) -> list[Danger]:
    """Return the danger that the list `chosen` does not show."""
    dangers = [
        Danger(load.mine_unsafe, "mine", "MINE"),
        Danger(load.unassigned_unsafe, "unassigned", "NOBODYS"),
        Danger(load.others_unsafe, "all", "OTHERS"),
    ]
    return [it for it in dangers if it.number and chosen not in (it.listed, "all")]


def begun(drafts: Iterable[OpenedDraft]) -> list[OpenedDraft]:
    """Return those of `drafts` that hold something, and the calls that go on."""
    return [draft for draft in drafts if draft.words.strip() or draft.kind is Kind.NOTE]


def day_and_time(at: dt.datetime) -> str:
    """Write an instant in a sentence: 11月20日15時48分."""
    there = in_japan(at)
    return f"{there.month}月{there.day}日{there.hour}時{there.minute:02}分"
