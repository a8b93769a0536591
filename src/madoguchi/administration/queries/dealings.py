"""What the desk did for a person, for their record: hand-overs, reports, deadlines, mail."""

import datetime as dt
from typing import Any

from madoguchi.consultations.models import Consultation
from madoguchi.correspondence.models.mail import MailIn, MailOut, MailState, SendState, Way
from madoguchi.correspondence.queries.mail import came, sent
from madoguchi.matters.models import Approval, Deadline
from madoguchi.matters.places import comment_place
from madoguchi.matters.queries import opened as opened_deadlines
from madoguchi.matters.queries import words_asked
from madoguchi.referrals.models import Referral, UrlReport
from madoguchi.referrals.packing.telling import ITEMS
from madoguchi.referrals.queries.lists import opened as opened_referral
from madoguchi.referrals.queries.url_reports import opened_reports
from madoguchi.rules.approval import Ask, Outcome
from madoguchi.rules.calendar import clock, in_japan, wareki
from madoguchi.rules.deadlines import Named
from madoguchi.rules.referral import Item, Status
from madoguchi.rules.url_report import Aimed
from madoguchi.rules.url_report import Status as ReportStatus
from madoguchi.vault.sealing import Safe

ERASED = "（消去ずみ）"
_HANDED = {
    Status.PREPARED: "準備中",
    Status.SENT: "送った",
    Status.ACCEPTED: "受けられた",
    Status.RETURNED: "戻った",
    Status.ANSWERED: "答えがあった",
    Status.SETTLED: "済んだ",
    Status.WITHDRAWN: "取りやめた",
}
_REPORTED = {
    ReportStatus.WRITTEN: "記録した",
    ReportStatus.RECEIVED: "府県が受領した",
    ReportStatus.CONFIRMED: "府県が確認した",
    ReportStatus.REQUESTED: "府県が要請した",
    ReportStatus.RESULT: "結果が分かった",
    ReportStatus.ADVISED: "府県が説示・助言した",
}
_AIMED = {
    Aimed.PERSON: "特定の個人",
    Aimed.GROUP: "構成員が特定できる規模の集団",
    Aimed.AREA: "府内の特定の地域",
    Aimed.PEOPLE: "不特定の集団",
}
_DUE = {
    Named.FIRST_REPLY: "初回返信",
    Named.REPLY: "返信",
    Named.SAFETY: "安全の再確認",
    Named.CALL_BACK: "折り返し電話",
    Named.EXPERT: "専門家の日程",
    Named.ANSWER: "引き継ぎの答え",
    Named.OWN: "そのほか",
}
_ASKS = {
    Ask.CIRCULATION: "供覧",
    Ask.APPROVAL: "決裁",
    Ask.SECOND_READING: "返信のふたり目の確認",
}
_OUTCOMES = {
    Outcome.READ: "読んだ",
    Outcome.APPROVED: "よい",
    Outcome.RETURNED: "もどした",
    Outcome.WITHDRAWN: "取り下げた",
}
_MAIL_IN = {
    MailState.HEARD: "相談として受け付けた",
    MailState.AUTOMATIC: "自動返信・一斉配信",
    MailState.BOUNCE: "不着の知らせ",
    MailState.QUARANTINED: "取り置き",
    MailState.SPAM: "迷惑メール",
}
_MAIL_OUT = {
    SendState.QUEUED: "送信待ち",
    SendState.SENT: "送った",
    SendState.BOUNCED: "届かなかった",
    SendState.FAILED: "送れなかった",
    SendState.CANCELLED: "取りやめた",
}
_WAYS = {Way.FULL: "全文", Way.NOTICE: "お知らせだけ", Way.MY_PAGE: "マイページ"}


def when(at: dt.datetime | None) -> str:
    """Say an instant in Japan's time; "" for none."""
    return f"{wareki(in_japan(at).date())}{clock(at)}" if at else ""


def dealings_of(row: Consultation, *, with_memos: bool) -> dict[str, list[dict[str, Any]]]:
    """Return what was done for the person of `row`, by what it was, each oldest first.

    What colleagues asked each other is in it where memos are given; that they asked, always.
    """
    return {
        "引き継ぎ": _handed_over(row),
        "差別情報の通報": _reported(row),
        "期限": _promised(row),
        "確認（決裁・供覧）": _asked(row, with_memos=with_memos),
        "届いたメール": _mail_in(row),
        "出したメール": _mail_out(row),
    }


def _handed_over(row: Consultation) -> list[dict[str, Any]]:
    rows = Referral.objects.filter(matter=row.pk).select_related("matter", "desk")
    return [
        {
            "渡す先": it.to_name,
            "状態": _HANDED[Status(it.status)],
            "わけ": words.reason or ERASED,
            "本人に聞いたもの": [ITEMS[Item(item)] for item in it.asked],
            "本人が同意したもの": [ITEMS[Item(item)] for item in it.agreed],
            "準備した日時": when(it.prepared_at),
            "同意の日時": when(it.consented_at),
            "送った日時": when(it.sent_at),
            "送ったもの": _sections(words.sections),
            "答え": words.answer or "",
        }
        for it in rows.order_by("prepared_at", "id")
        for words in (opened_referral(it),)
    ]


def _sections(sections: Any) -> dict[str, list[str]]:
    return {it.title: [f"{line.label}：{line.words}" for line in it.lines] for it in sections}


def _reported(row: Consultation) -> list[dict[str, Any]]:
    rows = UrlReport.objects.filter(matter=row.pk).prefetch_related("steps").order_by("number")
    return [
        {
            "番号": it.row.number,
            "記録した日": wareki(it.row.written_on),
            "だれに対する": _AIMED[Aimed(it.row.aimed)],
            "URL": list(it.urls),
            "文": it.words,
            "経過": [
                {"日": wareki(step.on), "ようす": _REPORTED[step.status], "文": step.words}
                for step in it.passed
            ],
        }
        for it in opened_reports(rows)
    ]


def _promised(row: Consultation) -> list[dict[str, Any]]:
    rows = list(Deadline.objects.filter(matter=row.pk).order_by("due_at", "id"))
    return [
        {
            "期限": _DUE[it.name],
            "いつまで": when(it.due_at),
            "済んだ日時": when(kept.done_at),
            "文": it.words,
            "名乗り方": it.call_as,
        }
        for kept, it in zip(rows, opened_deadlines(row.desk_id, rows), strict=True)
    ]


def _asked(row: Consultation, *, with_memos: bool) -> list[dict[str, Any]]:
    safe = Safe(row.desk_id)
    found = []
    for it in Approval.objects.filter(matter=row.pk).order_by("asked_at", "id"):
        said = {
            "種類": _ASKS[Ask(it.kind)],
            "聞いた日時": when(it.asked_at),
            "答え": _OUTCOMES[Outcome(it.outcome)] if it.outcome else "まだ",
            "答えた日時": when(it.decided_at),
        }
        if with_memos:
            place = comment_place(it.pk)
            said["文"] = words_asked(it, safe) or ERASED
            said["答えの文"] = safe.open(it.comment, holder=row.pk, place=place) or ""
        found.append(said)
    return found


def _mail_in(row: Consultation) -> list[dict[str, Any]]:
    rows = MailIn.objects.filter(matter=row.pk).select_related("matter")
    return [
        {
            "日時": when(it.at),
            "ようす": _MAIL_IN[it.state],
            "差出人": it.sender,
            "題名": it.subject,
            "添付の数": it.attachments,
        }
        for it in map(came, rows.order_by("arrived_at", "id"))
    ]


def _mail_out(row: Consultation) -> list[dict[str, Any]]:
    rows = MailOut.objects.filter(matter=row.pk).select_related("matter", "to")
    return [
        {"日時": when(it.at), "ようす": _MAIL_OUT[it.state], "宛先": it.to, "中身": _WAYS[it.way]}
        for it in map(sent, rows.order_by("queued_at", "id"))
    ]
