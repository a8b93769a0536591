"""Counting: what each printed figure counts, and what adds up."""

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules import periods
from madoguchi.rules.calendar import JAPAN, Period
from madoguchi.rules.codebooks import STANDARD, Code, CodeBook, Coding, Table
from madoguchi.rules.counting import Basis, ContactFact, Return, Total, count, default_basis

FY2024 = periods.fiscal_year(2024)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=JAPAN)


def fact(
    when: str, *, person: str = "a", matter: str = "1", first: str = "", **more: object
) -> ContactFact:
    values: dict[str, object] = {
        "channel": "TELEPHONE",
        "action": "ADVICE",
        "age_group": None,
        "standing": "AFFECTED",
        "kinds": frozenset({"DEFAMATION"}),
    }
    return ContactFact(person, matter, at(when), at(first or when), **(values | more))  # type: ignore[arg-type]


def counted(
    facts: list[ContactFact], basis: Basis = Basis.CASE_MONTH, period: Period = FY2024
) -> Return:
    return count(facts, period=period, basis=basis, books=STANDARD)


def rows(figures: Return, table: Table) -> dict[str, int]:
    return {row.code.label_ja: row.number for row in figures.table(table).rows if row.number}


# -- the rule, sentence by sentence ------------------------------------------------------


def test_same_person_same_matter_same_month_is_one_case() -> None:
    figures = counted(
        [fact("2024-05-01 10:00"), fact("2024-05-31 23:59", first="2024-05-01 10:00")]
    )
    assert (figures.new, figures.case_months, figures.contacts) == (1, 1, 2)


def test_the_same_matter_in_the_next_month_is_a_second_case() -> None:
    figures = counted(
        [fact("2024-05-31 23:59"), fact("2024-06-01 00:00", first="2024-05-31 23:59")]
    )
    assert (figures.new, figures.case_months, figures.contacts) == (1, 2, 2)


def test_months_are_months_in_japan() -> None:
    first = dt.datetime(2024, 5, 31, 14, 59, tzinfo=dt.UTC)  # 23:59 in Japan
    second = dt.datetime(2024, 5, 31, 15, 0, tzinfo=dt.UTC)  # midnight, 1 June in Japan
    facts = [
        ContactFact("a", "1", when, first, "SNS", "ADVICE", None, None, frozenset())
        for when in (first, second)
    ]
    assert counted(facts).case_months == 2


def test_another_matter_or_another_person_is_another_case() -> None:
    facts = [
        fact("2024-05-01 10:00"),
        fact("2024-05-01 11:00", matter="2"),
        fact("2024-05-01 12:00", person="b"),
    ]
    assert counted(facts).case_months == 3


def test_new_is_counted_where_the_first_contact_ever_lies() -> None:
    carried_over = fact("2024-04-02 10:00", first="2024-03-30 10:00")
    figures = counted([carried_over], Basis.NEW)
    assert (figures.new, figures.case_months, figures.contacts) == (0, 1, 1)
    assert figures.table(Table.STANDING).total == 0
    assert figures.table(Table.CHANNEL).total == 1


def test_contacts_outside_the_period_are_left_aside() -> None:
    figures = counted([fact("2024-03-31 23:59"), fact("2025-04-01 00:00")])
    assert figures.contacts == 0


def test_the_basis_decides_what_the_tables_of_consultations_count() -> None:
    facts = [fact("2024-05-31 10:00"), fact("2024-06-01 10:00", first="2024-05-31 10:00")]
    assert counted(facts, Basis.NEW).table(Table.STANDING).counts is Total.NEW
    assert rows(counted(facts, Basis.NEW), Table.STANDING) == {"被害者": 1}
    assert counted(facts, Basis.CASE_MONTH).table(Table.STANDING).counts is Total.CASE_MONTHS
    assert rows(counted(facts, Basis.CASE_MONTH), Table.STANDING) == {"被害者": 2}
    for basis in Basis:
        assert counted(facts, basis).table(Table.CHANNEL).counts is Total.CONTACTS


def test_case_months_are_the_basis_since_april_2025() -> None:
    assert default_basis(FY2024) is Basis.NEW
    assert default_basis(periods.half(2025, 1)) is Basis.CASE_MONTH


def test_each_kind_of_infringement_counts_once_per_unit() -> None:
    both = frozenset({"DEFAMATION", "DISCRIMINATION"})
    figures = counted([fact("2024-05-01 10:00", kinds=both), fact("2024-05-02 10:00", kinds=both)])
    assert rows(figures, Table.INFRINGEMENT_KIND) == {"誹謗・中傷": 1, "差別": 1}
    assert figures.table(Table.INFRINGEMENT_KIND).base == 1


def test_what_is_not_known_stands_under_unknown() -> None:
    figures = counted([fact("2024-05-01 10:00", standing=None, kinds=frozenset())])
    assert rows(figures, Table.AGE_GROUP) == {"不明": 1}
    assert rows(figures, Table.STANDING) == {"不明": 1}
    assert rows(figures, Table.INFRINGEMENT_KIND) == {"不明": 1}


def test_a_contact_without_action_is_unclassified_and_the_table_says_so() -> None:
    figures = counted([fact("2024-05-01 10:00", action=None), fact("2024-05-02 10:00")])
    table = figures.table(Table.ACTION_TAKEN)
    assert (figures.unclassified, table.base, table.total) == (1, 2, 1)
    assert table.adds_up


def test_rows_keep_the_order_of_the_book_and_zeros() -> None:
    assert [row.code.label_ja for row in counted([]).table(Table.STANDING).rows] == [
        "被害者",
        "加害者",
        "その他",
        "不明",
    ]


def test_a_period_over_two_books_shows_the_codes_of_both() -> None:
    def book(first: dt.date, last: dt.date | None, *keys: str) -> CodeBook:
        codes = tuple(Code(key, key.lower()) for key in keys)
        return CodeBook(Table.CHANNEL, first, last, Coding.SINGLE, codes)

    books = [
        book(dt.date(2023, 4, 1), dt.date(2024, 9, 30), "TELEPHONE", "FAX"),
        book(dt.date(2024, 10, 1), None, "TELEPHONE", "SNS"),
    ]
    facts = [fact("2024-05-01 10:00", channel="FAX"), fact("2025-03-01 10:00", channel="SMOKE")]
    figures = count(facts, period=FY2024, basis=Basis.NEW, books=books)
    assert [(r.code.key, r.number) for r in figures.table(Table.CHANNEL).rows] == [
        ("TELEPHONE", 0),
        ("SNS", 0),
        ("FAX", 1),
        ("SMOKE", 1),  # in no book, yet never lost
    ]


def test_periods_are_named_as_returns_are_headed() -> None:
    assert periods.label_ja(FY2024) == "令和6年度"
    assert periods.label_ja(periods.half(2025, 1)) == "令和7年4月～9月"
    assert periods.label_ja(periods.half(2025, 2)) == "令和7年10月～令和8年3月"
    assert periods.label_ja(periods.quarter(2025, 4)) == "令和8年1月～3月"
    assert periods.label_ja(periods.month(2024, 2)) == "令和6年2月"
    days = Period(dt.date(2025, 4, 3), dt.date(2025, 4, 9))
    assert periods.label_ja(days) == "令和7年4月3日～9日"
    assert periods.label_ja(Period(days.first, days.first)) == "令和7年4月3日"


# -- what holds for any desk ---------------------------------------------------------------

_START = dt.datetime(2024, 4, 1, tzinfo=JAPAN)
_MINUTES_OF_A_YEAR = 365 * 24 * 60


@st.composite
def desks(draw: st.DrawFn) -> list[ContactFact]:
    """All contacts of a desk that opened on 1 April 2024, within its first year."""
    keys = {
        table: st.sampled_from([code.key for code in book.codes])
        for book in STANDARD
        for table in [book.table]
    }
    facts = []
    for consultation in range(draw(st.integers(0, 8))):
        minutes = draw(st.lists(st.integers(0, _MINUTES_OF_A_YEAR - 1), min_size=1, max_size=5))
        times = [_START + dt.timedelta(minutes=minute) for minute in minutes]
        age = draw(st.none() | keys[Table.AGE_GROUP])
        standing = draw(st.none() | keys[Table.STANDING])
        kinds = draw(st.frozensets(keys[Table.INFRINGEMENT_KIND], max_size=4))
        facts += [
            ContactFact(
                consultation // 2,
                consultation,
                time,
                min(times),
                draw(keys[Table.CHANNEL]),
                draw(st.none() | keys[Table.ACTION_TAKEN]),
                age,
                standing,
                kinds,
            )
            for time in times
        ]
    return facts


@given(desks(), st.sampled_from(Basis))
def test_contacts_are_no_fewer_than_cases_and_cases_no_fewer_than_new(
    facts: list[ContactFact], basis: Basis
) -> None:
    figures = counted(facts, basis)
    assert figures.contacts >= figures.case_months >= figures.new


@given(desks(), st.integers(0, 364), st.sampled_from(Basis))
def test_so_it_is_in_any_period_that_starts_with_the_desk(
    facts: list[ContactFact], days: int, basis: Basis
) -> None:
    period = Period(FY2024.first, FY2024.first + dt.timedelta(days=days))
    figures = counted(facts, basis, period)
    assert figures.contacts >= figures.case_months >= figures.new
    # Nothing was there before: each consultation of the period is new in it.
    assert figures.new == len({fact.matter for fact in facts if fact.at in period})


@given(desks(), st.sampled_from(Basis))
def test_kinds_are_no_fewer_than_cases_and_no_more_than_are_marked(
    facts: list[ContactFact], basis: Basis
) -> None:
    kinds = counted(facts, basis).table(Table.INFRINGEMENT_KIND)
    assert kinds.base <= kinds.total <= kinds.base * len(kinds.rows)
    assert all(row.number <= kinds.base for row in kinds.rows)


@given(desks(), st.sampled_from(Basis), st.lists(st.integers(1, 364), max_size=4, unique=True))
def test_contacts_and_new_cases_add_up_over_any_pieces_of_a_year(
    facts: list[ContactFact], basis: Basis, cuts: list[int]
) -> None:
    firsts = [FY2024.first + dt.timedelta(days=cut) for cut in (0, *sorted(cuts))]
    lasts = [first - dt.timedelta(days=1) for first in firsts[1:]]
    parts = [
        counted(facts, basis, Period(*days))
        for days in zip(firsts, [*lasts, FY2024.last], strict=True)
    ]
    whole = counted(facts, basis)
    assert whole.contacts == sum(part.contacts for part in parts)
    assert whole.new == sum(part.new for part in parts)
    # A case may have contacts on both sides of a cut within a month.
    assert whole.case_months <= sum(part.case_months for part in parts)


@given(desks(), st.sampled_from(Basis))
def test_every_table_sums_to_its_base_and_marks_are_no_fewer(
    facts: list[ContactFact], basis: Basis
) -> None:
    figures = counted(facts, basis)
    for table in figures.tables:
        assert table.base == figures.total(table.counts)
        assert table.adds_up
        if table.table is not Table.ACTION_TAKEN:
            assert table.unclassified == 0


@given(desks(), st.sampled_from(Basis))
def test_all_figures_add_up_over_months(facts: list[ContactFact], basis: Basis) -> None:
    months = [(2024, number) for number in range(4, 13)] + [
        (2025, number) for number in range(1, 4)
    ]
    parts = [counted(facts, basis, periods.month(*month)) for month in months]
    whole = counted(facts, basis)
    assert whole.contacts == sum(part.contacts for part in parts)
    assert whole.case_months == sum(part.case_months for part in parts)
    assert whole.new == sum(part.new for part in parts)
    for table in Table:
        for position, row in enumerate(whole.table(table).rows):
            assert row.number == sum(part.table(table).rows[position].number for part in parts)


@given(desks(), st.sampled_from(Basis), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(
    facts: list[ContactFact], basis: Basis, chance: random.Random
) -> None:
    shuffled = list(facts)
    chance.shuffle(shuffled)
    assert counted(shuffled, basis) == counted(facts, basis)
