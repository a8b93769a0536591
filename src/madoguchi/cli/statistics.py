"""`madoguchi statistics`: the official tables of a desk, for a period."""

import datetime as dt
import sys
from pathlib import Path

import click

from madoguchi.cli.contacts import write
from madoguchi.cli.setting import WrongCallError, desk_of, open_database
from madoguchi.rules.calendar import Period
from madoguchi.rules.counting import Basis

_BAD_DAY = "{name} は 2025-04-01 のように書いてください。"
_ENDS_FIRST = "--to が --from より前です。順番を確かめてください。"
_NEEDS_FILE = "{format} は画面に出せません。--out でファイルの名前を指定してください。"


def _day(ctx: click.Context, option: click.Parameter, text: str) -> dt.date:  # noqa: ARG001 (click's signature)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise WrongCallError(_BAD_DAY.format(name=option.opts[0])) from None


@click.command()
@click.option("--desk", "slug", required=True, help="The desk's slug.")
@click.option("--from", "first", required=True, callback=_day, help="The first day (ISO).")
@click.option("--to", "last", required=True, callback=_day, help="The last day (ISO), included.")
@click.option(
    "--basis",
    type=click.Choice([str(basis) for basis in Basis]),
    help="Default: as the prefecture counts.",
)
@click.option("--format", "kind", type=click.Choice(["json", "csv", "xlsx", "pdf"]), default="json")
@click.option("--out", "file", type=click.Path(path_type=Path), help="A file; else the screen.")
def statistics(
    slug: str,
    first: dt.date,
    last: dt.date,
    basis: str | None,
    kind: str,
    file: Path | None,
) -> None:
    """Print a desk's figures for a period."""
    if last < first:
        raise WrongCallError(_ENDS_FIRST)
    if file is None and kind in {"xlsx", "pdf"} and sys.stdout.isatty():
        raise WrongCallError(_NEEDS_FILE.format(format=kind))
    content = _made(slug, Period(first, last), Basis(basis) if basis else None, kind)
    if file:
        write(file, content)
    else:
        sys.stdout.buffer.write(content)


def _made(slug: str, period: Period, basis: Basis | None, kind: str) -> bytes:
    open_database()
    desk = desk_of(slug)
    from django.utils import timezone

    from madoguchi.statistics.formats import FORMATS
    from madoguchi.statistics.presenting import Sheet
    from madoguchi.statistics.queries import return_of
    from madoguchi.ui.printing import UnableToPrintError

    sheet = Sheet(desk.name, return_of(desk.pk, period=period, basis=basis))
    try:
        return FORMATS[kind].make(sheet, timezone.now())
    except UnableToPrintError as refusal:
        raise click.ClickException(str(refusal)) from None
