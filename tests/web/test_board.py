"""The supervisor's board, approvals, and who is on the telephone."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.operations import receiving, working
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.correspondence.models import Kind
from madoguchi.correspondence.operations.words import begin_draft
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.matters.models import Approval
from madoguchi.matters.operations.asking import Question, ask
from madoguchi.matters.operations.timing import Due, set_deadline
from madoguchi.rules.approval import Ask
from madoguchi.rules.deadlines import Named
from tests.people import AT, at_the_desk


@pytest.fixture
def emi(desk):
    """Emi's matter, received long ago."""
    letter = Letter(words="なりすましのアカウントがあります", channel="EMAIL")
    return receiving.receive(desk=desk.pk, letter=letter, at=AT)


@pytest.fixture
def table(aoi):
    """Aoi's browser."""
    return at_the_desk(aoi)


@pytest.fixture
def above(beni):
    """Beni's browser."""
    return at_the_desk(beni)


def _said(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_board_shows_what_nobody_has_and_what_is_late(emi, above):
    said = _said(above.get("/desk/board/"))
    assert f"未割当 1 {emi.number}" in said
    assert "期限を過ぎた 1 初回返信" in said


def test_it_is_assigned_from_there(emi, above, aoi):
    where = f"/desk/matters/{emi.number}/assign/"
    answer = above.post(where, {"adviser": str(aoi.pk), "from": "board"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/board/"
    assert "未割当 0" in _said(answer)
    assert f"{aoi.name} 1 1 1 0 0" in _said(answer)


def test_who_waits_for_whom_stands_apart(emi, above, aoi):
    working.take_charge(matter=emi.matter, actor=aoi.actor, at=AT)
    due = Due(Named.EXPERT, timezone.now() + dt.timedelta(days=9))
    set_deadline(matter=emi.matter, due=due, actor=aoi.actor, at=timezone.now())
    working.reply(matter=emi.matter, actor=aoi.actor, words="はい", at=AT)
    said = _said(above.get("/desk/board/"))
    assert f"相談者の返事を待つ 1 {emi.number}" in said
    assert f"専門家を待つ 1 {emi.number}" in said


@pytest.mark.parametrize("who", ["aoi", "daichi"])
def test_the_board_is_the_supervisors(who, request):
    client = at_the_desk(request.getfixturevalue(who))
    assert client.get("/desk/board/").status_code == 404
    assert "一覧板" not in client.get("/desk/", follow=True).content.decode()


def test_another_desks_supervisor_sees_nothing_of_ours(emi, chika):
    chika.role = "SUPERVISOR"
    chika.save()
    said = _said(at_the_desk(chika).get("/desk/board/"))
    assert emi.number not in said
    assert "未割当 0" in said


def test_who_is_on_the_telephone_is_seen_by_all_but_not_what_is_said(table, above, aoi, beni):
    begin_draft(actor=beni.actor, kind=Kind.NOTE, matter=None, at=timezone.now())
    assert f"{beni.name} 通話中" in _said(table.get("/desk/"))
    assert f"{beni.name} 通話中" not in _said(above.get("/desk/"))
    assert re.search(rf"{beni.name} 0 0 0 0 0 通話中", _said(above.get("/desk/board/")))


def test_a_call_of_this_morning_is_no_call_any_more(table, beni):
    begun = timezone.now() - dt.timedelta(hours=4)
    begin_draft(actor=beni.actor, kind=Kind.NOTE, matter=None, at=begun)
    assert "通話中" not in _said(table.get("/desk/"))


def test_an_approval_is_asked_and_given_in_one_press_each(emi, table, above):
    where = f"/desk/matters/{emi.number}/"
    table.post(
        f"{where}approvals/", {"kind": "APPROVAL", "of": "", "words": "警察へ伝えてよいですか"}
    )
    said = _said(above.get("/desk/due/"))
    assert "確かめてほしいとたのまれています 1 決裁 あおいさんから" in said
    assert "警察へ伝えてよいですか" in _said(above.get("/desk/board/"))
    row = Approval.objects.get()
    said = _said(table.get(where))
    assert "取り下げる" in said
    posted = {"outcome": "APPROVED", "comment": "すぐに"}
    assert "自分では答えられません" in _said(
        table.post(f"/desk/approvals/{row.pk}/", posted, follow=True)
    )
    said = _said(above.post(f"/desk/approvals/{row.pk}/", posted, follow=True))
    assert "よい べに" in said
    assert "すぐに" in said


def test_nothing_is_asked_without_a_word(emi, table):
    answer = table.post(f"/desk/matters/{emi.number}/approvals/", {"kind": "APPROVAL"})
    assert answer.status_code == 400
    assert not Approval.objects.exists()


def test_a_reply_is_read_twice_where_the_desk_wants_it(emi, table, above, aoi):
    above.post("/desk/board/second-reader/", {"wanted": "yes"})
    working.take_charge(matter=emi.matter, actor=aoi.actor, at=AT)
    draft = begin_draft(actor=aoi.actor, kind=Kind.REPLY, matter=emi.matter, at=AT)
    where = f"/desk/matters/{emi.number}/"
    page = table.get(f"{where}?write=REPLY").content.decode()
    assert "ふたり目の確認に出す" in page
    answer = table.post(f"/desk/drafts/{draft.pk}/record/", {"words": "返事です"}, follow=True)
    assert "ふたり目の確認に出しました" in _said(answer)
    row = Consultation.objects.select_related("matter").get()
    assert messages_in(row.matter, Kind.REPLY) == []
    held = Approval.objects.get()
    answer = above.post(f"/desk/approvals/{held.pk}/", {"outcome": "APPROVED"}, follow=True)
    assert "返信を送りました" in _said(answer)
    assert [it.words for it in messages_in(row.matter, Kind.REPLY)] == ["返事です"]


def test_an_adviser_does_not_turn_the_second_reader_off(table, desk):
    answer = table.post("/desk/board/second-reader/", {"wanted": "yes"})
    assert answer.status_code == 302
    desk.refresh_from_db()
    assert not desk.second_reader


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_to_a_stranger_no_question_exists(emi, aoi, who, request):
    row = ask(matter=emi.matter, question=Question(Ask.CIRCULATION, "x"), actor=aoi.actor, at=AT)
    stranger = at_the_desk(request.getfixturevalue(who))
    assert stranger.post(f"/desk/approvals/{row.pk}/", {"outcome": "READ"}).status_code == 404
    row.refresh_from_db()
    assert row.decided_at is None


def test_nobody_is_offered_to_ask_themselves_and_a_refused_word_stays(emi, table, aoi, beni):
    where = f"/desk/matters/{emi.number}/"
    offered = table.get(where).content.decode().split('id="ask-of"')[1].split("</select>")[0]
    assert str(beni.pk) in offered
    assert str(aoi.pk) not in offered
    posted = {"kind": "CIRCULATION", "of": str(aoi.pk), "words": "読んでください"}
    answer = table.post(f"{where}approvals/", posted)
    assert answer.status_code == 400
    assert "読んでください" in answer.content.decode()
