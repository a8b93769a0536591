"""No input whatever breaks a public page, and no person's words are lost by a form.

The forms are found, not listed: by going to every page of the public rooms, and along the
whole way through guide, letterbox and my-page.
"""

import html
import re
import string

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.consultations.operations.receiving import Letter, receive
from tests.people import AT

pytestmark = pytest.mark.django_db

STORY = "知らない人に、うそを書かれています。"
# Bounded, and the same every time: a fault found once is found again.
fuzz = settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def received(desk):
    """Emi's letter, sent earlier; its code is known."""
    return receive(desk=desk.pk, letter=Letter(words=STORY, channel="EMAIL"), at=AT)


@pytest.fixture
def emi(received):
    """A browser that has answered, has written, has sent and has opened my-page.

    A fault of ours is an answer of 500 here, as it would be for a person.
    """
    client = Client(raise_request_exception=False)
    client.post("/guide/", {"happened": "a"})
    client.post("/guide/2/", {"kinds": ["a1"]})
    client.post("/consult/", {"words": STORY})
    client.post("/consult/check/")
    client.get("/consult/done/")
    client.post("/my/", {"code": received.code})
    client.post("/consult/", {"words": STORY})
    return client


# -- which forms there are ------------------------------------------------------------------


def _pages():
    """Return every address of the public rooms that takes no word of its own."""
    return [
        reverse(f"{room.namespace}:{page.name}")
        for entry in get_resolver().url_patterns
        for room in getattr(entry, "url_patterns", [])
        if getattr(room, "namespace", None) in {"guide", "intake"}
        for page in room.url_patterns
        if not page.pattern.converters
    ]


def _forms_on(page, path):
    """Return (address, names of the fields) of each form on a page that is posted."""
    found = []
    for attributes, inner in re.findall(r"<form([^>]*)>(.*?)</form>", page, re.DOTALL):
        if 'method="post"' not in attributes:
            continue
        action = re.search(r'action="([^"]*)"', attributes)
        names = re.findall(r'<(?:input|textarea|select|button)[^>]* name="([^"]+)"', inner)
        found.append((action[1] if action else path, frozenset(names) - {"csrfmiddlewaretoken"}))
    return found


def _forms(client):
    """Return every form to be met, by address, with all names of fields ever seen in it."""
    met = {}
    for path in _pages():
        if "exit" in path:
            continue
        for action, names in _forms_on(client.get(path).content.decode(), path):
            met.setdefault(action, set()).update(names)
    return met


KNOWN = {
    "/guide/",
    "/guide/2/",
    "/guide/3/",
    "/guide/4/",
    "/guide/result/",
    "/consult/",
    "/consult/check/",
    "/my/messages/",
}


def test_the_forms_are_found(emi):
    forms = _forms(emi)
    assert set(forms) >= KNOWN
    assert {"words", "nickname", "places", "wants"} <= forms["/consult/"]
    assert "code" in {name for names in _forms(Client()).values() for name in names}


def _every_address(emi):
    """The addresses that take a form, those also that no page shows now."""
    return sorted({*_forms(emi), *_pages(), "/exit/"})


def _stands(answer, path):
    assert answer.status_code < 500, (path, answer.status_code)
    # Nobody is shown 405: no page of ours sends such a thing.
    if answer.status_code not in {301, 302, 303, 405}:
        assert "</html>" in answer.content.decode(), path


# -- words ------------------------------------------------------------------------------------

# Anything a keyboard, a paste or a broken telephone can make.
anything = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="０１２３ａＺ－ー‐　Ａ％＜＞", max_size=80),
    st.text(alphabet="\u202e\u200f\u200d\ufeff\u0301👩👧🇯🏽", max_size=80),
    st.text(alphabet=string.whitespace + "\0\x1b\x7f\x85\u2028", max_size=80),
    st.sampled_from(["on", "yes", "a1", "w2", "True", "NaN", "-1", "{{ x }}", "{%", "{漢|", "%00"]),
)


@fuzz
@given(data=st.data())
def test_no_words_in_any_field_break_a_form(emi, data):
    for path, names in sorted(_forms(emi).items()):
        told = {
            name: data.draw(st.lists(anything, min_size=1, max_size=3))
            for name in sorted(names)
            if data.draw(st.booleans())
        }
        _stands(emi.post(path, told), path)
        _stands(emi.get(path), path)


NASTY = {
    "nothing": b"",
    "every byte": bytes(range(256)) * 8,
    "zeros": b"\0" * 5_000,
    "2 MB": b"words=" + b"%E3%81%82" * 230_000,
    "2 MB of one name": b"x" * 2_100_000,
    "a surrogate": b"words=%ed%a0%80&code=%ed%b0%80&kinds=%ed%a0%80",
    "no UTF-8": b"words=%ff%fe&nickname=%c3%28&code=%80&happened=%f8",
    "percent garbage": b"words=%&code=%zz&happened=%u0041&=&&&=%",
    "the same field often": b"&".join([b"words=a", b"code=1", b"happened=a"] * 40),
    "very many fields": b"&".join(b"f%d=1" % n for n in range(5_000)),
    "names of attributes": b"__class__=x&words__in=x&_state=x&pk=1&id=1&csrfmiddlewaretoken=%00",
    "JSON": b'{"words": "\\ud800", "happened": {"$ne": 1}}',
    "XML": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
}
KINDS = [
    FORM,
    f"{FORM}; charset=utf-7",
    f"{FORM}; charset=unicode_escape",
    "multipart/form-data",
    "multipart/form-data; boundary=b",
    "multipart/form-data; boundary=" + "b" * 5_000,
    "multipart/form-data; boundary=\u3042".encode().decode("latin-1"),
    "application/json",
    "text/plain; charset=nothing-known",
    "image/png",
    "",
    ";;;=",
]


@pytest.mark.parametrize("body", NASTY.values(), ids=NASTY)
def test_no_bytes_break_a_form(emi, body):
    for path in _every_address(emi):
        for kind in KINDS:
            _stands(emi.generic("POST", path, body, content_type=kind), (path, kind))


def _multipart(*parts):
    """Return a body of `parts`: (headers, content)."""
    rows = [b"--b\r\n" + head + b"\r\n\r\n" + body + b"\r\n" for head, body in parts]
    return b"".join(rows) + b"--b--\r\n"


_WORDS = b'Content-Disposition: form-data; name="words"'
MULTIPART = {
    "a file for a field": _multipart((_WORDS + b'; filename="a.png"', bytes(range(256)))),
    "a file without a name": _multipart((_WORDS + b'; filename=""', b"\0")),
    "a path for a name": _multipart((_WORDS + b'; filename="../../etc/passwd\0"', b"x")),
    "2 MB of file": _multipart((_WORDS + b'; filename="a.bin"', b"\xff" * 2_100_000)),
    "2 MB of words": _multipart((_WORDS, b"a" * 2_100_000)),
    "bytes for words": _multipart((_WORDS, bytes(range(256)) * 4)),
    "base64 that is none": _multipart(
        (_WORDS + b"\r\nContent-Transfer-Encoding: base64", b"\xff*")
    ),
    "no name": _multipart((b"Content-Disposition: form-data", b"x")),
    "a broken name": _multipart((b"Content-Disposition: form-data; name*=utf-9''%ff", b"x")),
    "very many parts": _multipart(
        *((b'Content-Disposition: form-data; name="f%d"' % n, b"1") for n in range(1_500))
    ),
    "very many files": _multipart(*((_WORDS + b'; filename="a"', b"1") for _n in range(300))),
    "never ended": b"--b\r\n" + _WORDS + b"\r\n\r\nx",
    "only a line": b"--b",
    "endless headers": b"--b\r\nX: " + b"x" * 100_000,
}


@pytest.mark.parametrize("body", MULTIPART.values(), ids=MULTIPART)
def test_no_file_and_no_broken_multipart_breaks_a_form(emi, body):
    for path in _every_address(emi):
        _stands(emi.generic("POST", path, body, "multipart/form-data; boundary=b"), path)


# -- addresses, headers -------------------------------------------------------------------------

ODD_QUERIES = [
    "by=%00",
    "by=%ff%fe",
    "by=%ed%a0%80",
    "by=" + "x" * 6_000,
    "%",
    "&&&=%zz",
    "by[]=1&by=2",
    "prefecture=%F0%9F%92%80&by=" + "１".encode().decode("latin-1"),
    "&".join(f"f{n}=1" for n in range(1_000)),
]
ODD_PATHS = [
    "/windows/%00/",
    "/windows/%ff%fe/",
    "/windows/%ED%A0%80/",
    "/windows/../../etc/passwd",
    "/windows/ihaho%2f..%2f/",
    "/windows/" + "x" * 4_000 + "/",
    "/%",
    "/%zz/",
    "/%E3%81%82/",
    "/easy/%00",
    "/en//consult/",
    "//consult/",
    "/guide/９/",
    "/guide/99999999999999999999/",
    "/static/%00",
    "/static/../config/settings.py",
    "/.env",
    "/👩‍👧/",
]


def test_no_query_breaks_a_page(emi):
    for path in _pages():
        for query in ODD_QUERIES:
            answer = emi.get(path, QUERY_STRING=query)
            assert answer.status_code < 500, (path, query)


@pytest.mark.parametrize("path", ODD_PATHS)
def test_no_address_breaks_the_site(emi, path):
    for method in ("get", "post", "head", "put", "options"):
        assert getattr(emi, method)(path).status_code < 500, method


@fuzz
@given(path=st.text(max_size=60), query=st.binary(max_size=60))
def test_no_address_whatever_breaks_the_site(emi, path, query):
    for prefix in ("/", "/easy/", "/windows/", "/guide/"):
        answer = emi.get(f"{prefix}{path.lstrip('/')}", QUERY_STRING=query.decode("latin-1"))
        assert answer.status_code < 500


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_no_method_breaks_a_page(emi, method):
    for path in _pages():
        answer = emi.generic(method, path, b"\xff" * 100, "image/png")
        assert answer.status_code in {200, 303, 302, 400, 403, 405}, path


HEADERS = {
    "cookies that are none": {"HTTP_COOKIE": "m=\xff; t=%00; m; =; sessionid=x" + "y" * 3_000},
    "a session of zeros": {"HTTP_COOKIE": "m=" + "0" * 32},
    "languages": {"HTTP_ACCEPT_LANGUAGE": "*;q=x,\xff,,zz-" + "a" * 2_000},
    "hosts before ours": {"HTTP_X_FORWARDED_FOR": "\xff, ::, 999.1.1.1", "REMOTE_ADDR": ""},
    "an origin": {
        "HTTP_ORIGIN": "null\xff",
        "HTTP_REFERER": "\xff://[",
        "HTTP_SEC_FETCH_SITE": "?",
    },
    "a range": {
        "HTTP_RANGE": "bytes=-1-",
        "HTTP_IF_MODIFIED_SINCE": "x",
        "HTTP_IF_NONE_MATCH": "*",
    },
    "htmx": {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "\xff", "HTTP_HX_TARGET": "<x>"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_no_header_breaks_a_page(received, headers):
    client = Client(raise_request_exception=False)
    for path in _pages():
        assert client.get(path, **headers).status_code < 500, path
        assert client.post(path, {"words": STORY, "code": "1"}, **headers).status_code < 500, path


def test_a_host_that_is_not_ours_is_refused_and_not_our_fault(desk):
    client = Client(raise_request_exception=False)
    for host in ("evil.example", "\xff", "localhost:x", "[::1", "a" * 300):
        assert client.get("/", HTTP_HOST=host).status_code == 400, host


# -- the words come back --------------------------------------------------------------------------

# What a person can really type: letters of any script, signs, lines.
typed = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=300
).filter(lambda it: bool(it.strip()))


def _boxes(page):
    """Return what stands in the boxes of a page, as a browser would read it."""
    boxes = re.findall(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", page, re.DOTALL)
    lines = re.findall(r'<input[^>]* value="([^"]*)"', page)
    return [html.unescape(it) for it in [*boxes, *lines]]


@fuzz
@given(words=typed, nickname=typed)
def test_a_letter_that_is_too_long_comes_back_word_for_word(emi, words, nickname):
    long = (words * 4_001)[:4_050] + words.strip()[-1]
    answer = emi.post("/consult/", {"words": long, "nickname": nickname[:50]})
    if answer.status_code == 302:  # what is left without the spaces around it was short enough
        answer = emi.get("/consult/")
    assert long.strip() in [it.strip() for it in _boxes(answer.content.decode())]


@fuzz
@given(words=typed, nickname=typed)
def test_what_was_told_beside_an_empty_letter_comes_back(emi, words, nickname):
    answer = emi.post("/consult/", {"words": " ", "places": words, "since": nickname[:30]})
    boxes = _boxes(answer.content.decode())
    assert words in boxes
    assert nickname[:30] in boxes


@fuzz
@given(words=typed)
def test_a_letter_waiting_to_be_sent_is_shown_and_can_be_changed(emi, words):
    emi.post("/consult/", {"words": words})
    assert html.escape(words.strip()) in emi.get("/consult/check/").content.decode()
    assert words.strip() in [it.strip() for it in _boxes(emi.get("/consult/").content.decode())]


@fuzz
@given(words=typed)
def test_a_message_that_is_too_long_comes_back_word_for_word(emi, words):
    long = "あ" * 4_000 + words.strip()
    answer = emi.post("/my/messages/", {"words": long, "once": "x"})
    assert long in [it.strip() for it in _boxes(answer.content.decode())]


@fuzz
@given(words=typed)
def test_what_was_typed_comes_back_from_a_page_that_stood_open_too_long(emi, words):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for path in ("/consult/", "/my/messages/"):
        answer = strict.post(path, {"words": words})
        assert answer.status_code == 403
        assert words in _boxes(answer.content.decode()), path
