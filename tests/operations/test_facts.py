"""Counted months say what the rows say, whatever was done to the rows meanwhile."""

import csv
import datetime as dt
import io
import random
from collections import Counter
from contextlib import suppress
from dataclasses import fields, replace
from itertools import product
from uuid import UUID

import numpy as np
import pytest
from django.db import transaction
from django.db.models import Max, Min

from madoguchi.consultations.models import Consultation, Contact, Link, TouchedMonth
from madoguchi.consultations.operations import linking, noting, receiving
from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.consultations.operations.noting import Classification, Note
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.operations.touching import touch, touch_all
from madoguchi.desks.queries import books_of
from madoguchi.rules import periods
from madoguchi.rules.access import Actor, RefusedError, Role
from madoguchi.rules.calendar import JAPAN, Month, Period, in_japan
from madoguchi.rules.codebooks import STANDARD, Table
from madoguchi.rules.contact_records import COLUMNS
from madoguchi.rules.counting import TABLES_OF, Basis, ContactFact, Total, count
from madoguchi.rules.linking import Tie
from madoguchi.rules.triage import Signals
from madoguchi.statistics.models import MonthColumns, MonthFact
from madoguchi.statistics.queries import facts_for, keeping, return_of
from madoguchi.statistics.queries.columns import Columns, unpacked
from madoguchi.statistics.queries.crossing import Clock, cross_table_for, cross_table_of
from madoguchi.statistics.queries.keeping import keep_in_step
from madoguchi.vault import sealing
from tests import people
from tests.people import AT

FIRST, LAST = dt.datetime(2024, 11, 20, tzinfo=JAPAN), dt.datetime(2025, 4, 12, tzinfo=JAPAN)
BOOKS = {book.table: book for book in STANDARD}
LETTER = Letter(words="なりすましです", channel="EMAIL")

pytestmark = pytest.mark.django_db


def crossed_from_rows(desk: UUID, period: Period, counts: Total, sides) -> Counter:
    found: Counter[tuple[str, str]] = Counter()
    units = {}
    for number, fact in enumerate(facts_for(desk, period)):
        if counts is Total.CONTACTS:
            units[number] = fact
        elif counts is Total.CASE_MONTHS or fact.first_at in period:
            month = Month.of(fact.at) if counts is Total.CASE_MONTHS else Month.of(fact.first_at)
            units[fact.matter, month] = (
                replace(fact, at=fact.first_at) if counts is Total.NEW else fact
            )
    for fact in units.values():
        found.update(product(*(_said(fact, side) for side in sides)))
    return found


def _said(fact: ContactFact, side) -> list[str]:
    at = in_japan(fact.at)
    return {
        Table.AGE_GROUP: [fact.age_group],
        Table.STANDING: [fact.standing],
        Table.INFRINGEMENT_KIND: list(fact.kinds),
        Table.CHANNEL: [fact.channel],
        Table.ACTION_TAKEN: [fact.action or ""],
        Clock.MONTH: [f"{at:%Y-%m}"],
        Clock.WEEKDAY: [str(at.weekday())],
        Clock.HOUR: [f"{at:%H}"],
    }[side]


def from_rows(desk: UUID, period: Period, basis: Basis):
    facts = facts_for(desk, period)
    return count(facts, period=period, basis=basis, books=books_of(desk))


def assert_same(desk: UUID, period: Period) -> None:
    for basis in Basis:
        assert return_of(desk, period=period, basis=basis) == from_rows(desk, period, basis)


class Casework:
    """Deeds at random, by those who work at one desk."""

    def __init__(self, seed: int, actor: Actor) -> None:
        self.chance = random.Random(seed)  # noqa: S311 (deeds, not secrets)
        self.actor = actor
        self.files = 0

    def some_time(self) -> dt.datetime:
        # Often close to midnight of a month's end, where months are told apart.
        if self.chance.random() < 0.3:
            month = dt.datetime(2025, self.chance.randint(1, 4), 1, tzinfo=JAPAN)
            return month + dt.timedelta(minutes=self.chance.randint(-2, 2))
        return FIRST + (LAST - FIRST) * self.chance.random()

    def some(self, table: Table) -> str:
        return self.chance.choice(BOOKS[table].codes).key

    def some_kinds(self) -> frozenset[str]:
        codes = BOOKS[Table.INFRINGEMENT_KIND].codes
        return frozenset(code.key for code in self.chance.sample(codes, self.chance.randint(1, 3)))

    def some_matter(self) -> Consultation | None:
        known = Consultation.objects.filter(desk=self.actor.desk, contacts__isnull=False)
        rows = list(known.distinct().order_by("pk"))
        return self.chance.choice(rows) if rows else None

    def some_note(self) -> Note:
        return Note(
            words="電話",
            channel=self.some(Table.CHANNEL),
            action=self.chance.choice([None, self.some(Table.ACTION_TAKEN)]),
            kinds=self.chance.choice([None, self.some_kinds()]),
            age_group=self.chance.choice([None, self.some(Table.AGE_GROUP)]),
            heard_at=self.some_time(),
        )

    def receive(self) -> None:
        receiving.receive(desk=self.actor.desk, letter=LETTER, at=self.some_time())

    def hear(self) -> None:
        if row := self.some_matter():
            at = max(row.last_contact_at, self.some_time())
            receiving.hear(matter=row.pk, words="また", channel="SNS", signals=Signals(), at=at)

    def note(self) -> None:
        row = self.some_matter() if self.chance.random() < 0.7 else None
        matter = row.pk if row else None
        noting.note_call(actor=self.actor, matter=matter, note=self.some_note(), at=AT)

    def classify(self) -> None:
        if row := self.some_matter():
            contacts = list(row.contacts.values_list("pk", flat=True))
            told = Classification(
                kinds=self.some_kinds(),
                age_group=self.some(Table.AGE_GROUP),
                standing=self.some(Table.STANDING),
                actions={self.chance.choice(contacts): self.some(Table.ACTION_TAKEN)},
            )
            noting.classify(matter=row.pk, actor=self.actor, classification=told, at=AT)

    def bring_in(self) -> None:
        self.files += 1
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for _line in range(self.chance.randint(1, 8)):
            label = {table: self.chance.choice(BOOKS[table].codes).label_ja for table in Table}
            writer.writerow(
                [
                    self.some_time().replace(tzinfo=None).isoformat("T", "minutes"),
                    f"人{self.chance.randint(1, 4)}",
                    str(self.chance.randint(1, 2)),
                    label[Table.CHANNEL],
                    label[Table.AGE_GROUP],
                    label[Table.STANDING],
                    label[Table.INFRINGEMENT_KIND],
                    label[Table.ACTION_TAKEN],
                    "",
                    "",
                    self.chance.choice(["", f"{self.files}番目のファイル"]),
                ]
            )
        content = text.getvalue().encode()
        import_contacts(desk=self.actor.desk, content=content, actor=None, at=AT)

    def link(self) -> None:
        one, other = self.some_matter(), self.some_matter()
        if one and other:
            tie = self.chance.choice(list(Tie))
            with suppress(RefusedError):
                linking.link(matters=(one.pk, other.pk), tie=tie, actor=self.actor, at=AT)

    def undo_link(self) -> None:
        rows = list(Link.objects.filter(desk=self.actor.desk, undone_at=None).order_by("pk"))
        if rows:
            linking.undo_link(link=self.chance.choice(rows).pk, actor=self.actor, at=AT)

    # What no operation does yet. Whoever writes one touches the months as here.

    def move(self) -> None:
        if row := self.some_matter():
            contact = self.chance.choice(list(row.contacts.order_by("pk")))
            with transaction.atomic():
                touch_all(row)
                row.contacts.filter(pk=contact.pk).update(at=self.some_time())
                self.settle(row)

    def erase(self) -> None:
        if row := self.some_matter():
            with transaction.atomic():
                touch_all(row)
                sealing.erase(row.pk)
                gone = self.chance.choice([row.contacts.all(), row.contacts.order_by("at")[:1]])
                Contact.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).delete()
                self.settle(row)

    def settle(self, row: Consultation) -> None:
        span = row.contacts.aggregate(first=Min("at"), last=Max("at"))
        if span["first"]:
            row.first_contact_at, row.last_contact_at = span["first"], span["last"]
            row.save()
            touch_all(row)
        else:  # nothing is left of it: no file may go on with it
            Consultation.objects.filter(pk=row.pk).update(mark_hash=str(row.pk))

    def do_something(self) -> None:
        deeds = [self.receive, self.note, self.classify, self.bring_in, self.hear, self.note]
        self.chance.choice([*deeds, self.link, self.link, self.undo_link, self.move, self.erase])()

    def some_period(self) -> Period:
        first, last = sorted(self.some_time().date() for _ in range(2))
        year, month = self.chance.choice([(2024, 12), (2025, 1), (2025, 3), (2025, 4)])
        begin, end = sorted([periods.month(2024, 12), periods.month(year, month)], key=str)
        return self.chance.choice(
            [
                Period(first, last),
                Period(first, first),
                Period(begin.first, end.last),
                Period(begin.first, max(last, begin.first)),
                Period(min(first, end.last), end.last),
                periods.quarter(2024, 4),
                periods.fiscal_year(2024),
            ]
        )


@pytest.mark.parametrize("seed", range(100, 104))
def test_a_cross_table_is_what_the_rows_say(aoi, seed: int) -> None:
    work = Casework(seed, aoi.actor)
    for _step in range(25):
        work.do_something()
    of_consultations = [*TABLES_OF[Total.NEW], Clock.MONTH]
    asked = {
        Total.CONTACTS: [*Table, *Clock],
        Total.NEW: of_consultations,
        Total.CASE_MONTHS: of_consultations,
    }
    for counts, sides in asked.items():
        for pair in product(sides, repeat=2):
            period = work.some_period()
            table = cross_table_of(aoi.desk_id, period=period, counts=counts, sides=pair)
            expected = crossed_from_rows(aoi.desk_id, period, counts, pair)
            assert table.numbers == expected, (counts, pair, period)
            assert table.base == return_of(aoi.desk_id, period=period).total(counts)


@pytest.mark.parametrize("side", [Table.CHANNEL, Table.ACTION_TAKEN, Clock.HOUR])
def test_consultations_are_not_told_apart_by_what_is_said_of_contacts(desk, side) -> None:
    with pytest.raises(ValueError, match="not told apart"):
        cross_table_of(
            desk.pk,
            period=periods.fiscal_year(2024),
            counts=Total.NEW,
            sides=(side, Table.AGE_GROUP),
        )


def test_who_reads_figures_crosses_those_of_their_own_desk(aoi, daichi, other_desk) -> None:
    stranger = people.hire(other_desk.pk, "fumi", "ふみ", Role.STATISTICIAN)
    receiving.receive(desk=aoi.desk_id, letter=LETTER, at=AT)
    asked = {
        "period": periods.fiscal_year(2025),
        "counts": Total.CONTACTS,
        "sides": (Table.CHANNEL, Clock.HOUR),
    }
    assert cross_table_for(daichi.actor, **asked).numbers == {("EMAIL", "14"): 1}
    assert cross_table_for(stranger.actor, **asked).numbers == {}
    with pytest.raises(RefusedError, match="figures-closed"):
        cross_table_for(aoi.actor, **asked)


@pytest.mark.parametrize("seed", range(8))
def test_facts_are_what_the_rows_say_after_any_deeds_in_any_order(aoi, chika, seed: int) -> None:
    work, elsewhere = Casework(seed, aoi.actor), Casework(-seed, chika.actor)
    for _step in range(40):
        work.do_something()
        if work.chance.random() < 0.2:
            elsewhere.receive()
        if work.chance.random() < 0.5:
            assert_same(aoi.desk_id, work.some_period())
    for _period in range(6):
        assert_same(aoi.desk_id, work.some_period())
    whole = return_of(aoi.desk_id, period=Period(FIRST.date(), LAST.date()))
    counted = Contact.objects.filter(desk=aoi.desk_id, duplicated_by=None)
    assert whole.contacts == counted.count() > 0
    keep_in_step(aoi.desk_id)
    assert not TouchedMonth.objects.filter(desk=aoi.desk_id).exists()


def test_a_file_that_says_something_new_touches_every_month_of_the_consultation(desk) -> None:
    rows = [
        "2025-01-10T10:00,人1,1,電話,不明,不明,不明,助言,,,",
        "2025-02-10T10:00,人1,1,電話,10代,被害者,差別,助言,,,",
    ]
    for row in rows:
        content = f"{','.join(COLUMNS)}\n{row}\n".encode()
        import_contacts(desk=desk.pk, content=content, actor=None, at=AT)
        keep_in_step(desk.pk)
    january = return_of(desk.pk, period=periods.month(2025, 1))
    ages = january.table(Table.AGE_GROUP)
    assert {row.code.label_ja: row.number for row in ages.rows if row.number} == {"10代": 1}


def test_a_word_that_tells_nothing_new_still_counts_in_its_month(desk) -> None:
    for month, words in (("01", ""), ("03", "また同じ人から")):
        row = f"2025-{month}-10T10:00,人1,1,電話,10代,被害者,差別,助言,,,{words}"
        content = f"{','.join(COLUMNS)}\n{row}\n".encode()
        import_contacts(desk=desk.pk, content=content, actor=None, at=AT)
        keep_in_step(desk.pk)
    assert return_of(desk.pk, period=periods.month(2025, 3)).contacts == 1


def test_erasing_words_changes_no_figure(desk) -> None:
    matter = receiving.receive(desk=desk.pk, letter=LETTER, at=AT).matter
    before = return_of(desk.pk, period=periods.fiscal_year(2025))
    with transaction.atomic():
        sealing.erase(matter)
        touch(desk.pk, [AT])
    assert keep_in_step(desk.pk) == 1
    assert return_of(desk.pk, period=periods.fiscal_year(2025)) == before


def test_nothing_kept_for_figures_leads_to_anybody(desk) -> None:
    matter = receiving.receive(desk=desk.pk, letter=LETTER, at=AT).matter
    row, contact = Consultation.objects.get(pk=matter), Contact.objects.get()
    keep_in_step(desk.pk)
    with np.load(io.BytesIO(MonthColumns.objects.get().packed), allow_pickle=False) as held:
        kept = b"".join(held[name].tobytes() for name in held.files)
        assert len(held.files) == len(fields(Columns))
    kept += repr(list(MonthFact.objects.values_list("counts", "table", "key"))).encode()
    for name in (matter, row.help_seeker_id, contact.pk):
        for said in (
            name.bytes,
            name.hex.encode(),
            str(name).encode(),
            name.hex.encode("utf-32-le"),
        ):
            assert said not in kept


def _tags(desk: UUID) -> list[set[int]]:
    rows = MonthColumns.objects.filter(desk=desk).order_by("month")
    return [set(unpacked(bytes(row.packed)).tag.tolist()) for row in rows]


def test_a_case_bears_another_tag_in_every_month_and_at_every_desk(desk, other_desk) -> None:
    rows = ["2025-01-10T10:00,人1,1", "2025-02-10T10:00,人1,1"]
    lines = [f"{row},電話,不明,不明,不明,助言,,," for row in rows]
    content = "\n".join([",".join(COLUMNS), *lines]).encode()
    for own in (desk, other_desk):
        import_contacts(desk=own.pk, content=content, actor=None, at=AT)
        keep_in_step(own.pk)
    found = [*_tags(desk.pk), *_tags(other_desk.pk)]
    assert len(found) == 4
    assert len(set().union(*found)) == 4


def test_of_a_touched_month_only_the_touched_cases_are_read_again(desk, monkeypatch) -> None:
    matters = [receiving.receive(desk=desk.pk, letter=LETTER, at=AT).matter for _ in range(3)]
    keep_in_step(desk.pk)
    read: list[object] = []
    plain = keeping.columns_from_rows

    def noted(desk, month, only=None):
        read.append(only)
        return plain(desk, month, only)

    monkeypatch.setattr(keeping, "columns_from_rows", noted)
    receiving.hear(matter=matters[1], words="また", channel="SNS", signals=Signals(), at=AT)
    assert return_of(desk.pk, period=periods.month(2025, 5)).contacts == 4
    assert read == [{matters[1]}]
    assert_same(desk.pk, periods.month(2025, 5))


def test_reading_again_counts_nothing_again(desk) -> None:
    receiving.receive(desk=desk.pk, letter=LETTER, at=AT)
    assert keep_in_step(desk.pk) == 1
    assert keep_in_step(desk.pk) == 0


def test_who_asks_for_last_year_does_not_wait_for_this_month_to_be_counted(desk) -> None:
    receiving.receive(desk=desk.pk, letter=LETTER, at=AT)
    assert return_of(desk.pk, period=periods.fiscal_year(2024)).contacts == 0
    assert TouchedMonth.objects.filter(desk=desk.pk).exists()


def test_what_was_touched_while_it_was_counted_is_counted_again(desk, monkeypatch) -> None:
    receiving.receive(desk=desk.pk, letter=LETTER, at=AT)
    # A colleague writes between the reading of the rows and the writing of their numbers.
    plain, colleague = Columns.packed, iter([LETTER])

    def interrupted(columns):
        for letter in colleague:
            receiving.receive(desk=desk.pk, letter=letter, at=AT)
        return plain(columns)

    monkeypatch.setattr(Columns, "packed", interrupted)
    assert return_of(desk.pk, period=periods.month(2025, 5)).contacts == 2


def test_a_reader_overtaken_by_another_writes_nothing(desk, monkeypatch) -> None:
    receiving.receive(desk=desk.pk, letter=LETTER, at=AT)
    plain, others = Columns.packed, iter([1])

    def overtaken(columns):
        for _other in others:
            # Between our reading and our writing: one more contact, counted by another reader.
            receiving.receive(desk=desk.pk, letter=LETTER, at=AT)
            keep_in_step(desk.pk)
        return plain(columns)

    monkeypatch.setattr(Columns, "packed", overtaken)
    assert return_of(desk.pk, period=periods.month(2025, 5)).contacts == 2


def test_a_month_emptied_leaves_nothing_behind(desk) -> None:
    receiving.receive(desk=desk.pk, letter=LETTER, at=AT)
    keep_in_step(desk.pk)
    assert MonthFact.objects.exists()
    with transaction.atomic():
        Contact.objects.all().delete()
        touch(desk.pk, [AT])
    assert return_of(desk.pk, period=periods.month(2025, 5)).contacts == 0
    assert not MonthFact.objects.exists()
    assert not MonthColumns.objects.exists()
