"""A desk brings its own spreadsheet: titles above the header, eras, its own words."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from madoguchi.administration.models import Spreadsheet
from madoguchi.consultations.models import Consultation, Contact, HelpSeeker
from madoguchi.jobs.operations import run_due
from madoguchi.ledger.models import Entry
from madoguchi.vault.models import Key
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
ROWS = [
    ["令和6年度　ネットトラブル相談　受付簿"],
    ["作成：相談室", None, None, None, "取扱注意"],
    [],
    [
        "No.",
        "受付日",
        "時刻",
        "相談者\n番号",
        "相談方法",
        "年代",
        "立場",
        "種別",
        "対応結果",
        "メモ",
    ],
    [
        "１",
        "R6.4.1",
        "16:05",
        "ねこさん",
        "電話相談",
        "20代",
        "被害者",
        "誹謗・中傷、差別",
        "助言",
        "泣いていた",
    ],
    [],
    [
        "２",
        "令和６年４月２日",
        "午後５時",
        "いぬさん",
        "ＬＩＮＥ",
        "",
        "",
        "その他",
        "他機関紹介",
        "",
    ],
    ["３", "2024/4/3", "", "ねこさん", "メール", "不明", "被害者", "", "", ""],
]


@pytest.fixture
def table(beni):
    """The supervisor's browser."""
    return at_the_desk(beni)


def _book(rows=ROWS):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A1:J1")
    book.save(out)
    return out.getvalue()


def _bring(table, content):
    file = SimpleUploadedFile("受付簿.xlsx", content)
    return table.post("/settings/import/", {"file": file})


def _shown(page):
    """Return what a page's forms would send back."""
    forms = [page.context["form"], page.context["values"]]
    return {bound.html_name: bound.value() or "" for form in forms if form for bound in form}


def _take(table, address, **changes):
    told = {**_shown(table.get(address)), **changes}
    page = table.post(address, told)
    table.post(f"{address}take/")
    run_due(at=timezone.now())
    return page


def test_a_messy_spreadsheet_is_taken_whole(table, desk):
    address = _bring(table, _book()).url
    page = table.get(address)
    text = page.content.decode()
    assert "「電話相談」" in text
    assert "2024-04-01T16:05" in text
    values = page.context["values"]
    [line] = [bound.html_name for bound in values if "LINE" in str(bound.label)]
    page = _take(table, address, **{line: "SNS"})
    assert "3件、すべて読めました" in page.content.decode()
    assert "3件の受付を取り込みました" in table.get(address).content.decode()
    contacts = Contact.objects.order_by("at")
    assert [it.channel for it in contacts] == ["TELEPHONE", "SNS", "EMAIL"]
    assert [it.action for it in contacts] == ["ADVICE", "OTHER_AGENCY", None]
    assert HelpSeeker.objects.count() == 2
    assert Consultation.objects.count() == 2


def test_it_lies_sealed_and_is_erased_when_it_was_taken(table, desk):
    address = _bring(table, _book()).url
    sheet = Spreadsheet.objects.get()
    assert "ねこさん".encode() not in bytes(sheet.rows)
    assert Key.objects.filter(holder=sheet.pk).exists()
    line = next(
        it.html_name for it in table.get(address).context["values"] if "LINE" in str(it.label)
    )
    _take(table, address, **{line: "SNS"})
    sheet.refresh_from_db()
    assert bytes(sheet.rows) == b""
    assert not Key.objects.filter(holder=sheet.pk).exists()


def test_what_is_wrong_is_named_by_the_row_of_the_file_and_nothing_is_taken(table, desk):
    broken = [*ROWS[:6], ["２", "きのう", "", "いぬさん", "電話", "", "", "", "助言", ""]]
    address = _bring(table, _book(broken)).url
    page = _take(table, address)
    assert "7行目「受付日時」" in page.content.decode()
    assert not Contact.objects.exists()
    assert "直すところがあります" in table.get(address).content.decode()


KINDS = [
    ["令和６年度　受付簿"],
    ["受付日", "方法", "年代", "相談者の立場", "侵害種別", "対応"],
    ["令和６年５月１日", "電話", "１０代", "被害者", "差別", "助言"],
    ["R6.5.2", "電話", "20代", "被害者", "差別", "助言"],
    ["R6/5/3", "メール", "30代", "加害者", "差別", "傾聴"],
]


def test_people_of_one_standing_stay_as_many_as_they_are(table, desk):
    address = _bring(table, _book(KINDS)).url
    text = table.get(address).content.decode()
    assert "相談者は3人と数えます" in text
    assert "1行を1人とします" in text
    wrong = {"column-相談者": "3", "column-状況": "-"}
    text = table.post(address, {**_shown(table.get(address)), **wrong}).content.decode()
    assert "相談者は2人と数えます" in text
    assert "人ではなく区分かもしれません" in text
    assert "年代の違う人が1人います" in text
    _take(table, address, **{"column-相談者": "-", "column-状況": "3"})
    assert HelpSeeker.objects.count() == 3
    assert set(Consultation.objects.values_list("standing", flat=True)) == {"AFFECTED", "POSTER"}


def test_a_sum_is_left_out_and_so_is_a_row_that_cannot_be_mended_and_both_are_counted(table, desk):
    rows = [*KINDS, ["令和6年4月31日", "電話", "", "", "", ""], ["合計", "４件"]]
    address = _bring(table, _book(rows)).url
    text = table.get(address).content.decode()
    assert "6行目「受付日時」：そのような日はありません" in text
    assert "7行目「" not in text
    assert "取り込まない行：1行（7）" in text
    page = _take(table, address, left_out="６、7")
    assert "取り込まない行：2行（6、7）" in page.content.decode()
    assert Contact.objects.count() == 3
    detail = Entry.objects.get(deed="CONTACTS_IMPORTED").detail
    assert (detail["rows"], detail["left_out"]) == (3, 2)


def test_a_number_of_a_row_that_is_none_is_told(table, desk):
    address = _bring(table, _book(KINDS)).url
    page = table.post(address, {**_shown(table.get(address)), "left_out": "合計"})
    assert "行番号を、数字で" in page.content.decode()


def test_only_what_must_be_chosen_is_marked_so(table, desk):
    form = table.get(_bring(table, _book(KINDS)).url).context["form"]
    needed = {name for name, field in form.fields.items() if field.required}
    assert needed == {"header", "column-受付日時", "column-手法"}


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        "\n<!DOCTYPE html><table><tr><td>受付日,方法</td></tr></table>".encode(),
        b'<?xml version="1.0"?><a>1,2</a>',
        "ただの文です。\n表ではありません。".encode(),
    ],
)
def test_what_is_no_table_is_refused(table, desk, content):
    page = _bring(table, content)
    assert page.status_code == 400
    assert "CSVかxlsx" in page.content.decode()
    assert not Spreadsheet.objects.exists()


def test_the_same_file_is_taken_once_however_it_is_read(table, desk):
    content = _book([*ROWS[:4], ROWS[4]])
    for _again in range(2):
        address = _bring(table, content).url
        _take(table, address, **{"column-備考": "-"} if _again else {})
    assert Contact.objects.count() == 1
    assert "取り込みずみ" in table.get(address).content.decode()


def test_what_words_meant_is_remembered(table, desk):
    first = _bring(table, _book([*ROWS[:4], ROWS[6]])).url
    line = next(
        it.html_name for it in table.get(first).context["values"] if "LINE" in str(it.label)
    )
    _take(table, first, **{line: "SNS"})
    again = [*ROWS[:4], ["９", "R6.5.1", "", "とりさん", "ＬＩＮＥ", "", "", "", "助言", ""]]
    page = table.get(_bring(table, _book(again)).url)
    assert {bound.value() for bound in page.context["values"]} == {"SNS"}


def test_who_thinks_better_of_it_leaves_nothing(table, desk):
    address = _bring(table, _book()).url
    table.post(f"{address}give-up/")
    assert not Spreadsheet.objects.exists()
    assert table.get(address).status_code == 404


def test_a_file_that_is_none_is_refused_in_a_sentence(table, desk):
    page = _bring(table, b"\x00\x01\x02\x03")
    assert page.status_code == 400
    assert "ファイル" in page.content.decode()
    assert not Spreadsheet.objects.exists()


def test_nobody_else_brings_or_sees_one(table, desk, aoi, chika):
    address = _bring(table, _book()).url
    for other in (aoi, chika):
        browser = at_the_desk(other)
        assert browser.get(address).status_code == 404
        assert _bring(browser, _book()).status_code == 404
    assert Spreadsheet.objects.count() == 1
