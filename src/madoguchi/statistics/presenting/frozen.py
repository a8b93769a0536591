"""Everything that was frozen, as the document that it is printed from."""

from collections.abc import Callable, Mapping
from typing import Any

from madoguchi.statistics.models import FrozenReturn, Sort
from madoguchi.statistics.presenting.document import Document
from madoguchi.statistics.presenting.gathered import sum_document_of
from madoguchi.statistics.presenting.open_data import open_document_of
from madoguchi.statistics.presenting.report import document_of
from madoguchi.statistics.queries.frozen import content_of

_DOCUMENTS: Mapping[Sort, Callable[[Mapping[str, Any]], Document]] = {
    Sort.REPORT: document_of,
    Sort.OPEN_DATA: open_document_of,
    Sort.GATHERED: sum_document_of,
}


def printed_from(row: FrozenReturn) -> Document:
    """Return what was frozen as it was printed then, and is printed now."""
    return _DOCUMENTS[Sort(row.sort)](content_of(row))
