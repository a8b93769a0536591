"""A document leaving as a file."""

import datetime as dt
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.statistics.formats.documents import DOCUMENT_FILES
from madoguchi.statistics.forms import Question
from madoguchi.statistics.models import FrozenReturn
from madoguchi.statistics.presenting.blocks import TablesFile
from madoguchi.statistics.presenting.document import Document
from madoguchi.ui.answers import as_download
from madoguchi.ui.printing import UnableToPrintError
from madoguchi.vault.signing import public_key


def file_of(document: Document, kind: str, at: dt.datetime) -> HttpResponse:
    """Return the document as a file of `kind`, made at `at`; no such kind is not found.

    Raises `UnableToPrintError` where no PDF can be made.
    """
    if kind not in DOCUMENT_FILES:
        raise Http404
    how = DOCUMENT_FILES[kind]
    return as_download(how.make(document, at), f"{document.file_name}.{kind}", how.content_type)


def links_to(address: str, form: Question) -> list[tuple[str, str]]:
    """Return the files of a page that shows tables: name, address; they ask what `form` asks."""
    asked = urlencode({name: form.data.get(name, "") for name in form.fields})
    names = {"xlsx": _("Excel"), "csv": _("CSV"), "pdf": _("PDF（印刷用）")}
    return [(name, f"{reverse(address, args=[kind])}?{asked}") for kind, name in names.items()]


def tables_file(request: HttpRequest, desk: str, told: TablesFile, kind: str) -> HttpResponse:
    """Return the tables of a page as a file; where none can be made, the way back to the page."""
    now = timezone.now()
    try:
        return file_of(told.document(desk, now), kind, now)
    except UnableToPrintError as refusal:
        messages.error(request, str(refusal))
        return redirect("statistics:figures")


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
