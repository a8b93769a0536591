"""The answers a person can choose from, and what they mean for the desk's books."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

NOT_SAID = ("", _("答えない"))
YES_NO = (("yes", _("はい")), ("no", _("いいえ")), NOT_SAID)
SAFE = (("yes", _("はい")), ("no", _("いいえ")), ("unsure", _("分からない")), NOT_SAID)

WANTS = (
    ("w1", _("どうしたらよいか、いっしょに考えてほしい")),
    ("w2", _("書きこみや画像を消したい")),
    ("w3", _("書いた人を知りたい")),
    ("w4", _("お金でつぐなってほしい（損害賠償）")),
    ("w5", _("調べて、罰してほしい")),
    ("w6", _("気持ちを聞いてほしい")),
    ("w7", _("まだ分からない")),
)
EVIDENCE = (
    ("URL", _("URL")),
    ("TIME", _("日時のメモ")),
    ("IMAGE", _("画面の画像")),
    ("PDF", _("PDF")),
    ("NONE", _("ない")),
)
WHO = (
    ("self", _("本人")),
    ("guardian", _("家族・保護者")),
    ("school", _("学校の人")),
    ("friend", _("友だち・ほかの人")),
    ("poster", _("書いた側")),
    NOT_SAID,
)
AGE_GROUPS = (
    ("TEENS", _("10代")),
    ("TWENTIES", _("20代")),
    ("THIRTIES", _("30代")),
    ("FORTIES", _("40代")),
    ("FIFTIES", _("50代")),
    ("SIXTY_OR_OVER", _("60歳以上")),
    NOT_SAID,
)
REPLY_BY = (
    ("my-page", _("受付コードで、このサイトで読む")),
    ("mail", _("このサイトで読む。返事がきたら、メールで知らせてもらう")),
    ("telephone", _("電話で受けとる")),
)

# 状況: the side on which the trouble is. A family speaks for the person affected; a school
# or a friend may speak of either side, which an adviser will know better.
STANDING_OF = {
    "self": "AFFECTED",
    "guardian": "AFFECTED",
    "school": "OTHER",
    "friend": "OTHER",
    "poster": "POSTER",
}


def who_in_guide(answers: Mapping[str, Any]) -> str:
    """Return the standing that answers to the guide's questions give; "" where they do not."""
    if answers.get("happened") == "e":
        return "poster"
    said = str(answers.get("who", ""))
    return said if said in STANDING_OF else ""


def wants_in_guide(answers: Mapping[str, Any]) -> list[str]:
    """Return what the person wants by their answers to the guide's questions."""
    said = answers.get("wants", [])
    return [key for key, _label in WANTS if isinstance(said, list) and key in said]
