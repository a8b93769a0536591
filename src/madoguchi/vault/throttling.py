"""Limits on how often something may be tried, kept for an hour under a keyed hash."""

import datetime as dt
import ipaddress

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from madoguchi.vault.keys import keyed_hash
from madoguchi.vault.models import Attempt

_HOUR = dt.timedelta(hours=1)


def try_once(what: str, who: str, *, limit: int, at: dt.datetime) -> bool:
    """Count one attempt at `what` by `who` (an address, a lookup); False beyond `limit` an hour.

    Nothing readable of `who` is kept.
    """
    subject = keyed_hash("attempt", what, who)
    with transaction.atomic():
        forget_attempts(at=at)
        Attempt.objects.get_or_create(subject=subject, defaults={"since": at})
        row = Attempt.objects.select_for_update().get(subject=subject)
        row.count += 1
        row.save(update_fields=["count"])
    return row.count <= limit


def forget_attempts(*, at: dt.datetime) -> None:
    """Forget what was tried more than an hour ago."""
    Attempt.objects.filter(since__lte=at - _HOUR).delete()


def forgive(what: str, who: str) -> None:
    """Forget the attempts at `what` by `who`, after one that succeeded."""
    Attempt.objects.filter(subject=keyed_hash("attempt", what, who)).delete()


def take_back(what: str, who: str) -> None:
    """Count one attempt at `what` by `who` less: it was a rightful one."""
    subject = keyed_hash("attempt", what, who)
    Attempt.objects.filter(subject=subject, count__gt=0).update(count=F("count") - 1)


def network_of(request: HttpRequest) -> str:
    """Return where `request` comes from: an IPv4 address, or the /64 of an IPv6 one.

    `X-Forwarded-For` is believed from the proxies named in the settings, and only as far
    back as they reach: what a stranger wrote into it is not.
    """
    address = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    while address in settings.TRUSTED_PROXIES and hops:
        address = hops.pop()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    return str(ipaddress.ip_network((ip, 64), strict=False))
