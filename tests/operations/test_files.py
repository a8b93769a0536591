"""Files: sealed as they came, looked at as drawn anew, scanned, set aside, erased."""

import datetime as dt
import io
import os
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.storage import storages
from PIL import Image

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import working
from madoguchi.consultations.operations.delivering import Parcel, deliver, hand_code
from madoguchi.consultations.operations.receiving import Letter, hear, receive
from madoguchi.correspondence.models import Attachment, Message, Origin, Verdict
from madoguchi.correspondence.operations import files
from madoguchi.correspondence.operations.posting import Paper
from madoguchi.correspondence.queries.files import (
    files_in,
    in_tray,
    original_of,
    page_of,
    paper_of,
    postings_in,
)
from madoguchi.correspondence.queries.words import matter_of_code
from madoguchi.correspondence.scanning import no_scanner
from madoguchi.ledger.models import Entry
from madoguchi.matters.models import Matter
from madoguchi.rules.access import RefusedError
from madoguchi.rules.files import MOST_KEPT
from madoguchi.rules.triage import Signals
from madoguchi.vault import contents, sealing
from madoguchi.vault.models import Key
from madoguchi.vault.sealing import SealBrokenError
from tests import papers
from tests.people import AT

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)
AT_ID = UUID(int=7)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    """Keep the contents of each test apart from what others write."""
    options = {**settings.STORAGES["files"]["OPTIONS"], "location": tmp_path / "files"}
    files_of_this = {**settings.STORAGES["files"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "files": files_of_this}


def infected(content):
    return Verdict.INFECTED if papers.EICAR in content else Verdict.CLEAN


@pytest.fixture
def emi(desk):
    """Emi's matter, just received."""
    return receive(desk=desk.pk, letter=Letter(words="なりすまし", channel="EMAIL"), at=AT).matter


def _sends(matter, *given, words="", scan=infected):
    with files.made_ready(given, scan) as ready:
        hear(
            matter=matter,
            words=words,
            channel="EMAIL",
            signals=Signals(),
            at=LATER,
            files=ready,
        )


def _kept():
    """Return every sealed content there is, by its path."""
    root = Path(settings.STORAGES["files"]["OPTIONS"]["location"])
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _only(matter):
    return Attachment.objects.get(matter=matter)


# -- a file comes in ------------------------------------------------------------------------


def test_a_file_without_words_is_one_contact(emi):
    _sends(emi, papers.given(), papers.given(papers.pdf(), "紙.pdf"))
    assert Contact.objects.filter(consultation=emi).count() == 2
    row = Consultation.objects.get(pk=emi)
    assert (row.unread, row.last_contact_at) == (True, LATER)
    entry = Entry.objects.get(matter=emi, deed="HEAR")
    assert entry.detail == {"channel": "EMAIL", "files": 2}


def test_the_original_is_kept_as_it_came_and_sealed(emi):
    photograph = papers.picture()
    before = set(_kept())
    _sends(emi, papers.given(photograph))
    assert original_of(_only(emi)) == photograph
    new = {path: held for path, held in _kept().items() if path not in before}
    assert len(new) == 2  # the original, and one page
    for path, held in new.items():
        assert photograph[:20] not in held
        assert b"\xff\xd8\xff" not in held[:64]
        assert path.stat().st_mode & 0o077 == 0
        assert b"JFIF" not in held


def test_neither_name_nor_digest_lie_open_in_the_database(emi):
    _sends(emi, papers.given(name="山田花子の写真.jpg"))
    row = Attachment.objects.filter(matter=emi).values().get()
    assert "山田".encode() not in bytes(row["told"])
    assert not any("山田" in str(value) for key, value in row.items() if key != "told")
    assert files_in(Matter.objects.get(pk=emi))[0].name == "山田花子の写真.jpg"


def test_what_is_looked_at_tells_neither_camera_nor_place(emi, desk):
    photograph = papers.picture()
    assert papers.CAMERA.encode() in photograph
    assert Image.open(io.BytesIO(photograph)).getexif().get_ifd(0x8825)
    _sends(emi, papers.given(photograph))
    page = page_of(emi, _only(emi).pk, 1, desk=desk.pk)
    assert page.startswith(b"\xff\xd8\xff")
    assert papers.CAMERA.encode() not in page
    drawn = Image.open(io.BytesIO(page))
    assert not drawn.getexif()
    assert not drawn.info.get("comment")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_of_picture_is_drawn(emi, desk, kind):
    _sends(emi, papers.given(papers.picture(kind=kind)))
    assert page_of(emi, _only(emi).pk, 1, desk=desk.pk).startswith(b"\xff\xd8\xff")


def test_a_paper_is_drawn_page_by_page(emi, desk):
    _sends(emi, papers.given(papers.pdf(3), "紙.pdf"))
    row = _only(emi)
    assert (row.pages, len(row.previews)) == (3, 3)
    assert page_of(emi, row.pk, 3, desk=desk.pk)
    assert page_of(emi, row.pk, 4, desk=desk.pk) is None
    assert page_of(emi, row.pk, 0, desk=desk.pk) is None


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"MZ\x90\x00 a program", "file-kind"),
        (b"<svg onload='alert(1)'></svg>", "file-kind"),
        (b"", "file-kind"),
    ],
)
def test_what_is_no_picture_and_no_paper_is_refused(emi, content, why):
    with pytest.raises(RefusedError, match=why):
        _sends(emi, papers.given(content, "photo.jpg"))
    assert Contact.objects.count() == 1


def _bomb():
    written = io.BytesIO()
    Image.new("1", (40_000, 40_000)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 nothing", b"\xff\xd8\xff nothing", papers.picture()[:300], _bomb()],
    ids=["paper", "picture", "half a picture", "a picture too large to unfold"],
)
def test_what_does_not_open_is_kept_sealed_without_a_preview(emi, content):
    _sends(emi, papers.given(), papers.given(content, "b"))
    good, undrawn = files_in(Matter.objects.get(pk=emi))
    assert (good.is_undrawn, undrawn.is_undrawn, undrawn.name) == (False, True, "b")
    assert original_of(Attachment.objects.get(pk=undrawn.id)) == content
    assert page_of(emi, undrawn.id, 1, desk=Matter.objects.get(pk=emi).desk_id) is None


def test_a_deed_that_fails_leaves_no_file(emi):
    before = set(_kept())
    with pytest.raises(Matter.DoesNotExist):
        _sends(None, papers.given())
    assert set(_kept()) == before


def test_a_matter_holds_only_so_many_files(emi, monkeypatch):
    monkeypatch.setattr("madoguchi.rules.files.MOST_KEPT", 1)
    assert MOST_KEPT > 1
    with pytest.raises(RefusedError, match="files-full"):
        _sends(emi, papers.given(), papers.given())
    assert not Attachment.objects.exists()


# -- sealed contents ------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 1_048_575, 1_048_576, 1_048_577, 20_000_000])
def test_contents_of_any_size_open_again(size):
    key, place = contents.new_content_key(), sealing.Place("t", AT_ID, "original")
    content = os.urandom(size)
    address = contents.keep(content, key=key, place=place)
    assert contents.fetch(address, key=key, place=place) == content
    contents.forget([address])
    with pytest.raises(contents.ContentMissingError):
        contents.fetch(address, key=key, place=place)


def _cut(sealed):
    return sealed[: 1 + 12 + 1_048_576 + 16]


def _swapped(sealed):
    piece = 12 + 1_048_576 + 16
    return (
        sealed[:1]
        + sealed[1 + piece : 1 + 2 * piece]
        + sealed[1 : 1 + piece]
        + sealed[1 + 2 * piece :]
    )


@pytest.mark.parametrize(
    "change",
    [_cut, _swapped, lambda it: it[:-1], lambda it: it[:50] + b"\0" + it[51:], lambda _: b""],
    ids=["cut at a piece", "pieces swapped", "a byte short", "a byte changed", "emptied"],
)
def test_contents_that_were_changed_do_not_open(change):
    key, place = contents.new_content_key(), sealing.Place("t", AT_ID, "original")
    address = contents.keep(os.urandom(3_000_000), key=key, place=place)
    path = Path(storages["files"].path(contents._path(address)))
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(SealBrokenError):
        contents.fetch(address, key=key, place=place)


def test_contents_do_not_open_in_another_s_place_or_by_another_key():
    key, place = contents.new_content_key(), sealing.Place("t", AT_ID, "original")
    address = contents.keep(b"x", key=key, place=place)
    with pytest.raises(SealBrokenError):
        contents.fetch(address, key=key, place=sealing.Place("t", AT_ID, "page-1"))
    with pytest.raises(SealBrokenError):
        contents.fetch(address, key=contents.new_content_key(), place=place)


def test_erasing_the_matter_s_key_makes_its_files_unreadable(emi, desk):
    _sends(emi, papers.given())
    row = _only(emi)
    assert original_of(row)
    sealing.erase(emi)
    assert original_of(row) is None
    assert page_of(emi, row.pk, 1, desk=desk.pk) is None
    file = files_in(row.matter)[0]
    assert (file.name, file.digest, file.is_open) == (None, None, False)
    # The bytes are still on the disk; nothing that is left opens them.
    assert contents._storage().exists(contents._path(row.address))


def test_what_no_row_names_is_swept_away_after_a_day(emi):
    _sends(emi, papers.given())
    place = sealing.Place("t", AT_ID, "original")
    stray = contents.keep(b"left over", key=contents.new_content_key(), place=place)
    now = dt.datetime.now(dt.UTC)
    files.sweep(at=now)
    assert contents._storage().exists(contents._path(stray))
    files.sweep(at=now + dt.timedelta(days=1, minutes=1))
    assert not contents._storage().exists(contents._path(stray))
    assert original_of(_only(emi))


# -- viruses --------------------------------------------------------------------------------


def test_an_infected_file_is_kept_and_opened_for_nobody(emi, desk, aoi):
    _sends(emi, papers.given(papers.pdf() + papers.EICAR, "紙.pdf"))
    row = _only(emi)
    assert (row.verdict, row.previews, row.set_aside_at) == ("INFECTED", [], LATER)
    assert Contact.objects.filter(consultation=emi).count() == 2
    with pytest.raises(RefusedError, match="file-set-aside"):
        _takes(emi, aoi)


def _takes(matter, who, scan=infected):
    row = _only(matter)
    return files.take_original(
        actor=who.actor, matter=matter, attachment=row.pk, at=LATER, scan=scan
    )


def test_what_was_not_scanned_is_scanned_before_it_is_handed_out(emi, aoi):
    _sends(emi, papers.given(papers.pdf() + papers.EICAR, "紙.pdf"), scan=no_scanner)
    assert _only(emi).verdict == "UNSCANNED"
    assert _takes(emi, aoi, no_scanner)
    with pytest.raises(RefusedError, match="file-set-aside"):
        _takes(emi, aoi)
    assert (_only(emi).verdict, _only(emi).set_aside_at) == ("INFECTED", LATER)


def test_who_takes_an_original_is_written_down(emi, aoi):
    photograph = papers.picture()
    _sends(emi, papers.given(photograph))
    assert _takes(emi, aoi) == photograph
    entry = Entry.objects.get(matter=emi, deed="FILE_TAKEN")
    assert (entry.actor, entry.detail) == (aoi.pk, {"file": str(_only(emi).pk)})


@pytest.mark.parametrize("deed", [files.take_original, files.set_aside, files.delete_file])
def test_another_desk_and_a_statistician_have_no_part_in_it(emi, chika, daichi, deed):
    _sends(emi, papers.given())
    said = {"matter": emi, "attachment": _only(emi).pk, "at": LATER}
    if deed is files.take_original:
        said["scan"] = infected
    for who in (chika, daichi):
        with pytest.raises(RefusedError):
            deed(actor=who.actor, **said)
    assert _only(emi).set_aside_at is None


def test_a_file_of_another_matter_is_not_found(emi, desk, aoi):
    other = receive(desk=desk.pk, letter=Letter(words="別", channel="EMAIL"), at=AT).matter
    _sends(emi, papers.given())
    assert page_of(other, _only(emi).pk, 1, desk=desk.pk) is None
    with pytest.raises(RefusedError, match="file-gone"):
        files.set_aside(actor=aoi.actor, matter=other, attachment=_only(emi).pk, at=LATER)


# -- set aside, deleted -----------------------------------------------------------------------


def test_what_is_set_aside_is_looked_at_by_nobody(
    emi, desk, aoi, django_capture_on_commit_callbacks
):
    _sends(emi, papers.given())
    row = _only(emi)
    with django_capture_on_commit_callbacks(execute=True):
        files.set_aside(actor=aoi.actor, matter=emi, attachment=row.pk, at=LATER)
    assert page_of(emi, row.pk, 1, desk=desk.pk) is None
    with pytest.raises(RefusedError, match="file-set-aside"):
        _takes(emi, aoi)
    assert not contents._storage().exists(contents._path(row.previews[0]))
    assert original_of(_only(emi))


def test_only_a_supervisor_deletes_and_then_it_is_gone(
    emi, aoi, beni, django_capture_on_commit_callbacks
):
    _sends(emi, papers.given())
    row = _only(emi)
    said = {"matter": emi, "attachment": row.pk, "at": LATER}
    with pytest.raises(RefusedError, match="supervisor-only"):
        files.delete_file(actor=aoi.actor, **said)
    with django_capture_on_commit_callbacks(execute=True):
        files.delete_file(actor=beni.actor, **said)
    assert not any(contents._storage().exists(contents._path(it)) for it in row.contents)
    assert files_in(row.matter)[0].is_deleted
    assert Entry.objects.get(matter=emi, deed="FILE_DELETED").actor == beni.pk


# -- files with a reply ---------------------------------------------------------------------


def test_a_reply_brings_files_and_only_papers_are_for_keeping(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=LATER)
    paper = papers.pdf()
    with files.made_ready([papers.given(paper, "案内.pdf"), papers.given()], infected) as ready:
        working.reply(matter=emi, actor=aoi.actor, words="どうぞ", at=LATER, files=ready)
    matter = Matter.objects.get(pk=emi)
    first, second = files_in(matter)
    assert (first.origin, first.is_for_keeping, second.is_for_keeping) == (Origin.DESK, True, False)
    assert paper_of(matter, first.id) == paper
    assert paper_of(matter, second.id) is None
    assert Contact.objects.filter(consultation=emi).count() == 1


# -- the tray -------------------------------------------------------------------------------


def _scanned(who, *given):
    with files.made_ready(given or [papers.given(papers.pdf(2), "fax.pdf")], infected) as ready:
        files.put_in_tray(actor=who.actor, ready=ready, at=LATER)
    return [it.id for it in in_tray(who.actor)]


@pytest.mark.parametrize("channel", ["FAX", "LETTER"])
def test_a_letter_from_the_tray_is_a_new_consultation_counted_when_it_came(aoi, channel):
    scans = _scanned(aoi, papers.given(), papers.given())
    arrived = AT - dt.timedelta(days=20)
    parcel = Parcel(scans=scans, channel=channel, arrived_at=arrived, words="要点")
    row = deliver(actor=aoi.actor, matter=None, parcel=parcel, at=LATER)
    contact = Contact.objects.get()
    assert (contact.at, contact.channel, contact.recorded_by) == (arrived, channel, aoi)
    assert (row.first_contact_at, row.waiting_since, row.unread) == (arrived, arrived, True)
    assert [it.message for it in files_in(row.matter)] == [contact.message_id] * 2
    assert not in_tray(aoi.actor)
    entry = Entry.objects.get(matter=row.pk)
    assert (entry.deed, entry.actor, entry.at) == ("RECEIVED", aoi.pk, LATER)


def test_a_letter_from_the_tray_is_one_more_contact_of_a_known_matter(emi, aoi):
    parcel = Parcel(scans=_scanned(aoi), channel="FAX", arrived_at=LATER)
    deliver(actor=aoi.actor, matter=emi, parcel=parcel, at=LATER)
    assert Contact.objects.filter(consultation=emi).count() == 2
    assert original_of(_only(emi))


def test_a_scan_changes_hands_with_its_key(emi, aoi):
    (scan,) = _scanned(aoi)
    assert Key.objects.filter(holder=scan).exists()
    parcel = Parcel(scans=[scan], channel="FAX", arrived_at=LATER)
    deliver(actor=aoi.actor, matter=emi, parcel=parcel, at=LATER)
    assert not Key.objects.filter(holder=scan).exists()
    sealing.erase(emi)
    assert original_of(_only(emi)) is None


def test_the_tray_of_another_desk_is_not_ours(aoi, chika):
    scans = _scanned(aoi)
    assert not in_tray(chika.actor)
    parcel = Parcel(scans=scans, channel="FAX", arrived_at=LATER)
    with pytest.raises(RefusedError, match="scan-gone"):
        deliver(actor=chika.actor, matter=None, parcel=parcel, at=LATER)
    assert not Message.objects.exists()


def test_a_scan_is_given_once(emi, aoi):
    parcel = Parcel(scans=_scanned(aoi), channel="FAX", arrived_at=LATER)
    deliver(actor=aoi.actor, matter=emi, parcel=parcel, at=LATER)
    with pytest.raises(RefusedError, match="scan-gone"):
        deliver(actor=aoi.actor, matter=emi, parcel=parcel, at=LATER)
    assert Contact.objects.filter(consultation=emi).count() == 2


def test_nothing_arrives_tomorrow(emi, aoi):
    tomorrow = LATER + dt.timedelta(days=1)
    parcel = Parcel(scans=_scanned(aoi), channel="FAX", arrived_at=tomorrow)
    with pytest.raises(RefusedError, match="not-yet-arrived"):
        deliver(actor=aoi.actor, matter=emi, parcel=parcel, at=LATER)


def test_what_is_thrown_out_of_the_tray_is_gone(aoi, django_capture_on_commit_callbacks):
    (scan,) = _scanned(aoi)
    gone = Attachment.objects.get().contents
    with django_capture_on_commit_callbacks(execute=True):
        files.drop_scan(actor=aoi.actor, scan=scan, at=LATER)
    assert not in_tray(aoi.actor)
    assert not any(contents._storage().exists(contents._path(it)) for it in gone)
    assert Entry.objects.get(deed="SCAN_DROPPED").actor == aoi.pk


# -- replies on paper ------------------------------------------------------------------------


def test_the_address_of_a_letter_is_sealed_with_the_matter(emi, aoi):
    working.take_charge(matter=emi, actor=aoi.actor, at=LATER)
    address = "〒530-0001\n大阪市北区梅田1\n山田花子 様"
    paper = Paper(channel="LETTER", address=address)
    sent = working.reply(matter=emi, actor=aoi.actor, words="どうぞ", at=LATER, on_paper=paper)
    matter = Matter.objects.get(pk=emi)
    assert postings_in(matter)[sent.pk].address == address
    assert "山田".encode() not in bytes(sent.posting.address)
    assert Entry.objects.get(deed="REPLY").detail == {"channel": "LETTER"}
    sealing.erase(emi)
    assert postings_in(matter)[sent.pk].address is None


# -- the code that is handed over --------------------------------------------------------------


def test_a_handed_code_opens_the_same_consultation(aoi):
    parcel = Parcel(scans=_scanned(aoi), channel="LETTER", arrived_at=LATER)
    row = deliver(actor=aoi.actor, matter=None, parcel=parcel, at=LATER)
    code = hand_code(actor=aoi.actor, matter=row.pk, seen="", at=LATER)
    assert matter_of_code(code) == row.matter
    entry = Entry.objects.get(deed="RECEIPT_MADE")
    assert (entry.actor, entry.detail) == (aoi.pk, {"renewed": False})
    assert code not in str(entry.detail)


def test_a_new_code_stops_the_old_one_and_is_not_made_twice_by_a_reload(emi, aoi):
    old = Matter.objects.get(pk=emi).receipt.made_at.isoformat()
    first = hand_code(actor=aoi.actor, matter=emi, seen=old, at=LATER)
    with pytest.raises(RefusedError, match="code-made-meanwhile"):
        hand_code(actor=aoi.actor, matter=emi, seen=old, at=LATER)
    now = Matter.objects.get(pk=emi).receipt.made_at.isoformat()
    second = hand_code(actor=aoi.actor, matter=emi, seen=now, at=LATER + dt.timedelta(minutes=1))
    assert matter_of_code(first) is None
    assert matter_of_code(second).pk == emi
    assert [it.detail["renewed"] for it in Entry.objects.filter(deed="RECEIPT_MADE")] == [True] * 2


def test_nobody_of_another_desk_hands_over_a_code(emi, chika, daichi):
    for who in (chika, daichi):
        with pytest.raises(RefusedError):
            hand_code(actor=who.actor, matter=emi, seen="", at=LATER)
