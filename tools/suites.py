"""Run every suite of tests, each on the database it is for, and sum up honestly.

A suite that fails, or that finds no test to run, fails the whole; the others still
run. `BROWSER=0` leaves the journeys out and says so.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

# Tests roll back what they write: statistics gathered in between say that tables full of rows
# are empty, and a plan made for no rows takes minutes for thousands.
SERVER = ("tools/postgres.py", "-c", "autovacuum=off")
ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / ".cache" / "tests"


@dataclass(frozen=True)
class Suite:
    """One run of pytest: what, and on which database."""

    name: str
    arguments: tuple[str, ...]
    postgres: bool = False
    browser: bool = False


SUITES = (
    Suite("sqlite", ("-n2", "tests", "--ignore=tests/journeys")),
    Suite("postgresql", ("-n2", "tests/operations"), postgres=True),
    Suite("journeys", ("tests/journeys",), browser=True),
    Suite(
        "journeys-postgresql",
        ("tests/journeys", "-m", "on_both_databases"),
        postgres=True,
        browser=True,
    ),
)


def ran(suite: Suite) -> bool:
    """Run one suite; return whether it passed."""
    started = time.monotonic()
    print(f"\n== {suite.name}", flush=True)
    python = [sys.executable]
    server = [*python, *SERVER] if suite.postgres else []
    result = RESULTS / f"{suite.name}.xml"
    result.unlink(missing_ok=True)
    words = [*server, *python, "-m", "pytest", "-q", f"--junitxml={result}", *suite.arguments]
    # The databases are ours to choose: a developer's own is never touched.
    environment = {name: said for name, said in os.environ.items() if name != "DATABASE_URL"}
    code = subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode
    print(f"== {suite.name}: {time.monotonic() - started:.0f} s, exit code {code}", flush=True)
    return code == 0


def counted(result: Path) -> tuple[int, int, int]:
    """Return how many tests passed, failed and were skipped, from pytest's own record."""
    if not result.exists():
        return 0, 1, 0  # it died before it could say
    suite = ET.parse(result).getroot()[0]  # noqa: S314 (pytest wrote it just now)
    skipped = int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    return int(suite.get("tests", 0)) - failed - skipped, failed, skipped


def main() -> int:
    """Run them all."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    browser = os.environ.get("BROWSER", "1") != "0"
    asked = [suite for suite in SUITES if browser or not suite.browser]
    failed = [suite.name for suite in asked if not ran(suite)]
    tallies = [counted(RESULTS / f"{suite.name}.xml") for suite in asked]
    passed, broken, skipped = (sum(column) for column in zip(*tallies, strict=True))
    print()
    if not browser:
        print("The journeys in a browser were left out: BROWSER=0")
    if os.environ.get("MAILSERVER") == "0":
        print("The e-mail journeys were left out: MAILSERVER=0")
    if failed:
        print(f"Not in order: {', '.join(failed)}")
    print(f"{passed} passed, {broken} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
