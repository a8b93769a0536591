"""A gathered sum is frozen like a report; senders are renamed, and words are read anew."""

import csv
import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from openpyxl import load_workbook
from pypdf import PdfReader

from madoguchi.ledger.models import Entry
from madoguchi.statistics.models import FrozenReturn, Reading, Sender
from madoguchi.statistics.queries.frozen import is_sound
from tests.people import at_the_desk
from tests.senders import ASKED, PAGE, expect, lines, sender_called, sent

pytestmark = pytest.mark.django_db
EAST = [f"2025-05-0{day}T10:00,E{day},1,電話,10代,被害者,差別,助言" for day in range(1, 6)]
WEST = [
    "2025-06-01T10:00,W1,1,LINE,20代,被害者,差別,助言",
    "2025-06-02T10:00,W2,1,メール,20代,被害者,差別,助言",
]


@pytest.fixture
def client(beni):
    """Beni's browser; east has sent, west has not."""
    client = at_the_desk(beni)
    expect(client, "東市", "西市")
    sent(client, "東市", lines(*EAST))
    return client


def read(client, name: str, label: str, key: str) -> str:
    """Say by the page of a sender what one of its words stands for."""
    sender = sender_called(client, name)
    page = client.get(f"/stats/gathering/senders/{sender}/?{ASKED}").content.decode()
    field = re.search(rf'for="id_(label-\w+)"[^>]*>[^<]*「{label}」', page).group(1)
    answer = client.post(
        f"/stats/gathering/senders/{sender}/words/?{ASKED}", {field: key}, follow=True
    )
    return answer.content.decode()


def frozen(client, **said) -> str:
    answer = client.post(f"/stats/gathering/freeze/?{ASKED}", said)
    assert "/frozen/" in answer["Location"], client.get(PAGE).content.decode()
    return answer["Location"]


def files(client, at: str) -> dict[str, bytes]:
    return {kind: client.get(f"{at}{kind}/").content for kind in ("pdf", "xlsx", "csv", "json")}


def changes(client, at: str) -> str:
    page = client.get(at).content.decode()
    return re.search(r'<h2 id="since">.+?figures-period', page, re.DOTALL).group()


def channel_row(name: str, then: int, now: int) -> str:
    cell = '</th><td class="figure">{}</td><td class="figure">{}</td>'
    return f"手法別 {name}" + cell.format(then, now)


def both_sent(client) -> None:
    sent(client, "西市", lines(*WEST))
    read(client, "西市", "LINE", "SNS")


def test_page_pdf_excel_and_csv_of_a_frozen_sum_say_the_same(client) -> None:
    both_sent(client)
    at = frozen(client)
    page = client.get(at).content.decode()
    assert "署名を確かめました" in page
    assert "第1版　確定日：" in page
    assert "集計規則：madoguchi.counting/1" in page
    assert "2か所から届いた数字を足しました" in page
    found = files(client, at)
    data = list(csv.DictReader(io.StringIO(found["csv"].decode("utf-8-sig"))))
    cells = {(it["表"], it["分類"], it["項目"]): it["値"] for it in data}
    assert cells["手法別", "電話", "件数"] == "5"
    assert cells["手法別", "SNS", "件数"] == "1"
    assert cells["提出元ごとの手法別", "西市", "SNS"] == "1"
    assert cells["提出元ごとの総数", "東市", "延べ受付件数"] == "5"
    assert cells["読みかえた言葉", "西市", "足した分類"] == "SNS"
    book = load_workbook(io.BytesIO(found["xlsx"]))["データ"]
    rows = [[str(it) for it in row if it is not None] for row in book.iter_rows(values_only=True)]
    assert any("提出元ごとの手法別" in row and "西市" in row for row in rows)
    pdf = PdfReader(io.BytesIO(found["pdf"]))
    words = re.sub(r"\s+", "", "".join(it.extract_text() for it in pdf.pages))
    assert "電話571％" in words
    assert "提出元ごとの総数" in words
    assert is_sound(FrozenReturn.objects.get())
    assert Entry.objects.get(deed="SUM_FROZEN").detail["version"] == 1


def test_who_has_not_sent_is_named_and_the_sum_is_frozen_on_purpose_only(client) -> None:
    page = client.post(f"/stats/gathering/freeze/?{ASKED}", follow=True).content.decode()
    assert "まだ届いていないところがあります" in page
    assert not FrozenReturn.objects.exists()
    at = frozen(client, is_short="on")
    assert "次のところの数字は入っていません：西市" in client.get(at).content.decode()


def test_a_file_that_comes_late_is_a_correction_and_changes_nothing_that_was_frozen(client) -> None:
    at = frozen(client, is_short="on")
    before = files(client, at)
    assert "いま集計しても、同じ数字です" in client.get(at).content.decode()
    both_sent(client)
    told = changes(client, at)
    assert "西市：あとから届きました" in told
    assert channel_row("SNS", 0, 1) in told
    assert "2か所から" not in client.get(at).content.decode()
    assert files(client, at) == before
    # The next version says what changed, and stands beside the first.
    second = frozen(client)
    page = client.get(second).content.decode()
    assert "これまでのとりまとめの訂正" in page
    assert "第2版" in page
    assert "新しい版があります" in client.get(at).content.decode()
    assert files(client, at) == before


def test_a_file_sent_again_is_a_correction(client) -> None:
    at = frozen(client, is_short="on")
    sent(client, "東市", lines(*EAST[:4]))
    told = changes(client, at)
    assert "東市：出し直されました" in told
    assert channel_row("電話", 5, 4) in told


def test_figures_that_wait_for_a_reading_are_not_left_out_of_a_frozen_sum(client) -> None:
    sent(client, "西市", lines(*WEST))
    page = client.post(f"/stats/gathering/freeze/?{ASKED}", {"is_short": "on"}, follow=True)
    assert "まだ足せない数字があります" in page.content.decode()
    assert not FrozenReturn.objects.exists()


def test_a_wrong_reading_is_changed_and_what_was_frozen_stays(client, beni) -> None:
    both_sent(client)
    at = frozen(client)
    before = files(client, at)
    assert "読みかえを保存しました" in read(client, "西市", "LINE", "EMAIL")
    assert Reading.objects.get().key == "EMAIL"
    told = changes(client, at)
    assert "西市：読みかえが変わりました" in told
    assert channel_row("SNS", 1, 0) in told
    assert channel_row("メール", 1, 2) in told
    assert files(client, at) == before
    # Taken back: nobody has said what it stands for, and it waits again.
    assert "言葉を読みかえてください" in read(client, "西市", "LINE", "")
    assert "西市：いまは足せません" in changes(client, at)
    assert files(client, at) == before
    told = Entry.objects.filter(deed="READINGS_SET").order_by("seq")
    assert [it.actor for it in told] == [beni.pk] * 3


def test_a_word_like_ours_may_be_read_otherwise(client) -> None:
    read(client, "東市", "電話", "SNS")
    page = client.get(PAGE).content.decode()
    assert re.search(r'<th scope="row">SNS</th><td class="figure">5</td>', page)
    read(client, "東市", "電話", "")
    assert not Reading.objects.exists()


def test_what_the_page_did_not_ask_about_keeps_its_reading(client) -> None:
    both_sent(client)
    read(client, "西市", "メール", "FAX")
    assert {it.label: it.key for it in Reading.objects.all()} == {"LINE": "SNS", "メール": "FAX"}


def test_a_sender_is_renamed_and_a_frozen_sum_keeps_the_old_name(client, beni) -> None:
    at = frozen(client, is_short="on")
    before = files(client, at)
    sender = sender_called(client, "東市")
    address = f"/stats/gathering/senders/{sender}/name/?{ASKED}"
    assert (
        "名前を変えました" in client.post(address, {"name": "東野市"}, follow=True).content.decode()
    )
    page = client.get(PAGE).content.decode()
    assert "東野市" in page
    assert "東市" in client.get(at).content.decode()
    assert "いま集計しても、同じ数字です" in client.get(at).content.decode()
    assert files(client, at) == before
    assert Entry.objects.get(deed="SENDER_RENAMED").actor == beni.pk
    page = client.post(address, {"name": "西市"}, follow=True).content.decode()
    assert "同じ名前の提出元があります" in page
    assert Sender.objects.get(pk=sender).name == "東野市"


def test_a_period_that_goes_on_is_not_frozen(client) -> None:
    year = dt.date.today().year + 2  # noqa: DTZ011 (far away)
    asked = f"part=any&first=2025-04-01&last={year}-03-31&basis=case-month"
    sender = sender_called(client, "東市")
    data = {"sender": sender, "file": SimpleUploadedFile("a.csv", lines(*EAST))}
    client.post(f"/stats/gathering/send/?{asked}", data)
    page = client.post(f"/stats/gathering/freeze/?{asked}", {"is_short": "on"}, follow=True)
    assert "まだ終わっていない期間です" in page.content.decode()
    assert not FrozenReturn.objects.exists()


def test_records_of_another_period_are_not_taken_for_nothing(client) -> None:
    page = sent(client, "西市", lines("2024-05-01T10:00,A,1,電話,10代,被害者,差別,助言"))
    assert "この期間の受付が、ファイルに1件もありません" in page


def test_a_frozen_sum_can_be_handed_on_and_gathered_again(client, chika) -> None:
    both_sent(client)
    handed_on = client.get(f"{frozen(client)}sheet/").content
    type(chika).objects.filter(pk=chika.pk).update(role="SUPERVISOR")
    chika.refresh_from_db()
    other = at_the_desk(chika)
    expect(other, "となりの県")
    assert "数字を受け取りました" in sent(other, "となりの県", handed_on)
    page = other.get(PAGE).content.decode()
    assert re.search(r'<th scope="row">電話</th><td class="figure">5</td>', page)


def test_a_report_sent_instead_of_its_data_is_told_what_to_send(client) -> None:
    at = frozen(client, is_short="on")
    for kind in ("csv", "xlsx"):
        page = sent(client, "西市", client.get(f"{at}{kind}/").content, f"report.{kind}")
        assert "「提出用データ」を送ってもらってください" in page
    assert not Sender.objects.get(name="西市").submissions.exists()


def test_a_statistician_reads_a_frozen_sum_and_another_desk_does_not(client, daichi, chika) -> None:
    at = frozen(client, is_short="on")
    clerk = at_the_desk(daichi)
    assert at in clerk.get("/stats/reports/").content.decode()
    assert clerk.get(at).status_code == 200
    assert clerk.post(f"/stats/gathering/freeze/?{ASKED}").status_code == 404
    type(chika).objects.filter(pk=chika.pk).update(role="SUPERVISOR")
    chika.refresh_from_db()
    assert at_the_desk(chika).get(at).status_code == 404
    sender = Sender.objects.first().pk
    for door in ("", "name/", "words/", "stop/"):
        address = f"/stats/gathering/senders/{sender}/{door}?{ASKED}"
        assert at_the_desk(chika).post(address, {"name": "x"}).status_code == 404
    assert at_the_desk(chika).get(f"/stats/gathering/senders/{sender}/").status_code == 404


def test_the_database_refuses_to_change_a_frozen_sum(client) -> None:
    frozen(client, is_short="on")
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenReturn.objects.update(content="{}")
