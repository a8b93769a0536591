"""The handbook's pages, and its texts and cases beside a draft."""

import re

import pytest
from django.utils import timezone

from madoguchi.consultations.operations import receiving, working
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.operations.words import Pen, begin_draft, save_draft
from madoguchi.correspondence.queries.words import drafts_of
from madoguchi.handbook.models import Sheet, Sort
from madoguchi.handbook.operations import Written, approve, write
from madoguchi.rules.particulars import Particulars
from tests.people import AT, at_the_desk

HTMX = {"HTTP_HX_REQUEST": "true"}
TEXT = Written(
    sort=Sort.TEMPLATE,
    title="受け取りました",
    call="uke",
    words="{呼び名}さん、{受付番号}を受け取りました。{担当}（{窓口名}）",
)
CASE = Written(
    sort=Sort.CASE,
    title="合成画像の拡散",
    words="未成年の娘の顔写真を合成した画像が、同級生のLINEグループで拡散された。",
    advice="学校に対応を求め、証拠を保全した上で警察と弁護士に相談するよう助言した。",
)


@pytest.fixture
def table(aoi):
    """Aoi's browser."""
    return at_the_desk(aoi)


@pytest.fixture
def above(beni):
    """Beni's browser."""
    return at_the_desk(beni)


@pytest.fixture
def sheets(aoi, beni):
    """A text and a case, in use."""
    rows = [write(written=it, actor=aoi.actor, at=AT) for it in (TEXT, CASE)]
    for row in rows:
        approve(sheet=row.pk, actor=beni.actor, at=AT)
    return rows


@pytest.fixture
def reply(desk, aoi):
    """A reply that Aoi has begun to Emi."""
    letter = Letter(words="あ", channel="EMAIL", particulars=Particulars(nickname="ゆき"))
    emi = receiving.receive(desk=desk.pk, letter=letter, at=AT)
    working.take_charge(matter=emi.matter, actor=aoi.actor, at=AT)
    draft = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=emi.matter, at=AT)
    return draft, emi.number


def _said(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_an_adviser_writes_and_a_supervisor_approves(table, above):
    posted = {"title": "題", "words": "何があったか", "advice": "どう助言したか"}
    answer = table.post("/desk/handbook/new/?sort=CASE", posted, follow=True)
    assert "承認を待っています" in _said(answer)
    row = Sheet.objects.get()
    button = f"/desk/handbook/{row.pk}/approve/"
    assert button not in answer.content.decode()
    assert button in above.get("/desk/handbook/?sort=CASE").content.decode()
    above.post(f"/desk/handbook/{row.pk}/approve/")
    assert "使用中" in _said(table.get("/desk/handbook/?sort=CASE"))
    table.post(f"/desk/handbook/{row.pk}/", {**posted, "title": "新しい題"})
    row.refresh_from_db()
    assert (row.title, row.approved_at) == ("新しい題", None)
    table.post(f"/desk/handbook/{row.pk}/erase/")
    assert not Sheet.objects.exists()


def test_a_place_nobody_fills_is_named(table):
    posted = {"title": "題", "words": "{電話番号}へ"}
    answer = table.post("/desk/handbook/new/?sort=TEMPLATE", posted)
    assert answer.status_code == 400
    assert "自動で入らないことばがあります：電話番号" in answer.content.decode()


def test_the_handbook_is_searched(sheets, table):
    assert "受け取りました" in _said(table.get("/desk/handbook/?q=呼び名"))
    assert "まだ何もありません" in _said(table.get("/desk/handbook/?q=ない"))


def test_a_text_comes_filled(sheets, table, reply, aoi, desk):
    draft, number = reply
    found = table.get(f"/desk/drafts/{draft.pk}/texts/?q=uke", **HTMX).content.decode()
    assert f"ゆきさん、{number}を受け取りました。{aoi.name}（{desk.name}）" in found
    assert "合う定型文がありません" in _said(
        table.get(f"/desk/drafts/{draft.pk}/texts/?q=zzz", **HTMX)
    )


def test_without_scripts_a_text_goes_into_what_is_saved(sheets, table, reply, aoi):
    draft, number = reply
    where = f"/desk/drafts/{draft.pk}/"
    answer = table.post(where, {"words": "はじめ", "then": "texts"})
    assert answer["Location"] == f"{where}texts/"
    seen = re.findall(r'name="seen" value="([^"]*)"', table.get(f"{where}texts/").content.decode())
    table.post(f"{where}texts/", {"text": "受け取りました", "seen": seen[0]})
    assert [it.words.splitlines()[0] for it in drafts_of(aoi.actor)] == ["はじめ"]
    assert number in drafts_of(aoi.actor)[0].words


def test_cases_like_what_is_written_say_what_was_advised(sheets, table, reply, aoi):
    draft, _number = reply
    words = "娘の写真を合成されて、同級生のグループで回されています"
    save_draft(actor=aoi.actor, pen=Pen(draft=draft.pk), words=words, at=timezone.now())
    where = f"/desk/drafts/{draft.pk}/similar/"
    for page in (table.get(where, **HTMX), table.get(where)):
        assert "学校に対応を求め" in _said(page)
    assert "<main" not in table.get(where, **HTMX).content.decode()


@pytest.mark.parametrize("who", ["beni", "chika", "daichi"])
def test_a_draft_of_somebody_else_brings_nothing(sheets, reply, who, request):
    stranger = at_the_desk(request.getfixturevalue(who))
    for what in ("texts", "similar"):
        assert stranger.get(f"/desk/drafts/{reply[0].pk}/{what}/").status_code == 404


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_to_a_stranger_no_sheet_exists(sheets, who, request):
    stranger = at_the_desk(request.getfixturevalue(who))
    row = sheets[0]
    assert stranger.get(f"/desk/handbook/{row.pk}/").status_code == 404
    for deed in ("approve", "erase"):
        assert stranger.post(f"/desk/handbook/{row.pk}/{deed}/").status_code == 404
    page = stranger.get("/desk/handbook/")
    assert page.status_code == 404 or row.title not in _said(page)
