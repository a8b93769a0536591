"""`madoguchi desks mailbox`: where a desk's e-mail comes in and goes out."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from madoguchi.cli.setting import WrongCallError, desk_of, open_database
from madoguchi.rules.mail.servers import ADDRESS, FOLDER, HIGHEST_PORT, HOST, PORTS

if TYPE_CHECKING:
    from madoguchi.correspondence.operations.mailbox import Host, MailboxSettings

_BAD_ADDRESS = "--address は、soudan@example.jp のように書いてください。"
_BAD_HOST = "{option} は、mail.example.jp か mail.example.jp:993 のように書いてください。"
_BAD_FOLDER = "--folder は、半角の英数字と . _ - で、60文字までにしてください。"
_BAD_PAGE = "--my-page は、https:// で始まる、マイページの場所を書いてください。"
_BAD_PASSWORD = "パスワードが空か、半角の英数字と記号ではありません。"  # noqa: S105 (a sentence)
_UNREADABLE = "{file} を読めません。パスワードだけを書いたファイルか確かめてください。"
_REFUSED = {
    "mail-in-the-clear": "暗号化なし（none）は、同じ機械の中のサーバーにだけ使えます。",
    "mail-password-missing": "--password-file でパスワードを渡してください。",
}
_NONE = "この相談窓口には、メール箱がありません。"
_TROUBLES = {
    "unreachable": "サーバーにつながりません。名前とポートを確かめてください。",
    "tls": "サーバーの証明書を確かめられません。MAIL_CA_FILE を確かめてください。",
    "login": "サーバーに入れません。利用者名とパスワードを確かめてください。",
    "folder": "受信箱を開けません。",
    "server": "サーバーが受け付けません。",
}
_SHOWN = """アドレス      {address}
受信（IMAP）  {imap}
送信（SMTP）  {smtp}
利用者名      {username}
取り込んだ後  {after}
お知らせ      {my_page}
様子          {state}"""

_SECURITIES = ("tls", "starttls", "none")


@click.group()
def mailbox() -> None:
    """Set up the mailbox (メール箱) of a desk, and look after it."""


_desk = click.option("--desk", "slug", required=True, help="The desk's slug.")


@mailbox.command("set")
@_desk
@click.option("--address", required=True, help="The address people write to.")
@click.option("--imap", required=True, help="HOST or HOST:PORT of the IMAP server.")
@click.option("--smtp", required=True, help="HOST or HOST:PORT of the SMTP server.")
@click.option("--imap-security", type=click.Choice(_SECURITIES), default="tls", show_default=True)
@click.option("--smtp-security", type=click.Choice(_SECURITIES), default="tls", show_default=True)
@click.option("--username", help="The name to sign in with; else the address.")
@click.option("--password-file", type=click.Path(path_type=Path), help="A file with the password.")
@click.option("--plus/--no-plus", default=True, help="Whether soudan+x@… arrives at soudan@….")
@click.option("--after", type=click.Choice(("move", "delete", "leave")), default="move")
@click.option("--folder", default="Madoguchi", help="Where mail that was taken in is moved.")
@click.option("--my-page", default="", help="The address of my-page, for notices.")
def set_up(slug: str, password_file: Path | None, **said: Any) -> None:
    """Set up a desk's mailbox, or change it; the password is kept where none is given."""
    password = _password_in(password_file) if password_file else None
    open_database()
    desk = desk_of(slug)
    from django.utils import timezone

    from madoguchi.correspondence.operations.mailbox import set_mailbox
    from madoguchi.rules.access import RefusedError

    settings = _settings(said, password)
    try:
        set_mailbox(desk=desk.pk, said=settings, at=timezone.now())
    except RefusedError as refusal:
        raise WrongCallError(_REFUSED[refusal.code]) from None
    click.echo("メール箱を設定しました。つながるかは、check で確かめられます。")


def _settings(said: dict[str, Any], password: str | None) -> "MailboxSettings":
    """Return the options as settings, or refuse the call."""
    from madoguchi.correspondence.models.mail import AfterTaking
    from madoguchi.correspondence.operations.mailbox import MailboxSettings

    if not ADDRESS.fullmatch(said["address"]):
        raise WrongCallError(_BAD_ADDRESS)
    if not FOLDER.fullmatch(said["folder"]):
        raise WrongCallError(_BAD_FOLDER)
    if said["my_page"] and not said["my_page"].startswith(("https://", "http://127.0.0.1")):
        raise WrongCallError(_BAD_PAGE)
    return MailboxSettings(
        address=said["address"].lower(),
        imap=_host("imap", said["imap"], said["imap_security"]),
        smtp=_host("smtp", said["smtp"], said["smtp_security"]),
        username=said["username"] or said["address"],
        password=password,
        takes_plus=said["plus"],
        after_taking=AfterTaking(said["after"].upper()),
        folder=said["folder"],
        my_page=said["my_page"],
    )


def _host(kind: str, given: str, security: str) -> "Host":
    from madoguchi.correspondence.models.mail import Security
    from madoguchi.correspondence.operations.mailbox import Host

    found = HOST.fullmatch(given)
    port = int(found["port"] or PORTS[kind][security]) if found else 0
    if found is None or not 0 < port <= HIGHEST_PORT:
        raise WrongCallError(_BAD_HOST.format(option=f"--{kind}"))
    return Host(found["name"].strip("[]"), port, Security(security.upper()))


def _password_in(file: Path) -> str:
    try:
        password = file.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise WrongCallError(_UNREADABLE.format(file=file)) from None
    if not password or not password.isascii() or not password.isprintable():
        raise WrongCallError(_BAD_PASSWORD)
    return password


@mailbox.command()
@_desk
def show(slug: str) -> None:
    """Show what is set, without the password."""
    open_database()
    from madoguchi.correspondence.queries.mailbox import mailbox_of

    row = mailbox_of(desk_of(slug).pk)
    if row is None:
        raise click.ClickException(_NONE)
    state = "使っています" if row.is_active else "止めてあります"
    trouble = _TROUBLES.get(row.trouble, "")
    said = {
        "address": row.address,
        "imap": f"{row.imap_host}:{row.imap_port} {row.imap_security}",
        "smtp": f"{row.smtp_host}:{row.smtp_port} {row.smtp_security}",
        "username": row.username,
        "after": f"{row.after_taking} {row.folder}",
        "my_page": row.my_page or "送りません",
        "state": f"{state} {trouble}".strip(),
    }
    click.echo(_SHOWN.format(**said))


@mailbox.command()
@_desk
def check(slug: str) -> None:
    """Sign in at both servers, take nothing, send nothing."""
    open_database()
    from django.conf import settings

    from madoguchi.correspondence.adapter.mail import MailTroubleError
    from madoguchi.correspondence.adapter.mail import check as check_servers
    from madoguchi.correspondence.queries.mailbox import mailbox_of, server_of

    row = mailbox_of(desk_of(slug).pk)
    if row is None:
        raise click.ClickException(_NONE)
    try:
        check_servers(server_of(row), settings.MAIL_CA_FILE)
    except MailTroubleError as trouble:
        raise click.ClickException(_TROUBLES[trouble.code]) from None
    click.echo("受信と送信のサーバーに入れました。何も取り込まず、何も送っていません。")


@mailbox.command()
@_desk
def off(slug: str) -> None:
    """Stop using a desk's mailbox; what came stays."""
    open_database()
    from django.utils import timezone

    from madoguchi.correspondence.operations.mailbox import stop_mailbox

    if not stop_mailbox(desk=desk_of(slug).pk, at=timezone.now()):
        raise click.ClickException(_NONE)
    click.echo("メール箱を止めました。取り込んだメールは、そのままです。")
