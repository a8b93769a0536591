"""Addresses of the statistics room."""

from django.urls import path

from madoguchi.statistics.views import comparing, crossing, figures, further, lists, quality

app_name = "statistics"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("compare/", comparing.compare, name="compare"),
    path("more/", further.more, name="further"),
    path("cross/", crossing.cross, name="cross"),
    path("list/", lists.behind, name="list"),
    path("quality/", quality.quality, name="quality"),
    path("quality/list/", quality.findings, name="findings"),
    path("download/", figures.download, name="download"),
]
