"""What everybody may read of a desk's figures."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from madoguchi.statistics.models import FrozenReturn
from madoguchi.statistics.presenting import public
from madoguchi.statistics.presenting.open_data import open_document_of
from madoguchi.statistics.queries import frozen as queries
from madoguchi.statistics.views.files import file_of, proof_of
from madoguchi.ui.printing import UnableToPrintError


@login_not_required
def every(request: HttpRequest) -> HttpResponse:
    """Show what was published, the newest version of each period."""
    newest: dict[tuple[object, ...], FrozenReturn] = {}
    for row in queries.published():
        newest.setdefault((row.desk_id, row.first, row.last), row)
    context = {
        "published": [(row, public.months(queries.content_of(row))) for row in newest.values()]
    }
    return render(request, "statistics/open_every.html", context)


@login_not_required
def one(request: HttpRequest, published: UUID) -> HttpResponse:
    """Show one set of tables."""
    row = _found(published)
    content = queries.content_of(row)
    newest = queries.published().filter(desk=row.desk_id, first=row.first, last=row.last)
    context = {
        "row": row,
        "months": public.months(content),
        "totals": public.public_totals(content),
        "tables": public.public_tables(content),
        "left_out": public.left_out(content),
        "is_newest": newest[0].pk == row.pk,
    }
    return render(request, "statistics/open_one.html", context)


@login_not_required
def file(request: HttpRequest, published: UUID, kind: str) -> HttpResponse:  # noqa: ARG001
    """Give one set as a file, or what its signature is checked by."""
    row = _found(published)
    document = open_document_of(queries.content_of(row))
    try:
        return proof_of(row, kind, document.file_name) or file_of(document, kind, row.frozen_at)
    except UnableToPrintError:
        raise Http404 from None


def _found(published: UUID) -> FrozenReturn:
    row = queries.published().filter(pk=published).first()
    if row is None:
        raise Http404
    return row
