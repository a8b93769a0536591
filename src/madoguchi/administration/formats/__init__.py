"""A person's record as a file: a page to read, and the same as data."""

import io
import json
import zipfile

from django.template.loader import render_to_string

from madoguchi.administration.queries.record import Record

FORMAT = "madoguchi.record/1"


def as_zip(given: Record, *, desk: str, made: str) -> bytes:
    """Return a ZIP with record.html and record.json."""
    context = {"record": given, "desk": desk, "made": made}
    page = render_to_string("administration/record.html", context)
    told = {"format": FORMAT, "desk": desk, "made": made, "matters": given.matters}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("record.html", page)
        file.writestr("record.json", json.dumps(told, ensure_ascii=False, indent=2))
    return out.getvalue()
