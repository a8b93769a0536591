"""Mail goes out (メールの送信), after the transaction that queued it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings

from madoguchi.correspondence.adapter.line import Account, LineTroubleError
from madoguchi.correspondence.adapter.mail import MailRefusedError, MailTroubleError, send
from madoguchi.correspondence.operations.files import sweep
from madoguchi.correspondence.operations.mail import note_not_sent, note_sent
from madoguchi.correspondence.places import line_user_in
from madoguchi.correspondence.presenting import languages_for, line_text
from madoguchi.correspondence.queries.line import line_language_of, line_user_of
from madoguchi.correspondence.queries.mail import queued_mail, writing_of
from madoguchi.correspondence.queries.mailbox import Server, mailbox_of, server_of
from madoguchi.correspondence.queries.words import is_there
from madoguchi.jobs.registry import every, handler
from madoguchi.rules.mail.writing import Writing, return_address, written


@handler("mail.send")
def send_mail(args: Mapping[str, Any], at: dt.datetime) -> None:
    """Send a mail that still waits. Handed over twice, it has the same Message-ID twice.

    Raises `MailTroubleError` where it may go later: the job is then tried again.
    """
    row = queued_mail(UUID(args["mail"]))
    if row is None:
        return
    box = mailbox_of(row.desk_id)
    if box is None or not box.is_active:
        note_not_sent(mail=row.pk, code="no-mailbox", is_over=True, at=at)
        return
    server = server_of(box)
    writing = writing_of(row, server.address, server.takes_plus, server.my_page)
    if not writing.to or not writing.words:  # erased meanwhile
        note_not_sent(mail=row.pk, code="erased", is_over=True, at=at)
        return
    _hand_over(row.pk, server, writing, at)


def _hand_over(mail: UUID, server: Server, writing: Writing, at: dt.datetime) -> None:
    try:
        send(
            server,
            back_to=return_address(writing),
            to=writing.to,
            raw=written(writing, at),
            ca_file=settings.MAIL_CA_FILE,
        )
    except MailRefusedError as refused:
        note_not_sent(mail=mail, code=refused.code, is_over=True, at=at)
    except MailTroubleError as trouble:
        if not note_not_sent(mail=mail, code=trouble.code, is_over=False, at=at):
            raise
    else:
        note_sent(mail=mail, at=at)


# -- LINE -------------------------------------------------------------------------------


def _account() -> Account:
    if not settings.PUBLIC_URL:
        raise LineTroubleError("not-set")
    return Account(token=settings.LINE_CHANNEL_TOKEN, api=settings.LINE_API_URL)


@handler("line.answer")
def answer_in_line(args: Mapping[str, Any], at: dt.datetime) -> None:
    """Answer what somebody wrote inside LINE: always the same, with the way to us.

    In the language they chose at my-page, or else the one of which LINE tells.

    Raises `LineTroubleError` where LINE does not take it: the job is then tried again, as
    long as LINE lets one answer.
    """
    if at.timestamp() > args["until"]:
        return
    account = _account()
    chosen = args.get("language", "")
    spoken = (chosen,) if chosen else languages_for(_language_told(account, args.get("who", "")))
    account.answer(args["token"], line_text(args["say"], spoken, settings.PUBLIC_URL))


def _language_told(account: Account, who: str) -> str | None:
    """Return the language of which LINE tells; None where it tells none."""
    user = line_user_in(who)
    return account.language_of(user) if user else None


@handler("line.push")
def push_by_line(args: Mapping[str, Any], _at: dt.datetime) -> None:
    """Tell the person that a reply has come, without a word of it.

    Raises `LineTroubleError` where LINE does not take it: the job is then tried again.
    """
    matter = UUID(args["matter"])
    user = line_user_of(matter)
    is_gone = "reply" in args and not is_there(UUID(args["message"]))
    if user is None or is_gone:  # ended, erased or taken back meanwhile
        return
    account = _account()
    text = line_text("NOTICE", [line_language_of(matter)], settings.PUBLIC_URL)
    account.push(user, text, once=UUID(args["message"]))


@every("files.sweep", seconds=86_400)
def sweep_files(at: dt.datetime) -> None:
    """Delete sealed contents that a failed deed left behind (消し残り)."""
    sweep(at=at)
