"""Signing in and out: allauth's pages, those of them that staff need, by allauth's names.

There is no sign-up, no mail and no reset by mail: those names do not exist here.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import path

# Also for those who have typed a password, but no code yet.
_leave = login_not_required(account.logout)

urlpatterns = [
    path("desk/sign-in/", account.login, name="account_login"),
    path("desk/sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("desk/sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("desk/sign-in/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("desk/sign-out/", _leave, name="account_logout"),
    path("desk/account/", mfa.index, name="mfa_index"),
    path("desk/account/password/", account.password_change, name="account_change_password"),
    path("desk/account/second-factor/", totp.activate_totp, name="mfa_activate_totp"),
    path("desk/account/second-factor/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("desk/sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "desk/sign-in/again/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("desk/account/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("desk/account/passkeys/new/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "desk/account/passkeys/<int:pk>/remove/",
        passkeys.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path("desk/account/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "desk/account/codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]
