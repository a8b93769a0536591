"""How fast the guide answers, as it is served: milliseconds a page, requests a second, bytes.

Prints one JSON line. `python bench/guide.py [REQUESTS]`

It serves on loopback as `madoguchi serve` does (two workers), asks REQUESTS times (300) for
each page, first one by one for the median, then over four connections for the rate. For
comparison the same server then serves a Django view that says one word, with no middleware.
The asking takes part of the same two cores: a machine of its own would measure more. So the
processor time that the server itself took for each answer is printed, too.
"""

import sys

sys.path.pop(0)  # this folder: its statistics is not Python's

import json
import multiprocessing
import os
import re
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
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

from madoguchi.desks.operations import create_desk  # noqa: E402

CONNECTIONS = 4
MOST_REQUESTS = 2_000
MOST_SECONDS = 60
WARM = 5
# Every page of the guide; those behind questions belong to somebody who has answered some.
PAGES = (
    *("/", "/easy/", "/en/", "/guide/2/", "/guide/3/", "/guide/4/", "/guide/result/"),
    *("/easy/guide/result/", "/guide/print/", "/urgent/", "/windows/", "/windows/moj/"),
    *("/windows/rules/", "/evidence/", "/safety/", "/privacy/", "/about/", "/embed/"),
)
MOST_MS, MOST_BYTES, LEAST_A_SECOND = 15, 100_000, 300

SERVE = """
import sys
from madoguchi.cli.main import main
sys.argv[1:1] = ["serve", "--port"]
main()
"""
# The same server with the least that Django can do.
BARE = """
import sys
from django.conf import settings
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="bench")
import django
django.setup()
from django.http import HttpResponse
from django.urls import path
def answer(request):
    return HttpResponse("hello", headers={"Content-Length": "5"})
urlpatterns = [path("", answer)]
from madoguchi.cli.serve import _run
_run({
    "bind": f"127.0.0.1:{sys.argv[1]}", "worker_class": "gthread", "workers": 2, "threads": 4,
    "preload_app": True, "accesslog": None, "loglevel": "warning", "control_socket_disable": True,
}, None)
"""


def answered(connection: socket.socket, request: bytes) -> int:
    """Send `request`, read the whole answer and return its size in bytes."""
    connection.sendall(request)
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    head, _, body = received.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise ValueError(f"{request.split()[1].decode()}: {head[:40].decode()}")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    left = int(length[1]) - len(body) if length else 0
    while left > 0:
        left -= len(connection.recv(65_536))
    return len(head) + 4 + int(length[1] if length else 0)


def opened(port: int) -> socket.socket:
    """Connect to the server, as soon as it is there."""
    for _ in range(200):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=20)
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server did not start")


def request_for(page: str, cookie: str) -> bytes:
    """Return what a browser sends that keeps its connection."""
    return f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode()


def ask(port: int, request: bytes, times: int) -> list[float]:
    """Ask one after the other and return how long each answer took, in seconds."""
    took = []
    with closing(opened(port)) as connection:
        for _ in range(times):
            started = time.perf_counter()
            answered(connection, request)
            took.append(time.perf_counter() - started)
    return took


def rate(port: int, request: bytes, times: int) -> float:
    """Ask over several connections at once and return the answers a second."""
    with multiprocessing.Pool(CONNECTIONS) as pool:
        each = times // CONNECTIONS
        jobs = [(port, request, each)] * CONNECTIONS
        pool.starmap_async(ask, [(port, request, WARM)] * CONNECTIONS).get(MOST_SECONDS)  # warm
        started = time.perf_counter()
        pool.starmap_async(ask, jobs).get(MOST_SECONDS)
        return each * CONNECTIONS / (time.perf_counter() - started)


def cpu_seconds(server: int) -> float:
    """Return the processor time of the server and its workers so far (Linux)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = stat.read_text().rpartition(")")[2].split()
            if server in {int(stat.parent.name), int(told[1])}:
                ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(*command: str) -> Iterator[tuple[int, int]]:
    """Serve on a free port while the block runs; yield the port and the server's process."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-c", *command, str(port)], stdout=subprocess.DEVNULL
    ) as server:
        try:
            opened(port).close()
            yield port, server.pid
        finally:
            server.terminate()


def somebody() -> str:
    """Return the cookie of somebody who has answered the questions."""
    client = Client(headers={"host": "localhost"})
    client.post("/guide/", {"happened": "a"})
    client.post("/guide/2/", {"kinds": ["a1", "a3"]})
    client.post("/guide/3/", {"wants": ["w2", "w3"], "removal": ["d1"]})
    return f"m={client.cookies['m'].value}"


def main() -> None:
    """Serve, ask, print what was measured and whether it is what was demanded."""
    times = min(int(sys.argv[1]) if len(sys.argv) > 1 else 300, MOST_REQUESTS)
    call_command("migrate", verbosity=0)
    create_desk(slug="bench", name="bench", prefecture="大阪府", at=timezone.now())
    cookie = somebody()
    with serving(SERVE) as (port, server):
        with closing(opened(port)) as connection:
            first_page = answered(connection, request_for("/", ""))
        for page in PAGES:
            ask(port, request_for(page, cookie), 10)  # warm, in both workers
        medians = {
            page: round(statistics.median(ask(port, request_for(page, cookie), 60)) * 1000, 1)
            for page in PAGES
        }
        rates, cpu = {}, {}
        for page in PAGES:
            before = cpu_seconds(server)
            rates[page] = rate(port, request_for(page, cookie), times)
            asked = times // CONNECTIONS * CONNECTIONS + WARM * CONNECTIONS
            cpu[page] = (cpu_seconds(server) - before) * 1000 / asked
    with serving(BARE) as (port, _):
        bare = rate(port, request_for("/", ""), times * 3)
    told = {
        "bench": "guide",
        "first_page_bytes": first_page,
        "median_ms": medians,
        "slowest_median_ms": max(medians.values()),
        "requests_per_second": {page: round(it) for page, it in rates.items()},
        "slowest_requests_per_second": round(min(rates.values())),
        "server_cpu_ms": {page: round(it, 1) for page, it in cpu.items()},
        "cores_could_serve_per_second": {
            page: round((os.cpu_count() or 1) * 1000 / it) for page, it in cpu.items()
        },
        "bare_django_requests_per_second": round(bare),
        "ratio_to_bare_django": {page: round(it / bare, 2) for page, it in rates.items()},
        "cores": os.cpu_count(),
        "load": "4 connections from the same cores",
    }
    told["met"] = {
        "first_page_bytes": first_page <= MOST_BYTES,
        "median_ms": max(medians.values()) < MOST_MS,
        "requests_per_second": min(rates.values()) >= LEAST_A_SECOND,
    }
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
