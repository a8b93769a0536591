"""`madoguchi windows`: the directory with the matrix, for people and for other systems."""

import csv
import datetime as dt
import io
import json

import click

from madoguchi.directory import hsds
from madoguchi.directory.telling import channel_told, directory_told
from madoguchi.directory.windows import Window, all_windows
from madoguchi.rules.calendar import JAPAN

_COLUMNS = (
    *("id", "name_ja", "name_en", "operator_ja", "does", "kind", "label_ja", "number", "ip_phone"),
    *("url", "hours_ja", "cost_ja", "checked_on", "sources"),
)


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
    told = directory_told() if form == "json" else hsds.services()
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _check(known: list[Window]) -> None:
    """List what is to be checked again; exit code 1 where there is anything."""
    today = dt.datetime.now(JAPAN).date()
    stale = [it for it in known if it.is_stale(today)]
    for window in stale:
        click.echo(f"{window.id}\t{window.checked_on.isoformat()}\t{window.name.ja}")
    if stale:
        raise click.exceptions.Exit(1)


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
            rows.writerow(of_window | channel_told(channel))
    return "\ufeff" + out.getvalue()
