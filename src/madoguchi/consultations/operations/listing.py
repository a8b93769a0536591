"""Keeping lists (保存した一覧). A person's own, as drafts are: no line in the ledger."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from madoguchi.consultations.models import SavedView
from madoguchi.consultations.places import view_place
from madoguchi.rules.access import Actor, RefusedError, check_may_work_on
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe

_MOST = 20


def keep_view(*, actor: Actor, name: str, asked: Mapping[str, str]) -> None:
    """Keep what a list was asked for under `name`."""
    check_may_work_on(actor, actor.desk)
    with transaction.atomic():
        if SavedView.objects.filter(owner=actor.user).count() >= _MOST:
            raise RefusedError("too-many-views")
        row = new_id()
        sealed = Safe(actor.desk).seal(name, holder=actor.desk, place=view_place(row))
        SavedView.objects.create(
            id=row, desk_id=actor.desk, owner_id=actor.user, name=sealed, asked=dict(asked)
        )


def drop_view(*, actor: Actor, view: UUID) -> None:
    """Forget a list of the actor's own."""
    SavedView.objects.filter(pk=view, owner=actor.user).delete()
