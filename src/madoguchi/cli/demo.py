"""`madoguchi demo`: a desk to look at, in an empty database."""

import click
from django.utils import timezone

from madoguchi.cli.setting import open_database


@click.command()
@click.option("--if-empty", is_flag=True, help="do nothing, and say nothing, where desks exist")
def demo(*, if_empty: bool) -> None:
    """Fill an empty database with the demonstration desk (slug `demo`)."""
    open_database(migrate=True)
    from madoguchi.demo import founding
    from madoguchi.desks.queries import any_desk

    if any_desk():
        if not if_empty:
            raise click.ClickException(
                "窓口がすでにあります。見本の窓口は、空のデータベースにだけ作ります。"
            )
    else:
        with click.progressbar(length=founding.record_count(), label="見本の窓口") as bar:
            founding.found(at=timezone.now(), progress=lambda done, _of: bar.update(done - bar.pos))
    for person in founding.sign_ins() if founding.is_here() else []:
        click.echo(f"  {person.name}: {person.username} / {person.password}")
