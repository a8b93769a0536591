"""`madoguchi guide`: answers or own words in, windows out. No database, no key, no network."""

import json
import sys
from pathlib import Path

import click

from madoguchi.cli.setting import WrongCallError
from madoguchi.directory.telling import WRONG_ANSWERS, guided_by_answers, guided_by_words
from madoguchi.rules.guidance import Answers, UnknownAnswerError
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF

_MOST_BYTES = 1_000_000
_UNREADABLE = "答えのファイルを読めません。JSON のファイルか、標準入力の - を指定してください。"
_NOT_JSON = "答えを JSON として読めません。書き方（かっこ、引用符、文字コード）を直してください。"
_TWICE = "答えの JSON に、同じ項目が2回あります。1回にしてください。"
_ALLOWED = "{values} のどれかを使ってください。"
_WHICH = "--answers と --text の、どちらか一つを指定してください。"


@click.command()
@click.option("--answers", "file", metavar="FILE", help="答えの JSON（- は標準入力）")
@click.option("--text", help="自分の言葉で書いた相談")
@click.option("--format", "form", type=click.Choice(["json"]), default="json")
def guide(file: str | None, text: str | None, form: str) -> None:  # noqa: ARG001 (one form so far)
    """Tell which windows (窓口) fit somebody's answers or own words."""
    if (file is None) == (text is None):
        raise WrongCallError(_WHICH)
    result = guided_by_answers(_answers(file or "")) if text is None else guided_by_words(text)
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))


def _answers(file: str) -> Answers:
    """Read the answers from `file`, or refuse the call in one sentence that names the key."""
    try:
        text = _content(file).decode("utf-8-sig")
        return Answers.parsed(json.loads(text, object_pairs_hook=_once_each))
    except OSError:
        raise WrongCallError(_UNREADABLE) from None
    except UnknownAnswerError as fault:
        said = WRONG_ANSWERS[fault.code][0].format(key=_on_one_line(fault.key))
        raise WrongCallError(said + _allowed(fault)) from None
    except (ValueError, RecursionError):
        raise WrongCallError(_NOT_JSON) from None


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) < len(pairs):
        raise WrongCallError(_TWICE)
    return told


def _allowed(fault: UnknownAnswerError) -> str:
    """Return which values there are, where one was not among them."""
    if fault.code != "unknown-value":
        return ""
    values = {**ONE_OF, **SEVERAL_OF}[fault.key]
    return _ALLOWED.format(values="、".join(values))


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(_MOST_BYTES)
    with Path(file).open("rb") as opened:
        return opened.read(_MOST_BYTES)


def _on_one_line(key: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in key)
