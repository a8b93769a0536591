"""A reply on A4: a sheet with the address, then the letter itself."""

import datetime as dt
from dataclasses import dataclass
from importlib import resources

from madoguchi.ui import dates
from madoguchi.ui.printing import printed


@dataclass(frozen=True)
class LetterSheet:
    """What is printed. `channel` is FAX or LETTER; `at` is when the reply was written."""

    desk: str
    number: str
    channel: str
    address: str
    words: str
    at: dt.datetime


def letter_pdf(sheet: LetterSheet) -> bytes:
    """Return the letter as PDF. Raises `UnableToPrintError` where there is no Japanese font."""
    template = resources.files("madoguchi.workbench").joinpath("data", "letter.typ")
    values = {
        "desk": sheet.desk,
        "number": sheet.number,
        "is_fax": sheet.channel == "FAX",
        "address": sheet.address.splitlines(),
        "paragraphs": sheet.words.split("\n"),
        "day": dates.day(sheet.at, "ja"),
    }
    return printed(template.read_bytes(), values, made_at=int(sheet.at.timestamp()))
