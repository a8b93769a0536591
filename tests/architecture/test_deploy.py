"""deploy/: what an installer copies speaks of commands, options and settings that exist."""

import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path

import click
import pytest

from madoguchi.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


def _calls() -> list[list[str]]:
    text = "\n".join(path.read_text() for path in UNITS)
    return [
        call.split() for call in re.findall(r"^ExecStart=\S+/madoguchi (.+)$", text, re.MULTILINE)
    ]


def test_units_call_commands_with_options_that_there_are() -> None:
    calls = _calls()
    assert [call[0] for call in calls] == ["backup", "worker", "serve"]
    for name, *words in calls:
        command = getattr(import_module(f"madoguchi.cli.{COMMANDS[name]}"), name)
        assert isinstance(command, click.Command)
        command.make_parser(click.Context(command)).parse_args(list(words))


def test_the_environment_names_settings_that_there_are() -> None:
    said = re.findall(r"^(?:# )?([A-Z_]+)=", (DEPLOY / "environment").read_text(), re.MULTILINE)
    page = (ROOT / "docs/reference/settings.md").read_text()
    assert "HTTPS" in said
    assert not [name for name in said if f"| `{name}` |" not in page]


def test_the_page_speaks_of_every_file_and_of_no_other() -> None:
    page = (ROOT / "docs/how-to/install-on-one-server.md").read_text()
    named = set(re.findall(r"deploy/([\w.-]+)", page))
    assert named == {path.name for path in DEPLOY.iterdir()}


@pytest.mark.parametrize("name", ["Caddyfile", "nginx.conf"])
def test_proxies_keep_no_record_of_who_came(name) -> None:
    text = (DEPLOY / name).read_text()
    if name == "nginx.conf":
        assert text.count("access_log off;") == text.count("server {")
        assert "proxy_add_x_forwarded_for" not in text  # strangers say what they like in it
    else:
        assert not re.search(r"^madoguchi.*\{[^}]*\blog\b", text, re.DOTALL | re.MULTILINE)


def test_systemd_understands_the_units(tmp_path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd on this machine")
    for unit in UNITS:  # with a program that is there, wherever the tests run
        text = re.sub(
            r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE
        )
        (tmp_path / unit.name).write_text(text)
    told = subprocess.run(
        [program, "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in told.stderr.splitlines() if "madoguchi" in line]
    assert not ours
