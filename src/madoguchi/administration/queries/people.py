"""The staff as the settings show them."""

from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Count, Q, QuerySet

from madoguchi.consultations.models import Consultation
from madoguchi.consultations.queries import visible_to
from madoguchi.desks.models import User
from madoguchi.rules.access import Actor
from madoguchi.rules.consultation import Status


@dataclass(frozen=True)
class Member:
    """One of the staff as the list of people shows them."""

    user: User
    charge: int  # open consultations in their charge
    proofs: frozenset[str]  # kinds of second factors

    @property
    def has_app(self) -> bool:
        """Whether an app that shows codes is set up."""
        return Authenticator.Type.TOTP in self.proofs

    @property
    def has_passkey(self) -> bool:
        """Whether a passkey is."""
        return Authenticator.Type.WEBAUTHN in self.proofs

    @property
    def is_protected(self) -> bool:
        """Whether any second factor is."""
        return self.has_app or self.has_passkey


def staff_of(actor: Actor) -> list[Member]:
    """Return the staff of the actor's desk: who is there first, by name."""
    still_open = Q(consultations__isnull=False) & ~Q(consultations__status=Status.CLOSED)
    rows = User.objects.filter(desk=actor.desk).annotate(
        charge=Count("consultations", filter=still_open)
    )
    proofs: dict[UUID, set[str]] = {}
    for user, kind in Authenticator.objects.filter(user__desk=actor.desk).values_list(
        "user", "type"
    ):
        proofs.setdefault(user, set()).add(kind)
    ordered = rows.order_by("-is_active", "username")
    return [Member(it, it.charge, frozenset(proofs.get(it.pk, ()))) for it in ordered]


def member(actor: Actor, user: UUID) -> Member | None:
    """Return one of the staff of the actor's desk."""
    return next((it for it in staff_of(actor) if it.user.pk == user), None)


def in_charge_of(actor: Actor, user: UUID) -> QuerySet[Consultation]:
    """Return the open consultations that are in somebody's charge, the longest waiting first."""
    rows = visible_to(actor).filter(adviser=user).exclude(status=Status.CLOSED)
    return rows.order_by("urgency", "last_contact_at")
