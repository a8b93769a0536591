"""Experts on pages: asked from a matter in few presses, answered on a page of their own."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from madoguchi.correspondence.models import Kind, Message
from madoguchi.correspondence.operations.files import Origin, With, attach, made_ready
from madoguchi.correspondence.queries.files import files_in
from madoguchi.correspondence.scanning import no_scanner
from madoguchi.experts.models import Expert, ExpertConsultation, Slot
from madoguchi.rules.access import Role
from madoguchi.rules.experts import Status
from tests import papers, people
from tests.experts import OFFICE, QUESTION, hours, lawyer, letters_in
from tests.handovers import CALLED, MEMO, STORY, TELEPHONE, emis_matter
from tests.papers import given
from tests.people import AT, at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def emi(desk, aoi):
    return emis_matter(desk, aoi)


@pytest.fixture
def slots(beni, fumi):
    """Four hours of Fumi's, still to come."""
    soon = timezone.now().replace(microsecond=0) + dt.timedelta(days=2)
    return hours(beni, lawyer(beni, user=fumi.pk, quota=4), starts_at=soon)


def _text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def _ask(browser, emi, **said):
    """Ask as the form does, with the letter to be shown."""
    told = {"words": QUESTION, "kind": "LAWYER", "told": letters_in(emi.matter), **said}
    return browser.post(f"/desk/matters/{emi.number}/experts/", told, follow=True)


def _booked(aoi, emi, slots, **said):
    answer = _ask(at_the_desk(aoi), emi, slot=str(slots[0].pk), agreed="on", **said)
    assert "予約しました。" in _text(answer)
    return ExpertConsultation.objects.get(matter=emi.matter)


def test_an_hour_is_booked_from_the_matter_by_one_form(aoi, emi, slots):
    browser = at_the_desk(aoi)
    assert f"/desk/matters/{emi.number}/experts/" in _text(
        browser.get(f"/desk/matters/{emi.number}/")
    )
    form = _text(browser.get(f"/desk/matters/{emi.number}/experts/"))
    assert STORY[:20] in form
    assert MEMO not in form
    assert CALLED not in form
    row = _booked(aoi, emi, slots)
    assert (row.status, row.slot, row.shown) == (Status.BOOKED, slots[0], ["MESSAGES"])
    assert "予約ずみ" in _text(browser.get(f"/desk/matters/{emi.number}/"))
    assert emi.number in _text(browser.get("/desk/experts/"))


def test_a_date_without_consent_is_asked_for_it_and_the_words_stay(aoi, emi, slots):
    answer = _ask(at_the_desk(aoi), emi, slot=str(slots[0].pk))
    assert answer.status_code == 400
    assert "予約には、本人の同意がいります。" in _text(answer)
    assert QUESTION in _text(answer)
    assert not ExpertConsultation.objects.exists()


def test_what_waits_for_a_date_is_booked_later(aoi, emi, slots):
    browser = at_the_desk(aoi)
    _ask(browser, emi)
    row = ExpertConsultation.objects.get()
    page = f"/desk/experts/{row.pk}/"
    refused = browser.post(f"{page}book/", {"slot": str(slots[0].pk)}, follow=True)
    assert "本人の同意が、まだ書きとめられていません。" in _text(refused)
    browser.post(f"{page}agree/", {"name": "on"})
    booked = browser.post(f"{page}book/", {"slot": str(slots[0].pk)}, follow=True)
    assert "予約しました。" in _text(booked)
    row.refresh_from_db()
    assert (row.shown, row.messages) == (["NAME"], [])


def test_a_conflict_is_named_beside_the_hour_and_refused(desk, aoi, beni, emi, slots):
    _booked(aoi, emi, slots, ours="えみ")
    other = emis_matter(desk, aoi)
    answer = _ask(at_the_desk(aoi), other, slot=str(slots[1].pk), agreed="on", theirs="えみ\nほか")
    assert "相手方の相談を受けています" in _text(answer)
    assert "利益相反のおそれ" in _text(answer)
    row = ExpertConsultation.objects.get(matter=other.matter)
    page = f"/desk/experts/{row.pk}/"
    assert "理由（責任者）" not in _text(answer)
    reason = {"slot": str(slots[1].pk), "overrule": "同名の別人"}
    at_the_desk(aoi).post(f"{page}book/", reason)
    row.refresh_from_db()
    assert row.status == Status.ASKED
    assert "理由（責任者）" in _text(at_the_desk(beni).get(page))
    at_the_desk(beni).post(f"{page}book/", reason)
    row.refresh_from_db()
    assert (row.status, row.overruled_by) == (Status.BOOKED, beni)


# -- the expert's page ------------------------------------------------------------------------


def test_signing_in_leads_an_expert_to_her_own_page(fumi):
    answer = at_the_desk(fumi).get("/desk/", follow=True)
    assert answer.redirect_chain[-1][0] == reverse("experts:questions")
    assert "いま、質問はありません。" in _text(answer)
    assert "/desk/board/" not in _text(answer)


def test_a_second_factor_is_forced_for_experts_too(fumi):
    Authenticator.objects.filter(user=fumi).delete()
    answer = at_the_desk(fumi).get("/expert/")
    assert (answer.status_code, answer.url) == (302, reverse("mfa_activate_totp"))


def test_the_expert_reads_what_is_shown_and_writes_what_came_of_it(aoi, fumi, emi, slots):
    row = _booked(aoi, emi, slots, theirs="次郎")
    hers = at_the_desk(fumi)
    assert f"/expert/{row.pk}/" in _text(hers.get("/expert/"))
    page = _text(hers.get(f"/expert/{row.pk}/"))
    assert QUESTION in page
    assert STORY in page
    for hidden in (MEMO, CALLED, TELEPHONE, "えみ", "次郎", emi.number, "あおい"):
        assert hidden not in page
    told = {"result": "ADVICE_ONLY", "words": "保全を急いでください。", "minutes": "30"}
    answer = hers.post(f"/expert/{row.pk}/result/", {**told, "fee": "1"}, follow=True)
    assert "結果を書きとめました。" in _text(answer)
    row.refresh_from_db()
    assert (row.status, row.result, row.fee) == (Status.HEARD, "ADVICE_ONLY", 11_000)
    assert row.seen_at
    read = _text(at_the_desk(aoi).get(f"/desk/experts/{row.pk}/"))
    assert "保全を急いでください。" in read
    at_the_desk(aoi).post(f"/desk/experts/{row.pk}/step/", {"do": "SETTLE_EXPERT"})
    assert hers.get(f"/expert/{row.pk}/").status_code == 404
    assert hers.post(f"/expert/{row.pk}/result/", told).status_code == 404


def test_only_the_chosen_file_is_shown(aoi, fumi, emi, slots):
    letter = Message.objects.get(matter=emi.matter, kind=Kind.FROM_PERSON)
    spine = letter.matter
    two = [given(name="a.jpg"), given(papers.picture("b"), name="b.jpg")]
    with made_ready(two, no_scanner) as ready, transaction.atomic():
        beside = With(letter, Origin.PERSON, AT)
        attach(ready, beside, desk=aoi.desk_id, matter=spine)
    shown, hidden = files_in(spine)
    row = _booked(aoi, emi, slots, papers=[str(shown.id)])
    hers = at_the_desk(fumi)
    assert f"/files/{shown.id}/1/" in _text(hers.get(f"/expert/{row.pk}/"))
    drawn = hers.get(f"/expert/{row.pk}/files/{shown.id}/1/")
    assert (drawn.status_code, drawn["Content-Type"]) == (200, "image/jpeg")
    assert hers.get(f"/expert/{row.pk}/files/{hidden.id}/1/").status_code == 404
    assert hers.get(f"/desk/matters/{emi.number}/files/{shown.id}/").status_code == 404


def test_another_experts_question_is_not_found(aoi, emi, slots, desk):
    row = _booked(aoi, emi, slots)
    gen = at_the_desk(people.hire(desk.pk, "gen", "げん", Role.EXPERT))
    assert gen.get(f"/expert/{row.pk}/").status_code == 404
    assert gen.post(f"/expert/{row.pk}/result/", {"result": "OTHER"}).status_code == 404


def test_the_person_is_told_of_the_date_on_my_page(aoi, emi, slots):
    _booked(aoi, emi, slots)
    hers = Client()
    hers.post("/my/", {"code": emi.code})
    page = _text(hers.get("/my/messages/"))
    assert "お約束があります" in page
    assert "ビデオ通話を開くボタンは、はじまる1時間前から、ここに出ます。" in page
    assert "https://video.example/a" not in page
    Slot.objects.filter(pk=slots[0].pk).update(starts_at=timezone.now() + dt.timedelta(minutes=50))
    page = _text(hers.get("/my/messages/"))
    assert 'href="https://video.example/a" target="_blank" rel="noopener noreferrer"' in page
    for hidden in ("弁護士", OFFICE, "専門家", QUESTION):
        assert hidden not in page


# -- running it ---------------------------------------------------------------------------------


def test_a_supervisor_enters_an_expert_and_an_adviser_her_hours(aoi, beni, fumi):
    told = {"name": "ふみ", "kind": "LAWYER", "fee": "11000", "user": str(fumi.pk)}
    at_the_desk(beni).post("/desk/experts/people/", {**told, "is_active": "on"})
    expert = Expert.objects.get()
    assert (expert.user, expert.fee, expert.quota) == (fumi, 11_000, None)
    day = timezone.localdate() + dt.timedelta(days=3)
    offered = {"expert": str(expert.pk), "day": day, "time": "18:00", "minutes": "30"}
    at_the_desk(aoi).post(
        "/desk/experts/", {**offered, "way": "INTERVIEW", "place": "面接室", "weeks": "3"}
    )
    assert Slot.objects.count() == 3
    page = _text(at_the_desk(aoi).get("/desk/experts/"))
    assert page.count("面接室") == 3
    at_the_desk(aoi).post(f"/desk/experts/slots/{Slot.objects.first().pk}/drop/")
    assert Slot.objects.count() == 2
    changed = {**told, "name": "ふみこ", "quota": "2"}
    at_the_desk(beni).post(f"/desk/experts/people/{expert.pk}/", changed)
    expert.refresh_from_db()
    assert (expert.name, expert.quota, expert.is_active) == ("ふみこ", 2, False)


def test_a_video_call_is_entered_with_a_link_over_https_alone(aoi, beni):
    expert = lawyer(beni)
    day = timezone.localdate() + dt.timedelta(days=3)
    told = {"expert": str(expert.pk), "day": day, "time": "18:00", "minutes": "30", "weeks": "1"}
    page = at_the_desk(aoi).post(
        "/desk/experts/", {**told, "way": "VIDEO", "place": "http://video.example/a"}
    )
    assert page.status_code == 400
    assert "リンクは、https:// で始まるものにしてください。" in _text(page)
    assert not Slot.objects.exists()


def test_what_an_hour_in_vain_costs_is_asked_with_the_no_show(aoi, beni, emi, slots):
    Expert.objects.update(missed_fee=3_000)
    row = _booked(aoi, emi, slots)
    page = f"/desk/experts/{row.pk}/"
    browser = at_the_desk(aoi)
    assert 'value="3000"' in _text(browser.get(page))
    assert "円の数で" in _text(browser.post(f"{page}missed/", {"fee": "たくさん"}, follow=True))
    browser.post(f"{page}missed/", {"fee": "4000"})
    row.refresh_from_db()
    assert (row.status, row.fee) == (Status.MISSED, 4_000)
    assert "4,000円" in _text(browser.get(page))
    of = f"{timezone.localtime(slots[0].starts_at):%Y-%m}"
    told = _text(at_the_desk(beni).get(f"/desk/experts/report/?of={of}"))
    assert "うち来られなかった分 4,000円" in told


def test_the_report_shows_sessions_fees_and_what_is_left(aoi, beni, emi, slots):
    row = _booked(aoi, emi, slots)
    told = {"result": "TAKEN_ON", "words": "", "minutes": "40", "fee": "5500"}
    at_the_desk(aoi).post(f"/desk/experts/{row.pk}/result/", told)
    of = f"{timezone.localtime(slots[0].starts_at):%Y-%m}"
    page = _text(at_the_desk(beni).get(f"/desk/experts/report/?of={of}"))
    assert "5,500円" in page
    assert "受任 1" in page
    answer = at_the_desk(beni).get(f"/desk/experts/report/csv/?of={of}")
    assert "5500" in answer.content.decode("utf-8-sig")


def test_the_means_test_says_possibly_names_its_source_and_keeps_nothing(aoi):
    browser = at_the_desk(aoi)
    before = dict(browser.session)
    told = {"size": "1", "income": "181999", "area": "ORDINARY"}
    page = _text(browser.post("/desk/experts/means/", told))
    assert "対象になる可能性があります。" in page
    assert "182,000円" in page
    assert "古い版" in page
    assert "要確認" in page
    over = _text(browser.post("/desk/experts/means/", {**told, "income": "182001"}))
    assert "この目安をこえています" in over
    assert dict(browser.session) == before
    assert "181999" not in _text(browser.get("/desk/experts/means/"))
