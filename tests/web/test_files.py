"""Files on the pages: who may send, who may look, and what never leaves."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from madoguchi.consultations.models import Contact
from madoguchi.consultations.operations import working
from madoguchi.consultations.operations.receiving import Letter, receive
from madoguchi.correspondence.models import Attachment, Draft, Kind, Message, Verdict
from madoguchi.correspondence.operations.words import begin_draft
from madoguchi.correspondence.queries.files import original_of
from madoguchi.desks.models import User
from madoguchi.intake.queries import talk_of
from madoguchi.ledger.models import Entry
from madoguchi.rules import files as rules
from madoguchi.rules.triage import Urgency
from madoguchi.ui import uploads
from madoguchi.vault.contents import ContentMissingError
from madoguchi.vault.models import Key
from tests import papers
from tests.people import AT, at_the_desk, the_pause_passes

pytestmark = pytest.mark.django_db
STORY = "知らないアカウントの画面です。"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    options = {**settings.STORAGES["files"]["OPTIONS"], "location": tmp_path / "files"}
    files_of_this = {**settings.STORAGES["files"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "files": files_of_this}


@pytest.fixture
def received(desk):
    return receive(desk=desk.pk, letter=Letter(words=STORY, channel="EMAIL"), at=AT)


@pytest.fixture
def emi(received):
    """Emi's browser, her page open."""
    client = Client()
    client.post("/my/", {"code": received.code})
    return client


@pytest.fixture
def aoi_in_charge(received, aoi):
    working.take_charge(matter=received.matter, actor=aoi.actor, at=AT)
    return at_the_desk(aoi)


def upload(content=None, name="証拠.jpg", kind="text/html"):
    """Return a file as a browser sends it; what the browser says of it is a lie."""
    return SimpleUploadedFile(name, papers.picture() if content is None else content, kind)


def text(answer):
    return answer.content.decode()


def sends(client, *files, once="a", **said):
    return client.post("/my/files/", {"chosen": list(files), "once": once, **said})


def matter_page(client, received, more=""):
    return client.get(f"/desk/matters/{received.number}/{more}")


# -- sending --------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/easy", "/en"], ids=["ja", "easy", "en"])
def test_the_warning_stands_where_files_are_chosen(received, prefix):
    client = Client()
    client.post(f"{prefix}/my/", {"code": received.code})
    page = text(client.get(f"{prefix}/my/files/"))
    assert page.index("notice-warn") < page.index('type="file"')
    assert "multiple" in re.search(r'<input[^>]*type="file"[^>]*>', page)[0]
    warning = re.sub(r"<rt>.*?</rt>|<[^>]+>", "", page[: page.index('type="file"')])
    wanted = {"": "性的", "/easy": "性的", "/en": "sexual"}[prefix]
    assert wanted in warning
    assert "18" in warning
    assert "URL" in warning


def test_a_picture_and_a_paper_are_one_message(emi, received):
    assert sends(emi, upload(), upload(papers.pdf(2), "紙.pdf")).url == "/my/files/"
    assert Contact.objects.count() == 2
    assert Attachment.objects.filter(matter=received.matter).count() == 2
    page = text(emi.get("/my/files/"))
    assert "届きました。" in page
    assert page.count("<img") == 3


def test_the_browser_s_word_for_a_file_is_not_believed(emi):
    sends(emi, upload(kind="application/x-msdownload"))
    assert Attachment.objects.get().media == "image/jpeg"
    assert "画像（JPEG" in text(sends(emi, upload(b"<html>", kind="image/jpeg"), once="b"))
    assert Attachment.objects.count() == 1


def test_a_double_press_sends_once(emi):
    for _ in range(2):
        sends(emi, upload())
    assert Contact.objects.count() == 2
    assert Attachment.objects.count() == 1


def test_no_file_is_no_message(emi):
    assert "送るファイルを選んでください" in text(sends(emi, words="文だけ"))
    assert Contact.objects.count() == 1


def test_words_of_danger_are_sent_and_the_numbers_shown(emi, received):
    page = text(emi.get(sends(emi, upload(), words="もう消えたいです。").url))
    assert page.index("tel:110") < page.index('type="file"')
    assert Contact.objects.get(message__words__isnull=False, at__gt=AT).consultation.urgency == (
        Urgency.DANGER
    )
    again = text(emi.get("/my/files/"))
    assert again.count("tel:110") < page.count("tel:110")


def test_a_file_that_does_not_open_is_named_and_its_original_kept(emi, received, aoi_in_charge):
    broken = b"\xff\xd8\xff broken"
    page = text(sends(emi, upload(broken, "証拠<1>.jpg"), words="見てください"))
    assert "<li>証拠&lt;1&gt;.jpg</li>" in page
    assert "パスワードがついている" in page
    file = Attachment.objects.get()
    assert (file.previews, original_of(file)) == ([], broken)
    assert "開けません" in text(matter_page(aoi_in_charge, received))
    address = f"/desk/matters/{received.number}/files/{file.pk}/"
    assert "証拠&lt;1&gt;.jpg" in text(aoi_in_charge.get(address))
    assert aoi_in_charge.post(f"{address}original/").content == broken


def test_of_several_files_the_wrong_one_is_named_and_the_others_arrive(emi):
    sent = [upload(), upload(b"MZ no picture", "日記.exe"), upload()]
    page = text(sends(emi, *sent, words="見てください"))
    assert "2つめ「日記.exe」：送れるのは、画像" in page
    assert "届いたファイルは2個です" in page
    assert Attachment.objects.count() == 2
    [said] = talk_of(Attachment.objects.first().matter_id, timezone.now()).messages[1:]
    assert said.words == "見てください"
    # It is said in this answer alone.
    assert "日記" not in text(emi.get("/my/files/"))
    # What was sent is not sent once more by loading the answer again.
    sends(emi, *[upload(), upload(b"MZ", "日記.exe")], words="見てください")
    assert Attachment.objects.count() == 2


def test_where_no_file_can_be_taken_nothing_is_sent_and_the_words_stay(emi):
    page = text(sends(emi, upload(b"MZ", "a.exe"), upload(b"", "b.txt"), words="見てください"))
    assert "1つめ「a.exe」" in page
    assert "2つめ「b.txt」" in page
    assert "見てください</textarea>" in page
    assert Contact.objects.count() == 1


def test_too_many_and_too_large_are_named_and_the_others_arrive(emi, monkeypatch):
    page = text(sends(emi, *[upload() for _ in range(10)], upload(name="十一.jpg")))
    assert "11つめ「十一.jpg」：いちどに送れるのは、10個まで" in page
    assert Attachment.objects.count() == 10
    small = papers.picture(size=(40, 40))
    monkeypatch.setattr(uploads, "MOST_BYTES", len(small) + 10)
    page = text(sends(emi, upload(small), upload(small + bytes(20), "大.jpg"), once="b"))
    assert "2つめ「大.jpg」：1つ20MB" in page
    assert Attachment.objects.count() == 11
    monkeypatch.setattr(uploads, "MOST_BYTES_TOGETHER", len(small) + 10)
    page = text(sends(emi, upload(small), upload(small, "次.jpg"), once="c"))
    assert "2つめ「次.jpg」" in page
    assert Attachment.objects.count() == 12
    assert rules.MOST_BYTES == 20_000_000


def test_what_is_far_too_large_is_not_read_at_all(emi, monkeypatch):
    monkeypatch.setattr(uploads, "_MOST_READ", 10)
    monkeypatch.setattr(uploads.InMemory, "new_file", None)
    assert sends(emi, upload()).status_code == 400


def test_a_person_who_is_not_in_sends_nothing(received, settings):
    stranger = Client()
    held = []
    stranger_handler = uploads.InMemory.receive_data_chunk
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            uploads.InMemory,
            "receive_data_chunk",
            lambda *given: held.append(1) or stranger_handler(*given),
        )
        assert sends(stranger, upload()).url == "/my/"
    assert not held
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("where", ["/", "/my/", "/my/messages/", "/consult/", "/desk/login/"])
def test_pages_that_take_no_files_hold_none(emi, where, monkeypatch):
    held = []
    monkeypatch.setattr(uploads.InMemory, "receive_data_chunk", lambda *_: held.append(1))
    emi.post(where, {"words": "x", "chosen": upload()})
    assert not held


def test_nothing_that_comes_in_touches_the_disk_unsealed(emi, settings, tmp_path, monkeypatch):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "nowhere")  # would fail, were it used
    sends(emi, upload(papers.picture(size=(3000, 3000), kind="PNG") + bytes(5_000_000)))
    assert Attachment.objects.get().size > 5_000_000
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"\x89PNG" not in path.read_bytes()


# -- looking --------------------------------------------------------------------------------


def _pictures(page):
    return re.findall(r'<img[^>]*src="([^"]+)"', page)


def test_the_person_sees_own_and_the_desk_s_files_and_nobody_else_s(emi, desk, received):
    sends(emi, upload())
    (picture,) = _pictures(text(emi.get("/my/files/")))
    answer = emi.get(picture)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"] == "no-store"
    assert papers.CAMERA.encode() not in answer.content
    other = receive(desk=desk.pk, letter=Letter(words="別", channel="EMAIL"), at=AT)
    stranger = Client()
    assert stranger.get(picture).status_code == 404
    stranger.post("/my/", {"code": other.code})
    assert stranger.get(picture).status_code == 404


def test_files_stand_in_the_talk_beside_their_words(emi):
    sends(emi, upload(), words="これです。")
    page = text(emi.get("/my/messages/"))
    assert page.index("これです。") < page.index("<img")


def test_the_adviser_sees_them_closed_in_the_timeline(emi, received, aoi_in_charge):
    sends(emi, upload())
    page = text(matter_page(aoi_in_charge, received))
    (picture,) = _pictures(page)
    assert re.search(r"<details>\s*<summary>.*?JPEG", page, re.DOTALL)
    assert aoi_in_charge.get(picture).content.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_nobody_else_s_staff_sees_them(emi, received, request, who):
    sends(emi, upload())
    file = Attachment.objects.get()
    stranger = at_the_desk(request.getfixturevalue(who))
    for more in ("", "1/"):
        assert matter_page(stranger, received, f"files/{file.pk}/{more}").status_code == 404
    for deed in ("original", "aside", "delete"):
        answer = stranger.post(f"/desk/matters/{received.number}/files/{file.pk}/{deed}/")
        assert answer.status_code == 404


def test_the_original_is_handed_out_to_be_kept_and_never_shown(emi, received, aoi_in_charge):
    photograph = papers.picture()
    sends(emi, upload(photograph, "山田の写真.jpg"))
    file = Attachment.objects.get()
    page = text(matter_page(aoi_in_charge, received, f"files/{file.pk}/"))
    assert "撮った場所や機械の名前" in page
    assert "山田の写真.jpg" in page
    address = f"/desk/matters/{received.number}/files/{file.pk}/original/"
    assert aoi_in_charge.get(address).status_code == 302  # by a link nothing is handed out
    answer = aoi_in_charge.post(address)
    assert answer.content == photograph
    assert answer["Content-Disposition"] == f'attachment; filename="{received.number}.jpg"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Entry.objects.filter(deed="FILE_TAKEN").exists()


def test_who_scans_nothing_says_so(emi, received, aoi_in_charge):
    sends(emi, upload())
    file = Attachment.objects.get()
    said = "この窓口では、ウイルスの検査をしていません。"
    assert said in text(matter_page(aoi_in_charge, received, f"files/{file.pk}/"))
    assert said in text(aoi_in_charge.get("/desk/tray/"))
    assert "ウイルス検査なし" in text(matter_page(aoi_in_charge, received))


def test_an_infected_file_is_told_kindly_and_opened_for_nobody(
    emi, received, aoi_in_charge, monkeypatch
):
    monkeypatch.setattr(
        "madoguchi.intake.views.my_files.scanner", lambda: lambda _: Verdict.INFECTED
    )
    page = text(sends(emi, upload(papers.pdf() + papers.EICAR, "案内.pdf")))
    assert "<li>案内.pdf</li>" in page
    assert "あなたのせいではありません" in page
    assert "だれも開けないようにしたファイル" in page
    assert "隔離したファイル" in text(matter_page(aoi_in_charge, received))
    file = Attachment.objects.get()
    address = f"/desk/matters/{received.number}/files/{file.pk}/original/"
    assert "隔離したファイルです" in text(aoi_in_charge.post(address, follow=True))
    assert original_of(file)


def test_a_file_can_be_set_aside_by_an_adviser_and_deleted_by_the_supervisor(
    emi, received, aoi_in_charge, beni
):
    sends(emi, upload())
    file = Attachment.objects.get()
    address = f"/desk/matters/{received.number}/files/{file.pk}/"
    assert "消去する" not in text(aoi_in_charge.get(address))
    page = text(aoi_in_charge.post(f"{address}aside/", follow=True))
    assert "もう誰にも開けません" in page
    assert not _pictures(page)
    page = text(at_the_desk(beni).post(f"{address}delete/", follow=True))
    assert "消去しました" in page
    assert original_of(Attachment.objects.get()) is None


# -- with a reply ------------------------------------------------------------------------------


def _reply(client, received, *files, words="読みました。"):
    user = User.objects.get(username="aoi")
    draft = begin_draft(actor=user.actor, kind=Kind.REPLY, matter=received.matter, at=AT)
    posted = {"words": words, "chosen": list(files)}
    return client.post(f"/desk/drafts/{draft.pk}/record/", posted, follow=True)


def test_a_reply_brings_a_paper_which_the_person_may_keep(emi, received, aoi_in_charge):
    paper = papers.pdf()
    _reply(aoi_in_charge, received, upload(paper, "案内.pdf"))
    file = Attachment.objects.get()
    assert "PDFを保存する" not in text(emi.get("/my/files/"))
    assert emi.get(f"/my/files/{file.pk}/keep/").status_code == 404  # it can be taken back yet
    assert emi.get(f"/my/files/{file.pk}/1/").status_code == 404
    the_pause_passes()
    page = text(emi.get("/my/files/"))
    (keep,) = re.findall(r'href="(/my/files/[^"]+/keep/)"', page)
    answer = emi.get(keep)
    assert answer.content == paper
    assert answer["Content-Disposition"] == 'attachment; filename="document.pdf"'
    assert Message.objects.get(kind=Kind.REPLY).read_at
    assert Client().get(keep).status_code == 404


def test_a_picture_of_the_desk_is_not_handed_out_as_it_was_taken(emi, received, aoi_in_charge):
    _reply(aoi_in_charge, received, upload())
    the_pause_passes()
    page = text(emi.get("/my/files/"))
    assert "/keep/" not in page
    file = Attachment.objects.get()
    assert emi.get(f"/my/files/{file.pk}/keep/").status_code == 404


def test_a_reply_whose_file_is_refused_keeps_its_words(received, aoi_in_charge):
    answer = _reply(aoi_in_charge, received, upload(b"MZ"), words="長い返信")
    assert "長い返信</textarea>" in text(answer)
    assert "画像（JPEG" in text(answer)
    assert not Message.objects.filter(kind=Kind.REPLY).exists()


def test_the_good_files_of_a_reply_wait_beside_it_until_it_is_sent(
    emi, received, aoi_in_charge, django_capture_on_commit_callbacks
):
    chosen = [upload(b"MZ", "動画.mov"), upload(), upload(papers.pdf(), "案内.pdf")]
    page = text(_reply(aoi_in_charge, received, *chosen, words="長い返信"))
    assert "1つめ「動画.mov」" in page
    assert "長い返信</textarea>" in page
    assert page.count(">はずす</button>") == 2
    assert not Message.objects.filter(kind=Kind.REPLY).exists()
    # Nobody else sees them: neither the timeline nor the person.
    assert "PDFを保存する" not in text(emi.get("/my/files/"))
    picture, paper = Attachment.objects.order_by("at", "pk")
    for file in (picture, paper):
        assert emi.get(f"/my/files/{file.pk}/keep/").status_code == 404
        assert emi.get(f"/my/files/{file.pk}/1/").status_code == 404
    # One is taken away again, with what was typed meanwhile saved.
    gone = f"/desk/drafts/{picture.draft_id}/files/{picture.pk}/drop/"
    with django_capture_on_commit_callbacks(execute=True):
        page = text(aoi_in_charge.post(gone, {"words": "もっと長い返信"}, follow=True))
    assert "もっと長い返信</textarea>" in page
    assert not Attachment.objects.filter(pk=picture.pk).exists()
    # No file has to be chosen again.
    _reply(aoi_in_charge, received, words="もっと長い返信")
    sent = Message.objects.get(kind=Kind.REPLY)
    assert list(sent.attachments.all()) == [paper]


def test_a_reply_that_is_not_sent_keeps_its_files(received, aoi):
    answer = _reply(at_the_desk(aoi), received, upload(name="写真.jpg"), words="返事")
    assert "担当になってから" in text(answer)
    assert "写真.jpg" in text(answer)
    assert Attachment.objects.get().draft


def test_a_reply_s_file_that_does_not_open_is_named_before_it_goes(received, aoi_in_charge):
    page = text(_reply(aoi_in_charge, received, upload(b"%PDF-1.7 locked", "鍵つき.pdf")))
    assert "「鍵つき.pdf」：開けないファイルです" in page
    assert not Message.objects.filter(kind=Kind.REPLY).exists()
    _reply(aoi_in_charge, received)  # sent all the same: the password is told by telephone
    assert Message.objects.get(kind=Kind.REPLY).attachments.count() == 1


def test_a_draft_that_is_given_up_takes_its_files_along(
    received, aoi_in_charge, django_capture_on_commit_callbacks
):
    _reply(aoi_in_charge, received, upload(), upload(b"MZ"))
    file = Attachment.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        aoi_in_charge.post(f"/desk/drafts/{file.draft_id}/drop/")
    assert not Attachment.objects.exists()
    with pytest.raises(ContentMissingError):
        original_of(file)


def test_nobody_else_touches_what_lies_beside_a_draft(received, aoi_in_charge, beni, chika):
    _reply(aoi_in_charge, received, upload(), upload(b"MZ"))
    file = Attachment.objects.get()
    for who in (beni, chika):
        drop = f"/desk/drafts/{file.draft_id}/files/{file.pk}/drop/"
        assert at_the_desk(who).post(drop, {"words": ""}).status_code == 404
    assert Attachment.objects.filter(pk=file.pk).exists()


# -- the tray ------------------------------------------------------------------------------------


def _puts(client, *files):
    return client.post("/desk/tray/", {"chosen": list(files)}, follow=True)


def _assigns(client, scans, **said):
    day = {"day": "2025-05-14", "time": "09:30", "channel": "FAX", "words": "要点"}
    posted = {**day, "scans": [str(it) for it in scans]} | said.pop("more", {}) | said
    return client.post("/desk/tray/assign/", posted, follow=True)


def _scans():
    return list(Attachment.objects.filter(matter=None).values_list("pk", flat=True))


def test_a_fax_goes_from_the_tray_to_a_new_consultation(aoi, desk):
    client = at_the_desk(aoi)
    assert "トレイに入れました" in text(_puts(client, upload(papers.pdf(2)), upload()))
    page = text(client.get("/desk/tray/"))
    assert len(_pictures(page)) == 3
    assert client.get(_pictures(page)[0]).status_code == 200
    page = text(_assigns(client, _scans()))
    assert "に受け付けました" in page
    contact = Contact.objects.get()
    assert (contact.channel, contact.at.isoformat()) == ("FAX", "2025-05-14T00:30:00+00:00")
    assert "トレイは空です" in text(client.get("/desk/tray/"))


def test_a_letter_goes_to_a_known_number_however_it_is_typed(aoi, received):
    client = at_the_desk(aoi)
    _puts(client, upload())
    year, count = received.number.split("-")
    page = text(_assigns(client, _scans(), channel="LETTER", number=f"{year}ー{int(count)}"))
    assert f"{received.number}に受け付けました" in page
    assert Contact.objects.filter(consultation=received.matter, channel="LETTER").exists()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"number": "R1-9999"}, "この受付番号の相談はありません"),
        ({"day": "2999-01-01"}, "いまより後"),
        ({"scans": []}, "1通にするものを"),
        ({"scans": ["x"]}, "さきに振り分けました"),
        ({"day": "いつか"}, "日付"),
    ],
)
def test_what_stands_in_the_way_is_said_and_nothing_is_lost(aoi, said, why):
    client = at_the_desk(aoi)
    _puts(client, upload())
    page = text(_assigns(client, _scans(), words="長い要点", more=said))
    assert why in page
    assert "長い要点" in page
    assert len(_scans()) == 1
    assert not Contact.objects.exists()


def test_the_tray_is_each_desk_s_own(aoi, chika, daichi):
    _puts(at_the_desk(aoi), upload())
    (scan,) = _scans()
    assert at_the_desk(chika).get(f"/desk/tray/{scan}/1/").status_code == 404
    assert "トレイは空です" in text(at_the_desk(chika).get("/desk/tray/"))
    assert at_the_desk(daichi).get("/desk/tray/").status_code == 404
    at_the_desk(chika).post(f"/desk/tray/{scan}/drop/")
    assert _scans() == [scan]


def test_the_good_scans_are_put_in_and_the_others_named(aoi):
    client = at_the_desk(aoi)
    page = text(
        _puts(client, upload(b"MZ", "x.exe"), upload(b"%PDF-1.7 torn", "fax.pdf"), upload())
    )
    assert "トレイに入れたもの：2個" in page
    assert "1つめ「x.exe」" in page
    assert "<li>fax.pdf</li>" in page
    assert {bool(it.previews) for it in Attachment.objects.all()} == {True, False}
    assert "x.exe" not in text(client.get("/desk/tray/"))


def test_what_is_typed_of_a_letter_is_saved_and_gone_once_it_is_delivered(aoi, beni):
    client = at_the_desk(aoi)
    _puts(client, upload())
    page = text(client.get("/desk/tray/"))
    draft = Draft.objects.get(kind=Kind.GIST)
    assert f'hx-post="/desk/drafts/{draft.pk}/"' in page
    (scan,) = _scans()
    typed = {"words": "娘の写真が出た", "channel": "LETTER", "scans": [str(scan)], "page": "p1"}
    typed |= {"day": "2025-05-14", "time": "09:30"}
    answer = client.post(f"/desk/drafts/{draft.pk}/", typed, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    draft.refresh_from_db()
    assert "娘".encode() not in bytes(draft.words)
    page = text(client.get("/desk/tray/"))  # after a crash, or in another browser
    assert "娘の写真が出た</textarea>" in page
    assert 'value="2025-05-14"' in page
    assert "娘" not in text(at_the_desk(beni).get("/desk/tray/"))
    assert client.get(f"/desk/drafts/{draft.pk}/").url == "/desk/tray/"
    assert "書きかけ" in text(client.get("/desk/"))
    # Another page that has not seen it does not write over it.
    other = {**typed, "words": "ちがう文", "page": "p2", "seen": ""}
    clash = client.post(f"/desk/drafts/{draft.pk}/", other, headers={"HX-Request": "true"})
    assert clash.status_code == 409
    _assigns(client, [scan], words="娘の写真が出た", page="p1")
    assert not Draft.objects.filter(pk=draft.pk).exists()
    assert Message.objects.get(kind=Kind.FROM_PERSON)


def test_what_is_typed_of_a_letter_is_no_call_and_no_reply(aoi):
    client = at_the_desk(aoi)
    _puts(client, upload())
    client.get("/desk/tray/")
    draft = Draft.objects.get(kind=Kind.GIST)
    for deed in ("record", "broken-off"):
        answer = client.post(f"/desk/drafts/{draft.pk}/{deed}/", {"words": "要点"})
        assert answer.status_code == 404
    assert not Message.objects.exists()


def test_a_scan_put_in_by_mistake_is_thrown_out(aoi):
    client = at_the_desk(aoi)
    _puts(client, upload())
    page = client.post(f"/desk/tray/{_scans()[0]}/drop/", follow=True)
    assert "トレイから消しました" in text(page)
    assert not _scans()


# -- paper and code -----------------------------------------------------------------------------


def test_a_reply_on_paper_has_an_address_sheet(received, aoi_in_charge):
    address = f"/desk/matters/{received.number}/paper/"
    said = {
        "channel": "LETTER",
        "address": "〒530-0001\n大阪市北区梅田1\n山田花子 様",
        "words": "お手紙を読みました。\n\nいっしょに考えます。#v(1)",
    }
    page = text(aoi_in_charge.post(address, said, follow=True))
    assert "山田花子 様" in page
    (link,) = re.findall(r'href="([^"]+/pdf/)"', page)
    answer = aoi_in_charge.get(link)
    assert "attachment" in answer["Content-Disposition"]
    sheets = [it.extract_text() for it in PdfReader(BytesIO(answer.content)).pages]
    assert "山田花子 様" in sheets[0]
    assert "いっしょに" not in sheets[0]
    assert "ネットハーモニー" not in sheets[0]
    assert "いっしょに考えます。#v(1)" in sheets[1]
    assert "ネットハーモニー" in sheets[1]
    page = text(matter_page(aoi_in_charge, received))
    assert "手紙で送った" in page
    assert "山田花子" not in page


def test_the_address_of_a_letter_is_saved_sealed_while_it_is_typed(received, aoi_in_charge):
    where = f"/desk/matters/{received.number}/paper/"
    aoi_in_charge.get(where)
    draft = Draft.objects.get(kind=Kind.REPLY)
    said = {
        "words": "まず、保存を。",
        "address": "大阪市北区1-2\n山田様",
        "channel": "FAX",
        "page": "p1",
    }
    saved = aoi_in_charge.post(f"/desk/drafts/{draft.pk}/", said, headers={"HX-Request": "true"})
    assert saved.status_code == 200
    draft.refresh_from_db()
    assert "山田".encode() not in bytes(draft.address)
    assert "山田" not in str(draft.choices)
    page = text(aoi_in_charge.get(where))
    assert "大阪市北区1-2\n山田様</textarea>" in page
    assert re.search(r'value="FAX"[^>]*checked', page)
    # A page without an address leaves it; another page's address is not written over unseen.
    draft.refresh_from_db()
    more = {"words": "まず、保存を。次に", "page": "p1"}
    aoi_in_charge.post(f"/desk/drafts/{draft.pk}/", more, headers={"HX-Request": "true"})
    assert "山田様</textarea>" in text(aoi_in_charge.get(where))
    other = {**said, "words": more["words"], "address": "別の所", "page": "p2", "seen": ""}
    clash = aoi_in_charge.post(f"/desk/drafts/{draft.pk}/", other, headers={"HX-Request": "true"})
    assert clash.status_code == 409
    # Its key goes with it.
    aoi_in_charge.post(f"/desk/drafts/{draft.pk}/drop/")
    assert not Key.objects.filter(holder=draft.pk).exists()


def test_another_desk_does_not_print_our_letters(received, aoi_in_charge, chika):
    said = {"channel": "FAX", "address": "06-0000-0000", "words": "はい"}
    answer = aoi_in_charge.post(f"/desk/matters/{received.number}/paper/", said)
    assert at_the_desk(chika).get(answer.url).status_code == 404
    assert at_the_desk(chika).get(f"{answer.url}pdf/").status_code == 404


def test_a_paper_without_words_or_address_is_asked_for(received, aoi_in_charge):
    said = {"channel": "FAX", "address": "", "words": "  "}
    page = text(aoi_in_charge.post(f"/desk/matters/{received.number}/paper/", said))
    assert "宛先を書いてください" in page
    assert "まだ何も書かれていません" in page
    assert not Message.objects.filter(kind=Kind.REPLY).exists()


def _code_page(client, received, seen=None):
    address = f"/desk/matters/{received.number}/code/"
    page = text(client.get(address))
    now = re.search(r'name="seen" value="([^"]*)"', page)[1]
    return client.post(address, {"seen": now if seen is None else seen})


def test_a_new_code_is_shown_once_and_stops_the_old_one(emi, received, aoi_in_charge):
    assert "前のコードは使えなくなります" in text(
        aoi_in_charge.get(f"/desk/matters/{received.number}/code/")
    )
    page = re.sub(r"<[^>]+>", "", text(_code_page(aoi_in_charge, received)))
    code = re.search(r"\d{4}-\d{4}-\d{4}-\d{4}", page)[0]
    # Who was in with the old code is out.
    assert STORY not in text(emi.get("/my/messages/"))
    assert Client().post("/my/", {"code": received.code}).status_code == 200
    person = Client()
    assert person.post("/my/", {"code": code}).url == "/my/messages/"
    assert STORY in text(person.get("/my/messages/"))
    assert code not in text(matter_page(aoi_in_charge, received))


def test_a_reload_makes_no_second_code(received, aoi_in_charge):
    first = _code_page(aoi_in_charge, received)
    assert first.status_code == 200
    assert _code_page(aoi_in_charge, received, seen="").status_code == 409
    assert Entry.objects.filter(deed="RECEIPT_MADE").count() == 1


def test_another_desk_hands_over_no_code_of_ours(received, chika):
    stranger = at_the_desk(chika)
    for method in (stranger.get, stranger.post):
        assert method(f"/desk/matters/{received.number}/code/").status_code == 404


# -- an interview ----------------------------------------------------------------------------------


def _notes(client, user, **said):
    draft = begin_draft(actor=user.actor, kind=Kind.NOTE, matter=None, at=timezone.now())
    posted = {"words": "来所。", "channel": "INTERVIEW", **said}
    return client.post(f"/desk/drafts/{draft.pk}/record/", posted, follow=True)


def test_an_interview_is_noted_with_consent_and_without_a_signature(aoi):
    said = {"explained": ["SECRECY", "RECORD"], "agreed": "yes"}
    page = text(_notes(at_the_desk(aoi), aoi, **said))
    contact = Contact.objects.get()
    assert (contact.channel, contact.explained) == ("INTERVIEW", ["SECRECY", "RECORD"])
    assert contact.consented_at == contact.at
    assert contact.recorded_by == aoi
    assert "同意を確認" in page
    told = page.split('class="timeline"')[1].split("説明したこと")[1].split("</p>")[0]
    assert "秘密を守ること" in told
    assert "何を記録し" in told
    assert "いつでもやめられる" not in told


def test_nobody_agrees_to_nothing(aoi):
    page = text(_notes(at_the_desk(aoi), aoi, agreed="yes"))
    assert "何を説明したか" in page
    assert not Contact.objects.exists()


def test_without_the_tick_nothing_is_said_of_consent(aoi):
    page = text(_notes(at_the_desk(aoi), aoi, explained=["SECRECY"]))
    assert Contact.objects.get().consented_at is None
    assert "同意を確認" not in page
