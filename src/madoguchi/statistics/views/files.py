"""A document leaving as a file."""

import datetime as dt

from django.http import Http404, HttpResponse

from madoguchi.statistics.formats.documents import DOCUMENT_FILES
from madoguchi.statistics.models import FrozenReturn
from madoguchi.statistics.presenting.document import Document
from madoguchi.ui.answers import as_download
from madoguchi.vault.signing import public_key


def file_of(document: Document, kind: str, at: dt.datetime) -> HttpResponse:
    """Return the document as a file of `kind`, made at `at`; no such kind is not found.

    Raises `UnableToPrintError` where no PDF can be made.
    """
    if kind not in DOCUMENT_FILES:
        raise Http404
    how = DOCUMENT_FILES[kind]
    return as_download(how.make(document, at), f"{document.file_name}.{kind}", how.content_type)


def proof_of(row: FrozenReturn, kind: str, name: str) -> HttpResponse | None:
    """Return what a third party checks a frozen return by; None where `kind` is none of it.

    `openssl pkeyutl -verify -pubin -inkey …pem -rawin -in …json -sigfile …sig`.
    """
    match kind:
        case "json":
            return as_download(row.content.encode(), f"{name}.json", "application/json")
        case "sig":
            return as_download(row.signature_bytes, f"{name}.sig")
        case "pem":
            return as_download(public_key(row.desk_id), f"{name}.pem", "application/x-pem-file")
    return None
