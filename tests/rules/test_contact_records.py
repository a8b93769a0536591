"""Contact records: what a row may look like, and what is said where it cannot be read."""

import datetime as dt
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.codebooks import STANDARD
from madoguchi.rules.contact_records import (
    COLUMNS,
    REQUIRED,
    ContactRecord,
    Fault,
    Known,
    Reader,
    guarded,
    header_faults,
    moment,
    reconciled,
    unguarded,
)

READER = Reader(books=STANDARD, windows=["ihaho", "moj", "police"])
ROW = {
    "受付日時": "2024-04-01T16:05",
    "相談者": "P001",
    "内容": "1",
    "手法": "電話",
    "年代": "30代",
    "状況": "被害者",
    "侵害種別": "誹謗・中傷",
    "対応": "助言",
}


def read(**cells: str) -> ContactRecord:
    record = READER.read(ROW | cells)
    assert isinstance(record, ContactRecord), record
    return record


def faults(**cells: str) -> list[Fault]:
    found = READER.read(ROW | cells)
    assert isinstance(found, list), found
    return found


def test_a_row_is_one_contact() -> None:
    assert read() == ContactRecord(
        person="P001",
        matter="1",
        at=dt.datetime(2024, 4, 1, 16, 5, tzinfo=JAPAN),
        channel="TELEPHONE",
        action="ADVICE",
        age_group="THIRTIES",
        standing="AFFECTED",
        kinds=frozenset({"DEFAMATION"}),
    )


@pytest.mark.parametrize(
    "written",
    [
        "2024-04-01T16:05",
        "2024/4/1 16:05",
        "2024/04/01  16:05",
        "2024-04-01 16:05:59",
        "2024-04-01T16:05:59.999",
        "２０２４／４／１　１６：０５",
        "2024年4月1日 16時05分",
        "2024-04-01T07:05Z",
        "2024-04-01T07:05:00+00:00",
        "2024-04-01T16:05+09:00",
        "2024-04-01t03:05-0400",
    ],
)
def test_a_moment_may_be_written_in_many_ways(written: str) -> None:
    assert moment(written) == dt.datetime(2024, 4, 1, 16, 5, tzinfo=JAPAN)
    assert str(moment(written)).endswith("16:05:00+09:00")


@pytest.mark.parametrize(
    "written",
    ["", "2024-04-01", "2024-13-01 10:00", "2024-04-31 10:00", "4/1/2024 10:00", "きのう"],
)
def test_what_is_no_moment_is_refused(written: str) -> None:
    assert moment(written) is None
    assert [fault.column for fault in faults(受付日時=written)] == ["受付日時"]


def test_empty_means_unknown_where_the_book_knows_unknown() -> None:
    record = read(年代="", 状況=" ", 侵害種別="")
    assert (record.age_group, record.standing, record.kinds) == (None, None, frozenset())
    assert read(年代="不明", 状況="不明", 侵害種別="不明") == record


def test_kinds_are_divided_by_a_semicolon_of_either_width() -> None:
    several = frozenset({"DEFAMATION", "DISCRIMINATION", "OTHER"})
    assert read(侵害種別="誹謗・中傷; 差別；その他;").kinds == several
    assert read(侵害種別="差別;差別").kinds == frozenset({"DISCRIMINATION"})


def test_exactly_one_action_is_asked_for() -> None:
    assert [fault.column for fault in faults(対応="")] == ["対応"]
    (fault,) = faults(対応="助言;傾聴")
    assert fault.sentence == "2つ以上あります。1つだけお書きください。"
    assert read(対応="未分類").action is None


def test_a_label_outside_the_book_is_refused_with_those_that_can_be_used() -> None:
    (fault,) = faults(手法="のろし")
    assert fault.column == "手法"
    assert "電話、SNS、メール、FAX、手紙、面接" in fault.sentence
    assert "のろし" not in fault.sentence


def test_all_faults_of_a_row_are_told_at_once() -> None:
    found = faults(相談者="", 手法="", 状況="だれか", 所要分="長い", 紹介先="nobody")
    assert {fault.column for fault in found} == {"相談者", "手法", "状況", "所要分", "紹介先"}


def test_optional_columns_are_read() -> None:
    record = read(所要分="１５分", 紹介先="ihaho； MOJ;ihaho", 備考="  '=1+1 ")
    assert (record.minutes, record.referred_to, record.remarks) == (15, ("ihaho", "moj"), "'=1+1")
    assert read(備考="'=1+1").remarks == "=1+1"


@pytest.mark.parametrize("written", ["-5", "1.5", "1441", "15秒"])
def test_minutes_are_whole_and_of_one_day(written: str) -> None:
    assert [fault.column for fault in faults(所要分=written)] == ["所要分"]


def test_a_day_before_any_code_book_is_refused() -> None:
    assert {fault.column for fault in faults(受付日時="1999-04-01T10:00")} == {
        "手法",
        "年代",
        "状況",
        "侵害種別",
        "対応",
    }


def test_the_same_person_is_the_same_however_wide_they_are_typed() -> None:
    assert read(相談者=" Ｐ００１　").person == "P001"
    assert read(相談者="Ｐ①").person == "P①"


def test_a_header_in_any_order_without_the_optional_columns_is_well() -> None:
    assert header_faults(REQUIRED[::-1]) == []
    assert header_faults([*COLUMNS, "", ""]) == []


def test_a_header_says_which_column_is_missing_twice_or_unknown() -> None:
    names = [name for name in REQUIRED if name != "対応"] + ["手法", "血液型"]
    found = header_faults(names)
    assert [fault.column for fault in found] == ["対応", "手法", "9列目"]
    assert "血液型" not in found[-1].sentence


@given(st.text())
def test_a_guarded_cell_comes_back_as_it_was_and_is_no_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_the_latest_row_that_knows_the_value_holds() -> None:
    rows = [
        read(受付日時="2024-04-01T10:00", 年代="20代", 状況="不明", 侵害種別="差別"),
        read(受付日時="2024-05-01T10:00", 年代="30代", 状況="その他", 侵害種別="誹謗・中傷;その他"),
        read(受付日時="2024-06-01T10:00", 年代="", 状況="不明", 侵害種別="不明"),
    ]
    known = Known("THIRTIES", "OTHER", frozenset({"DEFAMATION", "OTHER"}))
    assert all(reconciled(order) == known for order in permutations(rows))


def test_earlier_knowledge_only_fills_what_is_not_known() -> None:
    later, earlier = Known(age_group="TEENS"), Known("FIFTIES", "POSTER", frozenset({"OTHER"}))
    assert later.filled_from(earlier) == Known("TEENS", "POSTER", frozenset({"OTHER"}))


def test_a_mistyped_year_is_refused_before_it_counts() -> None:
    latest = dt.datetime(2026, 11, 23, 12, 0, tzinfo=JAPAN)
    reader = Reader(books=STANDARD, windows=[], latest=latest)
    assert isinstance(reader.read(ROW | {"受付日時": "2026-11-23T12:00"}), ContactRecord)
    for written, word in (
        ("2026-11-23T12:01", "まだ来ていない"),
        ("9999-12-31T10:00", "まだ来ていない"),
        ("1989-12-31T23:59", "1990年より前"),
        ("0001-01-01T00:00", "1990年より前"),
    ):
        (fault,) = reader.read(ROW | {"受付日時": written})
        assert fault.column == "受付日時"
        assert word in fault.sentence
        assert fault.sentence.endswith("ください。")
