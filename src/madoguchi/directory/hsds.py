"""The directory as Open Referral HSDS 3.0: one `service` per window, everything nested in it.

https://docs.openreferral.org/en/3.0/hsds/schema_reference.html (read in its public
repository, state of May 2024). What HSDS has no field for stays with the window itself.
"""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from madoguchi.directory.facts import DOUBT
from madoguchi.directory.windows import Channel, Window, all_windows
from madoguchi.rules.hours import Opening

_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_HOURS_FROM_UTC = 9
# What each capability is called, as the terms of a taxonomy of our own.
CAPABILITY_NAMES = {
    "advise": "助言",
    "ask_removal": "削除を依頼",
    "urge_provider": "事業者に対応を促す",
    "judge_illegality": "違法かどうかの判断",
    "tell_police": "警察への情報提供",
    "investigate": "調査・捜査",
    "legal_advice": "法律相談",
    "legal_aid": "費用の立替え",
    "listen": "気持ちを聞く",
    "technical_advice": "技術的な助言",
    "order_or_request_by_ordinance": "条例による説示・要請",
}


def services() -> list[dict[str, Any]]:
    """Return every window as a fully nested HSDS service."""
    return [_service(it) for it in all_windows().values()]


def _service(window: Window) -> dict[str, Any]:
    reached = [it for it in window.channels if it.url and it.kind in {"form", "web"}]
    told = {
        "id": _id(window.id),
        "organization_id": _id(f"{window.id}/organization"),
        "name": window.name.ja,
        "alternate_name": window.name.en,
        "description": window.shown.role.ja,
        "url": window.url,
        "status": "active",
        "eligibility_description": window.shown.who.ja,
        "application_process": window.shown.asks.ja,
        "fees_description": "、".join(dict.fromkeys(_cost(it) for it in window.channels)),
        "assured_date": _assured_on(window),
        "organization": _organization(window),
        "phones": [it for channel in window.phones for it in _phones(window, channel)],
        "schedules": [it for channel in window.phones for it in _schedules(window, channel)],
        "service_at_locations": [_at_location(window, it) for it in reached],
        "attributes": [_attribute(window, it) for it in window.does if window.is_sure("does")],
    }
    return {name: value for name, value in told.items() if value not in ("", [])}


def _assured_on(window: Window) -> str:
    """Return the day of the oldest check; nothing where only stored copies of pages were read."""
    sources = [it for fact in window.facts.values() for it in fact.sources]
    return "" if any(it.stored for it in sources) else window.checked_on.isoformat()


def _organization(window: Window) -> dict[str, Any]:
    return {
        "id": _id(f"{window.id}/organization"),
        "name": window.operator.ja,
        "alternate_name": window.operator.en,
        "description": window.shown.operator.ja,
    }


def _phones(window: Window, channel: Channel) -> Iterator[dict[str, Any]]:
    """Yield the number as its window writes it, then the one for IP phones where there is one."""
    said = "。".join(it for it in (channel.label.ja, channel.cost.ja) if it)
    for number, note in ((channel.display, ""), (channel.ip_display, "（IP電話から）")):
        if number:
            yield {
                "id": _id(f"{window.id}/{number}"),
                "service_id": _id(window.id),
                "number": number,
                "type": "voice",
                "description": said + note + _doubt(channel),
            }


def _schedules(window: Window, channel: Channel) -> Iterator[dict[str, Any]]:
    for at, line in enumerate(channel.hours.openings if channel.hours else ()):
        yield {
            "id": _id(f"{window.id}/{channel.number}/{at}"),
            "service_id": _id(window.id),
            **_repeats(line),
            "opens_at": f"{line.opens:%H:%M}+09:00",
            "closes_at": f"{line.until:%H:%M}+09:00",
            "timezone": _HOURS_FROM_UTC,
            "description": "　".join(
                it for it in (channel.label.ja, channel.when.ja if channel.when else "") if it
            )
            + _doubt(channel),
            **({"notes": notes} if (notes := _notes(line)) else {}),
        }


def _doubt(channel: Channel) -> str:
    return DOUBT.ja if channel.unconfirmed else ""


def _cost(channel: Channel) -> str:
    return channel.cost.ja + (DOUBT.ja if "cost" in channel.doubts else "")


def _repeats(line: Opening) -> dict[str, str]:
    """Return freq and byday as iCalendar's RRULE has them: the nth weekdays go by the month."""
    days = [_BYDAY[day] for day in line.weekdays]
    if line.nth:
        return {"freq": "MONTHLY", "byday": ",".join(f"{n}{day}" for n in line.nth for day in days)}
    return {"freq": "WEEKLY", "byday": ",".join(days)}


def _notes(line: Opening) -> str:
    """Say what no RRULE can: holidays, the turn of the year, the last call."""
    said = [
        "祝日は休み" if line.closed_on_holidays else "",
        "12月29日〜1月3日は休み" if line.closed_at_new_year else "",
        f"受付は終了{line.last_call}分前まで" if line.last_call else "",
    ]
    return "。".join(it for it in said if it)


def _at_location(window: Window, channel: Channel) -> dict[str, Any]:
    """Return a page where the window is reached, as a place of the kind `virtual`."""
    name = f"{window.id}/{channel.kind}/{channel.url}"
    return {
        "id": _id(f"{name}/service"),
        "service_id": _id(window.id),
        "location_id": _id(name),
        "location": {
            "id": _id(name),
            "location_type": "virtual",
            "name": channel.label.ja,
            "url": channel.url,
            **({} if channel.is_reached_surely else {"description": DOUBT.ja}),
        },
    }


def _attribute(window: Window, does: str) -> dict[str, Any]:
    return {
        "id": _id(f"{window.id}/does/{does}"),
        "link_id": _id(window.id),
        "link_entity": "service",
        "link_type": "capability",
        "value": does,
        "taxonomy_term_id": _id(f"capability/{does}"),
        "taxonomy_term": {
            "id": _id(f"capability/{does}"),
            "code": does,
            "name": CAPABILITY_NAMES[does],
            "description": CAPABILITY_NAMES[does],
            "taxonomy": "madoguchi.capabilities",
            "language": "ja",
        },
    }


def _id(name: str) -> str:
    """HSDS wants a UUID: made from the window's id, so that it stays the same."""
    return str(uuid5(NAMESPACE_URL, f"https://madoguchi.example/windows/{name}"))
