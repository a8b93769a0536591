"""The files in which figures leave: JSON, CSV, Excel, PDF. All say the same numbers."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from madoguchi.statistics.formats.as_csv import as_csv
from madoguchi.statistics.formats.as_json import as_json
from madoguchi.statistics.formats.as_pdf import as_pdf
from madoguchi.statistics.formats.as_xlsx import as_xlsx
from madoguchi.statistics.presenting import Sheet


@dataclass(frozen=True)
class Format:
    """One kind of file: how it is made of a sheet at an instant, and what it is called."""

    ending: str
    content_type: str
    make: Callable[[Sheet, dt.datetime], bytes]


FORMATS = {
    "json": Format("json", "application/json", as_json),
    "csv": Format("csv", "text/csv; charset=utf-8", as_csv),
    "xlsx": Format(
        "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx
    ),
    "pdf": Format("pdf", "application/pdf", as_pdf),
}
