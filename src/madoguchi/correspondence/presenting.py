"""What LINE shows of us: a few fixed sentences, in the language that somebody reads."""

import re
from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from madoguchi.ui.languages import PREFIXES, prefix_of

EASY, ENGLISH, JAPANESE = "ja-easy", "en", "ja"
# LINE shows no small letters above others: a reading stands behind its word.
_READING = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")

# No question is asked inside LINE, and nothing that is asked there is answered there.
_SENTENCES = {
    "LINK": (
        _("ここでは、相談を受けていません。ここに書いたことは、窓口には届きません。"),
        _("相談員と話すときは、下のページを開いてください。名前はいりません。"),
        "{public}/{prefix}chat/",
        _("命や体が危ないときは、110に電話してください。"),
    ),
    "LINKED": (
        _("登録しました。返事が届いたら、ここに「お知らせ」とだけ出します。"),
        _("やめるときは、マイページか、このアカウントのブロックでやめられます。"),
    ),
    "NO_CODE": (
        _("その番号では、登録できませんでした。マイページで、新しい番号を出してください。"),
    ),
    "NOTICE": (_("お知らせがあります。"), "{public}/{prefix}my/"),
}


def languages_for(told: str | None) -> tuple[str, ...]:
    """Return in which languages somebody is answered whose telephone speaks `told` (BCP 47).

    Not told: Japanese, and English below. Neither of the two: easy Japanese, and English.
    """
    if told is None:
        return JAPANESE, ENGLISH
    known = {"ja": (JAPANESE,), "en": (ENGLISH,)}
    return known.get(told.casefold().partition("-")[0], (EASY, ENGLISH))


def line_text(say: str, languages: Iterable[str], public: str) -> str:
    """Return what LINE shows for `say`, once in each of `languages`."""
    return "\n\n".join(_in_one(say, it, public) for it in languages)


def _in_one(say: str, language: str, public: str) -> str:
    spoken = language if language in PREFIXES else JAPANESE
    with translation.override(spoken):
        lines = [
            it.format(public=public, prefix=prefix_of(spoken))
            if isinstance(it, str)
            else _READING.sub(r"\1（\2）", str(it))
            for it in _SENTENCES[say]
        ]
    return "\n".join(lines)
