"""The demonstration desk's handbook: texts, answers, and the published cases as past cases."""

import datetime as dt
import tomllib
from importlib import resources
from uuid import UUID

from madoguchi.demo.cases import published_cases
from madoguchi.handbook.models import Sort
from madoguchi.handbook.operations import Written, approve, write
from madoguchi.rules.access import Actor

_SOURCE = "大阪府「ネットハーモニー」令和6(2024)年度年次統計分析報告書より（公表された事例）"
_CHECKED = dt.date(2026, 11, 22)


def sheets() -> list[Written]:
    """Return what stands in the demonstration desk's handbook."""
    text = resources.files("madoguchi.demo").joinpath("data", "handbook.toml").read_text("utf-8")
    told = tomllib.loads(text)["sheet"]
    own = [Written(**{**it, "sort": Sort(it["sort"])}) for it in told]
    past = [
        Written(
            sort=Sort.CASE,
            title=case.heading,
            words=case.asked,
            advice=f"{case.answered}（{case.result}）" if case.result else case.answered,
            source=_SOURCE,
            checked_on=_CHECKED,
        )
        for case in published_cases()
    ]
    return [*own, *past]


def fill(*, writer: Actor, supervisor: Actor, at: dt.datetime) -> list[UUID]:
    """Write the handbook, and approve all of it but the last sheet: that is left to try."""
    rows = [write(written=it, actor=writer, at=at).pk for it in sheets()]
    for row in rows[:-1]:
        approve(sheet=row, actor=supervisor, at=at)
    return rows
