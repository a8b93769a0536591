"""`madoguchi contacts` and `madoguchi statistics`, as a shell sees them."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from madoguchi.demo.records import FY2025_H1, contact_rows, opening_days, printed
from madoguchi.rules.contact_records import COLUMNS

PERIOD = ("--desk", "osaka", "--from", "2025-04-01", "--to", "2025-09-30")


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    """Run `madoguchi` on the machine whose home is `folder`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "from madoguchi.cli.main import main; main()", *words],
        cwd=folder,
        env={**kept, "MADOGUCHI_HOME": str(folder), "PYTHONUTF8": "1"},
        capture_output=True,
        timeout=120,
        check=False,
    )


def refused(answer: subprocess.CompletedProcess[bytes], code: int) -> list[str]:
    assert answer.returncode == code, answer
    assert answer.stdout == b""
    assert b"Traceback" not in answer.stderr
    return answer.stderr.decode().splitlines()


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A machine whose desk has the contacts behind the printed figures."""
    folder = tmp_path_factory.mktemp("filled")
    with (folder / "records.csv").open("w", newline="", encoding="cp932") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(contact_rows())
    (folder / "days.csv").write_text("\n".join(map(str, opening_days(FY2025_H1))))
    for words in (
        ("desks", "create", "--slug", "osaka", "--name", "窓", "--prefecture", "大阪府"),
        ("desks", "opening-days", "import", "days.csv", "--desk", "osaka"),
        ("contacts", "import", "records.csv", "--desk", "osaka"),
    ):
        answer = run(folder, *words)
        assert answer.returncode == 0, answer
    return folder


def test_the_figures_of_a_fresh_machine_are_the_printed_ones(filled: Path) -> None:
    answer = run(filled, "statistics", *PERIOD, "--format", "json")
    assert (answer.returncode, answer.stderr) == (0, b"")
    given, expected = json.loads(answer.stdout), printed(FY2025_H1)
    assert given["totals"] == expected["totals"]
    for title, table in expected["tables"].items():
        assert given["tables"][title].items() >= table.items()


@pytest.mark.parametrize(
    ("kind", "begins"),
    [("json", b"{"), ("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF-")],
)
def test_every_format_can_be_written_to_a_file(filled: Path, kind: str, begins: bytes) -> None:
    answer = run(filled, "statistics", *PERIOD, "--format", kind, "--out", f"figures.{kind}")
    assert answer.returncode == 0, answer
    assert (filled / f"figures.{kind}").read_bytes().startswith(begins)


def test_what_is_exported_is_imported_elsewhere_with_the_same_figures(filled: Path) -> None:
    assert run(filled, "contacts", "export", "--desk", "osaka", "--out", "out.csv").returncode == 0
    assert (filled / "out.csv").stat().st_mode & 0o077 == 0
    run(filled, "desks", "create", "--slug", "kobe", "--name", "隣", "--prefecture", "兵庫県")
    assert run(filled, "contacts", "import", "out.csv", "--desk", "kobe").returncode == 0
    here, there = (
        json.loads(run(filled, "statistics", "--desk", desk, *PERIOD[2:]).stdout)
        for desk in ("osaka", "kobe")
    )
    assert here["tables"] == there["tables"]


def test_the_same_file_again_does_not_hold(filled: Path) -> None:
    [said] = refused(run(filled, "contacts", "import", "records.csv", "--desk", "osaka"), 1)
    assert "--again" in said


def test_faults_are_told_by_row_and_column_and_nothing_is_taken(filled: Path) -> None:
    text = (filled / "records.csv").read_text("cp932")
    (filled / "bad.csv").write_text(text.replace(",電話,", ",でんわ,"))
    said = refused(run(filled, "contacts", "import", "bad.csv", "--desk", "osaka"), 2)
    assert len(said) == 22
    assert said[0].startswith("2行目「手法」：")
    assert said[-1] == "直すところが546か所あります。何も取り込んでいません。"


def test_a_dry_run_says_that_the_file_is_sound(filled: Path) -> None:
    (filled / "more.csv").write_text((filled / "records.csv").read_text("cp932") + "\n")
    answer = run(filled, "contacts", "import", "more.csv", "--desk", "osaka", "--dry-run")
    assert answer.returncode == 0
    assert "1049件、すべて読めました" in answer.stdout.decode()


def test_all_days_there_are_can_be_asked_for(filled: Path) -> None:
    days = ("--desk", "osaka", "--from", "0001-01-01", "--to", "9999-12-31")
    for kind in ("json", "csv"):
        answer = run(filled, "statistics", *days, "--format", kind)
        assert (answer.returncode, answer.stderr) == (0, b"")
        assert b"1049" in answer.stdout


def test_bytes_that_are_called_a_workbook_are_refused_as_none(filled: Path) -> None:
    (filled / "noise.xlsx").write_bytes(bytes(range(256)) * 9)
    said = refused(run(filled, "contacts", "import", "noise.xlsx", "--desk", "osaka"), 2)
    assert said == ["Excelのファイルとして読めません。xlsxかCSVで保存し直してください。"]


@pytest.mark.parametrize(
    "words",
    [
        ("contacts", "import", "nowhere.csv", "--desk", "osaka"),
        ("contacts", "import", "days.csv", "--desk", "nobody"),
        ("contacts", "export", "--desk", "osaka", "--out", "no/such/folder.csv"),
        ("statistics", "--desk", "osaka", "--from", "2025-04-01", "--to", "2025-03-31"),
        ("statistics", "--desk", "osaka", "--from", "4/1", "--to", "2025-03-31"),
        ("statistics", "--desk", "nobody", "--from", "2025-04-01", "--to", "2026-03-31"),
    ],
)
def test_a_wrong_call_is_refused_in_one_line(filled: Path, words: tuple[str, ...]) -> None:
    assert len(refused(run(filled, *words), 2)) == 1
