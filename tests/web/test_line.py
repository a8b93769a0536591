"""LINE: a signpost, and the notice of a reply. LINE itself is a small server on loopback."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client
from django.utils import timezone

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import working
from madoguchi.consultations.operations.receiving import Letter, receive
from madoguchi.correspondence.models import Line, LineNotice, Message
from madoguchi.correspondence.places import line_user_code, line_user_in
from madoguchi.jobs.models import Job
from madoguchi.jobs.operations import run_due
from madoguchi.ledger.models import Entry
from madoguchi.rules.replies import PAUSE

HERE = "127.0.0.1"
pytestmark = [pytest.mark.django_db, pytest.mark.allow_hosts([HERE])]

SECRET, TOKEN, USER = "channel-secret", "channel-token", "U" + "4af4980629" * 3 + "ab"
STORY = "LINEに書いてしまった相談です。"
PUBLIC = "https://madoguchi.test"


class _Line(BaseHTTPRequestHandler):
    """What LINE's Messaging API would take, and its answers."""

    taken: list = []
    status = 200
    profile: dict = {}
    asked: list = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((self.path, dict(self.headers), json.loads(body)))
        self.send_response(type(self).status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def do_GET(self):
        self.asked.append(self.path)
        body = json.dumps(self.profile).encode()
        self.send_response(type(self).status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said):
        """Say nothing."""


@pytest.fixture
def line(settings):
    """LINE, on this machine, and an installation that has an official account there."""
    server = HTTPServer((HERE, 0), _Line)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    _Line.taken, _Line.status, _Line.profile, _Line.asked = [], 200, {}, []
    settings.LINE_CHANNEL_SECRET, settings.LINE_CHANNEL_TOKEN = SECRET, TOKEN
    settings.LINE_API_URL = f"http://{HERE}:{server.server_address[1]}"
    settings.PUBLIC_URL = PUBLIC
    yield _Line
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def emi(desk, aoi):
    """Emi's matter in Aoi's charge, and her browser at my-page."""
    received = receive(
        desk=desk.pk, letter=Letter(words="はじめまして", channel="EMAIL"), at=timezone.now()
    )
    working.take_charge(matter=received.matter, actor=aoi.actor, at=timezone.now())
    client = Client()
    client.post("/my/", {"code": received.code})
    return received.matter, client


def _signed(body, secret=SECRET):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _said(text=STORY, *, kind="message", mark="01H0EVENT", user=USER):
    event = {
        "type": kind,
        "webhookEventId": mark,
        "replyToken": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA",
        "source": {"type": "user", "userId": user},
        "message": {"type": "text", "text": text},
    }
    return json.dumps({"destination": "Uxxx", "events": [event]}, ensure_ascii=False).encode()


def _sent(body, signature=None):
    return Client().post(
        "/line/",
        body,
        content_type="application/json",
        headers={"X-Line-Signature": _signed(body) if signature is None else signature},
    )


def _code(client, prefix=""):
    page = client.post(f"{prefix}/my/line/").content.decode()
    return re.search(r'class="code">(\d{8})<', page)[1]


def _linked(emi, prefix=""):
    matter, client = emi
    assert _sent(_said(_code(client, prefix), mark="link")).status_code == 200
    return matter, client


def _texts(line):
    return [said["messages"][0]["text"] for _path, _headers, said in line.taken]


# -- the signature ------------------------------------------------------------------------------


def test_what_line_did_not_sign_is_refused(line):
    body = _said()
    assert _sent(body).status_code == 200
    for wrong in ("", "x", "é", _signed(body, "another-secret"), _signed(body + b" ")):
        assert _sent(body, wrong).status_code == 403
    assert Job.objects.count() == 1


def test_without_an_official_account_there_is_no_such_door(settings, emi):
    settings.LINE_CHANNEL_SECRET = ""
    assert _sent(_said(), _signed(_said(), "")).status_code == 404
    assert "LINEで知らせ" not in emi[1].get("/my/messages/").content.decode()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"events": [1]}', b'{"events": [{}]}'])
def test_signed_nonsense_breaks_nothing(line, body):
    assert _sent(body).status_code == 400


def test_line_s_own_trial_of_the_address_is_answered(line):
    assert _sent(b'{"destination": "Uxxx", "events": []}').status_code == 200


# -- nothing is asked and nothing is kept -------------------------------------------------------


def test_what_is_written_inside_line_gets_the_way_to_the_chat_and_is_kept_nowhere(line, desk):
    _sent(_said())
    assert run_due(at=timezone.now()) >= 1
    [(path, headers, said)] = line.taken
    assert path == "/v2/bot/message/reply"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert f"{PUBLIC}/chat/" in said["messages"][0]["text"]
    assert "110" in said["messages"][0]["text"]
    assert not any(table.objects.exists() for table in (Contact, Message, Line))
    kept = json.dumps(list(Job.objects.values("args", "key")), ensure_ascii=False)
    assert STORY not in kept
    assert USER not in kept


def test_told_twice_by_line_it_is_answered_once(line):
    for _ in range(2):
        _sent(_said())
    run_due(at=timezone.now())
    assert len(line.taken) == 1


def test_an_answer_that_comes_too_late_is_not_tried_for_ever(line):
    _sent(_said())
    run_due(at=timezone.now() + dt.timedelta(minutes=5))
    assert not line.taken
    assert Job.objects.get().done_at


# -- the notice of a reply ----------------------------------------------------------------------


def test_a_reply_is_told_without_a_word_of_it(line, emi, aoi):
    matter, client = _linked(emi)
    working.reply(matter=matter, actor=aoi.actor, words="ひみつの返事", at=timezone.now())
    run_due(at=timezone.now() + PAUSE)
    (_path, _headers, linked), (path, headers, told) = line.taken
    assert "登録しました" in linked["messages"][0]["text"]
    assert (path, told["to"]) == ("/v2/bot/message/push", USER)
    assert told["messages"][0]["text"] == f"お知らせがあります。\n{PUBLIC}/my/"
    assert headers["X-Line-Retry-Key"] == str(Message.objects.get(kind="REPLY").pk)
    assert "いま、LINEで知らせています" in client.get("/my/line/").content.decode()


def test_the_line_user_is_sealed_and_found_by_a_keyed_hash_alone(line, emi):
    _linked(emi)
    row = LineNotice.objects.get()
    assert USER.encode() not in bytes(row.user)
    assert row.user_hash != USER
    assert USER not in json.dumps(list(Entry.objects.values_list("detail", flat=True)))


def test_nobody_is_told_who_did_not_ask(line, emi, aoi):
    working.reply(matter=emi[0], actor=aoi.actor, words="返事", at=timezone.now())
    run_due(at=timezone.now() + PAUSE)
    assert not line.taken


def test_it_ends_by_a_button_and_by_blocking(line, emi, aoi):
    matter, client = _linked(emi)
    client.post("/my/line/", {"do": "stop"})
    assert not LineNotice.objects.exists()
    _linked(emi)
    _sent(_said(kind="unfollow", mark="bye"))
    assert not LineNotice.objects.exists()
    working.reply(matter=matter, actor=aoi.actor, words="返事", at=timezone.now())
    run_due(at=timezone.now() + PAUSE)
    assert not [path for path, _headers, _said in line.taken if path.endswith("push")]


def test_a_code_is_good_once_for_minutes_and_guessed_at_ten_times(line, emi):
    _matter, client = emi
    code = _code(client)
    for number in range(10):
        _sent(_said(f"{number:08}", mark=f"guess{number}", user="Uguesser"))
    _sent(_said(code, mark="right", user="Uguesser"))
    assert LineNotice.objects.get().linked_at is None
    LineNotice.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=11))
    _sent(_said(code, mark="late"))
    assert LineNotice.objects.get().linked_at is None
    code = _code(client)
    _sent(_said(code, mark="once"))
    assert LineNotice.objects.get().linked_at
    _sent(_said(code, mark="again", user="Uother"))
    assert LineNotice.objects.get().user_hash


def test_line_in_trouble_is_asked_again_later(line, emi, aoi):
    matter, _client = _linked(emi)
    run_due(at=timezone.now())
    line.status = 500
    working.reply(matter=matter, actor=aoi.actor, words="返事", at=timezone.now())
    run_due(at=timezone.now() + PAUSE)
    job = Job.objects.get(name="line.push")
    assert (job.done_at, job.error) == (None, "LineTroubleError")
    line.status = 409  # LINE knows this retry key: it was told the first time
    run_due(at=timezone.now() + dt.timedelta(hours=1))
    job.refresh_from_db()
    assert job.done_at


def test_a_missing_setting_is_said_not_swallowed(line, emi, aoi, settings):
    matter, _client = _linked(emi)
    settings.LINE_CHANNEL_TOKEN = ""
    working.reply(matter=matter, actor=aoi.actor, words="返事", at=timezone.now())
    run_due(at=timezone.now() + PAUSE)
    assert Job.objects.get(name="line.push").error == "LineTroubleError"
    assert Consultation.objects.get().status == "WAITING"


def test_a_user_is_sealed_in_a_job_and_what_is_none_is_left_out(db):
    code = line_user_code(USER)
    assert USER[1:] not in code
    assert len(code) <= 64
    assert (line_user_in(code), line_user_code(USER) == code) == (USER, False)
    for nothing in ("", "Uguesser", USER.upper(), f"{USER}0"):
        assert line_user_code(nothing) == ""
    for broken in ("", "x", code[:-2], f"A{code[1:]}"):
        assert line_user_in(broken) is None


# -- in whose language --------------------------------------------------------------------------

HERE_NOBODY_ASKS = {
    "ja": "ここでは、相談を受けていません。",
    "en": "We take no consultations here.",
    "easy": "ここでは、相談（そうだん）を できません。",
}


@pytest.mark.parametrize(
    ("told", "spoken", "pages"),
    [
        ({"language": "ja"}, {"ja"}, {"/chat/"}),
        ({"language": "en-GB"}, {"en"}, {"/en/chat/"}),
        ({"language": "vi"}, {"easy", "en"}, {"/easy/chat/", "/en/chat/"}),
        ({"displayName": "えみ"}, {"ja", "en"}, {"/chat/", "/en/chat/"}),
        (["language"], {"ja", "en"}, {"/chat/", "/en/chat/"}),
    ],
    ids=["ja", "en", "another", "not told", "nonsense"],
)
def test_somebody_is_answered_in_the_language_of_which_line_tells(line, desk, told, spoken, pages):
    line.profile = told
    _sent(_said())
    run_due(at=timezone.now())
    assert line.asked == [f"/v2/bot/profile/{USER}"]
    [text] = _texts(line)
    assert {key for key, words in HERE_NOBODY_ASKS.items() if words in text} == spoken
    assert {it for it in text.split() if it.startswith(PUBLIC)} == {PUBLIC + it for it in pages}
    assert "{" not in text


def test_line_that_tells_no_language_keeps_nobody_from_an_answer(line, desk):
    line.status = 404
    _sent(_said())
    run_due(at=timezone.now())
    job = Job.objects.get(name="line.answer")
    assert line.asked
    assert job.error == "LineTroubleError"  # of the answer itself, which comes again
    line.status = 200
    line.profile = {"language": "en"}
    run_due(at=timezone.now() + dt.timedelta(seconds=50))
    assert HERE_NOBODY_ASKS["en"] in _texts(line)[-1]


@pytest.mark.parametrize(
    ("prefix", "linked", "notice"),
    [
        ("", "登録しました。", f"お知らせがあります。\n{PUBLIC}/my/"),
        ("/en", "You are registered.", f"There is a notice for you.\n{PUBLIC}/en/my/"),
        ("/easy", "できました。", f"お知（し）らせが あります。\n{PUBLIC}/easy/my/"),
    ],
    ids=["ja", "en", "easy"],
)
def test_line_speaks_the_language_in_which_she_asked_for_the_notice(
    line, emi, aoi, prefix, linked, notice
):
    line.profile = {"language": "zh-TW"}
    matter, _client = _linked(emi, prefix)
    run_due(at=timezone.now())
    assert linked in _texts(line)[-1]
    working.reply(matter=matter, actor=aoi.actor, words="ひみつの返事", at=timezone.now())
    run_due(at=timezone.now() + PAUSE)
    assert _texts(line)[-1] == notice
    # Once she has chosen, LINE is not asked about her.
    _sent(_said(mark="later"))
    run_due(at=timezone.now())
    assert len(_texts(line)[-1].split("\n\n")) == 1
    assert not line.asked
