"""A desk's mailbox, opened for the worker that goes there."""

from dataclasses import dataclass
from uuid import UUID

from madoguchi.correspondence.models.mail import AfterTaking, Mailbox, Security
from madoguchi.correspondence.places import mailbox_place
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Server:
    """Where a desk's mail comes in and goes out, and what lets us in."""

    desk: UUID
    address: str
    imap_host: str
    imap_port: int
    imap_security: Security
    smtp_host: str
    smtp_port: int
    smtp_security: Security
    username: str
    password: str
    takes_plus: bool
    after_taking: AfterTaking
    folder: str
    my_page: str

    def __repr__(self) -> str:
        """Say whose it is; the password is never drawn."""
        return f"Server({self.desk})"


def mailbox_of(desk: UUID) -> Mailbox | None:
    """Return the mailbox of `desk`, in use or not."""
    return Mailbox.objects.filter(desk=desk).first()


def active_mailboxes() -> list[Mailbox]:
    """Return every mailbox in use."""
    return list(Mailbox.objects.filter(is_active=True).order_by("desk"))


def server_of(row: Mailbox) -> Server:
    """Return what is needed to go there."""
    password = Safe(row.desk_id).open(
        row.password, holder=row.desk_id, place=mailbox_place(row.desk_id)
    )
    return Server(
        desk=row.desk_id,
        address=row.address,
        imap_host=row.imap_host,
        imap_port=row.imap_port,
        imap_security=Security(row.imap_security),
        smtp_host=row.smtp_host,
        smtp_port=row.smtp_port,
        smtp_security=Security(row.smtp_security),
        username=row.username,
        password=password or "",
        takes_plus=row.takes_plus,
        after_taking=AfterTaking(row.after_taking),
        folder=row.folder,
        my_page=row.my_page,
    )


def sends_notices(desk: UUID) -> bool:
    """Tell whether `desk` can tell a person by mail that something is there for them."""
    return Mailbox.objects.filter(desk=desk, is_active=True).exclude(my_page="").exists()
