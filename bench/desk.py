"""How long the desk's pages take while 50 advisers work on 100,000 matters; one JSON line.

`python bench/desk.py [MATTERS] [SECONDS]` on a scratch SQLite; with `given` behind them on the
database of DATABASE_URL: `python tools/postgres.py python bench/desk.py 100000 60 given`. It is
filled where it is empty; to use it again, say the same MADOGUCHI_KEY.

The server is the product's own (`madoguchi serve`: two processes, four threads each) on the same
cores as the 50 clients. Each adviser looks at a page, or saves, every five seconds (between 2.5
and 7.5, by chance): of ten times four the inbox, four a matter, once a note saved, once a search.
One matter in fifty is open. Times are what the client waits, connecting included. They mean
something where little else is going on: `cores` tells how many were busy, with whatever it was.
"""

import sys

sys.path.pop(0)  # this folder: its statistics is not Python's

import base64
import datetime as dt
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

MATTERS, SECONDS = [*map(int, sys.argv[1:3]), *(100_000, 60)[len(sys.argv[1:3]) :]]
GIVEN = "given" in sys.argv[3:]
HOME = tempfile.TemporaryDirectory(prefix="madoguchi-bench-")
os.environ["MADOGUCHI_HOME"] = HOME.name
KEY = base64.b64encode(os.urandom(32)).decode()  # nothing is to stay, if nobody gave another
os.environ["MADOGUCHI_KEY"] = (GIVEN and os.environ.get("MADOGUCHI_KEY")) or KEY
if not GIVEN:
    os.environ["DATABASE_URL"] = f"sqlite:///{HOME.name}/bench.sqlite3"
os.environ["LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")

import django  # noqa: E402

django.setup()

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from madoguchi.consultations.models import Consultation, Contact, HelpSeeker  # noqa: E402
from madoguchi.consultations.operations.inserting import Insert  # noqa: E402
from madoguchi.consultations.places import (  # noqa: E402
    headline_place,
    mark_hash,
    mark_place,
    particulars_place,
    pseudonym_hash,
    pseudonym_place,
)
from madoguchi.correspondence.models import Draft, Kind, Message  # noqa: E402
from madoguchi.correspondence.operations.words import begin_draft  # noqa: E402
from madoguchi.correspondence.places import words_place  # noqa: E402
from madoguchi.desks.models import User  # noqa: E402
from madoguchi.desks.operations import NewUser, add_user, create_desk  # noqa: E402
from madoguchi.jobs.operations import survey  # noqa: E402
from madoguchi.matters.models import Matter  # noqa: E402
from madoguchi.rules.access import Role  # noqa: E402
from madoguchi.rules.consultation import Status  # noqa: E402
from madoguchi.vault.ids import new_id  # noqa: E402
from madoguchi.vault.sealing import Safe  # noqa: E402

ADVISERS = 50
PIECE = 2_000
OPEN = 50  # one in so many
RARE = "翡翠色"
SURE = 10  # searches in a row that have seen everything: both processes have
SEARCHES = ("中傷", "弁護", "なりすまし 学校", RARE, "080-1234-0000", "みつからないことば")
WORDS = (
    "掲示板に名前と写真を書かれました。消してもらいたいのですが、どこに言えばよいか分かりません。",
    "なりすましのアカウントで、うそのことを広められています。仕事にも出られません。",
    "学校のグループで、娘の写真が勝手に送られているようです。先生にはまだ話していません。",
    "弁護士に相談したほうがよいでしょうか。お金がどのくらいかかるかも知りたいです。",
    "きのうから誹謗中傷のことばが何十件も届いて、夜もねむれません。",
    "投稿の画面は残してあります。通報のしかたを教えてください。",
)
NOW = timezone.now()
chance = random.Random(1)  # noqa: S311 (words, not secrets)


def kept_or_filled() -> tuple[list[User], float]:
    """Return the advisers, and how many seconds writing the matters took: 0, if all was there."""
    if users := list(User.objects.filter(desk__slug="bench").order_by("pk")):
        return users, 0.0
    desk = create_desk(slug="bench", name="bench", prefecture="大阪府", at=NOW).pk
    users, began = hired(desk), time.perf_counter()
    fill(desk, users)
    survey()  # as the worker does each hour
    return users, time.perf_counter() - began


def some_words(number: int) -> str:
    """Return some 250 letters; one matter in all holds the rare word."""
    said = "\n".join(chance.choice(WORDS) for _line in range(6))
    return said + (RARE if number == MATTERS // 2 else "") + f"（{number}）"


def fill(desk: UUID, advisers: list[User]) -> None:
    """Write the matters past the operations, sealed as the operations seal."""
    for start in range(0, MATTERS, PIECE):
        numbers = range(start, min(MATTERS, start + PIECE))
        ids = {number: new_id() for number in numbers}
        safe = Safe(desk)
        rows: dict[type, list[Any]] = defaultdict(list)
        with transaction.atomic():
            safe.make_keys([desk, *ids.values()])
            for number, pk in ids.items():
                add_matter(rows, safe, number, pk, advisers)
            for table in (Matter, HelpSeeker, Consultation, Message, Contact):
                Insert(rows[table]).write()


def add_matter(
    rows: dict[type, list[Any]], safe: Safe, number: int, pk: UUID, advisers: list[User]
) -> None:
    """Add one matter with its person, its contact and its words."""
    desk, at = safe.desk, NOW - dt.timedelta(minutes=4 * (MATTERS - number))
    is_open = number % OPEN == 0
    name, words = f"R0-{number:06}", some_words(number)
    person, message = new_id(), new_id()
    status = [Status.RECEIVED, Status.IN_PROGRESS, Status.WAITING][number // OPEN % 3]
    adviser = None if status is Status.RECEIVED else advisers[number // OPEN % len(advisers)]
    rows[Matter].append(Matter(id=pk, desk_id=desk, number=name, opened_at=at))
    rows[HelpSeeker].append(
        HelpSeeker(
            id=person,
            desk_id=desk,
            pseudonym=safe.seal(name, holder=desk, place=pseudonym_place(person)),
            pseudonym_hash=pseudonym_hash(desk, name),
        )
    )
    rows[Consultation].append(
        Consultation(
            matter_id=pk,
            desk_id=desk,
            help_seeker_id=person,
            mark=safe.seal(name, holder=desk, place=mark_place(pk)),
            mark_hash=mark_hash(desk, name),
            status=status if is_open else Status.CLOSED,
            adviser=adviser if is_open else advisers[number % len(advisers)],
            unread=is_open and number % 3 == 0,
            first_contact_at=at,
            last_contact_at=at,
            waiting_since=at if is_open else None,
            closed_at=None if is_open else at,
            headline=safe.seal(words[:40], holder=pk, place=headline_place(pk)),
            particulars=safe.seal("{}", holder=pk, place=particulars_place(pk)),
        )
    )
    sealed = safe.seal(words, holder=pk, place=words_place(message))
    rows[Message].append(
        Message(id=message, matter_id=pk, kind=Kind.FROM_PERSON, at=at, words=sealed)
    )
    rows[Contact].append(
        Contact(
            desk_id=desk,
            consultation_id=pk,
            at=at,
            channel="EMAIL",
            action=None if is_open else "ADVICE",
            message_id=message,
        )
    )


def hired(desk: UUID) -> list[User]:
    """Return the advisers, each with a second factor."""
    people = []
    for number in range(ADVISERS):
        name, password = f"adviser{number}", os.urandom(12).hex()
        new = NewUser(name, f"相談員{number}", Role.ADVISER, password, is_own_password=True)
        user = add_user(desk=desk, new=new, at=NOW)
        TOTP.activate(user, generate_totp_secret())
        people.append(user)
    return people


class Adviser(threading.Thread):
    """One adviser at work, in a browser that has signed in."""

    def __init__(self, user: User, port: int, numbers: list[str], until: float) -> None:
        """Sign in past the sign-in page, and begin a note."""
        super().__init__(daemon=True)
        client = Client()
        client.force_login(user)
        self.cookies = {"m": client.cookies["m"].value}
        self.port, self.numbers, self.until = port, numbers, until
        Draft.objects.filter(author=user).delete()  # of the last time
        self.draft = begin_draft(actor=user.actor, kind=Kind.NOTE, matter=None, at=NOW).pk
        self.took: dict[str, list[float]] = defaultdict(list)
        self.failed = 0
        self.dice = random.Random(str(user.pk))  # noqa: S311 (what to look at)

    def ask(self, what: str, path: str, form: dict[str, str] | None = None) -> str:
        """Ask for one page, note how long it took, and return it."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": kept, "X-CSRFToken": self.cookies.get("t", "")}
        if form:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
            headers |= {"Origin": f"http://127.0.0.1:{self.port}", "HX-Request": "true"}
        began = time.perf_counter()
        asked.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        answer = asked.getresponse()
        page = answer.read().decode()
        took = time.perf_counter() - began
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        asked.close()
        if answer.status != http.HTTPStatus.OK:
            self.failed += 1
        self.took[what].append(took)
        return page

    def run(self) -> None:
        """Work until the time is over."""
        self.ask("first", "/desk/")
        while time.monotonic() < self.until:
            time.sleep(self.dice.uniform(2.5, 7.5))
            self.do_something()

    def do_something(self) -> None:
        """Look at a page, save, or search."""
        [what] = self.dice.choices(("inbox", "matter", "save", "search"), (4, 4, 1, 1))
        if what == "inbox":
            self.ask(what, f"/desk/?list={self.dice.choice(['mine', 'unassigned', 'all'])}")
        elif what == "matter":
            self.ask(what, f"/desk/matters/{self.dice.choice(self.numbers)}/")
        elif what == "save":
            words = {
                "words": f"通話のメモ {time.monotonic()}",
                "page": "bench",
                "channel": "TELEPHONE",
            }
            self.ask(what, f"/desk/drafts/{self.draft}/", words)
        else:
            self.ask(what, "/desk/search/", {"words": self.dice.choice(SEARCHES)})


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def started(port: int) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers."""
    program = "from madoguchi.cli.main import main; main()"
    command = [sys.executable, "-c", program, "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    for _try in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return server
    raise SystemExit("the server does not answer")


def megabytes(server: subprocess.Popen[bytes]) -> list[int]:
    """Return the memory (RSS) of each serving process."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return [
        int(line.split()[1]) // 1024
        for child in children
        for line in Path(f"/proc/{child}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]


def busy(server: subprocess.Popen[bytes]) -> float:
    """Return the seconds of a core that the serving processes have used."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    spent = [Path(f"/proc/{child}/stat").read_text().rsplit(")")[-1].split() for child in children]
    return sum(int(it[11]) + int(it[12]) for it in spent) / os.sysconf("SC_CLK_TCK")


def used() -> float:
    """Return the seconds of a core that everything on this machine has used."""
    [_cpu, user, nice, system, _idle, _waiting, *interrupts] = (
        Path("/proc/stat").read_text().splitlines()[0].split()[:8]
    )
    return sum(map(int, (user, nice, system, *interrupts))) / os.sysconf("SC_CLK_TCK")


def warmed(adviser: Adviser) -> tuple[float, float]:
    """Search until both processes have opened everything.

    Returns after how many seconds that was, and the longest that such a search took.
    """
    adviser.ask("first", "/desk/search/")
    began, in_a_row = time.monotonic(), 0
    while in_a_row < SURE:
        page = adviser.ask("opening", "/desk/search/", {"words": SEARCHES[-1]})
        in_a_row = 0 if "まだ準備中です" in page else in_a_row + 1
        time.sleep(0.5)
    return time.monotonic() - began, max(adviser.took["opening"])


def summary(times: list[float]) -> dict[str, float]:
    """Return how often, and how long in milliseconds."""
    cut = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    said = {"median": cut[49], "p95": cut[94], "longest": max(times)}
    return {"times": len(times), **{name: round(it * 1000, 1) for name, it in said.items()}}


def main() -> None:
    """Fill, serve, work, print."""
    call_command("migrate", verbosity=0)
    survey()  # as `madoguchi migrate` does
    users, filled = kept_or_filled()
    open_ones = [f"R0-{number:06}" for number in range(0, MATTERS, OPEN)]
    others = [f"R0-{chance.randrange(MATTERS):06}" for _number in open_ones]
    port = free_port()
    server = started(port)
    try:
        before = megabytes(server)
        opening, longest = warmed(Adviser(users[0], port, open_ones, 0))
        until = time.monotonic() + SECONDS
        crew = [Adviser(user, port, open_ones + others, until) for user in users]
        connections.close_all()
        idle, all_before, began = busy(server), used(), time.monotonic()
        for adviser in crew:
            adviser.start()
        for adviser in crew:
            adviser.join()
        after, spent, lasted = megabytes(server), busy(server) - idle, time.monotonic() - began
        spent_by_all = used() - all_before
    finally:
        server.terminate()
        server.wait()
    took: dict[str, list[float]] = defaultdict(list)
    for adviser in crew:
        for what, times in adviser.took.items():
            took[what] += times
    measured = {what: summary(times) for what, times in sorted(took.items())}
    print(
        json.dumps(
            {
                "bench": "desk",
                "database": connection.vendor,
                "matters": MATTERS,
                "advisers": ADVISERS,
                "requests_per_second": round(sum(map(len, took.values())) / lasted, 1),
                "failed": sum(adviser.failed for adviser in crew),
                "ms": measured,
                "of_what_is_asked": {
                    "inbox": round(measured["inbox"]["p95"] / 150, 2),
                    "matter": round(measured["matter"]["p95"] / 150, 2),
                    "search": round(measured["search"]["p95"] / 200, 2),
                },
                "core_ms_per_request": round(spent * 1000 / sum(map(len, took.values())), 1),
                "all_open_after_seconds": round(opening, 1),
                "longest_search_before_ms": round(longest * 1000, 1),
                "megabytes": {"before": before, "after": after},
                "filled_in_seconds": round(filled),
                "cores": {
                    "there": os.cpu_count(),
                    "busy": round(spent_by_all / lasted, 2),
                    "serving": round(spent / lasted, 2),
                },
            }
        )
    )


if __name__ == "__main__":
    main()
