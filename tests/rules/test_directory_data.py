"""The data people rely on: true numbers, named sources, three languages, readings."""

import datetime as dt
import json
import re
from importlib.resources import files
from pathlib import Path

import phonenumbers
import pytest
from click.testing import CliRunner

from madoguchi.cli.windows import windows
from madoguchi.directory import emergency
from madoguchi.directory.checks import every_fact, stale
from madoguchi.directory.clocks import clocks, running
from madoguchi.directory.editions import advice, current, designated, matrix_labels, services
from madoguchi.directory.facts import facts, sources
from madoguchi.directory.history import editions
from madoguchi.directory.local import all_local
from madoguchi.directory.questions import all_questions, fact_texts
from madoguchi.directory.reading import DirectoryError, conditions, read, texts
from madoguchi.directory.windows import WINDOW_IDS, all_windows, labels
from madoguchi.rules.guidance.answers import Answers
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


def every_window():
    yield from all_windows().values()
    for place in all_local().values():
        yield from place.windows


def every_text():
    for window in every_window():
        yield from ((window.id, it.text) for it in window.details)
        yield from ((window.id, it.text) for it in [window.busy] if it)
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
    yield from labels().items()
    yield from texts_of_clocks_and_editions()
    yield from texts_of_prefectures()


def texts_of_clocks_and_editions():
    for clock in clocks():
        yield from ((clock.id, it) for it in (clock.name, clock.length, clock.starts))
    for told in editions().values():
        yield from ((told.name, it) for it in (told.date, told.title, told.text))
        yield from ((told.name, it.text) for it in (*told.changes, *told.nodes))


def texts_of_prefectures():
    for place in all_local().values():
        for it in place.ordinances:
            yield from ((place.prefecture, text) for text in (it.name, it.scope))
            yield from ((place.prefecture, article.text) for article in it.articles)
        if place.report:
            yield place.prefecture, place.report.asks
            yield from ((place.prefecture, it.text) for it in place.report.states)


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


def test_every_fact_says_where_it_comes_from_and_when_it_was_checked():
    found = list(every_fact())
    assert len(found) > 350
    for where, fact in found:
        assert fact.sources, where
        assert isinstance(fact.checked_on, dt.date), where
    named = {fact.name for _, fact in found}
    assert {"who", "asks", "time", "everyone.number", "everyone.hours", "everyone.cost"} <= named


def test_every_channel_has_its_number_hours_and_cost_among_the_facts():
    for window in every_window():
        for channel in window.channels:
            assert f"{channel.id}.cost" in window.facts
            assert not channel.number or f"{channel.id}.number" in window.facts
            assert not channel.hours or f"{channel.id}.hours" in window.facts


def test_a_fact_without_source_day_or_reason_to_be_there_is_refused():
    row = {"of": ["who"], "source": ["guide"], "checked_on": dt.date(2026, 11, 22)}
    assert facts([row], ["who"], "here")["who"].sources[0].id == "guide"
    for broken, wanted in (
        ([], ["who"]),
        ([row], ["who", "asks"]),
        ([row], []),
        ([row, row], ["who"]),
        ([row | {"source": ["hearsay"]}], ["who"]),
        ([row | {"checked_on": None}], ["who"]),
    ):
        with pytest.raises(DirectoryError, match="here"):
            facts(broken, wanted, "here")


def test_every_source_is_somebodys_and_every_source_is_used():
    used = {it.id for _, fact in every_fact() for it in fact.sources}
    for told in editions().values():
        used |= {it.id for change in told.changes for it in change.fact.sources}
    assert used == set(sources())


def test_what_is_doubtful_is_unconfirmed():
    windows = all_windows()
    for window, fact in (
        ("police", "consult.hours"),
        ("consumer", "188.number"),
        ("houterasu", "details.means"),
        ("safeline", "details.identity"),
        ("moj", "line.cost"),
    ):
        assert not windows[window].is_sure(fact), (window, fact)
    assert windows["moj"].is_sure("everyone.number")


def test_the_facts_to_check_again_are_listed_after_half_a_year():
    assert stale(dt.date(2027, 5, 21)) == []
    assert len(stale(dt.date(2027, 5, 22))) == len(list(every_fact()))


@pytest.mark.parametrize(("on", "code"), [("2027-05-21", 0), ("2027-05-22", 1)])
def test_the_command_lists_every_fact_to_check_again(on, code):
    done = CliRunner().invoke(windows, ["--check", "--on", on])
    assert done.exit_code == code
    rows = [row.split("\t") for row in done.output.splitlines()]
    assert len(rows) == (len(list(every_fact())) if code else 0)
    assert not code or ["moj", "everyone.number", "2026-11-22"] in [row[:3] for row in rows]


def test_the_designated_services_are_those_of_the_dated_list():
    assert len(current().designated) == 14
    assert (
        not {"5ch", "google-maps", "note", "hatena", "matome", "line-talk"} & current().designated
    )


@pytest.mark.parametrize(
    ("on", "count"),
    [("2025-04-30", 0), ("2025-07-30", 0), ("2025-07-31", 10), ("2025-09-01", 14)],
)
def test_the_duty_to_answer_in_seven_days_holds_from_its_day_not_from_the_designation(on, count):
    assert len(designated(dt.date.fromisoformat(on))) == count


def test_every_clock_names_its_start_and_its_basis():
    assert {it.id for it in clocks()} >= {"log", "platform-seven", "opinion-two", "damages"}
    assert all(it.basis and it.fact.sources for it in clocks())


@pytest.mark.parametrize(
    ("told", "ids"),
    [
        ({"happened": "a", "kinds": ["a1"], "wants": ["w4"]}, {"log", "damages"}),
        ({"happened": "a", "kinds": ["a5"], "wants": ["w2"]}, {"opinion-two"}),
        ({"happened": "a", "kinds": ["a1"], "service": "x"}, {"platform-seven"}),
        ({"happened": "a", "kinds": ["a1"], "service": "5ch"}, set()),
        ({"happened": "e", "posted": ["e2"]}, {"letter"}),
        ({"happened": "f"}, set()),
    ],
)
def test_a_clock_is_shown_to_whom_it_matters(told, ids):
    assert {it.id for it in running(current().facts(Answers.parsed(told)))} == ids


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


@pytest.mark.parametrize("table", ["guidance-rules.toml", "advice.toml"])
def test_what_a_rule_rests_on_can_be_looked_up_by_others(table):
    told = (DATA / table).read_text("utf-8")
    named = re.findall(r'^source = "(.*)"$', told, re.MULTILINE)
    assert named
    assert not [it for it in named if ".md" in it or "contracts" in it]
