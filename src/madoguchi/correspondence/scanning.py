"""ウイルスの検査, by the ClamAV of the machine: its daemon is asked at its socket.

The file is handed over as an open piece of memory, where the daemon may take one. Where no
ClamAV is installed nothing is scanned, and the desk's pages say so.
"""

import logging
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from madoguchi.correspondence.models.files import Verdict

logger = logging.getLogger(__name__)

_SECONDS = 60


Scanner = Callable[[bytes], Verdict]


def no_scanner(content: bytes) -> Verdict:
    """Say of everything that it was not scanned."""
    del content
    return Verdict.UNSCANNED


def is_scanning() -> bool:
    """Tell whether a ClamAV is there to be asked."""
    return bool(settings.CLAMAV_SOCKET) and Path(settings.CLAMAV_SOCKET).is_socket()


def scanner() -> Scanner:
    """Return what scans here."""
    return ClamAV(settings.CLAMAV_SOCKET) if is_scanning() else no_scanner


class ClamAV:
    """The daemon of ClamAV at a Unix socket."""

    def __init__(self, path: str) -> None:
        """Ask at `path`."""
        self.path = path

    def __call__(self, content: bytes) -> Verdict:
        """Return what the daemon says; `UNSCANNED`, and a line in the log, where it cannot say."""
        for ask in (_as_memory, _as_stream):
            try:
                said = self._asked(ask, content)
            except OSError as error:
                logger.error("ClamAV does not answer: %s", type(error).__name__)  # noqa: TRY400
                return Verdict.UNSCANNED
            if said.endswith("FOUND"):
                return Verdict.INFECTED
            if said.endswith("OK"):
                return Verdict.CLEAN
        logger.error("ClamAV could not scan a file")
        return Verdict.UNSCANNED

    def _asked(self, ask: Callable[[socket.socket, bytes], None], content: bytes) -> str:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asked:
            asked.settimeout(_SECONDS)
            asked.connect(self.path)
            ask(asked, content)
            said = b""
            while not said.endswith(b"\0") and (more := asked.recv(4096)):
                said += more
            return said.rstrip(b"\0\n").decode(errors="replace")


def _as_memory(asked: socket.socket, content: bytes) -> None:
    """Hand over an open piece of memory: the daemon writes no copy of it."""
    held = os.memfd_create("scan", os.MFD_CLOEXEC)
    try:
        with open(held, "wb", closefd=False) as memory:
            memory.write(content)
        os.lseek(held, 0, os.SEEK_SET)
        asked.sendall(b"zFILDES\0")
        socket.send_fds(asked, [b"\0"], [held])
    finally:
        os.close(held)


def _as_stream(asked: socket.socket, content: bytes) -> None:
    """Send the file itself, where AppArmor lets the daemon take no memory of ours.

    The daemon keeps it meanwhile in its `TemporaryDirectory`, which belongs into memory.
    """
    asked.sendall(b"zINSTREAM\0")
    asked.sendall(struct.pack(">I", len(content)) + content + struct.pack(">I", 0))
