"""Setting up a desk's mailbox, and what the worker found there."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from madoguchi.correspondence.models.mail import AfterTaking, Mailbox, Security
from madoguchi.correspondence.places import mailbox_place
from madoguchi.correspondence.queries.mailbox import Server, server_of
from madoguchi.ledger.chain import Deed
from madoguchi.ledger.operations import record
from madoguchi.rules.access import Actor, RefusedError, check_may_supervise
from madoguchi.vault.sealing import Safe

_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Host:
    """A mail server."""

    name: str
    port: int
    security: Security = Security.TLS


@dataclass(frozen=True)
class MailboxSettings:
    """What is set of a mailbox. `password` None: the one that is kept."""

    address: str
    imap: Host
    smtp: Host
    username: str
    password: str | None = None
    takes_plus: bool = True
    after_taking: AfterTaking = AfterTaking.MOVE
    folder: str = "Madoguchi"
    my_page: str = ""

    def __repr__(self) -> str:
        """Say the address; the password is never drawn."""
        return f"MailboxSettings({self.address})"


def set_mailbox(
    *, desk: UUID, said: MailboxSettings, at: dt.datetime, actor: Actor | None = None
) -> None:
    """Set up the mailbox of `desk`, and use it from now on. `actor` None: at the command line."""
    with transaction.atomic():
        kept = Mailbox.objects.select_for_update().filter(desk=desk).first()
        _check(desk, said, kept, actor)
        row = kept or Mailbox(desk_id=desk)
        is_moved = (row.imap_host, row.username) != (said.imap.name, said.username)
        if is_moved:
            row.uid_validity = row.last_uid = 0
        _fill(row, said)
        row.save()
        who = actor.user if actor else None
        record(Deed.MAILBOX_SET, desk=desk, actor=who, at=at, detail={"active": True})


def _check(desk: UUID, said: MailboxSettings, kept: Mailbox | None, actor: Actor | None) -> None:
    """Refuse who may not, mail in the clear, and a kept password for another server."""
    if actor:
        check_may_supervise(actor, desk)
    for host in (said.imap, said.smtp):
        if host.security is Security.NONE and host.name not in _OWN_MACHINE:
            raise RefusedError("mail-in-the-clear")
    if said.password is None and kept is None:
        raise RefusedError("mail-password-missing")
    # Whoever sits at a supervisor's page must not send the password to a server of their own.
    if said.password is None and kept and actor and _ways(said) != _ways_kept(kept):
        raise RefusedError("mail-password-anew")


def _ways(said: MailboxSettings) -> tuple[object, ...]:
    hosts = ((it.name, it.port, str(it.security)) for it in (said.imap, said.smtp))
    return (*hosts, said.username)


def _ways_kept(row: Mailbox) -> tuple[object, ...]:
    return (
        (row.imap_host, row.imap_port, row.imap_security),
        (row.smtp_host, row.smtp_port, row.smtp_security),
        row.username,
    )


def server_to_try(*, said: MailboxSettings, actor: Actor) -> Server:
    """Return what is needed to try `said`, kept nowhere; refused as if it were to be saved."""
    kept = Mailbox.objects.filter(desk=actor.desk).first()
    _check(actor.desk, said, kept, actor)
    row = Mailbox(desk_id=actor.desk)
    if kept and said.password is None:
        row.password = kept.password
    _fill(row, said)
    return server_of(row)


def note_tried(*, actor: Actor, trouble: str, at: dt.datetime) -> None:
    """Write down that somebody tried whether the servers let us in, and what was in the way."""
    with transaction.atomic():
        check_may_supervise(actor, actor.desk)
        detail = {"trouble": trouble}
        record(Deed.MAILBOX_TRIED, desk=actor.desk, actor=actor.user, at=at, detail=detail)


def _fill(row: Mailbox, said: MailboxSettings) -> None:
    row.address, row.username = said.address, said.username
    row.imap_host, row.imap_port = said.imap.name, said.imap.port
    row.smtp_host, row.smtp_port = said.smtp.name, said.smtp.port
    row.imap_security, row.smtp_security = said.imap.security, said.smtp.security
    row.takes_plus, row.folder, row.my_page = said.takes_plus, said.folder, said.my_page
    row.after_taking, row.is_active = said.after_taking, True
    row.trouble, row.trouble_at = "", None
    if said.password is not None:
        row.password = Safe(row.desk_id).seal(
            said.password, holder=row.desk_id, place=mailbox_place(row.desk_id)
        )


def stop_mailbox(*, desk: UUID, at: dt.datetime, actor: Actor | None = None) -> bool:
    """Stop using the mailbox of `desk`; False where there is none in use."""
    with transaction.atomic():
        if actor:
            check_may_supervise(actor, desk)
        if not Mailbox.objects.filter(desk=desk, is_active=True).update(is_active=False):
            return False
        who = actor.user if actor else None
        record(Deed.MAILBOX_SET, desk=desk, actor=who, at=at, detail={"active": False})
        return True


def note_fetched(*, desk: UUID, uid_validity: int, last_uid: int, at: dt.datetime) -> None:
    """Keep how far the inbox was read; whatever was in the way no longer is."""
    Mailbox.objects.filter(desk=desk).update(
        uid_validity=uid_validity,
        last_uid=last_uid,
        fetched_at=at,
        trouble="",
        trouble_at=None,
    )


def note_trouble(*, desk: UUID, code: str, at: dt.datetime) -> None:
    """Keep what was in the way, and since when."""
    with transaction.atomic():
        row = Mailbox.objects.select_for_update().get(desk=desk)
        row.trouble, row.trouble_at = code, row.trouble_at or at
        row.save(update_fields=["trouble", "trouble_at"])
