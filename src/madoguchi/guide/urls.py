"""Addresses of the guide: they hold no word on harm and no answer."""

from django.urls import URLPattern, path, register_converter
from django.urls.converters import SlugConverter

from madoguchi.guide.views import embed, pages, questions, words

# A window whose id would tell, in a history or over a shoulder, what somebody looked for.
_QUIET = {"hibo-hotline": "hotline"}
_TELLING = {quiet: telling for telling, quiet in _QUIET.items()}


class WindowConverter(SlugConverter):
    """A window's id, as addresses show it."""

    def to_python(self, value: str) -> str:
        """Return the id."""
        return _TELLING.get(value, value)

    def to_url(self, value: str) -> str:
        """Return the address's word for the id."""
        return _QUIET.get(value, value)


register_converter(WindowConverter, "window")

app_name = "guide"
_PAGES = (2, 3, 4)
_PROSE = ("evidence", "safety", "privacy", "accessibility", "about")
urlpatterns: list[URLPattern] = [
    path("", questions.first, name="first"),
    path("guide/", questions.answer, name="answer"),
    *(path(f"guide/{it}/", questions.question, {"number": it}, name=f"page-{it}") for it in _PAGES),
    path("guide/words/", words.words, name="words"),
    path("guide/words/numbers/", words.numbers, name="words-numbers"),
    path("guide/words/confirm/", words.confirm, name="words-confirm"),
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
    path("windows/<window:slug>/", pages.window, name="window"),
    path("windows/<window:slug>/hours.ics", pages.hours, name="hours"),
    path("embed/", embed.card, name="embed"),
    path("embed/how/", embed.how, name="embed-how"),
    path("exit/", pages.leave, name="exit"),
    path("blank/", pages.blank, name="blank"),
    *(path(f"{name}/", pages.prose, {"name": name}, name=name) for name in _PROSE),
]
