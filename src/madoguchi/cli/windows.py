"""`madoguchi windows`: the directory with the matrix, for people and for other systems."""

import csv
import datetime as dt
import io
import json
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import click

from madoguchi.directory.editions import current
from madoguchi.directory.reading import read
from madoguchi.directory.windows import Channel, Window, all_windows
from madoguchi.rules.calendar import JAPAN

_COLUMNS = (
    *("id", "name_ja", "name_en", "operator_ja", "does", "kind", "label_ja", "number", "ip_phone"),
    *("url", "hours_ja", "cost_ja", "checked_on", "sources"),
)
_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@click.command()
@click.option("--format", "form", type=click.Choice(["json", "csv", "hsds"]), default="json")
@click.option("--check", is_flag=True, help="180日より前に確かめたきりのものを出す")
def windows(form: str, *, check: bool) -> None:
    """List every window (窓口) with its channels, source, date of check and matrix."""
    known = list(all_windows().values())
    if check:
        _check(known)
        return
    if form == "csv":
        click.echo(_as_csv(known), nl=False)
        return
    told = _as_json(known) if form == "json" else [_as_service(it) for it in known]
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _check(known: list[Window]) -> None:
    """List what is to be checked again; exit code 1 where there is anything."""
    today = dt.datetime.now(JAPAN).date()
    stale = [it for it in known if it.is_stale(today)]
    for window in stale:
        click.echo(f"{window.id}\t{window.checked_on.isoformat()}\t{window.name.ja}")
    if stale:
        raise click.exceptions.Exit(1)


def _as_json(known: list[Window]) -> dict[str, Any]:
    matrix = read("matrix.json")
    return {
        "format": "madoguchi.windows/1",
        "edition": current().name,
        "as_of": current().as_of.isoformat(),
        "windows": [_window(it) for it in known],
        "matrix": {name: matrix[name] for name in ("source", "marks", "notes", "rows")},
    }


def _window(window: Window) -> dict[str, Any]:
    return {
        "id": window.id,
        **{
            f"{name}_{language}": getattr(getattr(window, name), language)
            for name in ("name", "operator", "role", "who", "asks")
            for language in ("ja", "easy", "en")
        },
        "does": list(window.does),
        "can_ja": [it.ja for it in window.can],
        "cannot_ja": [it.ja for it in window.cannot],
        "url": window.url,
        "channels": [_channel(it) for it in window.channels],
        "sources": list(window.sources),
        "doubts": list(window.doubts),
        "checked_on": window.checked_on.isoformat(),
    }


def _channel(channel: Channel) -> dict[str, Any]:
    told = {
        "kind": channel.kind,
        "label_ja": channel.label.ja,
        "label_en": channel.label.en,
        "number": channel.display,
        "dial": channel.number,
        "ip_phone": channel.ip_display,
        "url": channel.url,
        "hours_ja": channel.when.ja if channel.when else "",
        "cost_ja": channel.cost.ja,
        "note_ja": channel.note.ja if channel.note else "",
        "service": channel.service,
    }
    return {name: value for name, value in told.items() if value}


def _as_csv(known: list[Window]) -> str:
    """One line per channel; UTF-8 with BOM, as Japanese spreadsheets want it."""
    out = io.StringIO()
    rows = csv.DictWriter(out, _COLUMNS, restval="", extrasaction="ignore")
    rows.writeheader()
    for window in known:
        of_window = {
            "id": window.id,
            "name_ja": window.name.ja,
            "name_en": window.name.en,
            "operator_ja": window.operator.ja,
            "does": ";".join(window.does),
            "checked_on": window.checked_on.isoformat(),
            "sources": ";".join(window.sources),
        }
        for channel in window.channels:
            rows.writerow(of_window | _channel(channel))
    return "\ufeff" + out.getvalue()


def _as_service(window: Window) -> dict[str, Any]:
    """Return the window as a `service` of Open Referral HSDS 3."""
    return {
        "id": _id(window.id),
        "name": window.name.ja,
        "alternate_name": window.name.en,
        "description": window.role.ja,
        "url": window.url or None,
        "status": "active",
        "eligibility_description": window.who.ja,
        "application_process": window.asks.ja,
        "fees_description": "、".join(dict.fromkeys(it.cost.ja for it in window.channels)),
        "assured_date": window.checked_on.isoformat(),
        "organization": {
            "id": _id(f"{window.id}/organization"),
            "name": window.operator.ja,
            "description": window.operator.ja,
        },
        "phones": [_phone(window, it) for it in window.phones],
        "schedules": [it for channel in window.phones for it in _schedules(window, channel)],
        "attributes": [
            {
                "id": _id(f"{window.id}/does/{it}"),
                "link_id": _id(window.id),
                "link_type": "capability",
                "value": it,
            }
            for it in window.does
        ],
    }


def _schedules(window: Window, channel: Channel) -> list[dict[str, Any]]:
    return [
        {
            "id": _id(f"{window.id}/{channel.number}/{at}"),
            "freq": "WEEKLY",
            "byday": ",".join(_BYDAY[day] for day in line.weekdays),
            "opens_at": line.opens.isoformat("minutes"),
            "closes_at": line.until.isoformat("minutes"),
            "timezone": "+09:00",
            "description": f"{channel.label.ja} {channel.when.ja if channel.when else ''}",
        }
        for at, line in enumerate(channel.hours.openings if channel.hours else ())
    ]


def _phone(window: Window, channel: Channel) -> dict[str, Any]:
    return {
        "id": _id(f"{window.id}/{channel.number}"),
        "number": channel.display,
        "type": "voice",
        "description": "。".join(it for it in (channel.label.ja, channel.cost.ja) if it),
    }


def _id(name: str) -> str:
    """HSDS wants a UUID: made from the window's id, so that it stays the same."""
    return str(uuid5(NAMESPACE_URL, f"https://madoguchi.example/windows/{name}"))
