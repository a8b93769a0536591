"""The components that pages are built from; `docs/reference/components.md` shows each.

Words given to a component may carry readings, `{漢字|かんじ}`; components draw them.
Everything that is not already safe is escaped.
"""

import datetime as dt
import re
from typing import Any
from urllib.parse import quote

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.template.defaultfilters import stringfilter
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeData, SafeString
from django.utils.translation import get_language, gettext

from madoguchi.rules import calendar
from madoguchi.ui import dates, languages
from madoguchi.ui.icons import DRAWINGS

register = template.Library()

_READING = re.compile(r"\{([^{}|<>]+)\|([^{}|<>]+)\}")
# Whole numbers of three digits that one dials, or with their hyphens.
_IN_WORDS = re.compile(r"(?<![0-9-])(?:110|119|0[0-9]{1,3}-[0-9]{2,4}-[0-9]{3,4})(?![0-9-])")
_TONES = {"urgent": "warning", "warn": "warning", "info": "info", "ok": "check", "plain": ""}


# -- words ----------------------------------------------------------------------------


@register.filter
@stringfilter
def ruby(text: str) -> SafeString:
    """Draw the readings in `text`: `{漢字|かんじ}` becomes `<ruby>`; the rest is escaped."""
    safe = text if isinstance(text, SafeData) else conditional_escape(text)
    if "{" not in safe:
        return SafeString(safe)
    drawn, readings = _READING.subn(r"<ruby>\1<rt>\2</rt></ruby>", safe)
    # In a row (a button, a link with room around it) a sentence must stay one piece.
    return SafeString(f"<span>{drawn}</span>" if readings else drawn)


@register.filter(is_safe=True)
@stringfilter
def plain(text: str) -> str:
    """Drop the readings in `text`, for titles and attributes."""
    return _READING.sub(r"\1", text)


@register.filter
def dialled(text: SafeString) -> SafeString:
    """Link the telephone numbers that stand in a drawn sentence: 110, 0120-279-226."""
    return SafeString(_IN_WORDS.sub(lambda it: tel(it[0]), conditional_escape(text)))


@register.filter
def digits4(code: str) -> str:
    """Set a long number in fours: 1234-5678-9012-3456."""
    digits = str(code)
    return "-".join(digits[at : at + 4] for at in range(0, len(digits), 4))


@register.filter
def wareki(when: dt.date | None) -> str:
    """Write the day of `when` (an instant: in Japan) as 令和7年11月25日（火）."""
    return ruby(dates.day(when, get_language())) if when else ""


@register.filter
def wareki_time(when: dt.datetime | None) -> str:
    """Write the instant `when` as 令和7年11月25日（火）18時30分 in Japan."""
    return ruby(dates.instant(when, get_language())) if when else ""


@register.filter
def clock(when: dt.datetime | None) -> str:
    """Write the time of the instant `when` in Japan: 18時30分."""
    return ruby(dates.time(when, get_language())) if when else ""


@register.filter
def days(number: int) -> str:
    """Write a length of time in days: 3日; readings stay for `|ruby` to draw."""
    return dates.days(number, get_language())


@register.filter
def short_day(when: dt.date | None) -> str:
    """Write the day of `when` without its year, for the desk: 11月25日（火）."""
    return dates.short_day(when) if when else ""


@register.simple_tag
def moment(when: dt.datetime | None) -> str:
    """Write an instant for the desk, as `<time>`: 11月21日（金）16時10分."""
    if not when:
        return ""
    said = dates.short_day(when) + calendar.clock(when)
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), said)


# -- addresses ------------------------------------------------------------------------


@register.simple_tag
def page(path: str) -> str:
    """Return the address of a public page (`urgent/`) in the language now active."""
    return languages.page(path)


@register.simple_tag
def html_lang() -> str:
    """Return what a browser is told the language is (やさしい日本語 is Japanese)."""
    return (get_language() or "ja").partition("-")[0]


# -- small parts ----------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", size: int = 24) -> SafeString:
    """Draw an icon; hidden from screen readers unless it has a `label`."""
    told = (
        format_html('role="img" aria-label="{}"', plain(label)) if label else 'aria-hidden="true"'
    )
    return format_html(
        '<svg class="icon icon-{}" width="{}" height="{}" viewBox="0 0 24 24" {}>{}</svg>',
        name,
        size,
        size,
        SafeString(told),
        SafeString(DRAWINGS[name]),
    )


@register.simple_tag
def badge(text: object, tone: str = "") -> SafeString:
    """Draw a short word on a state. Tones: bad, warn, ok, blue, key, none."""
    return format_html('<span class="badge {}">{}</span>', tone, ruby(text))


@register.simple_tag
def open_now(is_open: bool | None, text: str = "") -> SafeString:  # noqa: FBT001 a template says {% open_now window.is_open %}
    """Say in word and shape whether a window is open; None: nobody knows."""
    tone, said = {
        True: ("on", gettext("受付中")),
        False: ("off", gettext("時間外")),
        None: ("unknown", gettext("時間は先方に確かめてください")),
    }[is_open]
    return format_html('<span class="chip chip-{}">{}</span>', tone, ruby(text or said))


@register.simple_tag
def steps(number: int, of: int, text: str = "") -> SafeString:
    """Show how far one has come: dots, and the same in words."""
    dots = format_html_join(
        "", '<i class="{}"></i>', (("on" if at < number else "",) for at in range(of))
    )
    said = text or gettext("%(number)s／%(of)sページ") % {"number": number, "of": of}
    return format_html(
        '<p class="steps"><span class="dots" aria-hidden="true">{}</span>{}</p>', dots, ruby(said)
    )


@register.simple_tag
def tel(number: str, display: str = "") -> SafeString:
    """Link a telephone number, shown as its window writes it."""
    return format_html('<a class="number" href="{}">{}</a>', _dial(number), display or number)


def _dial(number: str) -> str:
    """Return the address that dials `number` (#9110 is tel:%239110)."""
    return "tel:" + quote(re.sub(r"[^0-9+#*]", "", number), safe="+*")


@register.inclusion_tag("ui/phone.html")
def phone(  # noqa: PLR0913 a component's settings, by name
    number: str,
    *,
    display: str = "",
    title: str = "",
    note: str = "",
    when: str = "",
    mark: str = "phone",
    tone: str = "",
) -> dict[str, Any]:
    """Draw a telephone number as a card to press. Tones: `first` (110), `long`.

    `note` says who answers, `when` says when and for how much; `mark=""` has no icon.
    """
    return {
        "dial": _dial(number),
        "display": display or number,
        "title": title,
        "notes": [line for line in (note, when) if line],
        "mark": mark,
        "tone": tone,
    }


@register.inclusion_tag("ui/option.html")
def option(
    name: str,
    value: str,
    title: str,
    *,
    hint: str = "",
    mark: str = "",
    tone: str = "",
) -> dict[str, Any]:
    """Draw one big answer that sends its form when pressed. Tone `soft`: "not sure"."""
    return {
        "name": name,
        "value": value,
        "title": title,
        "hint": hint,
        "mark": mark,
        "tone": tone,
    }


# -- boxes ----------------------------------------------------------------------------


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "", level: int = 2) -> SafeString:
    """Draw a box that must be seen. Tones: urgent, warn, info, ok, plain."""
    mark = _TONES[tone]
    heading = format_html("<h{0}>{1}</h{0}>", level, ruby(title)) if title else ""
    return format_html(
        '<div class="notice notice-{}">{}<div class="notice-words">{}{}</div></div>',
        tone,
        icon(mark) if mark else "",
        heading,
        content,
    )


@register.simple_block_tag
def card(content: str, title: str = "", tone: str = "", level: int = 2, id: str = "") -> SafeString:  # noqa: A002 the name of the HTML attribute
    """Draw a framed part of a page, with a heading where it has a title."""
    heading = format_html("<h{0}>{1}</h{0}>", level, ruby(title)) if title else ""
    named = format_html(' id="{}"', id) if id else ""
    return format_html('<section class="card {}"{}>{}{}</section>', tone, named, heading, content)


# -- forms ----------------------------------------------------------------------------


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, style: str = "", **attributes: object) -> dict[str, Any]:
    """Draw one field: label, ※必須 or ※任意, hint, error, and what one fills in.

    `style="chips"` draws choices as chips; `style="desk"` is small and marks only what
    is required. Further attributes go to the control: `hx_post` becomes `hx-post`.
    """
    widget = bound.field.widget
    kind = _kind(widget)
    return {
        "bound": bound,
        "style": style,
        "kind": kind,
        "choices": _choices(bound, attributes) if kind == "group" else [],
        "describedby": _described_by(bound),
        "is_desk": style in {"chips", "desk"},
        "control": "" if kind == "group" else _control(bound, attributes),
    }


def _kind(widget: forms.Widget) -> str:
    """Return how a control is drawn: hidden, group, tick or line."""
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    return "line"


def _described_by(bound: BoundField) -> str:
    hint = f"{bound.auto_id}_hint" if bound.help_text else ""
    error = f"{bound.auto_id}_error" if bound.errors else ""
    return f"{hint} {error}".strip()


def _attributes(given: dict[str, object]) -> dict[str, str]:
    return {name.replace("_", "-"): str(value) for name, value in given.items()}


def _choices(bound: BoundField, given: dict[str, object]) -> list[BoundWidget]:
    """Return a group's choices, each carrying the attributes given."""
    choices = list(bound)
    for choice in choices:
        choice.data["attrs"].update(_attributes(given))
    return choices


def _control(bound: BoundField, given: dict[str, object]) -> SafeString:
    """Draw a single control: described by its hint and error, remembered by no browser."""
    # autocomplete: a shared computer must not offer a person's words to the next person.
    attributes: dict[str, Any] = {
        "autocomplete": bound.field.widget.attrs.get("autocomplete", "off"),
        **_attributes(given),
    }
    if described := _described_by(bound):
        attributes["aria-describedby"] = described
    return bound.as_widget(attrs=attributes)


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """List what is to be mended, each linked to its field; takes the focus."""
    return {
        "general": form.non_field_errors(),
        "fields": [
            {"target": _target(bound), "label": _unless_said(bound, str(error)), "error": error}
            for bound in form
            for error in bound.errors
        ],
    }


def _unless_said(bound: BoundField, error: str) -> str:
    """Return the field's label where the error itself does not name it."""
    return "" if plain(bound.label) in plain(error) else str(bound.label)


def _target(bound: BoundField) -> str:
    """Return the id of the control where `bound` is mended (a group's first choice)."""
    return f"{bound.auto_id}_0" if _kind(bound.field.widget) == "group" else str(bound.auto_id)
