"""Every public page in Japanese, やさしい日本語 and English: nothing left out, nothing left raw."""

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.translation import override

from madoguchi.consultations.operations.chatting import take_talk
from madoguchi.correspondence.models import Talk
from madoguchi.correspondence.operations.chat import keep_typed, set_room
from madoguchi.desks.queries import public_desk
from madoguchi.directory.history import editions
from madoguchi.directory.windows import WINDOW_IDS
from madoguchi.guide.templatetags.spoken import prefecture
from madoguchi.rules.access import Role
from madoguchi.ui import dates, views
from madoguchi.ui.languages import PREFIXES, LanguagePrefix
from tests.people import hire

ROOT = Path(__file__).resolve().parent.parent.parent
KANJI = re.compile(r"[\u3400-\u9fff々〆]+")
# Kana, kanji and the marks that belong to Japanese sentences alone.
JAPANESE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff々〆。、「」：・（）]+")
RAW = re.compile(r"\{[^{}|\s]+\||\|[\u3041-\u309f]+\}")

# -- what may stay Japanese, or without a reading --------------------------------------
# In both languages: whatever stands in an element that says lang="ja". These are
#   the language switcher (a language is called by its own name), the desk's own name,
#   and the names of sources and the doubts about them, which are cited as they are written.
# In English, too: the desk's name inside a sentence ("Write to ネットハーモニー"), and the
#   label of the switcher, which must be understood before a language is chosen.
LABELS_OF_THE_SWITCHER = {"ことば・Language"}
# In やさしい日本語 readings cannot be drawn in these; options say them in kana or in brackets,
#   and what is for ears alone is not read twice.
WITHOUT_RUBY = {"title", "option", "textarea", "visually-hidden"}
READ_IN_BRACKETS = re.compile(r"[\u3400-\u9fff々〆]+（[\u3041-\u309fー]+）")
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}


@dataclass
class Page(HTMLParser):
    """The words of a page, each with the elements it stands in."""

    html: str
    lang: str = ""
    words: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.feed(self.html)
        self.close()

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "html":
            self.lang = told["lang"]
        elif tag not in {"input", "meta", "link", "br", "img", "path", "rect"}:
            mark = "visually-hidden" if told.get("class") == "visually-hidden" else tag
            self.open.append("ja" if told.get("lang") == "ja" else mark)
        if "ja" not in self.open:
            self.attributes += [told[it] for it in SPOKEN_ATTRIBUTES & set(told)]

    def handle_startendtag(self, tag, attrs):
        """Hold nothing open."""

    def handle_endtag(self, tag):
        if tag != "html" and tag not in {"path", "rect"}:
            self.open.pop()

    def handle_data(self, data):
        if data.strip():
            self.words.append((data, tuple(self.open)))

    def outside(self, *elements):
        return [text for text, within in self.words if not set(elements) & set(within)]


# -- every public page -----------------------------------------------------------------


# What stands for the variable parts of an address, by its name. Every such name must be here.
SAMPLES = {
    "window": [{"slug": it} for it in WINDOW_IDS if it != "own"],
    "edition": [{"name": it} for it in editions()],
    # 大阪府, 兵庫県 and 群馬県 have desks of their own, 東京都 stands for those that have none.
    "place": [{"code": it} for it in (27, 28, 10, 13)],
}
# Calendars and files to download, pictures, what a talk's page asks while it is open: no pages.
NO_PAGES = {"place-hours", "hours", "talk", "typed", "file-page", "paper"}
# Published figures: tests/web/test_published_figures.py asks for them in every language.
NO_PAGES |= {"published", "published-file"}
# Pages of one hand-over: tests/web/test_my_handovers.py asks for them in every language.
NO_PAGES |= {"expert"}  # tests/web/test_my_experts.py
NO_PAGES |= {"handover", "stop-handover", "take-handover", "entrance"}


def _named(patterns, app="") -> Iterator[tuple[str, str, bool]]:
    """Yield app, name and whether a part of the address varies."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _named(pattern.url_patterns, pattern.namespace or app)
        elif isinstance(pattern, URLPattern):
            yield app, pattern.name, "<" in str(pattern.pattern)


def _public() -> Iterator[str]:
    """Yield the addresses that config/urls.py gives to every language, without the prefix."""
    for resolver in get_resolver().url_patterns:
        if isinstance(resolver, URLResolver) and isinstance(resolver.pattern, LanguagePrefix):
            for app, name, varies in _named(resolver.url_patterns):
                if name not in NO_PAGES:
                    for told in SAMPLES[name] if varies else [{}]:
                        with override("ja"):
                            yield reverse(f"{app}:{name}", kwargs=told).removeprefix("/")


PUBLIC = sorted(set(_public()))


def _answered(prefix) -> Iterator[tuple[str, str]]:
    """Yield the guide's pages as they look on the way."""
    told = [
        {"kinds": ["a1", "a2", "a5", "a6", "a7"]},
        {"wants": ["w2", "w3"], "removal": ["d1"]},
        {"who": "guardian", "under18": "yes"},
    ]
    emi = Client()
    there = emi.post(f"{prefix}/guide/", {"happened": "a", "danger_now": "yes"})
    yield "danger", emi.get(there.url).text
    there = emi.post(f"{prefix}/guide/", {"happened": "a"})
    for page in told:
        yield there.url, emi.get(there.url).text
        there = emi.post(there.url, page)
    yield "result", emi.get(there.url).text
    emi.post(there.url, {"service": "x", "asked_platform": "no", "prefecture": "大阪府"})
    yield "refined", emi.get(there.url).text
    yield "print", emi.get(f"{prefix}/guide/print/").text
    yield "print-answers", emi.post(f"{prefix}/guide/print/", {"answers": "yes"}).text
    for happened in "bcdefg":
        emi = Client()
        there = emi.post(f"{prefix}/guide/", {"happened": happened})
        yield f"after-{happened}", emi.get(there.url).text


def _written(prefix) -> Iterator[tuple[str, str]]:
    """Yield the letterbox's and my-page's pages as they look on the way."""
    emi = Client()
    told = {"words": "Help", "safe_now": "no", "wants": ["w1", "w2"], "who": "self"}
    emi.post(f"{prefix}/guide/", {"happened": "a"})
    yield "nothing-written", emi.post(f"{prefix}/consult/", {"words": ""}).text
    yield "too-long", emi.post(f"{prefix}/consult/", {"words": "x" * 5_000}).text
    yield "lost", Client().get(f"{prefix}/consult/check/", follow=True).text
    there = emi.post(f"{prefix}/consult/", told)
    yield "first", emi.get(there.url).text
    yield "check", emi.get(f"{prefix}/consult/check/").text
    emi.post(f"{prefix}/consult/check/")
    done = emi.get(f"{prefix}/consult/done/").text
    yield "done", done
    yield "covered", emi.get(f"{prefix}/consult/done/").text
    emi.post(f"{prefix}/consult/code/", {"do": "copied"})
    yield "over", emi.get(f"{prefix}/consult/done/").text
    yield from _at_my_page(prefix, re.sub("<[^>]+>", "", re.search('"code">(.+?)</p>', done)[1]))


def _at_my_page(prefix, code) -> Iterator[tuple[str, str]]:
    emi = Client()
    another = f"{int(code[0]) ^ 1}{code[1:]}"
    for name, typed in (("empty", ""), ("short", "12"), ("typo", another), ("wrong", "0" * 16)):
        yield f"code-{name}", emi.post(f"{prefix}/my/", {"code": typed}).text
    emi.post(f"{prefix}/my/", {"code": code})
    talk = f"{prefix}/my/messages/"
    yield "talk", emi.get(talk).text
    yield "talk-danger", emi.post(talk, {"words": "I want to die"}).text
    emi.post(talk, {"words": "more", "once": "1"})
    yield "talk-more", emi.get(talk).text
    session = emi.session
    told = session["my"]
    used = dt.datetime.fromisoformat(told["used_at"]) - dt.timedelta(hours=1)
    session["my"] = {**told, "used_at": used.isoformat()}
    session.save()
    yield "closed", emi.post(talk, {"words": "late"}).text


def _chatted(prefix) -> Iterator[tuple[str, str]]:
    """Yield the chat's pages as they look on the way."""
    emi, desk, at = Client(), public_desk(), timezone.now()
    set_room(desk=desk.pk, actor=None, is_open=True, by_hours=False, at=at)
    yield "chat", emi.get(f"{prefix}/chat/").text
    emi.post(f"{prefix}/chat/", {"words": "Help", "once": f"first{prefix}"})
    emi.post(f"{prefix}/chat/", {"words": "Hello", "once": f"second{prefix}"})
    yield "chat-queue", emi.get(f"{prefix}/chat/talk/").text
    yield "chat-again", emi.get(f"{prefix}/chat/talk/?again=1").text
    emi.post(f"{prefix}/chat/talk/", {"words": "I want to die", "once": "danger"})
    row = Talk.objects.latest("opened_at")
    adviser = hire(desk.pk, f"adviser{prefix.strip('/')}", "Aoi", Role.ADVISER)
    take_talk(talk=row.pk, actor=adviser.actor, at=at)
    keep_typed(talk=row.pk, actor=adviser.actor, field="line", words="Yes", at=timezone.now())
    yield "chat-talk", emi.get(f"{prefix}/chat/talk/").text
    yield "chat-code", emi.post(f"{prefix}/chat/talk/code/").text
    emi.post(f"{prefix}/chat/talk/", {"words": "late", "do": "look"})
    emi.post(f"{prefix}/chat/leave/")
    yield "chat-over", emi.get(f"{prefix}/chat/over/").text
    set_room(desk=desk.pk, actor=None, is_open=True, at=at)
    yield "chat-closed", Client().post(f"{prefix}/chat/", {"words": "late"}).text


def _troubled(prefix) -> Iterator[tuple[str, str]]:
    """Yield the pages for what went wrong."""
    request = RequestFactory().get(f"{prefix}/urgent/")
    sent = RequestFactory().post(f"{prefix}/consult/", {"words": "Help"})
    yield "expired", views.form_expired(request).text
    yield "expired-written", views.form_expired(sent).text
    yield "unreadable", views.bad_request(request).text
    yield "too-big", views.bad_request(request, RequestDataTooBig()).text
    yield "refused", views.refused(request).text
    yield "not-found", views.not_found(request).text
    yield "our-fault", views.server_error(request).text


def _pages(language) -> dict[str, Page]:
    """Return every page in a language, by name, as far as one person can see them."""
    prefix = "/" + PREFIXES[language].rstrip("/")
    seen = {it: Client().get(f"{prefix}/{it}", follow=True).text for it in PUBLIC if it != "exit/"}
    for walk in (_answered, _written, _chatted, _troubled):
        seen |= dict(walk(prefix))
    return {name: Page(html) for name, html in seen.items()}


@pytest.fixture
def english(desk):
    return _pages("en")


@pytest.fixture
def easy(desk):
    return _pages("ja-easy")


# -- the sentences ---------------------------------------------------------------------


def test_the_catalogues_say_every_sentence():
    tool = [sys.executable, ROOT / "tools" / "messages.py", "check"]
    said = subprocess.run(tool, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.stdout.strip() == ""
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_is_at_its_place_in_every_language(desk, address):
    seen = set()
    for language, prefix in PREFIXES.items():
        answer = Client().get(f"/{prefix}{address}")
        onward = urlsplit(answer.headers.get("Location", "")).path
        assert onward == "" or onward.startswith(f"/{prefix}")
        seen.add((answer.status_code, onward.removeprefix(f"/{prefix}")))
        if answer.status_code == 200:
            assert f'<html lang="{language.partition("-")[0]}">' in answer.text
            assert answer["Content-Language"] == language.partition("-")[0]
    assert len(seen) == 1
    assert seen.pop()[0] in {200, 302, 303}


def _left(pages, within) -> dict[str, list[str]]:
    """Return what `within` finds on each page, where it finds anything."""
    return {name: found for name, page in pages.items() if (found := list(within(page)))}


def test_no_reading_is_left_raw_anywhere(english, easy):
    assert _left(english, lambda page: RAW.findall(page.html)) == {}
    assert _left(easy, lambda page: RAW.findall(page.html)) == {}


def test_english_pages_are_in_english(english, desk):
    def left(page):
        for words in (*page.outside("ja", "script"), *page.attributes):
            if words not in LABELS_OF_THE_SWITCHER and JAPANESE.search(
                words.replace(desk.name, "")
            ):
                yield words

    assert _left(english, left) == {}


def test_easy_pages_carry_a_reading_over_every_kanji(easy):
    def left(page):
        return [it for it in page.outside("ja", "ruby", *WITHOUT_RUBY) if KANJI.search(it)]

    assert _left(easy, left) == {}


def test_options_in_easy_words_need_no_ruby(easy):
    said = [text for text, within in easy["result"].words if "option" in within]
    assert "大阪府（おおさかふ）" in said
    assert [it for it in said if KANJI.search(READ_IN_BRACKETS.sub("", it))] == []


def test_every_page_walked_to_is_the_one_meant(english):
    """A walk that goes astray would prove nothing."""
    heading = {
        name: page.html.partition("<h1")[2].partition("</h1>")[0] for name, page in english.items()
    }
    for name, said in {
        "result": "Help desks for you",
        "first": "Thank you for writing",
        "check": "Send this?",
        "done": "We have received it",
        "over": "Received",
        "talk": "Messages",
        "talk-danger": "Thank you for writing",
        "closed": "The page was closed",
        "lost": "The unsent text is gone",
        "our-fault": "Something went wrong on our side",
    }.items():
        assert said in heading[name], name


@pytest.mark.parametrize(
    ("number", "english", "easy"),
    [(1, "1 day", "{1日|いちにち}"), (3, "3 days", "{3日|みっか}"), (12, "12 days", "12{日|にち}")],
)
def test_a_number_of_days_is_said_as_people_say_it(number, english, easy):
    assert dates.days(number, "ja") == f"{number}日"
    assert dates.days(number, "en") == english
    assert dates.days(number, "ja-easy") == easy


def test_a_full_hour_has_no_minutes_in_easy_words():
    at = dt.datetime(2026, 11, 24, 21, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    assert dates.time(at, "ja-easy") == "21{時|じ}"
    assert dates.time(at, "ja") == "21時00分"


def test_a_prefecture_has_a_name_in_every_language():
    said = []
    for language in PREFIXES:
        with override(language):
            said.append(prefecture("大阪府"))
    assert said == ["大阪府", "{大阪府|おおさかふ}", "Osaka Prefecture"]
    assert prefecture("どこか") == "どこか"
