"""A desk brings its own spreadsheet: titles above the header, eras, its own words."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from madoguchi.administration.models import Spreadsheet
from madoguchi.consultations.models import Consultation, Contact, HelpSeeker
from madoguchi.jobs.operations import run_due
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
