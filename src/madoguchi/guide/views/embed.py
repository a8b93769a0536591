"""What other sites may show: a card in a frame that asks nothing and leaves nothing behind."""

from csp.constants import NONE
from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from madoguchi.guide.views.common import say


@login_not_required
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"], "script-src": [NONE], "form-action": [NONE]})
def card(request: HttpRequest) -> HttpResponse:
    """Show two numbers and the way to the guide, on any site; the guide opens apart from it."""
    response = render(request, "guide/embed.html")
    # A site that isolates itself (COEP) may show the card, too.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@login_not_required
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """Show what a site's keeper copies: a frame, or a link alone."""
    return say(
        request,
        "embed_how",
        card_url=request.build_absolute_uri(reverse("guide:embed")),
        guide_url=request.build_absolute_uri(reverse("guide:first")),
    )
