"""`madoguchi desks`: found a desk, record its opening days, add its people."""

import csv
import datetime as dt
import re
from pathlib import Path

import click

from madoguchi.cli.mailbox import mailbox
from madoguchi.cli.setting import WrongCallError, desk_of, open_database
from madoguchi.rules.access import Role
from madoguchi.rules.contact_records import moment
from madoguchi.rules.prefectures import PREFECTURES

_NO_PREFECTURE = "「{given}」という都道府県はありません。次のどれかにしてください：{names}"
_BAD_SLUG = "--slug は、半角の英小文字と数字とハイフンで、50文字までにしてください。"
_BAD_USERNAME = "--username は、半角の英数字と . _ - で、60文字までにしてください。"
_BAD_NAME = "--name に、{length}文字までの名前を入れてください。"
_SLUG_TAKEN = "「{slug}」という相談窓口は、もうあります。--slug を別のものにしてください。"
_USERNAME_TAKEN = "「{username}」というサインイン名は、もう使われています。別のものにしてください。"
_NOT_PUBLIC = (
    "公開のページ（/consult/ など）は、{public}。"
    "この窓口に替えるときは madoguchi desks public {slug} を実行してください。"
)
_STAYS = "これまでどおり「{name}」（{slug}）のものです"
_CLOSED = "どの窓口のものか決まっていないので、閉じています"
_IS_PUBLIC = "公開のページ（/consult/ など）は、「{name}」（{slug}）のものになりました。"
_NO_MEMBER = "「{username}」というサインイン名の職員は、この相談窓口にいません。"
_UNREADABLE = "{file} を読めません。UTF-8 のテキストファイルか確かめてください。"
_BAD_DAY = (
    "{file} の{line}行目「{text}」を日付として読めません。2025-04-01 のように書いてください。"
    "まだ何も登録していません。"
)
_NO_DAYS = "{file} に日付がありません。1行に1つ、2025-04-01 のように書いてください。"
_FIRST_SIGN_IN = """サインイン名  {username}
仮パスワード  {password}
この仮パスワードは、いま一度だけ表示しています。本人に手渡してください。
本人は、最初のサインインでパスワードを変え、二段階認証を設定します。"""

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")
_USERNAME = re.compile(r"[A-Za-z0-9._-]{1,60}")


@click.group()
def desks() -> None:
    """Desks (相談窓口), their opening days and their people."""


desks.add_command(mailbox)


@desks.command()
@click.option("--slug", required=True, help="A short name for addresses and commands.")
@click.option("--name", required=True, help="The desk's name, as people read it.")
@click.option("--prefecture", required=True, help="大阪府, 北海道, …")
def create(slug: str, name: str, prefecture: str) -> None:
    """Found a desk with the standard code books; make the database where there is none."""
    if not _SLUG.fullmatch(slug):
        raise WrongCallError(_BAD_SLUG)
    name = _checked_name(name, length=100)
    if prefecture not in PREFECTURES:
        names = " ".join(PREFECTURES)
        raise WrongCallError(_NO_PREFECTURE.format(given=prefecture, names=names))
    open_database(migrate=True)
    from django.utils import timezone

    from madoguchi.desks.operations import create_desk
    from madoguchi.desks.queries import desk_called, public_desk

    if desk_called(slug):
        raise click.ClickException(_SLUG_TAKEN.format(slug=slug))
    desk = create_desk(slug=slug, name=name, prefecture=prefecture, at=timezone.now())
    click.echo(f"相談窓口「{name}」（{slug}）をつくりました。")
    if not desk.is_public:
        public = public_desk()
        said = _STAYS.format(name=public.name, slug=public.slug) if public else _CLOSED
        click.echo(_NOT_PUBLIC.format(public=said, slug=slug))


@desks.command()
@click.argument("slug")
def public(slug: str) -> None:
    """Let the public pages (guide, /consult/, /chat/) be the desk SLUG's from now on."""
    open_database()
    desk = desk_of(slug)
    from django.utils import timezone

    from madoguchi.desks.operations import make_public

    make_public(desk=desk.pk, at=timezone.now())
    click.echo(_IS_PUBLIC.format(name=desk.name, slug=desk.slug))


@desks.group("opening-days")
def opening_days() -> None:
    """Days on which a desk was open (開設日), as recorded."""


@opening_days.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--desk", "slug", required=True, help="The desk's slug.")
def import_days(file: Path, slug: str) -> None:
    """Record the days in FILE, one date a line (2025-05-04, 2025/5/4): all of them, or none."""
    days = _days_in(file)
    open_database()
    desk = desk_of(slug)
    from django.utils import timezone

    from madoguchi.desks.operations import record_opening_days

    new = record_opening_days(desk=desk.pk, days=days, at=timezone.now())
    click.echo(f"開設日を{new}日、登録しました（登録ずみの{len(days) - new}日は、そのままです）。")


@desks.group()
def members() -> None:
    """Staff of a desk: who may sign in."""


@members.command()
@click.option("--desk", "slug", required=True, help="The desk's slug.")
@click.option("--username", required=True, help="The name to sign in with.")
@click.option("--name", required=True, help="The person's name, as colleagues read it.")
@click.option("--role", required=True, type=click.Choice([role.lower() for role in Role]))
def add(slug: str, username: str, name: str, role: str) -> None:
    """Add somebody to a desk's staff; print a first password, once."""
    if not _USERNAME.fullmatch(username):
        raise WrongCallError(_BAD_USERNAME)
    name = _checked_name(name, length=60)
    open_database()
    desk = desk_of(slug)
    from django.utils import timezone

    from madoguchi.desks.operations import NewUser, add_user
    from madoguchi.desks.queries import is_username_taken
    from madoguchi.vault.codes import new_password

    if is_username_taken(username):
        raise click.ClickException(_USERNAME_TAKEN.format(username=username))
    password = new_password()
    new = NewUser(username=username, name=name, role=Role(role.upper()), password=password)
    add_user(desk=desk.pk, new=new, at=timezone.now())
    click.echo(_FIRST_SIGN_IN.format(username=username, password=password))


@members.command()
@click.option("--desk", "slug", required=True, help="The desk's slug.")
@click.option("--username", required=True, help="The name to sign in with.")
def renew(slug: str, username: str) -> None:
    """Give somebody who lost password or second factor a first password again."""
    open_database()
    desk = desk_of(slug)
    from django.utils import timezone

    from madoguchi.desks.operations import renew_user
    from madoguchi.desks.queries import member_called
    from madoguchi.vault.codes import new_password

    member = member_called(desk.pk, username)
    if member is None:
        raise WrongCallError(_NO_MEMBER.format(username=username))
    password = new_password()
    renew_user(user=member.pk, password=password, at=timezone.now())
    click.echo(_FIRST_SIGN_IN.format(username=username, password=password))


def _checked_name(name: str, *, length: int) -> str:
    name = name.strip()
    if not 0 < len(name) <= length or not name.isprintable():
        raise WrongCallError(_BAD_NAME.format(length=length))
    return name


def _days_in(file: Path) -> set[dt.date]:
    """Return the days in `file`, or refuse by the first line that is none."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise WrongCallError(_UNREADABLE.format(file=file)) from None
    days = set()
    for line, cells in enumerate(csv.reader(text.splitlines()), start=1):
        written = "".join(cells[:1]).strip()
        if not any(cells):
            continue
        at = moment(f"{written} 00:00")  # however a contact's day may be written
        if at is None:
            raise WrongCallError(_BAD_DAY.format(file=file, line=line, text=written))
        days.add(at.date())
    if not days:
        raise WrongCallError(_NO_DAYS.format(file=file))
    return days
