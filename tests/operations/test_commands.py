"""The command line, as a shell sees it: a process, its words, its exit code."""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests import databases

KEY = "Y29tbWFuZHMtY29tbWFuZHMtY29tbWFuZHMtY29tbWE="


class Machine:
    """A fresh machine: a folder with nothing in it, and nothing set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "not" / "there" / "yet.sqlite3"
        self.said = {"DATABASE_URL": f"sqlite:///{self.file}"}

    def run(self, *words: str, **said: str) -> subprocess.CompletedProcess[str]:
        """Run `madoguchi` from a folder that is not the checkout."""
        usual = ("PATH", "HOME", "LANG", "PYTHONPATH")
        kept = {name: os.environ[name] for name in usual if name in os.environ}
        return subprocess.run(
            [sys.executable, "-c", "from madoguchi.cli.main import main; main()", *words],
            cwd="/",
            env={**kept, "MADOGUCHI_HOME": str(self.folder / "home"), **self.said, **said},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def sql(self, *statements: str) -> None:
        with sqlite3.connect(self.file) as database:
            for statement in statements:
                database.execute(statement)
        database.close()


def _refused(answer, *, code, lines=1):
    """Return what was said, where it was said as the contract says."""
    assert answer.returncode == code, answer
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.splitlines()) == lines, answer.stderr
    return answer.stderr


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    """A machine on which one desk was founded (once for all tests: copy it)."""
    machine = Machine(tmp_path_factory.mktemp("founded"))
    answer = machine.run(
        "desks", "create", "--slug", "osaka", "--name", "窓", "--prefecture", "大阪府"
    )
    assert answer.returncode == 0, answer.stderr
    return machine, answer


@pytest.fixture
def machine(founded, tmp_path):
    """The same, to do with what one likes."""
    shutil.copytree(founded[0].folder, tmp_path / "machine")
    return Machine(tmp_path / "machine")


@pytest.fixture
def fresh(tmp_path):
    return Machine(tmp_path)


# -- desks create -------------------------------------------------------------------------


def test_founding_makes_the_folder_the_database_and_the_key(founded):
    machine, answer = founded
    key = Path(f"{machine.file}.key")
    assert "「窓」（osaka）" in answer.stdout
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(machine.file.stat().st_mode) == 0o600
    assert len(answer.stderr.splitlines()) == 1
    assert str(key) in answer.stderr


def test_the_same_slug_twice_does_not_hold(machine):
    answer = machine.run(
        "desks", "create", "--slug", "osaka", "--name", "別", "--prefecture", "大阪府"
    )
    assert "もうあります" in _refused(answer, code=1)


def test_a_second_desk_is_founded_beside_the_first_without_a_new_key(machine):
    key = Path(f"{machine.file}.key").read_text()
    answer = machine.run(
        "desks", "create", "--slug", "kobe", "--name", "港", "--prefecture", "兵庫県"
    )
    assert answer.returncode == 0
    assert answer.stderr == ""
    assert "これまでどおり「窓」（osaka）" in answer.stdout
    assert "desks public kobe" in answer.stdout
    answer = machine.run("desks", "public", "kobe")
    assert "「港」（kobe）のものになりました" in answer.stdout
    assert "nara" in _refused(machine.run("desks", "public", "nara"), code=2)
    assert Path(f"{machine.file}.key").read_text() == key
    assert "（3本、3件）" not in machine.run("ledger", "verify").stdout
    assert machine.run("ledger", "verify").returncode == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"prefecture": "大阪"}, "北海道"),
        ({"prefecture": "Osaka"}, "沖縄県"),
        ({"slug": "Osaka"}, "--slug"),
        ({"slug": "a b"}, "--slug"),
        ({"slug": ""}, "--slug"),
        ({"slug": "x" * 51}, "--slug"),
        ({"name": " "}, "--name"),
        ({"name": "x" * 101}, "--name"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong_and_changes_nothing(fresh, change, told):
    words = {"slug": "osaka", "name": "窓", "prefecture": "大阪府", **change}
    options = [word for name, value in words.items() for word in (f"--{name}", value)]
    assert told in _refused(fresh.run("desks", "create", *options), code=2)
    assert not fresh.file.exists()


def test_all_47_prefectures_are_known_and_named(fresh):
    answer = fresh.run("desks", "create", "--slug", "a", "--name", "窓", "--prefecture", "x")
    assert len(re.findall(r"\S+[都道府県](?= |$)", answer.stderr.split("：")[1].strip())) == 47


def test_a_missing_option_is_a_wrong_call(fresh):
    assert "--name" in _refused(fresh.run("desks", "create", "--slug", "a"), code=2)


# -- opening days -------------------------------------------------------------------------------


def _import(machine, content, *, slug="osaka"):
    file = machine.folder / "days.csv"
    file.write_bytes(content)
    return machine.run("desks", "opening-days", "import", str(file), "--desk", slug)


def _days(machine):
    with sqlite3.connect(machine.file) as database:
        days = [row[0] for row in database.execute("SELECT day FROM desks_openingday ORDER BY day")]
    database.close()
    return days


def test_opening_days_are_recorded_once_each(machine):
    answer = _import(machine, b"\xef\xbb\xbf2025-04-02\r\n2025-04-01\r\n\r\n2025-04-02\r\n")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "2日" in answer.stdout
    assert "1日" in _import(machine, "2025/4/1\n2025年4月3日\n２０２５．４．３".encode()).stdout
    assert _days(machine) == ["2025-04-01", "2025-04-02", "2025-04-03"]


@pytest.mark.parametrize(
    "line", ["2025-02-30", "2025/4/31", "四月一日", "2025-04-01T10:00", "25-04-01"]
)
def test_one_bad_line_is_named_and_nothing_is_recorded(machine, line):
    told = _refused(_import(machine, f"2025-04-01\n\n{line}\n".encode()), code=2)
    assert "3行目" in told
    assert line in told
    assert _days(machine) == []


@pytest.mark.parametrize("content", [b"", b"\n\n", "四月".encode("shift_jis"), b"\x00\xff"])
def test_what_holds_no_days_is_refused(machine, content):
    _refused(_import(machine, content), code=2)
    assert _days(machine) == []


def test_an_unknown_desk_or_file_is_a_wrong_call(machine):
    assert "kyoto" in _refused(_import(machine, b"2025-04-01", slug="kyoto"), code=2)
    absent = machine.run("desks", "opening-days", "import", "/nowhere.csv", "--desk", "osaka")
    assert "/nowhere.csv" in _refused(absent, code=2)


# -- members --------------------------------------------------------------------------------------


def _add(machine, username="aoi", **said):
    words = {"desk": "osaka", "username": username, "name": "あおい", "role": "adviser", **said}
    return machine.run(
        "desks", "members", "add", *(w for n, v in words.items() for w in (f"--{n}", v))
    )


def test_a_member_gets_a_first_password_that_is_printed_once_and_not_kept(machine):
    answer = _add(machine)
    assert answer.returncode == 0
    [password] = re.findall(r"仮パスワード  (\S+)", answer.stdout)
    assert len(password) == 23
    assert password.encode() not in machine.file.read_bytes()
    again = machine.run("desks", "members", "renew", "--desk", "osaka", "--username", "aoi")
    assert password not in again.stdout
    assert "仮パスワード" in again.stdout


def test_a_username_is_given_once_however_it_is_written(machine):
    _add(machine)
    assert "もう使われています" in _refused(_add(machine, "AOI"), code=1)


@pytest.mark.parametrize(
    "change",
    [
        {"role": "admin"},
        {"username": "あおい"},
        {"username": "a b"},
        {"name": ""},
        {"desk": "kyoto"},
    ],
)
def test_a_wrong_member_is_refused(machine, change):
    _refused(_add(machine, **change), code=2)


def test_nobody_is_renewed_who_is_not_there(machine):
    answer = machine.run("desks", "members", "renew", "--desk", "osaka", "--username", "x")
    assert "「x」" in _refused(answer, code=2)


# -- ledger verify ----------------------------------------------------------------------------------


def test_a_ledger_that_holds_says_so(machine):
    for words in ([], ["--desk", "osaka"]):
        answer = machine.run("ledger", "verify", *words)
        assert (answer.returncode, answer.stderr) == (0, "")
        assert "つながっています" in answer.stdout


def test_a_broken_ledger_names_the_first_broken_entry(machine):
    _add(machine)
    machine.sql(
        "DROP TRIGGER ledger_no_update",
        "UPDATE ledger_entry SET deed = 'READ' WHERE deed = 'USER_ADDED'",
    )
    for words in ([], ["--desk", "osaka"]):
        told = _refused(machine.run("ledger", "verify", *words), code=1)
        assert "「窓」（osaka）" in told
        assert "2件目" in told


def test_a_ledger_without_its_key_is_not_believed(machine):
    told = _refused(machine.run("ledger", "verify", MADOGUCHI_KEY=KEY), code=1)
    assert "この鍵" in told


def test_an_unknown_desks_ledger_is_a_wrong_call(machine):
    assert "kyoto" in _refused(machine.run("ledger", "verify", "--desk", "kyoto"), code=2)


# -- the database and the key ---------------------------------------------------------------------------


def test_where_there_is_no_database_none_is_made_by_asking(fresh):
    told = _refused(fresh.run("ledger", "verify"), code=2)
    assert str(fresh.file) in told
    assert not fresh.file.parent.exists()


def test_an_empty_or_foreign_file_is_no_database(fresh):
    fresh.file.parent.mkdir(parents=True)
    fresh.file.touch()
    assert "migrate" in _refused(fresh.run("ledger", "verify", MADOGUCHI_KEY=KEY), code=2)
    fresh.file.write_bytes(b"this is no database " * 100)
    _refused(fresh.run("ledger", "verify", MADOGUCHI_KEY=KEY), code=2)


def test_a_new_key_beside_old_words_is_made_with_a_louder_warning(machine):
    Path(f"{machine.file}.key").unlink()
    answer = machine.run("desks", "opening-days", "import", "/dev/null", "--desk", "osaka")
    assert answer.returncode == 2
    answer = machine.run("ledger", "verify")
    assert answer.returncode == 1
    assert "鍵のファイル" in answer.stderr
    assert "前の鍵" in answer.stderr


def test_other_databases_never_get_a_key_made(fresh):
    for said in ({}, {"MADOGUCHI_KEY_PATH": str(fresh.folder / "absent.key")}):
        answer = fresh.run(
            "ledger", "verify", DATABASE_URL="postgresql://nobody@localhost:1/x", **said
        )
        assert "鍵" in _refused(answer, code=2)
    assert not (fresh.folder / "absent.key").exists()


def test_a_broken_key_is_refused_without_being_repeated(machine):
    told = _refused(machine.run("ledger", "verify", MADOGUCHI_KEY="c2hvcnQ="), code=2)
    assert "c2hvcnQ=" not in told


def test_a_database_that_does_not_answer_is_said_in_one_sentence(fresh):
    answer = fresh.run(
        "ledger", "verify", DATABASE_URL="postgresql://nobody@127.0.0.1:1/x", MADOGUCHI_KEY=KEY
    )
    assert "DATABASE_URL" in _refused(answer, code=2)


@pytest.mark.django_db(transaction=True)
def test_a_desk_is_founded_on_whatever_database_the_server_uses(fresh):
    url = databases.made_anew("commands", fresh.folder)
    said = {"DATABASE_URL": url, "MADOGUCHI_KEY": KEY}
    words = ["desks", "create", "--slug", "osaka", "--name", "窓", "--prefecture", "大阪府"]
    answer = fresh.run(*words, **said)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert fresh.run("ledger", "verify", **said).returncode == 0
    assert fresh.run(*words, **said).returncode == 1


# -- no traceback ------------------------------------------------------------------------------------------


def test_another_kind_of_database_is_refused_with_those_there_are(fresh):
    for url in ("mysql://x", "mysql://a@b/c", "nonsense://x"):
        told = _refused(fresh.run("ledger", "verify", DATABASE_URL=url), code=2)
        assert "DATABASE_URL" in told


def test_a_database_that_cannot_be_made_is_said_in_one_sentence(fresh):
    words = ["desks", "create", "--slug", "osaka", "--name", "窓", "--prefecture", "大阪府"]
    for place in ("/proc/y.sqlite3", "/dev/null/x/y.sqlite3"):
        told = _refused(fresh.run(*words, DATABASE_URL=f"sqlite:///{place}"), code=2)
        assert place in told


def test_a_foreign_file_is_neither_changed_nor_given_a_key(fresh):
    words = ["desks", "create", "--slug", "osaka", "--name", "窓", "--prefecture", "大阪府"]
    fresh.file.parent.mkdir(parents=True)
    fresh.sql("CREATE TABLE other (id)")
    other = fresh.file.read_bytes()
    for content in (b"this is no database " * 100, other):
        fresh.file.write_bytes(content)
        for call in (words, ["ledger", "verify"], ["demo"]):
            _refused(fresh.run(*call), code=2)
        _refused(fresh.run("serve", "--port", "1"), code=1)
        assert not Path(f"{fresh.file}.key").exists()
        assert fresh.file.read_bytes()[100:] == content[100:]


def test_serving_from_nothing_makes_nothing_and_says_what_to_do(fresh):
    told = _refused(fresh.run("serve", "--port", "1"), code=1)
    assert "madoguchi desks create" in told
    assert "madoguchi demo" in told
    assert not fresh.file.parent.exists()


def test_what_nobody_foresaw_is_told_by_its_kind_alone(machine):
    machine.sql("UPDATE desks_desk SET id = 'ひみつ'")
    told = _refused(machine.run("ledger", "verify"), code=1)
    assert "ValueError" in told
    assert "ひみつ" not in told
    loud = machine.run("ledger", "verify", MADOGUCHI_DEBUG="1")
    assert loud.returncode == 1
    assert "Traceback" in loud.stderr


# -- desks mailbox ------------------------------------------------------------------------

_HOSTS = ("--imap", "mail.desk.test", "--smtp", "mail.desk.test:587", "--smtp-security", "starttls")


def _mailbox(machine, *words, address="soudan@desk.test"):
    return machine.run(
        "desks", "mailbox", "set", "--desk", "osaka", "--address", address, *_HOSTS, *words
    )


def test_a_mailbox_is_set_up_and_shown_without_its_password(machine):
    secret = machine.folder / "password"
    secret.write_text("open sesame\n")
    assert _mailbox(machine, "--password-file", str(secret)).returncode == 0
    shown = machine.run("desks", "mailbox", "show", "--desk", "osaka").stdout
    assert "mail.desk.test:993 TLS" in shown
    assert "mail.desk.test:587 STARTTLS" in shown
    assert "sesame" not in shown
    assert b"sesame" not in machine.file.read_bytes()
    assert machine.run("desks", "mailbox", "off", "--desk", "osaka").returncode == 0
    assert "止めてあります" in machine.run("desks", "mailbox", "show", "--desk", "osaka").stdout


@pytest.mark.parametrize(
    ("words", "address", "said"),
    [
        ((), "soudan@desk.test", "--password-file"),
        (("--imap-security", "none"), "soudan@desk.test", "同じ機械"),
        ((), "not an address", "--address"),
        (("--folder", "日本語"), "soudan@desk.test", "--folder"),
        (("--my-page", "http://example.jp/my/"), "soudan@desk.test", "--my-page"),
        (("--smtp", "mail.desk.test:99999"), "soudan@desk.test", "--smtp"),
    ],
)
def test_a_mailbox_that_would_not_work_is_refused(machine, words, address, said):
    assert said in _refused(_mailbox(machine, *words, address=address), code=2)


def test_a_mailbox_that_cannot_be_reached_is_said_in_one_line(machine):
    secret = machine.folder / "password"
    secret.write_text("x")
    assert (
        _mailbox(machine, "--password-file", str(secret), "--imap", "127.0.0.1:1").returncode == 0
    )
    answer = machine.run("desks", "mailbox", "check", "--desk", "osaka")
    assert "つながりません" in _refused(answer, code=1)
