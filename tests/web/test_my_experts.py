"""The person's own consent to an expert, at my-page; and what the adviser sees of it."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from madoguchi.experts.models import ExpertConsultation
from madoguchi.rules.experts import Status
from tests.experts import QUESTION, hours, lawyer, letters_in
from tests.handovers import MEMO, STORY, emis_matter
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def emi(desk, aoi):
    return emis_matter(desk, aoi)


@pytest.fixture
def asked(aoi, emi):
    """A question about which Aoi asks Emi at my-page, as the form does."""
    told = {"words": QUESTION, "kind": "LAWYER", "told": letters_in(emi.matter), "name": "on"}
    answer = at_the_desk(aoi).post(
        f"/desk/matters/{emi.number}/experts/", {**told, "on_page": "on"}, follow=True
    )
    assert "マイページで、本人に聞いています。" in _text(answer)
    return ExpertConsultation.objects.get()


@pytest.fixture
def hers(emi):
    """Emi's browser at my-page."""
    client = Client()
    client.post("/my/", {"code": emi.code})
    return client


def _text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def _page(asked, prefix=""):
    return f"{prefix}/my/asked/{asked.pk}/"


def test_she_ticks_herself_and_the_adviser_sees_that_she_did(aoi, hers, asked):
    desk = at_the_desk(aoi)
    assert "マイページで聞いている" in _text(desk.get(f"/desk/experts/{asked.pk}/"))
    assert _page(asked) in _text(hers.get("/my/messages/"))
    page = _text(hers.get(_page(asked)))
    assert "弁護士に、つぎのことを聞きます。" in page
    for shown in (QUESTION, STORY, "えみ"):
        assert shown in page
    assert MEMO not in page
    assert "checked" not in page
    done = hers.post(_page(asked), {"do": "agree", "items": ["NAME"]}, follow=True)
    assert "あなたの返事を、相談員に伝えました。" in _text(done)
    assert "あなたは、同意しています" in _text(done)
    asked.refresh_from_db()
    assert (asked.shown, asked.messages) == (["NAME"], [])
    read = _text(desk.get(f"/desk/experts/{asked.pk}/"))
    assert "本人がマイページで同意" in read
    assert "本人が同意" in _text(desk.get("/desk/experts/"))


def test_she_takes_it_back_and_the_booked_hour_is_gone(aoi, beni, hers, asked):
    [slot, *_rest] = hours(beni, lawyer(beni), starts_at=_soon())
    hers.post(_page(asked), {"do": "agree"})
    at_the_desk(aoi).post(f"/desk/experts/{asked.pk}/book/", {"slot": str(slot.pk)})
    asked.refresh_from_db()
    assert asked.status == Status.BOOKED
    assert "取り消すと、いまの約束の時間もなくなります。" in _text(hers.get(_page(asked)))
    hers.post(_page(asked), {"do": "refuse"})
    asked.refresh_from_db()
    assert (asked.status, asked.slot) == (Status.ASKED, None)
    assert "お約束があります" not in _text(hers.get("/my/messages/"))
    read = _text(at_the_desk(aoi).get(f"/desk/experts/{asked.pk}/"))
    assert "本人が同意していない・取り消した" in read


def test_once_the_expert_looked_she_is_told_that_it_is_too_late(aoi, beni, fumi, hers, asked):
    [slot, *_rest] = hours(beni, lawyer(beni, user=fumi.pk), starts_at=_soon())
    hers.post(_page(asked), {"do": "agree", "items": ["NAME"]})
    at_the_desk(aoi).post(f"/desk/experts/{asked.pk}/book/", {"slot": str(slot.pk)})
    assert at_the_desk(fumi).get(f"/expert/{asked.pk}/").status_code == 200
    assert "専門家がもう読んだため" in _text(hers.get(_page(asked)))
    late = hers.post(_page(asked), {"do": "refuse"})
    assert late.status_code == 409
    assert "変えられませんでした" in _text(late)
    asked.refresh_from_db()
    assert asked.status == Status.BOOKED


def test_what_is_made_up_is_passed_over(hers, asked):
    hers.post(_page(asked), {"do": "agree", "items": ["NAME", "x", str(asked.pk)]})
    asked.refresh_from_db()
    assert asked.shown == ["NAME"]


def test_somebody_else_sees_nothing(desk, aoi, asked):
    assert Client().get(_page(asked)).status_code == 302
    other = Client()
    other.post("/my/", {"code": emis_matter(desk, aoi).code})
    assert other.get(_page(asked)).status_code == 404
    assert other.post(_page(asked), {"do": "agree"}).status_code == 404


def test_the_adviser_may_ask_later_and_consent_by_telephone_stays(aoi, emi):
    desk = at_the_desk(aoi)
    desk.post(f"/desk/matters/{emi.number}/experts/", {"words": QUESTION, "kind": "LAWYER"})
    asked = ExpertConsultation.objects.get()
    press = f"/desk/experts/{asked.pk}/agree/"
    desk.post(press, {"name": "on", "do": "ask"})
    asked.refresh_from_db()
    assert (asked.proposed["items"], asked.agreed_at) == (["NAME"], None)
    desk.post(press, {"name": "on"})
    asked.refresh_from_db()
    assert (asked.agreed_how, asked.agreement_noted_by) == ("SPOKEN", aoi)


def test_asked_and_agreed_at_once_is_a_contradiction(aoi, emi):
    told = {"words": QUESTION, "kind": "LAWYER", "agreed": "on", "on_page": "on"}
    answer = at_the_desk(aoi).post(f"/desk/matters/{emi.number}/experts/", told)
    assert answer.status_code == 400
    assert not ExpertConsultation.objects.exists()


@pytest.mark.parametrize(
    ("prefix", "said"),
    [("/en", "We would like to ask this person for you: a lawyer."), ("/easy", "<ruby>弁護士")],
)
def test_it_is_there_in_every_language(hers, asked, prefix, said):
    hers.post(f"{prefix}/my/", {})
    assert said in _text(hers.get(_page(asked, prefix)))


def _soon():
    return timezone.now().replace(microsecond=0) + dt.timedelta(days=2)
