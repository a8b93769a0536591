"""`madoguchi serve`, as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = "127.0.0.1"
MADOGUCHI = Path(sys.executable).with_name("madoguchi")


def _surroundings(home: Path) -> dict[str, str]:
    ours = {"MADOGUCHI_HOME": str(home), "DATABASE_URL": f"sqlite:///{home}/served.sqlite3"}
    return {**os.environ, **ours, "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings"}


def _serve(home: Path, port: int, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [MADOGUCHI, "serve", "--port", str(port), *words],
        env=_surroundings(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _free_port() -> int:
    with socket.create_server((HERE, 0)) as taken:
        return taken.getsockname()[1]


def _answer(url: str) -> int:
    """Return the status of the first answer, waiting for the server to be up."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            time.sleep(0.1)
    return 0


def test_a_database_that_is_not_ready_is_refused_in_one_sentence(tmp_path: Path) -> None:
    server = _serve(tmp_path, 1)
    _, said = server.communicate(timeout=240)
    assert server.returncode == 1
    assert said.count("\n") == 1
    assert "madoguchi demo" in said
    assert not (tmp_path / "served.sqlite3").exists()


def test_without_the_key_nothing_is_served(tmp_path: Path) -> None:
    """PostgreSQL's key is never made beside the database: it has to be said."""
    elsewhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "MADOGUCHI_KEY": ""}
    server = subprocess.run(
        [MADOGUCHI, "serve"],
        env={**_surroundings(tmp_path), **elsewhere},
        capture_output=True,
        text=True,
        check=False,
    )
    assert server.returncode == 1
    assert server.stderr.count("\n") == 1
    assert "MADOGUCHI_KEY" in server.stderr


@pytest.mark.allow_hosts([HERE])
def test_a_server_answers_and_a_second_on_its_port_is_refused(tmp_path: Path) -> None:
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env=_surroundings(tmp_path), check=True, timeout=240)
    port = _free_port()
    server = _serve(tmp_path, port)
    try:
        assert _answer(f"http://{HERE}:{port}/static/ui/base.css") == 200
        assert _answer(f"http://{HERE}:{port}/no-such-page/") == 404
        second = _serve(tmp_path, port)
        _, said = second.communicate(timeout=240)
        assert second.returncode == 1
        assert str(port) in said
    finally:
        server.terminate()
        said, errors = server.communicate(timeout=240)
    assert f"http://{HERE}:{port}/" in said
    assert "Traceback" not in errors


def _child_of(server: int, word: str) -> int | None:
    """Return the process that `server` began and whose command line has `word`."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    told = {child: Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0") for child in children}
    return next((int(child) for child, words in told.items() if word.encode() in words), None)


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.05)


@pytest.mark.allow_hosts([HERE])
def test_a_worker_runs_beside_the_server_comes_back_when_killed_and_goes_with_it(
    tmp_path: Path,
) -> None:
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env=_surroundings(tmp_path), check=True, timeout=240)
    port = _free_port()
    server = _serve(tmp_path, port)
    try:
        _answer(f"http://{HERE}:{port}/")
        _until(lambda: _answer(f"http://{HERE}:{port}/healthz") == 200)
        first = _child_of(server.pid, "worker")
        assert first
        os.kill(first, signal.SIGKILL)
        _until(lambda: _child_of(server.pid, "worker") not in {None, first})
        second = _child_of(server.pid, "worker")
    finally:
        server.terminate()
        server.communicate(timeout=240)
    _until(lambda: not Path(f"/proc/{second}").exists())


@pytest.mark.allow_hosts([HERE])
def test_a_server_without_a_worker_says_that_nothing_is_done_later(tmp_path: Path) -> None:
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env=_surroundings(tmp_path), check=True, timeout=240)
    port = _free_port()
    server = _serve(tmp_path, port, "--no-worker")
    try:
        _answer(f"http://{HERE}:{port}/")
        assert _answer(f"http://{HERE}:{port}/healthz") == 503
        assert _child_of(server.pid, "worker") is None
    finally:
        server.terminate()
        server.communicate(timeout=240)
