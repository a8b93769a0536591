"""What passes between a desk and the people it helps."""

from madoguchi.correspondence.models.chat import ChatRoom, Line, Side, Talk
from madoguchi.correspondence.models.files import Attachment, Origin, Posting, Verdict
from madoguchi.correspondence.models.line import LineNotice
from madoguchi.correspondence.models.mail import MailAddress, Mailbox, MailIn, MailOut
from madoguchi.correspondence.models.words import Draft, Kind, Message, Receipt

__all__ = [
    "Attachment",
    "ChatRoom",
    "Draft",
    "Kind",
    "Line",
    "LineNotice",
    "MailAddress",
    "MailIn",
    "MailOut",
    "Mailbox",
    "Message",
    "Origin",
    "Posting",
    "Receipt",
    "Side",
    "Talk",
    "Verdict",
]
