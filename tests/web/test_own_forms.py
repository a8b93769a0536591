"""Browsers say `Origin: null` of our own forms, since our pages send no referrer."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict():
    client = Client(enforce_csrf_checks=True)
    client.get("/my/")
    return client


def _post(client, **headers):
    token = client.cookies["t"].value
    return client.post("/my/", {"code": "1", "csrfmiddlewaretoken": token}, headers=headers)


def test_our_own_form_is_taken(strict):
    assert _post(strict, origin="null", sec_fetch_site="same-origin").status_code == 200


def test_an_old_browser_says_nothing_and_is_taken(strict):
    assert _post(strict, origin="null").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_another_page_s_form_is_refused(strict, site):
    assert _post(strict, origin="null", sec_fetch_site=site).status_code == 403
    assert _post(strict, origin="https://evil.example", sec_fetch_site=site).status_code == 403


def test_without_the_token_nothing_is_taken(strict):
    answer = strict.post("/my/", {"code": "1"}, headers={"origin": "null"})
    assert answer.status_code == 403
