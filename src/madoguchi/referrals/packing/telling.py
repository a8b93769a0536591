"""What a packet tells, for people's eyes: the same on the desk's page, in print, as PDF.

It is Japanese, whatever the person speaks: the offices that read it are Japan's.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.consultations.presenting import TOLD
from madoguchi.referrals.packing.contents import Content
from madoguchi.rules.calendar import era_year, in_japan
from madoguchi.rules.referral import Item

ITEMS = {
    Item.STORY: "相談した内容",
    Item.PARTICULARS: "くわしい状況",
    Item.NAME: "呼び名",
    Item.REACH: "連絡のしかた",
    Item.CONTACTS: "これまでのやり取り",
    Item.NOTES: "窓口の記録",
    Item.FILES: "ファイル",
}
_HOW = {"SPOKEN": "口頭で", "MY_PAGE": "マイページで、本人が選んで"}
_URGENCY = {"DANGER": "命や体の危険のおそれがあります", "SERIOUS": "急ぎます", "ORDINARY": ""}
_REACH = {
    "reply_by": "受けとり方",
    "mail": "メール",
    "telephone": "電話",
    "call_when": "かけてよい時間",
    "call_as": "名乗り方",
    "voice_mail": "留守電",
}
_FACTS = {
    "who": "立場",
    "wants": "望み",
    "service": "サービス",
    "places": "場所（URLなど）",
    "since": "いつから",
    "evidence": "残してあるもの",
    "lives_here": "府県内に住む・働く・通う",
    "safe_now": "いま安全か",
}
_CODES = {"age_group": "年代", "standing": "状況"}


@dataclass(frozen=True)
class Line:
    """One fact, or one message: what it is (or when it was), and the words."""

    label: str
    words: str


@dataclass(frozen=True)
class Section:
    """One part of what is told."""

    title: str
    lines: tuple[Line, ...]


def told(content: Content) -> list[Section]:
    """Return what `content` tells, part by part; a part that is not there is left out."""
    parts = (
        ("この引き継ぎについて", _about(content)),
        ("呼び名・連絡のしかた", _person(content)),
        (ITEMS[Item.STORY], _said(content.get("story", ()))),
        (ITEMS[Item.PARTICULARS], _facts(content.get("particulars", {}))),
        (ITEMS[Item.CONTACTS], _contacts(content)),
        (ITEMS[Item.NOTES], _said(content.get("notes", ()))),
        (ITEMS[Item.FILES], _files(content.get("files", ()))),
    )
    found = (Section(title, tuple(lines)) for title, lines in parts)
    return [section for section in found if section.lines]


def day_and_clock(text: str) -> str:
    """Say an instant of the packet in Japan's time: 令和7年5月15日14時00分."""
    at = in_japan(dt.datetime.fromisoformat(text))
    return f"{era_year(at.date())}{at.month}月{at.day}日{at.hour}時{at.minute:02}分"


def _names(items: Iterable[str]) -> str:
    return "、".join(ITEMS[Item(item)] for item in items)


def _about(content: Content) -> Iterator[Line]:
    sender, consent = content["from"], content["consent"]
    yield Line("渡す窓口", f"{sender['desk']}（受付番号 {sender['reference']}）")
    yield Line("受ける窓口", content["to"]["name"])
    if urgent := _URGENCY[content["urgency"]]:
        yield Line("急ぎの度合い", urgent)
    yield Line("引き継ぐわけ", content["reason"] or "書いていません")
    agreed = f"{_names(consent['items'])}（{day_and_clock(consent['given_at'])}、"
    yield Line("本人の同意", f"{agreed}{_HOW[consent['how']]}）")
    if consent["withheld"]:
        yield Line("渡していないもの", f"{_names(consent['withheld'])}（本人が選びました）")


def _person(content: Content) -> Iterator[Line]:
    if content.get("name"):
        yield Line("呼び名", content["name"])
    yield from _by_name(_REACH, content.get("reach", {}))


def _by_name(names: Mapping[str, str], said: Mapping[str, Any]) -> Iterator[Line]:
    for key, name in names.items():
        values = said.get(key) or ()
        values = (values,) if isinstance(values, str) else values
        known = TOLD.get(key, {})
        if values:
            yield Line(name, "、".join(known.get(value, value) for value in values))


def _facts(facts: Mapping[str, Any]) -> Iterator[Line]:
    yield from _by_name(_FACTS, facts)
    for key, name in _CODES.items():
        if key in facts:
            yield Line(name, facts[key]["label"])
    if facts.get("kinds"):
        yield Line("侵害の種別", "、".join(kind["label"] for kind in facts["kinds"]))


def _said(messages: Iterable[Mapping[str, str]]) -> Iterator[Line]:
    for message in messages:
        yield Line(day_and_clock(message["at"]), message["words"])


def _contacts(content: Content) -> Iterator[Line]:
    lines = [(contact["at"], _contact(contact)) for contact in content.get("contacts", ())]
    lines += [(reply["at"], f"返信：{reply['words']}") for reply in content.get("replies", ())]
    for at, words in sorted(lines, key=lambda line: dt.datetime.fromisoformat(line[0])):
        yield Line(day_and_clock(at), words)


def _contact(contact: Mapping[str, Any]) -> str:
    action = contact["action"]["label"] if contact["action"] else "まだ分類していません"
    return f"{contact['channel']['label']}で受付。対応：{action}"


def _files(files: Iterable[Mapping[str, Any]]) -> Iterator[Line]:
    for file in files:
        size = f"{max(file['size'] // 1024, 1):,} KB"
        yield Line(file["path"], f"{file['name']}（{size}）\nSHA-256: {file['sha256']}")
