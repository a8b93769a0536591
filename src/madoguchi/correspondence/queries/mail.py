"""Reading mail: what came, what went, whom it may go to."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.correspondence.models.mail import (
    MailAddress,
    Mailbox,
    MailIn,
    MailOut,
    MailState,
    SendState,
    Way,
)
from madoguchi.correspondence.places import (
    address_lookup,
    answer_lookup,
    mail_address_place,
    raw_mail_place,
    thread_lookup,
    token_of,
    words_place,
)
from madoguchi.correspondence.queries.words import receipt_made_at
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.mail.reading import Mail, read_mail
from madoguchi.rules.mail.writing import Writing, tokens_in
from madoguchi.vault.sealing import Safe

NOT_ARRIVED = (SendState.BOUNCED, SendState.FAILED)


@dataclass(frozen=True)
class Sent:
    """A mail of ours, as a matter's page shows it."""

    id: UUID
    message: UUID
    way: Way
    state: SendState
    to: str
    at: dt.datetime
    trouble: str
    number: str
    is_seen: bool

    @property
    def is_pressing(self) -> bool:
        """Whether somebody has to know: it waits, or did not arrive."""
        is_lost = self.state in NOT_ARRIVED and not self.is_seen
        return self.state is SendState.QUEUED or is_lost


@dataclass(frozen=True)
class Came:
    """A mail that came, as a list shows it."""

    id: UUID
    state: MailState
    at: dt.datetime
    sender: str
    subject: str
    number: str | None
    attachments: int
    is_cut: bool
    tells_danger: bool
    is_known_sender: bool


def mails_in(actor: Actor) -> QuerySet[MailIn]:
    """Return the mails that `actor` may open: of their own desk, for those who advise."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return MailIn.objects.none()
    return MailIn.objects.filter(desk=actor.desk).select_related("matter")


def mails_out(actor: Actor) -> QuerySet[MailOut]:
    """Return the mails of ours that `actor` may see."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return MailOut.objects.none()
    return MailOut.objects.filter(desk=actor.desk).select_related("matter", "to")


def not_arrived(actor: Actor) -> QuerySet[MailOut]:
    """Return our mails that did not arrive, as nobody has seen yet, the latest first."""
    return (
        mails_out(actor).filter(state__in=NOT_ARRIVED, seen_at=None).order_by("-settled_at", "-id")
    )


def set_aside(actor: Actor) -> QuerySet[MailIn]:
    """Return mail that waits for an eye (取り置き), what tells of danger first."""
    waiting = mails_in(actor).filter(state=MailState.QUARANTINED)
    return waiting.order_by("-tells_danger", "-arrived_at", "-id")


def machines_mail(actor: Actor) -> QuerySet[MailIn]:
    """Return automatic mail and what was called spam, the latest first."""
    kinds = (MailState.AUTOMATIC, MailState.SPAM)
    return mails_in(actor).filter(state__in=kinds).order_by("-arrived_at", "-id")


def raw_of(row: MailIn) -> bytes:
    """Return a mail as it came; b"" where it was erased."""
    holder = row.matter_id or row.pk
    text = Safe(row.desk_id).open(row.raw, holder=holder, place=raw_mail_place(row.pk))
    return (text or "").encode("latin-1")


def opened(row: MailIn) -> Mail:
    """Return a mail, read."""
    return read_mail(raw_of(row))


def came(row: MailIn) -> Came:
    """Return a mail as a list shows it."""
    mail = opened(row)
    known = MailAddress.objects.filter(matter=row.matter_id, lookup=row.sender_lookup)
    return Came(
        id=row.pk,
        state=MailState(row.state),
        at=row.arrived_at,
        sender=mail.sender,
        subject=mail.subject,
        number=row.matter.number if row.matter else None,
        attachments=row.attachments,
        is_cut=row.is_cut,
        tells_danger=row.tells_danger,
        is_known_sender=row.matter_id is not None and known.exists(),
    )


def sent(row: MailOut) -> Sent:
    """Return a mail of ours as a page shows it."""
    return Sent(
        id=row.pk,
        message=row.message_id,
        way=Way(row.way),
        state=SendState(row.state),
        to=address_of(row.to),
        at=row.settled_at or row.sent_at or row.queued_at,
        trouble=row.trouble,
        number=row.matter.number,
        is_seen=row.seen_at is not None,
    )


def address_of(row: MailAddress) -> str:
    """Return a person's address; "" where it was erased."""
    safe = Safe(row.desk_id)
    return safe.open(row.address, holder=row.matter_id, place=mail_address_place(row.pk)) or ""


def ways_of(matter: UUID) -> dict[Way, str]:
    """Return the ways by mail to which the person agreed, and the address of each."""
    rows = MailAddress.objects.filter(matter=matter).order_by("known_at", "id")
    return {Way(row.way): address_of(row) for row in rows}


def ways_offered(desk: UUID, matter: UUID) -> dict[Way, str]:
    """Return the ways a reply may go, the usual one first; none where there is no choice."""
    box = Mailbox.objects.filter(desk=desk, is_active=True).first()
    agreed = ways_of(matter) if box else {}
    if not can_be_read(matter, Way.MY_PAGE):
        return {way: it for way, it in agreed.items() if way is Way.FULL}
    if not box or not box.my_page:
        agreed.pop(Way.NOTICE, None)
    return {**agreed, Way.MY_PAGE: ""} if agreed else {}


def can_be_read(matter: UUID, way: Way) -> bool:
    """Tell whether the person can read what goes by `way`: a my-page opens by a code alone."""
    return way is Way.FULL or receipt_made_at(matter) is not None


def mailboxes_of(actor: Actor) -> QuerySet[Mailbox]:
    """Return the mailboxes of the actor's desk, for who may see mail."""
    try:
        check_may_work_on(actor, actor.desk)
    except RefusedError:
        return Mailbox.objects.none()
    return Mailbox.objects.filter(desk=actor.desk)


def came_in(actor: Actor, matter: UUID) -> list[Came]:
    """Return the mails that came in a matter, the latest first."""
    rows = mails_in(actor).filter(matter=matter).order_by("-arrived_at", "-id")
    return [came(row) for row in rows[:20]]


def sent_in(actor: Actor, matter: UUID) -> list[Sent]:
    """Return our mails in a matter, the latest first."""
    rows = mails_out(actor).filter(matter=matter).order_by("-queued_at", "-id")
    return [sent(row) for row in rows[:20]]


@dataclass(frozen=True)
class Posted:
    """How far the mail of a reply has come: nobody knows whether it was read."""

    way: Way
    state: SendState
    at: dt.datetime


def posted_in(matter: UUID) -> dict[UUID, Posted]:
    """Return the last mail of each reply in a matter. The caller has asked who reads."""
    rows = MailOut.objects.filter(matter=matter).order_by("queued_at", "id")
    told = rows.values_list("message", "way", "state", "settled_at", "sent_at", "queued_at")
    return {
        message: Posted(Way(way), SendState(state), settled or sent_at or queued)
        for message, way, state, settled, sent_at, queued in told
    }


def mail_answered(desk: UUID, mail: Mail, own: str) -> MailOut | None:
    """Return the mail of ours that `mail` answers or reports of, by the token it brings."""
    ids = (*mail.refers_to, *(mail.bounce.message_ids if mail.bounce else ()))
    lookups = [answer_lookup(token) for token in tokens_in(mail.recipients, ids, own)]
    found = MailOut.objects.filter(desk=desk, token__in=lookups)
    return found.order_by("-queued_at").first()


def matter_of_thread(desk: UUID, mail: Mail) -> UUID | None:
    """Return the matter of an earlier mail of theirs that `mail` goes on with."""
    lookups = [thread_lookup(desk, it) for it in mail.refers_to]
    found = MailIn.objects.filter(desk=desk, lookup__in=lookups, matter__isnull=False)
    return found.order_by("-taken_at").values_list("matter", flat=True).first()


def is_flood(desk: UUID, sender: str, *, since: dt.datetime, most: int) -> bool:
    """Tell whether one address opened more than `most` matters since then."""
    lookup = address_lookup(desk, sender) if sender else ""
    return (
        MailIn.objects.filter(desk=desk, sender_lookup=lookup, taken_at__gte=since).count() >= most
    )


def queued_mail(mail: UUID) -> MailOut | None:
    """Return a mail that still waits to go; None where it does not."""
    rows = MailOut.objects.select_related("matter", "message", "to")
    return rows.filter(pk=mail, state=SendState.QUEUED).first()


def writing_of(row: MailOut, sender: str, takes_plus: bool, my_page: str) -> Writing:  # noqa: FBT001
    """Return what goes out: the reply itself, or only that something is there."""
    is_notice = row.way == Way.NOTICE
    words = _NOTICE.format(address=my_page) if is_notice else _reply_of(row)
    return Writing(
        sender=sender,
        to=address_of(row.to),
        words=words,
        token=token_of(row.pk),
        answers="" if is_notice else _last_message_id(row.matter_id),
        takes_plus=takes_plus,
        is_automatic=is_notice,
    )


_NOTICE = """お知らせがあります。

つぎのページで、受付コードを入れると読めます。
{address}

このメールに心あたりがないときは、何もしなくて大丈夫です。
"""


def _reply_of(row: MailOut) -> str:
    safe = Safe(row.desk_id)
    place = words_place(row.message_id)
    return safe.open(row.message.words, holder=row.matter_id, place=place) or ""


def _last_message_id(matter: UUID) -> str:
    mails = MailIn.objects.filter(matter=matter, state=MailState.HEARD)
    last = mails.order_by("-arrived_at", "-id").first()
    return opened(last).message_id if last else ""
