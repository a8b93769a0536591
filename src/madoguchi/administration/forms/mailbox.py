"""Where a desk's mail comes in and goes out."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from madoguchi.correspondence.models.mail import AfterTaking, Mailbox, Security
from madoguchi.correspondence.operations.mailbox import Host, MailboxSettings
from madoguchi.rules.mail.servers import ADDRESS, FOLDER, HIGHEST_PORT, HOST

_SECURITIES = [
    (Security.TLS, _("はじめから暗号化（TLS）")),
    (Security.STARTTLS, _("途中から暗号化（STARTTLS）")),
    (Security.NONE, _("暗号化しない（同じ機械の中だけ）")),
]
_AFTER = [
    (AfterTaking.MOVE, _("フォルダーへ移す")),
    (AfterTaking.DELETE, _("消す")),
    (AfterTaking.LEAVE, _("受信箱に残す")),
]
_BY_HAND = ("https://", "http://127.0.0.1")


def _server(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=255, widget=forms.TextInput({"inputmode": "url"})
    )


def _port() -> forms.IntegerField:
    typed = forms.TextInput({"inputmode": "numeric", "class": "short"})
    return forms.IntegerField(label=_("ポート"), min_value=1, max_value=HIGHEST_PORT, widget=typed)


def _security() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("通信の守り方"), choices=_SECURITIES, widget=forms.RadioSelect)


class MailboxForm(forms.Form):
    """メール箱. The password is typed in and never shown again."""

    address = forms.CharField(
        label=_("差出人のアドレス（相談者が書くあて先）"),
        help_text=_("横から見た人に、相談のことが分からないアドレスにしてください。"),
        max_length=254,
        widget=forms.TextInput({"inputmode": "email", "autocapitalize": "none"}),
    )
    imap_host, imap_port, imap_security = _server(_("受信のサーバー（IMAP）")), _port(), _security()
    smtp_host, smtp_port, smtp_security = _server(_("送信のサーバー（SMTP）")), _port(), _security()
    username = forms.CharField(
        label=_("利用者名"),
        help_text=_("空のままなら、アドレスと同じです。"),
        max_length=254,
        required=False,
        widget=forms.TextInput({"autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("パスワード"),
        help_text=_("封をしてしまい、二度と表示しません。空のままなら、いまのものを使います。"),
        max_length=200,
        strip=False,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    after_taking = forms.ChoiceField(
        label=_("取り込んだメールを、サーバーでどうするか"),
        choices=_AFTER,
        widget=forms.RadioSelect,
    )
    folder = forms.CharField(label=_("移すフォルダー"), max_length=60)
    takes_plus = forms.BooleanField(
        label=_("「soudan+なにか@…」も届く（プラスアドレス）"), required=False
    )
    my_page = forms.CharField(
        label=_("マイページの場所"),
        help_text=_("お知らせのメールに書きます。空なら、お知らせは送りません。"),
        max_length=200,
        required=False,
    )

    def clean_address(self) -> str:
        """Take one address."""
        typed = str(self.cleaned_data["address"]).strip()
        if not ADDRESS.fullmatch(typed):
            raise ValidationError(_("soudan@example.jp のように書いてください。"))
        return typed.lower()

    def clean_imap_host(self) -> str:
        """Take a server's name."""
        return self._name("imap_host")

    def clean_smtp_host(self) -> str:
        """Take a server's name."""
        return self._name("smtp_host")

    def _name(self, field: str) -> str:
        found = HOST.fullmatch(str(self.cleaned_data[field]).strip())
        if found is None or found["port"]:
            raise ValidationError(_("mail.example.jp のように、名前だけを書いてください。"))
        return found["name"].strip("[]")

    def clean_folder(self) -> str:
        """Take a name that every server takes."""
        folder = str(self.cleaned_data["folder"])
        if not FOLDER.fullmatch(folder):
            raise ValidationError(_("半角の英数字と . _ - で、60文字までにしてください。"))
        return folder

    def clean_password(self) -> str:
        """Take what every server takes."""
        password = str(self.cleaned_data["password"])
        if password and not (password.isascii() and password.isprintable()):
            raise ValidationError(_("パスワードは、半角の英数字と記号だけです。"))
        return password

    def clean_my_page(self) -> str:
        """Take an address that nobody on the way reads."""
        page = str(self.cleaned_data["my_page"]).strip()
        if page and not page.startswith(_BY_HAND):
            raise ValidationError(_("https:// で始まる場所を書いてください。"))
        return page

    def parsed(self) -> MailboxSettings:
        """Return the settings."""
        said = self.cleaned_data
        return MailboxSettings(
            address=said["address"],
            imap=self._host("imap"),
            smtp=self._host("smtp"),
            username=said["username"] or said["address"],
            password=said["password"] or None,
            takes_plus=said["takes_plus"],
            after_taking=AfterTaking(said["after_taking"]),
            folder=said["folder"],
            my_page=said["my_page"],
        )

    def _host(self, side: str) -> Host:
        said = self.cleaned_data
        name, port = said[f"{side}_host"], said[f"{side}_port"]
        return Host(name, port, Security(said[f"{side}_security"]))


def initial_of(row: Mailbox | None) -> dict[str, Any]:
    """Return what is set; of a new mailbox, what is usual. Never the password."""
    row = row or Mailbox(imap_port=993, smtp_port=465)
    names = (name for name in MailboxForm.base_fields if name != "password")
    return {name: getattr(row, name) for name in names}
