"""Mail in and out: kept, queued, sent, come back.

What comes in becomes a contact in the storey above; these run inside its transaction.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from madoguchi.correspondence.models.files import Attachment
from madoguchi.correspondence.models.mail import (
    MailAddress,
    MailIn,
    MailOut,
    MailState,
    SendState,
    Way,
)
from madoguchi.correspondence.models.words import Message
from madoguchi.correspondence.operations.files import Ready, made_ready
from madoguchi.correspondence.places import (
    address_lookup,
    answer_lookup,
    mail_address_place,
    raw_mail_place,
    thread_lookup,
    token_of,
)
from madoguchi.correspondence.scanning import Scanner
from madoguchi.jobs.operations import put
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Matter
from madoguchi.matters.operations import lock
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.files import MOST_AT_ONCE, Given
from madoguchi.rules.mail.natures import Nature
from madoguchi.rules.mail.reading import Mail
from madoguchi.rules.replies import PAUSE
from madoguchi.vault import contents, sealing
from madoguchi.vault.ids import new_id
from madoguchi.vault.keys import keyed_hash
from madoguchi.vault.sealing import Safe

# Fewer than a job is tried: a mail that does not go is said to have failed.
MOST_ATTEMPTS = 12
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class Arrival:
    """A mail that arrived: as it came, and as it was read."""

    raw: bytes
    mail: Mail
    arrived_at: dt.datetime
    is_cut: bool = False
    # Of what came with it, what an adviser can look at; the rest stays in the raw mail.
    files: tuple[Ready, ...] = ()

    @property
    def digest(self) -> str:
        """What tells this content from another's, whatever way it came."""
        body = _END_OF_HEAD.split(self.raw, maxsplit=1)[-1]
        return hashlib.sha256(body).hexdigest()


@contextmanager
def files_ready(mail: Mail, scan: Scanner) -> Iterator[tuple[Ready, ...]]:
    """Make ready what came with a person's mail; what is not attached within is forgotten.

    A kind of file that we do not take is passed over: it stays in the mail as it came.
    """
    with ExitStack() as held:
        ready: list[Ready] = []
        for came in mail.attachments[:MOST_AT_ONCE] if mail.nature is Nature.PERSON else ():
            with suppress(RefusedError):
                given = Given(name=came.name, content=came.content)
                ready += held.enter_context(made_ready([given], scan))
        yield tuple(ready)
    ids = [file.id for file in ready]
    attached = set(Attachment.objects.filter(pk__in=ids).values_list("pk", flat=True))
    for file in ready:
        if file.id not in attached:
            contents.forget([file.address, *file.previews])


def keep_mail(
    *, desk: UUID, arrival: Arrival, state: MailState, matter: UUID | None, at: dt.datetime
) -> MailIn | None:
    """Keep a mail sealed whole; None where the same one is kept already."""
    assert connection.in_atomic_block
    mail, row = arrival.mail, new_id()
    fingerprint = keyed_hash("mail in", str(desk), mail.message_id, arrival.digest)
    if MailIn.objects.filter(desk=desk, fingerprint=fingerprint).exists():
        return None
    return MailIn.objects.create(
        id=row,
        desk_id=desk,
        fingerprint=fingerprint,
        lookup=thread_lookup(desk, mail.message_id) if mail.message_id else "",
        sender_lookup=address_lookup(desk, mail.sender) if mail.sender else "",
        state=state,
        arrived_at=arrival.arrived_at,
        taken_at=at,
        matter_id=matter,
        raw=_sealed(desk, matter or row, row, arrival.raw),
        size=len(arrival.raw),
        attachments=len(mail.attachments),
        is_cut=arrival.is_cut,
    )


def _sealed(desk: UUID, holder: UUID, row: UUID, raw: bytes) -> bytes:
    # Latin-1 gives every byte a letter: mail is all but ASCII and stays its size.
    return Safe(desk).seal(raw.decode("latin-1"), holder=holder, place=raw_mail_place(row))


def give_to_matter(
    *, mail: MailIn, matter: UUID, message: Message | None, state: MailState, raw: bytes
) -> None:
    """Let a mail belong to a matter: from now on it is sealed, and erased, with it."""
    assert connection.in_atomic_block
    if mail.matter_id != matter:
        mail.raw = _sealed(mail.desk_id, matter, mail.pk, raw)
        sealing.erase(mail.pk)
    mail.matter_id, mail.message, mail.state = matter, message, state
    mail.save(update_fields=["matter", "message", "state", "raw"])


def know_address(*, matter: Matter, address: str, way: Way, at: dt.datetime) -> MailAddress:
    """Keep a person's address with their matter, once."""
    assert connection.in_atomic_block
    lookup = address_lookup(matter.desk_id, address)
    known = MailAddress.objects.filter(matter=matter, lookup=lookup).first()
    if known:
        return known
    row = new_id()
    sealed = Safe(matter.desk_id).seal(address, holder=matter.pk, place=mail_address_place(row))
    return MailAddress.objects.create(
        id=row,
        desk_id=matter.desk_id,
        matter=matter,
        address=sealed,
        lookup=lookup,
        way=way,
        known_at=at,
    )


def queue_mail(
    *, matter: Matter, message: Message, way: Way, author: UUID, at: dt.datetime
) -> MailOut:
    """Let a reply go out by mail, or a notice of it, after a short pause."""
    assert connection.in_atomic_block
    agreed = MailAddress.objects.filter(matter=matter, way=way)
    to = agreed.order_by("-known_at", "-id").first()
    if to is None:
        raise RefusedError("no-mail-address")
    row = new_id()
    due = at + PAUSE
    mail = MailOut.objects.create(
        id=row,
        desk_id=matter.desk_id,
        matter=matter,
        message=message,
        to=to,
        author_id=author,
        way=way,
        token=answer_lookup(token_of(row)),
        queued_at=at,
        due_at=due,
    )
    put(name="mail.send", key=f"mail.send {row}", at=due, args={"mail": str(row)})
    return mail


def cancel_mail(*, mail: UUID, actor: Actor, at: dt.datetime) -> None:
    """Keep a mail from going out (取りやめる); the reply stays on the person's page."""
    with transaction.atomic():
        row = _locked(mail)
        check_may_work_on(actor, row.desk_id)
        if row.state != SendState.QUEUED:
            raise RefusedError("mail-gone")
        _settle(row, SendState.CANCELLED, at=at)
        record(Deed.MAIL_CANCELLED, desk=row.desk_id, matter=row.matter_id, actor=actor.user, at=at)


def send_again(*, mail: UUID, actor: Actor, at: dt.datetime) -> None:
    """Try once more a mail that could not be sent."""
    with transaction.atomic():
        row = _locked(mail)
        check_may_work_on(actor, row.desk_id)
        if row.state != SendState.FAILED:
            raise RefusedError("mail-gone")
        queue_mail(
            matter=row.matter, message=row.message, way=Way(row.way), author=actor.user, at=at
        )
        _settle(row, SendState.CANCELLED, at=at)
        record(Deed.MAIL_AGAIN, desk=row.desk_id, matter=row.matter_id, actor=actor.user, at=at)


def note_seen(*, mail: UUID, actor: Actor, at: dt.datetime) -> None:
    """Note that `actor` knows that a mail did not arrive, and sees to it."""
    with transaction.atomic():
        row = _locked(mail)
        check_may_work_on(actor, row.desk_id)
        if row.state not in (SendState.BOUNCED, SendState.FAILED) or row.seen_at:
            raise RefusedError("mail-gone")
        row.seen_at = at
        row.save(update_fields=["seen_at"])
        record(Deed.MAIL_SEEN, desk=row.desk_id, matter=row.matter_id, actor=actor.user, at=at)


def note_sent(*, mail: UUID, at: dt.datetime) -> None:
    """Write down that a mail was handed over."""
    with transaction.atomic():
        row = _locked(mail)
        row.state, row.sent_at, row.trouble = SendState.SENT, at, ""
        row.save(update_fields=["state", "sent_at", "trouble"])
        _record(Deed.MAIL_SENT, row, at)


def note_not_sent(*, mail: UUID, code: str, is_over: bool, at: dt.datetime) -> bool:
    """Write down that a mail did not go; return whether it is given up for good."""
    with transaction.atomic():
        row = _locked(mail)
        row.attempts += 1
        is_over = is_over or row.attempts >= MOST_ATTEMPTS
        row.trouble = code
        row.save(update_fields=["attempts", "trouble"])
        if is_over:
            _settle(row, SendState.FAILED, at=at, code=code)
            _record(Deed.MAIL_FAILED, row, at)
        return is_over


def note_bounced(*, mail: MailOut, code: str, at: dt.datetime) -> None:
    """Write down that a mail came back (不着), inside the caller's transaction."""
    assert connection.in_atomic_block
    row = _locked(mail.pk)
    if row.state == SendState.BOUNCED:
        return
    _settle(row, SendState.BOUNCED, at=at, code=code)
    MailAddress.objects.filter(pk=row.to_id).update(bounced_at=at)
    _record(Deed.MAIL_BOUNCED, row, at)


def _record(deed: Deed, row: MailOut, at: dt.datetime) -> None:
    record(deed, desk=row.desk_id, matter=row.matter_id, at=at, detail={"way": row.way})


def _locked(mail: UUID) -> MailOut:
    """Lock the matter of a mail, then the mail."""
    lock(MailOut.objects.values_list("matter", flat=True).get(pk=mail))
    rows = MailOut.objects.select_related("matter", "message")
    return rows.select_for_update(of=("self",)).get(pk=mail)


def _settle(row: MailOut, state: SendState, *, at: dt.datetime, code: str = "") -> None:
    row.state, row.settled_at, row.trouble = state, at, code
    row.save(update_fields=["state", "settled_at", "trouble"])
