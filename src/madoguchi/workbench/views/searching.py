"""さがす: any word in any matter of the desk. Asked by POST: no word stands in an address."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from madoguchi.consultations.operations.searching import search as search_all
from madoguchi.consultations.queries import numbered
from madoguchi.desks.doors import for_advisers, user_of
from madoguchi.workbench.forms import folded_number
from madoguchi.workbench.forms.people import SearchForm
from madoguchi.workbench.views.pages import show

_FIRST = 30


@for_advisers
def search(request: HttpRequest) -> HttpResponse:
    """Show the form, and what was found."""
    actor = user_of(request).actor
    form = SearchForm(request.POST if request.method == "POST" else None, auto_id="search-%s")
    context = {"form": form, "room": "search"}
    if not form.is_bound or not form.is_valid():
        return show(request, "workbench/search.html", context, 400 if form.is_bound else 200)
    words, most = form.parsed()
    most = most or _FIRST
    number = folded_number(words)
    results = search_all(actor=actor, words=words, most=most, at=timezone.now())
    exact = numbered(actor, number)
    # Found by its number, it stands first, and only once.
    hits = [hit for hit in results.hits if exact is None or hit.line.matter != exact.pk]
    context |= {
        "results": results,
        "hits": hits,
        "number": len(hits) + bool(exact),
        "exact": exact,
        "next": most + _FIRST,
    }
    return show(request, "workbench/search.html", context)
