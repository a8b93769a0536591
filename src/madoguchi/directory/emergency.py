"""Numbers for when it cannot wait, and the holidays by which others close."""

import datetime as dt
from collections.abc import Mapping
from functools import cache

import jpholiday

from madoguchi.directory.channels import Channel, hours
from madoguchi.directory.facts import Fact, provenance
from madoguchi.directory.reading import read, texts
from madoguchi.rules.guidance.edition import Texts


@cache
def numbers() -> Mapping[str, Channel]:
    """Return the emergency numbers by id, in their order."""
    return {it["id"]: _channel(it) for it in read("urgent.toml")["numbers"]}


@cache
def titles() -> Mapping[str, Texts]:
    """Return what each emergency number is for: 命や体が危ない."""
    return {it["id"]: texts(it["title"], it["id"]) for it in read("urgent.toml")["numbers"]}


@cache
def facts() -> Mapping[str, Fact]:
    """Return where each emergency number comes from, by id."""
    return {
        it["id"]: Fact(it["id"], *provenance(it, f"urgent.toml {it['id']}"))
        for it in read("urgent.toml")["numbers"]
    }


def _channel(told: dict[str, object]) -> Channel:
    where = f"urgent.toml {told['id']}"
    listed = told["hours"]
    assert isinstance(listed, list)
    return Channel(
        kind="phone",
        id=str(told["id"]),
        label=texts(told["who"], where),
        cost=texts(told["when"], where),
        number=str(told["number"]),
        display=str(told["display"]),
        ip_phone=str(told.get("ip_phone", "")),
        ip_display=str(told.get("ip_display", "")),
        note=texts(told["note"], where) if "note" in told else None,
        when=texts(told["when"], where),
        hours=hours(listed, where),
    )


def is_holiday(day: dt.date) -> bool:
    """Tell whether `day` is a national holiday in Japan (国民の祝日・休日)."""
    return bool(jpholiday.is_holiday(day))
