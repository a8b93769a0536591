"""What comes round: months counted and leavings swept before anybody asks or comes by."""

import datetime as dt

import pytest
from django.utils import timezone

from madoguchi.consultations.models import TouchedMonth
from madoguchi.consultations.operations import receiving
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.desks.tasks import sweep
from madoguchi.jobs.registry import rounds
from madoguchi.statistics.models import MonthFact
from madoguchi.statistics.tasks import count_touched_months
from madoguchi.vault.models import Attempt, SealedSession
from madoguchi.vault.throttling import try_once
from tests.people import AT

HOUR = dt.timedelta(hours=1)


def test_they_are_registered_when_the_apps_are_ready() -> None:
    assert {"desks.sweep", "jobs.forget", "statistics.months"} <= set(rounds())


@pytest.mark.django_db
def test_months_in_which_casework_went_on_are_counted_before_anybody_asks(desk, other_desk) -> None:
    for where in (desk, other_desk):
        letter = Letter(words="なりすましのアカウントがあります", channel="EMAIL")
        receiving.receive(desk=where.pk, letter=letter, at=AT)
    assert TouchedMonth.objects.exists()
    count_touched_months(AT)
    assert not TouchedMonth.objects.exists()
    assert MonthFact.objects.filter(counts="CONTACTS", table="", number=1).count() == 2


@pytest.mark.django_db
def test_sessions_and_attempts_that_are_over_do_not_wait_for_the_next_visitor() -> None:
    now = timezone.now()
    for lookup, until in (("over", now - HOUR), ("still here", now + HOUR)):
        SealedSession.objects.create(lookup=lookup, payload=b"", expires_at=until)
    try_once("sign-in", "203.0.113.1", limit=5, at=now - 2 * HOUR)
    sweep(now)
    assert [row.lookup for row in SealedSession.objects.all()] == ["still here"]
    assert not Attempt.objects.exists()
