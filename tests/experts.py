"""Experts for tests: Fumi, a lawyer who comes on Thursdays, and Gen of the same office."""

import datetime as dt

from madoguchi.consultations.models import Consultation
from madoguchi.correspondence.models import Kind as Written
from madoguchi.correspondence.queries.words import messages_in
from madoguchi.experts.operations import asking, booking, offering
from madoguchi.experts.operations.asking import Chosen, Plan
from madoguchi.experts.operations.offering import Hours, Told
from madoguchi.experts.queries.asked import Names
from madoguchi.rules.experts import Kind, Shown, Way
from tests.people import AT

OFFICE = "みどり法律事務所"
QUESTION = "この投稿を書いた人を特定できますか。"
LATER = AT + dt.timedelta(hours=1)
# The Thursday after.
THURSDAY = AT.replace(hour=18, minute=0) + dt.timedelta(weeks=1)


def lawyer(beni, *, user=None, name="ふみ", office=OFFICE, **said):
    """Return an expert of Beni's desk, who gets 11,000 yen."""
    told = Told(name, Kind.LAWYER, office, "06-0000-0000", user=user, **{"fee": 11_000, **said})
    return offering.add_expert(desk=beni.desk_id, told=told, actor=beni.actor, at=AT)


def hours(beni, expert, *, weeks=4, starts_at=THURSDAY):
    """Return hours that the expert offers, a week apart."""
    offered = Hours(starts_at, Way.VIDEO, 30, "https://video.example/a", weeks)
    return offering.offer(expert=expert.pk, hours=offered, actor=beni.actor, at=AT)


def letters_in(matter):
    """Return the ids of what the person wrote."""
    row = Consultation.objects.select_related("matter").get(pk=matter).matter
    return tuple(str(it.id) for it in messages_in(row, Written.FROM_PERSON))


def asked(aoi, matter, *, ours=(), theirs=(), agreed=True, **said):
    """Return a question of Aoi's, with the letter to be shown."""
    chosen = Chosen(frozenset({Shown.MESSAGES}), letters_in(matter))
    plan = Plan(
        **{
            "kind": Kind.LAWYER,
            "question": QUESTION,
            "chosen": chosen,
            "names": Names(tuple(ours), tuple(theirs)),
            "is_agreed": agreed,
            **said,
        }
    )
    return asking.ask(matter=matter, plan=plan, actor=aoi.actor, at=LATER)


def booked(aoi, matter, slot, **said):
    """Return a question for which an hour is booked."""
    row = asked(aoi, matter, **said)
    booking.book(asked=row.pk, slot=slot.pk, actor=aoi.actor, at=LATER)
    row.refresh_from_db()
    return row
