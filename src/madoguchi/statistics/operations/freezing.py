"""Reports: begun, written, and frozen (確定) with date, rule edition and signature."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from madoguchi.desks.models import Desk, User
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules import returns
from madoguchi.rules.access import (
    Actor,
    RefusedError,
    check_may_read_figures,
    check_may_supervise,
)
from madoguchi.rules.calendar import Period, in_japan
from madoguchi.rules.counting import Basis, Return, default_basis
from madoguchi.rules.custody import canonical
from madoguchi.statistics.models import FrozenReturn, ReturnDraft, Sort
from madoguchi.statistics.queries.reporting import report_from
from madoguchi.vault.signing import sign

_DEEDS = {
    Sort.REPORT: Deed.RETURN_FROZEN,
    Sort.OPEN_DATA: Deed.FIGURES_PUBLISHED,
    Sort.GATHERED: Deed.SUM_FROZEN,
}


def begin(*, actor: Actor, period: Period, basis: Basis | None = None, at: dt.datetime) -> UUID:
    """Begin the report of `period`, or return the one that is begun (報告書をつくる)."""
    check_may_read_figures(actor, actor.desk)
    with transaction.atomic():
        Desk.objects.select_for_update().get(pk=actor.desk)
        row, is_new = ReturnDraft.objects.get_or_create(
            desk_id=actor.desk,
            first=period.first,
            last=period.last,
            basis=str(basis or default_basis(period)),
            defaults={"begun_by_id": actor.user, "begun_at": at},
        )
        if is_new:
            record(
                Deed.RETURN_BEGUN,
                desk=actor.desk,
                actor=actor.user,
                at=at,
                detail={"first": str(period.first), "last": str(period.last)},
            )
    return row.pk


def write(
    *, draft: UUID, actor: Actor, words: Mapping[str, str], cases: Sequence[str], at: dt.datetime
) -> None:
    """Write what stands between the figures, and choose the cases that are printed."""
    with transaction.atomic():
        row = ReturnDraft.objects.select_for_update().get(pk=draft)
        check_may_supervise(actor, row.desk_id)
        row.words, row.cases = dict(words), list(cases)
        row.save(update_fields=["words", "cases"])
        record(
            Deed.RETURN_WRITTEN,
            desk=row.desk_id,
            actor=actor.user,
            at=at,
            detail={"draft": str(draft), "cases": len(row.cases)},
        )


def freeze(*, draft: UUID, actor: Actor, at: dt.datetime) -> UUID:
    """Freeze the report as it stands (確定): numbers, words, cases, signed. Returns its id.

    Refused while the period goes on, while a contact is unclassified, or where a sum does not
    hold. What was frozen before for the period stays; this is its next version.
    """
    with transaction.atomic():
        row = ReturnDraft.objects.select_for_update().get(pk=draft)
        check_may_supervise(actor, row.desk_id)
        content = report_from(row)
        check_may_freeze(returns.from_values(content["figures"]), at)
        return keep(Sort.REPORT, content, actor=actor, at=at)


def check_may_freeze(figures: Return, at: dt.datetime) -> None:
    """Refuse figures that are not whole yet (RefusedError)."""
    if in_japan(at).date() <= figures.period.last:
        raise RefusedError("period-goes-on")
    if figures.unclassified:
        raise RefusedError("unclassified")
    if not all(table.adds_up for table in figures.tables):
        raise RefusedError("sums-do-not-hold")


def keep(sort: Sort, content: Mapping[str, Any], *, actor: Actor, at: dt.datetime) -> UUID:
    """Sign and store `content` as the next version for its period, inside a transaction."""
    Desk.objects.select_for_update().get(pk=actor.desk)
    figures = content["figures"]
    version, text = _signed_text(sort, content, actor, at)
    row = FrozenReturn.objects.create(
        desk_id=actor.desk,
        sort=sort,
        first=figures["from"],
        last=figures["to"],
        version=version,
        content=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        signature=sign(text.encode(), desk=actor.desk),
        rules=content["rules"],
        frozen_by_id=actor.user,
        frozen_at=at,
    )
    record(
        _DEEDS[sort],
        desk=actor.desk,
        actor=actor.user,
        at=at,
        detail={"return": str(row.pk), "digest": row.digest, "version": version},
    )
    return row.pk


def _signed_text(
    sort: Sort, content: Mapping[str, Any], actor: Actor, at: dt.datetime
) -> tuple[int, str]:
    """Return the next version's number, and the text that is signed: the content, who, when."""
    figures = content["figures"]
    before = FrozenReturn.objects.filter(
        desk=actor.desk, sort=sort, first=figures["from"], last=figures["to"]
    )
    version = (before.aggregate(last=Max("version"))["last"] or 0) + 1
    frozen = {
        "version": version,
        "frozen_at": at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "frozen_by": User.objects.get(pk=actor.user).name,
    }
    return version, canonical({**content, **frozen})
