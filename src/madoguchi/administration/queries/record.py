"""Everything the desk knows of one person, as it is given to that person (本人の求め).

Only what is theirs: who of the staff wrote is not said, and what was told of others (本人,
保護者, 学校) is left out.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from madoguchi.administration.queries.dealings import ERASED, dealings_of, when
from madoguchi.administration.queries.enclosing import Enclosed, enclosed_with, kind_of
from madoguchi.consultations.models import Consultation, Contact, Identifier
from madoguchi.consultations.places import identifier_place, mark_place
from madoguchi.consultations.presenting import TOLD as ANSWERS
from madoguchi.consultations.queries import contacts_of, kinds_of, particulars_of
from madoguchi.consultations.queries.linking import of_same_person
from madoguchi.correspondence.models import Kind, MailAddress, Side
from madoguchi.correspondence.places import mail_address_place
from madoguchi.correspondence.queries.chat import lines_in
from madoguchi.correspondence.queries.files import OpenedFile, by_message
from madoguchi.correspondence.queries.words import Opened, messages_in
from madoguchi.desks.queries import books_of
from madoguchi.directory.windows import all_windows
from madoguchi.experts.forms import KINDS, RESULTS, SHOWN, STATES
from madoguchi.experts.queries.asked import Asked, asked_in
from madoguchi.rules.access import Actor
from madoguchi.rules.codebooks import Table
from madoguchi.rules.identifying import Whose
from madoguchi.vault.sealing import Safe

_WHO = {Kind.FROM_PERSON: "相談者", Kind.REPLY: "窓口の返信", Kind.NOTE: "窓口の記録"}
_MEMO = {Kind.MEMO: "所内メモ"}
_TOLD = {
    "nickname": "呼び名",
    "service": "サービス",
    "places": "場所（URLなど）",
    "since": "いつごろから",
    "mail": "お知らせを送るメールアドレス",
    "telephone": "電話番号",
    "call_when": "電話してよい時間",
    "call_as": "電話での名乗り方",
    "reply_by": "返事の受けとり方",
    "voice_mail": "留守番電話",
    "lives_here": "県内に住む・働く・通う",
    "safe_now": "いま安全か",
    "wants": "どうしたいか",
    "evidence": "残してある証拠",
    "who": "だれのことか",
}


@dataclass(frozen=True)
class Record:
    """One person's record: `matters` as plain data, ready to be written down; the files."""

    numbers: tuple[str, ...]
    matters: list[dict[str, Any]]
    enclosed: tuple[Enclosed, ...] = ()


def person_of(actor: Actor, row: Consultation) -> list[Consultation]:
    """Return every consultation of the person of `row`, oldest first."""
    return sorted([row, *of_same_person(actor, row)], key=lambda it: it.first_contact_at)


def record_of(
    actor: Actor, row: Consultation, *, with_memos: bool, at: dt.datetime | None = None
) -> Record:
    """Return the record of the person of `row`, for a reader who was asked before.

    `at`: without a reply that the person cannot see by then; it may still be taken back.
    """
    rows = person_of(actor, row)
    labels = {
        (book.table, code.key): code.label_ja
        for book in books_of(row.desk_id)
        for code in book.codes
    }
    files = {it.pk: enclosed_with(it, with_memos=with_memos, at=at) for it in rows}
    matters = [
        {
            **_matter(it, labels, files[it.pk], with_memos=with_memos, at=at),
            "専門家連携": _asked(actor, it),
        }
        for it in rows
    ]
    enclosed = tuple(file for it in rows for file in files[it.pk])
    return Record(tuple(it.matter.number for it in rows), matters, enclosed)


def _matter(
    row: Consultation,
    labels: dict[tuple[Table, str], str],
    files: list[Enclosed],
    *,
    with_memos: bool,
    at: dt.datetime | None,
) -> dict[str, Any]:
    mark = Safe(row.desk_id).open(row.mark, holder=row.desk_id, place=mark_place(row.pk))
    told = particulars_of(row).as_mapping()
    kinds = sorted(kinds_of(row))
    return {
        "受付番号": row.matter.number,
        "内容の記号": mark or "",
        "はじめの受付": when(row.first_contact_at),
        "年代": labels.get((Table.AGE_GROUP, row.age_group), row.age_group),
        "状況": labels.get((Table.STANDING, row.standing), row.standing),
        "侵害種別": [labels.get((Table.INFRINGEMENT_KIND, it), it) for it in kinds],
        "話してくれたこと": {
            _TOLD.get(key, key): _answer(key, value) for key, value in told.items()
        },
        "連絡先・手がかり": reached_by(row),
        "受付": [_contact(it, labels) for it in contacts_of(row)],
        "やり取り": _in_turn(_words(row, files, with_memos=with_memos, at=at)),
        **dealings_of(row, with_memos=with_memos),
        "ファイル": [it.told for it in files],
    }


def _asked(actor: Actor, row: Consultation) -> list[dict[str, str]]:
    """Return what experts were asked and said; not who they are, nor who stands against whom."""
    return [
        {
            "日時": when(it.slot.starts_at if it.slot else it.asked_at),
            "専門家": str(KINDS[it.kind]),
            "聞いたこと": it.question or ERASED,
            "見せたもの": "、".join(str(SHOWN[shown]) for shown in it.shown),
            "本人の同意": _consent(it),
            "状態": str(STATES[it.status]),
            "相談結果": str(RESULTS[it.result]) if it.result else "",
            "助言": it.answer or "",
        }
        for it in reversed(asked_in(actor, row.pk))
    ]


def _consent(it: Asked) -> str:
    if it.agreed_at is None:
        return "なし"
    return "本人がマイページで選んだ" if it.is_hers else "相談員に伝えた"


def _answer(key: str, value: Any) -> Any:
    """Return what was answered in words: what was ticked is kept as letters."""
    words = ANSWERS.get(key, {})
    if isinstance(value, str):
        return words.get(value, value)
    return [words.get(it, it) for it in value]


def _in_turn(words: Iterator[tuple[dt.datetime, Any]]) -> list[Any]:
    return [said for _at, said in sorted(words, key=lambda it: it[0])]


def _contact(row: Contact, labels: dict[tuple[Table, str], str]) -> dict[str, Any]:
    windows = all_windows()
    return {
        "日時": when(row.at),
        "手法": labels.get((Table.CHANNEL, row.channel), row.channel),
        "対応": labels.get((Table.ACTION_TAKEN, row.action or ""), "未分類"),
        "所要分": row.minutes,
        "紹介先": [windows[it].name.ja if it in windows else it for it in row.referred_to],
    }


def _words(
    row: Consultation, files: list[Enclosed], *, with_memos: bool, at: dt.datetime | None
) -> Iterator[tuple[dt.datetime, Any]]:
    who = {**_WHO, **(_MEMO if with_memos else {})}
    brought = by_message(it.file for it in files)
    for it in messages_in(row.matter, *who, shown_by=at):
        words = _said(it, brought.get(it.id, []))
        yield it.at, {"日時": when(it.at), "だれから": who[it.kind], "文": words}
    for line in lines_in(row.matter):
        side = "相談者（チャット）" if line.side is Side.PERSON else "窓口（チャット）"
        said = {
            "日時": when(line.at),
            "だれから": side,
            "文": ERASED if line.words is None else line.words,
        }
        yield line.at, said


def _said(message: Opened, files: list[OpenedFile]) -> str:
    """Return the words of a message; of one without words, what came instead."""
    if message.words is None:
        return ERASED
    if message.words:
        return message.words
    return f"ファイルだけ：{'、'.join(map(kind_of, files))}" if files else "（文はありません）"


def reached_by(row: Consultation) -> list[str]:
    """Return the numbers, addresses and accounts of the person themselves, opened."""
    safe = Safe(row.desk_id)
    found = [
        safe.open(it.address, holder=row.pk, place=mail_address_place(it.pk))
        for it in MailAddress.objects.filter(matter=row.pk).order_by("known_at")
    ]
    own = Identifier.objects.filter(consultation=row, whose=Whose.SEEKER).order_by("id")
    found += [safe.open(it.value, holder=row.pk, place=identifier_place(it.pk)) for it in own]
    found.append(particulars_of(row).telephone)
    return list(dict.fromkeys(it for it in found if it))
