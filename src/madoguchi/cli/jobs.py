"""`madoguchi jobs`: what waits, what was given up, and trying that again."""

import click

from madoguchi.cli.setting import WrongCallError, open_database

_WAITING = "待っている仕事：{count}件"
_GIVEN_UP = "打ち切った仕事：{count}件"
_LINE = "  {id}  {name}  {at:%Y-%m-%d %H:%M}  {error}（{attempts}回）"
_NOTHING = "打ち切った仕事に、{id}番はありません。"
_AGAIN = "{count}件を、もう一度はじめます。"


@click.group(invoke_without_command=True)
@click.pass_context
def jobs(context: click.Context) -> None:
    """Jobs (仕事): how many wait, and which were tried too often."""
    open_database()
    if context.invoked_subcommand:
        return
    from django.utils import timezone

    from madoguchi.jobs.queries import given_up, unfinished

    stopped = list(given_up())
    click.echo(_WAITING.format(count=unfinished().count()))
    click.echo(_GIVEN_UP.format(count=len(stopped)))
    for job in stopped:
        assert job.given_up_at
        at = timezone.localtime(job.given_up_at)
        said = {"id": job.pk, "name": job.name, "error": job.error, "attempts": job.attempts}
        click.echo(_LINE.format(at=at, **said))


@jobs.command()
@click.argument("number", required=False, type=int)
@click.option("--all", "every", is_flag=True, help="All that were given up.")
def again(number: int | None, *, every: bool) -> None:
    """Try again a job that was given up, by its number, or `--all`."""
    from django.utils import timezone

    from madoguchi.jobs.operations import try_again
    from madoguchi.jobs.queries import given_up

    if every == (number is not None):
        raise click.UsageError("NUMBER / --all")
    wanted = [job.pk for job in given_up()] if every else [number or 0]
    count = sum(try_again(job=job, at=timezone.now()) for job in wanted)
    if number is not None and not count:
        raise WrongCallError(_NOTHING.format(id=number))
    click.echo(_AGAIN.format(count=count))
