"""What a person sees on their own page."""

from dataclasses import dataclass
from uuid import UUID

from madoguchi.correspondence.models import Kind, Side
from madoguchi.correspondence.queries.chat import OpenedLine, lines_in
from madoguchi.correspondence.queries.words import Opened, messages_in
from madoguchi.desks.models import Desk
from madoguchi.matters.models import Matter


@dataclass(frozen=True)
class Talk:
    """やり取り: what the person wrote and what was answered. Notes and memos are not part of it."""

    desk: Desk
    messages: list[Opened]

    @property
    def is_answered(self) -> bool:
        """Whether the last word is the desk's."""
        return bool(self.messages) and self.messages[-1].kind is Kind.REPLY

    @property
    def has_new_reply(self) -> bool:
        """Whether a reply is there that the person has not seen."""
        return any(it.kind is Kind.REPLY and it.read_at is None for it in self.messages)


def talk_of(matter: UUID) -> Talk:
    """Return the talk in `matter`, what was said by chat in its place.

    The caller has made sure that it is the person's own.
    """
    row = Matter.objects.select_related("desk").get(pk=matter)
    messages = [
        *messages_in(row, Kind.FROM_PERSON, Kind.REPLY),
        *(_as_message(line) for line in lines_in(row)),
    ]
    return Talk(desk=row.desk, messages=sorted(messages, key=lambda it: (it.at, it.id)))


def _as_message(line: OpenedLine) -> Opened:
    """Return a line of a chat as my-page shows it."""
    is_ours = line.side is Side.STAFF
    return Opened(
        id=line.id,
        kind=Kind.REPLY if is_ours else Kind.FROM_PERSON,
        at=line.at,
        author=line.author,
        words=line.words,
        # What the desk said stood on the person's screen: it is no new reply.
        read_at=line.at if is_ours else line.seen_at,
    )
