"""ほかの窓口との接続: our own card, and the desks elsewhere that we know. For supervisors."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from madoguchi.desks.doors import for_supervisors, user_of
from madoguchi.referrals.operations import peering
from madoguchi.referrals.queries import lists
from madoguchi.rules.access import RefusedError
from madoguchi.workbench.forms.handovers import AddressForm, PeerForm
from madoguchi.workbench.views.doors import attempt, when_pressed
from madoguchi.workbench.views.pages import show
from madoguchi.workbench.views.refusals import sentence_for


@for_supervisors
def peers(request: HttpRequest) -> HttpResponse:
    """Show our card and who is known; take up another."""
    form = PeerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actor, at = user_of(request).actor, timezone.now()
        try:
            peering.add_peer(actor=actor, card=form.parsed(), at=at)
        except RefusedError as refusal:
            form.add_error("card", sentence_for(refusal))
        else:
            messages.success(request, _("窓口をくわえました。"))
            return redirect("workbench:peers")
    return _page(request, form, status=400 if form.is_bound else 200)


def _page(request: HttpRequest, form: PeerForm, status: int = 200) -> HttpResponse:
    desk = user_of(request).desk
    here = request.build_absolute_uri("/").rstrip("/")
    keys = lists.keys_of(desk)
    card = lists.card_of(desk, keys.address if keys else here)
    context = {
        "known": lists.peers_of(desk.pk),
        "card": json.dumps(card, ensure_ascii=False, indent=1) if card else "",
        "own": AddressForm(initial={"address": keys.address if keys else here}),
        "form": form,
        "room": "handovers",
    }
    return show(request, "workbench/peers.html", context, status)


@for_supervisors
@when_pressed
def make_keys(request: HttpRequest) -> HttpResponse:
    """鍵と接続票をつくる."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("https:// ではじまるアドレスを入れてください。"))
        return redirect("workbench:peers")
    attempt(
        request,
        _("接続票をつくりました。"),
        lambda: peering.make_keys(
            actor=user_of(request).actor, address=form.parsed(), at=timezone.now()
        ),
    )
    return redirect("workbench:peers")


@for_supervisors
@when_pressed
def remove(request: HttpRequest, peer: UUID) -> HttpResponse:
    """相手の窓口をはずす."""
    attempt(
        request,
        _("窓口をはずしました。"),
        lambda: peering.remove_peer(actor=user_of(request).actor, peer=peer, at=timezone.now()),
    )
    return redirect("workbench:peers")
