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
    path("windows/editions/", pages.all_editions, name="editions"),
    path("windows/editions/<slug:name>/", pages.edition, name="edition"),
    path("windows/local/", pages.places, name="places"),
    path("windows/local/<int:code>/", pages.place, name="place"),
    path("windows/local/<int:code>/hours.ics", pages.place_hours, name="place-hours"),
    path("windows/<slug:slug>/", pages.window, name="window"),
    path("windows/<slug:slug>/hours.ics", pages.hours, name="hours"),
    path("embed/", embed.card, name="embed"),
    path("embed/how/", embed.how, name="embed-how"),
    path("exit/", pages.leave, name="exit"),
    path("blank/", pages.blank, name="blank"),
    *(path(f"{name}/", pages.prose, {"name": name}, name=name) for name in _PROSE),
]
