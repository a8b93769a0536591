"""The rules of the public pages, in a real browser: help first, exit, no trace, bare, codes."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from madoguchi.consultations.operations.receiving import Letter, receive
from madoguchi.rules.numbering import in_fours
from tests.journeys import places, steps
from tests.journeys.conftest import DESK, PHONE

STORY = places.STORY
# Words that would tell whoever reads a title, an address or a history over a shoulder.
TELLING = """
誹謗 中傷 悪口 いじめ 被害 加害 脅 おどし ストーカー つきまとい 性的 性暴力 わいせつ ポルノ リベンジ 裸 はだか
自殺 死にたい 消えたい 自傷 虐待 差別 人権 違法 有害 炎上 晒 さらし なりすまし 詐欺 だまされ 薬物 児童
殺 爆破 予告 犯罪 訴え 損害賠償 名誉 プライバシー侵害 援助交際 売春 闇バイト グロ 権利侵害
abuse bully crim defam discriminat drug fraud harass harm hate hibo chusho ijime jisatsu kill
nude porn rape revenge scam sex slander stalk suicid threat troll victim violen
""".split()
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture(autouse=True)
def _desk(desk):
    """These pages belong to the one desk there is."""


@pytest.fixture
def received(desk):
    """Emi's letter, sent earlier; its code is known."""
    return receive(desk=desk.pk, letter=Letter(words=STORY, channel="EMAIL"), at=timezone.now())


def _is_on_top(page, selector):
    """Tell whether the middle of an element is in sight and nothing lies over it."""
    return page.locator(selector).first.evaluate(
        """(it) => {
          const box = it.getBoundingClientRect();
          const inside = box.top >= 0 && box.bottom <= innerHeight && box.left >= 0
            && box.right <= innerWidth && box.width > 0;
          const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
          return inside && Boolean(top) && it.contains(top); }"""
    )


# -- 1: help first ----------------------------------------------------------------------


@SIZES
@pytest.mark.parametrize("prefix", places.LANGUAGES, ids=["ja", "easy", "en"])
def test_the_emergency_numbers_are_in_sight_without_scrolling(person, size, prefix):
    person.set_viewport_size(size)
    for path in ("/", "/consult/", "/urgent/"):
        person.goto(prefix + path)
        for number in ("110", "0120279338"):
            assert _is_on_top(person, f'main a[href="tel:{number}"]'), (path, number)


# -- 2: the exit -------------------------------------------------------------------------

_REACHED_BY_TAB = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter((it) => it.checkVisibility() && !it.disabled && it.type !== 'hidden')"""


def _exit_is_there(page, where):
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        height = page.evaluate("document.documentElement.scrollHeight")
        for at in (0, height // 2, height):
            page.evaluate("(at) => scrollTo(0, at)", at)
            assert _is_on_top(page, "[data-exit]"), (where, size, at)
    page.evaluate("scrollTo(0, 0)")
    second = page.evaluate(f"({_REACHED_BY_TAB})()[1].hasAttribute('data-exit')")
    assert second, where


def test_the_exit_is_always_there_and_never_covered(person):
    for where in places.public_addresses():
        person.goto(where)
        _exit_is_there(person, where)
    for where in places.along_the_way(person):
        _exit_is_there(person, where)


@pytest.mark.parametrize("path", ["/", "/consult/", "/my/", "/urgent/", "/no-such-page/"])
def test_the_exit_is_the_second_stop_of_the_tab_key(person, path):
    person.goto(path)
    person.keyboard.press("Tab")
    person.keyboard.press("Tab")
    expect(person.locator("[data-exit]")).to_be_focused()


_PRESS = """() => {
  const pressed = performance.now();
  document.querySelector('[data-exit]').click();
  return [performance.now() - pressed, document.documentElement.childElementCount];
}"""


def test_the_exit_empties_the_page_at_once_before_anything_is_asked_of_the_server(person):
    times = []
    for _try in range(3):  # the best of them, for a machine that was busy
        person.goto("/consult/")
        person.get_by_label("相談したいこと").fill(STORY)
        after, left = person.evaluate(_PRESS)
        assert left == 0
        times.append(after)
        person.wait_for_url("**/blank/")
    assert min(times) < 100
    assert person.locator("body").inner_text().strip() == ""


def test_shift_three_times_is_the_exit_too_but_not_while_one_types(person):
    person.goto("/consult/")
    person.get_by_label("相談したいこと").focus()
    for _press in range(3):
        person.keyboard.press("Shift")
    assert person.url.endswith("/consult/")
    person.locator("h1").click()
    for _press in range(3):
        person.keyboard.press("Shift")
    person.wait_for_url("**/blank/")


def _nothing_is_left_behind(page):
    """Go back as far as one can: no answer and no word is shown on the way."""
    for _page in range(8):
        page.go_back()
        assert (
            page.locator("main input:checked:not([value='']):not([value='my-page'])").count() == 0
        ), page.url
        assert STORY not in page.content()
        for box in page.locator("textarea").all():
            assert box.input_value() == "", page.url
        for code in page.locator(".code, .said").all():
            assert not code.is_visible(), page.url


@pytest.mark.parametrize("who", ["person", "person_without_scripts"])
def test_after_the_exit_the_back_button_shows_no_answer(who, request):
    page = request.getfixturevalue(who)
    steps.go_through_the_guide(page)
    page.goto("/consult/")
    page.get_by_label("相談したいこと").fill(STORY)
    page.locator("[data-exit]").click()
    page.wait_for_url("**/blank/")
    _nothing_is_left_behind(page)
    page.goto("/guide/result/")
    expect(page.locator('button[name="happened"]').first).to_be_visible()


@pytest.mark.parametrize("who", ["person", "person_without_scripts"])
def test_after_the_exit_the_back_button_shows_no_code_and_no_message(who, request):
    page = request.getfixturevalue(who)
    code = steps.consult(page, STORY)
    steps.open_my_page(page, code)
    page.locator("[data-exit]").click()
    page.wait_for_url("**/blank/")
    _nothing_is_left_behind(page)
    page.goto("/my/messages/")
    assert page.url.endswith("/my/")


# -- 3: no traces -------------------------------------------------------------------------


def _telling(text):
    return [word for word in TELLING if word in text.lower()]


_KEPT = """async () => [localStorage.length, sessionStorage.length, document.referrer,
  (await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length]"""


def _leaves_no_trace(page, where):
    assert not _telling(page.title()), (where, page.title())
    assert not _telling(page.url.split("/", 3)[3]), page.url
    assert page.evaluate(_KEPT) == [0, 0, "", 0, 0, 0], where
    for cookie in page.context.cookies():
        assert len(cookie["name"]) == 1, cookie["name"]
        assert cookie["expires"] == -1, cookie["name"]
        assert cookie["httpOnly"], cookie["name"]


@pytest.mark.parametrize("prefix", places.LANGUAGES, ids=["ja", "easy", "en"])
def test_no_page_leaves_a_trace(person, prefix):
    answers = []
    person.on("response", lambda it: it.request.resource_type == "document" and answers.append(it))
    for where in places.public_addresses(prefix):
        person.goto(where)
        _leaves_no_trace(person, where)
    for where in places.along_the_way(person, prefix):
        _leaves_no_trace(person, where)
    assert len(answers) > 40
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store", answer.url
        assert answer.headers["referrer-policy"] == "no-referrer", answer.url


def test_the_list_of_telling_words_is_long_and_finds_them():
    assert len(set(TELLING)) >= 60
    assert _telling("/windows/Hibo-hotline/") == ["hibo"]


# -- 5: works bare -------------------------------------------------------------------------


def test_the_first_page_is_light_and_needs_no_font_of_ours(person):
    weights, fonts = [], []
    person.route(
        "**/*",
        lambda it: (
            (fonts.append(it.request.url), it.abort())
            if it.request.resource_type == "font"
            else it.continue_()
        ),
    )
    person.on("requestfinished", lambda it: weights.append(it.sizes()["responseBodySize"]))
    person.goto("/", wait_until="networkidle")
    assert 10_000 < sum(weights) < 100_000
    steps.go_through_the_guide(person)
    code = steps.consult(person, STORY)
    steps.open_my_page(person, code)
    assert steps.said_on_my_page(person) == [STORY]


# -- 9: forgiving forms -----------------------------------------------------------------------


def test_an_error_keeps_everything_and_takes_one_to_the_field(person):
    person.goto("/consult/")
    assert person.locator("main :required").count() <= 1
    person.locator(".tell-more summary").click()
    texts = {
        "service": "短い動画のアプリ",
        "places": "ｈｔｔｐｓ：//example.com\n分からない",
        "since": "令和７年の春",
        "nickname": "えみ",
    }
    for name, text in texts.items():
        person.locator(f"[name={name}]").fill(text)
    steps.tick(person, "wants", "w3")
    steps.tick(person, "age_group", "TEENS")
    person.get_by_role("button", name="確かめるページへ").click()
    summary = person.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    for name, text in texts.items():
        expect(person.locator(f"[name={name}]")).to_have_value(text)
    expect(person.locator("[name=wants][value=w3]")).to_be_checked()
    expect(person.locator("[name=age_group][value=TEENS]")).to_be_checked()
    summary.get_by_role("link").click()
    expect(person.get_by_label("相談したいこと")).to_be_focused()


# -- 10: a code that people can use --------------------------------------------------------------

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
TYPED = {
    "plain": lambda code: code,
    "as shown": in_fours,
    "spaces": lambda code: in_fours(code).replace("-", " "),
    "full-width spaces": lambda code: in_fours(code).replace("-", "　"),
    "full-width": lambda code: code.translate(_WIDE),
    "full-width, long bars": lambda code: in_fours(code).translate(_WIDE).replace("-", "ー"),
    "dashes": lambda code: in_fours(code).replace("-", "–"),
    "with spaces around": lambda code: f"　{in_fours(code)} ",
}


def test_a_code_opens_the_page_in_eight_ways_of_typing_it(person, received):
    assert len(TYPED) == 8
    for way, typed in TYPED.items():
        steps.open_my_page(person, typed(received.code))
        assert steps.said_on_my_page(person) == [STORY], way
        person.goto("/exit/")


def test_one_wrong_digit_is_said_and_what_was_typed_stays(person, received):
    wrong = received.code[:-1] + str((int(received.code[-1]) + 1) % 10)
    person.goto("/my/")
    assert person.get_by_label("受付コード").get_attribute("inputmode") == "numeric"
    person.get_by_label("受付コード").fill(wrong)
    person.get_by_role("button", name="開く").click()
    expect(person.get_by_role("alert")).to_contain_text("どこか1字ちがうようです")
    expect(person.get_by_label("受付コード")).to_have_value(wrong)
