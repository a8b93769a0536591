"""Addresses that a talk's own page asks while it stands open: parts of a page, no pages."""

from django.urls import path

from madoguchi.intake.views import chat

app_name = "live"
urlpatterns = [
    path("live/", chat.live, name="talk"),
    path("typed/", chat.typed, name="typed"),
]
