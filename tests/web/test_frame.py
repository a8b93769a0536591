"""What the frame of the desk's pages counts, put in words once, is what each room counts."""

import datetime as dt
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from madoguchi.consultations.operations import receiving, working
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries.dues import end_of_day
from madoguchi.matters.operations.asking import Question, ask
from madoguchi.matters.operations.timing import Due, set_deadline
from madoguchi.rules.approval import Ask
from madoguchi.rules.deadlines import Named
from madoguchi.workbench.queries.frame import Waiting, _counted, waiting_for
from tests.people import AT, at_the_desk

pytestmark = pytest.mark.django_db


def counted_one_by_one(actor, now):
    return Waiting(*(rows.count() for rows in _counted(actor, end_of_day(now))))


def test_it_counts_for_each_reader_what_asking_each_room_counts(desk, aoi, beni, chika, daichi):
    now = AT + dt.timedelta(days=2)
    matters = [
        receiving.receive(desk=desk.pk, letter=Letter(words=words, channel="EMAIL"), at=AT).matter
        for words in ("ひとつ", "ふたつ")
    ]
    working.take_charge(matter=matters[0], actor=beni.actor, at=AT)
    for matter in matters:
        for days in (1, 9):
            due = Due(Named.OWN, AT + dt.timedelta(days=days))
            set_deadline(matter=matter, due=due, actor=aoi.actor, at=AT)
    question = Question(Ask.APPROVAL, "これでよいですか")
    ask(matter=matters[0], question=question, actor=aoi.actor, at=AT)

    seen = {person: waiting_for(person.actor, now) for person in (aoi, beni, chika, daichi)}

    for person, there in seen.items():
        assert there == counted_one_by_one(person.actor, now)
    assert seen[beni].asked == 1
    assert seen[aoi].asked == 0
    assert seen[chika].pressing == seen[daichi].pressing == 0
    assert seen[beni].deadlines > seen[aoi].deadlines


def test_it_asks_once(aoi):
    waiting_for(aoi.actor, timezone.now())
    with CaptureQueriesContext(connection) as asked:
        waiting_for(aoi.actor, timezone.now())
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("page", "most"),
    [("", 14), ("search/", 9), ("lists/", 18), ("due/", 14), ("matters/{number}/", 48)],
)
def test_a_page_of_the_desk_asks_no_more_of_the_database_for_many_matters(desk, aoi, page, most):
    table = at_the_desk(aoi)
    letter = Letter(words="なりすまされています", channel="EMAIL")
    first = receiving.receive(desk=desk.pk, letter=letter, at=AT)
    address = f"/desk/{page.format(number=first.number)}"
    table.get(address)  # what is asked once in a process, and that the page was read

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert table.get(address).status_code == HTTPStatus.OK
        return [query["sql"] for query in queries.captured_queries]

    few = asked()
    for _number in range(12):
        receiving.receive(desk=desk.pk, letter=letter, at=AT)
    many = asked()

    assert len(many) == len(few) <= most, "\n".join(many)
