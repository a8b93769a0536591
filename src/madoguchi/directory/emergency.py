"""Numbers for when it cannot wait, and the holidays by which others close."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import jpholiday

from madoguchi.directory.channels import Channel
from madoguchi.directory.reading import DirectoryError, read, texts
from madoguchi.directory.windows import all_windows
from madoguchi.rules.guidance.edition import Texts


@cache
def numbers() -> Mapping[str, Channel]:
    """Return the emergency numbers by id, in their order: a window's own, said in a hurry."""
    return {it["id"]: _channel(it) for it in read("urgent.toml")["numbers"]}


@cache
def titles() -> Mapping[str, Texts]:
    """Return what each emergency number is for: 命や体が危ない."""
    return {it["id"]: texts(it["title"], it["id"]) for it in read("urgent.toml")["numbers"]}


def _channel(told: Mapping[str, Any]) -> Channel:
    where = f"urgent.toml {told['id']}"
    window, _, name = told["of"].partition(".")
    found = next((it for it in all_windows()[window].phones if it.id == name), None)
    if found is None:
        raise DirectoryError(f"{where}: there is no telephone {told['of']}")
    said = texts(told["when"], where)
    return replace(found, id=told["id"], label=texts(told["who"], where), cost=said, when=said)


def is_holiday(day: dt.date) -> bool:
    """Tell whether `day` is a national holiday in Japan (国民の祝日・休日)."""
    return bool(jpholiday.is_holiday(day))
