"""What a list of matters is to hold, as it stands in its address: codes and days only."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.queries.listing import After, Asked, Order
from madoguchi.desks.models import User
from madoguchi.rules.codebooks import Table
from madoguchi.rules.consultation import Status
from madoguchi.rules.triage import Urgency
from madoguchi.workbench.forms import Books, codes_of

_ANY = [("", _("どれでも"))]
_DAY = forms.DateInput(attrs={"type": "date"})


class ListForm(forms.Form):
    """Filters, and an order."""

    status = forms.ChoiceField(
        label=_("対応状況"),
        required=False,
        choices=[
            *_ANY,
            (Status.RECEIVED, _("未着手")),
            (Status.IN_PROGRESS, _("対応中")),
            (Status.WAITING, _("返事待ち")),
            (Status.CLOSED, _("終結")),
        ],
    )
    adviser = forms.ChoiceField(label=_("担当"), required=False)
    channel = forms.ChoiceField(label=_("手法"), required=False)
    kind = forms.ChoiceField(label=_("侵害種別"), required=False)
    urgency = forms.ChoiceField(
        label=_("緊急度"),
        required=False,
        choices=[
            *_ANY,
            (Urgency.DANGER.value, _("命や体の危険")),
            (Urgency.SERIOUS.value, _("急ぐ")),
            (Urgency.ORDINARY.value, _("ふつう")),
        ],
    )
    first = forms.DateField(label=_("さいごの受付（から）"), required=False, widget=_DAY)
    last = forms.DateField(label=_("さいごの受付（まで）"), required=False, widget=_DAY)
    waiting = forms.BooleanField(label=_("相談者を待たせている"), required=False)
    unread = forms.BooleanField(label=_("新しい返信がある"), required=False)
    unclassified = forms.BooleanField(label=_("対応が未分類"), required=False)
    order = forms.ChoiceField(
        label=_("並べ方"),
        required=False,
        choices=[
            (Order.LATEST, _("さいごの受付が新しい順")),
            (Order.OLDEST, _("さいごの受付が古い順")),
            (Order.WAITING, _("待たせている順")),
        ],
    )

    def __init__(self, data: Any, *, books: Books, people: Iterable[User]) -> None:
        """Offer the codes of `books` and the desk's own `people`."""
        super().__init__(data, auto_id="list-%s")
        offered = {
            "adviser": [(str(person.pk), person.name) for person in people],
            "channel": codes_of(books, Table.CHANNEL),
            "kind": codes_of(books, Table.INFRINGEMENT_KIND),
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*_ANY, *choices]

    def parsed(self) -> Asked:
        """Return what was asked; a field that is none of ours is passed over."""
        said = {name: self.cleaned_data.get(name) for name in self.fields}
        return Asked(
            status=said["status"] or "",
            adviser=UUID(said["adviser"]) if said["adviser"] else None,
            channel=said["channel"] or "",
            kind=said["kind"] or "",
            urgency=int(said["urgency"]) if said["urgency"] else None,
            first=said["first"],
            last=said["last"],
            is_waiting=bool(said["waiting"]),
            is_unread=bool(said["unread"]),
            is_unclassified=bool(said["unclassified"]),
            order=Order(said["order"] or Order.LATEST),
        )

    def address(self) -> dict[str, str]:
        """Return the fields that ask for something, as they stand in an address."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}


class AfterForm(forms.Form):
    """Where a page begins: after which line."""

    at = forms.CharField(max_length=40)
    matter = forms.UUIDField()

    def parsed(self) -> After | None:
        """Return the line; None for the first page, and for what is no line."""
        if not self.is_valid():
            return None
        try:
            at = dt.datetime.fromisoformat(self.cleaned_data["at"])
        except ValueError:
            return None
        return After(at, self.cleaned_data["matter"]) if at.tzinfo else None


class ViewForm(forms.Form):
    """The name of a list to be kept."""

    name = forms.CharField(label=_("この一覧の名前"), max_length=40)

    def parsed(self) -> str:
        """Return the name."""
        name: str = self.cleaned_data["name"]
        return name
