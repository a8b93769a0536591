"""Limits: counted for an hour, under a name that names nobody."""

import datetime as dt

import pytest
from django.test import RequestFactory

from madoguchi.vault.models import Attempt
from madoguchi.vault.throttling import forgive, network_of, take_back, try_once
from tests.people import AT

ADDRESS = "203.0.113.9"


def _times(count, *, who=ADDRESS, what="letter", at=AT):
    return [try_once(what, who, limit=3, at=at) for _ in range(count)]


@pytest.mark.django_db
def test_so_many_and_no_more():
    assert _times(5) == [True, True, True, False, False]


@pytest.mark.django_db
def test_each_is_counted_apart():
    _times(4)
    assert _times(1, who="198.51.100.7") == [True]
    assert _times(1, what="code") == [True]


@pytest.mark.django_db
def test_an_hour_after_the_first_try_all_is_forgotten():
    _times(4)
    assert _times(1, at=AT + dt.timedelta(minutes=59)) == [False]
    assert _times(1, at=AT + dt.timedelta(minutes=60)) == [True]
    assert Attempt.objects.count() == 1


@pytest.mark.django_db
def test_no_address_is_kept():
    _times(1)
    row = Attempt.objects.values().get()
    assert not any(ADDRESS in str(value) for value in row.values())
    assert len(row["subject"]) == 64


@pytest.mark.django_db
def test_what_succeeded_is_forgiven():
    _times(4)
    forgive("letter", ADDRESS)
    assert _times(4) == [True, True, True, False]


@pytest.mark.django_db
def test_one_may_be_taken_back_but_never_below_none():
    _times(3)
    take_back("letter", ADDRESS)
    assert _times(2) == [True, False]
    forgive("letter", ADDRESS)
    take_back("letter", ADDRESS)
    assert _times(4) == [True, True, True, False]


@pytest.mark.parametrize(
    ("address", "forwarded", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "", "unknown"),
        ("10.0.0.1", "nonsense", "unknown"),
        ("", "198.51.100.7", "unknown"),
        ("::ffff:203.0.113.9", "", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "", "2001:db8:1:2::/64"),
    ],
)
def test_a_proxy_is_believed_only_where_it_is_ours(settings, address, forwarded, expected):
    settings.TRUSTED_PROXIES = ["10.0.0.1", "10.0.0.2"]
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)
    assert network_of(request) == expected
