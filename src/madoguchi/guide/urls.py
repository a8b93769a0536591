"""Addresses of the guide: they hold no word on harm and no answer."""

from django.urls import URLPattern, path

from madoguchi.guide.views import embed, pages, questions

app_name = "guide"
_PAGES = (2, 3, 4)
_PROSE = ("evidence", "safety", "privacy", "accessibility", "about")
urlpatterns: list[URLPattern] = [
    path("", questions.first, name="first"),
    path("guide/", questions.answer, name="answer"),
    *(path(f"guide/{it}/", questions.question, {"number": it}, name=f"page-{it}") for it in _PAGES),
    path("guide/result/", questions.result, name="result"),
    path("guide/print/", questions.sheet, name="print"),
    path("urgent/", pages.urgent, name="urgent"),
    path("windows/", pages.windows, name="windows"),
    path("windows/rules/", pages.rules, name="rules"),
    path("windows/<slug:slug>/", pages.window, name="window"),
    path("embed/", embed.card, name="embed"),
    path("embed/how/", embed.how, name="embed-how"),
    path("exit/", pages.leave, name="exit"),
    path("blank/", pages.blank, name="blank"),
    *(path(f"{name}/", pages.prose, {"name": name}, name=name) for name in _PROSE),
]
