"""Addresses of the statistics room."""

from django.urls import path

from madoguchi.statistics.views import comparing, figures, lists, quality

app_name = "statistics"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("compare/", comparing.compare, name="compare"),
    path("list/", lists.behind, name="list"),
    path("quality/", quality.quality, name="quality"),
    path("quality/list/", quality.findings, name="findings"),
    path("download/", figures.download, name="download"),
]
