"""Replies on paper: by post or by FAX, to an address that is kept for this letter alone."""

from dataclasses import dataclass

from django.db import connection

from madoguchi.correspondence.models.files import Posting
from madoguchi.correspondence.models.words import Message
from madoguchi.correspondence.places import address_place
from madoguchi.vault.ids import new_id
from madoguchi.vault.sealing import Safe


@dataclass(frozen=True)
class Paper:
    """How a reply goes on paper: `channel` is a key of the code book (FAX, LETTER)."""

    channel: str
    address: str  # as it is printed: several lines, or a FAX number


def post(message: Message, paper: Paper) -> Posting:
    """Keep to whom `message` goes, sealed under its matter's key, within the deed of sending."""
    assert connection.in_atomic_block
    row, matter = new_id(), message.matter
    sealed = Safe(matter.desk_id).seal(paper.address, holder=matter.pk, place=address_place(row))
    return Posting.objects.create(id=row, message=message, channel=paper.channel, address=sealed)
