"""summary.pdf: what a packet tells, on A4, tagged (PDF/UA-1)."""

import datetime as dt
from dataclasses import asdict
from importlib import resources

from madoguchi.referrals.packing.contents import Content
from madoguchi.referrals.packing.telling import day_and_clock, told
from madoguchi.ui.printing import printed

NAME = "summary.pdf"


def sheet_of(content: Content, at: dt.datetime) -> bytes:
    """Return the sheet of a packet, made at the aware instant `at`.

    Raises `UnableToPrintError` where this machine has no Japanese font.
    """
    template = resources.files("madoguchi.referrals").joinpath("data", "summary.typ")
    sheet = {
        "title": "相談の引き継ぎ",
        "from": content["from"]["desk"],
        "made": f"{day_and_clock(content['made_at'])}につくりました",
        "id": content["id"],
        "sections": [asdict(section) for section in told(content)],
    }
    return printed(template.read_bytes(), sheet, made_at=int(at.timestamp()))
