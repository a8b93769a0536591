"""My-page asks the person, item by item, before anything is told to another window."""

import io
import re

import pytest
from django.test import Client
from pypdf import PdfReader

from madoguchi.jobs.operations import run_due
from madoguchi.referrals.models import Arrival, Referral
from madoguchi.referrals.operations import preparing
from madoguchi.referrals.packing import bags
from madoguchi.rules.numbering import typed_digits
from madoguchi.rules.referral import Item, Status
from tests.handovers import LATER, STORY, TELEPHONE, accepted, emis_matter, planned, sent
from tests.people import AT


@pytest.fixture
def emi(desk, other_desk, aoi, chika):
    return emis_matter(desk, aoi)


def _asked(emi, aoi, key="desk:", **said):
    plan = planned(aoi.actor, emi.matter, key, **said)
    return preparing.prepare(matter=emi.matter, actor=aoi.actor, plan=plan, at=AT)


def _in(emi):
    client = Client()
    client.post("/my/", {"code": emi.code})
    return client


def test_she_is_asked_on_her_page_and_nothing_is_ticked_for_her(emi, aoi):
    row = _asked(emi, aoi)
    client = _in(emi)
    assert "ほかの窓口に伝えてよいか" in client.get("/my/messages/").content.decode()
    page = client.get(f"/my/windows/{row.pk}/").content.decode()
    assert 'value="STORY"' in page
    assert 'value="FILES"' not in page
    assert "checked" not in page


@pytest.mark.parametrize("language", ["", "/easy", "/en"])
def test_she_agrees_item_by_item_in_her_language(emi, aoi, language):
    row = _asked(emi, aoi)
    client = _in(emi)
    assert client.get(f"{language}/my/windows/").status_code == 200
    data = {"items": ["STORY", "NAME"], "do": "agree"}
    answer = client.post(f"{language}/my/windows/{row.pk}/", data)
    assert answer["Location"] == f"{language}/my/windows/{row.pk}/"
    row.refresh_from_db()
    assert (row.agreed, row.consented_how) == (["STORY", "NAME"], "MY_PAGE")
    page = client.get(f"{language}/my/windows/{row.pk}/").content.decode()
    assert STORY in page
    assert TELEPHONE not in page


def test_she_says_no(emi, aoi):
    row = _asked(emi, aoi)
    _in(emi).post(f"/my/windows/{row.pk}/", {"do": "refuse", "items": ["STORY"]})
    row.refresh_from_db()
    assert (row.agreed, row.consented_at, bool(row.refused_at)) == ([], None, True)


def test_agreeing_to_nothing_is_asked_again(emi, aoi):
    row = _asked(emi, aoi)
    answer = _in(emi).post(f"/my/windows/{row.pk}/", {"do": "agree"})
    assert (answer.status_code, Referral.objects.get().refused_at) == (400, None)


def test_she_cannot_agree_to_what_she_was_not_asked(emi, aoi):
    row = _asked(emi, aoi, items=[Item.STORY])
    _in(emi).post(f"/my/windows/{row.pk}/", {"do": "agree", "items": ["STORY", "REACH"]})
    row.refresh_from_db()
    assert row.agreed == ["STORY"]


def test_she_calls_it_back_until_it_is_taken_up(emi, aoi, chika):
    row, client = sent(aoi, emi.matter), _in(emi)
    client.post(f"/my/windows/{row.pk}/stop/")
    row.refresh_from_db()
    assert row.status == Status.WITHDRAWN
    second = sent(aoi, emi.matter)
    accepted(second, chika)
    assert client.post(f"/my/windows/{second.pk}/stop/").status_code == 409
    second.refresh_from_db()
    assert second.status == Status.SENT


def test_the_new_desks_code_is_shown_when_asked_and_gone_when_copied(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    new = accepted(row, chika)
    run_due(at=LATER)
    client = _in(emi)
    page = client.get(f"/my/windows/{row.pk}/").content.decode()
    assert "番号を見る" in page
    page = client.post(f"/my/windows/{row.pk}/code/", {"do": "see"}).content.decode()
    shown = re.sub(r"<[^>]+>|\s", "", page.partition('class="code"')[2].partition("</p>")[0])
    code = typed_digits(shown.lstrip(">"))
    there = Client()
    assert there.post("/my/", {"code": code})["Location"] == "/my/messages/"
    assert STORY in there.get("/my/messages/").content.decode()
    assert str(new.pk) == there.session["my"]["matter"]
    client.post(f"/my/windows/{row.pk}/code/", {"do": "copied"})
    assert "番号を見る" not in client.get(f"/my/windows/{row.pk}/").content.decode()


def test_she_takes_it_with_her_as_sheet_and_as_packet(emi, aoi):
    row = _asked(emi, aoi, "person:moj", items=[Item.STORY, Item.REACH])
    client = _in(emi)
    assert client.post(f"/my/windows/{row.pk}/take/", {"as": "sheet"}).status_code == 409
    client.post(f"/my/windows/{row.pk}/", {"do": "agree", "items": ["STORY"]})
    answer = client.post(f"/my/windows/{row.pk}/take/", {"as": "sheet"})
    assert answer["Content-Disposition"] == 'attachment; filename="sheet.pdf"'
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "なりすまし" in text.replace("\n", "")
    assert TELEPHONE not in text
    packet = client.post(f"/my/windows/{row.pk}/take/", {"as": "packet"}).content
    assert sorted(bags.unpacked(packet)) == ["consultation.json", "summary.pdf"]
    row.refresh_from_db()
    assert row.status == Status.SENT


def test_nobody_else_sees_or_answers(emi, aoi, desk):
    row = _asked(emi, aoi)
    other = _in(emis_matter(desk, aoi))
    assert other.get(f"/my/windows/{row.pk}/").status_code == 404
    assert (
        other.post(f"/my/windows/{row.pk}/", {"do": "agree", "items": ["STORY"]}).status_code == 404
    )
    for path in ("stop", "take", "code"):
        assert other.post(f"/my/windows/{row.pk}/{path}/").status_code == 404
    assert Client().get(f"/my/windows/{row.pk}/").status_code == 302
    assert not Arrival.objects.exists()


def test_what_an_adviser_only_planned_with_spoken_consent_is_shown_too(emi, aoi):
    plan = planned(aoi.actor, emi.matter, is_spoken=True)
    preparing.prepare(matter=emi.matter, actor=aoi.actor, plan=plan, at=AT)
    assert "となりの相談窓口" in _in(emi).get("/my/windows/").content.decode()
