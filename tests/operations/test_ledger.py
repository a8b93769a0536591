"""The ledger: written once, and every way of rewriting it is found."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from madoguchi.desks.models import Desk
from madoguchi.ledger.chain import INSTALLATION, Deed, content_of
from madoguchi.ledger.models import Entry, Head
from madoguchi.ledger.operations import record
from madoguchi.ledger.queries import Break, first_break, has_read_since, of_matter
from madoguchi.rules.access import RefusedError
from madoguchi.rules.custody import START, digest_of
from madoguchi.vault.ids import new_id
from tests.people import AT, found

pytestmark = pytest.mark.django_db
# The founding of the desk is entry 1, then come these.
LAST = 6


@pytest.fixture
def chain(desk):
    """The chain of a desk that has worked a little."""
    with transaction.atomic():
        for minute in range(LAST - 1):
            at = AT + dt.timedelta(minutes=minute)
            record(Deed.READ, desk=desk.pk, matter=new_id(), at=at, detail={"n": minute})
    return str(desk.pk)


@pytest.fixture
def by_force():
    """Somebody with the database in hands has thrown the triggers away."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for verb in ("update", "delete", "replace"):
                cursor.execute(f"DROP TRIGGER ledger_no_{verb}")
        else:
            cursor.execute("DROP TRIGGER ledger_no_change ON ledger_entry")


def _verified(desk, *, others=False):
    return first_break([desk.pk], others=others)


def _at(chain, seq):
    return Entry.objects.filter(chain=chain, seq=seq)


def _reseal_from(chain, seq):
    """Rewrite every digest from `seq` on, as somebody without the key can."""
    previous = START if seq == 1 else _at(chain, seq - 1).get().digest
    for entry in Entry.objects.filter(chain=chain, seq__gte=seq).order_by("seq"):
        digest = digest_of(entry.seq, content_of(entry), previous)
        _at(chain, entry.seq).update(previous=previous, digest=digest)
        previous = digest
    return previous


# -- it cannot be changed -----------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda: Entry.objects.update(deed="READ"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.first().delete(),
        lambda: Entry.objects.first().save(force_update=True),
        lambda: Entry.objects.bulk_update([Entry.objects.first()], ["deed"]),
        lambda: connection.cursor().execute("UPDATE ledger_entry SET deed = 'READ'"),
        lambda: connection.cursor().execute("DELETE FROM ledger_entry"),
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(chain, change):
    before = list(Entry.objects.order_by("id").values())
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        change()
    assert list(Entry.objects.order_by("id").values()) == before


def test_the_database_refuses_to_write_an_entry_over_another(chain):
    columns = "id, chain, seq, at, desk, matter, actor, deed, detail, previous, digest"
    taken = columns.replace("deed", "'READ'")
    for verb, row in (("INSERT OR REPLACE", taken), ("INSERT", taken)):
        if connection.vendor == "postgresql" and "REPLACE" in verb:
            continue
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{verb} INTO ledger_entry ({columns}) SELECT {row} FROM ledger_entry")  # noqa: S608
    assert (
        Entry.objects.filter(chain=chain).values_list("deed", flat=True).first() == "DESK_CREATED"
    )


def test_nothing_is_recorded_outside_a_transaction(transactional_db):
    desk = found("osaka", "ネットハーモニー")
    with pytest.raises(AssertionError):
        record(Deed.READ, desk=desk.pk, at=AT)


def test_what_is_undone_leaves_no_entry(chain, desk):
    def fails():
        with transaction.atomic():
            record(Deed.READ, desk=desk.pk, at=AT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert Entry.objects.filter(chain=chain).count() == LAST
    assert _verified(desk) is None


# -- it holds, or says where not ------------------------------------------------------------


def test_an_honest_ledger_holds(chain, desk, other_desk):
    assert _verified(desk) is None
    assert first_break([desk.pk, other_desk.pk], others=True) is None
    assert first_break([], others=True) is None


def test_without_any_desk_there_is_nothing_to_verify(db):
    assert first_break([], others=True) is None


def test_numbers_run_without_a_gap(chain):
    seqs = Entry.objects.filter(chain=chain).order_by("id").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, LAST + 1))


@pytest.mark.parametrize("seq", range(1, LAST + 1))
@pytest.mark.parametrize(
    "change",
    [
        {"deed": "ERASED"},
        {"at": AT - dt.timedelta(days=1)},
        {"actor": new_id()},
        {"matter": new_id()},
        {"desk": None},
        {"detail": {"n": 99}},
        {"digest": "0" * 63 + "1"},
        {"previous": "0" * 63 + "1"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_is_found(chain, desk, by_force, seq, change):
    _at(chain, seq).update(**change)
    assert _verified(desk) == Break(chain, seq)


@pytest.mark.parametrize("seq", range(1, LAST + 1))
def test_a_missing_entry_is_found_the_first_and_the_last_too(chain, desk, by_force, seq):
    _at(chain, seq).delete()
    assert _verified(desk) == Break(chain, seq)


@pytest.mark.parametrize("kept", range(LAST))
def test_a_chain_cut_off_at_its_end_is_found(chain, desk, by_force, kept):
    Entry.objects.filter(chain=chain, seq__gt=kept).delete()
    assert _verified(desk) == Break(chain, kept + 1)


def test_a_chain_cut_off_at_its_start_and_renumbered_is_found(chain, desk, by_force):
    _at(chain, 1).delete()
    for seq in range(2, LAST + 1):
        _at(chain, seq).update(seq=F("seq") - 1)
    assert _verified(desk) == Break(chain, 1)
    _reseal_from(chain, 1)
    assert _verified(desk).chain == chain


@pytest.mark.parametrize("seq", range(1, LAST))
def test_two_entries_that_changed_places_are_found(chain, desk, by_force, seq):
    _at(chain, seq).update(seq=1000)
    _at(chain, seq + 1).update(seq=seq)
    _at(chain, 1000).update(seq=seq + 1)
    assert _verified(desk) == Break(chain, seq)


def test_an_entry_slipped_in_between_is_found(chain, desk, by_force):
    for seq in range(LAST, 3, -1):
        _at(chain, seq).update(seq=seq + 1)
    Entry(chain=chain, seq=4, at=AT, desk=desk.pk, deed="READ", previous="x", digest="y").save()
    assert _verified(desk) == Break(chain, 4)


def test_an_entry_added_without_its_head_is_found(chain, desk):
    last = _at(chain, LAST).get()
    entry = Entry(chain=chain, seq=LAST + 1, at=AT, desk=desk.pk, deed="READ", previous=last.digest)
    entry.digest = digest_of(entry.seq, content_of(entry), entry.previous)
    entry.save()
    assert _verified(desk) == Break(chain, LAST + 1)


def test_a_chain_rewritten_with_all_its_digests_is_found_by_its_head(chain, desk, by_force):
    _at(chain, 3).update(deed="ERASED")
    digest = _reseal_from(chain, 3)
    assert _verified(desk) == Break(chain, LAST)
    # Nor can the head be forged: its seal needs the key.
    Head.objects.filter(chain=chain).update(digest=digest)
    assert _verified(desk) == Break(chain, 1, has_sound_head=False)


def test_a_head_moved_back_over_a_cut_is_found(chain, desk, by_force):
    _at(chain, LAST).delete()
    Head.objects.filter(chain=chain).update(seq=LAST - 1, digest=_at(chain, LAST - 1).get().digest)
    assert _verified(desk) == Break(chain, 1, has_sound_head=False)


def test_the_head_of_another_chain_does_not_fit(chain, desk, other_desk):
    other = Head.objects.get(chain=str(other_desk.pk))
    Head.objects.filter(chain=chain).update(seq=other.seq, digest=other.digest, seal=other.seal)
    assert _verified(desk) == Break(chain, 1, has_sound_head=False)


def test_a_missing_head_is_found(chain, desk):
    Head.objects.filter(chain=chain).delete()
    assert _verified(desk) == Break(chain, 1, has_sound_head=False)


def test_the_installations_chain_is_verified_with_every_desk(chain, desk, by_force):
    Entry.objects.filter(chain=INSTALLATION).delete()
    assert _verified(desk) == Break(INSTALLATION, 1)
    Head.objects.filter(chain=INSTALLATION).delete()
    assert _verified(desk).chain == INSTALLATION


def test_another_desks_chain_is_its_own_affair(chain, desk, other_desk, by_force):
    _at(chain, 2).update(deed="ERASED")
    assert _verified(other_desk) is None
    assert _verified(desk) == Break(chain, 2)
    assert _verified(other_desk, others=True) == Break(chain, 2)


def test_a_desk_removed_with_its_whole_chain_and_head_is_remembered(
    chain, desk, other_desk, by_force
):
    Entry.objects.filter(chain=chain).delete()
    Head.objects.filter(chain=chain).delete()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
    desk.code_books.all().delete()
    Desk.objects.filter(pk=desk.pk).delete()
    assert _verified(other_desk) is None
    assert _verified(other_desk, others=True) == Break(chain, 1, has_sound_head=False)


# -- what it says -----------------------------------------------------------------------------


def test_a_matters_deeds_are_read_by_its_own_desk_alone(desk, aoi, chika, daichi):
    matter = new_id()
    with transaction.atomic():
        record(Deed.READ, desk=desk.pk, matter=matter, actor=aoi.pk, at=AT)
    assert [entry.deed for entry in of_matter(aoi.actor, desk.pk, matter)] == ["READ"]
    for stranger in (chika, daichi):
        with pytest.raises(RefusedError):
            of_matter(stranger.actor, desk.pk, matter)
    assert has_read_since(aoi.pk, matter, AT - dt.timedelta(minutes=1))
    assert not has_read_since(aoi.pk, matter, AT)
    assert not has_read_since(daichi.pk, matter, AT - dt.timedelta(minutes=1))


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps types by itself")
@pytest.mark.parametrize("seq", [1, 3, LAST])
@pytest.mark.parametrize(
    "junk",
    ["actor = 'zz'", "matter = 5", "at = 'gestern'", "at = 5", "detail = '{'", "deed = x'ff00'"],
)
def test_junk_written_into_a_row_is_a_broken_entry(chain, desk, by_force, junk, seq):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(
            f"UPDATE ledger_entry SET {junk} WHERE chain = %s AND seq = %s",  # noqa: S608
            [chain, seq],
        )
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert _verified(desk) == Break(chain, seq)
    assert _verified(desk, others=True) == Break(chain, seq)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps types by itself")
@pytest.mark.parametrize("junk", ["{", "[1]", "{}"])
def test_junk_in_the_installations_chain_is_a_broken_entry(chain, desk, by_force, junk):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute("UPDATE ledger_entry SET detail = %s WHERE chain = 'INSTALLATION'", [junk])
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    assert _verified(desk, others=True) == Break(INSTALLATION, 1)
