"""`madoguchi guide`: answers or own words in, windows out. No database, no key, no network."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from madoguchi.cli.setting import WrongCallError
from madoguchi.directory import emergency
from madoguchi.directory.editions import current
from madoguchi.directory.words import answers_in
from madoguchi.rules.guidance import Answers, Edition, Guidance, UnknownAnswerError, windows_for

FORMAT = "madoguchi.guide/1"
_MOST_BYTES = 1_000_000
_UNREADABLE = "答えのファイルを読めません。JSON のファイルか、標準入力の - を指定してください。"
_NOT_JSON = "答えを JSON として読めません。書き方（かっこ、引用符、文字コード）を直してください。"
_WHICH = "--answers と --text の、どちらか一つを指定してください。"
_WRONG = {
    "not-a-table": "答えは、{{…}} の形の JSON で書いてください。",
    "unknown-key": "「{key}」という項目はありません。名前を直すか、消してください。",
    "not-a-list": "「{key}」は、[…] の形のならびで書いてください。",
    "not-a-word": "「{key}」は、文字で一つだけ書いてください。",
    "not-yes-or-no": "「{key}」は、true か false で書いてください。",
    "unknown-value": "「{key}」に、知らない値があります。docs の一覧にある値に直してください。",
}


@click.command()
@click.option("--answers", "file", metavar="FILE", help="答えの JSON（- は標準入力）")
@click.option("--text", help="自分の言葉で書いた相談")
@click.option("--format", "form", type=click.Choice(["json"]), default="json")
def guide(file: str | None, text: str | None, form: str) -> None:  # noqa: ARG001 (one form so far)
    """Tell which windows (窓口) fit somebody's answers or own words."""
    if (file is None) == (text is None):
        raise WrongCallError(_WHICH)
    answers = answers_in(text) if text is not None else _answers(file or "")
    edition = current()
    result = told(windows_for(answers, edition), edition)
    if text is not None:
        result["understood"] = answers.told()
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))


def told(guidance: Guidance, edition: Edition) -> dict[str, Any]:
    """Return `guidance` in the shape of the contract; `easy` and `en` stand beside `ja`."""
    return {
        "format": FORMAT,
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
            {"id": it, "text_ja": edition.advice[it].ja, "text_en": edition.advice[it].en}
            for it in guidance.advice
        ],
    }


def _emergency(guidance: Guidance) -> list[dict[str, str]]:
    known = emergency.numbers()
    return [
        {"id": it, "number": known[it].display, "name_ja": known[it].label.ja}
        for it in guidance.numbers
    ]


def _answers(file: str) -> Answers:
    """Read the answers from `file`, or refuse the call in one sentence that names the key."""
    try:
        return Answers.parsed(json.loads(_content(file).decode("utf-8-sig")))
    except OSError:
        raise WrongCallError(_UNREADABLE) from None
    except UnknownAnswerError as fault:
        raise WrongCallError(_WRONG[fault.code].format(key=_on_one_line(fault.key))) from None
    except (ValueError, RecursionError):
        raise WrongCallError(_NOT_JSON) from None


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(_MOST_BYTES)
    with Path(file).open("rb") as opened:
        return opened.read(_MOST_BYTES)


def _on_one_line(key: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in key)
