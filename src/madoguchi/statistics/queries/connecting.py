"""Where the desk leads people on: windows, hand-overs, experts, reports to the prefecture."""

from collections.abc import Iterator
from uuid import UUID

from madoguchi.directory.windows import all_windows
from madoguchi.experts.models import Expert, ExpertConsultation
from madoguchi.experts.queries.figures import taken_in
from madoguchi.referrals.models import Referral
from madoguchi.referrals.queries.url_reports import written_in
from madoguchi.rules.calendar import Period
from madoguchi.rules.experts import TOOK_PLACE, Status
from madoguchi.rules.referral import Status as Sent
from madoguchi.rules.url_report import Status as Reached
from madoguchi.statistics.queries.handling import contacts_in
from madoguchi.statistics.queries.units import Spread, Unit, spread

# Every unit of a table that has other columns, too.
ALL = "ALL"
# What a session of an expert adds to, besides its result.
TO_COME, HELD, MISSED, AWAITED = "TO_COME", "HELD", "MISSED", "AWAITED"
MINUTES, FEES = "MINUTES", "FEES"
URLS = "URLS"


def windows(desk: UUID, period: Period) -> Iterator[Unit]:
    """Return the contacts that were pointed to windows (紹介先), once for each window."""
    rows = contacts_in(desk, period).exclude(referred_to=[]).order_by("at", "pk")
    for contact, named in rows.values_list("pk", "referred_to").iterator():
        yield from (Unit(contact, window) for window in sorted(set(named)))


def windows_in(desk: UUID, period: Period) -> Spread:
    """Return to which windows contacts were pointed (紹介先); base: contacts with any."""
    return spread(windows(desk, period))


def handovers(desk: UUID, period: Period) -> Iterator[Unit]:
    """Return the hand-overs that went in `period`: to whom, and what became of them (引き継ぎ)."""
    for row in _sent(desk, period):
        yield Unit(row.pk, _receiver(row), {ALL: 1, row.status: 1})


def receivers_in(desk: UUID, period: Period) -> dict[str, str]:
    """Return the names of those to whom hand-overs went in `period`, as they are called last."""
    names = {_receiver(row): row.to_name for row in _sent(desk, period)}
    known = all_windows()
    return {key: known[key].name.ja if key in known else name for key, name in names.items()}


def _sent(desk: UUID, period: Period) -> Iterator[Referral]:
    rows = Referral.objects.filter(
        desk=desk, sent_at__gte=period.starts_at, sent_at__lt=period.ends_before
    ).exclude(status=Sent.PREPARED)
    fields = ("pk", "status", "window", "to_desk", "peer", "to_name")
    return rows.order_by("sent_at", "pk").only(*fields).iterator()


def _receiver(row: Referral) -> str:
    """Return a code for whom it went to: a window of the directory, else a desk."""
    return row.window or str(row.to_desk_id or row.peer_id or "OTHER")


def sessions_by_kind(desk: UUID, period: Period) -> Iterator[Unit]:
    """Return the consultations of experts whose hour lies in `period`, by the kind of expert."""
    for row, expert in _sessions(desk, period):
        yield Unit(row.pk, expert.kind, _came_of(row))


def sessions_by_expert(desk: UUID, period: Period) -> Iterator[Unit]:
    """Return the same by expert."""
    for row, expert in _sessions(desk, period):
        yield Unit(row.pk, str(expert.pk), _came_of(row))


def experts_in(desk: UUID, period: Period) -> dict[str, str]:
    """Return the names of the experts who had anything to do in `period`."""
    found = {str(it.pk): it.name for _row, it in _sessions(desk, period)}
    return dict(sorted(found.items(), key=lambda it: (it[1], it[0])))


def _sessions(desk: UUID, period: Period) -> Iterator[tuple[ExpertConsultation, Expert]]:
    rows = taken_in(desk, period).select_related("slot__expert")
    for row in rows.order_by("slot__starts_at", "pk"):
        assert row.slot is not None
        yield row, row.slot.expert


def _came_of(row: ExpertConsultation) -> dict[str, int]:
    """Return what one session adds: whether it took place, its result, minutes, yen."""
    fee = {FEES: row.fee or 0}
    if row.status == Status.BOOKED:
        return {ALL: 1, TO_COME: 1, **fee}
    if row.status not in TOOK_PLACE:
        return {ALL: 1, MISSED: 1, **fee}
    return {ALL: 1, HELD: 1, row.result or AWAITED: 1, MINUTES: row.minutes or 0, **fee}


def reports(desk: UUID, period: Period) -> Iterator[Unit]:
    """Return the URL reports written in `period`: whom posts are aimed at, how far each came."""
    for row in written_in(desk, period).prefetch_related("steps").order_by("number"):
        reached = {step.status: 1 for step in row.steps.all()}
        yield Unit(row.pk, row.aimed, {str(Reached.WRITTEN): 1, **reached, URLS: row.url_count})
