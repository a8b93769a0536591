"""The desk's pages of hand-overs and of reports to the prefecture."""

import csv
import io
import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from madoguchi.consultations.models import Contact
from madoguchi.ledger.models import Entry
from madoguchi.referrals.models import Arrival, Peer, Referral, UrlReport
from madoguchi.referrals.operations.peering import make_keys
from madoguchi.referrals.packing import bags, contents, locks
from madoguchi.referrals.queries.lists import card_of
from madoguchi.rules.referral import Item, Status
from tests.handovers import MEMO, STORY, TELEPHONE, arrived, emis_matter, sent
from tests.people import AT, at_the_desk


@pytest.fixture
def emi(desk, other_desk, aoi, chika):
    return emis_matter(desk, aoi)


def _press(client, name, **kwargs):
    said = kwargs.pop("data", {})
    return client.post(reverse(f"workbench:{name}", kwargs=kwargs), said, follow=True)


def _prepared(client, emi, **said):
    to = next(it for it in _offered(client, emi) if it.startswith(said.pop("key", "desk:")))
    data = {"to": to, "items": ["STORY", "NAME"], "reason": "近いので", "consent": "ask", **said}
    return _press(client, "prepare-handover", number=emi.number, data=data)


def _offered(client, emi):
    page = client.get(reverse("workbench:prepare-handover", kwargs={"number": emi.number}))
    return re.findall(r'<option value="([^"]+)"', page.content.decode())


def test_a_hand_over_is_prepared_on_a_page_and_waits_for_her_answer(emi, aoi):
    client = at_the_desk(aoi)
    page = _prepared(client, emi).content.decode()
    assert "本人の返事を待っています" in page
    assert STORY in page
    assert TELEPHONE not in page
    assert "同意があるまで、送れません" in page
    assert Referral.objects.get().asked == ["STORY", "NAME"]


def test_what_is_classified_already_is_counted_anew_only_when_chosen(emi, aoi):
    client = at_the_desk(aoi)
    url = reverse("workbench:prepare-handover", kwargs={"number": emi.number})
    chosen = re.compile(r'name="counted_on".*?<option value="([^"]*)" selected>', re.DOTALL)
    contact = chosen.search(client.get(url).content.decode())[1]
    assert Contact.objects.get(pk=contact).action is None
    Contact.objects.update(action="ADVICE")
    assert chosen.search(client.get(url).content.decode())[1] == ""


def test_sending_without_consent_says_why_not(emi, aoi):
    client = at_the_desk(aoi)
    _prepared(client, emi)
    page = _press(client, "send-handover", referral=Referral.objects.get().pk)
    assert "本人の同意が、まだありません" in page.content.decode()
    assert Referral.objects.get().status == Status.PREPARED


def test_with_spoken_consent_it_goes_and_chika_takes_it_up_and_answers(emi, aoi, chika):
    mine, hers = at_the_desk(aoi), at_the_desk(chika)
    _prepared(mine, emi, consent="spoken")
    referral = Referral.objects.get()
    page = _press(mine, "send-handover", referral=referral.pk).content.decode()
    assert "答えを待っている" in page
    arrival = Arrival.objects.get()
    assert (
        'aria-current="page">引き継ぎ <em>1</em>' in hers.get("/desk/handovers/").content.decode()
    )
    assert STORY in hers.get(f"/desk/arrivals/{arrival.pk}/").content.decode()
    page = _press(hers, "accept-arrival", arrival=arrival.pk, data={"channel": "EMAIL"})
    assert "ネットハーモニーから引き継いだ内容" in page.content.decode()
    number = page.redirect_chain[-1][0].split("/")[-2]
    _press(hers, "answer-arrival", number=number, data={"words": "面接をします"})
    page = mine.get(f"/desk/handovers/{referral.pk}/").content.decode()
    assert "面接をします" in page
    page = _press(mine, "settle-handover", referral=referral.pk).content.decode()
    assert "この引き継ぎは、終わっています" in page


def test_what_is_returned_needs_a_reason(emi, aoi, chika):
    arrival = arrived(sent(aoi, emi.matter))
    hers = at_the_desk(chika)
    page = _press(hers, "return-arrival", arrival=arrival.pk, data={"words": ""})
    assert "戻すわけを書いてください" in page.content.decode()
    page = _press(hers, "return-arrival", arrival=arrival.pk, data={"words": "府外のため"})
    assert "引き継ぎを戻しました" in page.content.decode()
    mine = at_the_desk(aoi).get(f"/desk/handovers/{Referral.objects.get().pk}/")
    assert "府外のため" in mine.content.decode()


def test_the_matters_page_shows_where_it_goes(emi, aoi):
    sent(aoi, emi.matter)
    page = at_the_desk(aoi).get(f"/desk/matters/{emi.number}/").content.decode()
    assert "ほかの窓口への引き継ぎ" in page
    assert "となりの相談窓口" in page
    assert "引き継ぎの答えを待つ" in page


def test_another_desk_finds_none_of_it(emi, aoi, chika):
    row = sent(aoi, emi.matter)
    arrival = arrived(row)
    assert at_the_desk(chika).get(f"/desk/handovers/{row.pk}/").status_code == 404
    assert at_the_desk(aoi).get(f"/desk/arrivals/{arrival.pk}/").status_code == 404
    for name in ("send", "withdraw", "settle", "heard", "file"):
        assert at_the_desk(chika).post(f"/desk/handovers/{row.pk}/{name}/").status_code == 404
    for name in ("accept", "return"):
        assert at_the_desk(aoi).post(f"/desk/arrivals/{arrival.pk}/{name}/").status_code == 404


def test_a_statistician_finds_none_of_it(emi, aoi, daichi):
    row = sent(aoi, emi.matter)
    client = at_the_desk(daichi)
    for url in ("handovers/", f"handovers/{row.pk}/", "reports/", "peers/"):
        assert client.get(f"/desk/{url}").status_code == 404


# -- the file for an outside window ---------------------------------------------------------


def test_the_file_opens_by_the_password_that_the_page_shows(emi, aoi):
    row = sent(aoi, emi.matter, "file:moj", items=[Item.STORY])
    client = at_the_desk(aoi)
    page = client.get(f"/desk/handovers/{row.pk}/").content.decode()
    password = re.search(r"<code>([^<]+)</code>", page)[1]
    answer = client.post(f"/desk/handovers/{row.pk}/file/")
    assert answer["Content-Type"] == "application/pdf"
    assert re.search(r'filename="handover-[0-9a-f]{8}\.pdf"', answer["Content-Disposition"])
    assert STORY.encode() not in answer.content
    pdf = PdfReader(io.BytesIO(answer.content))
    assert pdf.decrypt(password)
    payload = bags.unpacked(pdf.attachments[locks.PACKET][0])
    told = json.dumps(contents.read(payload["consultation.json"]), ensure_ascii=False)
    assert STORY in told
    assert not [it for it in (MEMO, TELEPHONE, "えみ") if it in told]
    assert Entry.objects.filter(deed="HANDOVER_TAKEN", actor=aoi.pk).exists()


def test_an_office_with_a_key_gets_a_file_for_its_key(emi, aoi, desk, beni):
    secret, public = locks.new_identity()
    said = {"card": public, "name": "市の人権課", "window": ""}
    _press(at_the_desk(beni), "peers", data=said)
    row = sent(aoi, emi.matter, f"peer:{Peer.objects.get().pk}")
    answer = at_the_desk(aoi).post(f"/desk/handovers/{row.pk}/file/")
    assert answer["Content-Disposition"].endswith('.zip.age"')
    assert "consultation.json" in bags.unpacked(locks.unlocked(secret, answer.content))


# -- getting to know each other ----------------------------------------------------------------


def test_a_supervisor_makes_the_card_and_takes_up_anothers(emi, beni, other_desk, chika):
    client = at_the_desk(beni)
    page = _press(client, "make-keys", data={"address": "https://harmony.example/desk/"})
    assert "madoguchi.peer/1" in page.content.decode()
    assert "https://harmony.example" in page.content.decode()
    _secret, public = locks.new_identity()
    card = {
        **card_of(beni.desk, "https://other.example"),
        "name": "となり",
        "recipient": public,
        "address": "https://other.example/x",
    }
    page = _press(client, "peers", data={"card": json.dumps(card), "window": "moj"})
    assert "窓口をくわえました" in page.content.decode()
    peer = Peer.objects.get()
    assert (peer.address, peer.window, peer.name) == ("https://other.example", "moj", "となり")
    _press(client, "remove-peer", peer=peer.pk)
    peer.refresh_from_db()
    assert peer.removed_at


@pytest.mark.parametrize("card", ["", "{}", "age1", "[]", '{"name": 1}', "http://x"])
def test_what_is_no_card_is_refused(beni, card):
    answer = at_the_desk(beni).post("/desk/peers/", {"card": card, "name": "x", "window": ""})
    assert answer.status_code == 400
    assert not Peer.objects.exists()


def test_no_peer_is_asked_over_an_open_line(beni):
    make_keys(actor=beni.actor, address="https://a.example", at=AT)
    card = {**card_of(beni.desk, "http://far.example")}
    answer = at_the_desk(beni).post("/desk/peers/", {"card": json.dumps(card), "window": ""})
    assert answer.status_code == 400


def test_an_adviser_adds_no_peers(aoi):
    assert at_the_desk(aoi).get("/desk/peers/").status_code == 404
    assert (
        at_the_desk(aoi).post("/desk/peers/keys/", {"address": "https://a.example"}).status_code
        == 404
    )


# -- reports to the prefecture -------------------------------------------------------------------


URLS = "https://example.com/a\nhttps://example.com/b\n"


def _reported(client, **said):
    data = {"urls": URLS, "words": "地域への差別", "aimed": "AREA", "asked_service": "", **said}
    return client.post("/desk/reports/", data, follow=True)


def test_a_report_is_written_sealed_and_listed(emi, aoi):
    client = at_the_desk(aoi)
    assert "通報を記録しました" in _reported(client, number=emi.number).content.decode()
    row = UrlReport.objects.get()
    assert (row.url_count, row.matter_id, row.status) == (2, emi.matter, "WRITTEN")
    assert b"example.com" not in bytes(row.told)
    page = client.get(f"/desk/reports/{row.pk}/").content.decode()
    assert "https://example.com/b" in page
    assert 'href="https://example.com' not in page


def test_nothing_but_urls_is_taken(aoi):
    answer = _reported(at_the_desk(aoi), urls="ここを見てください https://example.com/")
    assert answer.status_code == 400
    assert not UrlReport.objects.exists()


def test_a_report_goes_through_its_states_with_their_days(aoi):
    client = at_the_desk(aoi)
    _reported(client)
    row = UrlReport.objects.get()
    today = row.written_on.isoformat()
    for step in ("HAND_IN", "CONFIRM", "REQUEST", "CONCLUDE", "ADVISE"):
        data = {"step": step, "on": today, "words": "X社に" if step == "REQUEST" else ""}
        client.post(f"/desk/reports/{row.pk}/step/", data)
    page = client.get(f"/desk/reports/{row.pk}/").content.decode()
    for word in ("受領", "確認", "要請", "結果", "説示・助言", "X社に"):
        assert word in page


@pytest.mark.parametrize("on", ["2020-01-01", "2099-01-01", ""])
def test_a_day_before_the_report_or_ahead_is_refused(aoi, on):
    client = at_the_desk(aoi)
    _reported(client)
    row = UrlReport.objects.get()
    client.post(f"/desk/reports/{row.pk}/step/", {"step": "HAND_IN", "on": on})
    assert UrlReport.objects.get().status == "WRITTEN"


def test_what_the_prefecture_has_not_got_leaves_as_a_file(aoi):
    client = at_the_desk(aoi)
    _reported(client, words="=1+1")
    answer = client.post("/desk/reports/file/", {"which": "new"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["URL"] for row in rows] == URLS.split()
    assert rows[0]["内容"] == "'=1+1"
    assert rows[0]["対象"] == "府内の特定の地域"
    report = UrlReport.objects.get()
    data = {"step": "HAND_IN", "on": report.written_on.isoformat()}
    client.post(f"/desk/reports/{report.pk}/step/", data)
    answer = client.post("/desk/reports/file/", {"which": "new"})
    assert len(answer.content.decode("utf-8-sig").splitlines()) == 1


def test_another_desks_reports_are_not_there(aoi, chika):
    _reported(at_the_desk(aoi))
    row = UrlReport.objects.get()
    client = at_the_desk(chika)
    assert client.get(f"/desk/reports/{row.pk}/").status_code == 404
    assert (
        "example.com" not in client.post("/desk/reports/file/", {"which": "all"}).content.decode()
    )


def test_nobody_comes_in_without_signing_in():
    for url in ("handovers/", "peers/", "reports/"):
        assert Client().get(f"/desk/{url}").status_code == 302
