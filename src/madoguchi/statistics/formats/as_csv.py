"""Figures as CSV: one line for each figure, for Excel and for machines."""

import csv
import datetime as dt
import io

from madoguchi.rules.contact_records import guarded
from madoguchi.statistics.presenting import DATA_COLUMNS, Sheet, data_lines


def csv_of(sheet: Sheet, at: dt.datetime) -> bytes:
    """Return the sheet as CSV: UTF-8 with BOM, or a Japanese Excel garbles it; CRLF."""
    del at
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(DATA_COLUMNS)
    for line in data_lines(sheet):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in line])
    return text.getvalue().encode("utf-8-sig")
