"""A hand-over comes: it waits sealed by itself until it is taken up or sent back."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from madoguchi.consultations.models import UNKNOWN, Consultation
from madoguchi.consultations.operations.noting import check_codes
from madoguchi.consultations.operations.receiving import (
    Letter,
    add_contact,
    open_consultation,
    set_marks,
)
from madoguchi.correspondence.models import Attachment, Kind, Message, Origin
from madoguchi.correspondence.operations.files import With, attach, made_ready, take_from_tray
from madoguchi.correspondence.operations.words import make_receipt, record_message
from madoguchi.correspondence.scanning import Scanner
from madoguchi.desks.queries import books_on
from madoguchi.jobs.operations import put
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.matters.operations.timing import promise_reply
from madoguchi.referrals.models import Arrival
from madoguchi.referrals.packing import UnreadablePacketError, bags, contents
from madoguchi.referrals.packing.contents import Content
from madoguchi.referrals.packing.telling import day_and_clock
from madoguchi.referrals.places import arrival_place
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.codebooks import Table
from madoguchi.rules.deadlines import Named
from madoguchi.rules.files import Given
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.referral import LIFECYCLE, Status, Step
from madoguchi.rules.triage import Urgency
from madoguchi.vault import contents as kept_contents
from madoguchi.vault import sealing
from madoguchi.vault.codes import new_code
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Sender:
    """Who hands over: a desk of this installation, or one we know elsewhere."""

    name: str
    desk: UUID | None = None
    peer: UUID | None = None


# -- it comes ---------------------------------------------------------------------------


def land(*, desk: UUID, bag: bytes, sender: Sender, scan: Scanner, at: dt.datetime) -> Arrival:
    """Take in a packet; the same one again is the same arrival.

    Raises `UnreadablePacketError`; refused where the same id comes with other contents, or
    from somebody else.
    """
    payload = bags.unpacked(bag)
    text = payload.get(contents.NAME, b"")
    content, digest = contents.read(text), hashlib.sha256(text).hexdigest()
    given = _given(content, payload)
    handover = UUID(content["id"])
    if (known := _known(desk, handover, sender, digest)) is not None:
        return known
    with made_ready(given, scan) as ready, transaction.atomic():
        if (known := _known(desk, handover, sender, digest)) is not None:
            raise RefusedError("arrived-meanwhile")  # and what was made ready is forgotten
        row = _landed(desk, sender, content, digest, at)
        beside = With(message=None, origin=Origin.PERSON, at=at)
        files = attach(ready, beside, desk=desk, matter=None)
        row.files = [str(file.pk) for file in files]
        seal(row, "content", content, holder=row.pk)
        row.save(force_insert=True)
        detail: dict[str, str | int] = {"arrival": str(row.pk), "files": len(files)}
        record(Deed.HANDOVER_ARRIVED, desk=desk, at=at, detail=detail)
        return row


def _given(content: Content, payload: dict[str, bytes]) -> list[Given]:
    """Return the files that are listed, each just as it was listed."""
    given = []
    for file in content.get("files", ()):
        found = payload.get(file["path"])
        if found is None or hashlib.sha256(found).hexdigest() != file["sha256"]:
            raise UnreadablePacketError("a file is not what was listed")
        given.append(Given(name=file["name"], content=found))
    return given


def _known(desk: UUID, handover: UUID, sender: Sender, digest: str) -> Arrival | None:
    row = Arrival.objects.filter(desk=desk, handover=handover).first()
    if row is None:
        return None
    if (row.from_desk_id, row.peer_id, row.digest) != (sender.desk, sender.peer, digest):
        raise RefusedError("other-content")
    return row


def _landed(desk: UUID, sender: Sender, content: Content, digest: str, at: dt.datetime) -> Arrival:
    return Arrival(
        id=new_id(),
        desk_id=desk,
        handover=UUID(content["id"]),
        from_desk_id=sender.desk,
        peer_id=sender.peer,
        from_name=sender.name,
        digest=digest,
        urgency=Urgency[content["urgency"]],
        arrived_at=at,
        status=Status.SENT,
    )


def seal(row: Arrival, field: str, told: Any, *, holder: UUID) -> None:
    """Seal what is told in a field of the arrival, unsaved."""
    text = json.dumps(told, ensure_ascii=False)
    sealed = Safe(row.desk_id).seal(text, holder=holder, place=arrival_place(row.pk, field))
    setattr(row, field, sealed)


def unsealed(row: Arrival, field: str) -> Any:
    """Return what was told in a field of the arrival; None where nothing was."""
    holder, place = row.matter_id or row.pk, arrival_place(row.pk, field)
    text = Safe(row.desk_id).open(getattr(row, field), holder=holder, place=place)
    return json.loads(text) if text else None


# -- what becomes of it ---------------------------------------------------------------------


def _locked(arrival: UUID, actor: Actor, step: Step) -> Arrival:
    rows = Arrival.objects.select_for_update(of=("self",)).filter(desk=actor.desk)
    row = rows.filter(pk=arrival).first()
    if row is None:
        raise RefusedError("handover-gone")
    check_may_work_on(actor, row.desk_id)
    row.status = LIFECYCLE.after(Status(row.status), step)
    return row


def accept(*, arrival: UUID, actor: Actor, channel: str, at: dt.datetime) -> Consultation:
    """Take up a hand-over (引き継ぎを受ける): a new consultation with its own number and key.

    It counts as one contact by `channel`, received when it arrived. The person's code for
    it goes back to where she came from, sealed.
    """
    with transaction.atomic():
        row = _locked(arrival, actor, Step.ACCEPT_HANDOVER)
        day = in_japan(row.arrived_at).date()
        check_codes(row.desk_id, day, {Table.CHANNEL: {channel}})
        content: Content = unsealed(row, "content")
        consultation = _opened(row, content, channel)
        _with_words(row, consultation, content, actor, channel)
        code = new_code()
        make_receipt(matter=consultation.pk, code=code, at=at)
        promise_reply(matter=consultation.matter, came=row.arrived_at, name=Named.FIRST_REPLY)
        row.matter = consultation.matter
        seal(row, "content", content, holder=consultation.pk)
        sealing.erase(row.pk)
        say(row, {"status": Status.ACCEPTED, "code": code}, actor, at)
        detail = {"arrival": str(row.pk), "channel": channel}
        record(
            Step.ACCEPT_HANDOVER,
            desk=row.desk_id,
            matter=consultation.pk,
            actor=actor.user,
            at=at,
            detail=detail,
        )
        return consultation


def _opened(row: Arrival, content: Content, channel: str) -> Consultation:
    facts = content.get("particulars", {})
    books = books_on(row.desk_id, in_japan(row.arrived_at).date())

    def known(table: Table, code: dict[str, str] | None) -> str:
        is_ours = code and table in books and books[table].label_of(code["key"])
        return code["key"] if code and is_ours else UNKNOWN

    told = {**facts, **content.get("reach", {}), "nickname": content.get("name", "")}
    letter = Letter(
        words=_story(content) or _notes(content) or content["reason"],
        channel=channel,
        particulars=Particulars.of_mapping(told),
        age_group=known(Table.AGE_GROUP, facts.get("age_group")),
        standing=known(Table.STANDING, facts.get("standing")),
    )
    consultation = open_consultation(desk=row.desk_id, letter=letter, at=row.arrived_at)
    kinds = {known(Table.INFRINGEMENT_KIND, kind) for kind in facts.get("kinds", ())}
    set_marks(consultation, frozenset(kinds - {UNKNOWN}))
    consultation.urgency = row.urgency
    consultation.safety_check_due = row.urgency == Urgency.DANGER
    if consultation.safety_check_due:
        consultation.alarmed_at = row.arrived_at
    consultation.save(update_fields=["urgency", "safety_check_due", "alarmed_at"])
    return consultation


def _story(content: Content) -> str:
    return _joined(content.get("story", ()))


def _notes(content: Content) -> str:
    return _joined(content.get("notes", ()))


def _joined(messages: Sequence[dict[str, str]]) -> str:
    """Return messages as one text; the day of each, where there are several."""
    if len(messages) == 1:
        return messages[0]["words"]
    return "\n\n".join(f"（{day_and_clock(it['at'])}）\n{it['words']}" for it in messages)


def _with_words(
    row: Arrival, consultation: Consultation, content: Content, actor: Actor, channel: str
) -> None:
    """Keep the person's words as hers, notes as notes; count the one contact."""
    matter, at = consultation.matter, row.arrived_at
    story, notes = _story(content), _notes(content)
    message: Message | None = None
    if notes:
        message = record_message(matter=matter, kind=Kind.NOTE, words=notes, at=at)
    if story or row.files or not notes:
        message = record_message(matter=matter, kind=Kind.FROM_PERSON, words=story, at=at)
    assert message
    if row.files:
        take_from_tray(actor=actor, scans=[UUID(it) for it in row.files], message=message)
    add_contact(consultation=consultation, channel=channel, message=message, at=at)


def return_(*, arrival: UUID, actor: Actor, words: str, at: dt.datetime) -> None:
    """Send a hand-over back (引き継ぎを戻す), saying why: nothing of it stays with us."""
    with transaction.atomic():
        row = _locked(arrival, actor, Step.RETURN_HANDOVER)
        _forget(row)
        say(row, {"status": Status.RETURNED, "words": words}, actor, at)
        detail = {"arrival": str(row.pk)}
        record(Step.RETURN_HANDOVER, desk=row.desk_id, actor=actor.user, at=at, detail=detail)


def answer(*, matter: UUID, actor: Actor, words: str, at: dt.datetime) -> None:
    """Tell the sender what came of it (引き継ぎに答える)."""
    with transaction.atomic():
        lock(matter)
        found = Arrival.objects.filter(matter=matter).values_list("pk", flat=True).first()
        if found is None:
            raise RefusedError("handover-gone")
        row = _locked(found, actor, Step.ANSWER_HANDOVER)
        say(row, {"status": Status.ANSWERED, "words": words}, actor, at)
        record(
            Step.ANSWER_HANDOVER,
            desk=row.desk_id,
            matter=matter,
            actor=actor.user,
            at=at,
            detail={"arrival": str(row.pk)},
        )


def say(row: Arrival, saying: dict[str, str], actor: Actor, at: dt.datetime) -> None:
    """Keep what the sender is to hear, save, and put down the job that tells it."""
    assert connection.in_atomic_block
    before = unsealed(row, "said") or []
    seal(row, "said", [*before, {**saying, "at": at.isoformat()}], holder=row.matter_id or row.pk)
    row.decided_at, row.decided_by_id = at, actor.user
    row.save()
    said = {"arrival": str(row.pk), "status": saying["status"]}
    put(name="referrals.tell", key=f"tell {row.pk} {saying['status']}", at=at, args=said)


def take_back(*, desk: UUID, handover: UUID, sender: Sender, at: dt.datetime) -> None:
    """Let the sender have a hand-over back that nobody has taken up; refused afterwards.

    Taken back already, or never come: it is as it should be.
    """
    with transaction.atomic():
        rows = Arrival.objects.select_for_update(of=("self",)).filter(
            desk=desk, handover=handover, from_desk=sender.desk, peer=sender.peer
        )
        row = rows.first()
        if row is None or row.status == Status.WITHDRAWN:
            return
        if row.status != Status.SENT:
            raise RefusedError("handover-taken")
        row.status = LIFECYCLE.after(Status(row.status), Step.WITHDRAW_HANDOVER)
        _forget(row)
        sealing.erase(row.pk)
        row.decided_at = at
        row.save()
        detail = {"arrival": str(row.pk)}
        record(Step.WITHDRAW_HANDOVER, desk=desk, at=at, detail=detail)


def _forget(row: Arrival) -> None:
    """Throw away, unsaved, what came: words, files and their keys."""
    files = list(Attachment.objects.filter(pk__in=row.files, matter=None, desk=row.desk_id))
    gone = [address for file in files for address in file.contents]
    for file in files:
        sealing.erase(file.pk)
        file.delete()
    row.content, row.files = b"", []
    transaction.on_commit(lambda: kept_contents.forget(gone))
