"""Addresses of the statistics room."""

from django.urls import path

from madoguchi.statistics.views import figures

app_name = "statistics"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("download/", figures.download, name="download"),
]
