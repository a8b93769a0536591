"""`madoguchi migrate`: bring the database to this version, after an update."""

import click

from madoguchi.cli.setting import open_database

_DONE = "データベースは、この版になりました。"


@click.command()
def migrate() -> None:
    """Bring the database to this version; make it where there is none. Take a backup first."""
    open_database(migrate=True)
    click.echo(_DONE)
