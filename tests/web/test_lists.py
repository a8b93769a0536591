"""Lists: filters, orders, pages by where one ended, and lists one keeps."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.consultations.models import SavedView
from madoguchi.consultations.operations import noting, receiving, working
from madoguchi.consultations.operations.noting import Classification
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries import visible_to
from madoguchi.consultations.queries.listing import Asked, Order, matching, page_of
from tests.people import AT, at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(aoi):
    return at_the_desk(aoi)


@pytest.fixture
def seven(desk):
    """Seven matters, two of them of the same instant."""
    times = [AT + dt.timedelta(days=day) for day in (0, 1, 2, 2, 3, 4, 5)]
    letter = Letter(words="相談です", channel="EMAIL")
    return [receiving.receive(desk=desk.pk, letter=letter, at=at) for at in times]


@pytest.mark.parametrize("order", Order)
def test_page_after_page_every_matter_is_shown_once(aoi, seven, order):
    rows = matching(aoi.actor, Asked(order=order))
    seen, after = [], None
    for _page in range(10):
        shown, after = page_of(rows, order, after, 2)
        seen += [row.last_contact_at for row in shown]
        if after is None:
            break
    assert seen == sorted(seen, reverse=order is Order.LATEST)
    assert len(seen) == len(seven)


def test_each_filter_holds_what_it_says(desk, aoi, seven):
    first, second = seven[:2]
    working.take_charge(matter=first.matter, actor=aoi.actor, at=AT)
    contact = visible_to(aoi.actor).get(pk=first.matter).contacts.get()
    said = Classification(kinds=frozenset({"DISCRIMINATION"}), actions={contact.pk: "ADVICE"})
    noting.classify(matter=first.matter, actor=aoi.actor, classification=said, at=AT)
    working.reply(matter=first.matter, actor=aoi.actor, words="返事", at=AT)
    working.read(matter=second.matter, actor=aoi.actor, at=AT)

    def found(**asked):
        return {row.pk for row in matching(aoi.actor, Asked(**asked))}

    everything = {it.matter for it in seven}
    assert found() == found(channel="EMAIL") == everything
    assert found(status="WAITING") == found(adviser=aoi.pk) == {first.matter}
    assert found(kind="DISCRIMINATION") == {first.matter}
    assert found(is_unclassified=True) == everything - {first.matter}
    assert found(is_unread=True) == everything - {second.matter}
    assert found(urgency=0) == found(channel="SNS") == set()
    day = AT.date()
    assert found(first=day, last=day) == {first.matter}


def test_a_list_is_kept_under_a_sealed_name_and_dropped(desk, aoi, beni, table, seven):
    table.post("/desk/lists/", {"name": "自分の待ち", "status": "WAITING"})
    view = SavedView.objects.get()
    assert view.asked == {"status": "WAITING"}
    assert "自分の待ち".encode() not in bytes(view.name)
    assert "自分の待ち" in table.get("/desk/lists/").content.decode()
    others = at_the_desk(beni)
    assert "自分の待ち" not in others.get("/desk/lists/").content.decode()
    others.post(f"/desk/lists/{view.pk}/drop/")
    assert SavedView.objects.exists()
    table.post(f"/desk/lists/{view.pk}/drop/")
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "asked",
    ["status=x", "adviser=x", "at=x&matter=x", "at=2025-01-01&matter=x", "urgency=9", "first=x"],
)
def test_what_is_no_choice_asks_for_nothing(table, seven, asked):
    page = table.get(f"/desk/lists/?{asked}")
    assert page.status_code == 200
    assert seven[0].number in page.content.decode()


def test_others_see_no_list_of_ours(chika, daichi, seven):
    assert seven[0].number not in at_the_desk(chika).get("/desk/lists/").content.decode()
    assert at_the_desk(daichi).get("/desk/lists/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/desk/lists/", "/desk/?list=all", "/desk/?list=closed", "matter"]
)
def test_more_matters_ask_no_more_of_the_database(desk, table, seven, address):
    if address == "matter":
        address = f"/desk/matters/{seven[0].number}/"
    table.get(address)
    with CaptureQueriesContext(connection) as few:
        table.get(address)
    letter = Letter(words="相談です", channel="EMAIL")
    for _number in range(12):
        receiving.receive(desk=desk.pk, letter=letter, at=AT)
    with CaptureQueriesContext(connection) as many:
        table.get(address)
    assert len(many) == len(few)
