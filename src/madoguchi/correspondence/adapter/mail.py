"""IMAP in, SMTP out, by the standard library.

What servers say is reduced to a code: their sentences hold addresses, and neither library's
debugging output is ever switched on.
"""

import datetime as dt
import imaplib
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Self

from madoguchi.correspondence.models.mail import AfterTaking, Security
from madoguchi.correspondence.queries.mailbox import Server

# A larger mail is taken in by its beginning; the whole stays on the server.
LARGEST = 10_000_000
BEGINNING = 1_000_000
_SECONDS = 30
_PERMANENT = 500
_STATUS = re.compile(rb"\b[245]\.\d{1,3}\.\d{1,3}\b")
_ARRIVED = re.compile(rb'INTERNALDATE "([^"]+)"')
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailTroubleError(Exception):
    """A mail server could not be reached or let us not in. `code` says which it was."""

    def __init__(self, code: str) -> None:
        """Say what was in the way: `unreachable`, `tls`, `login`, `folder`, `server`."""
        super().__init__(code)
        self.code = code


class MailRefusedError(Exception):
    """The server will not take this mail, now or ever. `code` is its own, like 5.1.1."""

    def __init__(self, code: str) -> None:
        """Say the server's code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Fetched:
    """A mail as it lay on the server."""

    uid: int
    raw: bytes
    size: int
    arrived_at: dt.datetime

    @property
    def is_cut(self) -> bool:
        """Whether only its beginning was fetched."""
        return self.size > LARGEST


@contextmanager
def _told() -> Iterator[None]:
    """Let nothing of what a server said out, but a code."""
    try:
        yield
    except ssl.SSLError:
        raise MailTroubleError("tls") from None
    except OSError:
        raise MailTroubleError("unreachable") from None
    except imaplib.IMAP4.error:
        raise MailTroubleError("server") from None
    except smtplib.SMTPException:
        raise MailTroubleError("server") from None


class Inbox:
    """A desk's inbox, open. Use as a context."""

    def __init__(self, server: Server, ca_file: str = "") -> None:
        """Sign in, and see what is there. Raises `MailTroubleError`."""
        with _told():
            self._imap = _imap(server, ca_file)
        try:
            with _told():
                self._sign_in(server)
        except MailTroubleError:
            self.__exit__()
            raise

    def _sign_in(self, server: Server) -> None:
        try:
            self._imap.login(server.username, server.password)
        except imaplib.IMAP4.error:
            raise MailTroubleError("login") from None
        said = self._imap.capability()[1][0].decode("ascii", "replace")
        self._imap.capabilities = tuple(said.upper().split())
        if self._imap.select("INBOX")[0] != "OK":
            raise MailTroubleError("folder")
        self._can_move = "MOVE" in self._imap.capabilities
        self.uid_validity = self._number("UIDVALIDITY")

    def _number(self, name: str) -> int:
        _code, said = self._imap.response(name)
        return int(said[0]) if said and said[0] else 0

    def __enter__(self) -> Self:
        """Go on."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave; a server that does not answer a farewell is left all the same."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._imap.logout()

    def uids(self, *, after: int, most: int) -> list[int]:
        """Return the oldest mails with a number above `after`."""
        with _told():
            _code, said = self._imap.uid("SEARCH", f"UID {after + 1}:*")
        found = (int(it) for it in (said[0] or b"").split())
        # The range of an empty rest holds the last mail there is (RFC 3501).
        return sorted(it for it in found if it > after)[:most]

    def fetch(self, uid: int) -> Fetched | None:
        """Return a mail, without marking it as read; None where it is gone meanwhile."""
        with _told():
            about = self._asked(uid, "(RFC822.SIZE INTERNALDATE)")
            size, arrived = _SIZE.search(about), _ARRIVED.search(about)
            if size is None or arrived is None:
                return None
            length = int(size[1])
            part = f"<0.{BEGINNING}>" if length > LARGEST else ""
            raw = self._asked(uid, f"(BODY.PEEK[]{part})")
        at = dt.datetime.strptime(arrived[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z")
        return Fetched(uid=uid, raw=raw, size=length, arrived_at=at)

    def _asked(self, uid: int, what: str) -> bytes:
        """Return what the server says of a mail: its literal, else the line itself."""
        _code, said = self._imap.uid("FETCH", str(uid), what)
        literals = [it[1] for it in said if isinstance(it, tuple)]
        lines = [it for it in said if isinstance(it, bytes)]
        return next(iter([*literals, *lines]), b"")

    def put_away(self, uid: int, *, how: AfterTaking, folder: str) -> None:
        """Move a mail that was taken in to `folder`, delete it, or leave it."""
        if how is AfterTaking.LEAVE:
            return
        with _told():
            if how is AfterTaking.DELETE:
                self._strike_out(uid)
                return
            if not self._moved(uid, folder):
                self._imap.create(folder)
                if not self._moved(uid, folder):
                    raise MailTroubleError("folder")

    def _moved(self, uid: int, folder: str) -> bool:
        if self._can_move:
            return self._imap.uid("MOVE", str(uid), folder)[0] == "OK"
        if self._imap.uid("COPY", str(uid), folder)[0] != "OK":
            return False
        self._strike_out(uid)
        return True

    def _strike_out(self, uid: int) -> None:
        self._imap.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Deleted)")
        if "UIDPLUS" in self._imap.capabilities:
            self._imap.uid("EXPUNGE", str(uid))
        else:
            self._imap.expunge()


def _context(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file or None)


def _imap(server: Server, ca_file: str) -> imaplib.IMAP4:
    if server.imap_security is Security.TLS:
        return imaplib.IMAP4_SSL(
            server.imap_host, server.imap_port, ssl_context=_context(ca_file), timeout=_SECONDS
        )
    imap = imaplib.IMAP4(server.imap_host, server.imap_port, timeout=_SECONDS)
    if server.imap_security is Security.STARTTLS:
        imap.starttls(_context(ca_file))
    return imap


def _smtp(server: Server, ca_file: str) -> smtplib.SMTP:
    # Our own machine's name is nobody's business.
    name = server.address.partition("@")[2]
    if server.smtp_security is Security.TLS:
        return smtplib.SMTP_SSL(
            server.smtp_host,
            server.smtp_port,
            local_hostname=name,
            context=_context(ca_file),
            timeout=_SECONDS,
        )
    smtp = smtplib.SMTP(server.smtp_host, server.smtp_port, local_hostname=name, timeout=_SECONDS)
    if server.smtp_security is Security.STARTTLS:
        smtp.starttls(context=_context(ca_file))
    return smtp


@contextmanager
def _signed_in(server: Server, ca_file: str) -> Iterator[smtplib.SMTP]:
    with _told(), _smtp(server, ca_file) as smtp:
        try:
            smtp.login(server.username, server.password)
        except smtplib.SMTPAuthenticationError:
            raise MailTroubleError("login") from None
        except smtplib.SMTPNotSupportedError:
            if server.smtp_security is not Security.NONE:
                raise
        yield smtp


def send(server: Server, *, back_to: str, to: str, raw: bytes, ca_file: str = "") -> None:
    """Hand a mail over. Delivery reports go to `back_to`.

    Raises `MailRefusedError` where it will never be taken, `MailTroubleError` where it may
    be taken later.
    """
    with _signed_in(server, ca_file) as smtp:
        try:
            smtp.sendmail(back_to, [to], raw)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise _refusal(code, said) from None
        except smtplib.SMTPResponseException as refused:
            raise _refusal(refused.smtp_code, refused.smtp_error) from None


def _refusal(code: int, said: bytes | str) -> MailTroubleError | MailRefusedError:
    """Return what a refusal means: for ever from 500 on, for now below."""
    if code < _PERMANENT:
        return MailTroubleError("server")
    found = _STATUS.search(said if isinstance(said, bytes) else said.encode())
    return MailRefusedError(found[0].decode() if found else str(code))


def failing(server: Server, ca_file: str = "") -> tuple[str, str] | None:
    """Sign in at each server; return which of the two fails (`imap`, `smtp`) and why, as codes."""
    for side, ways_in in (("imap", Inbox), ("smtp", _signed_in)):
        try:
            with ways_in(server, ca_file):
                pass
        except MailTroubleError as trouble:
            return side, trouble.code
    return None


def check(server: Server, ca_file: str = "") -> None:
    """Sign in at both servers and leave again. Raises `MailTroubleError`."""
    with Inbox(server, ca_file), _signed_in(server, ca_file):
        pass
