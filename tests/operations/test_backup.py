"""Backup and restore: what comes back is what was there, figures and ledger alike."""

import fcntl
import io
import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tarfile
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import click
import pytest
from django.db import connection

from madoguchi.cli import snapshots
from madoguchi.demo.records import FY2024, contact_rows, opening_days, printed
from madoguchi.rules.contact_records import COLUMNS
from tests import databases

KEY = "Y29tbWFuZHMtY29tbWFuZHMtY29tbWFuZHMtY29tbWE="
OTHER_KEY = "b3RoZXItb3RoZXItb3RoZXItb3RoZXItb3RoZXItb3Q="
FIGURES = ["statistics", "--desk", "osaka", "--from", "2024-04-01", "--to", "2025-03-31"]


class Machine:
    """A machine with a home of its own, on the database that the tests run on."""

    def __init__(self, folder: Path, name: str) -> None:
        self.home = folder / name
        self.home.mkdir()
        usual = ("PATH", "HOME", "LANG", "PYTHONPATH")
        kept = {word: os.environ[word] for word in usual if word in os.environ}
        url = databases.made_anew(name, self.home)
        self.said = {**kept, "MADOGUCHI_HOME": str(self.home), "DATABASE_URL": url}
        self.said |= {"MADOGUCHI_KEY": KEY}
        self.file = self.home / "madoguchi.sqlite3"

    def run(self, *words: str | Path, **said: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "madoguchi.cli", *map(str, words)],
            cwd="/",
            env={**self.said, **said},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def done(self, *words: str | Path, **said: str) -> str:
        answer = self.run(*words, **said)
        assert answer.returncode == 0, answer.stderr
        assert "Traceback" not in answer.stderr
        return answer.stdout

    def script(self, code: str) -> str:
        told = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env={**self.said, "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"},
            check=True,
            capture_output=True,
            text=True,
        )
        return told.stdout

    def refused(self, *words: str | Path, code: int, **said: str) -> str:
        answer = self.run(*words, **said)
        assert answer.returncode == code, answer
        assert answer.stdout == ""
        assert len(answer.stderr.splitlines()) == 1, answer.stderr
        return answer.stderr


def _records(folder: Path) -> Path:
    file = folder / "records.csv"
    lines = [",".join(COLUMNS)]
    rows = [row for row in contact_rows() if row["受付日時"] < "2025-04"]
    lines += [",".join(row.get(column, "") for column in COLUMNS) for row in rows]
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.fixture(scope="module")
def filled(tmp_path_factory, django_db_setup, django_db_blocker):
    """A desk with a year's records, a file that was sent, and somebody's session."""
    folder = tmp_path_factory.mktemp("filled")
    with django_db_blocker.unblock():
        machine = Machine(folder, "filled")
        machine.vendor = connection.vendor
    words = ["desks", "create", "--slug", "osaka", "--name", "窓", "--prefecture", "大阪府"]
    machine.done(*words)
    machine.done("contacts", "import", _records(folder), "--desk", "osaka")
    days = folder / "days.csv"
    days.write_text("\n".join(day.isoformat() for day in sorted(opening_days(FY2024))) + "\n")
    machine.done("desks", "opening-days", "import", days, "--desk", "osaka")
    (machine.home / "files" / "ab").mkdir(parents=True)
    (machine.home / "files" / "ab" / "abcd").write_bytes(b"sealed picture" * 1000)
    machine.backup = folder / "kept.tar.gz"
    machine.told = machine.done("backup", "--out", machine.backup)
    machine.ledger = machine.done("ledger", "verify")
    return machine


@pytest.fixture
def elsewhere(tmp_path, db):
    """An empty machine with the same key."""
    return Machine(tmp_path, "elsewhere")


@pytest.fixture(autouse=True)
def _real_commits(transactional_db) -> None:
    """Databases are made and dropped here, which no transaction may surround."""


def _manifest(file: Path) -> dict:
    with tarfile.open(file) as tar:
        return json.load(tar.extractfile("manifest.json"))


def test_what_is_restored_has_the_same_figures_the_same_ledger_and_the_same_files(
    filled, elsewhere
) -> None:
    told = elsewhere.done("restore", filled.backup)
    figures = json.loads(filled.done(*FIGURES))
    assert figures["totals"]["延べ受付件数"] == printed(FY2024)["totals"]["延べ受付件数"]
    assert json.loads(elsewhere.done(*FIGURES)) == figures
    assert elsewhere.done("ledger", "verify") == filled.ledger
    assert filled.ledger.split("、")[-1].split("件")[0] in told
    sent = elsewhere.home / "files" / "ab" / "abcd"
    assert sent.read_bytes() == b"sealed picture" * 1000
    assert stat.S_IMODE(sent.stat().st_mode) == 0o600


def test_words_open_again_where_they_are_restored(filled, elsewhere, tmp_path) -> None:
    elsewhere.done("restore", filled.backup)
    for machine, name in ((filled, "before.csv"), (elsewhere, "after.csv")):
        machine.done("contacts", "export", "--desk", "osaka", "--out", tmp_path / name)
    assert (tmp_path / "after.csv").read_bytes() == (tmp_path / "before.csv").read_bytes()


def test_a_backup_is_for_its_owners_eyes_says_what_it_holds_and_holds_no_key(filled) -> None:
    assert stat.S_IMODE(filled.backup.stat().st_mode) == 0o600
    assert "鍵は入っていません" in filled.told
    assert "日時、分類、職員の名前は" in filled.told
    said = _manifest(filled.backup)
    assert said["format"] == "madoguchi.backup/1"
    assert (said["engine"], said["desks"]) == (filled.vendor, 1)
    assert (said["holds_key"], said["encrypted"]) == (False, False)
    names = [member["name"] for member in said["members"]]
    assert names == [snapshots.NAMES[filled.vendor], "files/ab/abcd"]
    assert KEY[:-1].encode() not in filled.backup.read_bytes()


def test_sha256sum_alone_proves_the_members(filled, tmp_path) -> None:
    subprocess.run(["tar", "-xzf", filled.backup, "-C", tmp_path], check=True)
    sums = "".join(
        f"{member['sha256']}  {member['name']}\n" for member in _manifest(filled.backup)["members"]
    )
    subprocess.run(
        ["sha256sum", "--check", "--strict", "-"], cwd=tmp_path, input=sums.encode(), check=True
    )


def test_sessions_do_not_live_on_in_a_backup(filled, tmp_path) -> None:
    if filled.vendor != "sqlite":
        subprocess.run(["tar", "-xzf", filled.backup, "-C", tmp_path], check=True)
        words = [snapshots.program_called("pg_restore"), "--list", tmp_path / "database.pgdump"]
        held = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        assert "TABLE public vault_sealedsession" in held
        assert "TABLE DATA public vault_sealedsession" not in held
        return
    with closing(sqlite3.connect(filled.file)) as database:
        said = ("x", b"a payload of somebody's answers", "2099-01-01 00:00:00")
        database.execute("INSERT INTO vault_sealedsession VALUES (?, ?, ?)", said)
        database.commit()
    filled.done("backup", "--out", tmp_path / "b.tar.gz")
    with tarfile.open(tmp_path / "b.tar.gz") as tar:
        content = tar.extractfile("database.sqlite3").read()
    assert b"somebody's answers" not in content


def test_a_desk_that_is_there_is_not_replaced_unless_told(filled, elsewhere) -> None:
    words = ["desks", "create", "--slug", "kobe", "--name", "港", "--prefecture", "兵庫県"]
    elsewhere.done(*words)
    assert "--replace" in elsewhere.refused("restore", filled.backup, code=1)
    elsewhere.refused(*FIGURES, code=2)
    elsewhere.done("restore", filled.backup, "--replace")
    assert json.loads(elsewhere.done(*FIGURES)) == json.loads(filled.done(*FIGURES))
    if filled.vendor == "sqlite":
        assert len(list(elsewhere.home.glob("madoguchi.sqlite3.before-*"))) == 1


def test_what_was_erased_since_the_backup_is_erased_again(filled, elsewhere) -> None:
    elsewhere.done("restore", filled.backup)
    erased = elsewhere.script(
        "from django.db import transaction\n"
        "from django.utils import timezone\n"
        "from madoguchi.correspondence.models import Message\n"
        "from madoguchi.ledger.chain import Deed\n"
        "from madoguchi.ledger.operations import record\n"
        "matter = Message.objects.order_by('pk')[0].matter\n"
        "with transaction.atomic():\n"
        "    record(Deed.ERASED, desk=matter.desk_id, matter=matter.pk, at=timezone.now())\n"
        "print(matter.pk)\n"
    ).strip()
    words = (
        "from madoguchi.correspondence.models import Message\n"
        f"print(Message.objects.filter(matter='{erased}').count())\n"
    )
    assert elsewhere.script(words) != "0\n"
    assert "1件を、もう一度消去" in elsewhere.done("restore", filled.backup, "--replace")
    assert elsewhere.script(words) == "0\n"
    elsewhere.done("ledger", "verify")


def test_nothing_is_put_back_under_a_running_worker(filled, elsewhere) -> None:
    elsewhere.done("restore", filled.backup)
    elsewhere.script(
        "from django.utils import timezone\n"
        "from madoguchi.jobs.operations import beat\n"
        "from madoguchi.vault.ids import new_id\n"
        "beat(worker=new_id(), at=timezone.now())\n"
    )
    assert "止めて" in elsewhere.refused("restore", filled.backup, "--replace", code=1)


@contextmanager
def _serving(machine):
    """A page server by itself, with no worker that could give a sign of life."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    words = [sys.executable, "-m", "madoguchi.cli", "serve", "--no-worker", "--port", port]
    server = subprocess.Popen(words, cwd="/", env=machine.said, stdout=subprocess.PIPE, text=True)
    try:
        assert "http" in server.stdout.readline()
        end = time.monotonic() + 60
        while True:
            with suppress(URLError), urlopen(f"http://127.0.0.1:{port}/consult/", timeout=60):
                break
            assert time.monotonic() < end
        yield server
    finally:
        server.terminate()
        server.wait(30)
        server.stdout.close()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_nothing_is_put_back_under_a_running_server_even_without_a_worker(
    filled, elsewhere
) -> None:
    words = ["desks", "create", "--slug", "kobe", "--name", "港", "--prefecture", "兵庫県"]
    elsewhere.done(*words)
    with _serving(elsewhere):
        assert "止めて" in elsewhere.refused("restore", filled.backup, "--replace", code=1)
        assert not list(elsewhere.home.glob("*.before-*"))
    told = elsewhere.done("restore", filled.backup, "--replace")
    if filled.vendor == "sqlite":
        assert "要らないと確かめるまで、消さないで" in told


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_nobody_begins_to_serve_while_a_backup_is_put_back(filled, elsewhere) -> None:
    elsewhere.done("restore", filled.backup)
    with (elsewhere.home / "madoguchi.sqlite3.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for words in (["serve", "--no-worker"], ["worker", "--once"]):
            assert "戻しているところ" in elsewhere.refused(*words, code=1)
    elsewhere.done("worker", "--once")


def test_without_its_key_nothing_is_put_back_and_no_key_is_made(filled, elsewhere) -> None:
    for key in ("", OTHER_KEY):
        told = elsewhere.refused("restore", filled.backup, code=1, MADOGUCHI_KEY=key)
        assert _manifest(filled.backup)["keys"][0] in told
    assert not list(elsewhere.home.glob("*.key"))
    assert not elsewhere.file.exists()


def test_the_key_is_in_it_where_that_was_asked_for(filled, elsewhere, tmp_path) -> None:
    answer = filled.run("backup", "--with-key", "--out", tmp_path / "all.tar.gz")
    assert answer.returncode == 0
    assert "鍵が入っています" in answer.stderr
    place = elsewhere.home / "the.key"
    said = {"MADOGUCHI_KEY": "", "MADOGUCHI_KEY_PATH": str(place)}
    elsewhere.done("restore", tmp_path / "all.tar.gz", **said)
    assert place.read_text().strip() == KEY
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    elsewhere.done("ledger", "verify", **said)


def _changed(source: Path, out: Path, *, change) -> Path:
    """Write the backup again with its members (name → bytes) changed."""
    with tarfile.open(source) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}
    change(members)
    with tarfile.open(out, "w:gz") as tar:
        for name, content in members.items():
            told = tarfile.TarInfo(name)
            told.size = len(content)
            tar.addfile(told, io.BytesIO(content))
    return out


def _flip(members: dict[str, bytes]) -> None:
    members["files/ab/abcd"] = b"another picture"


def _miss(members: dict[str, bytes]) -> None:
    del members["files/ab/abcd"]


def _add(members: dict[str, bytes]) -> None:
    members["../outside"] = b"x"


def _of_tomorrow(members: dict[str, bytes]) -> None:
    said = json.loads(members["manifest.json"])
    said["migrations"].append("desks.9999_of_tomorrow")
    members["manifest.json"] = json.dumps(said).encode()


def _of_another_kind(members: dict[str, bytes]) -> None:
    said = json.loads(members["manifest.json"])
    said["engine"] = "another"
    members["manifest.json"] = json.dumps(said).encode()


@pytest.mark.parametrize("change", [_flip, _miss, _add, _of_tomorrow, _of_another_kind])
def test_a_backup_that_is_not_as_it_was_changes_nothing(
    filled, elsewhere, tmp_path, change
) -> None:
    bad = _changed(filled.backup, tmp_path / "bad.tar.gz", change=change)
    elsewhere.refused("restore", bad, code=2)
    elsewhere.refused(*FIGURES, code=2)
    assert not (elsewhere.home / "files").exists()
    assert not (tmp_path / "outside").exists()


def test_a_file_cut_short_or_of_something_else_is_refused(filled, elsewhere, tmp_path) -> None:
    content = filled.backup.read_bytes()
    for piece in (content[: len(content) // 2], content[:10], b"", b"no backup" * 100):
        (tmp_path / "cut.tar.gz").write_bytes(piece)
        for check in ([], ["--check"]):
            elsewhere.refused("restore", tmp_path / "cut.tar.gz", *check, code=2)


def test_a_backup_can_be_proved_without_putting_it_back(filled, elsewhere) -> None:
    assert "そろっています" in elsewhere.done("restore", filled.backup, "--check")
    elsewhere.refused(*FIGURES, code=2)


def test_in_a_folder_backups_of_more_than_35_days_ago_are_deleted(filled, tmp_path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    names = ["madoguchi-20240101T000000Z.tar.gz", "madoguchi-20990101T000000Z.tar.gz", "mine.txt"]
    for name in names:
        (folder / name).touch()
    filled.done("backup", "--out", folder, "--keep-days", "0")
    assert {path.name for path in folder.iterdir()} > set(names)
    shutil.rmtree(folder)
    folder.mkdir()
    for name in names:
        (folder / name).touch()
    assert "35日" in filled.done("backup", "--out", folder)
    left = {path.name for path in folder.iterdir()}
    assert names[0] not in left
    assert left > set(names[1:])
    assert len(left) == 3


def test_a_folder_that_is_not_there_is_made_and_holds_every_days_backup(filled, tmp_path) -> None:
    folder = tmp_path / "every" / "day"
    filled.done("backup", "--out", folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    [first] = folder.iterdir()
    assert first.name.endswith(".tar.gz")
    first.rename(folder / "madoguchi-20240101T000000Z.tar.gz")
    assert "35日" in filled.done("backup", "--out", folder)
    assert len(list(folder.iterdir())) == 1
    (tmp_path / "mine").write_bytes(b"precious")
    filled.refused("backup", "--out", tmp_path / "mine", code=2)
    filled.refused("backup", "--out", tmp_path / "mine" / "kept", code=2)
    assert (tmp_path / "mine").read_bytes() == b"precious"


def test_a_backup_is_not_written_over_another_nor_into_nowhere(filled, tmp_path) -> None:
    (tmp_path / "there.tar.gz").write_bytes(b"precious")
    filled.refused("backup", "--out", tmp_path / "there.tar.gz", code=2)
    assert (tmp_path / "there.tar.gz").read_bytes() == b"precious"
    filled.refused("backup", "--out", tmp_path / "no" / "such.tar.gz", code=2)
    assert [path.name for path in tmp_path.iterdir()] == ["there.tar.gz"]


def test_where_postgresqls_programs_are_missing_that_is_said(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(snapshots, "_DEBIAN", tmp_path)
    with pytest.raises(click.ClickException, match=r"pg_dump.*apt-get install postgresql-client"):
        snapshots._run("pg_dump")
    (tmp_path / "9.6/bin").mkdir(parents=True)
    (tmp_path / "15/bin").mkdir(parents=True)
    for version in ("9.6", "15"):
        (tmp_path / version / "bin" / "pg_dump").touch()
    assert snapshots.program_called("pg_dump") == str(tmp_path / "15/bin/pg_dump")
