"""Reading words: a matter's messages, an adviser's drafts."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from madoguchi.correspondence.models.words import Draft, Kind, Message, Receipt
from madoguchi.correspondence.places import draft_address_place, draft_place, words_place
from madoguchi.matters.models import Matter
from madoguchi.rules.access import Actor
from madoguchi.vault.codes import proves
from madoguchi.vault.keys import keyed_hash
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Opened:
    """A message with its words; `words` is None where they were erased."""

    id: UUID
    kind: Kind
    at: dt.datetime
    author: str | None
    words: str | None
    read_at: dt.datetime | None
    shown_at: dt.datetime | None = None


@dataclass(frozen=True)
class OpenedDraft:
    """A draft with its words so far."""

    id: UUID
    matter: UUID | None
    number: str | None
    kind: Kind
    started_at: dt.datetime
    saved_at: dt.datetime
    words: str
    choices: dict[str, list[str]]
    address: str = ""


def out_by(at: dt.datetime) -> Q:
    """Return the condition of what the person can see by `at` (rules.replies.is_out)."""
    return Q(shown_at=None) | Q(shown_at__lte=at)


def messages_in(
    matter: Matter, *kinds: Kind, safe: Safe | None = None, shown_by: dt.datetime | None = None
) -> list[Opened]:
    """Return the matter's messages of `kinds` (all, where none is said), oldest first.

    `shown_by`: only what the person can see by then. The caller has made sure that the reader
    may see this matter.
    """
    rows = Message.objects.filter(matter=matter).select_related("author").order_by("at", "id")
    if shown_by is not None:
        rows = rows.filter(out_by(shown_by))
    safe = safe or Safe(matter.desk_id)
    return [
        Opened(
            id=row.pk,
            kind=Kind(row.kind),
            at=row.at,
            author=row.author.name if row.author else None,
            words=safe.open(row.words, holder=matter.pk, place=words_place(row.pk)),
            read_at=row.read_at,
            shown_at=row.shown_at,
        )
        for row in (rows.filter(kind__in=kinds) if kinds else rows)
    ]


def has_unread(matter: UUID) -> bool:
    """Tell whether the person wrote something that nobody of the desk has opened."""
    new = Message.objects.filter(matter=matter, kind=Kind.FROM_PERSON, read_at=None)
    return new.exists()


def is_there(message: UUID) -> bool:
    """Tell whether a message still stands: it was neither erased nor taken back."""
    return Message.objects.filter(pk=message).exists()


def drafts_of(actor: Actor) -> list[OpenedDraft]:
    """Return what `actor` has begun to write and not yet recorded, newest first."""
    own = Draft.objects.filter(author=actor.user, desk=actor.desk).select_related("matter")
    rows = list(own.order_by("-saved_at"))
    safe = Safe(actor.desk)
    safe.fetch(row.pk for row in rows)
    return [_opened(row, safe) for row in rows]


@dataclass(frozen=True)
class Busy:
    """Somebody on the telephone: a call note of theirs is open. What it says is nobody else's."""

    who: UUID
    name: str
    since: dt.datetime


# After so long, a note begun is no longer a call that goes on.
LONGEST_CALL = dt.timedelta(hours=3)


def on_the_telephone(desk: UUID, now: dt.datetime) -> list[Busy]:
    """Return who at `desk` writes a call note just now, each once, the longest call first."""
    rows = Draft.objects.filter(
        desk=desk, kind=Kind.NOTE, started_at__gt=now - LONGEST_CALL, author__is_active=True
    )
    told = rows.order_by("started_at").values_list("author", "author__name", "started_at")
    calls = {who: Busy(who, name, since) for who, name, since in told}
    return sorted(calls.values(), key=lambda it: it.since)


def draft_of(actor: Actor, draft: UUID) -> OpenedDraft | None:
    """Return a draft of `actor`'s own; None where it is somebody else's, or gone."""
    own = Draft.objects.filter(author=actor.user, desk=actor.desk).select_related("matter")
    row = own.filter(pk=draft).first()
    return _opened(row, Safe(actor.desk)) if row else None


def _opened(row: Draft, safe: Safe) -> OpenedDraft:
    return OpenedDraft(
        id=row.pk,
        matter=row.matter_id,
        number=row.matter.number if row.matter else None,
        kind=Kind(row.kind),
        started_at=row.started_at,
        saved_at=row.saved_at,
        words=safe.open(row.words, holder=row.pk, place=draft_place(row.pk)) or "",
        choices=row.choices,
        address=safe.open(row.address, holder=row.pk, place=draft_address_place(row.pk)) or "",
    )


def receipt_made_at(matter: UUID) -> dt.datetime | None:
    """Return when the matter's receipt code was made; None where it has none."""
    return Receipt.objects.filter(matter=matter).values_list("made_at", flat=True).first()


def matter_of_code(code: str) -> Matter | None:
    """Return the matter whose receipt `code` opens; None, after the same time, for any other."""
    receipt = (
        Receipt.objects.select_related("matter").filter(lookup=keyed_hash("receipt", code)).first()
    )
    sound = proves(code, receipt.check_hash if receipt else None)
    return receipt.matter if receipt and sound else None
