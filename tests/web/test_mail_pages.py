"""The pages of mail at the desk: who sees them, what they show, what they offer."""

import pytest

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import working
from madoguchi.consultations.operations.mailing import take_in
from madoguchi.consultations.operations.receiving import Letter, receive
from madoguchi.consultations.queries import particulars_of
from madoguchi.correspondence.models import Kind, MailAddress, MailIn, MailOut
from madoguchi.correspondence.models.mail import MailState, SendState, Way
from madoguchi.correspondence.operations.mail import Arrival
from madoguchi.correspondence.operations.mailbox import Host, MailboxSettings, set_mailbox
from madoguchi.correspondence.operations.words import begin_draft
from madoguchi.correspondence.queries.mail import ways_offered
from madoguchi.ledger.models import Entry
from madoguchi.rules.mail.reading import read_mail
from tests import experts
from tests.people import AT, at_the_desk, the_pause_passes

pytestmark = pytest.mark.django_db
RAW = (
    b"From: emi@home.test\r\nTo: soudan@desk.test\r\nSubject: hello\r\nMessage-ID: <1@home.test>\r\n"
    b"X-Spam-Flag: YES\r\n\r\n<script>alert(1)</script> and so on\r\n"
)


@pytest.fixture
def mailbox(desk):
    """The desk has a mailbox."""
    host = Host("mail.desk.test", 993)
    said = MailboxSettings(
        address="soudan@desk.test", imap=host, smtp=host, username="x", password="x"
    )
    set_mailbox(desk=desk.pk, said=said, at=AT)


def _comes(desk, raw=RAW):
    arrival = Arrival(raw=raw, mail=read_mail(raw), arrived_at=AT)
    return take_in(desk=desk.pk, own="soudan@desk.test", arrival=arrival, at=AT)


def test_a_desk_without_a_mailbox_is_not_led_to_mail(desk, aoi):
    assert "/desk/mail/" not in at_the_desk(aoi).get("/desk/").content.decode()


def test_who_sees_figures_only_is_not_led_to_mail(daichi, mailbox):
    assert "/desk/mail/" not in at_the_desk(daichi).get("/stats/").content.decode()


def test_the_menu_counts_what_waits_for_an_eye(desk, aoi, mailbox):
    _comes(desk)
    page = at_the_desk(aoi).get("/desk/").content.decode()
    assert 'href="/desk/mail/"' in page
    assert "メール <em>1</em>" in page


def test_a_mail_is_shown_as_words_and_its_opening_is_written_down(desk, aoi, mailbox):
    row = _comes(desk)
    page = at_the_desk(aoi).get(f"/desk/mail/{row.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; and so on" in page
    assert Entry.objects.filter(deed="MAIL_OPENED", actor=aoi.pk).count() == 1


@pytest.mark.parametrize("way", ["", "accept/", "spam/"])
def test_another_desks_mail_does_not_exist(desk, aoi, chika, daichi, mailbox, way):
    row = _comes(desk)
    for stranger in (chika, daichi):
        answer = at_the_desk(stranger).post(f"/desk/mail/{row.pk}/{way}")
        assert answer.status_code == 404
    assert MailIn.objects.get().state == MailState.QUARANTINED


def test_accepting_leads_to_the_consultation(desk, aoi, mailbox):
    row = _comes(desk)
    answer = at_the_desk(aoi).post(f"/desk/mail/{row.pk}/accept/", follow=True)
    assert "相談として受け付けました。" in answer.content.decode()
    assert "and so on" in answer.content.decode()


def test_pressing_twice_is_said_not_done(desk, aoi, mailbox):
    row = _comes(desk)
    client = at_the_desk(aoi)
    client.post(f"/desk/mail/{row.pk}/spam/")
    answer = client.post(f"/desk/mail/{row.pk}/spam/", follow=True)
    assert "ほかの人が片づけています" in answer.content.decode()


def test_a_reply_offers_mail_only_to_whom_it_can_go(desk, aoi, mailbox):
    client = at_the_desk(aoi)
    web = receive(desk=desk.pk, letter=Letter(words="x", channel="EMAIL"), at=AT)
    mail = _comes(desk, RAW.replace(b"X-Spam-Flag: YES\r\n", b""))
    for matter in (web.matter, mail.matter_id):
        working.take_charge(matter=matter, actor=aoi.actor, at=AT)
        begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=matter, at=AT)
    page = client.get(f"/desk/matters/{web.number}/?write=REPLY").content.decode()
    assert "届け方" not in page
    page = client.get(f"/desk/matters/{mail.matter.number}/?write=REPLY").content.decode()
    assert "メールで送る（emi@home.test）" in page


def test_a_way_that_was_not_offered_is_refused(desk, aoi, mailbox):
    mail = _comes(desk, RAW.replace(b"X-Spam-Flag: YES\r\n", b""))
    working.take_charge(matter=mail.matter_id, actor=aoi.actor, at=AT)
    draft = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=mail.matter_id, at=AT)
    said = {"words": "返事", "way": "NOTICE"}
    assert at_the_desk(aoi).post(f"/desk/drafts/{draft.pk}/record/", said).status_code == 400
    said["way"] = "FULL"
    answer = at_the_desk(aoi).post(f"/desk/drafts/{draft.pk}/record/", said, follow=True)
    assert "取りやめて、下書きにもどす" in answer.content.decode()
    the_pause_passes()
    out = MailOut.objects.get()
    client = at_the_desk(aoi)
    page = client.get(f"/desk/matters/{out.matter.number}/").content.decode()
    assert "メールを取りやめる" in page  # it waits for a worker; the reply itself stays
    assert "下書きにもどす" not in page
    client.post(f"/desk/mail/out/{out.pk}/cancel/")
    out.refresh_from_db()
    assert out.state == SendState.CANCELLED
    for deed in ("again", "seen"):  # of one that is neither lost nor failed
        answer = client.post(f"/desk/mail/out/{out.pk}/{deed}/", follow=True)
        assert "ほかの人が片づけています" in answer.content.decode()


# -- who asks to be told by mail ----------------------------------------------------------


@pytest.fixture
def notices(desk):
    """The desk can tell people by mail that a reply is there."""
    host = Host("mail.desk.test", 993)
    said = MailboxSettings(
        address="soudan@desk.test",
        imap=host,
        smtp=host,
        username="x",
        password="x",
        my_page="https://madoguchi.test/my/",
    )
    set_mailbox(desk=desk.pk, said=said, at=AT)


def _writes(client, **told):
    client.post("/consult/", {"words": "困っています。", **told})
    return client.post("/consult/check/", follow=True)


def test_no_address_is_asked_for_where_nothing_could_be_sent(desk, client, mailbox):
    assert 'name="mail"' not in client.get("/consult/").content.decode()


def test_whoever_asks_for_a_notice_gets_no_more_than_a_notice(desk, aoi, client, notices):
    assert 'name="mail"' in client.get("/consult/").content.decode()
    _writes(client, reply_by="mail", mail="ＥＭＩ＠home.test")
    address = MailAddress.objects.get()
    assert ways_offered(desk.pk, address.matter_id) == {
        Way.NOTICE: "emi@home.test",
        Way.MY_PAGE: "",
    }
    assert b"emi" not in bytes(address.address)


@pytest.mark.parametrize(
    "told", [{"reply_by": "mail"}, {"reply_by": "my-page", "mail": "a@b.test"}]
)
def test_without_both_the_wish_and_an_address_nothing_is_kept(desk, client, notices, told):
    _writes(client, **told)
    assert not MailAddress.objects.exists()
    assert particulars_of(Consultation.objects.get()).reply_by == "my-page"


def test_a_mistyped_address_is_told_kindly_and_nothing_is_lost(desk, client, notices):
    answer = client.post(
        "/consult/", {"words": "困っています。", "reply_by": "mail", "mail": "emi"}
    )
    page = answer.content.decode()
    assert "メールアドレスの形になっていないようです" in page
    assert "困っています。" in page


def test_the_link_of_a_video_call_goes_by_my_page_and_never_by_mail(desk, aoi, beni, mailbox):
    mail = _comes(desk, RAW.replace(b"X-Spam-Flag: YES\r\n", b""))
    working.take_charge(matter=mail.matter_id, actor=aoi.actor, at=AT)
    [slot, *_] = experts.hours(beni, experts.lawyer(beni))
    experts.booked(aoi, mail.matter_id, slot)
    draft = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=mail.matter_id, at=AT)
    said = {"words": "木曜に https://video.example/a で話します。", "way": "FULL"}
    page = f"/desk/drafts/{draft.pk}/record/"
    answer = at_the_desk(aoi).post(page, said)
    assert answer.status_code == 400
    assert "ビデオ通話のリンクは、メールでは送れません。" in answer.content.decode()
    assert not MailOut.objects.exists()
    at_the_desk(aoi).post(page, {**said, "words": "木曜に話します。"})
    assert MailOut.objects.exists()
