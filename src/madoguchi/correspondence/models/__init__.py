"""What passes between a desk and the people it helps."""

from madoguchi.correspondence.models.chat import ChatRoom, Line, Side, Talk
from madoguchi.correspondence.models.words import Draft, Kind, Message, Receipt

__all__ = ["ChatRoom", "Draft", "Kind", "Line", "Message", "Receipt", "Side", "Talk"]
