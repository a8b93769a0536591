"""`madoguchi contacts`: bring contact records in, take them out."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from madoguchi.cli.setting import WrongCallError, desk_of, open_database

if TYPE_CHECKING:
    from uuid import UUID

    from madoguchi.consultations.operations.importing import How, ImportResult

_UNREADABLE = "{file} を読めません。ファイルがあるか、開く権限があるか確かめてください。"
_UNWRITABLE = "{file} に書き出せません。フォルダーがあるか、書く権限があるか確かめてください。"
_NOTHING_TAKEN = "直すところが{count}か所あります。何も取り込んでいません。"
_MORE = "（ほかに{count}か所）"
_SOUND = "{rows}件、すべて読めました。確かめただけで、取り込んでいません。"
_DONE = "{rows}件の受付を取り込みました（新しい相談{new}件、続きの相談{continued}件）。"


@click.group()
def contacts() -> None:
    """Contact records (受付記録)."""


@contacts.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--desk", "slug", required=True, help="The desk's slug.")
@click.option("--dry-run", is_flag=True, help="Read and check only; store nothing.")
@click.option("--again", is_flag=True, help="Take the file though it was taken before.")
def import_file(file: Path, slug: str, *, dry_run: bool, again: bool) -> None:
    """Import FILE (CSV or xlsx): all of it, or nothing."""
    try:
        content = file.read_bytes()
    except OSError:
        raise WrongCallError(_UNREADABLE.format(file=file)) from None
    open_database()
    desk = desk_of(slug)
    if file.suffix.lower() == ".xlsx":
        _check_workbook(content)
    from madoguchi.consultations.operations.importing import How

    result = _import(desk.pk, content, How(again=again, dry_run=dry_run))
    if result.faults:
        raise WrongCallError(_faults(result))
    said = _SOUND if dry_run else _DONE
    click.echo(
        said.format(
            rows=result.rows,
            new=result.new_consultations,
            continued=result.continued_consultations,
        )
    )


def _import(desk: "UUID", content: bytes, how: "How") -> "ImportResult":
    """Import under a progress bar, on stderr."""
    from django.utils import timezone

    from madoguchi.consultations.operations.importing import import_contacts
    from madoguchi.consultations.operations.reading import UnableToImportError, UnreadableFileError

    is_seen = sys.stderr.isatty()
    with click.progressbar(length=1, label="取り込み", file=sys.stderr, hidden=not is_seen) as bar:

        def show(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        try:
            return import_contacts(
                desk=desk,
                content=content,
                actor=None,
                at=timezone.now(),
                how=how,
                progress=show,
            )
        except UnreadableFileError as refusal:
            raise WrongCallError(str(refusal)) from None
        except UnableToImportError as refusal:
            raise click.ClickException(str(refusal)) from None


def _check_workbook(content: bytes) -> None:
    from madoguchi.consultations.operations.reading import UnreadableFileError, check_workbook

    try:
        check_workbook(content)
    except UnreadableFileError as refusal:
        raise WrongCallError(str(refusal)) from None


def _faults(result: "ImportResult") -> str:
    """Return the faults, one to a line, and how many are not shown."""
    lines = [str(fault) for fault in result.faults]
    if result.fault_count > len(lines):
        lines.append(_MORE.format(count=result.fault_count - len(lines)))
    return "\n".join([*lines, _NOTHING_TAKEN.format(count=result.fault_count)])


@contacts.command("export")
@click.option("--desk", "slug", required=True, help="The desk's slug.")
@click.option("--out", "file", required=True, type=click.Path(path_type=Path), help="A CSV file.")
def export_file(file: Path, slug: str) -> None:
    """Write every contact of a desk into a CSV file that can be imported again."""
    open_database()
    desk = desk_of(slug)
    from django.utils import timezone

    from madoguchi.consultations.operations.exporting import export_contacts

    content = export_contacts(desk=desk.pk, actor=None, at=timezone.now())
    write(file, content)
    click.echo(f"{file} に書き出しました。")


def write(file: Path, content: bytes) -> None:
    """Write `content` to `file`, readable by its owner alone, or refuse in one sentence."""
    try:
        file.touch(mode=0o600)
        file.write_bytes(content)
    except OSError:
        raise WrongCallError(_UNWRITABLE.format(file=file)) from None
