"""Editions: the one in force, and old ones that stay readable."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from madoguchi.directory.editions import current
from madoguchi.directory.history import editions, load
from madoguchi.directory.reading import DirectoryError
from madoguchi.rules.guidance import Answers, windows_for

DATA = Path(str(files("madoguchi.directory"))) / "data"


def test_the_edition_in_force_is_the_first_and_the_only_current_one():
    told = list(editions().values())
    assert [it.name for it in told if it.is_current] == [current().name] == [told[0].name]


def test_the_chart_of_2020_can_still_be_read():
    old = editions()["2020"]
    assert old.rules is None
    assert {it.text.ja: [window.id for window in it.windows] for it in old.nodes} == {
        "自分で迅速に削除依頼したい": ["ihaho", "moj"],
        "代わりに要請してほしい": ["hibo-hotline", "moj"],
    }


def test_every_edition_says_what_changed_and_who_says_so():
    for told in editions().values():
        assert told.changes
        assert all(it.fact.sources for it in (told, *told.changes)[1:])
        assert told.fact.sources


def an_old_edition(folder, name="2025-01", of="2025-01"):
    """Keep today's rules as the edition `of`, as the how-to tells."""
    place = folder / name
    place.mkdir()
    for file in ("matrix.json", "topics.toml"):
        shutil.copy(DATA / file, place / file)
    rules = (DATA / "guidance-rules.toml").read_text("utf-8")
    rules = rules.replace(f'edition = "{current().name}"', f'edition = "{of}"')
    rules = rules.replace(f"as_of = {current().as_of.isoformat()}", "as_of = 2025-01-01")
    (place / "guidance-rules.toml").write_text(rules, "utf-8")
    told = (DATA / "editions" / current().name / "edition.toml").read_text("utf-8")
    (place / "edition.toml").write_text(
        told.replace(f'name = "{current().name}"', f'name = "{name}"'), "utf-8"
    )
    return folder


def test_an_edition_that_was_put_away_still_answers_by_the_law_of_its_day(tmp_path):
    old = load(an_old_edition(tmp_path))["2025-01"]
    assert not old.is_current
    told = {"happened": "a", "kinds": ["a1"], "wants": ["w2"], "service": "x"}
    then, now = (windows_for(Answers.parsed(told), it) for it in (old.rules, current()))
    assert "seven-days" in now.advice
    assert "seven-days" not in then.advice
    assert old.rules.ordinances == {"大阪府"}


def test_an_edition_whose_rules_bear_another_name_is_refused(tmp_path):
    with pytest.raises(DirectoryError, match="2024-01"):
        load(an_old_edition(tmp_path, of="2024-01"))
