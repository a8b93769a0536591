"""Texts of the directory in the language of the page."""

from django import template
from django.utils.translation import get_language

from madoguchi.directory.prefectures import prefecture_name
from madoguchi.rules.guidance import Texts

register = template.Library()


@register.filter
def spoken(texts: Texts | None) -> str:
    """Return `texts` in the language now active; readings stay for `|ruby` to draw."""
    return texts.spoken(get_language()) if texts else ""


@register.filter
def prefecture(name: str) -> str:
    """Return the prefecture called `name` in Japanese in the language now active."""
    return spoken(prefecture_name(name))
