"""The files in which figures leave: JSON, CSV, Excel, PDF. All say the same numbers."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from madoguchi.statistics.formats.as_csv import csv_of
from madoguchi.statistics.formats.as_json import json_of
from madoguchi.statistics.formats.as_pdf import pdf_of
from madoguchi.statistics.formats.as_xlsx import xlsx_of
from madoguchi.statistics.presenting import Sheet


@dataclass(frozen=True)
class Format:
    """One kind of file: how it is made of a sheet at an instant, and what it is called."""

    ending: str
    content_type: str
    make: Callable[[Sheet, dt.datetime], bytes]


FORMATS = {
    "json": Format("json", "application/json", json_of),
    "csv": Format("csv", "text/csv; charset=utf-8", csv_of),
    "xlsx": Format(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_of
    ),
    "pdf": Format("pdf", "application/pdf", pdf_of),
}
