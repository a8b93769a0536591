"""The card that other sites show in a frame: two numbers, one way on, no trace."""

import re

import pytest

PREFIXES = ("", "/easy", "/en")
each_language = pytest.mark.parametrize("prefix", PREFIXES)


def policy_of(response):
    said = response["Content-Security-Policy"].split("; ")
    return dict(it.split(" ", 1) for it in said)


@each_language
def test_any_site_may_frame_the_card_and_no_other_page(client, prefix):
    card = client.get(f"{prefix}/embed/")
    assert card.status_code == 200
    assert policy_of(card)["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in card
    assert card["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/", "/urgent/", "/windows/", "/consult/", "/embed/how/", "/my/"])
def test_every_other_page_still_refuses_frames(client, page):
    response = client.get(page)
    assert policy_of(response)["frame-ancestors"] == "'none'"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@each_language
def test_the_card_shows_110_and_a_line_that_is_always_open(client, prefix):
    page = client.get(f"{prefix}/embed/").content.decode()
    assert 'href="tel:110"' in page
    assert 'href="tel:0120279338"' in page


@each_language
def test_the_guide_opens_apart_from_the_frame_in_the_same_language(client, prefix):
    page = client.get(f"{prefix}/embed/").content.decode()
    button = re.search(r'<a class="button primary"[^>]*>', page).group()
    assert f'href="{prefix}/"' in button
    assert 'target="_blank"' in button
    assert "noopener" in button


# No `db` fixture: a card that asked the database, or a session, would fail here.
@each_language
def test_the_card_asks_nothing_and_keeps_nothing(client, prefix):
    response = client.get(f"{prefix}/embed/")
    page = response.content.decode()
    assert not response.cookies
    assert not re.search("<(form|input|script|button|textarea|select)", page)
    assert policy_of(response)["script-src"] == "'none'"
    assert policy_of(response)["form-action"] == "'none'"
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.django_db
def test_a_sites_keeper_finds_what_to_copy(client):
    page = client.get("/embed/how/").content.decode()
    assert '&lt;iframe src="http://testserver/embed/"' in page
    assert '&lt;a href="http://testserver/"&gt;' in page
    assert 'src="http://testserver/en/embed/"' in client.get("/en/embed/how/").content.decode()
    assert "/embed/how/" in client.get("/about/").content.decode()
