"""A reply that nobody has seen yet is taken away again, within the deed of taking it back."""

from django.db import connection

from madoguchi.correspondence.models.files import Posting
from madoguchi.correspondence.models.mail import MailOut, SendState
from madoguchi.correspondence.models.words import Message
from madoguchi.correspondence.operations.words import Written
from madoguchi.correspondence.places import address_place, words_place
from madoguchi.vault.sealing import Safe


def written_in(message: Message) -> Written:
    """Return what was written in a reply, as its draft held it."""
    safe, holder = Safe(message.matter.desk_id), message.matter_id
    letter = Posting.objects.filter(message=message).first()
    mail = MailOut.objects.filter(message=message).first()
    choices = {"way": [str(mail.way)]} if mail else {}
    address = ""
    if letter:
        choices["channel"] = [letter.channel]
        address = safe.open(letter.address, holder=holder, place=address_place(letter.pk)) or ""
    words = safe.open(message.words, holder=holder, place=words_place(message.pk)) or ""
    return Written(words=words, choices=choices, address=address)


def has_left(message: Message) -> bool:
    """Tell whether a reply has gone out by mail already."""
    waiting = (SendState.QUEUED, SendState.CANCELLED)
    return MailOut.objects.filter(message=message).exclude(state__in=waiting).exists()


def withdraw(message: Message) -> None:
    """Delete a reply with its mail and its letter, which have not left yet."""
    assert connection.in_atomic_block
    MailOut.objects.filter(message=message).delete()
    Posting.objects.filter(message=message).delete()
    message.delete()
