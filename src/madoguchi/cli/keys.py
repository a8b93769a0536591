"""`madoguchi keys`: which keys are in force, moving to a new one, and a sheet for the safe."""

import base64
import textwrap

import click

from madoguchi.cli.setting import open_database

_CURRENT = "{number}  いまの鍵。事案の鍵を{count}本、包んでいます"
_OLDER = "{number}  前の鍵。事案の鍵を{count}本、包んでいます"
_MISSING = "{number}  ここにない鍵。事案の鍵を{count}本、包んでいます"
_MOVED = "{count}件を、いまの鍵（{number}）に移しました。"
_MAY_GO = (
    "前の鍵（{numbers}）は、MADOGUCHI_KEY（または鍵のファイル）から外せます。"
    "外したらサーバーと worker を動かしなおしてください。"
    "前の鍵の用紙は、いまより前の控えをすべて消すまで、捨てないでください。"
)
_SHEET = """窓口（Madoguchi）の鍵　復旧用紙

設置の名前：______________________________
印刷した日：{on:%Y-%m-%d}　　預ける人：__________　__________

鍵の番号　{number}
鍵
{groups}

これは、相談の言葉に封をする、大もとの鍵です。
・なくすと、封をした言葉は、だれにも読めなくなります。
・この用紙とデータベースの両方を手にした人は、すべてを読めます。
・2通を、サーバーとも控えとも別の建物に、封をしてしまってください。

戻すとき：上の鍵を、空白を入れずに1行で打ち、鍵のファイルに保存します。
そのあと madoguchi keys を実行し、鍵の番号が同じことを確かめてください。
大文字と小文字を区別します。まぎれやすい字：{doubtful}
"""
# How a letter that is easily mistaken for another is to be read.
_DOUBTFUL = {"0": "0＝数字", "O": "O＝英大文字オー", "1": "1＝数字", "l": "l＝英小文字エル"}
_DOUBTFUL["I"] = "I＝英大文字アイ"


@click.group(invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """Keys (鍵): which are in force, by their numbers. Never the keys themselves."""
    open_database()
    if context.invoked_subcommand:
        return
    from madoguchi.vault.keys import key_id, master_keys
    from madoguchi.vault.rewrapping import counted_by_wrapper

    counted = counted_by_wrapper()
    for place, master in enumerate(master_keys()):
        number = key_id(master).hex()
        sentence = _OLDER if place else _CURRENT
        click.echo(sentence.format(number=number, count=counted.pop(number, 0)))
    for number, count in sorted(counted.items()):
        click.echo(_MISSING.format(number=number, count=count))
    if counted:
        raise click.exceptions.Exit(1)


@keys.command()
def rewrap() -> None:
    """Put everything under the current key, so that older ones can be put away."""
    from django.utils import timezone

    from madoguchi.desks.operations.keys import rewrap_everything
    from madoguchi.vault.keys import key_id, master_keys

    current, *older = [key_id(master).hex() for master in master_keys()]
    count = rewrap_everything(at=timezone.now())
    click.echo(_MOVED.format(count=count, number=current))
    if older:
        click.echo(_MAY_GO.format(numbers="、".join(older)))


@keys.command()
def sheet() -> None:
    """Print the recovery sheet (復旧用紙) of the current key. It IS the key: for paper only."""
    from django.utils import timezone

    from madoguchi.vault.keys import key_id, master_keys

    master = master_keys()[0]
    text = base64.b64encode(master).decode()
    groups = " ".join(textwrap.wrap(text, 4))
    doubtful = "、".join(said for letter, said in _DOUBTFUL.items() if letter in text)
    lines = "\n".join(f"    {line}" for line in textwrap.wrap(groups, 30))
    number = key_id(master).hex()
    on = timezone.localdate()
    told = _SHEET.format(on=on, number=number, groups=lines, doubtful=doubtful or "なし")
    click.echo(told, nl=False)
