"""What open chats cost: pages that ask every two seconds, most often for nothing.

Prints one JSON line. `python bench/chat.py [TALKS] [SECONDS]`

It serves on loopback as `madoguchi serve` does (two workers) and lets TALKS (100) people's
pages ask every two seconds for SECONDS (10), each on a connection of its own, with the mark
that a browser sends. Then each talk gets a line, and the answers that bring it are measured.
"""

import sys

sys.path.pop(0)  # this folder: its statistics is not Python's

import datetime as dt
import http.client
import json
import os
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

HOME = tempfile.mkdtemp(prefix="madoguchi-bench-")
os.environ["MADOGUCHI_HOME"] = HOME
os.environ["DATABASE_URL"] = f"sqlite:///{HOME}/bench.sqlite3"
os.environ["LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from madoguchi.consultations.operations.chatting import take_talk  # noqa: E402
from madoguchi.correspondence.models import Talk  # noqa: E402
from madoguchi.correspondence.operations.chat import answer, set_room  # noqa: E402
from madoguchi.desks.operations import NewUser, add_user, create_desk  # noqa: E402
from madoguchi.rules.access import Role  # noqa: E402

EVERY = 2.0
LIVE = "/chat/talk/live/"
MOST_MS = 50
SERVE = (
    "import sys; from madoguchi.cli.main import main; sys.argv[1:1] = ['serve', '--port']; main()"
)


def begun(talks: int) -> list[str]:
    """Let so many people begin a talk that Aoi takes; return their cookies."""
    at = timezone.now()
    desk = create_desk(slug="bench", name="Bench", prefecture="大阪府", at=at)
    new = NewUser(username="aoi", name="Aoi", role=Role.ADVISER, password="correct horse battery")  # noqa: S106
    aoi = add_user(desk=desk.pk, new=new, at=at)
    set_room(desk=desk.pk, actor=None, is_open=True, by_hours=False, at=at)
    cookies = []
    for number in range(talks):
        emi = Client(
            REMOTE_ADDR=f"10.0.{number // 250}.{number % 250 + 1}", headers={"host": "127.0.0.1"}
        )
        emi.post("/chat/", {"words": "だれかと話したいです。"})
        cookies.append(f"m={emi.cookies['m'].value}")
    for talk in Talk.objects.all():
        take_talk(talk=talk.pk, actor=aoi.actor, at=timezone.now())
    return cookies


class Page(threading.Thread):
    """A person's page that stands open."""

    def __init__(self, port: int, cookie: str, until: float, late: float) -> None:
        """Ask until the time `until`, first after `late` seconds."""
        super().__init__()
        self.port, self.cookie, self.until, self.late = port, cookie, until, late
        self.mark = ""
        self.took: dict[int, list[float]] = {200: [], 304: []}

    def ask(self) -> int:
        """Ask once; return the status."""
        started = time.perf_counter()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": self.cookie, **({"If-None-Match": self.mark} if self.mark else {})}
        line.request("GET", LIVE, headers=headers)
        said = line.getresponse()
        said.read()
        line.close()
        self.mark = said.headers.get("ETag") or self.mark
        self.took[said.status].append((time.perf_counter() - started) * 1000)
        return said.status

    def run(self) -> None:
        """Ask every two seconds."""
        time.sleep(self.late)
        while time.monotonic() < self.until:
            begun_at = time.monotonic()
            self.ask()
            time.sleep(max(0.0, EVERY - (time.monotonic() - begun_at)))


def cpu_seconds(server: int) -> float:
    """Return the processor time of the server and its workers so far (Linux)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if server in (int(stat.parent.name), int(fields[1])):
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Measure and print."""
    talks, seconds = (int(it) for it in (*sys.argv[1:], *("100", "10")[len(sys.argv) - 1 :]))
    call_command("migrate", verbosity=0)
    cookies = begun(talks)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)], stdout=subprocess.DEVNULL
    ) as server:
        try:
            for _ in range(200):
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                time.sleep(0.05)
            until = time.monotonic() + EVERY + seconds
            pages = [Page(port, it, until, EVERY * n / talks) for n, it in enumerate(cookies)]
            for page in pages:
                page.ask()  # what the page already shows
                page.took = {200: [], 304: []}
            before = cpu_seconds(server.pid)
            for page in pages:
                page.start()
            for page in pages:
                page.join()
            spent = cpu_seconds(server.pid) - before
            nothing = sorted(ms for page in pages for ms in page.took[304])
            for talk in Talk.objects.select_related("adviser"):
                answer(
                    talk=talk.pk,
                    actor=talk.adviser.actor,
                    words="はい。",
                    at=dt.datetime.now(dt.UTC),
                )
            news = sorted(page.took[200][-1] for page in pages if page.ask() == 200)  # noqa: PLR2004
        finally:
            server.terminate()
    p95 = nothing[int(len(nothing) * 0.95)]
    told = {
        "bench": "chat",
        "talks": talks,
        "asked": len(nothing),
        "nothing_new_ms": {"median": round(statistics.median(nothing), 1), "p95": round(p95, 1)},
        "news_ms": {
            "median": round(statistics.median(news), 1),
            "p95": round(news[int(len(news) * 0.95)], 1),
        },
        "server_cpu_ms_each": round(spent * 1000 / len(nothing), 2),
        "server_cpu_share_of_one_core": round(spent / seconds, 2),
        "ok": p95 <= MOST_MS and len(news) == talks,
    }
    print(json.dumps(told, ensure_ascii=False))
    return 0 if told["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
