"""`madoguchi returns`: prove that what was published is still what was signed."""

import click

from madoguchi.cli.setting import desk_of, open_database

_SOUND = "確定した報告と公開データは、すべて署名のとおりです（{count}件）。"
_BROKEN = "{desk} の {first} から {last} まで（第{version}版）は、署名と合いません。"


@click.group()
def returns() -> None:
    """Prove what was frozen and signed (確定した報告)."""


@returns.command()
@click.option("--desk", "slug", help="Only this desk's.")
def verify(slug: str | None) -> None:
    """Check every signature; exit 1 and name each return that is not what was signed."""
    open_database()
    desk = desk_of(slug).pk if slug else None
    from madoguchi.statistics.queries.frozen import every_frozen, is_sound

    rows = list(every_frozen(desk))
    broken = [row for row in rows if not is_sound(row)]
    if not broken:
        click.echo(_SOUND.format(count=len(rows)))
        return
    sentences = [
        _BROKEN.format(desk=row.desk.slug, first=row.first, last=row.last, version=row.version)
        for row in broken
    ]
    raise click.ClickException("\n".join(sentences))
