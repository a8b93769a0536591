"""What contradicts the rules of counting is found, and nothing else is."""

import datetime as dt

import pytest

from madoguchi.consultations.models import Consultation, Contact, InfringementMark
from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.demo.records import FY2024, FY2025_H1, printed_period
from madoguchi.desks.models import CodeBook
from madoguchi.desks.operations import record_opening_days
from madoguchi.rules import periods
from madoguchi.rules.codebooks import Table
from madoguchi.rules.consultation import Status
from madoguchi.rules.contact_records import COLUMNS
from madoguchi.rules.counting import Total
from madoguchi.rules.quality import OF, Finding, Of
from madoguchi.statistics.queries.behind import (
    listed_consultations,
    listed_contacts,
    listed_days,
)
from madoguchi.statistics.queries.quality import (
    Examined,
    consultations_found,
    contacts_found,
    days_found,
    number_found,
)
from madoguchi.statistics.queries.unknown import unknown_in
from tests.operations.test_figures_reproduced import fill
from tests.people import AT

MAY = periods.month(2025, 5)
TODAY = dt.date(2025, 6, 10)
# A Thursday on which the desk was open.
ROW = {
    "受付日時": "2025-05-15T10:00",
    "相談者": "人1",
    "内容": "1",
    "手法": "電話",
    "年代": "30代",
    "状況": "被害者",
    "侵害種別": "差別",
    "対応": "助言",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def sound(desk):
    """A desk with one day and one contact, in which nothing contradicts."""
    record_opening_days(desk=desk.pk, days=[dt.date(2025, 5, 15)], at=AT)
    bring(desk)
    return desk


def bring(desk, **more: str) -> None:
    row = {**dict.fromkeys(COLUMNS, ""), **ROW, **more}
    content = f"{','.join(row)}\n{','.join(row.values())}\n".encode()
    at = AT + dt.timedelta(days=20)
    assert import_contacts(desk=desk.pk, content=content, actor=None, at=at).landed


def found(desk, period=MAY) -> dict[Finding, int]:
    examined = Examined(desk.pk, period, TODAY)
    numbers = {finding: number_found(examined, finding) for finding in Finding}
    return {finding: number for finding, number in numbers.items() if number}


def test_in_sound_records_nothing_is_found(sound) -> None:
    assert found(sound) == {}


def test_the_printed_records_contradict_nothing_that_is_counted(desk) -> None:
    fill(desk)
    for name in (FY2024, FY2025_H1):
        numbers = found(desk, printed_period(name))
        # The prefecture printed no window for 他機関紹介, and days without contacts happen.
        assert not numbers.keys() - {Finding.EMPTY_DAY, Finding.REFERRED_NOWHERE}


def test_a_contact_that_nobody_classified_is_found_open_or_closed(sound) -> None:
    bring(sound, 対応="未分類", 内容="2")
    assert found(sound) == {Finding.UNCLASSIFIED: 1}
    Consultation.objects.update(status=Status.CLOSED, closed_at=AT + dt.timedelta(days=30))
    assert found(sound) == {Finding.UNCLASSIFIED: 1, Finding.CLOSED_UNCLASSIFIED: 1}


@pytest.mark.parametrize(
    ("kinds", "finding"),
    [
        ("人権問題外;差別", Finding.OUTSIDE_AND_MORE),
        ("不明;差別", Finding.UNKNOWN_AND_MORE),
    ],
)
def test_marks_that_exclude_each_other_are_found(sound, kinds: str, finding: Finding) -> None:
    bring(sound, 内容="2", 侵害種別=kinds)
    assert found(sound) == {finding: 1}


def test_one_kind_alone_contradicts_nothing(sound) -> None:
    for number, kinds in enumerate(("人権問題外", "不明", "差別;その他"), 2):
        bring(sound, 内容=str(number), 侵害種別=kinds)
    assert found(sound) == {}


def test_a_referral_needs_a_window(sound) -> None:
    bring(sound, 内容="2", 対応="他機関紹介", 紹介先="moj")
    assert found(sound) == {}
    bring(sound, 内容="3", 対応="他機関紹介")
    assert found(sound) == {Finding.REFERRED_NOWHERE: 1}


def test_nobody_calls_or_comes_on_a_day_that_was_not_open_but_mail_does(sound) -> None:
    bring(sound, 内容="2", 受付日時="2025-05-16T10:00", 手法="メール")
    assert found(sound) == {}
    bring(sound, 内容="3", 受付日時="2025-05-16T10:00", 手法="面接")
    assert found(sound) == {Finding.CLOSED_DAY: 1}


def test_days_are_days_in_japan(sound) -> None:
    bring(sound, 内容="2", 受付日時="2025-05-15T00:10")
    bring(sound, 内容="3", 受付日時="2025-05-15T23:50")
    assert found(sound) == {}


def test_an_open_day_without_contacts_is_found_once_it_is_over(sound) -> None:
    days = [dt.date(2025, 5, 20), TODAY]
    record_opening_days(desk=sound.pk, days=days, at=AT)
    whole = periods.quarter(2025, 1)
    assert found(sound, whole) == {Finding.EMPTY_DAY: 1}
    assert days_found(Examined(sound.pk, whole, TODAY), Finding.EMPTY_DAY) == days[:1]


def test_a_month_of_which_no_day_is_recorded_is_found(sound) -> None:
    bring(sound, 内容="2", 受付日時="2025-06-02T10:00")
    bring(sound, 内容="3", 受付日時="2025-06-02T11:00")
    assert found(sound, periods.month(2025, 6)) == {Finding.NO_DAYS: 1}


def test_a_label_of_another_years_book_is_found(sound) -> None:
    CodeBook.objects.filter(desk=sound, table=Table.CHANNEL).update(valid_from=dt.date(2025, 5, 16))
    assert found(sound) == {Finding.STRANGE_LABEL: 1}


def test_a_mark_that_the_book_does_not_have_is_found(sound) -> None:
    row = Consultation.objects.get()
    Consultation.objects.update(age_group="OTHER_CENTURY")
    assert found(sound) == {Finding.STRANGE_MARK: 1}
    Consultation.objects.update(age_group="TEENS")
    InfringementMark.objects.create(consultation=row, kind="RUDENESS")
    assert found(sound) == {Finding.STRANGE_MARK: 1}


def test_a_first_contact_that_is_not_the_first_is_found(sound) -> None:
    late = Contact.objects.get().at + dt.timedelta(hours=1)
    Consultation.objects.update(first_contact_at=late)
    assert found(sound)[Finding.WRONG_FIRST] == 1
    Consultation.objects.update(closed_at=late - dt.timedelta(minutes=1), status=Status.CLOSED)
    assert found(sound)[Finding.CLOSED_TOO_EARLY] == 1


def test_every_finding_has_a_list_as_long_as_it_says(sound, beni, other_desk) -> None:
    bring(sound, 対応="未分類", 内容="2", 侵害種別="人権問題外;差別")
    bring(sound, 対応="他機関紹介", 内容="3", 受付日時="2025-05-20T10:00")
    examined = Examined(sound.pk, MAY, TODAY)
    numbers = found(sound)
    assert len(numbers) == 4
    for finding, number in numbers.items():
        match OF[finding]:
            case Of.CONTACTS:
                page = listed_contacts(beni.actor, contacts_found(examined, finding))
            case Of.CONSULTATIONS:
                page = listed_consultations(beni.actor, consultations_found(examined, finding))
            case Of.DAYS:
                page = listed_days(beni.actor, days_found(examined, finding))
        assert page.number == len(page.entries) == number
    assert found(other_desk) == {}


def test_what_is_not_known_is_told_month_by_month(sound) -> None:
    bring(sound, 内容="2", 年代="不明", 侵害種別="")
    bring(sound, 内容="3", 受付日時="2025-06-02T10:00", 状況="不明")
    may, june = unknown_in(sound.pk, periods.quarter(2025, 1), Total.CASE_MONTHS)
    assert (may.month, may.base) == (dt.date(2025, 5, 1), 2)
    assert may.unknown == {Table.AGE_GROUP: 1, Table.STANDING: 0, Table.INFRINGEMENT_KIND: 1}
    assert june.unknown == {Table.AGE_GROUP: 0, Table.STANDING: 1, Table.INFRINGEMENT_KIND: 0}
