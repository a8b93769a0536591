"""Sessions: sealed by what only the cookie holds, and short."""

import datetime as dt

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.utils import timezone

from madoguchi.vault.models import SealedSession
from madoguchi.vault.sessions import SessionStore, _lookup

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


def _stored(**data):
    session = SessionStore()
    session.update(data)
    session.save()
    return session


def _age(by):
    """Let `by` pass for every session."""
    for row in SealedSession.objects.all():
        SealedSession.objects.filter(pk=row.pk).update(expires_at=row.expires_at - by)


def test_the_holder_of_the_cookie_gets_back_what_was_kept():
    session = _stored(answers={"happened": "a", "story": "こわい話"})
    again = SessionStore(session.session_key)
    assert again["answers"] == {"happened": "a", "story": "こわい話"}


def test_a_row_alone_tells_nothing_and_does_not_hold_its_key():
    session = _stored(story="こわい話")
    row = SealedSession.objects.get()
    assert "こわい話".encode() not in bytes(row.payload)
    assert session.session_key not in row.lookup
    # Whoever has the whole table has no cookie: what it is found by opens nothing.
    assert SessionStore(row.lookup).load() == {}


@pytest.mark.parametrize("key", ["x" * 32, "", None])
def test_a_cookie_that_was_never_given_opens_nothing(key):
    _stored(story="こわい話")
    session = SessionStore(key)
    assert session.load() == {}
    assert session.session_key is None


def test_a_changed_row_is_an_empty_session_not_an_error():
    session = _stored(story="こわい話")
    row = SealedSession.objects.get()
    payload = bytes(row.payload)
    for at in (0, 12, len(payload) - 1):
        row.payload = payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1 :]
        row.save()
        assert SessionStore(session.session_key).load() == {}
    for length in (0, 5, 20, len(payload) - 1):
        row.payload = payload[:length]
        row.save()
        assert SessionStore(session.session_key).load() == {}
    row.payload = payload
    row.save()
    assert SessionStore(session.session_key).load() == {"story": "こわい話"}


def test_the_payload_of_another_session_does_not_open():
    mine, theirs = _stored(story="わたし"), _stored(story="ほかの人")
    rows = {bytes(row.payload): row for row in SealedSession.objects.all()}
    first, second = rows.values()
    first.payload, second.payload = second.payload, first.payload
    first.save()
    second.save()
    assert SessionStore(mine.session_key).load() == {}
    assert SessionStore(theirs.session_key).load() == {}


def test_after_half_an_hour_unused_it_is_over():
    session = _stored(story="こわい話")
    _age(29 * MINUTE)
    assert SessionStore(session.session_key).load()
    _age(1 * MINUTE)
    assert SessionStore(session.session_key).load() == {}


def test_staff_have_twelve_hours():
    session = _stored(**{SESSION_KEY: "somebody"})
    _age(11 * 60 * MINUTE)
    assert SessionStore(session.session_key).load()
    _age(60 * MINUTE)
    assert SessionStore(session.session_key).load() == {}


def test_a_session_in_use_is_prolonged_but_not_written_at_every_page():
    session = _stored(story="こわい話")
    _age(4 * MINUTE)
    fresh = SessionStore(session.session_key)
    fresh.load()
    assert not fresh.modified
    _age(2 * MINUTE)
    used = SessionStore(session.session_key)
    assert used["story"]
    assert used.modified
    used.save()
    assert SealedSession.objects.get().expires_at > timezone.now() + 29 * MINUTE


def test_what_is_deleted_is_deleted():
    session = _stored(story="こわい話")
    session.delete()
    assert not SealedSession.objects.exists()
    assert SessionStore(session.session_key).load() == {}


def test_a_session_ended_elsewhere_does_not_come_back_by_saving():
    session = _stored(story="こわい話")
    SessionStore(session.session_key).delete()
    session["more"] = "つづき"
    with pytest.raises(UpdateError):
        session.save()
    assert not SealedSession.objects.exists()


def test_signing_in_changes_the_key_and_leaves_the_old_one_worthless():
    session = _stored(story="こわい話")
    before = session.session_key
    session.cycle_key()
    assert session.session_key != before
    assert SessionStore(before).load() == {}
    assert SessionStore(session.session_key)["story"] == "こわい話"


def test_every_new_session_sweeps_out_what_is_over_and_nothing_else():
    _stored(story="古い")
    _age(20 * MINUTE)
    kept = _stored(story="新しい")
    assert SealedSession.objects.count() == 2
    _age(11 * MINUTE)
    SessionStore().create()
    assert SealedSession.objects.count() == 2
    SealedSession.objects.exclude(lookup=_lookup(kept.session_key)).delete()
    assert SealedSession.objects.count() == 1
    assert SessionStore(kept.session_key).load()
