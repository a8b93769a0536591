"""The packet: a bag that others read, a schema that is published, a sheet, two locks."""

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import bagit
import jsonschema_rs
import pyrage
import pytest
from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError

from madoguchi.referrals.packing import UnreadablePacketError, bags, contents, locks, sheets
from madoguchi.referrals.packing.telling import told

DOCS = Path(__file__).parents[2] / "docs" / "reference"
AT = dt.datetime(2025, 5, 15, 14, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
STORY = "なりすましのアカウントがあります。\nとても困っています。"


def content(**more):
    """Return what a packet tells of Emi, who agreed to her story alone."""
    return {
        "format": "madoguchi.handover/1",
        "id": "019a8000-0000-7000-8000-000000000001",
        "made_at": AT.isoformat(),
        "from": {"desk": "ネットハーモニー", "prefecture": "大阪府", "reference": "R7-0001"},
        "to": {"name": "法務局（人権相談）", "window": "moj"},
        "reason": "人権の侵害について調べてもらうため",
        "consent": {
            "items": ["STORY"],
            "withheld": ["REACH"],
            "given_at": AT.isoformat(),
            "how": "MY_PAGE",
        },
        "urgency": "ORDINARY",
        "story": [{"at": AT.isoformat(), "words": STORY}],
        **more,
    }


def bag(**payload):
    return bags.packed({"consultation.json": b"{}", **payload}, name="x")


# -- the bag -----------------------------------------------------------------------------


def test_the_library_of_congress_reads_our_bags(tmp_path):
    packed = bags.packed({"consultation.json": b"{}", "files/01.jpg": b"\xff\xd8"}, name="an-id")
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path)
    read = bagit.Bag(str(tmp_path / "handover"))
    read.validate()
    assert read.info["External-Identifier"] == "an-id"
    assert sorted(read.payload_files()) == ["data/consultation.json", "data/files/01.jpg"]


def test_what_was_packed_is_unpacked():
    payload = {"consultation.json": b"{}", "files/01.jpg": b"\xff\xd8"}
    assert bags.unpacked(bags.packed(payload, name="x")) == payload


def _rewritten(packed, **changed):
    """Return a bag with files changed, added, or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(packed)) as read:
        files = {it: read.read(it) for it in read.namelist()}
    files |= {f"handover/{path}": content for path, content in changed.items()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as bag:
        for path, said in files.items():
            if said is not None:
                bag.writestr(path, said)
    return written.getvalue()


@pytest.mark.parametrize(
    "changed",
    [
        {"data/consultation.json": b'{"a": 1}'},
        {"data/more.txt": b"unlisted"},
        {"data/consultation.json": None},
        {"manifest-sha256.txt": None},
        {"manifest-sha256.txt": b""},
        {"bag-info.txt": b"another"},
        {"bagit.txt": b"no bag"},
    ],
)
def test_a_bag_that_was_changed_is_refused(changed):
    with pytest.raises(UnreadablePacketError):
        bags.unpacked(_rewritten(bag(), **changed))


def test_what_is_no_bag_at_all_is_refused():
    for junk in (b"", b"PK\x03\x04", b"%PDF-1.7"):
        with pytest.raises(UnreadablePacketError):
            bags.unpacked(junk)


def test_a_bag_that_would_fill_the_memory_is_not_unpacked():
    huge = bags.packed({"consultation.json": b"0" * 41_000_000}, name="x")
    assert len(huge) < 100_000
    with pytest.raises(UnreadablePacketError, match="too large"):
        bags.unpacked(huge)


# -- consultation.json -------------------------------------------------------------------


def test_the_published_schema_is_the_one_we_keep_to():
    assert (DOCS / "handover-1.schema.json").read_text("utf-8") == contents.schema_text()
    jsonschema_rs.meta.validate(json.loads(contents.schema_text()))


def test_what_we_write_is_read_again():
    assert contents.read(contents.written(content())) == content()


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "madoguchi.handover/2"},
        {"id": "not-an-id"},
        {"made_at": "yesterday"},
        {"urgency": "HIGH"},
        {"memo": "among ourselves"},
        {"story": [{"words": "without a time"}]},
        {"files": [{"path": "../../etc/passwd", "name": "x", "media": "image/png"}]},
        {"consent": {"items": ["EVERYTHING"]}},
    ],
)
def test_what_does_not_keep_to_the_schema_is_refused(wrong):
    with pytest.raises(UnreadablePacketError, match="schema"):
        contents.read(json.dumps(content(**wrong)).encode())


def test_what_is_no_json_is_refused():
    for junk in (b"", b"\xff\xfe", b"[" * 100_000):
        with pytest.raises(UnreadablePacketError):
            contents.read(junk)


# -- the sheet ---------------------------------------------------------------------------


def _text(pdf):
    return "".join(page.extract_text() for page in pdf.pages).replace(" ", "").replace("\n", "")


def test_the_sheet_tells_people_what_the_data_tells_machines():
    pdf = PdfReader(io.BytesIO(sheets.sheet_of(content(), AT)))
    text = _text(pdf)
    for words in ("ネットハーモニー", "R7-0001", "法務局（人権相談）", "とても困っています。"):
        assert words in text
    assert "渡していないもの連絡のしかた（本人が選びました）" in text
    assert "令和7年5月15日14時00分" in text


def test_the_sheet_is_tagged_for_screen_readers():
    pdf = PdfReader(io.BytesIO(sheets.sheet_of(content(), AT)))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "ja"
    assert b"pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_data()


def test_a_part_that_is_not_there_has_no_heading():
    titles = [section.title for section in told(content())]
    assert titles == ["この引き継ぎについて", "相談した内容"]


def test_danger_is_said_first():
    about = told(content(urgency="DANGER"))[0]
    assert "命や体の危険のおそれがあります" in [line.words for line in about.lines]


# -- the locks ---------------------------------------------------------------------------


def test_only_the_holder_of_the_key_opens_it():
    (secret, public), (other, _public) = locks.new_identity(), locks.new_identity()
    locked = locks.locked_for(public, b"words")
    assert b"words" not in locked
    assert locks.unlocked(secret, locked) == b"words"
    with pytest.raises(UnreadablePacketError):
        locks.unlocked(other, locked)
    with pytest.raises(UnreadablePacketError):
        locks.unlocked(secret, locked[:-1])


def test_the_file_is_one_of_age_as_everybody_has_it():
    secret, public = locks.new_identity()
    assert public.startswith("age1")
    assert locks.locked_for(public, b"").startswith(b"age-encryption.org/v1\n")
    identity = pyrage.x25519.Identity.from_str(secret)
    assert pyrage.decrypt(locks.locked_for(public, b"words"), [identity]) == b"words"


def test_what_is_no_key_is_told_from_one():
    assert locks.is_recipient(locks.new_identity()[1])
    assert not locks.is_recipient("age1nothing")
    assert not locks.is_recipient("")


def test_the_password_opens_the_sheet_and_the_packet_in_it():
    sheet, packet = sheets.sheet_of(content(), AT), bag()
    locked = locks.with_password(sheet, packet, "hikari-2345-abcd")
    pdf = PdfReader(io.BytesIO(locked))
    assert pdf.is_encrypted
    with pytest.raises(FileNotDecryptedError):
        _text(pdf)
    assert not pdf.decrypt("another")
    assert pdf.decrypt("hikari-2345-abcd")
    assert "とても困っています。" in _text(pdf)
    assert pdf.attachments[locks.PACKET] == [packet]
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_password_is_not_guessed_by_an_old_cipher():
    locked = locks.with_password(sheets.sheet_of(content(), AT), bag(), "x")
    encrypt = PdfReader(io.BytesIO(locked)).trailer["/Encrypt"]
    assert (encrypt["/V"], encrypt["/R"], encrypt["/Length"]) == (5, 6, 256)
