"""The data people rely on: true numbers, named sources, three languages, readings."""

import datetime as dt
import json
import re
from importlib.resources import files
from pathlib import Path

import phonenumbers
import pytest

from madoguchi.directory import emergency
from madoguchi.directory.editions import advice, current, matrix_labels, services
from madoguchi.directory.questions import all_questions, fact_texts
from madoguchi.directory.reading import DirectoryError, conditions, read, texts
from madoguchi.directory.windows import WINDOW_IDS, all_windows
from madoguchi.rules.guidance.edition import Texts
from madoguchi.ui.templatetags.ui import plain

DATA = Path(str(files("madoguchi.directory"))) / "data"
FILES = [path for path in sorted(DATA.rglob("*.*")) if path.suffix in {".toml", ".json"}]
# Misprints in the sources, FAX numbers that contradict each other, and unverified lines.
NEVER = (
    *("0570-0003-110", "05700003110", "0570-046-556", "06-6760-4014", "06-6581-4014"),
    *("0120-061-338", "0120-783-556", "0120-0-78310", "#8103", "#8891", "セーフアー"),
)
# Short and special numbers are not in any numbering plan that phonenumbers knows.
SHORT = {"110", "188", "#9110"}
KANJI = re.compile(r"[\u3400-\u9fff々]")


def every_text():
    for window in all_windows().values():
        for name, value in vars(window).items():
            found = value if isinstance(value, tuple) else (value,)
            yield from ((window.id, it) for it in found if isinstance(it, Texts))
            if name == "limits":
                yield from ((window.id, it.text) for it in value)
        for channel in window.channels:
            values = vars(channel).values()
            yield from ((window.id, it) for it in values if isinstance(it, Texts))
    for question in all_questions().values():
        yield from ((question.id, it) for it in (question.title, question.hint))
        yield from ((it.value, it.text) for it in question.options)
        yield from ((it.value, it.hint) for it in question.options if it.hint)
    yield from ((rule.id, rule.why) for rule in current().rules)
    yield from ((topic.row, topic.name) for topic in current().topics)
    for table in (advice(), fact_texts(), emergency.titles(), matrix_labels()):
        yield from table.items()
    yield from ((name, it["name"]) for name, it in services().items())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("number", NEVER)
def test_no_misprint_of_a_source_got_in(path, number):
    assert number not in path.read_text()


def test_every_number_is_a_number_of_japan_written_as_its_window_does():
    for window in all_windows().values():
        for channel in (*window.phones, *emergency.numbers().values()):
            for dial, shown in (
                (channel.number, channel.display),
                (channel.ip_phone, channel.ip_display),
            ):
                assert re.sub(r"[^0-9#]", "", shown) == dial
                if dial and dial not in SHORT:
                    assert phonenumbers.is_valid_number(phonenumbers.parse(dial, "JP")), dial


def test_a_charged_number_says_so():
    for window in all_windows().values():
        for channel in window.phones:
            if channel.number.startswith("0570"):
                assert "通話料" in channel.cost.ja


def test_each_number_of_the_directory_has_one_spelling_everywhere():
    spelt = {}
    for window in all_windows().values():
        for channel in (*window.phones, *emergency.numbers().values()):
            spelt.setdefault(channel.number, set()).add(channel.display)
    assert all(len(spellings) == 1 for spellings in spelt.values())


def test_the_matrix_has_all_rows_and_the_doubts_of_the_source():
    rows = read("matrix.json")["rows"]
    doubtful = [
        (row["row"], window)
        for row in rows
        for window, cell in row["cells"].items()
        if not cell["certain"]
    ]
    assert len(rows) == 26
    assert all(len(row["cells"]) == 6 for row in rows)
    assert ("いじめ", "houterasu") in doubtful
    assert len(doubtful) == 11


def test_the_windows_are_those_of_the_contract_each_with_source_and_day():
    assert tuple(all_windows()) == WINDOW_IDS
    for window in all_windows().values():
        assert window.sources
        assert window.checked_on <= current().as_of
        assert window.can
        assert window.cannot
        assert window.channels


def test_a_check_grows_old_after_half_a_year():
    window = all_windows()["moj"]
    assert not window.is_stale(window.checked_on + dt.timedelta(days=180))
    assert window.is_stale(window.checked_on + dt.timedelta(days=181))


def test_easy_texts_read_every_kanji_and_nothing_else():
    for where, text in every_text():
        outside = re.sub(r"\{[^{}]*\}", "", text.easy)
        assert not KANJI.search(outside), (where, text.easy)
        assert "{" not in text.ja + text.en, where


def test_easy_sentences_are_short():
    for where, text in every_text():
        for sentence in re.split(r"[。！？]", plain(text.easy)):
            assert len(sentence.replace(" ", "")) <= 34, (where, sentence)


def test_english_is_english():
    for where, text in every_text():
        assert not KANJI.search(text.en), (where, text.en)


def test_an_ordinance_holds_from_its_day():
    assert current().ordinances == {"大阪府", "兵庫県"}
    assert {it["prefecture"] for it in read("prefectures.toml")["unconfirmed"]} == {"群馬県"}


def test_the_designated_services_are_those_of_the_dated_list():
    assert len(current().designated) == 14
    assert (
        not {"5ch", "google-maps", "note", "hatena", "matome", "line-talk"} & current().designated
    )


def test_what_is_misspelt_is_said_with_its_place():
    with pytest.raises(DirectoryError, match="windows/nowhere"):
        read("windows/nowhere.toml")
    with pytest.raises(DirectoryError, match="one of ja, easy, en"):
        texts({"ja": "はい", "easy": "はい"}, "here")
    with pytest.raises(DirectoryError, match="no fact called weather"):
        conditions({"weather": ["rain"]}, "here")
    with pytest.raises(DirectoryError, match="kinds cannot be"):
        conditions({"kinds": ["a99"]}, "here")


def test_every_source_file_says_which_format_it_is():
    for path in FILES:
        text = path.read_text()
        assert "format" in (json.loads(text) if path.suffix == ".json" else text) or (
            path.parent.name == "windows"
        )
