"""A desk's own spreadsheet: found, guessed, read."""

import datetime as dt

import pytest

from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.codebooks import STANDARD
from madoguchi.rules.contact_records import ContactRecord, Reader
from madoguchi.rules.spreadsheets import (
    Plan,
    as_records,
    guessed,
    header_of,
    likely,
    moment_of,
    strange_values,
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
        ("R6.13.1", "", "R6.13.1"),
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
