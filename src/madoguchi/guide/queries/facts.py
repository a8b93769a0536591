"""Facts of a window for its page: what rests on which source, and when that was checked."""

import datetime as dt
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from madoguchi.directory.facts import Fact, Source
from madoguchi.directory.windows import Window


class Provenance(NamedTuple):
    """Some facts that rest on the same sources and were checked on the same day."""

    facts: tuple[str, ...]
    sources: tuple[Source, ...]
    checked_on: dt.date
    unconfirmed: bool


def provenance(window: Window) -> list[Provenance]:
    """Return where everything on the window's page comes from, the unconfirmed last."""
    found: dict[tuple[tuple[Source, ...], dt.date, bool], list[str]] = {}
    for fact in window.facts.values():
        key = (fact.sources, fact.checked_on, fact.unconfirmed)
        found.setdefault(key, []).append(_label(window, fact))
    told = [Provenance(tuple(dict.fromkeys(names)), *key) for key, names in found.items()]
    return sorted(told, key=lambda it: it.unconfirmed)


def _label(window: Window, fact: Fact) -> str:
    """Return how people call a fact: who → 使える人, everyone.hours → みんなの人権110番の時間."""
    group, _dot, part = fact.name.rpartition(".")
    if group == "details":
        text = next(it.text for it in window.details if it.id == part)
        return text.spoken(get_language())
    if not group:
        return _labels()[fact.name]
    channel = next(it for it in window.channels if it.id == group)
    return _("{channel}（{fact}）").format(
        channel=channel.label.spoken(get_language()), fact=_labels()[part]
    )


def _labels() -> dict[str, str]:
    return {
        "name": _("名前"),
        "operator": _("運営"),
        "role": _("すること"),
        "roles": _("すること"),
        "does": _("すること"),
        "who": _("使える人"),
        "conditions": _("使うときの条件"),
        "asks": _("聞かれること"),
        "time": _("かかる時間"),
        "can": _("できること"),
        "cannot": _("できないこと"),
        "limits": _("場合による制限"),
        "busy": _("つながらないとき"),
        "url": _("サイトのアドレス"),
        "number": _("電話番号"),
        "hours": _("受付時間"),
        "cost": _("料金"),
        "note": _("注意"),
    }
