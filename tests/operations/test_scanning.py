"""ClamAV is asked at its socket: the real one where it is installed, always a stand-in."""

import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import pytest

from madoguchi.correspondence.models import Verdict
from madoguchi.correspondence.scanning import ClamAV, is_scanning, scanner
from tests import papers

# What the makers of the test file ask every scanner to find, as ClamAV writes a signature.
SIGNATURE = f"Eicar-Test-Signature:0:*:{papers.EICAR.hex()}\n"


@pytest.fixture
def near():
    """A folder with a short name: the path of a socket has at most 107 letters."""
    with tempfile.TemporaryDirectory(prefix="clam") as folder:
        yield Path(folder)


def _read(asked: socket.socket, size: int) -> bytes:
    held = b""
    while len(held) < size:
        held += asked.recv(size - len(held))
    return held


def _given(asked: socket.socket, command: bytes) -> bytes:
    """Return the file, in whichever way clamd is handed it."""
    if command == b"zFILDES\0":
        _, (held,), _, _ = socket.recv_fds(asked, 1, 1)
        with open(held, "rb") as file:  # noqa: PTH123 (no path)
            return file.read()
    assert command == b"zINSTREAM\0"
    content = b""
    while size := struct.unpack(">I", _read(asked, 4))[0]:
        content += _read(asked, size)
    return content


def _serve(listening: socket.socket, refused: bytes) -> None:
    """Answer as clamd does: take the file, look into it, say what is there."""
    while True:
        try:
            asked, _ = listening.accept()
        except OSError:
            return
        with asked:
            command = b""
            while not command.endswith(b"\0"):
                command += asked.recv(1)
            found = papers.EICAR in _given(asked, command)
            said = b"Eicar-Test-Signature FOUND" if found else b"OK"
            is_refused = refused and command.startswith(refused)
            asked.sendall(b"fd[10]: " + (b"Access denied. ERROR" if is_refused else said) + b"\0")


def _stand_in(near, refused=b""):
    path = near / "s"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        thread = threading.Thread(target=_serve, args=[listening, refused])
        thread.start()
        yield path
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def stand_in(near):
    yield from _stand_in(near)


@pytest.fixture
def confined(near):
    """As under AppArmor: clamd may take no descriptor of ours."""
    yield from _stand_in(near, b"zFILDES")


@pytest.fixture
def helpless(near):
    """Whatever it is given, it cannot scan."""
    yield from _stand_in(near, b"z")


@pytest.fixture
def real(near):
    clamd = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if not clamd:
        pytest.skip("no clamd on this machine")
    (near / "db").mkdir()
    near.chmod(0o755)
    (near / "db" / "eicar.ndb").write_text(SIGNATURE)
    (near / "clamd.conf").write_text(
        f"LocalSocket {near}/s\nDatabaseDirectory {near}/db\nTemporaryDirectory {near}\n"
        "Foreground yes\nUser root\n"
    )
    with subprocess.Popen(
        [clamd, f"--config-file={near}/clamd.conf"], stdout=subprocess.DEVNULL
    ) as daemon:
        try:
            until = time.monotonic() + 30
            while not (near / "s").is_socket() and daemon.poll() is None:
                assert time.monotonic() < until
                threading.Event().wait(0.05)
            if daemon.poll() is not None:
                pytest.skip("clamd does not start here")
            yield near / "s"
        finally:
            daemon.terminate()


@pytest.fixture(params=["stand_in", "confined", "real"])
def clamav(request):
    return ClamAV(str(request.getfixturevalue(request.param)))


@pytest.mark.parametrize("content", [papers.pdf(), papers.picture()], ids=["paper", "picture"])
def test_the_test_virus_is_found_and_nothing_else(clamav, content):
    assert clamav(content) is Verdict.CLEAN
    assert clamav(content + papers.EICAR) is Verdict.INFECTED


def test_a_large_file_is_scanned_to_its_end(clamav):
    content = papers.pdf() + bytes(15_000_000) + papers.EICAR
    assert clamav(content) is Verdict.INFECTED


def test_who_does_not_answer_has_not_scanned(near, caplog):
    assert ClamAV(str(near / "nobody"))(b"x") is Verdict.UNSCANNED
    assert "does not answer" in caplog.text


def test_who_cannot_scan_has_not_scanned(helpless, caplog):
    assert ClamAV(str(helpless))(b"x") is Verdict.UNSCANNED
    assert "could not scan" in caplog.text


def test_where_no_clamav_is_nothing_is_scanned(settings, near):
    for path in ("", str(near / "nobody"), str(near)):
        settings.CLAMAV_SOCKET = path
        assert not is_scanning()
        assert scanner()(b"x") is Verdict.UNSCANNED


def test_where_clamav_is_it_is_asked(settings, stand_in):
    settings.CLAMAV_SOCKET = str(stand_in)
    assert is_scanning()
    assert scanner()(papers.EICAR) is Verdict.INFECTED
