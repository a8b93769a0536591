"""E-mail, the whole circle, by real servers on loopback: Postfix, Dovecot, TLS, a true bounce."""

import datetime as dt
import os
import re
from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.tasks import fetch_mail
from madoguchi.correspondence.adapter.mail import MailTroubleError, check
from madoguchi.correspondence.models import Mailbox, MailIn, MailOut
from madoguchi.correspondence.models.mail import AfterTaking, MailState, SendState
from madoguchi.correspondence.operations.mailbox import Host, MailboxSettings, set_mailbox
from madoguchi.correspondence.queries.mailbox import mailbox_of, server_of
from madoguchi.jobs.operations import run_due
from tests.journeys import post_office, steps
from tests.journeys.post_office import DESK, EMI, GONE, letter
from tests.people import the_pause_passes
from tools.mailserver import NEEDED, found

STORY = "知らない人に、うそを書かれて困っています。"
REPLY = "話してくれて、ありがとうございます。画面を残してください。"


@pytest.fixture(scope="module")
def servers():
    """Real mail servers. None on this machine is a failure: MAILSERVER=0 leaves these out."""
    if os.environ.get("MAILSERVER") == "0":
        pytest.skip("MAILSERVER=0")
    if not found():
        pytest.fail(NEEDED)
    with post_office.opened() as office:
        yield office


@pytest.fixture
def office(servers, settings):
    """The same, with empty mailboxes; our side trusts its certificate."""
    settings.MAIL_CA_FILE = servers.ca_file
    servers.empty()
    return servers


def _set_up(desk, office, **said):
    set_mailbox(
        desk=desk.pk,
        said=MailboxSettings(
            address=DESK,
            imap=Host("localhost", office.imap_port),
            smtp=Host("localhost", office.smtp_port),
            username=DESK,
            password=said.pop("password", post_office.PASSWORD),
            my_page="https://madoguchi.test/my/",
            **said,
        ),
        at=timezone.now(),
    )


def _works(later: float = 0) -> None:
    """Let a worker do what is due, some seconds from now; it also fetches."""
    at = timezone.now() + dt.timedelta(seconds=later)
    run_due(at=at)
    fetch_mail(at)


def _take_charge(page) -> None:
    page.get_by_role("button", name="担当になる").click()
    expect(page.get_by_text("担当になりました。")).to_be_visible()
    page.wait_for_load_state()


def _write_a_reply(page, words: str) -> None:
    page.keyboard.press("Alt+r")
    box = page.get_by_label("送る文")
    expect(box).to_be_focused()
    box.fill(words)
    expect(page.get_by_role("radio", name=re.compile("メールで送る"))).to_be_checked()
    page.get_by_role("button", name="相談者へ送る").click()
    expect(page.get_by_text("返信をメールで送ります。")).to_be_visible()


def _subject(raw: bytes) -> str:
    return str(make_header(decode_header(message_from_bytes(raw)["Subject"])))


def test_from_a_first_mail_to_the_close(adviser, desk, aoi, office, faults_of):
    _set_up(desk, office)
    office.post(letter(STORY))
    office.wait_for(DESK, 1)
    _works()

    # Aoi finds it in the inbox, takes charge, and answers by mail.
    steps.sign_in(adviser, aoi)
    adviser.goto("/desk/?list=unassigned")
    adviser.get_by_role("link", name=re.compile("相談です")).first.click()
    expect(adviser.get_by_text(STORY).first).to_be_visible()
    _take_charge(adviser)
    _write_a_reply(adviser, REPLY)
    assert office.folder_of(EMI) == []  # it still can be taken back
    assert not faults_of(adviser)
    _works(later=11)
    [arrived] = office.wait_for(EMI, 1)
    assert _subject(arrived) == "お知らせがあります"
    assert REPLY.encode() in message_from_bytes(arrived).get_payload(decode=True)
    for telling in (desk.name, Consultation.objects.get().matter.number, "Madoguchi"):
        assert telling.encode() not in arrived.partition(b"\n\n")[0].replace(DESK.encode(), b"")
    # What was taken in rests in a folder of its own; the inbox is empty.
    assert office.folder_of(DESK) == []
    assert len(office.folder_of(DESK, "Madoguchi")) == 1

    # Emi answers with her mail program; it is the same consultation, and counts.
    office.answer(arrived, "画面の画像を残しました。")
    office.wait_for(DESK, 1)
    _works()
    adviser.reload()
    expect(adviser.get_by_text("画面の画像を残しました。").first).to_be_visible()
    assert adviser.get_by_text("話してくれて").count() == 1  # her program quoted it; we do not
    assert (Consultation.objects.count(), Contact.objects.count()) == (1, 2)

    # Each contact says what was done; then the matter is closed.
    for contact in Contact.objects.all():
        steps.tick(adviser, f"action-{contact.pk}", "ADVICE")
    adviser.get_by_role("button", name="分類を保存").click()
    expect(adviser.get_by_text("分類を保存しました。")).to_be_visible()
    adviser.get_by_role("button", name="終結する").click()
    expect(adviser.get_by_text("終結しました。")).to_be_visible()
    assert Consultation.objects.get().status == "CLOSED"


def test_a_mail_that_comes_back_is_seen_on_the_matter_and_in_the_list(
    adviser, desk, aoi, office, faults_of
):
    _set_up(desk, office)
    office.post(letter(STORY, sender=GONE))
    office.wait_for(DESK, 1)
    _works()
    steps.sign_in(adviser, aoi)
    number = Consultation.objects.get().matter.number
    adviser.goto(f"/desk/matters/{number}/")
    _take_charge(adviser)
    _write_a_reply(adviser, REPLY)
    _works(later=11)
    if (out := MailOut.objects.get()).state == SendState.SENT:
        office.wait_for(DESK, 1)  # the report, to the address of this one mail
        _works()
        out.refresh_from_db()
    assert (out.state, out.trouble) == (SendState.BOUNCED, "5.1.1")
    assert Contact.objects.count() == 1

    the_pause_passes()
    adviser.goto("/desk/")
    steps.go_to(adviser, "メール 1")
    expect(adviser.get_by_role("heading", name="届かなかったメール")).to_be_visible()
    assert not faults_of(adviser)
    adviser.get_by_role("link", name=number).click()
    expect(adviser.get_by_role("heading", name="メールが届きませんでした")).to_be_visible()
    expect(adviser.get_by_text("あて先がありません。")).to_be_visible()
    adviser.get_by_role("button", name="確かめた").click()
    expect(adviser.get_by_role("heading", name="メールが届きませんでした")).to_have_count(0)


def test_a_mail_taken_back_never_leaves(adviser, desk, aoi, office):
    _set_up(desk, office)
    office.post(letter(STORY))
    office.wait_for(DESK, 1)
    _works()
    steps.sign_in(adviser, aoi)
    adviser.goto(f"/desk/matters/{Consultation.objects.get().matter.number}/")
    _take_charge(adviser)
    _write_a_reply(adviser, REPLY)
    adviser.get_by_role("button", name="取りやめて、下書きにもどす").click()
    expect(adviser.get_by_text("返信を取りやめました。")).to_be_visible()
    expect(adviser.get_by_label("送る文")).to_have_value(REPLY)
    _works(later=60)
    assert not MailOut.objects.exists()
    assert office.folder_of(EMI) == []


def test_a_flood_is_looked_at_before_it_counts(adviser, desk, aoi, office):
    _set_up(desk, office)
    office.post(letter("副業のご案内", headers={"X-Spam-Flag": "YES"}))
    office.post(letter("お休みです", headers={"Auto-Submitted": "auto-replied"}))
    office.wait_for(DESK, 2)
    _works()
    assert not Contact.objects.exists()
    steps.sign_in(adviser, aoi)
    adviser.goto("/desk/mail/")
    adviser.get_by_role("button", name="相談として受け付ける").click()
    expect(adviser.get_by_text("相談として受け付けました。")).to_be_visible()
    expect(adviser.get_by_text("副業のご案内").first).to_be_visible()
    assert Contact.objects.count() == 1


def test_fetching_twice_and_every_way_of_putting_away_is_harmless(desk, office):
    _set_up(desk, office, after_taking=AfterTaking.LEAVE)
    office.post(letter(STORY))
    office.wait_for(DESK, 1)
    for _round in range(2):
        _works()
    Mailbox.objects.update(last_uid=0)  # a restored backup has forgotten how far it read
    _works()
    assert Contact.objects.count() == 1
    assert len(office.folder_of(DESK)) == 1
    _set_up(desk, office, after_taking=AfterTaking.DELETE)
    _works()
    assert office.folder_of(DESK) == []
    assert Contact.objects.count() == 1


def test_a_picture_comes_with_its_mail_and_a_huge_mail_by_its_beginning(desk, office, monkeypatch):
    _set_up(desk, office, after_taking=AfterTaking.DELETE)
    office.post(letter(STORY, picture=post_office.PICTURE))
    office.wait_for(DESK, 1)
    _works()
    consultation = Consultation.objects.get()
    assert consultation.matter.attachments.count() == 1
    monkeypatch.setattr("madoguchi.correspondence.adapter.mail.LARGEST", 20_000)
    monkeypatch.setattr("madoguchi.correspondence.adapter.mail.BEGINNING", 10_000)
    office.post(letter("とても長い話。" * 5_000))
    office.wait_for(DESK, 1)
    _works()
    assert MailIn.objects.get(is_cut=True).state == MailState.HEARD
    # What is not here whole is not deleted there.
    assert len(office.folder_of(DESK, "Madoguchi")) == 1


def test_what_is_in_the_way_is_said_by_a_code_and_nothing_else(desk, office, settings):
    _set_up(desk, office, password="wrong")
    fetch_mail(timezone.now())
    assert mailbox_of(desk.pk).trouble == "login"
    _set_up(desk, office)
    check(server_of(mailbox_of(desk.pk)), office.ca_file)
    settings.MAIL_CA_FILE = ""
    fetch_mail(timezone.now())
    assert mailbox_of(desk.pk).trouble == "tls"
    with pytest.raises(MailTroubleError, match="tls"):
        check(server_of(mailbox_of(desk.pk)))


def test_an_address_that_does_not_exist_is_refused_at_once(adviser, desk, aoi, office):
    _set_up(desk, office)
    office.post(letter(STORY, sender="nobody@home.test"))
    office.wait_for(DESK, 1)
    _works()
    steps.sign_in(adviser, aoi)
    adviser.goto(f"/desk/matters/{Consultation.objects.get().matter.number}/")
    _take_charge(adviser)
    _write_a_reply(adviser, REPLY)
    _works(later=11)
    out = MailOut.objects.get()
    assert (out.state, out.trouble) == (SendState.FAILED, "5.1.1")
    the_pause_passes()
    adviser.reload()
    expect(adviser.get_by_role("heading", name="メールを送れませんでした")).to_be_visible()
