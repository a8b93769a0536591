"""Guidance and windows in the shapes of the contract, for other software.

The command line and the API say the same, because both say what is made here. Works
without Django and without a database.
"""

from collections.abc import Mapping
from typing import Any

from madoguchi.directory import emergency
from madoguchi.directory.editions import advice_in, current, services
from madoguchi.directory.facts import Fact
from madoguchi.directory.local import Local, all_local
from madoguchi.directory.reading import read
from madoguchi.directory.windows import Channel, Window, all_windows
from madoguchi.directory.words import answers_in
from madoguchi.rules.guidance import Answers, Edition, Guidance, UnknownAnswerError, windows_for
from madoguchi.rules.guidance.edition import Facts

GUIDE_FORMAT = "madoguchi.guide/1"
WINDOWS_FORMAT = "madoguchi.windows/1"
# What an UnknownAnswerError says, by its code, in Japanese and in English.
_WRONG_ANSWERS = {
    "not-a-table": (
        "答えは、{{…}} の形の JSON で書いてください。",
        "Write the answers as a JSON object.",
    ),
    "said-twice": (
        "「{key}」が2回あります。1回にしてください。",
        'There is "{key}" twice. Say it once.',
    ),
    "unknown-key": (
        "「{key}」という項目はありません。{allowed} のどれかに直すか、消してください。",
        'There is no answer called "{key}". Leave it out, or use one of: {allowed}',
    ),
    "not-a-list": (
        "「{key}」は、[…] の形のならびで書いてください。",
        'Write "{key}" as a list.',
    ),
    "not-a-word": (
        "「{key}」は、文字で一つだけ書いてください。",
        'Write "{key}" as one word.',
    ),
    "not-yes-or-no": (
        "「{key}」は、true か false で書いてください。",
        'Write "{key}" as true or false.',
    ),
    "unknown-value": (
        "「{key}」に、知らない値があります。{allowed} のどれかにしてください。",
        '"{key}" has a value that is not known. Use one of: {allowed}',
    ),
}


def said_wrong(fault: UnknownAnswerError) -> tuple[str, str]:
    """Return in one line how to mend an answer, in Japanese and in English."""
    key = "".join(letter if letter.isprintable() else "?" for letter in fault.key)
    ja, en = _WRONG_ANSWERS[fault.code]
    return (
        ja.format(key=key, allowed="、".join(fault.allowed)),
        en.format(key=key, allowed=", ".join(fault.allowed)),
    )


def guided_by_answers(answers: Answers) -> dict[str, Any]:
    """Return what the guide says to `answers`, knowing of no desk."""
    edition = current()
    return _guidance(windows_for(answers, edition), edition, edition.facts(answers))


def guided_by_words(text: str) -> dict[str, Any]:
    """Return what the guide says to a person's own words, and what it understood of them."""
    answers = answers_in(text)
    return guided_by_answers(answers) | {"understood": answers.told()}


def _guidance(guidance: Guidance, edition: Edition, situation: Facts) -> dict[str, Any]:
    return {
        "format": GUIDE_FORMAT,
        "edition": edition.name,
        "as_of": edition.as_of.isoformat(),
        "urgent": guidance.urgent,
        "emergency": _emergency(guidance) if guidance.urgent else [],
        "windows": [
            {
                "id": window.id,
                "rank": window.rank,
                "does": list(window.does),
                "why_ja": window.why.ja,
                "why_en": window.why.en,
                "limits_ja": [limit.ja for limit in window.limits],
                "limits_en": [limit.en for limit in window.limits],
                "rules": list(window.rules),
            }
            for window in guidance.windows
        ],
        "not_for_you": [
            {"id": it.id, "why_ja": it.why.ja, "why_en": it.why.en} for it in guidance.not_for_you
        ],
        "advice": [
            {"id": name, "text_ja": text.ja, "text_en": text.en}
            for name, text in advice_in(situation, guidance.advice)
        ],
    }


def _emergency(guidance: Guidance) -> list[dict[str, Any]]:
    known = emergency.numbers()
    return [
        {
            "id": it,
            "number": known[it].display,
            "name_ja": known[it].label.ja,
            "unconfirmed": known[it].unconfirmed,
        }
        for it in guidance.numbers
    ]


def directory_told() -> dict[str, Any]:
    """Return every window with the matrix."""
    matrix = read("matrix.json")
    return {
        "format": WINDOWS_FORMAT,
        "edition": current().name,
        "as_of": current().as_of.isoformat(),
        "windows": [window_told(it) for it in all_windows().values()],
        "local": [_local(it) for it in all_local().values()],
        "services": {name: _service(it) for name, it in services().items()},
        "matrix": {name: matrix[name] for name in ("source", "marks", "notes", "rows")},
    }


def window_told(window: Window) -> dict[str, Any]:
    """Return one window with its channels."""
    return {
        "id": window.id,
        **{
            f"{name}_{language}": getattr(getattr(window, name), language)
            for name in ("name", "operator", "role", "who", "asks")
            for language in ("ja", "easy", "en")
        },
        "does": list(window.does),
        "conditions": list(window.conditions),
        **({"time_ja": window.time.ja, "time_en": window.time.en} if window.time else {}),
        "can_ja": [it.ja for it in window.can],
        "cannot_ja": [it.ja for it in window.cannot],
        "url": window.url,
        "channels": [channel_told(it) for it in window.channels],
        "details": [{"id": it.id, "ja": it.text.ja, "en": it.text.en} for it in window.details],
        "facts": {name: _fact(it) for name, it in window.facts.items()},
        "sources": list(window.sources),
        "doubts": list(window.doubts),
        "checked_on": window.checked_on.isoformat(),
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "sources": [it.id for it in fact.sources],
        "checked_on": fact.checked_on.isoformat(),
        "unconfirmed": fact.unconfirmed,
    }


def _local(place: Local) -> dict[str, Any]:
    return {
        "prefecture": place.prefecture,
        "windows": [window_told(it) for it in place.windows],
        "ordinances": [
            {
                "name_ja": it.name.ja,
                "in_force_on": it.in_force_on.isoformat() if it.in_force_on else None,
                "takes_reports": it.takes_reports,
                "articles": {article.id: article.text.ja for article in it.articles},
            }
            for it in place.ordinances
        ],
        "report_states": [it.id for it in place.report.states] if place.report else [],
        "facts": {name: _fact(it) for name, it in (place.facts or {}).items()},
    }


def _service(told: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: told[name] for name in ("designated_on", "duty_from")}
    return {
        "name_ja": told["name"].ja,
        "provider": told["provider"],
        **{name: day.isoformat() if day else None for name, day in days.items()},
        **_fact(told["fact"]),
    }


def channel_told(channel: Channel) -> dict[str, Any]:
    """Return one channel; what is not known is left out."""
    told = {
        "id": channel.id,
        "kind": channel.kind,
        "label_ja": channel.label.ja,
        "label_en": channel.label.en,
        "number": channel.display,
        "dial": channel.number,
        "ip_phone": channel.ip_display,
        "url": channel.url,
        "hours_ja": channel.when.ja if channel.when else "",
        "cost_ja": channel.cost.ja,
        "note_ja": channel.note.ja if channel.note else "",
        "service": channel.service,
        "unconfirmed": channel.unconfirmed,
    }
    return {name: value for name, value in told.items() if value}
