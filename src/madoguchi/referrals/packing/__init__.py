"""The packet of a hand-over: a bag, what it tells, its sheet for people, its locks."""


class UnreadablePacketError(Exception):
    """What came is no packet of ours, or was changed on its way."""
