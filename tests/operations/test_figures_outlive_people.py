"""Published figures outlive people: somebody is erased, and no printed byte changes."""

import datetime as dt

import pytest
from click.testing import CliRunner

from madoguchi.administration.operations.erasing import erase
from madoguchi.cli.returns import returns
from madoguchi.consultations.models import Contact
from madoguchi.consultations.operations import keeping, noting, receiving, working
from madoguchi.consultations.operations.noting import Classification
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.operations.touching import touch
from madoguchi.correspondence.models import Message
from madoguchi.correspondence.places import words_place
from madoguchi.rules import periods
from madoguchi.rules.particulars import Particulars
from madoguchi.statistics.formats.documents import DOCUMENT_FILES
from madoguchi.statistics.models import FrozenReturn, Sort
from madoguchi.statistics.operations.freezing import begin, freeze
from madoguchi.statistics.operations.publishing import publish
from madoguchi.statistics.presenting.frozen import printed_from
from madoguchi.statistics.queries.frozen import changed_since, is_sound
from madoguchi.vault.ids import new_id
from madoguchi.vault.models import Key
from madoguchi.vault.sealing import Safe
from tests.people import AT

pytestmark = pytest.mark.django_db
WORDS = "名前を出されて困っています"
YEAR = periods.fiscal_year(2025)
FROZEN = dt.datetime(2026, 4, 9, 3, 0, tzinfo=AT.tzinfo)
DUE = dt.datetime(2029, 4, 1, 3, 0, tzinfo=AT.tzinfo)


@pytest.fixture
def matters(desk, beni):
    """Twelve closed matters of one month."""
    keeping.set_classes(
        desk=desk.pk, kinds=[keeping.Kind("3年", 3, is_usual=True)], actor=beni.actor, at=AT
    )
    return [_closed(desk, beni.actor, number) for number in range(12)]


def _closed(desk, actor, number):
    said = Particulars(nickname="ゆき", telephone=f"090123456{number:02}")
    letter = Letter(WORDS, "EMAIL" if number < 8 else "SNS", said)
    matter = receiving.receive(desk=desk.pk, letter=letter, at=AT).matter
    working.take_charge(matter=matter, actor=actor, at=AT)
    contacts = Contact.objects.filter(consultation=matter).values_list("pk", flat=True)
    classes = Classification(
        actions=dict.fromkeys(contacts, "ADVICE"),
        kinds=frozenset({"DEFAMATION"}),
        age_group="TEENS",
    )
    noting.classify(matter=matter, actor=actor, classification=classes, at=AT)
    working.close(matter=matter, actor=actor, at=AT + dt.timedelta(hours=1))
    return matter


def _printed() -> list[bytes]:
    """Return every byte that was published: what was signed, its signature, every file."""
    found = []
    for row in FrozenReturn.objects.order_by("sort"):
        assert is_sound(row)
        made = printed_from(row)
        found += [row.content.encode(), row.signature.encode()]
        found += [kind.make(made, row.frozen_at) for kind in DOCUMENT_FILES.values()]
    return found


def test_nothing_that_was_published_changes_when_somebody_is_erased(desk, beni, matters) -> None:
    draft = begin(actor=beni.actor, period=YEAR, at=FROZEN)
    freeze(draft=draft, actor=beni.actor, at=FROZEN)
    publish(actor=beni.actor, period=YEAR, at=FROZEN)
    before = _printed()
    assert len(before) == 10

    erased = matters[0]
    message = Message.objects.filter(matter=erased).first()
    sealed = bytes(message.words)
    place = words_place(message.pk)
    assert Safe(desk.pk).open(sealed, holder=erased, place=place) == WORDS
    assert erase(matter=erased, actor=beni.actor, at=DUE)

    # It is real: the key is gone, and a copy of the sealed words does not open any more.
    assert not Key.objects.filter(holder=erased).exists()
    assert not Message.objects.filter(matter=erased).exists()
    assert Safe(desk.pk).open(sealed, holder=erased, place=place) is None
    # And nothing that was published is another byte; nor would it be, counted anew from the rows.
    assert _printed() == before
    touch(desk.pk, [AT])
    report = FrozenReturn.objects.get(sort=Sort.REPORT)
    assert changed_since(report) == ()


def test_what_is_published_holds_nothing_of_a_person(desk, beni, matters) -> None:
    draft = begin(actor=beni.actor, period=YEAR, at=FROZEN)
    freeze(draft=draft, actor=beni.actor, at=FROZEN)
    publish(actor=beni.actor, period=YEAR, at=FROZEN)
    for row in FrozenReturn.objects.all():
        for word in (WORDS, "ゆき", "090", *map(str, matters)):
            assert word not in row.content


def test_the_command_finds_what_is_not_what_was_signed(desk, beni, matters) -> None:
    publish(actor=beni.actor, period=YEAR, at=FROZEN)
    answer = CliRunner().invoke(returns, ["verify"])
    assert (answer.exit_code, "署名のとおりです（1件）" in answer.output) == (0, True)
    row = FrozenReturn.objects.get()
    row.pk, row.version, row.content = new_id(), 2, row.content.replace("12", "13")
    row.save(force_insert=True)
    answer = CliRunner().invoke(returns, ["verify", "--desk", desk.slug])
    assert answer.exit_code == 1
    assert "第2版）は、署名と合いません" in answer.output
    assert "第1版" not in answer.output
