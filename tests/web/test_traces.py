"""No person's word ever reaches a log, a title, an address, a header or a mail."""

import logging
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import working
from madoguchi.correspondence.models import Draft
from tests.people import AT, PASSWORD, at_the_desk

pytestmark = pytest.mark.django_db

STORY = "みかんの箱のことで、うそを書かれました。"
# Each of them must never be found again but in a page's body, for whom it is meant.
SECRETS = {
    "words": STORY,
    "nickname": "えみりん",
    "telephone": "08098765432",
    "places": "https://zz9.example/p?x=1",
    "since": "去年の花火",
    "call_as": "はなや",
}
REPLY = "鍵のことは、いっしょに考えます。"
NOTE = "花火の夜のことを話された。"


@pytest.fixture(autouse=True)
def _desk(desk):
    """These pages belong to the one desk there is."""


@pytest.fixture
def everything(caplog):
    """Every line that anybody writes to a log, of the lowest level too."""
    caplog.set_level(logging.DEBUG)
    for name in ("django", "django.request", "django.security", "django.db.backends", "allauth"):
        caplog.set_level(logging.DEBUG if name != "django.db.backends" else logging.INFO, name)
    return caplog


def _told(caplog):
    """Return all that was logged, with the arguments and what a handler would add."""
    plain = logging.Formatter("%(message)s %(args)s %(exc_text)s %(stack_info)s")
    return "\n".join([plain.format(record) for record in caplog.records] + [caplog.text])


def _is_silent(caplog, *more):
    text = _told(caplog)
    for secret in (*SECRETS.values(), *more):
        for part in (secret, secret[:6]):
            assert part not in text
            assert part.encode("unicode_escape").decode() not in text


def _quiet(answer, *more):
    """Nothing outside the body of an answer holds a word."""
    head = f"{answer.headers} {answer.cookies.output()}"
    title = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
    for secret in (*SECRETS.values(), *more):
        assert secret[:6] not in head
        assert not title or secret[:6] not in title[1]
    return answer


def _sent(client):
    answer = client.post("/consult/", SECRETS)
    assert answer.url == "/consult/check/"
    for step in (answer, client.get("/consult/check/"), client.post("/consult/check/")):
        _quiet(step)
    code = client.session["receipt"]["code"]
    _quiet(client.get("/consult/done/"), code)
    return code


def test_a_person_s_words_are_in_no_log_title_address_or_header(everything):
    emi = Client()
    code = _sent(emi)
    _quiet(emi.post("/my/", {"code": code}), code)
    _quiet(emi.get("/my/messages/"), code)
    _quiet(emi.post("/my/messages/", {"words": SECRETS["since"], "once": "x"}), code)
    _quiet(emi.post("/my/messages/", {"words": STORY * 400, "once": "y"}), code)
    _quiet(emi.post("/my/", {"code": code[:-1] + "x"}), code)
    _is_silent(everything, code, code[:8])
    assert not mail.outbox


def test_refused_broken_and_expired_forms_log_no_word(everything):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/consult/", SECRETS).status_code == 403
    assert strict.post("/my/messages/", SECRETS).status_code == 403
    emi = Client()
    many = {**SECRETS, **{f"f{n}": STORY for n in range(300)}}
    assert emi.post("/consult/", many).status_code == 400
    assert emi.post("/consult/", {"words": STORY * 50_000}).status_code == 400
    assert emi.post("/no-such-page/", SECRETS).status_code == 404
    assert emi.post("/", SECRETS).status_code == 405
    broken = f"--b\r\n{STORY}\r\n".encode()
    emi.generic("POST", "/consult/", broken, "multipart/form-data; boundary=b")
    assert everything.records
    _is_silent(everything)


@pytest.mark.parametrize("path", ["/consult/check/", "/my/messages/"])
def test_a_fault_of_ours_logs_no_word(everything, monkeypatch, path):
    emi = Client(raise_request_exception=False)
    code = _sent(emi)
    emi.post("/my/", {"code": code})
    emi.post("/consult/", SECRETS)

    def fail(*_args, **_said):
        raise RuntimeError("the disk is full")

    # The one thing not under our hands: the database in the midst of it.
    monkeypatch.setattr(Consultation.objects.__class__, "select_for_update", fail)
    monkeypatch.setattr(Consultation, "save", fail)
    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", fail)
    monkeypatch.setattr("django.db.models.query.QuerySet.create", fail)
    answer = emi.post(path, {**SECRETS, "once": "z"})
    assert answer.status_code == 500
    page = answer.content.decode()
    assert 'href="tel:110"' in page
    assert "RuntimeError" not in page
    for secret in SECRETS.values():
        assert secret not in page
    assert "the disk is full" in _told(everything)
    _is_silent(everything, code)


def test_the_desk_s_words_are_in_no_log_title_or_header(everything, aoi):
    _sent(Client())
    row = Consultation.objects.select_related("matter").get()
    number = row.matter.number
    table = at_the_desk(aoi)
    working.take_charge(matter=row.matter_id, actor=aoi.actor, at=AT)
    for kind, words in (("NOTE", NOTE), ("REPLY", REPLY), ("MEMO", NOTE)):
        table.post(f"/desk/matters/{number}/write/", {"kind": kind})
        draft = Draft.objects.latest("started_at").pk
        said = {"words": words, "channel": "TELEPHONE"}
        _quiet(table.post(f"/desk/drafts/{draft}/", said, HTTP_HX_REQUEST="true"), words)
        _quiet(table.post(f"/desk/drafts/{draft}/", said, HTTP_HX_REQUEST="true"), words)
        _quiet(table.post(f"/desk/drafts/{draft}/record/", {**said, "minutes": "x"}), words)
        _quiet(table.get(f"/desk/matters/{number}/?write={kind}"), words)
        _quiet(table.post(f"/desk/drafts/{draft}/record/", said), words)
        _quiet(table.post(f"/desk/drafts/{draft}/record/", said), words)
    _quiet(table.get("/desk/?list=all"), NOTE, REPLY)
    _is_silent(everything, NOTE, REPLY)


def test_signing_in_logs_no_password_and_no_code(everything, aoi):
    client = Client()
    client.post("/desk/sign-in/", {"login": "aoi", "password": "wrong-" + PASSWORD})
    client.post("/desk/sign-in/", {"login": "aoi", "password": PASSWORD})
    client.post("/desk/sign-in/code/", {"code": "482913"})
    _is_silent(everything, PASSWORD, "482913")


def test_no_cookie_tells_what_it_is_for_or_outlives_the_browser(aoi):
    emi = Client()
    _sent(emi)
    emi.get("/consult/")
    assert set(emi.cookies) == {"m", "t"}
    for cookie in emi.cookies.values():
        assert (cookie["max-age"], cookie["expires"]) == ("", "")
        assert cookie["httponly"]
        assert cookie["samesite"] in {"Lax", "Strict"}


def _public():
    return [
        reverse(f"{room.namespace}:{page.name}")
        for entry in get_resolver().url_patterns
        for room in getattr(entry, "url_patterns", [])
        if getattr(room, "namespace", None) in {"guide", "intake"}
        for page in room.url_patterns
        if not page.pattern.converters
    ]


@pytest.mark.parametrize("path", [*_public(), "/no-such-page/", "/windows/nowhere/"])
def test_nothing_of_a_page_is_kept_or_told_to_others(path):
    answer = Client().get(path)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    for asked in ("script-src", "style-src", "connect-src", "form-action"):
        assert re.search(rf"{asked} '(self|none)'(;|$)", answer["Content-Security-Policy"]), asked
    # Boxes hold text: an example of markup in one is read, not run.
    page = re.sub(r"<textarea.*?</textarea>", "", answer.content.decode(), flags=re.DOTALL)
    for address in re.findall(r'(?:src|action|data|poster)="([^"]+)"', page):
        assert address.startswith(("/", "#")), address
    for address in re.findall(r'<link[^>]* href="([^"]+)"', page):
        assert address.startswith("/"), address
    assert not re.search(r"<(?:iframe|object|embed|base)\b|\sstyle=|\son[a-z]+=|<script>", page)
