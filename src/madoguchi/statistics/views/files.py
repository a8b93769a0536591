"""A document leaving as a file."""

import datetime as dt

from django.http import Http404, HttpResponse

from madoguchi.statistics.formats.documents import DOCUMENT_FILES
from madoguchi.statistics.models import FrozenReturn
from madoguchi.statistics.presenting.document import Document
from madoguchi.vault.signing import public_key


def file_of(document: Document, kind: str, at: dt.datetime) -> HttpResponse:
    """Return the document as a file of `kind`, made at `at`; no such kind is not found.

    Raises `UnableToPrintError` where no PDF can be made.
    """
    if kind not in DOCUMENT_FILES:
        raise Http404
    how = DOCUMENT_FILES[kind]
    return attached(how.make(document, at), how.content_type, f"{document.file_name}.{kind}")


def proof_of(row: FrozenReturn, kind: str, name: str) -> HttpResponse | None:
    """Return what a third party checks a frozen return by; None where `kind` is none of it.

    `openssl pkeyutl -verify -pubin -inkey …pem -rawin -in …json -sigfile …sig`.
    """
    match kind:
        case "json":
            return attached(row.content.encode(), "application/json", f"{name}.json")
        case "sig":
            return attached(row.signature_bytes, "application/octet-stream", f"{name}.sig")
        case "pem":
            return attached(public_key(row.desk_id), "application/x-pem-file", f"{name}.pem")
    return None


def attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    """Return `content` as a file called `name`."""
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
