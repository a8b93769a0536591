"""Reports: the same numbers on the page and in every file, frozen, signed, never written over."""

import csv
import datetime as dt
import io
import re
import shutil
import subprocess

import pytest
from django.db import DatabaseError, transaction
from openpyxl import load_workbook
from pypdf import PdfReader

from madoguchi.consultations.operations.importing import How, import_contacts
from madoguchi.demo.records import FY2024, FY2025_H1, contact_rows, opening_days, printed
from madoguchi.desks.operations import record_opening_days
from madoguchi.handbook.models import Sheet, Sort
from madoguchi.ledger.models import Entry
from madoguchi.rules.contact_records import COLUMNS
from madoguchi.statistics.models import FrozenReturn, ReturnDraft
from madoguchi.statistics.queries.frozen import is_sound
from tests.people import AT, at_the_desk

TAKEN = AT + dt.timedelta(days=200)
PERIODS = [
    (FY2024, "2024-04-01", "2025-03-31"),
    (FY2025_H1, "2025-04-01", "2025-09-30"),
]
LIST = "/stats/reports/"

pytestmark = pytest.mark.django_db
each_period = pytest.mark.parametrize(("name", "first", "last"), PERIODS)


@pytest.fixture
def filled(desk):
    """The desk with every contact behind the printed figures."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(contact_rows())
    import_contacts(desk=desk.pk, content=text.getvalue().encode(), actor=None, at=TAKEN)
    for name in (FY2024, FY2025_H1):
        record_opening_days(desk=desk.pk, days=opening_days(name), at=AT)
    return desk


def begun(client, first: str, last: str) -> str:
    answer = client.post(f"{LIST}begin/", {"first": first, "last": last})
    assert answer.status_code == 302
    return answer["Location"]


def frozen(client, first: str, last: str) -> str:
    answer = client.post(f"{begun(client, first, last)}freeze/")
    assert answer.status_code == 302
    assert "/frozen/" in answer["Location"]
    return answer["Location"]


def expected_lines(name: str) -> list[tuple[str, str, int]]:
    return [
        (title, label, number)
        for title, table in printed(name)["tables"].items()
        for label, number in table["rows"].items()
    ]


def lines_of(rows) -> list[tuple[str, str, object]]:
    return [
        (row["表"], row["分類"], row["値"])
        for row in rows
        if row["章"] == "分類ごとの件数" and row["項目"] == "件数" and "合計" not in row["分類"]
    ]


@each_period
def test_page_pdf_excel_and_csv_say_the_same_printed_numbers(
    filled, beni, name: str, first: str, last: str
) -> None:
    client = at_the_desk(beni)
    at = frozen(client, first, last)
    page = client.get(at).content.decode()
    sections = dict(re.findall(r'<h3 id="[a-z-]+">(.+?)</h3>(.+?)</section>', page, re.DOTALL))
    cells = [
        (title, label, int(number))
        for title in printed(name)["tables"]
        for label, number in re.findall(
            r'<th scope="row">([^<合]+?)</th><td class="figure">(\d+)</td>', sections[title]
        )
    ]
    assert cells == expected_lines(name)

    text = client.get(f"{at}csv/").content
    assert text.startswith(b"\xef\xbb\xbf")
    data = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert [(*where, int(number)) for *where, number in lines_of(data)] == expected_lines(name)

    book = load_workbook(io.BytesIO(client.get(f"{at}xlsx/").content))
    head, *rows = book["データ"].iter_rows(values_only=True)
    assert lines_of([dict(zip(head, row, strict=True)) for row in rows]) == expected_lines(name)
    assert not book["データ"].merged_cells.ranges
    in_print = {row[:2] for row in book["印刷用"].iter_rows(values_only=True)}
    assert {(label, number) for _title, label, number in expected_lines(name)} <= in_print

    pdf = PdfReader(io.BytesIO(client.get(f"{at}pdf/").content))
    assert "pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    words = re.sub(r"\s+", "", "".join(page.extract_text() for page in pdf.pages))
    for _title, label, number in expected_lines(name):
        assert f"{label}{number}" in words
    for label, number in printed(name)["totals"].items():
        assert re.search(rf"{label}（[件日]）{number}", words)


def test_a_comparison_across_a_change_of_base_is_refused_and_said(filled, beni) -> None:
    page = at_the_desk(beni).get(begun(at_the_desk(beni), "2025-04-01", "2025-09-30"))
    sections = dict(
        re.findall(
            r'<h3 id="before-[a-z-]+">(.+?)</h3>(.+?)</section>', page.content.decode(), re.DOTALL
        )
    )
    ages, channels = sections["年代別の比較"], sections["手法別の比較"]
    assert "母数が前の年（新規受付件数）と変わったため、比べていません" in ages
    assert "<svg" not in ages
    assert "－" in ages
    assert "<svg" in channels
    telephone = printed(FY2025_H1)["tables"]["手法別"]["rows"]["電話"]
    cells = r'電話</th><td class="figure">\d+</td><td class="figure">(\d+)</td>'
    assert re.search(cells, channels).group(1) == str(telephone)


def test_one_press_on_the_figures_makes_the_report_of_last_year(filled, daichi) -> None:
    client = at_the_desk(daichi)
    page = client.get(LIST).content.decode()
    assert page.count("報告書をつくる</h2>") == 1
    assert "先月" in page
    assert "前の年度" in page
    first, last = re.findall(r'name="(?:first|last)" value="([\d-]+)"', page)[-2:]
    assert first.endswith("-04-01")
    answer = client.get(begun(client, first, last))
    assert "年次統計分析報告書" in answer.content.decode()


def test_an_empty_period_and_days_nobody_recorded_are_said_before_freezing(filled, beni) -> None:
    client = at_the_desk(beni)
    page = client.get(begun(client, "2022-04-01", "2022-04-30")).content.decode()
    assert "この期間の受付がありません" in page
    row = contact_rows()[0] | {"受付日時": "2023-04-03T10:00", "相談者": "X"}
    text = ",".join(row) + "\n" + ",".join(row.values())
    import_contacts(desk=filled.pk, content=text.encode(), actor=None, at=TAKEN)
    page = client.get(begun(client, "2023-04-01", "2023-04-30")).content.decode()
    assert "相談開設日数が0日です" in page
    page = client.get(begun(client, "2024-04-01", "2025-03-31")).content.decode()
    assert "相談開設日数が0日です" not in page


def test_a_statistician_is_told_who_freezes(filled, daichi) -> None:
    client = at_the_desk(daichi)
    page = client.get(begun(client, "2024-04-01", "2025-03-31")).content.decode()
    assert "確定することは、責任者がします" in page


def test_nothing_is_frozen_while_a_contact_is_unclassified(filled, beni) -> None:
    row = contact_rows()[0] | {"対応": "未分類", "相談者": "X"}
    text = ",".join(row) + "\n" + ",".join(row.values())
    import_contacts(desk=filled.pk, content=text.encode(), actor=None, at=TAKEN)
    client = at_the_desk(beni)
    draft = begun(client, "2024-04-01", "2025-03-31")
    page = client.post(f"{draft}freeze/", follow=True).content.decode()
    assert "対応が未分類の受付があります" in page
    assert not FrozenReturn.objects.exists()


def test_a_period_that_goes_on_is_not_frozen(filled, beni) -> None:
    client = at_the_desk(beni)
    page = client.post(f"{begun(client, '2025-04-01', '2099-03-31')}freeze/", follow=True)
    assert "まだ終わっていない期間です" in page.content.decode()
    assert not FrozenReturn.objects.exists()


def test_only_a_supervisor_writes_and_freezes(filled, daichi, chika) -> None:
    client = at_the_desk(daichi)
    draft = begun(client, "2024-04-01", "2025-03-31")
    assert client.get(draft).status_code == 200
    assert client.post(draft, {"words-foreword": "x"}).status_code == 404
    assert client.post(f"{draft}freeze/").status_code == 404
    type(chika).objects.filter(pk=chika.pk).update(role="SUPERVISOR")
    chika.refresh_from_db()
    assert at_the_desk(chika).get(draft).status_code == 404
    assert not FrozenReturn.objects.exists()


def test_words_and_approved_cases_are_printed(filled, aoi, beni) -> None:
    said = {
        "desk": filled,
        "sort": Sort.CASE,
        "words": "書かれた",
        "advice": "残す",
        "written_at": AT,
    }
    approved = {"approved_by": beni, "approved_at": AT, "written_by": aoi}
    case = Sheet.objects.create(**said, **approved, title="承認した事例")
    other = Sheet.objects.create(**said, title="まだの事例")
    client = at_the_desk(beni)
    draft = begun(client, "2024-04-01", "2025-03-31")
    page = client.get(draft).content.decode()
    assert "承認した事例" in page
    assert "まだの事例" not in page
    assert client.post(draft, {"cases": str(other.pk)}).status_code == 200
    client.post(draft, {"words-analysis": "電話が増えた。\n二段目。", "cases": str(case.pk)})
    at = client.post(f"{draft}freeze/")["Location"]
    Sheet.objects.filter(pk=case.pk).update(title="変えた題")
    ReturnDraft.objects.update(words={"analysis": "変えた文"})
    page = client.get(at).content.decode()
    assert "<p>電話が増えた。</p><p>二段目。</p>" in page.replace("\n", "").replace("    ", "")
    assert "承認した事例" in page
    assert "変えた" not in page


def test_a_frozen_report_keeps_what_it_printed_and_lists_what_changed(filled, beni) -> None:
    client = at_the_desk(beni)
    at = frozen(client, "2024-04-01", "2025-03-31")
    before = {kind: client.get(f"{at}{kind}/").content for kind in ("pdf", "xlsx", "csv", "json")}
    assert "いま集計しても、同じ数字です" in client.get(at).content.decode()
    row = contact_rows()[0] | {"相談者": "おくれて", "手法": "FAX"}
    text = ",".join(row) + "\n" + ",".join(row.values())
    import_contacts(
        desk=filled.pk, content=text.encode(), actor=None, at=TAKEN, how=How(again=True)
    )
    page = client.get(at).content.decode()
    changes = re.search(r'<h3 id="changes">.+?</section>', page, re.DOTALL).group()
    assert re.search(
        r"手法別 FAX</th><td class=\"figure\">1</td><td class=\"figure\">2</td>", changes
    )
    assert re.search(
        r"総数 延べ受付件数</th><td class=\"figure\">599</td><td class=\"figure\">600<", changes
    )
    assert before == {kind: client.get(f"{at}{kind}/").content for kind in before}
    # The next print says so, whatever its period.
    following = client.get(begun(client, "2025-04-01", "2025-09-30")).content.decode()
    assert "令和6年度（第1版）からの訂正" in following
    # A new version stands beside the first.
    second = frozen(client, "2024-04-01", "2025-03-31")
    assert "第2版" in client.get(second).content.decode()
    assert "600" in client.get(second).content.decode()
    assert "新しい版があります" in client.get(at).content.decode()
    assert before["json"] == client.get(f"{at}json/").content


def test_the_database_refuses_to_change_or_delete_what_was_frozen(filled, beni) -> None:
    frozen(at_the_desk(beni), "2024-04-01", "2025-03-31")
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenReturn.objects.update(content="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenReturn.objects.all().delete()
    row = FrozenReturn.objects.get()
    assert is_sound(row)
    row.content = row.content.replace("599", "600")
    assert not is_sound(row)


def test_the_ledger_says_who_froze_what(filled, beni) -> None:
    frozen(at_the_desk(beni), "2024-04-01", "2025-03-31")
    told = Entry.objects.get(deed="RETURN_FROZEN")
    assert told.actor == beni.pk
    assert told.detail["digest"] == FrozenReturn.objects.get().digest


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")
def test_a_third_party_checks_the_signature_with_openssl_alone(filled, beni, tmp_path) -> None:
    client = at_the_desk(beni)
    at = frozen(client, "2024-04-01", "2025-03-31")
    for kind in ("json", "sig", "pem"):
        (tmp_path / kind).write_bytes(client.get(f"{at}{kind}/").content)

    def verify() -> bool:
        asked = "openssl pkeyutl -verify -pubin -inkey pem -rawin -in json -sigfile sig"
        return (
            subprocess.run(asked.split(), cwd=tmp_path, capture_output=True, check=False).returncode
            == 0
        )

    assert verify()
    changed = (tmp_path / "json").read_bytes().replace(b"599", b"600")
    (tmp_path / "json").write_bytes(changed)
    assert not verify()
