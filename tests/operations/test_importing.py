"""Importing contact records: all or nothing, sealed, continued, and told in a sentence."""

import csv
import datetime as dt
import io

import pytest
from django.db import transaction
from openpyxl import Workbook

from madoguchi.consultations.models import (
    Batch,
    Consultation,
    Contact,
    HelpSeeker,
    InfringementMark,
)
from madoguchi.consultations.operations import importing, landing, staging
from madoguchi.consultations.operations.exporting import export_contacts
from madoguchi.consultations.operations.importing import (
    How,
    ImportResult,
    UnableToImportError,
    import_contacts,
)
from madoguchi.consultations.operations.reading import read_records, rows_in
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries import visible_to
from madoguchi.correspondence.models import Message
from madoguchi.desks.queries import books_of
from madoguchi.intake.operations import send_letter
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.models import Entry
from madoguchi.matters.models import Matter
from madoguchi.rules.access import RefusedError
from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.contact_records import REQUIRED, WINDOWS, Reader
from madoguchi.rules.counting import Total
from madoguchi.rules.periods import fiscal_year
from madoguchi.statistics.queries import return_of
from madoguchi.statistics.queries.crossing import Clock, cross_table_of
from madoguchi.vault.models import Key

AT = dt.datetime(2025, 5, 15, 5, 0, tzinfo=dt.UTC)
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

pytestmark = pytest.mark.django_db


def text_of(*rows: dict[str, str]) -> str:
    text = io.StringIO(newline="")
    columns = dict.fromkeys(column for row in (ROW, *rows) for column in row)
    writer = csv.DictWriter(text, list(columns), restval="")
    writer.writeheader()
    writer.writerows(ROW | row for row in rows)
    return text.getvalue()


def bring(desk, *rows: dict[str, str], **how: bool) -> ImportResult:
    content = text_of(*rows).encode()
    return import_contacts(desk=desk.pk, content=content, actor=None, at=AT, how=How(**how))


def nothing_is_stored() -> bool:
    tables = (Contact, Consultation, HelpSeeker, InfringementMark, Message, Matter, Batch)
    return not any(table.objects.exists() for table in tables)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_csv_is_read_in_every_encoding_desks_use(desk, encoding: str, newline: str) -> None:
    text = text_of({"相談者": "た①"}, {"手法": "SNS"}).replace("\r\n", newline)
    result = import_contacts(desk=desk.pk, content=text.encode(encoding), actor=None, at=AT)
    assert (result.landed, result.rows, result.new_consultations) == (True, 2, 2)


def test_the_first_sheet_of_a_workbook_is_read_with_real_dates_and_numbers(desk) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([*ROW, "所要分"])
    at = dt.datetime(2024, 4, 1, 16, 4, 59, 999000)  # noqa: DTZ001 (a date cell has no zone)
    sheet.append([at, 1001, 1.0, *list(ROW.values())[3:], 15])
    book.create_sheet("別のシート").append(["何か"])
    content = io.BytesIO()
    book.save(content)
    assert import_contacts(desk=desk.pk, content=content.getvalue(), actor=None, at=AT).landed
    contact = Contact.objects.get()
    assert contact.at == dt.datetime(2024, 4, 1, 7, 5, tzinfo=dt.UTC)
    assert contact.minutes == 15
    assert bring(desk, {"相談者": "1001"}).continued_consultations == 1


def test_a_cell_merged_over_several_rows_stands_in_each_of_them() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["受付簿", None], ["受付日", "内容"], ["R8.4.3", "一"], [None, "二"], [None, "三"]):
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A3:A4")
    content = io.BytesIO()
    book.save(content)
    assert list(rows_in(content.getvalue())) == [
        *(["受付簿", ""], ["受付日", "内容"]),
        *(["R8.4.3", "一"], ["R8.4.3", "二"], ["", "三"]),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04 and no more",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        '"受付日時'.encode(),
        b"\xff\xfe\x00\x01",
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_sentence(desk, content: bytes) -> None:
    with pytest.raises(UnableToImportError, match=r"^[^\n]+。$"):
        import_contacts(desk=desk.pk, content=content, actor=None, at=AT)


def test_an_empty_file_says_that_no_column_is_there(desk) -> None:
    result = import_contacts(desk=desk.pk, content=b"", actor=None, at=AT)
    assert [fault.column for fault in result.faults] == list(REQUIRED)
    with pytest.raises(UnableToImportError, match="受付の行がありません"):
        bring(desk)


def test_one_bad_row_keeps_the_whole_file_out(desk) -> None:
    result = bring(desk, {}, {"手法": "のろし"}, {"受付日時": "きのう"})
    assert not result.landed
    assert [(fault.row, fault.column) for fault in result.faults] == [(3, "手法"), (4, "受付日時")]
    assert str(result.faults[1]).startswith("4行目「受付日時」：")
    assert nothing_is_stored()


def test_rows_are_numbered_as_a_spreadsheet_shows_them(desk) -> None:
    text = text_of({"内容": "二行の\n記号"}, {}, {"手法": ""})
    lines = text.split("\r\n")
    lines.insert(2, "")  # an empty row, which counts for nothing
    result = import_contacts(desk=desk.pk, content="\r\n".join(lines).encode(), actor=None, at=AT)
    assert [fault.row for fault in result.faults] == [5]


def test_cells_beyond_the_header_are_refused(desk) -> None:
    content = text_of({}).strip() + ",あまり\r\n"
    result = import_contacts(desk=desk.pk, content=content.encode(), actor=None, at=AT)
    assert [(fault.row, fault.column) for fault in result.faults] == [(2, "列")]


def test_twenty_faults_are_shown_and_all_are_counted(desk) -> None:
    result = bring(desk, *[{"手法": ""}] * 50)
    assert (len(result.faults), result.fault_count) == (20, 50)


def test_a_dry_run_stores_nothing(desk) -> None:
    result = bring(desk, {}, dry_run=True)
    assert (result.landed, result.rows, result.fault_count) == (False, 1, 0)
    assert nothing_is_stored()


def test_the_same_file_again_is_refused_unless_said(desk, other_desk) -> None:
    bring(desk, {})
    with pytest.raises(UnableToImportError, match="取り込みずみ"):
        bring(desk, {})
    assert Contact.objects.count() == 1
    assert bring(desk, {}, again=True).landed
    assert bring(other_desk, {}).landed
    assert Contact.objects.filter(desk=desk).count() == 2


def test_one_import_is_one_line_in_the_ledger(desk, beni) -> None:
    content = text_of({}, {"手法": "SNS"}).encode()
    import_contacts(desk=desk.pk, content=content, actor=beni.actor, at=AT)
    entry = Entry.objects.get(deed=Deed.CONTACTS_IMPORTED)
    assert entry.detail["rows"] == 2
    assert len(entry.detail["digest"]) == 64
    assert entry.actor == beni.pk


def test_only_a_supervisor_of_the_desk_imports(desk, aoi, beni, chika, daichi) -> None:
    for user in (aoi, chika, daichi):
        with pytest.raises(RefusedError):
            import_contacts(desk=desk.pk, content=b"", actor=user.actor, at=AT)
        with pytest.raises(RefusedError):
            export_contacts(desk=desk.pk, actor=user.actor, at=AT)


def test_names_and_remarks_are_nowhere_readable_in_the_database(desk) -> None:
    bring(desk, {"相談者": "やまだはなこ", "内容": "けいじばんのけん", "備考": "ひみつのことば"})
    for table in (Contact, Consultation, HelpSeeker, Message, Matter, Batch, Key, Entry):
        for row in table.objects.values_list():
            stored = b"|".join(
                bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                for cell in row
            )
            for word in ("やまだ", "けいじばん", "ひみつ"):
                assert word.encode() not in stored
    assert "ひみつのことば" in export_contacts(desk=desk.pk, actor=None, at=AT).decode()


def test_a_following_month_continues_the_consultation(desk) -> None:
    bring(desk, {"年代": "", "状況": "その他"})
    result = bring(
        desk,
        {"受付日時": "2024-05-01T16:05", "年代": "40代", "状況": "", "備考": "続き"},
        {"受付日時": "2024-05-02T16:05", "侵害種別": "差別;その他"},
        {"受付日時": "2024-05-02T16:05", "内容": "2"},
    )
    assert (result.new_consultations, result.continued_consultations) == (1, 1)
    first = Consultation.objects.get(first_contact_at__month=4)
    assert first.contacts.count() == 3
    assert (first.age_group, first.standing) == ("THIRTIES", "AFFECTED")
    assert {mark.kind for mark in first.infringement_marks.all()} == {"DISCRIMINATION", "OTHER"}
    assert first.last_contact_at.month == 5
    assert HelpSeeker.objects.count() == 1
    figures = return_of(desk.pk, period=fiscal_year(2024))
    assert (figures.new, figures.case_months, figures.contacts) == (2, 3, 4)


def test_an_earlier_month_brought_later_only_fills_what_is_not_known(desk) -> None:
    bring(desk, {"受付日時": "2024-05-01T16:05", "年代": "40代", "状況": "不明"})
    bring(desk, {"年代": "20代", "状況": "加害者", "侵害種別": "差別"})
    row = Consultation.objects.get()
    assert (row.age_group, row.standing) == ("FORTIES", "POSTER")
    assert [mark.kind for mark in row.infringement_marks.all()] == ["DEFAMATION"]
    assert row.first_contact_at == dt.datetime(2024, 4, 1, 7, 5, tzinfo=dt.UTC)


def test_a_landing_never_overwrites_what_a_colleague_has_just_changed(desk) -> None:
    bring(desk, {"年代": "20代"})
    row = Consultation.objects.get()
    [later] = _records(desk, {"受付日時": "2024-05-01T16:05", "年代": "40代"})
    worked_out = landing._Continuing({row.pk: (later,)})
    Consultation.objects.update(standing="POSTER")
    with pytest.raises(landing._ChangedMeanwhileError), transaction.atomic():
        worked_out.write()
    assert Consultation.objects.get().age_group == "TWENTIES"
    with transaction.atomic():
        landing._Continuing({row.pk: (later,)}).write()
    assert Consultation.objects.get().age_group == "FORTIES"


def test_a_landing_never_overwrites_kinds_that_a_colleague_has_just_set(desk) -> None:
    bring(desk, {"侵害種別": "不明"})
    row = Consultation.objects.get()
    [later] = _records(desk, {"受付日時": "2024-05-01T16:05", "侵害種別": "差別"})
    worked_out = landing._Continuing({row.pk: (later,)})
    InfringementMark.objects.update(kind="ILLEGAL")
    with pytest.raises(landing._ChangedMeanwhileError), transaction.atomic():
        worked_out.write()
    assert InfringementMark.objects.get().kind == "ILLEGAL"


def test_past_contacts_do_not_flood_the_inbox_but_unclassified_ones_wait_there(desk, aoi) -> None:
    bring(desk, {}, {"相談者": "P002", "対応": "未分類"})
    assert sorted(row.status for row in visible_to(aoi.actor)) == ["CLOSED", "RECEIVED"]
    assert return_of(desk.pk, period=fiscal_year(2024)).unclassified == 1


def test_numbers_go_by_the_fiscal_year_and_the_order_of_first_contacts(desk) -> None:
    bring(
        desk,
        {"受付日時": "2025-04-01T10:00", "相談者": "C"},
        {"受付日時": "2024-06-01T10:00", "相談者": "B"},
        {"受付日時": "2024-05-01T10:00", "相談者": "A"},
    )
    numbers = Matter.objects.order_by("opened_at").values_list("number", flat=True)
    assert list(numbers) == ["R6-0001", "R6-0002", "R7-0001"]


def _stage(desk, *rows: dict[str, str]) -> Batch:
    """Stage rows as an import does that dies before it lands."""
    batch = staging.begin(desk=desk.pk, digest="d" * 64, rows=len(rows), at=AT)
    staging.Stage(batch, staging.troubles(_records(desk, *rows))).run(lambda _done, _of: None)
    return batch


def _records(desk, *rows: dict[str, str]):
    reader = Reader(books=books_of(desk.pk), windows=WINDOWS)
    return read_records(text_of(*rows).encode(), reader).records


def test_what_is_staged_counts_for_nothing_and_is_seen_by_nobody(desk, aoi) -> None:
    bring(desk, {})
    _stage(desk, {"備考": "続き"}, {"相談者": "P002", "備考": "新しい"})
    assert return_of(desk.pk, period=fiscal_year(2024)).contacts == 1
    assert visible_to(aoi.actor).count() == 1
    assert Message.objects.filter(matter__consultation__batch__landed_at__isnull=False).count() == 0


def test_what_a_dead_import_left_is_cleared_by_the_next(desk) -> None:
    bring(desk, {})
    _stage(desk, {}, {"相談者": "P002", "備考": "新しい"})
    left = Key.objects.count()
    assert bring(desk, {"相談者": "P003"}).landed
    assert return_of(desk.pk, period=fiscal_year(2024)).contacts == 2
    assert Batch.objects.filter(landed_at=None).count() == 0
    assert HelpSeeker.objects.count() == Consultation.objects.count() == Matter.objects.count() == 2
    assert Key.objects.count() == left - 1
    assert not Message.objects.exists()


def test_an_import_that_was_overtaken_writes_no_more(desk) -> None:
    batch = _stage(desk, {})
    bring(desk, {"相談者": "P002"})
    with pytest.raises(staging.OvertakenError):
        staging.Stage(batch, staging.troubles(_records(desk, {"相談者": "P003"}))).run(
            lambda _done, _of: None
        )
    assert Contact.objects.count() == 1


def test_what_has_landed_is_never_cleared_by_who_saw_it_before(desk) -> None:
    bring(desk, {})
    seen_before = Batch.objects.get()
    seen_before.landed_at = None
    staging.clear(seen_before)
    assert Contact.objects.count() == Batch.objects.exclude(digest="").count() == 1


def test_a_file_that_landed_while_it_was_read_again_is_refused(desk, monkeypatch) -> None:
    read = importing.read_records

    def meanwhile(content, reader):
        monkeypatch.undo()
        bring(desk, {})
        return read(content, reader)

    monkeypatch.setattr(importing, "read_records", meanwhile)
    with pytest.raises(UnableToImportError, match="取り込みずみ"):
        bring(desk, {})
    assert Contact.objects.count() == Batch.objects.count() == 1


def test_an_import_that_fails_half_way_leaves_nothing(desk) -> None:
    def stop(done: int, of: int) -> None:
        if done:
            raise KeyboardInterrupt

    content = text_of(*[{"相談者": f"P{n}", "備考": "あ"} for n in range(900)]).encode()
    with pytest.raises(KeyboardInterrupt):
        import_contacts(desk=desk.pk, content=content, actor=None, at=AT, progress=stop)
    assert nothing_is_stored()


def test_progress_ends_at_the_number_of_rows(desk) -> None:
    seen: list[tuple[int, int]] = []
    content = text_of(*[{"相談者": f"P{n % 350}"} for n in range(900)]).encode()
    import_contacts(
        desk=desk.pk, content=content, actor=None, at=AT, progress=lambda *far: seen.append(far)
    )
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == ((0, 900), (900, 900))
    assert len(seen) > 2


def test_a_contact_of_the_future_is_refused_by_its_row(desk) -> None:
    tomorrow = bring(desk, {"受付日時": "2025-05-16T14:00"})
    assert tomorrow.landed
    result = bring(desk, {}, {"受付日時": "9999-12-31T10:00"}, {"受付日時": "2025-05-16T14:01"})
    assert [(fault.row, fault.column) for fault in result.faults] == [
        (3, "受付日時"),
        (4, "受付日時"),
    ]
    assert Contact.objects.count() == 1


def test_a_contact_at_the_end_of_the_calendar_does_not_stop_the_figures(desk) -> None:
    """Such rows came in before they were refused."""
    batch = staging.begin(desk=desk.pk, digest="d" * 64, rows=2, at=AT)
    records = _records(desk, {}, {"受付日時": "9999-12-31T10:00", "内容": "2"})
    landing.land(
        batch,
        staging.Stage(batch, staging.troubles(records)).run(lambda _done, _of: None),
        landing.Landing(None, AT),
    )
    every_day = Period(dt.date.min, dt.date.max)
    assert return_of(desk.pk, period=fiscal_year(2024)).contacts == 1
    assert return_of(desk.pk, period=fiscal_year(9999)).contacts == 1
    assert return_of(desk.pk, period=every_day).contacts == 2
    crossed = cross_table_of(
        desk.pk, period=every_day, counts=Total.CONTACTS, sides=(Table.CHANNEL, Clock.MONTH)
    )
    assert crossed.base == 2


def test_what_nobody_has_classified_comes_back_the_same(desk, other_desk) -> None:
    send_letter(
        desk=desk.pk, letter=Letter(words="困っています。", channel="EMAIL"), once="a", at=AT
    )
    content = export_contacts(desk=desk.pk, actor=None, at=AT)
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert row["侵害種別"] == "不明"
    assert import_contacts(desk=other_desk.pk, content=content, actor=None, at=AT).landed
    assert export_contacts(desk=other_desk.pk, actor=None, at=AT) == content
