"""Addresses of the statistics room."""

from django.urls import path

from madoguchi.statistics.views import figures, lists

app_name = "statistics"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("list/", lists.behind, name="list"),
    path("download/", figures.download, name="download"),
]
