"""The API: the same as the command line says, to anybody, keeping nothing, failing in words."""

import json
import subprocess
import sys

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import settings
from schemathesis.generation import GenerationMode

from madoguchi.config.wsgi import application
from madoguchi.directory.windows import WINDOW_IDS
from madoguchi.guide.api.document import document
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF, YES_OR_NO


def ask(client, told, **more):
    body = told if isinstance(told, bytes | str) else json.dumps(told)
    return client.post("/api/guide/", body, content_type="application/json", **more)


def by_command(*arguments, given=b""):
    code = "from madoguchi.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], input=given, capture_output=True, check=True
    )
    return json.loads(done.stdout)


# -- no `db` fixture in this file: what asks the database fails -----------------------------


def test_answers_get_what_the_command_line_says(client):
    told = {"happened": "a", "kinds": ["a3"], "wants": ["w2"], "service": "x", "under18": True}
    response = ask(client, told)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == by_command("guide", "--answers", "-", given=json.dumps(told).encode())


def test_words_get_what_the_command_line_says(client):
    text = "インスタで自分になりすまされて悪口を書かれた"
    said = ask(client, {"text": text}).json()
    assert said["understood"]["service"] == "instagram"
    assert said == by_command("guide", "--text", text)


def test_danger_in_words_is_flagged(client):
    said = ask(client, {"text": "もう死にたい"}).json()
    assert said["urgent"] is True
    assert said["emergency"]


def test_windows_are_what_the_command_line_says(client):
    said = client.get("/api/windows/").json()
    assert said == by_command("windows", "--format", "json")
    for window in said["windows"]:
        assert client.get(f"/api/windows/{window['id']}/").json() == window


@pytest.mark.parametrize(
    ("body", "status", "key", "word"),
    [
        (b'{"hapened": "a"}', 422, "hapened", "hapened"),
        (b'{"kinds": ["a1", "zz"]}', 422, "kinds", "kinds"),
        (b'{"kinds": "a1"}', 422, "kinds", "kinds"),
        (b'{"danger_now": "yes"}', 422, "danger_now", "danger_now"),
        (b'{"\\ud800\\n": 1}', 422, "??", "??"),
        (b"[]", 422, None, "JSON"),
        (b'"text"', 422, None, "JSON"),
        (b'{"text": 5}', 422, "text", "text"),
        (b'{"text": "x", "happened": "a"}', 422, "text", "text"),
        (json.dumps({"text": "x" * 4001}).encode(), 422, "text", "4,000"),
        (b"{", 400, None, "JSON"),
        (b"", 400, None, "JSON"),
        (b"\xff\xfe\x00", 400, None, "JSON"),
        (b"[" * 60_000, 400, None, "JSON"),
        (b"1" * 10_000, 400, None, "JSON"),
        (b'{"text": "' + b"x" * 64_000 + b'"}', 413, None, "64 KB"),
        (b"x" * 1_100_000, 413, None, "64 KB"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_in_two_languages(client, body, status, key, word):
    response = ask(client, body)
    told = response.json()
    assert (response.status_code, told["status"]) == (status, status)
    assert response["Content-Type"] == "application/problem+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert told.get("key") == key
    assert word in told["detail"]
    assert told["detail"].endswith("ください。")
    assert told["detail_en"].isascii()


def test_an_unknown_value_is_answered_with_those_there_are(client):
    told = ask(client, {"who": "me"}).json()
    assert (told["key"], told["allowed"]) == ("who", list(ONE_OF["who"]))
    assert "guardian" in told["detail"]
    assert "guardian" in told["detail_en"]


def test_an_answer_given_twice_is_refused(client):
    answer = ask(client, b'{"happened": "a", "happened": "c"}')
    assert (answer.status_code, answer.json()["key"]) == (422, "happened")


def test_a_key_with_braces_breaks_no_sentence(client):
    assert ask(client, {"{0}{x}": "a"}).json()["key"] == "{0}{x}"


def test_words_of_a_person_never_come_back(client):
    said = ask(client, {"happened": "ひみつの話", "kinds": ["a1"]}).content.decode()
    assert "ひみつ" not in said
    assert "ひみつ" not in ask(client, {"text": "ひみつの話をしたい"}).content.decode()


def test_half_a_character_breaks_nothing(client):
    assert ask(client, b'{"text": "\\ud800"}').status_code == 200


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_is_not_said_to_be_json_is_not_read(client, media):
    response = client.post("/api/guide/", b"{}", content_type=media)
    assert response.status_code == 415
    assert "application/json" in response.json()["detail"]


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize("url", ["guide/", "windows/", "windows/moj/", "openapi.json"])
def test_another_method_is_told_which_to_use(client, url, method):
    response = getattr(client, method)(f"/api/{url}")
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    assert "GET" in response.json()["detail"]


@pytest.mark.parametrize("url", ["windows/nobody/", "windows/OWN/", "no/such", "guide/3/"])
def test_what_is_not_there_is_a_problem_too(client, url):
    response = client.get(f"/api/{url}")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


def test_who_only_looks_is_led_to_the_description(client):
    response = client.get("/api/guide/")
    assert (response.status_code, response["Location"]) == (303, "/api/openapi.json")


def test_a_page_of_another_site_may_ask_and_brings_nobody_along(client):
    strict = client.__class__(enforce_csrf_checks=True)
    first = strict.options("/api/guide/", headers={"origin": "https://school.example"})
    assert first.status_code == 204
    assert first["Access-Control-Allow-Methods"] == "GET, HEAD, POST, OPTIONS"
    assert first["Access-Control-Allow-Headers"] == "Content-Type"
    said = ask(strict, {"happened": "c"}, headers={"origin": "https://school.example"})
    assert said.status_code == 200
    assert said["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in said
    assert not said.cookies
    assert said["Cache-Control"] == "no-store"


def test_nothing_that_is_sent_is_logged(client, caplog):
    with caplog.at_level("DEBUG"):
        ask(client, {"text": "ひみつの話"})
        ask(client, {"ひみつ": "話"})
    assert "ひみつ" not in caplog.text


def test_the_description_lists_the_answers_of_the_contract_and_no_other(client):
    told = client.get("/api/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    asked = told["components"]["schemas"]["Answers"]["properties"]
    assert set(asked) == {*ONE_OF, *SEVERAL_OF, *YES_OR_NO}
    assert asked["kinds"]["items"]["enum"][-1] == "a10"
    assert set(told["components"]["schemas"]["Window"]["properties"]["id"]["enum"]) == set(
        WINDOW_IDS
    )


# -- questions made from the description ------------------------------------------------------


def asked(environ, start_response):
    """Answer through WSGI; leave connections alone, as Django's own test client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        response = application(environ, start_response)
        answer = [b"".join(response)]
        response.close()
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
    return answer


def described():
    """The description as schemathesis reads it, asking through WSGI: no socket is opened."""
    schema = schemathesis.openapi.from_dict(document())
    schema.app = asked
    schema.config.generation.update(modes=list(GenerationMode))
    return schema


api = described()


@api.parametrize()
@settings(max_examples=40, derandomize=True, deadline=None, database=None)
def test_every_answer_is_one_that_the_description_allows(case):
    case.call_and_validate(base_url="http://localhost")
