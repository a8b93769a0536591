"""Controls drawn by ourselves are those that Django draws."""

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from madoguchi.ui.controls import Controls

NASTY = '"><script>&'
CHOICES = [("a", "一"), (NASTY, NASTY), (3, _("はい")), ("組", [("b", "二"), ("", "")])]


class Everything(forms.Form):
    """One field for each control."""

    text = forms.CharField(max_length=5, help_text="h")
    hidden = forms.CharField(widget=forms.HiddenInput)
    mail = forms.EmailField()
    password = forms.CharField(widget=forms.PasswordInput)
    number = forms.IntegerField(min_value=1)
    address = forms.URLField(assume_scheme="https")
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField()
    tick = forms.BooleanField()
    long = forms.CharField(widget=forms.Textarea)
    one = forms.ChoiceField(choices=CHOICES)
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    listed = forms.MultipleChoiceField(choices=CHOICES)
    file = forms.FileField(required=False)


SAID: list[dict[str, Any]] = [
    {},
    dict.fromkeys(Everything.base_fields, NASTY),
    {
        "text": mark_safe("<b>"),
        "number": 12345,
        "day": dt.date(2026, 11, 22),
        "time": dt.time(9, 5),
        "tick": True,
        "one": 3,
        "radio": "a",
        "several": ["a", "b"],
        "listed": ["b", NASTY],
    },
]


def pieces(drawn):
    """Return what is drawn, however many blanks stand between."""
    return str(drawn).split()


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("is_bound", [True, False])
def test_every_control_is_as_django_draws_it(said, is_bound):
    ours, theirs = (
        Everything(said if is_bound else None, initial=said, renderer=it, auto_id="x-%s")
        for it in (Controls(), DjangoTemplates())
    )

    for name in Everything.base_fields:
        extra = {"hx-post": f"/{NASTY}", "autofocus": True, "hidden": False, "size": 3}
        own, djangos = ours[name], theirs[name]
        assert pieces(own.as_widget(attrs=extra)) == pieces(djangos.as_widget(attrs=extra))
        assert [pieces(it.tag()) for it in own] == [pieces(it.tag()) for it in djangos]
        assert [pieces(it) for it in own] == [pieces(it) for it in djangos]


def test_the_product_draws_its_controls_so():
    assert isinstance(forms.Form().renderer, Controls)
