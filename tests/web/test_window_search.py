"""窓口を探す in the telephone note: a few letters, a number, and it stands in the note."""

import csv
import io
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from madoguchi.consultations.models import Contact
from madoguchi.consultations.operations.exporting import export_contacts
from madoguchi.correspondence.models import Draft, Kind
from madoguchi.correspondence.operations.words import begin_draft
from madoguchi.correspondence.queries.words import drafts_of
from madoguchi.directory.searching import windows_by
from madoguchi.directory.windows import WINDOW_IDS, all_windows
from madoguchi.workbench.presenting import REFERRED, way_at, words_for
from tests.people import AT, at_the_desk

HTMX = {"HTTP_HX_REQUEST": "true"}


def ids(words):
    return [it.id for it in windows_by(words)]


# -- finding ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("法務局", "moj"),
        ("ほうむ", "moj"),
        ("ホウム", "moj"),
        ("ﾎｳﾑ", "moj"),
        ("moj", "moj"),
        ("MOJ", "moj"),
        ("人権1", "moj"),
        ("iha", "ihaho"),
        ("法テラ", "houterasu"),
        ("けいさつ", "police"),
        ("188", "consumer"),
        ("セーフ", "safeline"),
        ("safe", "safeline"),
        ("弁護士", "lawyer"),
        ("Legal Affairs", "moj"),
    ],
)
def test_a_window_is_found_by_three_letters_however_they_are_written(typed, first):
    assert ids(typed)[0] == first


def test_a_window_is_found_by_its_number_with_dashes_or_without():
    display = all_windows()["moj"].phones[0].display
    assert ids(display)[0] == ids(display.replace("-", ""))[0] == "moj"


@pytest.mark.parametrize(
    ("typed", "there", "away"),
    [
        ("削除", {"moj", "hibo-hotline", "ihaho"}, {"houterasu"}),
        ("警察", {"police"}, {"school"}),
        ("無料", {"ihaho", "moj"}, set()),
    ],
)
def test_keywords_find_what_a_window_does(typed, there, away):
    assert there <= set(ids(typed))
    assert not away & set(ids(typed))


def test_every_word_must_be_there():
    assert ids("法務局 子ども")[0] == "moj"
    assert ids("法務局 ガス") == []


def test_nothing_typed_shows_all_but_the_own_desk():
    assert ids("") == ids(" 　-") == [it for it in WINDOW_IDS if it != "own"]


def test_what_is_nowhere_is_not_found():
    assert ids("ガス漏れ") == []


@pytest.mark.parametrize(
    "place", ["", "moj", "moj:", "moj:99", "moj:-1", "moj:٣", "x:0", "moj:0:0"]
)
def test_a_place_that_is_none_is_none(place):
    assert way_at(place) is None


# -- at the desk --------------------------------------------------------------------------


@pytest.fixture
def table(aoi):
    """Aoi's browser."""
    return at_the_desk(aoi)


@pytest.fixture
def note(table):
    """A note just begun."""
    table.post("/desk/calls/")
    return Draft.objects.get()


def _here(note):
    return reverse("workbench:windows", args=[note.pk])


def _way(place):
    return words_for(*way_at(place))


def _record(table, note, **more):
    said = {
        "words": "相談",
        "channel": "TELEPHONE",
        "seen": Draft.objects.get().saved_at.isoformat(),
    }
    table.post(f"/desk/drafts/{note.pk}/record/", {**said, **more})
    return Contact.objects.get()


def test_only_who_writes_the_note_searches_beside_it(note, chika, daichi, beni):
    for person in (chika, daichi, beni):
        assert at_the_desk(person).get(_here(note)).status_code == 404
    assert at_the_desk(beni).get(f"/desk/drafts/{uuid4()}/windows/").status_code == 404


def test_a_reply_has_no_window_search(table, aoi, note):
    contact = _record(table, note)
    matter = contact.consultation_id
    reply = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=matter, at=AT)
    assert table.get(_here(reply)).status_code == 404


def test_the_note_opens_the_search_by_one_key(table, note):
    page = table.get(f"/desk/drafts/{note.pk}/").content.decode()
    button = re.search(r'<button[^>]*data-key="Alt\+W"[^>]*>', page).group()
    assert 'name="then" value="windows"' in button
    assert f'data-find="find-{note.pk}"' in button
    assert f'data-referred="{REFERRED}"' in page
    assert "workbench/windows.js" in page


def test_what_is_found_shows_number_hours_and_whether_it_is_open(table, note):
    found = table.get(_here(note), {"q": "法務"}, **HTMX).content.decode()
    assert "<html" not in found
    assert "0570-003-110" in found
    assert "平日8時30分" in found
    assert re.search("受付中|時間外", found)
    assert f'data-into-note="{_way("moj:0")}"' in found
    assert 'data-window="moj"' in found


def test_what_is_not_confirmed_is_found_and_noted_as_such(table, note):
    doubtful = [
        (window, number)
        for window in all_windows().values()
        for number, channel in enumerate(window.channels)
        if channel.unconfirmed
    ]
    assert doubtful
    for window, number in doubtful:
        assert "まだ確かめていません" in _way(f"{window.id}:{number}")
        if window.id != "own":
            found = table.get(_here(note), {"q": window.id}, **HTMX).content.decode()
            assert "まだ確かめていません" in found


def test_letters_of_any_kind_break_nothing(table, note):
    for typed in ("\x00", "'\"<script>", "あ" * 5000, "%", "\\"):
        response = table.get(_here(note), {"q": typed}, **HTMX)
        assert response.status_code == 200
        assert "<script" not in response.content.decode()


def test_without_scripts_the_words_are_saved_before_one_searches(table, aoi, note):
    there = table.post(
        f"/desk/drafts/{note.pk}/", {"words": "なりすましの話", "then": "windows"}, follow=True
    )
    assert there.request["PATH_INFO"] == _here(note)
    assert drafts_of(aoi.actor)[0].words == "なりすましの話"
    page = table.get(_here(note), {"q": "法務局"}).content.decode()
    assert 'name="way" value="moj:0"' in page
    assert 'name="way" value="police:0"' not in page


def test_without_scripts_a_window_goes_into_the_note_and_is_counted(table, aoi, note):
    table.post(f"/desk/drafts/{note.pk}/", {"words": "なりすましの話", "then": "windows"})
    seen = Draft.objects.get().saved_at.isoformat()
    page = table.post(_here(note), {"way": "moj:0", "seen": seen}, follow=True).content.decode()
    kept = drafts_of(aoi.actor)[0]
    assert kept.words == f"なりすましの話\n{_way('moj:0')}\n"
    assert kept.choices == {"referred_to": ["moj"], "action": [REFERRED]}
    assert re.search(r'name="referred_to" value="moj"[^>]*checked', page)
    assert re.search(rf'name="action" value="{REFERRED}"[^>]*checked', page)


def test_two_windows_stand_each_once_and_a_chosen_answer_stays(table, aoi, note):
    told = {"words": "話", "action": "ADVICE", "kinds": ["OTHER"]}
    table.post(f"/desk/drafts/{note.pk}/", told)
    for way in ("moj:0", "moj:1", "houterasu:0"):
        table.post(_here(note), {"way": way, "seen": Draft.objects.get().saved_at.isoformat()})
    kept = drafts_of(aoi.actor)[0]
    assert kept.choices["referred_to"] == ["moj", "houterasu"]
    assert kept.choices["action"] == ["ADVICE"]
    assert kept.choices["kinds"] == ["OTHER"]
    assert len(kept.words.splitlines()) == 4


def test_words_of_another_page_are_not_written_over(table, aoi, note):
    table.post(f"/desk/drafts/{note.pk}/", {"words": "もとの話", "page": "a"}, **HTMX)
    answer = table.post(
        _here(note), {"way": "moj:0", "seen": "2025-01-01T00:00+09:00"}, follow=True
    )
    assert "別の画面で書いた文" in answer.content.decode()
    assert drafts_of(aoi.actor)[0].words == "もとの話"


def test_a_way_that_is_none_changes_nothing(table, aoi, note):
    answer = table.post(_here(note), {"way": "moj:99"}, follow=True)
    assert "もういちど探してください" in answer.content.decode()
    assert drafts_of(aoi.actor)[0].choices == {}


def test_a_saved_note_remembers_where_the_person_was_sent(table, note):
    table.post(
        f"/desk/drafts/{note.pk}/", {"words": "話", "referred_to": ["moj", "police"]}, **HTMX
    )
    page = table.get(f"/desk/drafts/{note.pk}/").content.decode()
    ticked = re.findall(r'name="referred_to" value="([a-z-]+)"[^>]*checked', page)
    assert ticked == ["moj", "police"]


def test_the_contact_holds_the_windows_and_the_export_tells_them(table, note, desk):
    contact = _record(table, note, referred_to=["moj", "police"], action=REFERRED)
    assert contact.referred_to == ["moj", "police"]
    assert contact.action == REFERRED
    told = export_contacts(desk=desk.pk, actor=None, at=AT).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(told))
    assert row["紹介先"] == "moj;police"
    assert row["対応"] == "他機関紹介"
    page = table.get(f"/desk/matters/{contact.consultation.matter.number}/").content.decode()
    assert "紹介先 法務局（みんなの人権110番）" in page


def test_an_adviser_may_choose_another_answer_after_all(table, note):
    contact = _record(table, note, referred_to=["moj"], action="LISTENING")
    assert (contact.action, contact.referred_to) == ("LISTENING", ["moj"])


def test_a_window_that_is_none_is_refused(table, note):
    said = {"words": "話", "channel": "TELEPHONE", "referred_to": ["nobody"]}
    answer = table.post(f"/desk/drafts/{note.pk}/record/", said)
    assert answer.status_code == 400
    assert not Contact.objects.exists()
