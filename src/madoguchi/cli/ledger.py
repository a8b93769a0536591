"""`madoguchi ledger`: prove that what was written has not been rewritten."""

import click

from madoguchi.cli.setting import desk_of, open_database

_HOLDS = "台帳は、はじめから終わりまでつながっています（{chains}本、{entries}件）。"
_BROKEN = (
    "{whose}台帳は、{seq}件目でつながりが切れています（書きかえ、抜け、入れかえ、切り落とし）。"
)
_NO_HEAD = (
    "{whose}台帳は、終わりの記録がないか、この鍵で封をしたものではありません。"
    "{seq}件目から確かめられません。"
)


@click.group()
def ledger() -> None:
    """Ledger (台帳): who did what and when, written once."""


@ledger.command()
@click.option("--desk", "slug", help="Only this desk's chain and the installation's.")
def verify(slug: str | None) -> None:
    """Check every hash chain; exit 1 and name the first broken entry where one is broken."""
    open_database()
    from madoguchi.desks.queries import all_desks
    from madoguchi.ledger.queries import chains_of, count_in, first_break

    every = list(all_desks())
    asked = [desk_of(slug).pk] if slug else [desk.pk for desk in every]
    found = first_break(asked, others=slug is None)
    if found is None:
        chains = chains_of(asked, others=slug is None)
        click.echo(_HOLDS.format(chains=len(chains), entries=count_in(chains)))
        return
    names = {str(desk.pk): f"相談窓口「{desk.name}」（{desk.slug}）の" for desk in every}
    whose = names.get(found.chain, f"{found.chain} の" if found.is_a_desk else "設置全体の")
    sentence = _BROKEN if found.has_sound_head else _NO_HEAD
    raise click.ClickException(sentence.format(whose=whose, seq=found.seq))
