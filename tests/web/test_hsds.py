"""The directory as Open Referral HSDS 3.0 has it.

The check is our own, written from what HSDS 3.0 says of each field (docs.openreferral.org:
required properties, types, formats, closed lists); its schema files are not copied.
"""

import datetime as dt
import re

import jsonschema_rs
import pytest

from madoguchi.directory import hsds
from madoguchi.directory.windows import WINDOW_IDS, all_windows
from madoguchi.rules.hours import Opening

UUID = {"type": "string", "format": "uuid"}
URI = {"type": "string", "format": "uri"}
DATE = {"type": "string", "format": "date"}
TEXT = {"type": "string", "minLength": 1}


def record(required, **known):
    """An object of HSDS: what it must have, what it may have, nothing else."""
    return {
        "type": "object",
        "required": required,
        "properties": known,
        "additionalProperties": False,
    }


def several(schema):
    return {"type": "array", "items": schema, "minItems": 1}


ORGANIZATION = record(
    ["id", "name", "description"], id=UUID, name=TEXT, alternate_name=TEXT, description=TEXT
)
PHONE = record(["id", "number"], id=UUID, service_id=UUID, number=TEXT, type=TEXT, description=TEXT)
DAYS = "(?:MO|TU|WE|TH|FR|SA|SU)"
CLOCK = {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d\+09:00$"}
SCHEDULE = record(
    ["id"],
    id=UUID,
    service_id=UUID,
    freq={"enum": ["WEEKLY", "MONTHLY"]},
    byday={"type": "string", "pattern": rf"^-?\d?{DAYS}(,-?\d?{DAYS})*$"},
    opens_at=CLOCK,
    closes_at=CLOCK,
    timezone={"type": "number"},
    description=TEXT,
    notes=TEXT,
)
LOCATION = record(
    ["id", "location_type"],
    id=UUID,
    location_type={"enum": ["physical", "postal", "virtual"]},
    name=TEXT,
    url=URI,
)
AT_LOCATION = record(
    ["id", "service_id", "location_id"],
    id=UUID,
    service_id=UUID,
    location_id=UUID,
    location=LOCATION,
)
TERM = record(
    ["id", "name", "description"],
    id=UUID,
    code=TEXT,
    name=TEXT,
    description=TEXT,
    taxonomy=TEXT,
    language=TEXT,
)
ATTRIBUTE = record(
    ["id", "link_id", "link_entity", "taxonomy_term_id"],
    id=UUID,
    link_id=UUID,
    link_entity={"const": "service"},
    link_type=TEXT,
    value=TEXT,
    taxonomy_term_id=UUID,
    taxonomy_term=TERM,
)
SERVICE = record(
    ["id", "organization_id", "name", "status", "organization"],
    id=UUID,
    organization_id=UUID,
    name=TEXT,
    alternate_name=TEXT,
    description=TEXT,
    url=URI,
    status={"enum": ["active", "inactive", "defunct", "temporarily closed"]},
    application_process=TEXT,
    fees_description=TEXT,
    eligibility_description=TEXT,
    assured_date=DATE,
    organization=ORGANIZATION,
    phones=several(PHONE),
    schedules=several(SCHEDULE),
    service_at_locations=several(AT_LOCATION),
    attributes=several(ATTRIBUTE),
)
CHECK = jsonschema_rs.Draft202012Validator(
    {"type": "array", "items": SERVICE}, validate_formats=True
)


def faults(services):
    return [f"{list(it.instance_path)}: {it.message}" for it in CHECK.iter_errors(services)]


def test_every_window_is_a_service_of_hsds():
    assert not faults(hsds.services())


def test_the_api_and_the_command_line_say_the_same(client):
    response = client.get("/api/windows/hsds/")
    assert response.status_code == 200
    assert response.json() == hsds.services()
    assert len(response.json()) == len(WINDOW_IDS)


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "open"), ("url", ""), ("url", None), ("id", "moj"), ("assured_date", "today")],
)
def test_the_check_finds_what_hsds_does_not_allow(field, value):
    service = hsds.services()[0] | {field: value}
    assert faults([service])


def test_the_check_finds_what_is_missing():
    for name in SERVICE["required"]:
        service = {key: value for key, value in hsds.services()[0].items() if key != name}
        assert faults([service])


def test_ids_stay_the_same_and_link_to_what_is_there():
    services = hsds.services()
    assert services == hsds.services()
    for service in services:
        assert service["organization"]["id"] == service["organization_id"]
        assert {it["service_id"] for it in service.get("phones", [])} <= {service["id"]}
        for place in service.get("service_at_locations", []):
            assert place["location_id"] == place["location"]["id"]
    for name in ("phones", "schedules", "attributes", "service_at_locations"):
        ids = [it["id"] for service in services for it in service.get(name, [])]
        assert len(ids) == len(set(ids)), name


def test_hours_become_rules_of_icalendar():
    services = dict(zip(WINDOW_IDS, hsds.services(), strict=True))
    first = services["moj"]["schedules"][0]
    assert (first["freq"], first["byday"]) == ("WEEKLY", "MO,TU,WE,TH,FR")
    assert (first["opens_at"], first["closes_at"]) == ("08:30+09:00", "17:15+09:00")
    assert first["timezone"] == 9
    assert "祝日は休み" in first["notes"]


def test_the_second_sunday_is_a_rule_of_the_month():
    line = Opening(weekdays=(6,), opens=dt.time(9), until=dt.time(16), nth=(2, 4), last_call=30)
    assert hsds._repeats(line) == {"freq": "MONTHLY", "byday": "2SU,4SU"}
    assert "受付は終了30分前まで" in hsds._notes(line)


def test_a_day_of_the_month_goes_by_the_month():
    told = [it for service in hsds.services() for it in service.get("schedules", [])]
    nth = [
        line
        for window in all_windows().values()
        for channel in window.phones
        for line in (channel.hours.openings if channel.hours else ())
        if line.nth
    ]
    monthly = [it for it in told if it["freq"] == "MONTHLY"]
    assert len(monthly) == len(nth)
    assert all(re.search(r"\d", it["byday"]) for it in monthly)
