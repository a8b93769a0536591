"""Contact records of the demonstration desk: invented persons, printed figures.

Every row is made up; only their numbers are real. Counted, they give each cell that Osaka
Prefecture printed for ネットハーモニー: 令和6年度 by new consultations and 令和7年4月～9月 by
case-months (`data/*.json`). The labels are dealt out like cards from decks that hold exactly
the printed numbers; a fixed seed shuffles them, so the rows are the same every time.
"""

import datetime as dt
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from itertools import chain
from typing import Any

import jpholiday

from madoguchi.rules.calendar import Period

FY2024 = "net-harmony-fy2024"
FY2025_H1 = "net-harmony-fy2025-h1"

_UNKNOWN = "不明"
_SEED = 20231106  # the day ネットハーモニー opened

# 侵害種別 is multiple choice: sets of marks, so chosen that each mark comes out as printed.
_KINDS = {
    FY2024: {
        "誹謗・中傷": 71,
        "誹謗・中傷;その他": 107,
        "誹謗・中傷;差別": 24,
        "誹謗・中傷;違法情報": 12,
        "誹謗・中傷;有害情報": 9,
        "その他": 100,
        "差別": 5,
        "違法情報": 2,
        "人権問題外": 14,
        _UNKNOWN: 49,
    },
    FY2025_H1: {
        "誹謗・中傷": 72,
        "誹謗・中傷;その他": 61,
        "誹謗・中傷;差別": 18,
        "誹謗・中傷;違法情報": 13,
        "誹謗・中傷;有害情報": 9,
        "その他": 74,
        "差別": 4,
        "違法情報": 8,
        "有害情報": 4,
        "人権問題外": 2,
        _UNKNOWN: 48,
    },
}
# 313 case-months on 286 new consultations: 12 consultations of the year before came back once,
# 15 new ones ran into a second month.
_CAME_BACK = 12
_RAN_ON = 15

_WINDOWS = ("ihaho", "moj", "police", "houterasu", "lawyer", "hibo-hotline", "safeline", "school")
_REMARKS = {
    "助言": "画面の残し方と、削除の申出の手順を説明。",
    "情報提供": "各サービスの申出先の一覧を案内。",
    "他機関紹介": "受付時間と、用意しておくとよいものを説明。",
    "傾聴": "話を聞いた。助言は望まないとのこと。",
    "専門家連携": "弁護士相談の日程を調整。",
    "継続": "状況が変わったら、また連絡をもらうことに。",
}


@dataclass(frozen=True)
class _Profile:
    """What is known of one consultation, as labels."""

    age_group: str
    standing: str
    kinds: str


@dataclass
class _Consultation:
    """One consultation being dealt, and the days on which it was heard."""

    profile: _Profile
    days: list[dt.date]
    person: str = ""
    matter: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)


def printed(name: str) -> dict[str, Any]:
    """Return the printed figures `name`."""
    text = resources.files("madoguchi.demo").joinpath("data", f"{name}.json").read_text("utf-8")
    figures: dict[str, Any] = json.loads(text)
    return figures


def printed_period(name: str) -> Period:
    """Return the period of the printed figures `name`."""
    period = printed(name)["period"]
    return Period(dt.date.fromisoformat(period["from"]), dt.date.fromisoformat(period["to"]))


def opening_days(name: str) -> list[dt.date]:
    """Return days on which the desk was open, as many as were printed (255 and 155).

    Monday to Friday (令和7年: to Saturday) and every second Sunday, but for holidays and the
    turn of the year. In 令和6年度 the second Sunday of August was a holiday, and is counted.
    """
    period = printed_period(name)
    last_weekday = 4 if name == FY2024 else 5
    span = (period.last - period.first).days + 1
    days = (period.first + dt.timedelta(number) for number in range(span))
    return [day for day in days if is_open(day, last_weekday)]


def is_open(day: dt.date, last_weekday: int = 5) -> bool:
    """Tell whether the desk is open on `day`: Monday to `last_weekday`, and second Sundays."""
    if (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3):
        return False
    if _is_second_sunday(day):
        return True
    return day.weekday() <= last_weekday and not jpholiday.is_holiday(day)


def _is_second_sunday(day: dt.date) -> bool:
    return day.isoweekday() == 7 and 8 <= day.day <= 14  # noqa: PLR2004 (the second week)


def contact_rows() -> list[dict[str, str]]:
    """Return every row in the format of contact records, in order of time."""
    chance = random.Random(_SEED)  # noqa: S311 (a demonstration, no secret)
    first_year = _first_year(chance)
    half_year = _half_year(chance, first_year)
    _name(chain(first_year, half_year))
    for name, consultations in ((FY2024, first_year), (FY2025_H1, first_year + half_year)):
        _write(chance, name, consultations)
    rows = chain.from_iterable(consultation.rows for consultation in first_year + half_year)
    return sorted(rows, key=lambda row: (row["受付日時"], row["相談者"], row["内容"]))


# -- which consultations there were, and on which days ----------------------------------


def _first_year(chance: random.Random) -> list[_Consultation]:
    """令和6年度: every consultation is new; follow-ups come within three weeks."""
    days, figures = opening_days(FY2024), printed(FY2024)["totals"]
    consultations = [
        _Consultation(profile, [_some_day(chance, days)])
        for profile in _profiles(chance, _decks(FY2024))
    ]
    for consultation in _who_says_much(
        chance, consultations, figures["延べ受付件数"] - figures["新規受付件数"]
    ):
        latest = consultation.days[-1]
        soon = [day for day in days if latest <= day <= latest + dt.timedelta(days=21)]
        consultation.days.append(chance.choice(soon))
    return sorted(consultations, key=lambda consultation: consultation.days[0])


def _half_year(chance: random.Random, before: list[_Consultation]) -> list[_Consultation]:
    """令和7年4月～9月: what came back from `before`, what ran on, and what ended in its month."""
    days, decks = opening_days(FY2025_H1), _decks(FY2025_H1)
    came_back = [each for each in before if _is_lasting(each.profile)][-_CAME_BACK:]
    for consultation in came_back:
        consultation.days.append(chance.choice(_month(days, 4) + _month(days, 5)))
        _take(decks, consultation.profile, 1)
    ran_on = []
    for profile in [each for each in _profiles(chance, _half(decks)) if _is_lasting(each)][
        :_RAN_ON
    ]:
        month = chance.randint(4, 8)
        heard = [chance.choice(_month(days, month)), chance.choice(_month(days, month + 1))]
        ran_on.append(_Consultation(profile, heard))
        _take(decks, profile, len(heard))
    others = [
        _Consultation(profile, [_some_day(chance, days)]) for profile in _profiles(chance, decks)
    ]
    totals = printed(FY2025_H1)["totals"]
    again = totals["延べ受付件数"] - totals["実件数"]
    for consultation in _who_says_much(chance, others, again):
        latest = consultation.days[-1]
        consultation.days.append(
            chance.choice([d for d in _month(days, latest.month) if d >= latest])
        )
    return sorted(ran_on + others, key=lambda consultation: consultation.days[0])


def _some_day(chance: random.Random, days: list[dt.date]) -> dt.date:
    """Return one of `days`; the months after long holidays are busier."""
    return chance.choices(days, [3 if day.month in {1, 5, 9} else 2 for day in days])[0]


def _month(days: list[dt.date], month: int) -> list[dt.date]:
    return [day for day in days if day.month == month]


def _is_lasting(profile: _Profile) -> bool:
    """Who stays in touch for months is known, and was harmed in the ordinary way."""
    is_known = profile.age_group != _UNKNOWN and profile.standing == "被害者"
    return is_known and profile.kinds in {"誹謗・中傷", "誹謗・中傷;その他", "その他"}


def _who_says_much(
    chance: random.Random, consultations: list[_Consultation], number: int
) -> list[_Consultation]:
    """Choose `number` times who is heard once more; never who left all unsaid."""
    talkers = [each for each in consultations if each.profile.standing != _UNKNOWN]
    return chance.choices(talkers, k=number)


# -- decks of labels -----------------------------------------------------------------------

_Decks = Mapping[str, Counter[str]]


def _decks(name: str) -> dict[str, Counter[str]]:
    tables = printed(name)["tables"]
    return {
        "年代": Counter(tables["年代別"]["rows"]),
        "状況": Counter(tables["状況別"]["rows"]),
        "侵害種別": Counter(_KINDS[name]),
    }


def _half(decks: _Decks) -> _Decks:
    """Return decks with every second card: for consultations that take two of each."""
    return {
        name: Counter({label: number // 2 for label, number in deck.items()})
        for name, deck in decks.items()
    }


def _take(decks: _Decks, profile: _Profile, number: int) -> None:
    """Take the labels of `profile` out of `decks`, `number` times."""
    for name, label in (
        ("年代", profile.age_group),
        ("状況", profile.standing),
        ("侵害種別", profile.kinds),
    ):
        assert decks[name][label] >= number, f"the deck {name} has run out"
        decks[name][label] -= number


def _profiles(chance: random.Random, decks: _Decks) -> list[_Profile]:
    """Deal the decks out. Who leaves one thing unsaid mostly leaves the others unsaid too."""
    hands = [_unknown_first(chance, decks[name]) for name in ("年代", "状況", "侵害種別")]
    profiles = [_Profile(*hand) for hand in zip(*hands, strict=False)]
    chance.shuffle(profiles)
    return profiles


def _unknown_first(chance: random.Random, deck: Counter[str]) -> list[str]:
    known = [label for label in deck.elements() if label != _UNKNOWN]
    chance.shuffle(known)
    return [_UNKNOWN] * deck[_UNKNOWN] + known


# -- rows -----------------------------------------------------------------------------------


def _name(consultations: Iterable[_Consultation]) -> None:
    """Give every consultation its person; now and then one person comes with another matter."""
    matters: Counter[str] = Counter()
    last: dict[tuple[str, str], str] = {}
    for number, consultation in enumerate(consultations, 1):
        alike = (consultation.profile.age_group, consultation.profile.standing)
        returns = number % 8 == 0 and _UNKNOWN not in alike and alike in last
        person = last[alike] if returns else f"N-{number:04}"
        last[alike] = person
        matters[person] += 1
        consultation.person, consultation.matter = person, str(matters[person])


def _write(chance: random.Random, name: str, consultations: list[_Consultation]) -> None:
    """Write the rows of the period `name`, dealing channels and actions."""
    period, tables = printed_period(name), printed(name)["tables"]
    channels = Counter(tables["手法別"]["rows"])
    rows: list[dict[str, str]] = []
    for consultation in consultations:
        days = sorted(day for day in consultation.days if period.first <= day <= period.last)
        dealt = _channels(chance, channels, len(days))
        new = [
            _row(chance, consultation, day, channel)
            for day, channel in zip(days, dealt, strict=True)
        ]
        if len(new) > 1 and chance.random() < 1 / 3:  # told in the second call only
            new[0]["年代"] = ""
        consultation.rows += new
        rows += new
    _act(chance, rows, Counter(tables["対応別"]["rows"]))


def _channels(chance: random.Random, deck: Counter[str], number: int) -> Iterator[str]:
    """Deal `number` channels, the same one as long as the deck has it: people keep to theirs."""
    while number:
        labels = list(deck)
        label = chance.choices(labels, [deck[each] for each in labels])[0]
        dealt = min(number, deck[label])
        deck[label] -= dealt
        number -= dealt
        yield from [label] * dealt


def _row(
    chance: random.Random, consultation: _Consultation, day: dt.date, channel: str
) -> dict[str, str]:
    profile = consultation.profile
    return {
        "受付日時": dt.datetime.combine(day, _time(chance, day, channel)).isoformat("T", "minutes"),
        "相談者": consultation.person,
        "内容": consultation.matter,
        "手法": channel,
        "年代": profile.age_group,
        "状況": profile.standing,
        "侵害種別": profile.kinds,
        "対応": "",
        "所要分": str(chance.randint(1, 12) * 5) if channel in {"電話", "面接"} else "",
        "紹介先": "",
        "備考": "",
    }


def _time(chance: random.Random, day: dt.date, channel: str) -> dt.time:
    """Telephone and LINE 16-22, second Sundays 13-18, no intake in the last 30 minutes."""
    if channel not in {"電話", "SNS", "面接"}:  # letters and mail come at any time
        first, last = 7 * 60, 24 * 60 - 1
    elif _is_second_sunday(day):
        first, last = 13 * 60, 17 * 60 + 29
    else:
        first, last = 16 * 60, 21 * 60 + 29
    minutes = chance.randint(first, last)
    return dt.time(minutes // 60, minutes % 60)


def _act(chance: random.Random, rows: list[dict[str, str]], deck: Counter[str]) -> None:
    """Deal the actions: calls that break off (中断) go first to whoever left all unsaid."""
    chance.shuffle(rows)
    rows.sort(key=lambda row: row["状況"] != _UNKNOWN)
    broken_off = min(deck["中断"], sum(row["状況"] == _UNKNOWN for row in rows))
    deck["中断"] -= broken_off
    others = list(deck.elements())
    chance.shuffle(others)
    for row, action in zip(rows, ["中断"] * broken_off + others, strict=True):
        row["対応"] = action
        if action == "他機関紹介":
            row["紹介先"] = ";".join(chance.sample(_WINDOWS, chance.randint(1, 2)))
        if chance.random() < 1 / 4:
            row["備考"] = _REMARKS.get(action, "")
