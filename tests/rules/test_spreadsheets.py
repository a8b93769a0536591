"""A desk's own spreadsheet: found, guessed, read."""

import datetime as dt

import pytest

from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.codebooks import STANDARD
from madoguchi.rules.contact_records import COLUMNS, ContactRecord, Reader
from madoguchi.rules.spreadsheets import (
    People,
    Plan,
    as_records,
    guessed,
    header_of,
    left_out,
    likely,
    moment_of,
    numbers_in,
    people_in,
    strange_values,
    sums_in,
)

# A title over merged cells, a line on the period, the headings, blank lines, a sum below.
MESSY = [
    ["令和6年度　ネットトラブル相談　受付簿", "", "", "", "", "", "", "", ""],
    ["作成：相談室", "", "", "", "", "", "", "", ""],
    ["No.", "受付日", "時刻", "相談者\n番号", "相談方法", "年代", "立場", "種別", "対応結果"],
    ["１", "R6.4.1", "16:05", "A-1", "電話相談", "20代", "被害者", "誹謗・中傷、差別", "助言"],
    ["", "", "", "", "", "", "", "", ""],
    ["２", "令和６年４月２日", "午後５時", "A-2", "ＬＩＮＥ", "", "", "その他", "他機関紹介"],
    ["３", "2024/4/3", "", "A-1", "メール", "不明", "被害者", "", ""],
]


@pytest.mark.parametrize(
    ("day", "clock", "said"),
    [
        ("R6.4.1", "", "2024-04-01T00:00"),
        ("Ｒ６．４．１", "１６：０５", "2024-04-01T16:05"),
        ("令和元年5月1日", "午後5時", "2019-05-01T17:00"),
        ("平成31年4月30日", "9時05分", "2019-04-30T09:05"),
        ("2024/4/1 16:05", "", "2024-04-01T16:05"),
        ("2024-04-01T00:00", "1899-12-30T16:05", "2024-04-01T16:05"),
        ("2024-04-01T16:05", "", "2024-04-01T16:05"),
        ("6.4.1", "", "6.4.1"),  # which era?
        ("R6.13.1", "", "2024-13-01T00:00"),  # for the reader to say that there is none
        ("令和6年4月31日", "９時5分", "2024-04-31T09:05"),
        ("きのう", "", "きのう"),
    ],
)
def test_days_are_read_as_desks_write_them(day, clock, said):
    assert moment_of(day, clock) == said


def test_the_header_is_found_under_its_titles():
    assert header_of(MESSY) == 2


def test_columns_are_guessed_by_their_names():
    found = guessed(MESSY, 2)
    names = {ours: MESSY[2][at] for ours, at in found.items()}
    assert names == {
        "受付日時": "受付日",
        "受付時刻": "時刻",
        "相談者": "相談者\n番号",
        "手法": "相談方法",
        "年代": "年代",
        "状況": "立場",
        "侵害種別": "種別",
        "対応": "対応結果",
    }


KINDS = [
    ["受付日", "時間", "方法", "年代", "相談者の立場", "内容区分", "対応状況", "概要"],
    ["R6.5.1", "9:00", "電話", "10代", "被害者", "差別", "助言", "学校"],
    ["R6.5.2", "9:30", "電話", "20代", "被害者", "差別", "助言", "会社"],
    ["R6.5.3", "", "メール", "30代", "加害者", "差別", "傾聴", "店"],
    ["合計", "3件", "", "", "", "", "", ""],
]


def test_who_is_one_person_is_never_guessed_from_a_part_of_a_heading():
    found = guessed(KINDS, 0)
    names = {ours: KINDS[0][at] for ours, at in found.items()}
    assert names == {
        "受付日時": "受付日",
        "受付時刻": "時間",
        "手法": "方法",
        "年代": "年代",
        "状況": "相談者の立場",
        "侵害種別": "内容区分",
        "対応": "対応状況",
    }


@pytest.mark.parametrize("name", ["相談者ID", "相談者\n番号", "整理番号", "氏名カナ"])
def test_a_clear_name_tells_people_apart(name):
    assert guessed([["受付日", "担当者氏名", name]], 0)["相談者"] == 2


@pytest.mark.parametrize("name", ["相談者", "相談者区分", "内容", "担当者氏名", "ケース"])
def test_what_may_mean_something_else_tells_nobody_apart(name):
    assert not {"相談者", "内容"} & set(guessed([["受付日", name]], 0))


def test_our_own_format_is_known_by_all_its_columns():
    found = guessed([list(COLUMNS)], 0)
    assert {COLUMNS[at]: ours for ours, at in found.items()} == {it: it for it in COLUMNS}


def _people(rows, columns):
    plan = Plan(0, columns, left_out=sums_in(rows, 0))
    return people_in(as_records(rows, plan, STANDARD), plan, STANDARD)


def test_kinds_taken_for_people_are_doubted():
    columns = {"受付日時": 0, "年代": 3, "相談者": 4}
    assert _people(KINDS, columns) == People(2, has_column=True, mixed=1, is_kind=True)
    del columns["相談者"]
    assert _people(KINDS, columns) == People(3, has_column=False)


def test_few_words_over_many_rows_are_doubted_and_people_who_come_back_are_not():
    rows = [["受付日", "名", "年代"], *(["R6.5.1", f"甲{n % 2}", "不明"] for n in range(10))]
    columns = {"受付日時": 0, "相談者": 1, "年代": 2}
    assert _people(rows, columns) == People(2, has_column=True, is_kind=True)
    assert _people(rows[:10], columns) == People(2, has_column=True)


def test_sums_and_rows_by_their_number_are_left_out():
    assert sums_in(KINDS, 0) == [5]
    plan = Plan(0, {"受付日時": 0, "侵害種別": 5}, left_out=[3, 5, 99])
    assert left_out(KINDS, plan) == [3, 5]
    records = as_records(KINDS, plan, STANDARD)
    assert [bool(record) for record in records] == [True, False, True, False]
    odd = [["日", "種別"], ["R6.5.1", "差別"], ["合計", "三件"]]
    assert strange_values(odd, Plan(0, {"侵害種別": 1}), STANDARD) == {"侵害種別": ["三件"]}
    assert strange_values(odd, Plan(0, {"侵害種別": 1}, left_out=[3]), STANDARD) == {}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("", []), ("９、12", [9, 12]), ("20〜22, 9行目", [9, 20, 21, 22]), ("3 3", [3])],
)
def test_numbers_of_rows_are_read_as_people_write_them(text, numbers):
    assert numbers_in(text) == numbers


@pytest.mark.parametrize("text", ["合計", "0", "5-3", "1-9999999", "-", "1.5"])
def test_what_is_no_number_of_a_row_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        numbers_in(text)


def test_what_was_chosen_last_time_comes_first():
    assert guessed(MESSY, 2, {"備考": "立場"})["備考"] == 6


def test_words_of_no_book_are_asked_about():
    plan = Plan(2, guessed(MESSY, 2))
    assert strange_values(MESSY, plan, STANDARD) == {"手法": ["電話相談", "LINE"]}


def test_a_word_most_likely_means_the_label_that_stands_in_it():
    labels = ["電話", "SNS", "メール"]
    assert likely("電話相談", labels) == "電話"
    assert likely("LINE", labels) == ""


def test_rows_become_contact_records_in_their_places():
    values = {"手法": {"電話相談": "電話", "LINE": "SNS"}}
    plan = Plan(2, guessed(MESSY, 2), {}, values)
    records = as_records(MESSY, plan, STANDARD)
    assert records[1] == {}
    reader = Reader(books=STANDARD, windows=(), latest=dt.datetime(2026, 1, 1, tzinfo=JAPAN))
    read = [reader.read(record) for record in records if record]
    assert all(isinstance(it, ContactRecord) for it in read)
    assert read[0].kinds == {"DEFAMATION", "DISCRIMINATION"}
    assert [it.at.isoformat()[:16] for it in read] == [
        "2024-04-01T16:05",
        "2024-04-02T17:00",
        "2024-04-03T00:00",
    ]
    assert [it.action for it in read] == ["ADVICE", "OTHER_AGENCY", None]


def test_without_a_column_for_people_every_row_is_somebody_else():
    columns = {"受付日時": 1}
    records = as_records(MESSY, Plan(2, columns, {"手法": "電話"}), STANDARD)
    assert [it.get("相談者") for it in records] == ["行1", None, "行3", "行4"]
    assert records[0]["手法"] == "電話"
