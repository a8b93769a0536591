"""allauth's forms in our words, with attempts counted in the database."""

from collections.abc import Mapping
from typing import Any, cast

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as MFAReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.rules.numbering import typed_digits

_CODE = _("認証アプリのコード（6けた）")


def _said(form: forms.BaseForm, labels: Mapping[str, Any]) -> None:
    """Label the fields of `form`; no placeholders, no links to pages that do not exist."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.widget.attrs.pop("placeholder", None)


class SignIn(LoginForm):
    """サインイン."""

    def __init__(self, *args: Any, **said: Any) -> None:
        """Ask for name and password."""
        super().__init__(*args, **said)
        _said(self, {"login": _("サインイン名"), "password": _("パスワード")})
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class PasswordAgain(ReauthenticateForm):
    """本人の確かめ."""

    def __init__(self, *args: Any, **said: Any) -> None:
        """Ask for the password."""
        super().__init__(*args, **said)
        _said(self, {"password": _("パスワード")})


class NewPassword(ChangePasswordForm):
    """パスワードの変更."""

    def __init__(self, *args: Any, **said: Any) -> None:
        """Ask for the old one, and for the new one twice."""
        super().__init__(*args, **said)
        labels = {
            "oldpassword": _("いまのパスワード"),
            "password1": _("新しいパスワード"),
            "password2": _("新しいパスワード（もう一度）"),
        }
        _said(self, labels)
        self.fields["password1"].help_text = _("12文字以上にしてください。")

    def clean(self) -> dict[str, Any]:
        """Refuse two passwords that differ."""
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error(
                "password2", _("2つの新しいパスワードが違います。同じものを入れてください。")
            )
        if first and first == cleaned.get("oldpassword"):
            self.add_error("password1", _("いまと同じです。別のパスワードにしてください。"))
        return cleaned


class SetUpCode(ActivateTOTPForm):
    """二段階認証の設定."""

    def __init__(self, *args: Any, **said: Any) -> None:
        """Ask for the first code of the app."""
        super().__init__(*args, **said)
        _said(self, {"code": _CODE})
        self.fields["code"].widget.attrs.update(inputmode="numeric")

    def clean_code(self) -> str:
        """Read the code however it is typed."""
        self.cleaned_data["code"] = typed_digits(self.cleaned_data["code"]) or ""
        code: str = super().clean_code()
        return code


class NewPasskey(AddWebAuthnForm):
    """パスキーの登録."""

    def __init__(self, *args: Any, **said: Any) -> None:
        """Ask for a name; every passkey here can be used alone."""
        super().__init__(*args, **said)
        del self.fields["passwordless"]
        _said(self, {"name": _("この端末の呼び名")})
        self.fields["name"].max_length = 40


class _CountedCode:
    """A code that is counted, and good for one time only, in every process.

    allauth counts, and remembers used codes, in the memory of one process.
    """

    user: Any
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **said: Any) -> None:
        super().__init__(*args, **said)
        form: Any = self
        _said(form, {"code": _CODE})
        form.fields["code"].help_text = _(
            "使えないときは、控えておいた予備のコードを入れてください。"
        )
        form.fields["code"].widget.attrs.update(inputmode="numeric")

    def clean_code(self) -> str:
        """Refuse a code that is wrong, used, or one of too many."""
        adapter, form = get_adapter(), cast("Any", super())
        adapter.count_try(self.user)
        self.cleaned_data["code"] = typed_digits(self.cleaned_data["code"]) or ""
        code: str = form.clean_code()
        adapter.use_up(self.user, code)
        return code


class SecondFactorCode(_CountedCode, AuthenticateForm):
    """二段階認証."""


class SecondFactorAgain(_CountedCode, MFAReauthenticateForm):
    """本人の確かめ, by the second factor."""
