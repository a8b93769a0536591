"""What an entry says, what its digest covers, and the seal on where a chain ends."""

import datetime as dt
from enum import StrEnum

from madoguchi.ledger.models import Entry
from madoguchi.rules.custody import canonical
from madoguchi.vault.keys import keyed_hash

INSTALLATION = "INSTALLATION"


class Deed(StrEnum):
    """台帳に載ること, beside the steps of each lifecycle."""

    DESK_CREATED = "DESK_CREATED"
    USER_ADDED = "USER_ADDED"
    USER_RENEWED = "USER_RENEWED"
    ROLE_CHANGED = "ROLE_CHANGED"
    USER_LEFT = "USER_LEFT"
    USER_CAME_BACK = "USER_CAME_BACK"
    PROFILE_CHANGED = "PROFILE_CHANGED"
    CODE_BOOK_PLANNED = "CODE_BOOK_PLANNED"
    CODE_BOOK_DROPPED = "CODE_BOOK_DROPPED"
    CODE_LABEL_CORRECTED = "CODE_LABEL_CORRECTED"
    KEYS_REWRAPPED = "KEYS_REWRAPPED"
    OPENING_DAYS_RECORDED = "OPENING_DAYS_RECORDED"
    HOURS_SET = "HOURS_SET"
    CLOSING_DAYS_SET = "CLOSING_DAYS_SET"
    SPREADSHEET_BROUGHT = "SPREADSHEET_BROUGHT"
    CONTACTS_IMPORTED = "CONTACTS_IMPORTED"
    CONTACTS_EXPORTED = "CONTACTS_EXPORTED"
    SIGNED_IN = "SIGNED_IN"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 (a deed)
    SECOND_FACTOR_SET = "SECOND_FACTOR_SET"
    SECOND_FACTOR_REMOVED = "SECOND_FACTOR_REMOVED"
    PASSKEY_ADDED = "PASSKEY_ADDED"
    PASSKEY_REMOVED = "PASSKEY_REMOVED"
    RECOVERY_CODES_MADE = "RECOVERY_CODES_MADE"
    RECEIVED = "RECEIVED"
    RECEIPT_MADE = "RECEIPT_MADE"
    MY_PAGE_OPENED = "MY_PAGE_OPENED"
    READ = "READ"
    CLASSIFIED = "CLASSIFIED"
    MEMO_WRITTEN = "MEMO_WRITTEN"
    CHAT_SWITCHED = "CHAT_SWITCHED"
    LINE_NOTICE_ASKED = "LINE_NOTICE_ASKED"
    LINE_NOTICE_LINKED = "LINE_NOTICE_LINKED"
    LINE_NOTICE_ENDED = "LINE_NOTICE_ENDED"
    SAFETY_CHECKED = "SAFETY_CHECKED"
    DEADLINE_SET = "DEADLINE_SET"
    DEADLINE_MOVED = "DEADLINE_MOVED"
    DEADLINE_MET = "DEADLINE_MET"
    APPROVAL_ASKED = "APPROVAL_ASKED"
    APPROVAL_DECIDED = "APPROVAL_DECIDED"
    CHECKLIST_TICKED = "CHECKLIST_TICKED"
    SHEET_WRITTEN = "SHEET_WRITTEN"
    SHEET_APPROVED = "SHEET_APPROVED"
    SHEET_ERASED = "SHEET_ERASED"
    SECOND_READER_SET = "SECOND_READER_SET"
    SCANS_ADDED = "SCANS_ADDED"
    SCAN_DROPPED = "SCAN_DROPPED"
    FILE_TAKEN = "FILE_TAKEN"
    FILE_SET_ASIDE = "FILE_SET_ASIDE"
    FILE_DELETED = "FILE_DELETED"
    RETENTION_SET = "RETENTION_SET"
    KEPT_UNDER = "KEPT_UNDER"
    HELD = "HELD"
    HOLD_ENDED = "HOLD_ENDED"
    ERASURE_LISTED = "ERASURE_LISTED"
    ERASURE_APPROVED = "ERASURE_APPROVED"
    ERASURE_ASKED = "ERASURE_ASKED"
    ERASURE_DECLINED = "ERASURE_DECLINED"
    ERASED = "ERASED"
    MAILBOX_SET = "MAILBOX_SET"
    MAIL_SENT = "MAIL_SENT"
    MAIL_FAILED = "MAIL_FAILED"
    MAIL_BOUNCED = "MAIL_BOUNCED"
    MAIL_CANCELLED = "MAIL_CANCELLED"
    MAIL_SEEN = "MAIL_SEEN"
    MAIL_AGAIN = "MAIL_AGAIN"
    MAIL_SET_ASIDE = "MAIL_SET_ASIDE"
    MAIL_ACCEPTED = "MAIL_ACCEPTED"
    MAIL_OPENED = "MAIL_OPENED"
    LINKED = "LINKED"
    LINK_UNDONE = "LINK_UNDONE"
    PEOPLE_RECORDED = "PEOPLE_RECORDED"
    SEARCHED = "SEARCHED"
    RECORD_GIVEN = "RECORD_GIVEN"
    OPENING_ASKED = "OPENING_ASKED"
    OPENED_IN_DANGER = "OPENED_IN_DANGER"


def seal_of(chain: str, seq: int, digest: str) -> str:
    """Return the seal on a chain's head: only the holder of the key can make it."""
    return keyed_hash("ledger head", chain, str(seq), digest)


def content_of(entry: Entry) -> str:
    """Return the text that an entry's digest covers."""
    return canonical(
        {
            "at": entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "desk": str(entry.desk) if entry.desk else None,
            "matter": str(entry.matter) if entry.matter else None,
            "actor": str(entry.actor) if entry.actor else None,
            "deed": entry.deed,
            "detail": entry.detail,
        }
    )
