"""`madoguchi guide` and `madoguchi windows`, called as a script calls them."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from madoguchi.directory.windows import CAPABILITIES, WINDOW_IDS
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF, YES_OR_NO


def run(*arguments, given=b"", cwd=None):
    """Run the command line where there is no database, no key and no home."""
    return subprocess.run(
        [sys.executable, "-c", "from madoguchi.cli.main import main; main()", *arguments],
        input=given,
        capture_output=True,
        check=False,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
    )


def guided(told, tmp_path):
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    done = run("guide", "--answers", str(file), "--format", "json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert not done.stderr
    return json.loads(done.stdout)


def test_answers_in_windows_out_from_any_folder(tmp_path):
    said = guided({"happened": "a", "kinds": ["a1", "a3"], "wants": ["w2"]}, tmp_path)
    assert said["format"] == "madoguchi.guide/1"
    assert {"edition", "as_of", "urgent", "windows", "not_for_you", "advice"} <= set(said)
    assert "understood" not in said
    assert [window["rank"] for window in said["windows"]] == [*range(1, len(said["windows"]) + 1)]
    for window in said["windows"]:
        assert window["id"] in WINDOW_IDS
        assert set(window["does"]) <= CAPABILITIES
        assert window["why_ja"]
        assert all(isinstance(limit, str) for limit in window["limits_ja"])
    assert all(it["why_ja"] for it in said["not_for_you"])
    assert all(it["id"] and it["text_ja"] for it in said["advice"])


def test_danger_puts_the_right_numbers_first(tmp_path):
    assert guided({"happened": "b", "danger_now": True}, tmp_path)["emergency"][0]["id"] == (
        "police-110"
    )
    assert guided({"happened": "g"}, tmp_path)["emergency"] == []


def test_answers_come_from_standard_input_too():
    done = run("guide", "--answers", "-", given=b'\xef\xbb\xbf{"happened": "c"}')
    assert [it["id"] for it in json.loads(done.stdout)["windows"]] == ["police", "consumer", "ipa"]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (b'{"hapened": "a"}', "hapened"),
        (b'{"kinds": ["a1", "zz"]}', "kinds"),
        (b'{"kinds": "a1"}', "kinds"),
        (b'{"danger_now": "yes"}', "danger_now"),
        (b'{"a\\nb": 1}', "a?b"),
        (b"[]", "JSON"),
        (b"{", "JSON"),
        (b"\xff\xfe\x00", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"", "JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_japanese_line_that_names_the_key(given, key):
    done = run("guide", "--answers", "-", given=given)
    assert done.returncode == 2
    assert not done.stdout
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    assert key in lines[0]
    assert lines[0].endswith("ください。")


def test_an_unknown_key_is_answered_with_the_known_ones():
    done = run("guide", "--answers", "-", given=b'{"hapened": "a"}')
    said = done.stderr.decode()
    assert [it for it in (*ONE_OF, *SEVERAL_OF, *YES_OR_NO) if it not in said] == []


@pytest.mark.parametrize(
    "arguments",
    [("guide",), ("guide", "--answers", "-", "--text", "x"), ("guide", "--answers", "/no/such")],
)
def test_a_wrong_call_is_refused(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert len(done.stderr.decode().splitlines()) == 1


def test_own_words_are_understood_offline():
    done = run(
        "guide", "--text", "インスタで自分になりすまされて悪口を書かれた。書いた人を知りたい"
    )
    said = json.loads(done.stdout)
    understood = said["understood"]
    assert understood.pop("who", "self") == "self"
    assert sorted(understood.pop("kinds")) == ["a1", "a3"]
    assert understood == {"happened": "a", "wants": ["w3"], "service": "instagram"}
    assert said["windows"][0]["id"] == "lawyer"


def test_the_directory_comes_in_three_forms():
    told = json.loads(run("windows").stdout)
    assert [it["id"] for it in told["windows"]] == list(WINDOW_IDS)
    assert len(told["matrix"]["rows"]) == 26
    text = run("windows", "--format", "csv").stdout.decode("utf-8")
    assert text.startswith("\ufeffid,")
    rows = list(csv.DictReader(text.lstrip("\ufeff").splitlines()))
    assert {row["id"] for row in rows} == set(WINDOW_IDS)
    services = json.loads(run("windows", "--format", "hsds").stdout)
    assert len(services) == len({it["id"] for it in services}) == len(WINDOW_IDS)
    assert all({"id", "name", "status", "organization"} <= set(it) for it in services)


def test_what_was_checked_long_ago_can_be_listed():
    done = run("windows", "--check")
    assert done.returncode in {0, 1}
    assert bool(done.stdout) is (done.returncode == 1)


def test_guide_wakes_no_django():
    code = (
        "import sys; from click.testing import CliRunner; from madoguchi.cli.guide import guide;"
        "assert CliRunner().invoke(guide, ['--text', 'x']).exit_code == 0;"
        "sys.exit('django.conf' in sys.modules and bool(sys.modules['django.conf'].settings.configured))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path("/")).returncode == 0


def test_an_unknown_value_is_answered_with_those_there_are():
    said = run("guide", "--answers", "-", given=b'{"who": "me"}').stderr.decode()
    assert "self、guardian、school、friend、company、other" in said
    said = run("guide", "--answers", "-", given=b'{"wants": ["x1"]}').stderr.decode()
    assert "w1、w2、" in said
    assert "x1" not in said


def test_an_answer_given_twice_is_refused():
    done = run("guide", "--answers", "-", given=b'{"happened": "a", "happened": "c"}')
    assert (done.returncode, done.stdout) == (2, b"")
    assert "2回" in done.stderr.decode()
