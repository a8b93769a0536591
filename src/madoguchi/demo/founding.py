"""The demonstration desk: founded, staffed, given its past and its present work."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.consultations.operations.keeping import set_classes, standard_kinds
from madoguchi.demo.cases import told
from madoguchi.demo.dues import promise
from madoguchi.demo.experts import consult
from madoguchi.demo.handbook import fill
from madoguchi.demo.handing import hand_over, report_posts
from madoguchi.demo.mail import post
from madoguchi.demo.matters import play
from madoguchi.demo.papers import put_fax
from madoguchi.demo.people import know_again
from madoguchi.demo.records import FY2024, FY2025_H1, contact_rows, is_open, opening_days
from madoguchi.demo.reports import report
from madoguchi.demo.talks import play_talk
from madoguchi.desks.models import Desk
from madoguchi.desks.operations import NewUser, add_user, create_desk, record_opening_days
from madoguchi.desks.operations.hours import set_hours
from madoguchi.desks.queries import accounts_of_experts, advisers_of, desk_called
from madoguchi.rules.access import Role
from madoguchi.rules.calendar import in_japan
from madoguchi.rules.hours import Opening

SLUG = "demo"
NAME = "ネットトラブル相談（見本）"
# Known to everybody who reads this: good on the machine itself only (desks.adapter).
PASSWORD = "madoguchi-demo"  # noqa: S105
_PEOPLE = {
    "aoi": ("相談員 青井", Role.ADVISER),
    "beni": ("責任者 紅林", Role.SUPERVISOR),
    "daichi": ("統計担当 大地", Role.STATISTICIAN),
    "fumi": ("弁護士 緑川", Role.EXPERT),
}
# Those of the desk whose figures the demonstration has: 月～土 16時～22時, 第2日曜 13時～18時.
_HOURS = (
    Opening(weekdays=(0, 1, 2, 3, 4, 5), opens=dt.time(16), until=dt.time(22), last_call=30),
    Opening(weekdays=(6,), nth=(2,), opens=dt.time(13), until=dt.time(18), last_call=30),
)
_RECENT = 45  # days back for which the demonstration desk was open, as if recorded


@dataclass(frozen=True)
class SignIn:
    """How somebody of the demonstration desk signs in."""

    username: str
    name: str
    password: str


def sign_ins() -> list[SignIn]:
    """Return the demonstration desk's people, for printing where they are of use."""
    return [SignIn(username, name, PASSWORD) for username, (name, _role) in _PEOPLE.items()]


def is_here() -> bool:
    """Tell whether this database has the demonstration desk."""
    desk = desk_called(SLUG)
    return desk is not None and desk.is_demonstration


def record_count() -> int:
    """Return how many contact records the demonstration desk is given."""
    return len(contact_rows())


def records_file() -> bytes:
    """Return the demonstration records as a file of contact records (CSV, UTF-8 with BOM)."""
    rows = told(contact_rows())
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def found(
    *, at: dt.datetime, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> Desk:
    """Found the demonstration desk in an empty database, as of `at`.

    Its records come in through the same import as everybody's, its present matters
    through the same operations. All of it or nothing.
    """
    with transaction.atomic():
        desk = _staffed(at)
        import_contacts(desk=desk.pk, content=records_file(), actor=None, at=at, progress=progress)
        staff = {user.username: user.actor for user in advisers_of(desk.pk)}
        set_classes(desk=desk.pk, kinds=standard_kinds(), actor=staff["beni"], at=at)
        play(desk=desk.pk, staff=staff, at=at)
        play_talk(desk=desk.pk, adviser=staff["aoi"], at=at - dt.timedelta(days=1))
        post(desk=desk.pk, staff=staff["aoi"], at=at)
        know_again(adviser=staff["aoi"], at=at - dt.timedelta(hours=2))
        promise(adviser=staff["aoi"], supervisor=staff["beni"], at=at)
        fill(writer=staff["aoi"], supervisor=staff["beni"], at=at)
        [expert] = accounts_of_experts(desk.pk)
        consult(adviser=staff["aoi"], supervisor=staff["beni"], expert=expert, at=at)
        put_fax(staff=staff["aoi"], at=at - dt.timedelta(hours=1))
        report(supervisor=staff["beni"], at=at)
        hand_over(adviser=staff["aoi"], at=at - dt.timedelta(minutes=30))
        report_posts(adviser=staff["aoi"], at=at - dt.timedelta(minutes=20))
        return desk


def _staffed(at: dt.datetime) -> Desk:
    desk = create_desk(slug=SLUG, name=NAME, prefecture="大阪府", at=at, is_demonstration=True)
    for username, (name, role) in _PEOPLE.items():
        new = NewUser(username, name, role, PASSWORD, is_own_password=True)
        add_user(desk=desk.pk, new=new, at=at)
    today = in_japan(at).date()
    recent = [today - dt.timedelta(days=back) for back in range(_RECENT)]
    days = [*opening_days(FY2024), *opening_days(FY2025_H1), *filter(is_open, recent)]
    record_opening_days(desk=desk.pk, days=days, at=at)
    set_hours(desk=desk.pk, openings=_HOURS, actor=None, at=at)
    return desk
