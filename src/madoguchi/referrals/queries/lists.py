"""Hand-overs as the desk's pages and the person's page show them."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.consultations.models import Consultation
from madoguchi.desks.models import Desk
from madoguchi.desks.queries import all_desks
from madoguchi.directory.windows import all_windows
from madoguchi.referrals.models import Arrival, DeskKeys, Peer, Referral
from madoguchi.referrals.packing.contents import Content
from madoguchi.referrals.packing.telling import Section, told
from madoguchi.referrals.places import arrival_place, referral_place
from madoguchi.referrals.queries.contents import content_of
from madoguchi.rules.access import Actor, check_may_work_on, passes
from madoguchi.rules.referral import (
    OPEN,
    Facts,
    Item,
    Status,
    Step,
    Way,
    steps_for,
)
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class OpenedReferral:
    """A hand-over of ours with its words; None where they were erased."""

    row: Referral
    reason: str | None
    answer: str | None
    passphrase: str | None
    content: Content | None  # what went; None before
    steps: list[Step]

    @property
    def sections(self) -> list[Section]:
        """What went, for people's eyes."""
        return told(self.content) if self.content else []


@dataclass(frozen=True)
class OpenedArrival:
    """A hand-over that came; `content` is None where it went back, or was erased."""

    row: Arrival
    content: Content | None

    @property
    def sections(self) -> list[Section]:
        """What came, for people's eyes."""
        return told(self.content) if self.content else []


def facts_of(row: Referral) -> Facts:
    """Return what the rules need to know of `row`."""
    has_said = row.consented_at is not None or row.refused_at is not None
    return Facts(
        desk=row.desk_id,
        status=Status(row.status),
        way=Way(row.way),
        asked=frozenset(Item(item) for item in row.asked),
        agreed=frozenset(Item(item) for item in row.agreed) if has_said else None,
    )


def referrals_of(actor: Actor) -> QuerySet[Referral]:
    """Return the hand-overs of the actor's desk, the latest first."""
    if not passes(check_may_work_on, actor, actor.desk):
        return Referral.objects.none()
    rows = Referral.objects.filter(desk=actor.desk).select_related("matter", "desk", "deadline")
    return rows.order_by("-prepared_at")


def arrivals_of(actor: Actor) -> QuerySet[Arrival]:
    """Return what came to the actor's desk: danger first, then who waits longest."""
    if not passes(check_may_work_on, actor, actor.desk):
        return Arrival.objects.none()
    rows = Arrival.objects.filter(desk=actor.desk).select_related("matter", "decided_by")
    return rows.order_by("urgency", "arrived_at")


def waiting_arrivals(actor: Actor) -> QuerySet[Arrival]:
    """Return the hand-overs that came and that nobody has taken up or returned."""
    return arrivals_of(actor).filter(status=Status.SENT)


def open_of(actor: Actor) -> QuerySet[Referral]:
    """Return the hand-overs of which something is still to be done, or heard."""
    return referrals_of(actor).filter(status__in=OPEN)


def opened(row: Referral) -> OpenedReferral:
    """Return a hand-over with its words. The caller has asked who reads."""
    safe = Safe(row.desk_id)

    def words(field: str) -> str | None:
        place = referral_place(row.pk, field)
        return safe.open(getattr(row, field), holder=row.matter_id, place=place)

    snapshot = words("snapshot")
    return OpenedReferral(
        row=row,
        reason=words("reason"),
        answer=words("answer"),
        passphrase=words("passphrase"),
        content=json.loads(snapshot) if snapshot else None,
        steps=steps_for(facts_of(row)),
    )


def foretold(row: Referral, at: dt.datetime) -> list[Section]:
    """Return what would go now: of what the person agreed to, or else of what she is asked."""
    items = row.agreed if row.consented_at else row.asked
    return told(content_of(row, [Item(item) for item in items], at))


def referral_of(actor: Actor, referral: UUID) -> Referral | None:
    """Return one hand-over of the actor's desk; None for any other."""
    return referrals_of(actor).filter(pk=referral).first()


def referrals_in(actor: Actor, matter: UUID) -> list[Referral]:
    """Return the hand-overs of a matter, the latest first."""
    return list(referrals_of(actor).filter(matter=matter))


def arrival_of(actor: Actor, arrival: UUID) -> Arrival | None:
    """Return one hand-over that came to the actor's desk; None for any other."""
    return arrivals_of(actor).filter(pk=arrival).first()


def opened_arrival(row: Arrival) -> OpenedArrival:
    """Return what came. The caller has asked who reads."""
    text = Safe(row.desk_id).open(
        row.content, holder=row.matter_id or row.pk, place=arrival_place(row.pk, "content")
    )
    return OpenedArrival(row=row, content=json.loads(text) if text else None)


def arrival_in(actor: Actor, matter: UUID) -> OpenedArrival | None:
    """Return what came with a matter that was handed to the actor's desk; None for any other."""
    row = arrivals_of(actor).filter(matter=matter).first()
    return opened_arrival(row) if row else None


# -- the person's own page ------------------------------------------------------------


@dataclass(frozen=True)
class OwnReferral:
    """A hand-over as the person sees it."""

    row: Referral
    reason: str
    items: list[Item]
    has_entrance: bool

    @property
    def is_asked(self) -> bool:
        """Whether she is asked, and has not said."""
        row = self.row
        return row.status == Status.PREPARED and not (row.consented_at or row.refused_at)

    @property
    def may_stop(self) -> bool:
        """Whether she can still call it back."""
        return self.row.status in (Status.PREPARED, Status.SENT) and bool(self.row.consented_at)

    @property
    def is_carried(self) -> bool:
        """Whether she carries it herself, and may have it now."""
        row = self.row
        return row.way == Way.PERSON and bool(row.agreed) and row.status != Status.WITHDRAWN


def own_referrals(matter: UUID) -> list[OwnReferral]:
    """Return the hand-overs of which the person knows: asked, or agreed to by word of mouth.

    The caller has made sure that `matter` is her own.
    """
    rows = Referral.objects.filter(matter=matter).select_related("matter", "desk")
    known = rows.exclude(asked_at=None, consented_at=None).order_by("-prepared_at")
    return [own(row) for row in known]


def own(row: Referral) -> OwnReferral:
    """Return one hand-over as the person sees it."""
    place = referral_place(row.pk, "reason")
    reason = Safe(row.desk_id).open(row.reason, holder=row.matter_id, place=place)
    shown = row.agreed if row.consented_at else row.asked
    return OwnReferral(
        row=row,
        reason=reason or "",
        items=[Item(item) for item in shown],
        has_entrance=bool(row.entrance),
    )


def own_referral(matter: UUID, referral: UUID) -> OwnReferral | None:
    """Return one hand-over of the person's own matter; None for any other."""
    return next((it for it in own_referrals(matter) if it.row.pk == referral), None)


# -- to whom ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Receiver:
    """To whom one may hand over: `key` is what a form says (`desk:<id>`, `file:moj`)."""

    key: str
    way: Way
    name: str
    window: str = ""
    desk: Desk | None = None
    peer: Peer | None = None


def receivers_for(actor: Actor) -> list[Receiver]:
    """Return all to whom the actor's desk may hand over, desks and peers first."""
    desks = [
        Receiver(f"desk:{desk.pk}", Way.DESK, desk.name, desk=desk)
        for desk in all_desks()
        if desk.pk != actor.desk
    ]
    peers = [
        Receiver(
            f"peer:{peer.pk}",
            Way.PEER if peer.address else Way.FILE,
            peer.name,
            window=peer.window,
            peer=peer,
        )
        for peer in peers_of(actor.desk)
    ]
    windows = [(it.id, it.name.ja) for it in all_windows().values() if it.id != "own"]
    files = [Receiver(f"file:{key}", Way.FILE, name, window=key) for key, name in windows]
    carried = [Receiver(f"person:{key}", Way.PERSON, name, window=key) for key, name in windows]
    return [*desks, *peers, *files, *carried]


def keys_of(desk: Desk | None) -> DeskKeys | None:
    """Return the keys by which other installations know `desk`; None where it has none."""
    return DeskKeys.objects.filter(desk=desk).first()


def peer_signing_as(desk: Desk | None, key: str) -> Peer | None:
    """Return the desk elsewhere that `desk` knows by its public `key`."""
    return Peer.objects.filter(desk=desk, verify_key=key, removed_at=None).first()


def peers_of(desk: UUID) -> QuerySet[Peer]:
    """Return the desks elsewhere that `desk` knows."""
    return Peer.objects.filter(desk=desk, removed_at=None).order_by("name")


def card_of(desk: Desk, address: str) -> dict[str, Any] | None:
    """Return the card (接続票) by which others come to know `desk`; None before it has keys."""
    keys = DeskKeys.objects.filter(desk=desk).first()
    if keys is None:
        return None
    return {
        "format": "madoguchi.peer/1",
        "name": desk.name,
        "address": address,
        "slug": desk.slug,
        "verify_key": keys.verify_key,
        "recipient": keys.recipient,
    }


def consultation_of(row: Referral) -> Consultation:
    """Return the consultation that is handed over."""
    return Consultation.objects.select_related("matter").get(pk=row.matter_id)
