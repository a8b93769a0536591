"""A person's own record: in words, with the files, and with all that was done for them."""

import datetime as dt
import io
import json
import zipfile
from email.message import EmailMessage

import pytest
from PIL import Image

from madoguchi.administration.formats import as_zip
from madoguchi.administration.operations.giving import give_record
from madoguchi.consultations.operations import receiving, working
from madoguchi.consultations.operations.mailing import Arrival, take_in
from madoguchi.consultations.operations.receiving import Letter, hear
from madoguchi.correspondence.models import Attachment, Message
from madoguchi.correspondence.operations import files
from madoguchi.correspondence.scanning import no_scanner
from madoguchi.matters.operations import asking
from madoguchi.referrals.operations import reporting
from madoguchi.rules.approval import Ask
from madoguchi.rules.mail.reading import read_mail
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.triage import Signals
from madoguchi.rules.url_report import Aimed
from tests import handovers, papers
from tests.people import AT

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(minutes=10)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Keep the contents of each test apart from what others write."""
    options = {**settings.STORAGES["files"]["OPTIONS"], "location": tmp_path / "files"}
    settings.STORAGES = {
        **settings.STORAGES,
        "files": {**settings.STORAGES["files"], "OPTIONS": options},
    }


@pytest.fixture
def emi(desk, aoi):
    """Emi's matter."""
    told = Particulars(
        safe_now="no", reply_by="my-page", wants=("w2", "w6"), service="x", places="my-page"
    )
    letter = Letter("消えない書きこみがあります", "EMAIL", told)
    matter = receiving.receive(desk=desk.pk, letter=letter, at=AT).matter
    working.take_charge(matter=matter, actor=aoi.actor, at=AT)
    return matter


def _sends(matter, *given, words=""):
    with files.made_ready(given, no_scanner) as ready:
        hear(
            matter=matter,
            words=words,
            channel="EMAIL",
            signals=Signals(),
            at=LATER,
            files=ready,
        )


def _given(matter, actor, *, with_memos=False):
    """Return the names in the ZIP, its page, and of its data the one matter."""
    given = give_record(matter=matter, actor=actor, with_memos=with_memos, at=LATER)
    zipped = b"".join(as_zip(given, desk="窓口", made="今日"))
    with zipfile.ZipFile(io.BytesIO(zipped)) as file:
        assert file.testzip() is None
        told = json.loads(file.read("record.json"))["matters"][0]
        return {it: file.read(it) for it in file.namelist()}, told


def _said(told):
    return [it["文"] for it in told["やり取り"]]


def test_a_message_of_files_alone_says_so_and_was_not_erased(emi, beni):
    _sends(emi, papers.given(), papers.given(papers.pdf(), "手紙.pdf"))
    _names, told = _given(emi, beni.actor)
    assert _said(told) == ["消えない書きこみがあります", "ファイルだけ：画像、PDF"]


def test_words_that_were_erased_are_said_to_be(emi, beni):
    Message.objects.update(words=b"")
    _names, told = _given(emi, beni.actor)
    assert _said(told) == ["（消去ずみ）"]


def test_what_was_ticked_is_told_in_words(emi, beni):
    inside, told = _given(emi, beni.actor)
    page = inside["record.html"].decode()
    assert told["話してくれたこと"] == {
        "いま安全か": "安全ではない",
        "返事の受けとり方": "マイページ",
        "どうしたいか": ["消したい", "気持ちを聞いてほしい"],
        "サービス": "X",
        # Typed by the person: theirs, letter by letter.
        "場所（URLなど）": "my-page",
    }
    assert "いま安全か：安全ではない" in page


def test_the_files_are_in_it_as_they_came_and_as_they_were_drawn(emi, beni):
    picture, paper = papers.given(), papers.given(papers.pdf(2), "手紙.pdf")
    _sends(emi, picture, paper)
    inside, told = _given(emi, beni.actor)
    first, second = told["ファイル"]
    assert inside[first["もとのファイル"]] == picture.content
    assert inside[second["もとのファイル"]] == paper.content
    assert (first["種類"], second["種類"]) == ("画像", "PDF")
    assert (len(first["描きなおした画像"]), len(second["描きなおした画像"])) == (1, 2)
    for path in (*first["描きなおした画像"], *second["描きなおした画像"]):
        assert Image.open(io.BytesIO(inside[path])).format == "JPEG"
        assert papers.CAMERA.encode() not in inside[path]
    # Names of files are words, too: none stands in the names inside.
    assert all(name.isascii() for name in inside)


def test_what_is_set_aside_or_deleted_stays_behind_and_is_named_as_such(emi, beni):
    _sends(emi, papers.given(), papers.given(name="二.jpg"))
    one, two = Attachment.objects.order_by("id").values_list("pk", flat=True)
    files.set_aside(actor=beni.actor, matter=emi, attachment=one, at=LATER)
    files.delete_file(actor=beni.actor, matter=emi, attachment=two, at=LATER)
    inside, told = _given(emi, beni.actor)
    said = sorted(it["もとのファイル"] for it in told["ファイル"])
    assert said == ["入れていません（隔離したファイルです）", "消去ずみ"]
    assert sorted(inside) == ["record.html", "record.json"]


def test_files_of_a_memo_go_only_with_the_memos(emi, beni):
    _sends(emi, papers.given())
    Message.objects.filter(attachments__isnull=False).update(kind="MEMO")
    assert not _given(emi, beni.actor)[1]["ファイル"]
    assert len(_given(emi, beni.actor, with_memos=True)[1]["ファイル"]) == 1


def test_hand_overs_are_in_it_with_what_went(desk, other_desk, aoi, beni):
    matter = handovers.emis_matter(desk, aoi).matter
    handovers.sent(aoi, matter)
    [told] = _given(matter, beni.actor)[1]["引き継ぎ"]
    assert (told["状態"], told["渡す先"]) == ("送った", other_desk.name)
    assert "相談した内容" in told["本人が同意したもの"]
    assert handovers.STORY in json.dumps(told["送ったもの"], ensure_ascii=False)


def test_reports_deadlines_and_approvals_are_in_it_without_names(emi, aoi, beni):
    report = reporting.Told(("https://example.com/1",), "差別の書きこみ", Aimed.PERSON, matter=emi)
    reporting.write(actor=aoi.actor, told=report, at=LATER)
    asking.ask(
        matter=emi, question=asking.Question(Ask.APPROVAL, "閉じてよいか"), actor=aoi.actor, at=AT
    )
    inside, told = _given(emi, beni.actor)
    assert told["差別情報の通報"][0]["URL"] == ["https://example.com/1"]
    assert told["期限"][0]["期限"] == "初回返信"
    assert told["確認（決裁・供覧）"][0]["種類"] == "決裁"
    # What colleagues say to each other is a memo.
    assert "閉じてよいか" not in inside["record.html"].decode()
    assert "閉じてよいか" in _given(emi, beni.actor, with_memos=True)[0]["record.html"].decode()
    assert aoi.name not in inside["record.html"].decode()


def test_mail_that_came_is_in_it(desk, beni):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "emi@home.test", "soudan@desk.test", "助けて"
    mail["Message-ID"] = "<1@home.test>"
    mail.set_content("うそを書かれて困っています。")
    raw = mail.as_bytes()
    arrival = Arrival(raw=raw, mail=read_mail(raw), arrived_at=AT)
    row = take_in(desk=desk.pk, own="soudan@desk.test", arrival=arrival, at=AT)
    [told] = _given(row.matter_id, beni.actor)[1]["届いたメール"]
    assert (told["差出人"], told["題名"]) == ("emi@home.test", "助けて")
    assert told["ようす"] == "相談として受け付けた"
