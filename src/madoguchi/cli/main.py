"""The `madoguchi` command line: words in, words out, no traceback."""

import sys
from importlib import import_module
from typing import Any

import click

_UNEXPECTED = (
    "思いがけない誤りで止まりました（{kind}）。"
    "MADOGUCHI_DEBUG=1 をつけてもう一度実行すると、くわしい場所が出ます。"
)
# Command → module under madoguchi.cli whose attribute of the same name is the command.
# Loaded when called for, so that `guide` starts without a database.
COMMANDS = {
    "backup": "backup",
    "contacts": "contacts",
    "demo": "demo",
    "desks": "desks",
    "guide": "guide",
    "jobs": "jobs",
    "keys": "keys",
    "ledger": "ledger",
    "migrate": "migrate",
    "restore": "restore",
    "returns": "returns",
    "serve": "serve",
    "statistics": "statistics",
    "windows": "windows",
    "worker": "worker",
}


class Madoguchi(click.Group):
    """A group that imports a command only when it is called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names of all commands."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command `cmd_name`, or None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"madoguchi.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what nobody foresaw is told by its kind alone: its text may be words."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.params["debug"]:
                raise
            kind = type(error).__name__
            raise click.ClickException(_UNEXPECTED.format(kind=kind)) from None


@click.command(cls=Madoguchi)
@click.option("--debug", is_flag=True, envvar="MADOGUCHI_DEBUG", hidden=True)
def commands(*, debug: bool) -> None:
    """Madoguchi (窓口): for the desks that help people harmed online."""


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 did not hold, 2 wrong call or input."""
    try:
        commands.main(standalone_mode=False)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as refusal:
        for line in refusal.format_message().splitlines():
            click.echo(line, err=True)
        sys.exit(refusal.exit_code)
