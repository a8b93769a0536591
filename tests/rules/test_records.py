"""Many contact records held by column come back as they were."""

import datetime as dt
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.contact_records import ContactRecord
from madoguchi.rules.records import Records

NAMES = st.sampled_from(["人1", "人2", "人"])
# Few times, so that several records often share one.
TIMES = st.integers(0, 3).map(
    lambda minute: dt.datetime(2025, 3, 31, 23, 58, tzinfo=JAPAN) + dt.timedelta(minutes=minute)
)
RECORDS = st.lists(
    st.builds(
        ContactRecord,
        person=NAMES,
        matter=st.sampled_from(["1", "2人"]),
        at=TIMES,
        channel=st.sampled_from(["TELEPHONE", "SNS"]),
        action=st.sampled_from([None, "ADVICE"]),
        age_group=st.sampled_from([None, "TEENS"]),
        standing=st.none(),
        kinds=st.frozensets(st.sampled_from(["OTHER", "ILLEGAL"])),
        minutes=st.sampled_from([None, 0, 15]),
        referred_to=st.sampled_from([(), ("moj",), ("moj", "own")]),
        remarks=st.text(max_size=3),
    )
)


def held(records: list[ContactRecord]) -> Records:
    found = Records()
    for record in records:
        found.add(record)
    return found


@given(RECORDS)
def test_records_come_back_as_they_were_in_their_order(records) -> None:
    assert list(held(records)) == records
    assert len(held(records)) == len(records)


@given(RECORDS)
def test_consultations_come_in_the_order_in_which_they_began(records) -> None:
    own = defaultdict(list)
    for record in records:
        own[record.person, record.matter].append(record)
    by_time = [tuple(sorted(rows, key=lambda it: it.at)) for rows in own.values()]
    assert list(held(records).by_consultation()) == sorted(by_time, key=lambda rows: rows[0].at)
