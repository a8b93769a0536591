"""`madoguchi guide`: answers or own words in, windows out. No database, no key, no network."""

import json
import sys
from pathlib import Path

import click

from madoguchi.cli.setting import WrongCallError
from madoguchi.directory.telling import guided_by_answers, guided_by_words, said_wrong
from madoguchi.rules.guidance import Answers, UnknownAnswerError
from madoguchi.rules.guidance.answers import once_each

_MOST_BYTES = 1_000_000
_UNREADABLE = "答えのファイルを読めません。JSON のファイルか、標準入力の - を指定してください。"
_NOT_JSON = "答えを JSON として読めません。書き方（かっこ、引用符、文字コード）を直してください。"
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
        return Answers.parsed(json.loads(text, object_pairs_hook=once_each))
    except OSError:
        raise WrongCallError(_UNREADABLE) from None
    except UnknownAnswerError as fault:
        said, _ = said_wrong(fault)
        raise WrongCallError(said) from None
    except (ValueError, RecursionError):
        raise WrongCallError(_NOT_JSON) from None


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(_MOST_BYTES)
    with Path(file).open("rb") as opened:
        return opened.read(_MOST_BYTES)
