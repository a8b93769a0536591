"""What nobody confirmed is told with that word, wherever it is told: each fact, each output."""

import csv
import datetime as dt
import html
import io
import json
import re

import pytest
from click.testing import CliRunner

from madoguchi.cli.windows import windows as windows_command
from madoguchi.directory import emergency, hsds
from madoguchi.directory.editions import services
from madoguchi.directory.facts import DOUBT
from madoguchi.directory.local import all_local
from madoguchi.directory.telling import guided_by_answers, window_told
from madoguchi.directory.windows import all_windows, labels
from madoguchi.guide.queries.hours_file import has_hours, hours_file
from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.guidance import Answers
from madoguchi.rules.guidance.edition import Texts
from madoguchi.ui.templatetags.ui import plain

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 24, 10, tzinfo=JAPAN)
LANGUAGES = {"": "ja", "/easy": "ja-easy", "/en": "en"}
LOCAL = [(it.code, window) for it in all_local().values() for window in it.windows]
EVERY = [*all_windows().values(), *(window for _, window in LOCAL)]
DOUBTFUL = [it for it in EVERY if any(fact.unconfirmed for fact in it.facts.values())]
PUBLIC = [it for it in DOUBTFUL if it.id in all_windows()]
# Answers by which every doubtful window that is ever recommended gets its card.
SITUATIONS = (
    {"happened": "c"},
    {"happened": "a", "kinds": ["a1"], "wants": ["w2"], "under18": True},
    {"happened": "a", "kinds": ["a5"], "wants": ["w2"]},
    {"happened": "b"},
    {"happened": "e", "posted": ["e2"]},
)
# How far behind a number, an address or hours their mark may stand, in letters.
_NEAR = 160


def read_aloud(page):
    """Return the words of a page in one line; addresses count as words, readings do not."""
    page = re.sub(r"<rt>.*?</rt>", "", page)
    page = re.sub(r'<a [^>]*href="(https:[^"]*)"[^>]*>', r" \1 ", page)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", page)))


def doubtful_facts(window):
    return [it.name for it in window.facts.values() if it.unconfirmed]


def texts_of(window, name):
    """Return the texts that a fact of a window itself stands for; none of a channel's."""
    group, _, part = name.rpartition(".")
    if group == "details":
        return [it.text for it in window.details if it.id == part]
    if name == "conditions":
        return [labels()[it] for it in window.conditions]
    if name == "busy":
        return [window.busy.text]
    if name == "limits":
        return [it.text for it in window.limits[len(window.cannot) :]]
    found = getattr(window, name) if not group else ()
    listed = found if isinstance(found, tuple) else (found,)
    return [it for it in listed if isinstance(it, Texts)]


def words_of(window, name):
    """Return what a fact of a channel looks like on a page."""
    group, _, part = name.rpartition(".")
    channel = next((it for it in window.channels if it.id == group), None)
    if channel is None:
        return []
    field = {"number": channel.display, "hours": channel.when}
    said = field.get(part) or getattr(channel, part)
    return [said if isinstance(said, Texts) else Texts(said, said, said)]


def near(page, window, name, language):
    """Yield what stands behind a fact of a channel, as far as the next channel's label.

    Numbers and addresses are looked for anywhere, the rest behind the channel's own label:
    「無料」 alone would be anybody's.
    """
    (text,) = words_of(window, name)
    sign = re.escape(plain(text.spoken(language)))
    group, _, part = name.rpartition(".")
    names = {it.id: plain(it.label.spoken(language)) for it in window.channels}
    for at in re.finditer(re.escape(names[group]), page):
        behind = page[at.end() : at.end() + _NEAR]
        for other in {*names.values()} - {names[group]}:
            behind = behind.split(other)[0]
        if re.search(sign, behind):
            yield behind
    if part in {"number", "url"}:
        for at in re.finditer(rf"(?<![0-9（(]){sign}(?![0-9）)])", page):
            yield page[at.end() : at.end() + _NEAR]


def told_in(page, window, language="ja"):
    """Return which doubtful facts of `window` stand in `page`, and which of them unmarked."""
    found, unmarked = set(), set()
    doubt = re.escape(plain(DOUBT.spoken(language)))
    word = plain(DOUBT.spoken(language)).strip("（）()")
    for name in doubtful_facts(window):
        for text in texts_of(window, name):
            # 「誰でも」 is a condition, 「誰でも。」 says who.
            said = re.escape(plain(text.spoken(language))) + r"(?![。.]| 使え)"
            times = len(re.findall(said, page))
            found |= {name} if times else set()
            if times != len(re.findall(rf"{said} ?{doubt}", page)):
                unmarked.add(name)
        for behind in near(page, window, name, language) if words_of(window, name) else ():
            found.add(name)
            unmarked |= {name} if word not in behind else set()
    return found, unmarked


def piece_of(pages, window, begin, end):
    """Return the piece of a page about one window, as words."""
    for page in pages:
        for piece in page.split(begin)[1:]:
            words = read_aloud(piece.split(end)[0])
            if window.name.ja in words:
                yield words


def shown(client, page, told):
    session = client.session
    session["guide"] = Answers.parsed(told).told()
    session.save()
    return client.get(page).content.decode()


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("window", PUBLIC, ids=lambda it: it.id)
def test_on_the_page_of_a_window(client, window, prefix):
    page = client.get(f"{prefix}/windows/{window.id}/").content.decode()
    words = read_aloud(page.split('<details class="others">')[0])
    found, unmarked = told_in(words, window, LANGUAGES[prefix])
    assert unmarked == set()
    never = {"does", "limits"}
    assert set(doubtful_facts(window)) - found <= never


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize(("code", "window"), LOCAL, ids=lambda it: getattr(it, "id", it))
def test_on_the_page_of_a_prefecture(client, code, window, prefix):
    page = client.get(f"{prefix}/windows/local/{code}/").content.decode()
    desk = page.split('<article class="window-card')[1].split("</article>")[0]
    found, unmarked = told_in(read_aloud(desk), window, LANGUAGES[prefix])
    assert unmarked == set()
    assert {"name", "who"} & set(doubtful_facts(window)) <= found


def test_the_ordinance_of_a_prefecture(client):
    doubtful = []
    for place in all_local().values():
        page = read_aloud(client.get(f"/windows/local/{place.code}/").content.decode())
        for it in place.ordinances:
            said = {"name": it.name, "scope": it.scope}
            for text in (t for n, t in said.items() if place.facts[f"{it.id}.{n}"].unconfirmed):
                doubtful.append(text)
                assert page.count(text.ja) == page.count(text.ja + DOUBT.ja) == 1
    assert doubtful


@pytest.mark.parametrize("window", PUBLIC, ids=lambda it: it.id)
def test_in_the_list_of_windows(client, window):
    page = client.get("/windows/").content.decode()
    (words,) = piece_of([page], window, '<li><span class="window-name">', "</li>")
    assert told_in(words, window)[1] == set()


@pytest.mark.parametrize("window", PUBLIC, ids=lambda it: it.id)
def test_on_the_card_of_a_result_and_on_paper(client, window):
    results = [shown(client, "/guide/result/", it) for it in SITUATIONS]
    papers = [shown(client, "/guide/print/", it) for it in SITUATIONS]
    on_cards = list(piece_of(results, window, '<article class="window-card', "</article>"))
    on_paper = list(piece_of(papers, window, '<section class="print-card', "</section>"))
    assert [told_in(it, window)[1] for it in on_cards + on_paper if told_in(it, window)[1]] == []
    if window.id in {"consumer", "ipa"}:
        for some in (on_cards, on_paper):
            found = set.union(*(told_in(it, window)[0] for it in some))
            assert found >= {"asks", "cannot", "busy"} & set(doubtful_facts(window))
    if window.id in {"consumer", "ipa", "police", "houterasu"}:
        assert on_cards


def test_every_way_of_a_card_on_paper_is_marked(client):
    """The rest of the sheet, too: what lies behind the fold is one line."""
    for told in SITUATIONS:
        words = read_aloud(shown(client, "/guide/print/", told))
        for window in PUBLIC:
            assert told_in(words, window)[1] - {"conditions", "who"} == set(), (told, window.id)


@pytest.mark.parametrize("page", ["/", "/urgent/", "/guide/words/numbers/", "/windows/nowhere/"])
@pytest.mark.parametrize("prefix", LANGUAGES)
def test_the_panel_of_numbers_marks_the_hours_of_9110(client, prefix, page):
    assert not all_windows()["police"].is_sure("consult.hours")
    told = client.get(prefix + page).content.decode()
    panel = read_aloud(told.split('class="urgent"')[1].split("</section>")[0])
    said = panel.split("#9110")[1][:90].lower()
    assert plain(DOUBT.spoken(LANGUAGES[prefix])).strip("（）()").lower() in said


def test_the_guide_for_other_software():
    told = guided_by_answers(Answers(happened="b", danger_now=True))
    unsure = {it["id"] for it in told["emergency"] if it["unconfirmed"]}
    known = {name for name, it in emergency.numbers().items() if it.unconfirmed}
    assert unsure == known & {it["id"] for it in told["emergency"]} != set()
    fraud = guided_by_answers(Answers(happened="c"))
    (consumer,) = [it for it in fraud["windows"] if it["id"] == "consumer"]
    words = " ".join([consumer["why_ja"], *consumer["limits_ja"]])
    assert told_in(words, all_windows()["consumer"]) == ({"role", "cannot"}, set())


@pytest.mark.parametrize("window", DOUBTFUL, ids=lambda it: it.id)
def test_the_windows_for_other_software(window):
    told = window_told(window)
    for name in doubtful_facts(window):
        assert told["facts"][name]["unconfirmed"] is True
        channel, _, _ = name.rpartition(".")
        ways = [it for it in told["channels"] if it["id"] == channel]
        assert all(it["unconfirmed"] for it in ways)


@pytest.mark.parametrize("window", PUBLIC, ids=lambda it: it.id)
def test_the_spreadsheet_names_what_is_not_confirmed(window):
    said = CliRunner().invoke(windows_command, ["--format", "csv"]).output.lstrip("\ufeff")
    rows = [it for it in csv.DictReader(io.StringIO(said)) if it["id"] == window.id]
    assert len(rows) == len(window.channels)
    others = {it.id for it in window.channels}
    for row, channel in zip(rows, window.channels, strict=True):
        named = set(filter(None, row["unconfirmed"].split(";")))
        assert named == {
            it for it in doubtful_facts(window) if it.split(".")[0] not in others - {channel.id}
        }


@pytest.mark.parametrize("window", PUBLIC, ids=lambda it: it.id)
def test_open_referral(window):
    at = list(all_windows()).index(window.id)
    told = hsds.services()[at]
    prose = {"role": "description", "who": "eligibility_description", "asks": "application_process"}
    for name, field in prose.items():
        assert told[field].endswith(DOUBT.ja) is not window.is_sure(name)
    assert told["organization"]["description"].endswith(DOUBT.ja) is not window.is_sure("operator")
    assert bool(told.get("attributes")) is window.is_sure("does")
    for channel in window.channels:
        if "cost" in channel.doubts:
            assert channel.cost.ja + DOUBT.ja in told["fees_description"]
        if channel.unconfirmed:
            beside = [it for it in told.get("phones", ()) if it["number"] == channel.display]
            assert all(it["description"].endswith(DOUBT.ja) for it in beside)
    unsure = [it for it in window.phones if it.unconfirmed and it.hours]
    marked = [it for it in told.get("schedules", ()) if it["description"].endswith(DOUBT.ja)]
    assert len(marked) == sum(len(it.hours.openings) for it in unsure)


@pytest.mark.parametrize("language", LANGUAGES.values())
def test_the_calendar_of_opening_hours(language):
    listed = [it for it in EVERY if has_hours(it)]
    said = hours_file(listed, AT, language).decode().replace("\r\n ", "")
    names = [it.removeprefix("SUMMARY:") for it in said.splitlines() if it.startswith("SUMMARY:")]
    doubt = plain(DOUBT.spoken(language))
    wanted = [
        channel.unconfirmed or not window.is_sure("name")
        for window in listed
        for channel in window.channels
        if channel.hours and not channel.hours.always
        for _ in channel.hours.openings
    ]
    assert [it.endswith(doubt) for it in names] == wanted
    assert any(wanted)
    assert not all(wanted)


@pytest.mark.parametrize("service", services())
def test_the_duty_of_a_service(client, service):
    """The seven days stand unmarked only where the designation and its day are confirmed."""
    known = services()[service]
    told = {"happened": "a", "kinds": ["a1"], "wants": ["w2"], "service": service}
    page = read_aloud(shown(client, "/guide/result/", told))
    unsure = known["fact"].unconfirmed
    for said in ("7日のうちに知らせる義務があります。", "7日のうちに答える義務があるため。"):
        assert known["duty_from"] is None or said in page
        assert (f"{said}（まだ" in page or f"{said} まだ" in page) is unsure
    advice = next(iter(re.findall(r"申出を受けてから7日のうちに、消したか.{70}", page)), "")
    assert bool(advice) is (known["duty_from"] is not None)
    assert (DOUBT.ja in advice) is unsure
    clock = next(iter(re.findall(r"7日のうち（延びる.{40}", page)), "")
    assert (DOUBT.ja in clock) is unsure
    told = json.dumps(guided_by_answers(Answers.parsed(told)), ensure_ascii=False)
    assert (f"義務があるため。{DOUBT.ja}" in told) is unsure
