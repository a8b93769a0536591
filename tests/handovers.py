"""Hand-overs for tests: Emi's matter at Aoi's desk, and the way to Chika's."""

import datetime as dt

from madoguchi.consultations.models import Contact
from madoguchi.consultations.operations import noting, receiving, working
from madoguchi.consultations.operations.noting import Note
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.correspondence.scanning import no_scanner
from madoguchi.referrals.models import Arrival
from madoguchi.referrals.operations import arriving, delivering, preparing, sending
from madoguchi.referrals.operations.preparing import Plan
from madoguchi.referrals.queries.lists import receivers_for
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.referral import Item
from tests.people import AT

LATER = AT + dt.timedelta(hours=1)
STORY = "なりすましのアカウントに、わたしの写真が使われています。"
MEMO = "この人は前にも来た。上司に報告ずみ。"
CALLED = "電話で、学校の名前を聞いた。"
TELEPHONE = "090-0000-0000"
ALL = frozenset(Item) - {Item.NOTES, Item.FILES}


def emis_matter(desk, aoi, *, at=AT):
    """Return Emi's matter: a letter, a call, a memo that nobody else may read."""
    told = Particulars(
        nickname="えみ", telephone=TELEPHONE, service="x", wants=("w2",), safe_now="yes"
    )
    letter = Letter(words=STORY, channel="EMAIL", particulars=told, age_group="TEENS")
    received = receiving.receive(desk=desk.pk, letter=letter, at=at)
    working.take_charge(matter=received.matter, actor=aoi.actor, at=at)
    working.write_memo(matter=received.matter, actor=aoi.actor, words=MEMO, at=at)
    note = Note(words=CALLED, channel="TELEPHONE", action="ADVICE")
    noting.note_call(actor=aoi.actor, matter=received.matter, note=note, at=at)
    return received


def receiver(actor, key):
    """Return to whom, by the beginning of the key: desk:, peer:, file:moj, person:moj."""
    return next(it for it in receivers_for(actor) if it.key.startswith(key))


def planned(actor, matter, key="desk:", items=ALL, **said):
    """Return a plan, counted on the first contact of the matter."""
    first = Contact.objects.filter(consultation=matter).order_by("at", "id").first()
    return Plan(
        receiver=receiver(actor, key),
        items=frozenset(items),
        **{"reason": "お住まいの地域の窓口のほうが近いため", "counted_on": first.pk, **said},
    )


def sent(aoi, matter, key="desk:", *, at=LATER, **said):
    """Return a hand-over to which Emi agreed by word of mouth, sent (not yet delivered)."""
    plan = planned(aoi.actor, matter, key, **{"is_spoken": True, **said})
    row = preparing.prepare(matter=matter, actor=aoi.actor, plan=plan, at=at)
    return sending.send(referral=row.pk, actor=aoi.actor, at=at)


def arrived(row, *, at=LATER):
    """Return what came to the other desk of this installation."""
    delivering.deliver(referral=row.pk, scan=no_scanner, at=at)
    return Arrival.objects.get(handover=row.pk)


def accepted(row, chika, *, at=LATER):
    """Return the consultation that Chika's desk made of it."""
    return arriving.accept(arrival=arrived(row).pk, actor=chika.actor, channel="EMAIL", at=at)
