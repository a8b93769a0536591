"""Django's own controls, drawn without a template for each of their lines.

A page with a list of prefectures took half its time for that.
"""

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class DropDown(forms.Select):
    """A list to choose from. Django draws each line by two templates: slow where there are 70."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Draw the list."""
        del renderer
        choices = tuple((str(each), str(label)) for each, label in self.choices)
        drawn = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>{}</select>", drawn, _lines(choices, str(value or "")))


@lru_cache(maxsize=512)
def _lines(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    """Draw the lines of a list; the few lists there are are drawn once for each choice."""
    lines = ((each, flatatt({"selected": each == chosen}), label) for each, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', lines)


class _Drawn:
    """Draws each choice at once, where Django asks two templates for every one."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any) -> SafeString:
        del template_name, renderer
        told = context["widget"]
        said = {key: told[key] for key in ("type", "name", "value")}
        return format_html("<input{}>", flatatt({**said, **told["attrs"]}))


class Radios(_Drawn, forms.RadioSelect):
    """One of several."""


class Ticks(_Drawn, forms.CheckboxSelectMultiple):
    """Some of several."""
