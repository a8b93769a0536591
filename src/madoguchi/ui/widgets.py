"""Django's own controls, drawn without a template for each of their lines.

A page with a list of prefectures took half its time for that.
"""

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
        chosen, line = str(value or ""), '<option value="{}"{}>{}</option>'
        lines = (
            (each, flatatt({"selected": str(each) == chosen}), label)
            for each, label in self.choices
        )
        drawn = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>{}</select>", drawn, format_html_join("", line, lines))


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
