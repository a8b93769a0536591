"""The desk's words for hand-overs, and for reports to the prefecture."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.referrals.models import Referral
from madoguchi.rules.referral import How, Status, Way
from madoguchi.rules.url_report import Status as ReportStatus
from madoguchi.rules.url_report import Step as ReportStep
from madoguchi.workbench.forms.handovers import AIMED, WAYS

register = template.Library()

_WENT: dict[str, str | Promise] = {
    Status.SENT: _("答えを待っている"),
    Status.ACCEPTED: _("相手が受けた"),
    Status.RETURNED: _("戻ってきた"),
    Status.ANSWERED: _("答えがきた"),
    Status.SETTLED: _("済み"),
    Status.WITHDRAWN: _("取りやめた"),
}
_WENT_TONES = {
    Status.PREPARED: "warn",
    Status.SENT: "blue",
    Status.ACCEPTED: "ok",
    Status.RETURNED: "bad",
    Status.ANSWERED: "ok",
}
_CAME: dict[str, str | Promise] = {
    Status.SENT: _("まだ受けていない"),
    Status.ACCEPTED: _("受けた"),
    Status.RETURNED: _("戻した"),
    Status.ANSWERED: _("答えた"),
    Status.WITHDRAWN: _("取りやめになった"),
}
_CONSENT: dict[str, str | Promise] = {
    How.SPOKEN: _("口頭で、"),
    How.MY_PAGE: _("マイページで、本人から"),
}
_REPORT: dict[str, str | Promise] = {
    ReportStatus.WRITTEN: _("まだ届けていない"),
    ReportStatus.RECEIVED: _("受領"),
    ReportStatus.CONFIRMED: _("確認"),
    ReportStatus.REQUESTED: _("要請"),
    ReportStatus.RESULT: _("結果"),
    ReportStatus.ADVISED: _("説示・助言"),
}
_REPORT_STEPS: dict[str, str | Promise] = {
    ReportStep.HAND_IN: _("府県が受領した"),
    ReportStep.CONFIRM: _("府県が確認した"),
    ReportStep.REQUEST: _("府県が削除などを要請した"),
    ReportStep.CONCLUDE: _("結果が分かった"),
    ReportStep.ADVISE: _("府県が説示・助言をした"),
}


@register.filter
def went_word(row: Referral) -> str:
    """Say how far a hand-over of ours is."""
    if row.status == Status.PREPARED:
        if row.refused_at:
            return str(_("本人がのぞまない"))
        return str(_("送れます") if row.agreed else _("本人の返事を待っている"))
    return str(_WENT[row.status])


@register.filter
def went_tone(status: str) -> str:
    """Return the tone in which that is shown."""
    return str(_WENT_TONES.get(Status(status), ""))


@register.filter
def came_word(status: str) -> str:
    """Say what became of a hand-over that came."""
    return str(_CAME[status])


@register.filter
def way_word(way: str) -> str:
    """Say by which way a hand-over goes."""
    return str(WAYS[Way(way)])


@register.filter
def consent_word(how: str) -> str:
    """Say how she agreed."""
    return str(_CONSENT[how])


@register.filter
def report_word(status: str) -> str:
    """Say how far a report to the prefecture is."""
    return str(_REPORT[status])


@register.filter
def report_step_word(step: str) -> str:
    """Say what the prefecture did."""
    return str(_REPORT_STEPS[step])


@register.filter
def aimed_word(aimed: str) -> str:
    """Say at whom a post is aimed."""
    return str(dict(AIMED).get(aimed, aimed))  # type: ignore[call-overload]
