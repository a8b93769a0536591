"""The settings page of the mailbox: set, tried, stopped; the password is never shown again."""

import socket

import pytest

from madoguchi.correspondence.models import Mailbox
from madoguchi.correspondence.queries.mailbox import mailbox_of, server_of
from madoguchi.ledger.models import Entry
from tests.people import at_the_desk

SECRET = "open sesame 9"
SAID = {
    "address": "Kokoro@desk.test",
    "username": "",
    "password": SECRET,
    "imap_host": "127.0.0.1",
    "imap_port": "9",
    "imap_security": "NONE",
    "smtp_host": "127.0.0.1",
    "smtp_port": "9",
    "smtp_security": "NONE",
    "after_taking": "MOVE",
    "folder": "Madoguchi",
    "takes_plus": "on",
    "my_page": "https://madoguchi.test/my/",
}
WHERE = "/settings/mailbox/"


@pytest.fixture
def settings_page(beni):
    """Beni's browser."""
    return at_the_desk(beni)


def _deeds(start="MAILBOX"):
    rows = Entry.objects.filter(deed__startswith=start).order_by("seq")
    return [(it.deed, it.actor, it.detail) for it in rows]


def test_a_mailbox_is_set_sealed_and_written_down(settings_page, beni, desk):
    assert settings_page.get(WHERE).status_code == 200
    answer = settings_page.post(WHERE, SAID, follow=True)
    page = answer.content.decode()
    assert "メール箱を設定しました" in page
    assert SECRET not in page
    assert 'value="kokoro@desk.test"' in page
    row = mailbox_of(desk.pk)
    assert SECRET.encode() not in bytes(row.password)
    server = server_of(row)
    assert (server.username, server.password) == ("kokoro@desk.test", SECRET)
    assert _deeds() == [("MAILBOX_SET", beni.pk, {"active": True})]


def test_the_kept_password_goes_to_no_other_server(settings_page, desk):
    settings_page.post(WHERE, SAID)
    without = {**SAID, "password": ""}
    # Everything but the way in may change without it.
    assert settings_page.post(WHERE, {**without, "folder": "Done"}).status_code == 302
    for change in ({"imap_host": "localhost"}, {"smtp_port": "10"}, {"username": "other"}):
        for do in ("", "try"):
            answer = settings_page.post(WHERE, {**without, **change, "do": do})
            assert answer.status_code == 400, change
            assert "パスワードも入れ直して" in answer.content.decode()
    assert server_of(mailbox_of(desk.pk)).imap_host == "127.0.0.1"
    assert [it[0] for it in _deeds()] == ["MAILBOX_SET"] * 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"imap_host": "mail.example.jp"}, "同じ機械の中のサーバーだけ"),
        ({"imap_host": "mail.example.jp:993"}, "名前だけを書いてください"),
        ({"address": "nobody"}, "soudan@example.jp のように"),
        ({"folder": "フォルダー"}, "半角の英数字"),
        ({"my_page": "http://madoguchi.test/my/"}, "https:// で始まる"),
        ({"password": "ひみつ"}, "半角の英数字と記号だけ"),
        ({"password": ""}, "パスワードを入れてください"),
        ({"smtp_port": "70000"}, "65535"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_set(settings_page, change, why):
    answer = settings_page.post(WHERE, {**SAID, **change})
    assert answer.status_code == 400
    assert why in answer.content.decode()
    assert SECRET not in answer.content.decode()
    assert not Mailbox.objects.exists()


@pytest.mark.usefixtures("socket_enabled")
def test_trying_says_in_one_sentence_what_failed_and_saves_nothing(settings_page, beni):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    answer = settings_page.post(WHERE, {**SAID, "imap_port": port, "do": "try"})
    page = answer.content.decode()
    assert "受信（IMAP）：サーバーにつながりません。" in page
    assert SECRET not in page
    assert not Mailbox.objects.exists()
    assert _deeds() == [("MAILBOX_TRIED", beni.pk, {"trouble": "imap unreachable"})]


def test_it_is_stopped_by_a_press(settings_page, beni, desk):
    settings_page.post(WHERE, SAID)
    settings_page.post(f"{WHERE}stop/")
    assert not mailbox_of(desk.pk).is_active
    assert _deeds()[-1] == ("MAILBOX_SET", beni.pk, {"active": False})


@pytest.mark.parametrize("who", ["aoi", "daichi", "fumi"])
def test_only_a_supervisor_comes_in(who, desk, request):
    client = at_the_desk(request.getfixturevalue(who))
    assert client.get(WHERE).status_code in (302, 404)
    client.post(WHERE, SAID)
    assert not Mailbox.objects.exists()
