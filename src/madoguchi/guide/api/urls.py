"""Addresses of the API: one of each, in no language's name."""

from django.urls import path

from madoguchi.guide.api import answers

app_name = "api"
urlpatterns = [
    path("guide/", answers.guide, name="guide"),
    path("windows/", answers.windows, name="windows"),
    path("windows/hsds/", answers.services, name="services"),
    path("windows/<str:name>/", answers.window, name="window"),
    path("openapi.json", answers.openapi, name="openapi"),
    path("<path:rest>", answers.nothing, name="nothing"),
]
