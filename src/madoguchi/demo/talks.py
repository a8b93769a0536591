"""The demonstration desk's chat: open, with one talk of yesterday that was summed up."""

import datetime as dt
from uuid import UUID

from madoguchi.consultations.operations import chatting
from madoguchi.consultations.operations.noting import Note
from madoguchi.correspondence.operations.chat import answer, set_room
from madoguchi.rules.access import Actor
from madoguchi.rules.triage import Signals

_MINUTE = dt.timedelta(minutes=1)
_FIRST = "ゲームのチャットで、知らない人に住んでいる場所を当てられました。こわいです。"
# Who says it (True: the adviser), after how many minutes.
_LINES = (
    (True, 3, "こんにちは。相談員です。こわかったですね。いま、近くにだれかいますか。"),
    (False, 5, "家族がいます。まだ話していません。"),
    (True, 7, "分かりました。まず、そのやり取りの画面を、日時が見えるように残しておけますか。"),
    (False, 9, "もう消してしまったかもしれません。見てみます。"),
    (True, 12, "急がなくて大丈夫です。位置情報を切るやり方も、いっしょに見ましょう。"),
    (False, 19, "切れました。すこし安心しました。ありがとうございます。"),
)
_SUMMARY = Note(
    words="オンラインゲームで住所を推測された。位置情報を切り、画面の残し方を伝えた。家族に話すことを考えている。",
    channel=chatting.SNS,
    action="ADVICE",
    kinds=frozenset({"HARMFUL"}),
    age_group="TEENS",
    standing="AFFECTED",
)


def play_talk(*, desk: UUID, adviser: Actor, at: dt.datetime) -> UUID:
    """Open the chat of `desk` and let one talk be held that began at `at`; return its matter."""
    set_room(desk=desk, actor=None, is_open=True, by_hours=False, at=at)
    opened = chatting.open_talk(desk=desk, words=_FIRST, signals=Signals(under18=True), at=at)
    chatting.take_talk(talk=opened.talk, actor=adviser, at=at + 2 * _MINUTE)
    for is_ours, minute, words in _LINES:
        when = at + minute * _MINUTE
        if is_ours:
            answer(talk=opened.talk, actor=adviser, words=words, at=when)
        else:
            chatting.say(talk=opened.talk, words=words, signals=Signals(), at=when)
    chatting.leave(talk=opened.talk, at=at + 20 * _MINUTE)
    chatting.sum_up(talk=opened.talk, actor=adviser, note=_SUMMARY, at=at + 26 * _MINUTE)
    return opened.matter
