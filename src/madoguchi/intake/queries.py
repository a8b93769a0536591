"""What a person sees on their own page."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from madoguchi.correspondence.models import Kind, Origin, Side
from madoguchi.correspondence.queries.chat import (
    OpenedLine,
    is_open_now,
    lines_in,
    live_talk_in,
    takes_chat,
)
from madoguchi.correspondence.queries.files import (
    OpenedFile,
    by_message,
    files_in,
    page_of,
    paper_of,
)
from madoguchi.correspondence.queries.words import Opened, messages_in
from madoguchi.desks.models import Desk
from madoguchi.desks.queries import next_opening
from madoguchi.matters.models import Matter


@dataclass(frozen=True)
class Talk:
    """やり取り: what the person wrote and what was answered. Notes and memos are not part of it."""

    desk: Desk
    messages: list[Opened]
    files: list[OpenedFile]

    @property
    def entries(self) -> list[tuple[Opened, list[OpenedFile]]]:
        """The messages, each with its files."""
        files = by_message(self.files)
        return [(it, files.get(it.id, [])) for it in self.messages]

    @property
    def from_desk(self) -> list[OpenedFile]:
        """What the desk sent."""
        return [it for it in self.files if it.origin is Origin.DESK]

    @property
    def from_person(self) -> list[OpenedFile]:
        """What the person sent."""
        return [it for it in self.files if it.origin is not Origin.DESK]

    @property
    def is_answered(self) -> bool:
        """Whether the last word is the desk's."""
        return bool(self.messages) and self.messages[-1].kind is Kind.REPLY

    @property
    def has_new_reply(self) -> bool:
        """Whether a reply is there that the person has not seen."""
        return any(it.kind is Kind.REPLY and it.read_at is None for it in self.messages)


def talk_of(matter: UUID, at: dt.datetime) -> Talk:
    """Return the talk in `matter` as it is shown at `at`, what was said by chat in its place.

    The caller has made sure that it is the person's own.
    """
    row = Matter.objects.select_related("desk").get(pk=matter)
    written = messages_in(row, Kind.FROM_PERSON, Kind.REPLY, shown_by=at)
    messages = [*written, *(_as_message(line) for line in lines_in(row))]
    seen = {it.id for it in written}
    return Talk(
        desk=row.desk,
        messages=sorted(messages, key=lambda it: (it.at, it.id)),
        files=[it for it in files_in(row) if it.message in seen],
    )


@dataclass(frozen=True)
class ChatDoor:
    """チャットで話す, from my-page: whether one can come in now, or goes on already."""

    desk: Desk
    has_chat: bool
    is_open: bool
    going_on: UUID | None
    opens_at: dt.datetime | None


def chat_door(matter: UUID, at: dt.datetime) -> ChatDoor:
    """Return whether the person of `matter` can talk by chat at the aware instant `at`."""
    desk = Matter.objects.select_related("desk").get(pk=matter).desk
    has_chat, is_open = takes_chat(desk.pk), is_open_now(desk.pk, at)
    going_on = live_talk_in(matter)
    return ChatDoor(
        desk=desk,
        has_chat=has_chat,
        is_open=is_open,
        going_on=going_on.pk if going_on else None,
        opens_at=next_opening(desk.pk, at) if has_chat and not is_open else None,
    )


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


def own_page(matter: UUID, file: UUID, page: int, at: dt.datetime) -> bytes | None:
    """Return a page of a file that belongs to the talk in `matter`; None for any other."""
    talk = talk_of(matter, at)
    if not any(it.id == file for it in talk.files):
        return None
    return page_of(matter, file, page, desk=talk.desk.pk)


def own_paper(matter: UUID, file: UUID, at: dt.datetime) -> bytes | None:
    """Return a paper that the desk sent to the person of `matter`; None for any other file."""
    if not any(it.id == file for it in talk_of(matter, at).from_desk):
        return None
    return paper_of(Matter.objects.get(pk=matter), file)
