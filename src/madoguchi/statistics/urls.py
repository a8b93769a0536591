"""Addresses of the statistics room."""

from django.urls import path

from madoguchi.statistics import views

app_name = "statistics"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("download/", views.download, name="download"),
]
