"""Which storey answers which address. Public pages exist once per language."""

from django.urls import include, path

from madoguchi.statistics.urls import open_urlpatterns
from madoguchi.ui.languages import in_every_language

urlpatterns = [
    path("", include("madoguchi.jobs.urls")),
    path("", include("madoguchi.desks.urls")),
    path("desk/", include("madoguchi.workbench.urls")),
    path("expert/", include("madoguchi.experts.urls")),
    path("settings/", include("madoguchi.administration.urls")),
    path("stats/", include("madoguchi.statistics.urls")),
    path("api/handover/", include("madoguchi.referrals.api.urls")),
    path("api/", include("madoguchi.guide.api.urls")),
    path("line/", include("madoguchi.intake.urls.line")),
    *in_every_language(
        path("", include("madoguchi.guide.urls")),
        path("", include("madoguchi.intake.urls")),
        path("figures/", include(open_urlpatterns)),
        path("chat/talk/", include("madoguchi.intake.urls.live")),
    ),
]

handler400 = "madoguchi.ui.views.bad_request"
handler403 = "madoguchi.ui.views.refused"
handler404 = "madoguchi.ui.views.not_found"
handler500 = "madoguchi.ui.views.server_error"
