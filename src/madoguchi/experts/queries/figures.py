"""Sessions, results, fees and quotas, by expert and period."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

from madoguchi.experts.models import Expert, ExpertConsultation
from madoguchi.rules.calendar import Period
from madoguchi.rules.experts import TAKEN, TOOK_PLACE, Kind, Result, Status


@dataclass(frozen=True)
class ExpertLine:
    """One expert in a period. `quota`: a month; None: no limit. Fees in yen."""

    expert: UUID
    name: str
    kind: Kind
    office: str
    sessions: int
    booked: int
    missed: int
    minutes: int
    fees: int
    missed_fees: int  # of `fees`, what is paid for hours nobody came to
    quota: int | None
    results: dict[Result, int] = field(default_factory=dict)

    @property
    def awaited(self) -> int:
        """Sessions whose result is not there yet."""
        return self.sessions - sum(self.results.values())


@dataclass(frozen=True)
class ExpertFigures:
    """専門家相談の実施状況: by the day of the session, not by the contact's 対応."""

    period: Period
    lines: list[ExpertLine]

    @property
    def sessions(self) -> int:
        """How many sessions took place."""
        return sum(it.sessions for it in self.lines)

    @property
    def fees(self) -> int:
        """What is to be paid, in yen: for sessions, and for hours kept in vain."""
        return sum(it.fees for it in self.lines)

    @property
    def missed(self) -> int:
        """How many hours were kept in vain; they count against the quotas."""
        return sum(it.missed for it in self.lines)

    @property
    def missed_fees(self) -> int:
        """What is to be paid for hours kept in vain, in yen."""
        return sum(it.missed_fees for it in self.lines)


def taken_in(desk: UUID, period: Period) -> QuerySet[ExpertConsultation]:
    """Return the consultations of experts whose hour lies in `period` and was kept for them."""
    return ExpertConsultation.objects.filter(
        desk=desk,
        status__in=TAKEN,
        slot__starts_at__gte=period.starts_at,
        slot__starts_at__lt=period.ends_before,
    )


def expert_figures(desk: UUID, period: Period) -> ExpertFigures:
    """Return the figures of `desk`. The caller has asked who reads."""
    rows = taken_in(desk, period).select_related("slot")
    by_expert: dict[UUID, list[ExpertConsultation]] = {}
    for row in rows:
        assert row.slot is not None
        by_expert.setdefault(row.slot.expert_id, []).append(row)
    experts = Expert.objects.filter(desk=desk).order_by("name", "id")
    shown = [it for it in experts if it.is_active or it.pk in by_expert]
    return ExpertFigures(period, [_line(it, by_expert.get(it.pk, [])) for it in shown])


def _line(expert: Expert, rows: list[ExpertConsultation]) -> ExpertLine:
    held = [row for row in rows if row.status in TOOK_PLACE]
    results = [Result(row.result) for row in held if row.result]
    return ExpertLine(
        expert=expert.pk,
        name=expert.name,
        kind=Kind(expert.kind),
        office=expert.office,
        sessions=len(held),
        booked=sum(row.status == Status.BOOKED for row in rows),
        missed=sum(row.status == Status.MISSED for row in rows),
        minutes=sum(row.minutes or 0 for row in held),
        fees=sum(row.fee or 0 for row in rows),
        missed_fees=sum(row.fee or 0 for row in rows if row.status == Status.MISSED),
        quota=expert.quota,
        results={it: results.count(it) for it in Result if it in results},
    )
