"""What comes round: mail comes in (メールの取り込み), and silence ends talks in the chat."""

import datetime as dt

from django.conf import settings

from madoguchi.consultations.operations.chatting import lapse
from madoguchi.consultations.operations.mailing import take_in
from madoguchi.correspondence.adapter.mail import Fetched, Inbox, MailTroubleError
from madoguchi.correspondence.models.mail import AfterTaking, Mailbox
from madoguchi.correspondence.operations.mail import Arrival, files_ready
from madoguchi.correspondence.operations.mailbox import note_fetched, note_trouble
from madoguchi.correspondence.queries.chat import lapsed_talks
from madoguchi.correspondence.queries.mailbox import Server, active_mailboxes, server_of
from madoguchi.correspondence.scanning import scanner
from madoguchi.jobs.registry import every
from madoguchi.rules.mail.reading import read_mail

# In one round; the next takes the rest.
_MOST = 100


@every("chat.lapse", seconds=60)
def end_silent_talks(at: dt.datetime) -> None:
    """End the talks that silence has ended, and let go of who waits no more."""
    for talk in lapsed_talks(at):
        lapse(talk=talk, at=at)


@every("mail.fetch", seconds=60, lease=dt.timedelta(minutes=10))
def fetch_mail(at: dt.datetime) -> None:
    """Fetch what is new. One desk's trouble keeps no other from its mail."""
    for row in active_mailboxes():
        try:
            _fetch(row, server_of(row), at)
        except MailTroubleError as trouble:
            note_trouble(desk=row.desk_id, code=trouble.code, at=at)


def _fetch(row: Mailbox, server: Server, at: dt.datetime) -> None:
    with Inbox(server, settings.MAIL_CA_FILE) as inbox:
        stays = server.after_taking is AfterTaking.LEAVE
        is_same = row.uid_validity == inbox.uid_validity
        last = row.last_uid if stays and is_same else 0
        for uid in inbox.uids(after=last, most=_MOST):
            fetched = inbox.fetch(uid)
            if fetched:
                _take(server, fetched, at)
                inbox.put_away(uid, how=_where(server, fetched), folder=server.folder)
            last = uid
        note_fetched(desk=row.desk_id, uid_validity=inbox.uid_validity, last_uid=last, at=at)


def _take(server: Server, fetched: Fetched, at: dt.datetime) -> None:
    mail = read_mail(fetched.raw)
    with files_ready(mail, scanner()) as files:
        arrival = Arrival(
            raw=fetched.raw,
            mail=mail,
            arrived_at=min(fetched.arrived_at, at),
            is_cut=fetched.is_cut,
            files=files,
        )
        take_in(desk=server.desk, own=server.address, arrival=arrival, at=at)


def _where(server: Server, fetched: Fetched) -> AfterTaking:
    """Return what becomes of a mail on the server: one that is not here whole is not deleted."""
    deletes = server.after_taking is AfterTaking.DELETE
    return AfterTaking.MOVE if deletes and fetched.is_cut else server.after_taking
