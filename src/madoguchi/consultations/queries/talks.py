"""What calls from the chat, wherever in the desk an adviser is just now."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from madoguchi.correspondence.models import Line, Side
from madoguchi.correspondence.queries.chat import talks_of
from madoguchi.rules.access import Actor
from madoguchi.rules.chat import Status


@dataclass(frozen=True)
class Calls:
    """How many wait, how many own talks hold something new, and how many may be in danger."""

    waiting: int = 0
    new: int = 0
    unsafe: int = 0

    @property
    def number(self) -> int:
        """How many talks call, for whatever reason but danger."""
        return self.waiting + self.new

    @property
    def mark(self) -> str:
        """What changes with it."""
        return f"{self.waiting}-{self.new}-{self.unsafe}"


def calls_for(actor: Actor) -> Calls:
    """Return what calls the actor: people who wait, and their own talks."""
    theirs = Q(status__in=[Status.TALKING, Status.ENDED], adviser=actor.user)
    unseen = Line.objects.filter(talk=OuterRef("pk"), side=Side.PERSON, seen_at=None)
    rows = (
        talks_of(actor)
        .filter(Q(status=Status.WAITING) | theirs)
        .select_related(None)
        .annotate(is_unseen=Exists(unseen))
        .values_list("status", "is_unopened", "is_unseen", "matter__consultation__safety_check_due")
    )
    found = list(rows)
    return Calls(
        waiting=sum(status == Status.WAITING for status, *_rest in found),
        new=sum(
            status != Status.WAITING and (is_unopened or is_unseen)
            for status, is_unopened, is_unseen, _unsafe in found
        ),
        unsafe=sum(is_unsafe for *_rest, is_unsafe in found),
    )
