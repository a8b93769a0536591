"""The installation's key (鍵) is changed: everything is put under the new one."""

import datetime as dt

from allauth.mfa.models import Authenticator
from django.db import transaction

from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.vault.rewrapping import moves_secrets, rewrap
from madoguchi.vault.sealing import SealBrokenError, resealed_secret

_OF_OURS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def rewrap_everything(*, at: dt.datetime) -> int:
    """Put all that a master key holds under the current one; return how many things moved.

    Many transactions, so that others work on meanwhile: broken off, it is begun again.
    """
    moved = rewrap()
    with transaction.atomic():
        record(Deed.KEYS_REWRAPPED, desk=None, at=at, detail={"moved": moved})
    return moved


@moves_secrets
def reseal_second_factors() -> int:
    """Seal the secrets of second factors anew."""
    moved = 0
    for pk in list(Authenticator.objects.filter(type__in=_OF_OURS).values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None:  # taken away meanwhile
                continue
            data = {name: _anew(value) for name, value in row.data.items()}
            if data != row.data:
                row.data = data
                row.save(update_fields=["data"])
                moved += 1
    return moved


def _anew(value: object) -> object:
    if isinstance(value, list):
        return [_anew(part) for part in value]
    if not isinstance(value, str):
        return value
    try:
        return resealed_secret(value, purpose="second factor")
    except SealBrokenError:
        return value  # it opens under no key: nothing is lost by leaving it
