"""Another installation, as a process of its own: python second_installation.py DEED [JSON].

It runs in its own home, with its own database and key. Prints JSON.
"""

import json
import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402

from madoguchi.desks.operations import NewUser, add_user, create_desk  # noqa: E402
from madoguchi.desks.queries import advisers_of, desk_called  # noqa: E402
from madoguchi.jobs.operations import run_due  # noqa: E402
from madoguchi.referrals.models import Arrival, Referral  # noqa: E402
from madoguchi.referrals.operations import arriving, peering, preparing, sending  # noqa: E402
from madoguchi.referrals.queries import lists  # noqa: E402
from madoguchi.referrals.tasks import deliver  # noqa: E402
from madoguchi.rules.access import Role  # noqa: E402
from tests.handovers import emis_matter, planned  # noqa: E402


def found(slug, name, address):
    """Found the desk and make its card."""
    desk = create_desk(slug=slug, name=name, prefecture="大阪府", at=timezone.now())
    new = NewUser(
        username=slug, name="べに", role=Role.SUPERVISOR, password="correct horse battery"
    )
    user = add_user(desk=desk.pk, new=new, at=timezone.now())
    peering.make_keys(actor=user.actor, address=address, at=timezone.now())
    return lists.card_of(desk, address)


def know(slug, card):
    """Take up the other desk's card."""
    card = {key: value for key, value in card.items() if key != "format"}
    return str(peering.add_peer(actor=_who(slug), card=peering.Card(**card), at=timezone.now()).pk)


def _who(slug):
    return advisers_of(desk_called(slug).pk).get().actor


def hand_over(slug):
    """Hand Emi over to the peer; the job brings the packet. Twice: it comes to the same."""
    actor, at = _who(slug), timezone.now()
    user = advisers_of(actor.desk).get()
    emi = emis_matter(user.desk, user, at=at)
    plan = planned(actor, emi.matter, "peer:", is_spoken=True)
    row = preparing.prepare(matter=emi.matter, actor=actor, plan=plan, at=at)
    sending.send(referral=row.pk, actor=actor, at=at)
    done = run_due(at=timezone.now())
    deliver({"referral": str(row.pk)}, timezone.now())
    return {"referral": str(row.pk), "done": done}


def take_up(slug):
    """Take up what came, answer, and let the jobs tell it."""
    [row] = Arrival.objects.all()
    content = lists.opened_arrival(row).content
    at = timezone.now()
    new = arriving.accept(arrival=row.pk, actor=_who(slug), channel="EMAIL", at=at)
    arriving.answer(matter=new.pk, actor=_who(slug), words="面接をします", at=at)
    return {"story": content["story"][0]["words"], "done": run_due(at=timezone.now())}


def state():
    """Tell how far the hand-over is."""
    row = Referral.objects.get()
    opened = lists.opened(row)
    return {"status": row.status, "answer": opened.answer, "entrance": bool(row.entrance)}


if __name__ == "__main__":
    deed, *said = sys.argv[1:]
    print(json.dumps(globals()[deed](*(json.loads(it) for it in said)), ensure_ascii=False))
