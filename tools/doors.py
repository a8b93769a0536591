"""Who may enter which address: docs/reference/doors.md, `write` or `check`.

The addresses are read from the URL patterns. Who may enter is declared here, by room; a door
that differs from its room is named in DOORS with its reason. A room that nobody declared is
an error. tests/web/test_every_door.py tries each door as everybody.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "doors.md"


class Who(Enum):
    """Who may enter a room."""

    EVERYBODY = "everybody"
    STAFF = "whoever is signed in"
    ADVISERS = "advisers and supervisors"
    FIGURES = "supervisors and statisticians"
    SUPERVISORS = "supervisors"
    EXPERTS = "experts"


class Role(Enum):
    """Who comes to the door."""

    ANONYMOUS = "nobody signed in"
    ADVISER = "adviser"
    SUPERVISOR = "supervisor"
    STATISTICIAN = "statistician"
    EXPERT = "expert"
    STRANGER = "another desk's adviser"


_OPEN_TO = {
    Who.EVERYBODY: frozenset(Role),
    Who.STAFF: frozenset(Role) - {Role.ANONYMOUS},
    Who.ADVISERS: frozenset({Role.ADVISER, Role.SUPERVISOR, Role.STRANGER}),
    Who.FIGURES: frozenset({Role.SUPERVISOR, Role.STATISTICIAN}),
    Who.SUPERVISORS: frozenset({Role.SUPERVISOR}),
    Who.EXPERTS: frozenset({Role.EXPERT}),
}

# Rooms are the namespaces of the addresses; "" are those without one: signing in and out.
ROOMS = {
    "": Who.STAFF,
    "administration": Who.SUPERVISORS,
    "api": Who.EVERYBODY,  # the guide, for programs
    "experts": Who.EXPERTS,  # what one is asked, and nothing of anybody else
    "figures": Who.EVERYBODY,  # what desks published
    "guide": Who.EVERYBODY,
    "handover": Who.EVERYBODY,  # other installations; their signature is asked for
    "intake": Who.EVERYBODY,  # a code opens what is a person's own
    "line": Who.EVERYBODY,  # LINE calls; its signature is asked for
    "live": Who.EVERYBODY,  # what a person's own chat asks
    "statistics": Who.FIGURES,
    "workbench": Who.ADVISERS,
}
# Doors that differ from their room. Each needs a reason.
DOORS = {
    "account_login": Who.EVERYBODY,  # one signs in here
    "mfa_authenticate": Who.EVERYBODY,  # the second half of signing in
    "mfa_login_webauthn": Who.EVERYBODY,  # one signs in here by a passkey
    "health": Who.EVERYBODY,  # a program that watches: five words, nothing of anybody
    "statistics:freeze": Who.SUPERVISORS,
    "statistics:gathering": Who.SUPERVISORS,  # other desks' figures
    "statistics:freeze-sum": Who.SUPERVISORS,
    "statistics:expect": Who.SUPERVISORS,
    "statistics:sender": Who.SUPERVISORS,
    "statistics:rename-sender": Who.SUPERVISORS,
    "statistics:stop-expecting": Who.SUPERVISORS,
    "statistics:read-as": Who.SUPERVISORS,
    "statistics:send": Who.SUPERVISORS,
    "statistics:gathered-file": Who.SUPERVISORS,
    "statistics:list": Who.SUPERVISORS,  # it leads to matters; a statistician sees figures only
    "statistics:findings": Who.SUPERVISORS,
    "workbench:board": Who.SUPERVISORS,  # who has how much to do
    "workbench:peers": Who.SUPERVISORS,  # whom the desk trusts
    "workbench:make-keys": Who.SUPERVISORS,
    "workbench:remove-peer": Who.SUPERVISORS,
    "workbench:expert-people": Who.SUPERVISORS,  # what experts are paid
    "workbench:expert-person": Who.SUPERVISORS,
    "workbench:expert-report": Who.SUPERVISORS,
    "workbench:expert-report-csv": Who.SUPERVISORS,
    "administration:danger": Who.ADVISERS,  # in danger, whoever is there
    "administration:open-danger": Who.ADVISERS,
}
# What stands in an address and is no desk's own: whoever may enter finds it at any desk.
NOBODYS = frozenset({"table", "page"})


@dataclass(frozen=True)
class Door:
    """One address: its name, how it is written, what varies in it."""

    name: str
    route: str
    varies: tuple[str, ...]

    @property
    def room(self) -> str:
        """The namespace."""
        return self.name.rpartition(":")[0]

    @property
    def who(self) -> Who:
        """Who may enter (KeyError: nobody declared the room)."""
        return DOORS.get(self.name) or ROOMS[self.room]

    @property
    def is_one_desks(self) -> bool:
        """Whether it leads to something that belongs to one desk."""
        return bool(set(self.varies) - NOBODYS) and self.who is not Who.EVERYBODY

    def opens_to(self, role: Role) -> bool:
        """Tell whether `role` may enter; a stranger finds nothing of this desk's."""
        is_strange = role is Role.STRANGER and self.is_one_desks and self.room != ""
        return role in _OPEN_TO[self.who] and not is_strange


def doors() -> list[Door]:
    """Return every address once, by room and as it is written."""
    found = {door.name: door for door in _walk(get_resolver())}
    return sorted(found.values(), key=lambda door: (door.room, door.route))


def _walk(resolver: URLResolver, prefix: str = "/", rooms: tuple[str, ...] = ()) -> Iterator[Door]:
    for entry in resolver.url_patterns:
        route = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            inner = (*rooms, entry.namespace) if entry.namespace else rooms
            yield from _walk(entry, route, inner)
        elif isinstance(entry, URLPattern):
            name = ":".join((*rooms, entry.name or "?"))
            yield Door(name, route, tuple(entry.pattern.converters))


def page() -> str:
    """Return doors.md."""
    head = "| " + " | ".join(["address", "name", *(role.value for role in Role)]) + " |"
    lines = [
        "<!-- Made by tools/doors.py from the URL patterns; `make docs` writes it anew. -->",
        "",
        "# Doors",
        "",
        "Every address against every role. ○ enters; → is sent to sign in; – finds no such page.",
        "Of another desk, whoever may enter a list sees their own desk's, and nothing of this one.",
        "`tests/web/test_every_door.py` tries each.",
    ]
    room = None
    for door in doors():
        if door.room != room:
            room = door.room
            title = room or "signing in"
            lines += [
                "",
                f"## {title}: {ROOMS[room].value}",
                "",
                head,
                "|---" * (2 + len(Role)) + "|",
            ]
        marks = [_mark(door, role) for role in Role]
        lines.append("| " + " | ".join([f"`{door.route}`", door.name, *marks]) + " |")
    return "\n".join(lines) + "\n"


def _mark(door: Door, role: Role) -> str:
    if door.opens_to(role):
        return "○"
    return "→" if role is Role.ANONYMOUS else "–"


def main() -> int:
    """Write the page, or tell that it is not what the addresses say."""
    import django  # noqa: PLC0415 (only when it runs)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    django.setup()
    made = page()
    if sys.argv[1:] == ["write"]:
        PAGE.write_text(made, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != made:
        print("docs/reference/doors.md is not what the addresses say: make docs", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
