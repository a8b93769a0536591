"""Prefectures: another one adds a file, not code; all 47 resolve to something sensible."""

import datetime as dt
from importlib.resources import files
from pathlib import Path

import pytest

from madoguchi.directory.editions import edition
from madoguchi.directory.local import all_local, load, local
from madoguchi.directory.reading import DirectoryError
from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.guidance import Answers, windows_for
from madoguchi.rules.prefectures import PREFECTURES

FOLDER = Path(str(files("madoguchi.directory"))) / "data" / "local"
OSAKA = (FOLDER / "osaka.toml").read_text("utf-8")


def windows_of(prefecture, where=None):
    told = {"happened": "d", "found": ["f15"], "prefecture": prefecture}
    return [it.id for it in windows_for(Answers.parsed(told), edition(local=where)).windows]


def test_another_prefecture_adds_a_file_and_is_guided_to(tmp_path):
    assert "prefecture" not in windows_of("高知県")
    (tmp_path / "kochi.toml").write_text(OSAKA.replace("大阪府", "高知県"), "utf-8")
    known = load(tmp_path)
    assert "prefecture" in windows_of("高知県", known)
    assert local("高知県", known).windows[0].channels[0].hours


def test_every_prefecture_resolves():
    for prefecture in PREFECTURES:
        found = local(prefecture)
        assert PREFECTURES[found.code - 1] == prefecture
        assert found.is_known == (prefecture in {"大阪府", "兵庫県", "群馬県"})
    with pytest.raises(DirectoryError, match="no prefecture"):
        local("東京")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('prefecture = "大阪府"', 'prefecture = "大坂"', "大坂"),
        ('source = ["yao"]', 'source = ["rumour"]', "rumour"),
        ('of = ["report"]', 'of = ["reports"]', "report"),
        ("[report]", "[raport]", "raport"),
        ('format = "madoguchi.local/1"', "format =", "local/osaka.toml"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_name(tmp_path, old, new, said):
    (tmp_path / "osaka.toml").write_text(OSAKA.replace(old, new), "utf-8")
    with pytest.raises(DirectoryError, match=said):
        load(tmp_path)


def test_two_files_for_one_prefecture_are_refused(tmp_path):
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(OSAKA, "utf-8")
    with pytest.raises(DirectoryError, match="already"):
        load(tmp_path)


def test_an_ordinance_holds_from_its_day():
    def acting(on):
        return {name for name, it in all_local().items() if it.reporting_by(on)}

    assert acting(dt.date(2022, 3, 31)) == set()
    assert acting(dt.date(2022, 4, 1)) == {"大阪府"}
    assert acting(dt.date(2026, 1, 1)) == {"大阪府", "兵庫県"}
    assert edition().ordinances == {"大阪府", "兵庫県"}


def test_osaka_has_its_articles_and_the_states_of_a_report():
    osaka = local("大阪府")
    assert [it.id for it in osaka.ordinances[0].articles] == ["12", "13"]
    states = [it.id for it in osaka.report.states]
    assert states == ["received", "checked", "requested", "result", "admonished"]


def test_net_harmony_is_open_when_it_says_so():
    hours = local("大阪府").windows[0].channels[0].hours
    never = {"is_holiday": lambda _: False}
    for at, is_open in (
        ("2026-11-24T15:59", False),
        ("2026-11-24T21:29", True),
        ("2026-11-24T21:30", False),
        ("2026-11-08T13:00", True),
        ("2026-11-15T13:00", False),
    ):
        when = dt.datetime.fromisoformat(at).replace(tzinfo=JAPAN)
        assert hours.is_open(when, **never) is is_open, at


def test_what_nobody_confirmed_of_a_prefecture_is_marked():
    assert not local("群馬県").ordinances[0].takes_reports
    assert local("群馬県").facts["net.scope"].unconfirmed
    assert not local("兵庫県").windows[0].is_sure("who")
    assert local("大阪府").windows[0].is_sure("talk.hours")


def test_no_local_number_is_invented():
    for place in all_local().values():
        assert not [it.number for window in place.windows for it in window.channels if it.number]
