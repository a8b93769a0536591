"""The controls of forms, drawn without templates: as Django's draw them.

A desk page holds hundreds (every code, every colleague). Django asks three templates for each.
What is not named here is drawn by Django.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString

_WIDGETS = "django/forms/widgets/"
_LINES = ("text", "hidden", "email", "password", "number", "url", "checkbox", "date", "time")


def _attributes(given: Mapping[str, Any]) -> str:
    return "".join(
        f" {escaped(name)}" + ("" if value is True else f'="{escaped(_said(value))}"')
        for name, value in given.items()
        if value is not False
    )


def _said(value: Any) -> str:
    """Return `value` as text; what is safe already stays so."""
    return value if isinstance(value, str) else str(value)


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{escaped(_said(value))}"'
    opened = f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"'
    return f"{opened}{said}{_attributes(widget['attrs'])}>"


def _option(widget: Mapping[str, Any]) -> str:
    """Draw a radio button or a tick, in a label where it is wanted."""
    if not widget.get("wrap_label"):
        return _input(widget)
    own = widget["attrs"].get("id")
    named = f' for="{escaped(own)}"' if own else ""
    return f"<label{named}>{_input(widget)} {escaped(widget['label'])}</label>"


def _select(widget: Mapping[str, Any]) -> str:
    lines = []
    for group, options, _index in widget["optgroups"]:
        if group:
            lines.append(f'\n  <optgroup label="{escaped(group)}">')
        lines += [f"\n  {_choice(option)}" for option in options]
        if group:
            lines.append("\n  </optgroup>")
    opened = f'<select name="{escaped(widget["name"])}"{_attributes(widget["attrs"])}>'
    return f"{opened}{''.join(lines)}\n</select>"


def _choice(option: Mapping[str, Any]) -> str:
    value = f'value="{escaped(_said(option["value"]))}"'
    return f"<option {value}{_attributes(option['attrs'])}>{escaped(option['label'])}</option>"


_DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"{_WIDGETS}{name}.html": _input for name in _LINES},
    f"{_WIDGETS}radio_option.html": _option,
    f"{_WIDGETS}checkbox_option.html": _option,
    f"{_WIDGETS}select.html": _select,
}


class Controls(DjangoTemplates):
    """Draws the usual controls itself, and leaves the others to Django (FORM_RENDERER)."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        """Return the control as HTML."""
        draw = _DRAWN.get(template_name)
        if draw:
            return SafeString(draw(context["widget"]))
        return SafeString(super().render(template_name, context, request))
