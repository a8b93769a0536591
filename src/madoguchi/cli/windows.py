"""`madoguchi windows`: the directory with the matrix, for people and for other systems."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator

import click

from madoguchi.directory import hsds
from madoguchi.directory.checks import stale
from madoguchi.directory.matrix import matrix
from madoguchi.directory.telling import channel_told, directory_told
from madoguchi.directory.windows import Channel, Window, all_windows
from madoguchi.rules.calendar import JAPAN

_COLUMNS = (
    *("id", "name_ja", "name_en", "operator_ja", "does", "kind", "label_ja", "number", "ip_phone"),
    *("url", "hours_ja", "cost_ja", "unconfirmed", "takes_ja", "checked_on", "sources"),
)


@click.command()
@click.option("--format", "form", type=click.Choice(["json", "csv", "hsds"]), default="json")
@click.option("--check", is_flag=True, help="180日より前に確かめたきりの事実を出す")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="--check を、この日に見る")
def windows(form: str, *, check: bool, on: dt.datetime | None) -> None:
    """List every window (窓口) with its channels, source, date of check and matrix."""
    known = list(all_windows().values())
    if check:
        _check((on or dt.datetime.now(JAPAN)).date())
        return
    if form == "csv":
        click.echo(_as_csv(known), nl=False)
        return
    told = directory_told() if form == "json" else hsds.services()
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _check(on: dt.date) -> None:
    """List the facts to be checked again on the day `on`; exit code 1 where there are any."""
    found = stale(on)
    for where, fact in found:
        titles = "、".join(it.title for it in fact.sources)
        click.echo(f"{where}\t{fact.name}\t{fact.checked_on.isoformat()}\t{titles}")
    if found:
        raise click.exceptions.Exit(1)


def _taken(window: Window) -> Iterator[str]:
    """Yield the window's column of the matrix: what, and how it takes it."""
    for row in matrix()["rows"]:
        if cell := row["cells"].get(window.id):
            doubt = "" if cell["certain"] else "（要確認）"
            yield f"{row['row']}={cell['mark']}{doubt}"


def _doubts(window: Window, channel: Channel) -> Iterator[str]:
    """Yield what of a line is not confirmed: facts of the window, and of this channel."""
    others = {it.id for it in window.channels} - {channel.id}
    for fact in window.facts.values():
        if fact.unconfirmed and fact.name.partition(".")[0] not in others:
            yield fact.name


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
            "takes_ja": ";".join(_taken(window)),
            "checked_on": window.checked_on.isoformat(),
            "sources": ";".join(window.sources),
        }
        for channel in window.channels:
            doubts = {"unconfirmed": ";".join(_doubts(window, channel))}
            rows.writerow(channel_told(channel) | of_window | doubts)
    return "\ufeff" + out.getvalue()
