"""Searching sealed words: everything is found, nothing lies readable on disk."""

from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.consultations.models import Consultation, Identifier
from madoguchi.consultations.operations import (
    identifying,
    linking,
    noting,
    receiving,
    searching,
    working,
)
from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.consultations.operations.noting import Note
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries import shelf
from madoguchi.consultations.queries.people import Affected, ProxyLine, people_in, suggestions_for
from madoguchi.ledger.models import Entry
from madoguchi.rules.access import RefusedError
from madoguchi.rules.contact_records import COLUMNS
from madoguchi.rules.identifying import Clue, Sign, Whose
from madoguchi.rules.linking import Reason, Tie
from madoguchi.rules.particulars import Particulars
from madoguchi.vault import sealing
from tests.people import AT

pytestmark = pytest.mark.django_db
STORY = "なりすましのアカウントを作られ、仕事についてうそを書かれています。どうすればよいですか"


@pytest.fixture(autouse=True)
def _nothing_open():
    shelf.forget()
    yield
    shelf.forget()


def came_in(desk, words=STORY, **told):
    letter = Letter(words=words, channel="EMAIL", particulars=Particulars(**told))
    return receiving.receive(desk=desk.pk, letter=letter, at=AT).matter


def found(actor, words, most=50):
    results = searching.search(actor=actor, words=words, most=most, at=AT)
    return {hit.line.matter for hit in results.hits}


def row_of(matter):
    return Consultation.objects.select_related("matter").get(pk=matter)


def test_two_letters_are_found_wherever_they_were_written(desk, aoi):
    matter = came_in(desk, "学校の掲示板で誹謗中傷されました", places="https://x.com/Bad_Name/1")
    came_in(desk, "べつの相談です")
    working.write_memo(matter=matter, actor=aoi.actor, words="弁護士に相談ずみ", at=AT)
    note = Note(words="折り返しは 090ー1234ー5678 へ", channel="TELEPHONE")
    noting.note_call(actor=aoi.actor, matter=matter, note=note, at=AT)
    number = row_of(matter).matter.number
    for words in ("中傷", "弁護", "０９０1234-5678", "bad_name", "学校 弁護士", number):
        assert found(aoi.actor, words) == {matter}, words
    assert found(aoi.actor, "弁護人") == set()


def test_what_is_written_after_the_first_search_is_found(desk, aoi, beni):
    matter = came_in(desk)
    assert found(aoi.actor, "見守り") == set()
    working.write_memo(matter=matter, actor=beni.actor, words="見守りをつづける", at=AT)
    new = came_in(desk, "見守りについて")
    assert found(aoi.actor, "見守り") == {matter, new}


def test_what_a_file_brings_is_found(desk, aoi):
    assert found(aoi.actor, "取り込み") == set()
    row = "2025-01-10T10:00,山田さん,1,電話,不明,不明,不明,助言,,,取り込みのメモ"
    content = f"{','.join(COLUMNS)}\n{row}\n".encode()
    import_contacts(desk=desk.pk, content=content, actor=None, at=AT)
    assert len(found(aoi.actor, "取り込み")) == len(found(aoi.actor, "山田")) == 1


def test_words_erased_are_not_found_again(desk, aoi):
    matter = came_in(desk)
    assert found(aoi.actor, "なりすまし") == {matter}
    sealing.erase(matter)
    assert found(aoi.actor, "なりすまし") == set()


def test_another_desk_finds_nothing_of_ours(desk, aoi, chika, daichi):
    came_in(desk)
    assert found(chika.actor, "なりすまし") == set()
    with pytest.raises(RefusedError, match="figures-only"):
        found(daichi.actor, "なりすまし")


def test_a_search_is_written_down_without_its_words(desk, aoi):
    came_in(desk)
    found(aoi.actor, "なりすまし")
    line = Entry.objects.order_by("-pk").first()
    assert (line.deed, line.actor, line.detail) == ("SEARCHED", aoi.pk, {"found": 1})


def test_more_than_is_shown_is_said(desk, aoi):
    matters = [came_in(desk) for _number in range(3)]
    results = searching.search(actor=aoi.actor, words="仕事", most=2, at=AT)
    assert results.is_more
    assert [hit.line.matter for hit in results.hits] == matters[:0:-1]


def test_an_excerpt_says_where_and_in_which_words(desk, aoi):
    came_in(desk, "きのうから誹謗中傷がつづいています")
    [hit] = searching.search(actor=aoi.actor, words="中傷", most=2, at=AT).hits
    [(where, excerpt)] = hit.places
    assert (where, excerpt.before, excerpt.found) == ("HEADLINE", "きのうから誹謗", "中傷")


def test_numbers_and_accounts_lie_nowhere_readable(desk, aoi):
    matter = came_in(desk, telephone="090-1234-5678")
    clue = Clue(Sign.HANDLE, "@Bad_Name", Whose.POSTER)
    identifying.add_clue(matter=matter, actor=aoi.actor, clue=clue, at=AT)
    assert Identifier.objects.filter(consultation=matter).count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM consultations_identifier")
        kept = repr(
            [[bytes(it) if isinstance(it, memoryview) else it for it in row] for row in cursor]
        )
    for said in ("1234", "Bad_Name", "bad_name"):
        assert said not in kept


def test_the_same_number_account_and_words_are_said_to_be_why(desk, aoi):
    first = came_in(desk, telephone="090-1234-5678", places="https://x.com/Bad_Name")
    second = came_in(
        desk,
        STORY + "。",
        telephone="０９０ー１２３４ー５６７８",
        places="https://twitter.com/bad_name/status/2",
    )
    came_in(desk, "ぜんぜん別の話です。学校のグループで写真を送られてこまっています。")
    [suggestion] = suggestions_for(aoi.actor, row_of(second), by_words=True)
    assert suggestion.line.matter == first
    assert suggestion.reasons == (Reason.HANDLE, Reason.TELEPHONE, Reason.WORDS)


@pytest.mark.parametrize("tie", Tie)
def test_what_was_decided_is_not_asked_again_until_it_is_undone(desk, aoi, tie):
    first, second = (came_in(desk, telephone="090-1234-5678") for _number in range(2))
    made = linking.link(matters=(second, first), tie=tie, actor=aoi.actor, at=AT)
    assert suggestions_for(aoi.actor, row_of(second), by_words=True) == []
    linking.undo_link(link=made.pk, actor=aoi.actor, at=AT)
    assert len(suggestions_for(aoi.actor, row_of(second), by_words=True)) == 1


def test_another_desks_person_is_never_suggested(desk, other_desk, aoi):
    came_in(other_desk, telephone="090-1234-5678")
    ours = came_in(desk, telephone="090-1234-5678")
    assert suggestions_for(aoi.actor, row_of(ours), by_words=True) == []


def test_who_is_concerned_is_kept_sealed_and_read_back(desk, aoi, chika):
    matter = came_in(desk)
    affected = Affected(name="ゆき", words="中学2年", age_group="TEENS")
    identifying.describe_affected(matter=matter, actor=aoi.actor, affected=affected, at=AT)
    proxy = ProxyLine(kind="GUARDIAN", name="母", words="夜だけ", may_be_told=True)
    identifying.add_proxy(matter=matter, actor=aoi.actor, proxy=proxy, at=AT)
    people = people_in(row_of(matter))
    assert people.affected == affected
    [kept] = people.proxies
    assert (kept.kind, kept.name, kept.may_be_told) == ("GUARDIAN", "母", True)
    assert found(aoi.actor, "中学2年") == {matter}
    identifying.drop_proxy(matter=matter, actor=aoi.actor, proxy=kept.id, at=AT)
    assert people_in(row_of(matter)).proxies == []
    with pytest.raises(RefusedError, match="another-desk"):
        identifying.add_proxy(matter=matter, actor=chika.actor, proxy=proxy, at=AT)


def test_what_is_no_number_is_refused_as_one(desk, aoi):
    matter = came_in(desk)
    with pytest.raises(RefusedError, match="no-such-sign"):
        identifying.add_clue(
            matter=matter, actor=aoi.actor, clue=Clue(Sign.TELEPHONE, "なし"), at=AT
        )
    assert Entry.objects.filter(deed="PEOPLE_RECORDED").count() == 0


def test_a_search_reads_on_only_as_far_as_it_must(desk, aoi, monkeypatch):
    monkeypatch.setattr(shelf, "_CHUNK", 2)
    matters = [came_in(desk, f"{number}番目の相談") for number in range(6)]
    assert found(aoi.actor, "番目", most=1) == {matters[-1]}
    assert len(shelf._shelves[desk.pk].opened) == 1
    assert found(aoi.actor, "0番目") == {matters[0]}
    assert len(shelf._shelves[desk.pk].opened) == 3


def test_before_all_is_open_a_search_says_how_much_it_has_not_seen(desk, aoi, monkeypatch):
    monkeypatch.setattr(shelf, "_CHUNK", 2)
    matters = [came_in(desk, f"{number}番目の相談") for number in range(6)]

    def search(words):
        results = searching.search(actor=aoi.actor, words=words, most=50, at=AT)
        return [hit.line.matter for hit in results.hits], results.unread

    assert shelf.read_ahead()
    assert search("番目") == ([matters[5], matters[4]], 4)
    working.write_memo(matter=matters[0], actor=aoi.actor, words="四番目の人の妹", at=AT)
    assert search("番目") == ([matters[0], matters[5], matters[4]], 4)
    while shelf.read_ahead():
        pass
    found_now, unread = search("番目")
    assert (sorted(found_now), unread) == (sorted(matters), 0)
    assert search("1番目") == ([matters[1]], 0)
    # What is done after all was open is found, too, and nothing is found twice.
    working.write_memo(matter=matters[3], actor=aoi.actor, words="1番目と同じ人", at=AT)
    assert search("1番目") == ([matters[3], matters[1]], 0)


def test_once_the_page_is_full_nobody_is_told_of_what_was_not_seen(desk, aoi, monkeypatch):
    monkeypatch.setattr(shelf, "_CHUNK", 2)
    for number in range(4):
        came_in(desk, f"{number}番目の相談")
    assert shelf.read_ahead()
    assert searching.search(actor=aoi.actor, words="番目", most=1, at=AT).unread == 0


def test_what_is_more_than_memory_may_hold_is_found_all_the_same(desk, aoi, monkeypatch):
    monkeypatch.setattr(shelf, "_CHUNK", 2)
    monkeypatch.setattr(shelf, "_MOST_LETTERS", 1)
    matters = [came_in(desk, f"{number}番目の相談") for number in range(7)]
    for _again in range(2):
        assert found(aoi.actor, "番目") == set(matters)
        assert found(aoi.actor, "0番目") == {matters[0]}
    shelf.forget()
    while shelf.read_ahead():
        pass
    assert found(aoi.actor, "0番目") == {matters[0]}
    assert len(shelf._shelves[desk.pk].opened) == 1


@given(
    texts=st.lists(st.text("あいうab", max_size=9), min_size=1, max_size=6),
    needles=st.lists(st.text("あいうab", min_size=1, max_size=3), min_size=1, max_size=3),
)
def test_many_texts_in_one_string_hold_what_each_holds(texts, needles):
    known = {uuid4(): text for text in texts}
    expected = [matter for matter, text in known.items() if all(it in text for it in needles)]
    assert list(shelf._Chunk.of(known).holding(needles)) == expected


def test_searching_again_asks_the_database_a_constant_number_of_times(
    desk, aoi, django_assert_max_num_queries
):
    for _number in range(8):
        came_in(desk)
    found(aoi.actor, "いない")
    with django_assert_max_num_queries(30):
        found(aoi.actor, "なりすまし")
