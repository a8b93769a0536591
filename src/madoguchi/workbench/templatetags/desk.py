"""The desk's words for what the database keeps as codes."""

import datetime as dt
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations.presenting import TOLD
from madoguchi.consultations.queries import Erasure
from madoguchi.correspondence.queries.mail import Posted
from madoguchi.handbook.models import Sort
from madoguchi.rules.approval import Ask, Outcome
from madoguchi.rules.calendar import clock, in_japan, wareki
from madoguchi.rules.chat import Step as ChatStep
from madoguchi.rules.consultation import Status, Step, Unfinished
from madoguchi.rules.deadlines import Named, Nearness, distance, nearness
from madoguchi.rules.experts import Step as ExpertStep
from madoguchi.rules.triage import Alarm
from madoguchi.ui.dates import day_of, short_day
from madoguchi.workbench.forms.files import EXPLAINED

register = template.Library()

Words = dict[str, str | Promise]

_STATUS: Words = {
    Status.RECEIVED: _("未着手"),
    Status.IN_PROGRESS: _("対応中"),
    Status.WAITING: _("返事待ち"),
    Status.CLOSED: _("終結"),
}
_ALARMS: Words = {
    Alarm.WORDS: _("命や体の危険を思わせることばがあります。"),
    Alarm.ANSWER: _("「いま安全ではない」と答えています。"),
}
_TONES: Words = {Status.RECEIVED: "warn", Status.IN_PROGRESS: "blue", Status.CLOSED: "none"}
_DEEDS: Words = {
    Step.TAKE_CHARGE: _("担当になった"),
    Step.ASSIGN: _("担当を決めた"),
    Step.REPLY: _("返信を送った"),
    Step.NOTE_CALL: _("受付を記録した"),
    Step.HEAR: _("相談者から届いた"),
    Step.CLOSE: _("終結した"),
    Step.REOPEN: _("再開した"),
    "LINE_NOTICE_ASKED": _("LINEの知らせを頼んだ"),
    "LINE_NOTICE_LINKED": _("LINEの知らせを受けることにした"),
    "LINE_NOTICE_ENDED": _("LINEの知らせをやめた"),
    ChatStep.TAKE_TALK: _("チャットに出た"),
    ChatStep.HAND_OVER_TALK: _("チャットを代わった"),
    ChatStep.END_TALK: _("チャットが終わった"),
    ChatStep.RESUME_TALK: _("チャットの列に戻った"),
    ChatStep.SUM_UP_TALK: _("チャットのまとめを記録した"),
    ExpertStep.ASK_EXPERT: _("専門家に聞くことにした"),
    ExpertStep.BOOK_EXPERT: _("専門家の予約を入れた"),
    ExpertStep.MEET_EXPERT: _("専門家の相談が行われた"),
    ExpertStep.HEAR_FROM_EXPERT: _("専門家の結果を書きとめた"),
    ExpertStep.SETTLE_EXPERT: _("専門家連携を済みにした"),
    ExpertStep.CANCEL_EXPERT: _("専門家の予約を取りやめた"),
    ExpertStep.MISS_EXPERT: _("専門家の相談に来られなかった"),
    "EXPERT_AGREED": _("専門家に見せるものへの同意"),
    "EXPERT_CONSENT_ASKED": _("専門家に見せるものを、マイページで聞いた"),
    ExpertStep.WITHHOLD_CONSENT: _("専門家に見せることに同意しなかった・取り消した"),
    "EXPERT_LOOKED": _("専門家が開いて読んだ"),
    "RECEIVED": _("相談が届いた"),
    "RECEIPT_MADE": _("受付コードを作った"),
    "MY_PAGE_OPENED": _("マイページが開かれた"),
    "READ": _("開いて読んだ"),
    "CLASSIFIED": _("分類した"),
    "MEMO_WRITTEN": _("所内メモを書いた"),
    "SAFETY_CHECKED": _("安全を確認した"),
    "CONTACTS_IMPORTED": _("記録を取り込んだ"),
    "SCANS_ADDED": _("トレイに入れた"),
    "SCAN_DROPPED": _("トレイから消した"),
    "FILE_TAKEN": _("もとのファイルを保存した"),
    "FILE_SET_ASIDE": _("ファイルを隔離した"),
    "FILE_DELETED": _("ファイルを消去した"),
    "ERASED": _("消去した"),
    "LINKED": _("ほかの相談とのつながりを決めた"),
    "LINK_UNDONE": _("つなぎを外した"),
    "PEOPLE_RECORDED": _("人を書きとめた"),
    "MAIL_SENT": _("メールを送った"),
    "MAIL_FAILED": _("メールを送れなかった"),
    "MAIL_BOUNCED": _("メールが届かずにもどった"),
    "MAIL_CANCELLED": _("メールを取りやめた"),
    "MAIL_SEEN": _("メールが届かなかったことを確かめた"),
    "MAIL_AGAIN": _("メールをもう一度送ることにした"),
    "MAIL_SET_ASIDE": _("メールをよけて置いた"),
    "MAIL_ACCEPTED": _("メールを受け付けることにした"),
    "MAIL_OPENED": _("届いたメールを開いた"),
    "REPLY_TAKEN_BACK": _("返信を取りやめた"),
    "DEADLINE_SET": _("期限を入れた"),
    "DEADLINE_MOVED": _("期限を変えた"),
    "DEADLINE_MET": _("期限を済みにした"),
    "HANDOVER_PREPARED": _("引き継ぎを準備した"),
    "CONSENT_GIVEN": _("引き継ぎに同意した"),
    "CONSENT_REFUSED": _("引き継ぎをのぞまなかった"),
    "HAND_OVER": _("引き継いだ"),
    "ACCEPT_HANDOVER": _("引き継ぎが受けられた"),
    "RETURN_HANDOVER": _("引き継ぎが戻った"),
    "ANSWER_HANDOVER": _("引き継ぎの答え"),
    "SETTLE_HANDOVER": _("引き継ぎを済みにした"),
    "WITHDRAW_HANDOVER": _("引き継ぎをやめた"),
    "HANDOVER_TAKEN": _("引き継ぎのファイルを受けとった"),
    "ENTRANCE_SEEN": _("新しい窓口の受付コードを見た"),
    "URL_REPORT_WRITTEN": _("差別情報の通報を記録した"),
    "CHECKLIST_TICKED": _("点検を残した"),
    "APPROVAL_ASKED": _("確認をたのんだ"),
    "APPROVAL_DECIDED": _("確認に答えた"),
}
_ASKS: Words = {
    Ask.CIRCULATION: _("供覧"),
    Ask.APPROVAL: _("決裁"),
    Ask.SECOND_READING: _("ふたり目の確認"),
}
_OUTCOMES: Words = {
    Outcome.READ: _("読んだ"),
    Outcome.APPROVED: _("よい"),
    Outcome.RETURNED: _("もどした"),
    Outcome.WITHDRAWN: _("取り下げた"),
    Outcome.REWRITTEN: _("書き直した"),
}
_SORTS: Words = {
    Sort.TEMPLATE: _("定型文"),
    Sort.FAQ: _("よくある質問"),
    Sort.CASE: _("過去の事例"),
}
_DEADLINES: Words = {
    Named.FIRST_REPLY: _("初回返信"),
    Named.REPLY: _("返信"),
    Named.SAFETY: _("安全の再確認"),
    Named.CALL_BACK: _("折り返し電話"),
    Named.APPOINTMENT: _("面接の約束"),
    Named.EXPERT: _("専門家の日程"),
    Named.ANSWER: _("引き継ぎの答えを待つ"),
    Named.OWN: _("期限"),
}
# What closing leaves undone, and what becomes of it then.
_LEFT: dict[str, tuple[Promise, Promise]] = {
    Unfinished.SUMMARY: (_("チャットのまとめ"), _("書かないまま終結する。あとでも書ける。")),
    Unfinished.SAFETY: (_("安全確認"), _("確認しないまま終結する。そのことが記録に残る。")),
    Unfinished.CALL_BACK: (_("折り返し電話の約束"), _("電話しないで終結する。")),
    Unfinished.APPOINTMENT: (_("面接の約束"), _("取りやめて終結する。")),
    Unfinished.EXPERT: (
        _("専門家の日程・結果"),
        _("予約は取りやめて、空きに戻す。結果待ちなら、そのまま待つ。"),
    ),
    Unfinished.ANSWER: (_("引き継ぎの答え"), _("終結しても、答えを待つ。")),
    Unfinished.OWN: (_("期限"), _("済みにして終結する。")),
}
_NEAR: Words = {
    Nearness.OVERDUE: _("過ぎた"),
    Nearness.TODAY: _("きょう"),
    Nearness.THIS_WEEK: _("今週"),
    Nearness.LATER: _("来週から先"),
}
_NEAR_TONES: Words = {Nearness.OVERDUE: "bad", Nearness.TODAY: "warn"}
_UNITS: Words = {"MINUTES": _("分"), "HOURS": _("時間"), "DAYS": _("日")}
_CALL_AS: Words = {
    "DESK": _("窓口の名前を言う"),
    "PERSON": _("個人の名前だけ言う"),
    "AS_NOTED": _("メモのとおり"),
}
_MAIL: Words = {
    "QUEUED": _("送信待ち"),
    "SENT": _("送った"),
    "BOUNCED": _("届かなかった"),
    "FAILED": _("送れなかった"),
    "CANCELLED": _("取りやめた"),
    "HEARD": _("受付ずみ"),
    "AUTOMATIC": _("自動"),
    "BOUNCE": _("不着の知らせ"),
    "QUARANTINED": _("取り置き"),
    "SPAM": _("迷惑メール"),
}
# Of the mail of a reply: what is known, and no more.
_POSTED: Words = {
    "QUEUED": _("メール送信待ち"),
    "SENT": _("メールのサーバーに渡した"),
    "BOUNCED": _("メールが届かずにもどった"),
    "FAILED": _("メールを送れなかった"),
    "CANCELLED": _("メールを取りやめた"),
}
_MAIL_TONES: Words = {"BOUNCED": "bad", "FAILED": "bad", "SENT": "ok", "QUARANTINED": "warn"}
# Codes of ours, and the first letters of those that mail servers give (RFC 3463).
_MAIL_TROUBLES: Words = {
    "unreachable": _("メールのサーバーにつながりません。"),
    "tls": _("サーバーの証明書を確かめられません。"),
    "login": _("サーバーに入れません。利用者名かパスワードがちがいます。"),
    "folder": _("メールのフォルダーを開けません。"),
    "server": _("サーバーが受け付けません。"),
    "no-mailbox": _("メール箱が止めてあります。"),
    "erased": _("消去されています。"),
    "5.1.": _("あて先がありません。"),
    "5.2.2": _("相手のメール箱がいっぱいです。"),
    "5.2.": _("相手のメール箱が受け付けません。"),
    "5.7.": _("相手のサーバーが、受け取りを断りました。"),
}
_CHECKED: Words = {
    "SPOKEN": _("話して安全を確かめた"),
    "HANDED_OVER": _("警察・救急につないだ"),
    "UNREACHED": _("安全確認で、連絡がつかなかった"),
    "MY_PAGE": _("マイページで"),
}
# Deeds of the person who consults, where nobody of the staff did them.
_OF_LINE = ("LINE_NOTICE_ASKED", "LINE_NOTICE_LINKED", "LINE_NOTICE_ENDED")
_OF_PERSON = {
    str(Step.HEAR),
    str(ChatStep.RESUME_TALK),
    "RECEIVED",
    "RECEIPT_MADE",
    "MY_PAGE_OPENED",
    "CONSENT_GIVEN",
    "CONSENT_REFUSED",
    "ENTRANCE_SEEN",
    "EXPERT_AGREED",
    str(ExpertStep.WITHHOLD_CONSENT),
}


@register.filter
def status_word(status: str) -> str:
    """Say a 対応状況."""
    return str(_STATUS[status])


@register.filter
def headline(line: Any) -> str:
    """Say what a matter is about; where there are no words, why."""
    if line.headline:
        return str(line.headline)
    erased: Erasure | None = getattr(line, "erased", None)
    if erased is None:
        return str(_("（ことばの記録なし）"))
    day = wareki(in_japan(erased.at).date())
    said = _("（%(day)sに、本人の求めで消去）") if erased.was_asked else _("（%(day)sに消去）")
    return str(said) % {"day": day}


@register.filter
def status_tone(status: str) -> str:
    """Return the tone of a 対応状況's badge."""
    return str(_TONES.get(status, ""))


@register.filter
def deed_word(deed: str) -> str:
    """Say what the ledger holds of a deed; a deed of another storey, by its code."""
    return str(_DEEDS.get(deed, deed))


@register.filter
def how_word(how: str) -> str:
    """Say what came of a safety check."""
    return str(_CHECKED.get(how, how))


@register.filter
def mail_state_word(state: str) -> str:
    """Say what became of a mail."""
    return str(_MAIL[state])


@register.filter
def mail_state_tone(state: str) -> str:
    """Return the tone of a mail's badge."""
    return str(_MAIL_TONES.get(state, ""))


@register.filter
def posted_word(mail: Posted) -> str:
    """Say how far the mail of a reply has come, or the mail that told of it."""
    said = _POSTED[mail.state]
    return f"{_('お知らせ')}：{said}" if mail.way == "NOTICE" else str(said)


@register.filter
def mail_trouble_word(code: str) -> str:
    """Say what was in the way of a mail; a code of the server's that we do not know, as it is."""
    known = next((said for it, said in _MAIL_TROUBLES.items() if code.startswith(it)), None)
    if known is None:
        return str(_("理由は分かりません。")) + (f"（{code}）" if code else "")
    return f"{known}（{code}）" if code[0].isdigit() else str(known)


@register.filter
def doer_word(deed: str) -> str:
    """Say who did what nobody of the staff did."""
    return str(_("相談者") if deed in _OF_PERSON else _("システム"))


@register.filter
def told(value: str | tuple[str, ...], field: str) -> str:
    """Say what a person told in `field`; what is not on the list, in their own words."""
    words = TOLD[field]
    values = (value,) if isinstance(value, str) else value
    return "、".join(str(words.get(one, one)) for one in values if one)


@register.filter
def alarm_word(alarm: str) -> str:
    """Say why somebody must ask whether the person is safe."""
    return str(_ALARMS.get(alarm, alarm))


@register.filter
def explained_words(keys: tuple[str, ...]) -> str:
    """Say what was explained before somebody agreed (同意の前に説明したこと)."""
    return "／".join(str(words) for key, words in EXPLAINED if key in keys)


@register.filter
def deadline_word(name: str) -> str:
    """Say a 期限."""
    return str(_DEADLINES[name])


@register.filter
def left_word(what: Unfinished) -> str:
    """Say what is still open in a matter that is to be closed."""
    return str(_LEFT[what][0])


@register.filter
def left_then(what: Unfinished) -> str:
    """Say what becomes of it where the matter is closed all the same."""
    return str(_LEFT[what][1])


@register.filter
def near_word(near: str) -> str:
    """Say in which list of deadlines one stands."""
    return str(_NEAR[near])


@register.filter
def due_tone(due: dt.datetime, now: dt.datetime) -> str:
    """Return the tone in which the nearness of a deadline is shown."""
    return str(_NEAR_TONES.get(nearness(due, now), ""))


@register.filter
def due_day(due: dt.datetime, now: dt.datetime) -> str:
    """Say when a deadline is: きょう 17時00分, 11月27日（木）17時00分."""
    is_today = day_of(due) == day_of(now)
    return f"{_('きょう') if is_today else short_day(due)} {clock(due)}"


@register.filter
def due_far(due: dt.datetime, now: dt.datetime) -> str:
    """Say how far a deadline is: あと2時間, 3日前に過ぎた."""
    far = distance(due, now)
    length = f"{far.count}{_UNITS[far.unit]}"
    if not far.is_over:
        return f"{_('あと')}{length}"
    return f"{length}{_('前に過ぎた')}" if far.count else str(_("いま過ぎた"))


@register.filter
def call_as_word(code: str) -> str:
    """Say how somebody wants us to name ourselves."""
    return str(_CALL_AS.get(code, code))


@register.filter
def ask_word(ask: str) -> str:
    """Say what a colleague is asked for."""
    return str(_ASKS[ask])


@register.filter
def outcome_word(outcome: str) -> str:
    """Say what came of asking a colleague."""
    return str(_OUTCOMES[outcome])


@register.filter
def sort_word(sort: str) -> str:
    """Say which sort a sheet of the handbook is."""
    return str(_SORTS[sort])
