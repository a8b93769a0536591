"""Writing down who is concerned in a matter, and by what they are known again."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import asdict
from uuid import UUID

from django.db import connection, transaction

from madoguchi.consultations.models import AffectedPerson, Identifier, Proxy
from madoguchi.consultations.places import (
    affected_place,
    identifier_hash,
    identifier_place,
    proxy_place,
)
from madoguchi.consultations.queries.people import Affected, ProxyLine
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.matters.models import Matter
from madoguchi.matters.operations import lock
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.rules.identifying import Clue, Sign, Whose, handles_in, normalised
from madoguchi.rules.particulars import Particulars
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe


def clues_in(told: Particulars) -> list[Clue]:
    """Return by what a person who told this, and the account it is about, are known again."""
    clues = [Clue(Sign.TELEPHONE, told.telephone)] if told.telephone else []
    clues += [Clue(Sign.EMAIL, told.mail)] if told.mail else []
    return clues + [Clue(Sign.HANDLE, name, Whose.POSTER) for name in handles_in(told.places)]


def note_clues(*, desk: UUID, matter: UUID, clues: Iterable[Clue]) -> None:
    """Keep `clues` in a matter, inside the caller's transaction; those known stay as they are."""
    assert connection.in_atomic_block
    safe, rows = Safe(desk), []
    for clue in clues:
        if not (plain := normalised(clue.sign, clue.value)):
            continue
        row = new_id()
        rows.append(
            Identifier(
                id=row,
                desk_id=desk,
                consultation_id=matter,
                sign=clue.sign,
                whose=clue.whose,
                value=safe.seal(clue.value.strip(), holder=matter, place=identifier_place(row)),
                value_hash=identifier_hash(desk, clue.sign, plain),
            )
        )
    if rows:
        Identifier.objects.bulk_create(rows, ignore_conflicts=True)


def _locked(actor: Actor, matter: UUID) -> Matter:
    locked = lock(matter)
    check_may_work_on(actor, locked.desk_id)
    return locked


def _record(actor: Actor, matter: Matter, at: dt.datetime, what: str) -> None:
    record(
        Deed.PEOPLE_RECORDED,
        desk=matter.desk_id,
        matter=matter.pk,
        actor=actor.user,
        at=at,
        detail={"what": what},
    )


def add_clue(*, matter: UUID, actor: Actor, clue: Clue, at: dt.datetime) -> None:
    """Keep by what somebody in the matter is known again (手がかり)."""
    if not normalised(clue.sign, clue.value):
        raise RefusedError("no-such-sign")
    with transaction.atomic():
        locked = _locked(actor, matter)
        note_clues(desk=locked.desk_id, matter=matter, clues=[clue])
        _record(actor, locked, at, "clue")


def drop_clue(*, matter: UUID, actor: Actor, clue: UUID, at: dt.datetime) -> None:
    """Take away a clue that was wrong."""
    with transaction.atomic():
        locked = _locked(actor, matter)
        Identifier.objects.filter(pk=clue, consultation=matter).delete()
        _record(actor, locked, at, "clue-dropped")


def describe_affected(*, matter: UUID, actor: Actor, affected: Affected, at: dt.datetime) -> None:
    """Say whom the trouble befell (被害者・本人)."""
    with transaction.atomic():
        locked = _locked(actor, matter)
        told = json.dumps({"name": affected.name, "words": affected.words}, ensure_ascii=False)
        sealed = Safe(locked.desk_id).seal(told, holder=matter, place=affected_place(matter))
        AffectedPerson.objects.update_or_create(
            consultation_id=matter, defaults={"age_group": affected.age_group, "told": sealed}
        )
        _record(actor, locked, at, "affected")


def add_proxy(*, matter: UUID, actor: Actor, proxy: ProxyLine, at: dt.datetime) -> None:
    """Write down who speaks for the person (保護者, 学校…)."""
    with transaction.atomic():
        locked = _locked(actor, matter)
        row = new_id()
        said = asdict(proxy)
        told = json.dumps({name: said[name] for name in ("name", "words")}, ensure_ascii=False)
        Proxy.objects.create(
            id=row,
            consultation_id=matter,
            kind=proxy.kind,
            may_be_told=proxy.may_be_told,
            told=Safe(locked.desk_id).seal(told, holder=matter, place=proxy_place(row)),
        )
        _record(actor, locked, at, "proxy")


def drop_proxy(*, matter: UUID, actor: Actor, proxy: UUID, at: dt.datetime) -> None:
    """Take a proxy off the record of a matter."""
    with transaction.atomic():
        locked = _locked(actor, matter)
        Proxy.objects.filter(pk=proxy, consultation=matter).delete()
        _record(actor, locked, at, "proxy-dropped")
