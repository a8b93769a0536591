"""By when something is to be done, as an adviser types it."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madoguchi.matters.operations.timing import Due
from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.deadlines import Named

# What is set by hand; the others are kept by what the desk does.
BY_HAND = [
    (Named.CALL_BACK, _("折り返し電話")),
    (Named.APPOINTMENT, _("面接の約束")),
    (Named.EXPERT, _("専門家の日程")),
    (Named.OWN, _("そのほか")),
]
CALL_AS = [
    ("DESK", _("窓口の名前を言う")),
    ("PERSON", _("個人の名前だけ言う")),
    ("AS_NOTED", _("メモのとおり")),
]
VOICE_MAIL = [("yes", _("残してよい")), ("no", _("残さない"))]


class MomentForm(forms.Form):
    """A day and a time on a clock in Japan."""

    day = forms.DateField(label=_("日"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label=_("時刻"), widget=forms.TimeInput(attrs={"type": "time"}))

    def moment(self) -> dt.datetime:
        """Return the instant."""
        said = self.cleaned_data
        return dt.datetime.combine(said["day"], said["time"], JAPAN)


class MoveForm(MomentForm):
    """When a deadline is to be instead."""

    def parsed(self) -> dt.datetime:
        """Return the instant."""
        return self.moment()


class DeadlineForm(MomentForm):
    """A deadline by hand. Of a call back: how the person wants to be called."""

    name = forms.ChoiceField(label=_("期限"), choices=BY_HAND)
    words = forms.CharField(label=_("すること"), required=False, max_length=200)
    call_as = forms.ChoiceField(
        label=_("名乗り方（折り返し電話）"), required=False, choices=[("", "―"), *CALL_AS]
    )
    voice_mail = forms.ChoiceField(
        label=_("留守電（折り返し電話）"), required=False, choices=[("", "―"), *VOICE_MAIL]
    )
    field_order = ("name", "day", "time", "words", "call_as", "voice_mail")

    def __init__(self, data: Any = None, **said: Any) -> None:
        """Name the fields apart from those of the other forms on the page."""
        super().__init__(data, auto_id="deadline-%s", **said)

    def parsed(self) -> Due:
        """Return what is to be done, and by when."""
        said = self.cleaned_data
        name = Named(said["name"])
        is_call = name is Named.CALL_BACK
        return Due(
            name=name,
            at=self.moment(),
            words=said["words"].strip(),
            call_as=said["call_as"] if is_call else "",
            voice_mail=said["voice_mail"] if is_call else "",
        )


class PromiseForm(forms.Form):
    """折り返しの約束: when to call back, and how; part of a call note."""

    back_day = forms.DateField(
        label=_("折り返す日"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    back_time = forms.TimeField(
        label=_("折り返す時刻"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    back_as = forms.ChoiceField(
        label=_("名乗り方"), required=False, choices=CALL_AS, widget=forms.RadioSelect
    )
    back_mail = forms.ChoiceField(
        label=_("留守電"), required=False, choices=VOICE_MAIL, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        """Ask for both, the day and the time, or for neither."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        for one, other in (("back_day", "back_time"), ("back_time", "back_day")):
            if said.get(one) and not said.get(other) and other not in self.errors:
                self.add_error(other, _("折り返しの約束には、日と時刻の両方がいります。"))
        return said

    @property
    def promise(self) -> Due | None:
        """The promise to call back; None where none was made."""
        said = self.cleaned_data
        if not said["back_day"]:
            return None
        return Due(
            name=Named.CALL_BACK,
            at=dt.datetime.combine(said["back_day"], said["back_time"], JAPAN),
            call_as=said["back_as"],
            voice_mail=said["back_mail"],
        )
