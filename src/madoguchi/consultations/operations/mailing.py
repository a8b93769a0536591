"""Mail becomes a consultation, or one more contact of one; and replies go out by mail.

Only a person's mail counts. What a machine sent, what floods and what calls itself spam is
kept where an adviser sees it: nothing that came is ever dropped.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations.drafting import send_reply
from madoguchi.consultations.operations.identifying import note_clues
from madoguchi.consultations.operations.receiving import (
    Letter,
    add_contact,
    heard,
    open_consultation,
)
from madoguchi.consultations.operations.touching import touch_all
from madoguchi.correspondence.models import Kind, Message, Origin
from madoguchi.correspondence.models.mail import MailIn, MailOut, MailState, Way
from madoguchi.correspondence.operations.files import Ready, With, attach
from madoguchi.correspondence.operations.mail import (
    Arrival,
    give_to_matter,
    keep_mail,
    know_address,
    note_bounced,
    queue_mail,
)
from madoguchi.correspondence.operations.words import Pen, record_message
from madoguchi.correspondence.queries.mail import (
    is_flood,
    mail_answered,
    matter_of_thread,
    raw_of,
    ways_of,
)
from madoguchi.directory.danger import tells_danger
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.operations import lock
from madoguchi.matters.operations.timing import promise_reply
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.consultation import Step
from madoguchi.rules.deadlines import Named
from madoguchi.rules.identifying import Clue, Sign
from madoguchi.rules.mail.natures import Nature
from madoguchi.rules.mail.reading import Mail, read_mail
from madoguchi.rules.triage import Signals

BY_MAIL = "EMAIL"
# From one address, or for the whole desk, in an hour: more are laid aside for an eye.
MOST_FROM_ONE = 10
MOST_AN_HOUR = 100
_HOUR = dt.timedelta(hours=1)
_NO_WORDS = "（本文はありません）"
_OTHER_FILES = "［ここで開けない添付が{others}つあります。元のメールに残っています］"


def words_of(mail: Mail, *, with_subject: bool, shown: int = 0) -> str:
    """Return what a person said in a mail, as it stands among their words.

    `shown`: how many of its files stand beside them; of the others it is said that they exist.
    """
    subject = mail.subject if with_subject else ""
    said = "\n\n".join(it for it in (subject, mail.new) if it.strip()) or _NO_WORDS
    others = len(mail.attachments) - shown
    return f"{said}\n\n{_OTHER_FILES.format(others=others)}" if others > 0 else said


def take_in(*, desk: UUID, own: str, arrival: Arrival, at: dt.datetime) -> MailIn | None:
    """Take in a mail that came to our address `own`; None where it was taken in before."""
    mail = arrival.mail
    with transaction.atomic():
        answered = mail_answered(desk, mail, own)
        matter = answered.matter_id if answered else matter_of_thread(desk, mail)
        nature = Nature.AUTOMATIC if mail.sender == own.casefold() else mail.nature
        if nature is not Nature.PERSON:
            return _set_aside(desk, arrival, nature, answered, at)
        floods = matter is None and _floods(desk, mail, at)
        state = MailState.QUARANTINED if floods else MailState.HEARD
        row = keep_mail(desk=desk, arrival=arrival, state=state, matter=None, at=at)
        if row is None:
            return None
        _note_danger(row, mail)
        if floods:
            record(Deed.MAIL_SET_ASIDE, desk=desk, at=at, detail={"state": state})
            return row
        return _heard(row, matter, arrival, at)


def _floods(desk: UUID, mail: Mail, at: dt.datetime) -> bool:
    hour = at - _HOUR
    is_too_much = MailIn.objects.filter(desk=desk, taken_at__gte=hour).count() >= MOST_AN_HOUR
    return (
        mail.is_marked_spam
        or is_too_much
        or is_flood(desk, mail.sender, since=hour, most=MOST_FROM_ONE)
    )


def _note_danger(row: MailIn, mail: Mail) -> None:
    """Note words of danger of a mail that no consultation may show."""
    row.tells_danger = tells_danger(f"{mail.subject}\n{mail.new}")
    row.save(update_fields=["tells_danger"])


def _set_aside(
    desk: UUID, arrival: Arrival, nature: Nature, answered: MailOut | None, at: dt.datetime
) -> MailIn | None:
    """Keep a machine's mail; a delivery report marks the mail of ours that came back."""
    is_bounce = nature is Nature.BOUNCE and answered is not None
    state = MailState.BOUNCE if is_bounce else MailState.AUTOMATIC
    matter = answered.matter_id if answered else None
    row = keep_mail(desk=desk, arrival=arrival, state=state, matter=matter, at=at)
    if row is None:
        return None
    _note_danger(row, arrival.mail)
    if is_bounce and answered:
        code = arrival.mail.bounce.code if arrival.mail.bounce else ""
        note_bounced(mail=answered, code=code, at=at)
    else:
        detail = {"state": state}
        record(Deed.MAIL_SET_ASIDE, desk=desk, matter=matter, at=at, detail=detail)
    return row


def _heard(row: MailIn, matter: UUID | None, arrival: Arrival, at: dt.datetime) -> MailIn:
    """Count a mail as a contact: of `matter`, or of a new one."""
    signals = Signals(danger_words=row.tells_danger)
    message = (
        _opened(row, arrival, signals, at)
        if matter is None
        else _goes_on(matter, row, arrival, signals, at)
    )
    give_to_matter(
        mail=row,
        matter=message.matter_id,
        message=message,
        state=MailState.HEARD,
        raw=arrival.raw,
    )
    return row


def _opened(row: MailIn, arrival: Arrival, signals: Signals, at: dt.datetime) -> Message:
    """Open a consultation from a mail. No receipt is made: nobody could be shown its code."""
    came = min(row.arrived_at, at)
    words = words_of(arrival.mail, with_subject=True, shown=len(arrival.files))
    letter = Letter(words=words, channel=BY_MAIL, signals=signals)
    consultation = open_consultation(desk=row.desk_id, letter=letter, at=came)
    matter = consultation.matter
    message = _counted(consultation, words, arrival, came)
    promise_reply(matter=matter, came=came, name=Named.FIRST_REPLY)
    if arrival.mail.sender:
        clue = Clue(Sign.EMAIL, arrival.mail.sender)
        note_clues(desk=row.desk_id, matter=matter.pk, clues=[clue])
        know_address(matter=matter, address=arrival.mail.sender, way=Way.FULL, at=at)
        clue = Clue(Sign.EMAIL, arrival.mail.sender)
        note_clues(desk=row.desk_id, matter=matter.pk, clues=[clue])
    detail = {"channel": BY_MAIL}
    record(Deed.RECEIVED, desk=row.desk_id, matter=matter.pk, at=at, detail=detail)
    return message


def _goes_on(
    matter: UUID, row: MailIn, arrival: Arrival, signals: Signals, at: dt.datetime
) -> Message:
    """Count a mail that goes on with a consultation.

    Its sender's address is kept only where none is known: whoever got hold of a mail of
    ours, and answers from elsewhere, is heard but never answered.
    """
    locked, came = lock(matter), min(row.arrived_at, at)
    consultation = Consultation.objects.select_for_update().get(pk=matter)
    heard(consultation, signals, came)
    consultation.save()
    if consultation.first_contact_at == came:  # it came before all others: new in its month, now
        touch_all(consultation)
    words = words_of(arrival.mail, with_subject=False, shown=len(arrival.files))
    message = _counted(consultation, words, arrival, came)
    promise_reply(matter=locked, came=came)
    if arrival.mail.sender and not ways_of(matter):
        know_address(matter=locked, address=arrival.mail.sender, way=Way.FULL, at=at)
    detail = {"channel": BY_MAIL}
    record(Step.HEAR, desk=row.desk_id, matter=matter, at=at, detail=detail)
    return message


def _counted(
    consultation: Consultation, words: str, arrival: Arrival, came: dt.datetime
) -> Message:
    """Write down the words and files of a mail, and count it."""
    matter = consultation.matter
    message = record_message(matter=matter, kind=Kind.FROM_PERSON, words=words, at=came)
    beside = With(message, Origin.PERSON, came)
    attach(arrival.files, beside, desk=matter.desk_id, matter=matter)
    add_contact(consultation=consultation, channel=BY_MAIL, message=message, at=came)
    return message


def _waiting(mail: UUID, actor: Actor, *states: MailState) -> MailIn:
    """Lock a mail of the actor's desk that is in one of `states`, or refuse."""
    row = MailIn.objects.select_for_update().get(pk=mail)
    check_may_work_on(actor, row.desk_id)
    if row.state not in states:
        raise RefusedError("mail-gone")
    return row


def accept_mail(
    *, mail: UUID, actor: Actor, at: dt.datetime, files: tuple[Ready, ...] = ()
) -> UUID:
    """Count as a contact what was set aside: an adviser saw that a person wrote it."""
    states = (MailState.QUARANTINED, MailState.AUTOMATIC, MailState.SPAM)
    with transaction.atomic():
        row = _waiting(mail, actor, *states)
        raw = raw_of(row)
        arrival = Arrival(raw=raw, mail=read_mail(raw), arrived_at=row.arrived_at, files=files)
        matter = _heard(row, row.matter_id, arrival, at).matter_id
        assert matter
        record(Deed.MAIL_ACCEPTED, desk=row.desk_id, matter=matter, actor=actor.user, at=at)
        return matter


def open_mail(*, mail: MailIn, actor: Actor, at: dt.datetime) -> None:
    """Note that `actor` opened a mail as it came."""
    with transaction.atomic():
        check_may_work_on(actor, mail.desk_id)
        record(Deed.MAIL_OPENED, desk=mail.desk_id, matter=mail.matter_id, actor=actor.user, at=at)


def call_spam(*, mail: UUID, actor: Actor, at: dt.datetime) -> None:
    """Put a mail away as spam. It is kept, and can still be accepted."""
    with transaction.atomic():
        row = _waiting(mail, actor, MailState.QUARANTINED, MailState.AUTOMATIC)
        row.state = MailState.SPAM
        row.save(update_fields=["state"])
        detail = {"state": MailState.SPAM}
        record(
            Deed.MAIL_SET_ASIDE,
            desk=row.desk_id,
            matter=row.matter_id,
            actor=actor.user,
            at=at,
            detail=detail,
        )


def reply_by(
    *,
    actor: Actor,
    pen: Pen,
    words: str,
    way: Way,
    at: dt.datetime,
) -> Message | None:
    """Send a drafted reply to the person's page, and by mail where that is the way.

    None: it is held for its second reader, and goes that way then.
    """
    with transaction.atomic():
        message = send_reply(actor=actor, pen=pen, words=words, at=at, way=way)
        if message and way is not Way.MY_PAGE:
            matter = message.matter
            queue_mail(matter=matter, message=message, way=way, author=actor.user, at=at)
        return message
