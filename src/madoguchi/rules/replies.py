"""A reply can be taken back for a short while (返信の取りやめ): nobody has seen it by then."""

import datetime as dt

# For so long a reply waits before it is shown, told of or mailed: time to think again.
PAUSE = dt.timedelta(seconds=10)


def is_out(shown_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Tell whether the person can see by `at` what is shown from `shown_at` on (None: at once)."""
    return shown_at is None or shown_at <= at
