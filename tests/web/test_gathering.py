"""A prefecture gathers its municipalities' figures: who sent, what does not fit, the sum."""

import json
import re

import pytest

from madoguchi.consultations.models import Contact
from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.demo.records import FY2025_H1, contact_rows, opening_days, printed, printed_period
from madoguchi.desks.operations import record_opening_days
from madoguchi.ledger.models import Entry
from madoguchi.statistics.formats import FORMATS
from madoguchi.statistics.models import Reading, Submission
from madoguchi.statistics.presenting import Sheet
from madoguchi.statistics.queries import return_of
from tests.people import AT, at_the_desk
from tests.senders import ASKED, HEAD, PAGE, expect, records, sender_called, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(beni):
    """Beni's browser, with two senders written down."""
    client = at_the_desk(beni)
    expect(client, "東市", "西市")
    return client


def halves():
    """Return the printed contacts as two towns would have them: nobody is in both."""
    rows = contact_rows()
    people = sorted({row["相談者"] for row in rows})
    east = set(people[::2])
    return [row for row in rows if row["相談者"] in east], [
        row for row in rows if row["相談者"] not in east
    ]


def tables_of(desk, rows, kind: str) -> bytes:
    """Return the finished tables of a desk that has these contacts."""
    import_contacts(desk=desk.pk, content=records(rows), actor=None, at=AT.replace(year=2026))
    record_opening_days(desk=desk.pk, days=opening_days(FY2025_H1), at=AT)
    figures = return_of(desk.pk, period=printed_period(FY2025_H1))
    return FORMATS[kind].make(Sheet(desk.name, figures), AT)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_contacts_of_one_and_tables_of_another_add_up_to_the_printed_figures(
    client, desk, other_desk, kind: str
) -> None:
    east, west = halves()
    finished = tables_of(other_desk, west, kind)
    before = Contact.objects.count()
    page = sent(client, "東市", records(east))
    assert "ファイルは残していません" in page
    assert "まだ届いていないところが1つあります" in page
    page = sent(client, "西市", finished, f"figures.{kind}")
    assert "まだ届いていない" not in page
    given = json.loads(client.get(f"/stats/gathering/file/json/?{ASKED}").content)
    expected = printed(FY2025_H1)
    assert given["totals"] == expected["totals"]
    for title, table in expected["tables"].items():
        assert given["tables"][title]["rows"] == table["rows"]
    for ending in ("csv", "xlsx", "pdf"):
        assert client.get(f"/stats/gathering/file/{ending}/?{ASKED}").status_code == 200
    # Counted, and forgotten.
    assert Contact.objects.count() == before
    assert not Contact.objects.filter(desk=desk).exists()
    kept = json.dumps([it.figures for it in Submission.objects.all()], ensure_ascii=False)
    assert not [row for row in east if row["相談者"] in kept]
    assert Entry.objects.filter(deed="FIGURES_GATHERED").count() == 2


def test_words_of_another_code_book_wait_until_somebody_reads_them(client) -> None:
    rows = [
        "2025-05-01T10:00,A,1,LINE,10代,本人,差別,助言",
        "2025-05-02T10:00,B,1,電話,20代,本人,差別,助言",
    ]
    page = sent(client, "東市", "\n".join([HEAD, *rows]).encode())
    assert "東市の言葉の読みかえ" in page
    assert "手法別の「LINE」" in page
    assert client.get(f"/stats/gathering/file/json/?{ASKED}").status_code == 404
    sender = sender_called(client, "東市")
    labels = re.findall(r'name="(label-\w+)"', page)
    words = re.findall(r"(..別)の「(.+?)」", page)
    told = {
        name: {"LINE": "SNS", "本人": "AFFECTED"}[word]
        for name, (_t, word) in zip(labels, words, strict=True)
    }
    client.post(f"/stats/gathering/senders/{sender}/words/?{ASKED}", told)
    assert Reading.objects.count() == 2
    given = json.loads(client.get(f"/stats/gathering/file/json/?{ASKED}").content)
    assert given["tables"]["手法別"]["rows"]["SNS"] == 1
    assert given["tables"]["状況別"]["rows"]["被害者"] == 2
    # Kept for the next file.
    page = sent(client, "東市", "\n".join([HEAD, *rows, rows[0].replace("A", "C")]).encode())
    assert "読みかえてください" not in page
    given = json.loads(client.get(f"/stats/gathering/file/json/?{ASKED}").content)
    assert given["tables"]["手法別"]["rows"]["SNS"] == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2025-09-30", "2025-10-31", "期間がちがいます"),
        ("case-month", "new", "集計の基準（新規・実件数）がちがう"),
        ("手法別,電話,", "手法別,電話,1", "合計が、行の和とちがいます"),
        ("総数,実件数,", "総数,実件数,9", "母数が、総数の実件数とちがいます"),
        ("手法別,電話,", "手法別,電話,x", "件数が、0以上の数ではありません"),
        ("分類,件数", "ぶんるい,件数", "受付記録のものでも、集計のデータのものでもありません"),
        ("侵害種別", "侵害の種別", "足りないものがあります：侵害種別"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    client, other_desk, old: str, new: str, said: str
) -> None:
    finished = tables_of(other_desk, contact_rows()[-40:], "csv").decode("utf-8-sig")
    assert old in finished
    assert said in sent(client, "西市", finished.replace(old, new).encode())
    assert not Submission.objects.exists()


def test_single_marks_are_not_added_to_several(client, other_desk) -> None:
    one = [row for row in contact_rows() if ";" not in row["侵害種別"]][-1:]
    text = tables_of(other_desk, one, "csv").decode("utf-8-sig")
    page = sent(client, "西市", text.replace(",あり", ",なし").encode())
    assert "集計のしかた（単数・重複）がちがい、足せません" in page


def test_a_column_that_holds_sentences_is_refused(client) -> None:
    row = f"2025-05-01T10:00,A,1,電話,10代,{'長い話です' * 20},差別,助言"
    assert "分類でない言葉があるようです" in sent(client, "東市", f"{HEAD}\n{row}".encode())
    assert not Submission.objects.exists()


def test_who_is_no_longer_expected_is_not_missed(client) -> None:
    sender = sender_called(client, "東市")
    page = client.post(
        f"/stats/gathering/senders/{sender}/stop/?{ASKED}", follow=True
    ).content.decode()
    assert "まだ届いていないところが1つあります" in page
    assert (
        "同じ名前の提出元があります"
        in client.post(
            f"/stats/gathering/senders/?{ASKED}", {"name": "西市"}, follow=True
        ).content.decode()
    )


def test_only_a_supervisor_of_the_desk_gathers(client, daichi, chika) -> None:
    sender = sender_called(client, "東市")
    type(chika).objects.filter(pk=chika.pk).update(role="SUPERVISOR")
    chika.refresh_from_db()
    assert at_the_desk(daichi).get(PAGE).status_code == 404
    assert "東市" not in at_the_desk(chika).get(PAGE).content.decode()
    answer = at_the_desk(chika).post(f"/stats/gathering/senders/{sender}/stop/?{ASKED}")
    assert answer.status_code == 404
