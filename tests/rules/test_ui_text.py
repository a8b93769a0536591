"""Words, readings, dates and addresses, as every page writes them."""

import datetime as dt
import re

import pytest
from django.utils.safestring import SafeString
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.calendar import JAPAN
from madoguchi.ui import dates, languages
from madoguchi.ui.icons import DRAWINGS
from madoguchi.ui.templatetags import ui

EVENING = dt.datetime(2025, 11, 25, 9, 30, tzinfo=dt.UTC)  # 18:30 in Japan
AFTER_MIDNIGHT = dt.datetime(2025, 11, 25, 15, 5, tzinfo=dt.UTC)  # the 26th in Japan


def test_a_reading_is_drawn_above_its_kanji_and_the_sentence_stays_one_piece():
    assert ui.ruby("{相談|そうだん}できます") == (
        "<span><ruby>相談<rt>そうだん</rt></ruby>できます</span>"
    )


def test_a_reading_can_be_dropped():
    assert ui.plain("{相談|そうだん}できる{窓口|まどぐち}") == "相談できる窓口"


@pytest.mark.parametrize("words", ["", "相談", "{", "a|b", "{かっこ}", "{|}", "{a|b|c}"])
def test_words_without_readings_stay_as_they_are(words):
    assert ui.ruby(words) == words
    assert ui.plain(words) == words


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "{<img src=x onerror=alert(1)>|よみ}",
        "{字|<svg onload=alert(1)>}",
        '{字|"><script>}',
        "{a|</rt></ruby><b>}",
    ],
)
def test_readings_let_no_markup_through(attack):
    rest = re.sub(r"</?(span|ruby|rt)>", "", ui.ruby(attack))
    assert "<" not in rest
    assert ">" not in rest


@given(st.text(alphabet="{|}<>&\"'漢かa/"))
def test_readings_let_no_markup_through_whatever_is_typed(text):
    rest = re.sub(r"</?(span|ruby|rt)>", "", ui.ruby(text))
    assert not set("<>\"'") & set(rest)


def test_markup_that_is_already_safe_is_not_escaped_twice():
    assert ui.ruby(SafeString("<b>{字|じ}</b>")) == (
        "<span><b><ruby>字<rt>じ</rt></ruby></b></span>"
    )


def test_a_receipt_code_is_set_in_fours():
    assert ui.digits4("1234567890123456") == "1234-5678-9012-3456"
    assert ui.digits4(12345) == "1234-5"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "令和7年11月25日（火）18時30分"),
        ("en", "Tuesday 25 November 2025, 18:30 (Japan time)"),
    ],
)
def test_an_instant_is_written_in_the_language_of_the_page(language, said):
    with override(language):
        assert ui.wareki_time(EVENING) == said


def test_easy_dates_have_the_common_year_and_all_their_readings():
    assert dates.day(EVENING, "ja-easy") == "2025{年|ねん}11{月|がつ}25{日|にち}（{火|か}）"
    assert dates.time(EVENING, "ja-easy") == "18{時|じ}30{分|ぷん}"
    with override("ja-easy"):
        assert re.findall(r"<rt>(.*?)</rt>", ui.wareki_time(EVENING)) == [
            "ねん",
            "がつ",
            "にち",
            "か",
            "じ",
            "ぷん",
        ]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (1, "{1日|ついたち}"),
        (14, "{14日|じゅうよっか}"),
        (20, "{20日|はつか}"),
        (21, "21{日|にち}"),
    ],
)
def test_days_with_a_reading_of_their_own_have_it(day, said):
    assert said in dates.day(dt.date(2026, 1, day), "ja-easy")


@pytest.mark.parametrize(
    ("minute", "reading"), [(5, "ふん"), (10, "ぷん"), (12, "ふん"), (16, "ぷん")]
)
def test_minutes_are_read_as_people_say_them(minute, reading):
    at = dt.datetime(2026, 1, 1, 9, minute, tzinfo=JAPAN)
    assert f"{{分|{reading}}}" in dates.time(at, "ja-easy")


def test_the_day_is_the_day_in_japan():
    assert ui.wareki(AFTER_MIDNIGHT) == "令和7年11月26日（水）"
    assert ui.short_day(AFTER_MIDNIGHT) == "11月26日（水）"
    assert ui.clock(AFTER_MIDNIGHT) == "0時05分"
    assert ui.wareki(dt.date(2025, 11, 25)) == "令和7年11月25日（火）"


def test_no_date_is_written_as_nothing():
    for write in (ui.wareki, ui.wareki_time, ui.short_day, ui.clock, ui.moment):
        assert write(None) == ""


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("110", "tel:110"),
        ("#9110", "tel:%239110"),
        ("0570-078374", "tel:0570078374"),
        ("050-3655-0279", "tel:05036550279"),
        ('0120"><script>', "tel:0120"),
    ],
)
def test_a_number_is_dialled_as_a_telephone_expects_it(number, dialled):
    assert f'href="{dialled}"' in ui.tel(number)


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/", "ja"),
        ("/easy/", "ja-easy"),
        ("/en/urgent/", "en"),
        ("/desk/", "ja"),
        ("/english/", "ja"),
        ("/urgent/en/", "ja"),
    ],
)
def test_the_address_alone_tells_the_language(path, language):
    assert languages.language_of(path) == language


@pytest.mark.parametrize("start", ["/urgent/", "/easy/urgent/", "/en/urgent/"])
def test_a_page_has_one_address_per_language(start):
    assert [languages.same_page_in(start, language) for language in languages.PREFIXES] == [
        "/urgent/",
        "/easy/urgent/",
        "/en/urgent/",
    ]


def test_every_drawing_takes_its_colour_from_the_words_around_it():
    for drawing in DRAWINGS.values():
        assert "#" not in drawing
        assert "fill" not in drawing
        assert "style" not in drawing
