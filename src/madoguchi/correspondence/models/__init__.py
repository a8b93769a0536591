"""What passes between a desk and the people it helps."""

from madoguchi.correspondence.models.words import Draft, Kind, Message, Receipt

__all__ = ["Draft", "Kind", "Message", "Receipt"]
