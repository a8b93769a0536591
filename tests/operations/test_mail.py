"""Mail in and out: what counts, what is laid aside, what comes back."""

import datetime as dt
from email.message import EmailMessage

import pytest

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import mailing, working
from madoguchi.consultations.operations.mailing import accept_mail, call_spam, reply_by, take_in
from madoguchi.correspondence import tasks
from madoguchi.correspondence.adapter.mail import MailRefusedError, MailTroubleError
from madoguchi.correspondence.models import Kind, MailAddress, Mailbox, MailIn, MailOut, Receipt
from madoguchi.correspondence.models.mail import MailState, Security, SendState, Way
from madoguchi.correspondence.operations.mail import MOST_ATTEMPTS, Arrival, cancel_mail, send_again
from madoguchi.correspondence.operations.mailbox import (
    Host,
    MailboxSettings,
    set_mailbox,
    stop_mailbox,
)
from madoguchi.correspondence.operations.words import Pen, begin_draft, make_receipt
from madoguchi.correspondence.places import token_of
from madoguchi.correspondence.queries.mail import (
    came,
    mails_in,
    mails_out,
    not_arrived,
    opened,
    ways_of,
)
from madoguchi.correspondence.queries.mailbox import mailbox_of, server_of
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.jobs.models import Job
from madoguchi.ledger.models import Entry
from madoguchi.rules import periods
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.mail.reading import read_mail
from madoguchi.rules.triage import Urgency
from madoguchi.statistics.queries import return_of
from madoguchi.vault.codes import new_code
from madoguchi.vault.sealing import erase
from tests.people import AT

OWN = "soudan@desk.test"
EMI = "emi@home.test"
STORY = "知らない人に、うそを書かれて困っています。"
LATER = AT + dt.timedelta(minutes=5)
MY_PAGE = "https://madoguchi.test/my/"


@pytest.fixture
def mailbox(desk):
    """The desk's mailbox."""
    host = Host("mail.desk.test", 993)
    said = MailboxSettings(
        address=OWN, imap=host, smtp=host, username=OWN, password="open sesame", my_page=MY_PAGE
    )
    set_mailbox(desk=desk.pk, said=said, at=AT)
    return desk.mailbox


def _mail(words=STORY, *, number=1, sender=EMI, **headers) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, headers.pop("to", OWN)
    mail["Subject"] = headers.pop("subject", "相談")
    mail["Message-ID"] = f"<{number}@home.test>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail.as_bytes()


def _comes(desk, raw, at=AT):
    arrival = Arrival(raw=raw, mail=read_mail(raw), arrived_at=AT)
    return take_in(desk=desk.pk, own=OWN, arrival=arrival, at=at)


def _replies(aoi, matter, *, way=Way.FULL, words="お返事です。"):
    working.take_charge(matter=matter, actor=aoi.actor, at=AT)
    draft = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=matter, at=AT)
    reply_by(actor=aoi.actor, pen=Pen(draft.pk), words=words, way=way, at=AT)
    return MailOut.objects.filter(matter=matter).last()


@pytest.fixture
def posted(monkeypatch):
    """What was handed to the mail server, or what the server answers instead."""
    handed, answers = [], []

    def hand_over(server, **said):
        if answers:
            raise answers.pop(0)
        handed.append(said)

    monkeypatch.setattr(tasks, "send", hand_over)
    return handed, answers


def _goes(mail, at=LATER):
    tasks.send_mail({"mail": str(mail.pk)}, at)
    mail.refresh_from_db()
    return mail


# -- in -----------------------------------------------------------------------------------


def test_a_new_mail_opens_a_consultation_that_counts_as_mail(desk):
    row = _comes(desk, _mail())
    consultation = Consultation.objects.get()
    contact = Contact.objects.get()
    assert (contact.channel, contact.at, contact.action) == ("EMAIL", AT, None)
    assert row.matter_id == consultation.pk
    [message] = messages_in(consultation.matter)
    assert message.words == f"相談\n\n{STORY}"
    assert ways_of(consultation.pk) == {Way.FULL: EMI}
    assert not Receipt.objects.exists()  # nobody could be shown its code


def test_the_same_mail_fetched_twice_is_one(desk):
    raw = _mail()
    assert _comes(desk, raw)
    assert _comes(desk, b"Received: by another way\n" + raw) is None
    assert Contact.objects.count() == MailIn.objects.count() == 1


def test_another_mail_under_the_same_message_id_is_not_lost(desk):
    _comes(desk, _mail())
    _comes(desk, _mail("まったく別の文です。"))
    assert Contact.objects.count() == 2


def test_nothing_of_a_mail_lies_readable_in_its_row(desk):
    row = _comes(desk, _mail())
    for value in (bytes(row.raw), row.fingerprint, row.lookup, row.sender_lookup):
        assert "emi" not in str(value)
        assert STORY not in str(value)
    address = MailAddress.objects.get()
    assert b"emi" not in bytes(address.address)
    assert opened(row).new == STORY


def test_erasing_the_matter_erases_the_mail_and_the_address(desk):
    row = _comes(desk, _mail())
    erase(row.matter_id)
    row.refresh_from_db()
    assert opened(row).new == ""
    assert ways_of(row.matter_id) == {Way.FULL: ""}


def test_words_of_danger_put_a_mail_on_top(desk):
    _comes(desk, _mail("もう消えたいです。"))
    row = Consultation.objects.get()
    assert (row.urgency, row.safety_check_due) == (Urgency.DANGER, True)


def test_an_answer_is_threaded_by_the_address_it_goes_to(desk, aoi, mailbox):
    first = _comes(desk, _mail())
    out = _replies(aoi, first.matter_id)
    to = f"soudan+{token_of(out.pk)}@desk.test"
    answer = "ありがとうございます。\n\n2025年5月15日(木) 14:00 <soudan@desk.test>:\n> お返事です。"
    _comes(desk, _mail(answer, number=2, to=to), at=LATER)
    row = Consultation.objects.get()
    words = [it.words for it in messages_in(row.matter, Kind.FROM_PERSON)]
    assert words == [f"相談\n\n{STORY}", "ありがとうございます。"]
    assert Contact.objects.count() == 2
    last = MailIn.objects.order_by("taken_at").last()
    assert opened(last).history.endswith("> お返事です。")


def test_an_answer_is_threaded_by_reference_where_the_address_was_lost(desk, aoi, mailbox):
    first = _comes(desk, _mail())
    out = _replies(aoi, first.matter_id)
    _comes(desk, _mail("つづき", number=2, In_Reply_To=f"<{token_of(out.pk)}@desk.test>"))
    _comes(desk, _mail("もっと", number=3, References="<1@home.test>"))
    assert Consultation.objects.count() == 1
    assert Contact.objects.count() == 3


def test_a_mail_fetched_after_a_later_one_makes_the_matter_new_in_its_own_month(desk, mailbox):
    _comes(desk, _mail())
    assert return_of(desk.pk, period=_month_of(AT)).new == 1
    earlier = AT - dt.timedelta(days=40)
    mail = read_mail(_mail("まえの", number=2, References="<1@home.test>"))
    arrival = Arrival(raw=b"", mail=mail, arrived_at=earlier)
    take_in(desk=desk.pk, own=OWN, arrival=arrival, at=LATER)
    assert Consultation.objects.get().first_contact_at == earlier
    assert return_of(desk.pk, period=_month_of(earlier)).new == 1
    assert return_of(desk.pk, period=_month_of(AT)).new == 0


def _month_of(at):
    day = in_japan(at)
    return periods.month(day.year, day.month)


def test_the_matters_number_leads_nowhere(desk, aoi, mailbox):
    first = _comes(desk, _mail())
    _comes(desk, _mail("x", number=2, to=f"soudan+{first.matter.number.lower()}@desk.test"))
    assert Consultation.objects.count() == 2


def test_another_desks_token_leads_nowhere(desk, other_desk, aoi, mailbox):
    first = _comes(desk, _mail())
    out = _replies(aoi, first.matter_id)
    _comes(other_desk, _mail("x", number=2, In_Reply_To=f"<{token_of(out.pk)}@desk.test>"))
    assert Contact.objects.filter(desk=desk).count() == 1
    assert Consultation.objects.get(desk=other_desk).matter_id != first.matter_id


def test_a_stranger_who_holds_the_token_gets_no_reply(desk, aoi, mailbox):
    first = _comes(desk, _mail())
    out = _replies(aoi, first.matter_id)
    to = f"soudan+{token_of(out.pk)}@desk.test"
    row = _comes(desk, _mail("わたしにも教えて", number=2, to=to, sender="else@home.test"))
    assert ways_of(first.matter_id) == {Way.FULL: EMI}
    assert came(row).is_known_sender is False


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {"List_Id": "<news.example>"}, {"sender": OWN}]
)
def test_machines_are_kept_and_never_counted(desk, aoi, headers):
    row = _comes(desk, _mail(**headers))
    assert row.state == MailState.AUTOMATIC
    assert not Contact.objects.exists()
    assert mails_in(aoi.actor).get() == row


def test_a_flood_is_laid_aside_and_none_of_it_is_lost(desk, aoi, monkeypatch):
    monkeypatch.setattr(mailing, "MOST_FROM_ONE", 2)
    for number in range(5):
        _comes(desk, _mail(f"{number}通目", number=number))
    assert Contact.objects.count() == 2
    aside = list(MailIn.objects.filter(state=MailState.QUARANTINED).order_by("id"))
    assert [opened(it).new for it in aside] == ["2通目", "3通目", "4通目"]
    accept_mail(mail=aside[0].pk, actor=aoi.actor, at=LATER)
    assert Contact.objects.count() == 3
    call_spam(mail=aside[1].pk, actor=aoi.actor, at=LATER)
    assert MailIn.objects.filter(state=MailState.SPAM).count() == 1


def test_an_answer_is_heard_even_in_a_flood(desk, aoi, mailbox, monkeypatch):
    first = _comes(desk, _mail())
    monkeypatch.setattr(mailing, "MOST_FROM_ONE", 0)
    _comes(desk, _mail("つづき", number=2, In_Reply_To="<1@home.test>", X_Spam_Flag="YES"))
    assert Contact.objects.filter(consultation=first.matter_id).count() == 2


def test_a_mail_accepted_later_counts_in_the_month_it_came(desk, aoi):
    row = _comes(desk, _mail(X_Spam_Flag="YES"))
    matter = accept_mail(mail=row.pk, actor=aoi.actor, at=AT + dt.timedelta(days=40))
    contact = Contact.objects.get()
    assert (contact.consultation_id, contact.at) == (matter, AT)
    row.refresh_from_db()
    assert opened(row).new == STORY
    with pytest.raises(RefusedError):
        accept_mail(mail=row.pk, actor=aoi.actor, at=LATER)


def test_another_desk_sees_and_touches_nothing(desk, chika, daichi):
    row = _comes(desk, _mail(X_Spam_Flag="YES"))
    for stranger in (chika, daichi):
        assert not mails_in(stranger.actor).exists()
        assert not mails_out(stranger.actor).exists()
        with pytest.raises(RefusedError):
            accept_mail(mail=row.pk, actor=stranger.actor, at=LATER)


# -- out ----------------------------------------------------------------------------------


def test_a_reply_goes_out_after_a_pause_and_tells_nothing_by_its_head(desk, aoi, mailbox, posted):
    first = _comes(desk, _mail())
    out = _replies(aoi, first.matter_id)
    job = Job.objects.get(name="mail.send")
    assert job.run_at == AT + dt.timedelta(seconds=10)
    assert job.args == {"mail": str(out.pk)}
    assert _goes(out).state == SendState.SENT
    [handed] = posted[0]
    mail = read_mail(handed["raw"])
    assert (handed["to"], mail.subject, mail.new) == (EMI, "お知らせがあります", "お返事です。")
    assert mail.refers_to == ("<1@home.test>",)
    assert handed["back_to"] == f"soudan+{token_of(out.pk)}@desk.test"
    for telling in (desk.name, first.matter.number, "相談"):
        assert telling not in handed["raw"].decode()


def test_a_mail_runs_twice_and_goes_once(desk, aoi, mailbox, posted):
    out = _replies(aoi, _comes(desk, _mail()).matter_id)
    _goes(out)
    _goes(out)
    assert len(posted[0]) == 1


def test_a_mail_taken_back_in_time_never_goes(desk, aoi, mailbox, posted):
    out = _replies(aoi, _comes(desk, _mail()).matter_id)
    cancel_mail(mail=out.pk, actor=aoi.actor, at=AT)
    assert _goes(out).state == SendState.CANCELLED
    assert posted[0] == []
    with pytest.raises(RefusedError):
        cancel_mail(mail=out.pk, actor=aoi.actor, at=AT)


def test_a_notice_holds_the_way_to_my_page_and_no_word_of_the_reply(desk, aoi, mailbox, posted):
    first = _comes(desk, _mail())
    MailAddress.objects.update(way=Way.NOTICE)
    make_receipt(matter=first.matter_id, code=new_code(), at=AT)
    _goes(_replies(aoi, first.matter_id, way=Way.NOTICE, words="秘密の返事"))
    words = read_mail(posted[0][0]["raw"])
    assert MY_PAGE in words.new
    assert "秘密" not in words.new
    assert words.nature == "AUTOMATIC"  # so that no absence note answers it


def test_nobody_gets_the_whole_reply_who_only_asked_for_a_notice(desk, aoi, mailbox):
    first = _comes(desk, _mail())
    MailAddress.objects.update(way=Way.NOTICE)
    with pytest.raises(RefusedError, match="no-mail-address"):
        _replies(aoi, first.matter_id, way=Way.FULL)
    assert not messages_in(first.matter, Kind.REPLY)


def test_a_mail_that_will_not_go_now_is_tried_again_and_at_last_given_up(
    desk, aoi, mailbox, posted
):
    out = _replies(aoi, _comes(desk, _mail()).matter_id)
    posted[1].extend(MailTroubleError("unreachable") for _ in range(MOST_ATTEMPTS))
    for _attempt in range(MOST_ATTEMPTS - 1):
        with pytest.raises(MailTroubleError):
            _goes(out)
        out.refresh_from_db()
        assert out.state == SendState.QUEUED
    assert _goes(out).state == SendState.FAILED
    assert not_arrived(aoi.actor).get() == out
    send_again(mail=out.pk, actor=aoi.actor, at=LATER)
    again = MailOut.objects.get(state=SendState.QUEUED)
    assert _goes(again).state == SendState.SENT


def test_a_mail_refused_for_ever_is_not_tried_again(desk, aoi, mailbox, posted):
    out = _replies(aoi, _comes(desk, _mail()).matter_id)
    posted[1].append(MailRefusedError("5.1.1"))
    assert (_goes(out).state, out.trouble) == (SendState.FAILED, "5.1.1")


def test_without_a_mailbox_a_mail_is_said_not_to_have_gone(desk, aoi, mailbox, posted):
    out = _replies(aoi, _comes(desk, _mail()).matter_id)
    assert stop_mailbox(desk=desk.pk, at=AT)
    assert (_goes(out).state, out.trouble) == (SendState.FAILED, "no-mailbox")


def test_a_mail_that_came_back_is_known_as_such_and_counts_for_nothing(desk, aoi, mailbox, posted):
    out = _goes(_replies(aoi, _comes(desk, _mail()).matter_id))
    report = (
        "From: MAILER-DAEMON@home.test\r\n"
        f"To: soudan+{token_of(out.pk)}@desk.test\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        "Action: failed\r\nStatus: 5.2.2\r\n\r\n--b--\r\n"
    )
    assert _comes(desk, report.encode(), at=LATER).state == MailState.BOUNCE
    out.refresh_from_db()
    assert (out.state, out.trouble) == (SendState.BOUNCED, "5.2.2")
    assert MailAddress.objects.get().bounced_at == LATER
    assert Contact.objects.count() == 1
    deeds = list(Entry.objects.filter(matter=out.matter_id).values_list("deed", flat=True))
    assert deeds == ["RECEIVED", "TAKE_CHARGE", "REPLY", "MAIL_SENT", "MAIL_BOUNCED"]


# -- the mailbox ----------------------------------------------------------------------------


def test_the_password_is_sealed_and_never_drawn(mailbox):
    row = mailbox_of(mailbox.desk_id)
    assert b"sesame" not in bytes(row.password)
    server = server_of(row)
    assert server.password == "open sesame"
    assert "sesame" not in repr(server)


def test_what_is_left_out_keeps_the_password(mailbox):
    host = Host("mail.desk.test", 143, Security.STARTTLS)
    said = MailboxSettings(address=OWN, imap=host, smtp=host, username=OWN)
    set_mailbox(desk=mailbox.desk_id, said=said, at=LATER)
    assert server_of(mailbox_of(mailbox.desk_id)).password == "open sesame"


def test_mail_in_the_clear_stays_on_ones_own_machine(desk):
    far, near = Host("mail.desk.test", 143, Security.NONE), Host("127.0.0.1", 143, Security.NONE)
    said = {"address": OWN, "username": OWN, "password": "x"}
    with pytest.raises(RefusedError, match="mail-in-the-clear"):
        set_mailbox(desk=desk.pk, said=MailboxSettings(imap=far, smtp=near, **said), at=AT)
    set_mailbox(desk=desk.pk, said=MailboxSettings(imap=near, smtp=near, **said), at=AT)
    assert Mailbox.objects.get().is_active
