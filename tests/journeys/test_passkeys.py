"""A passkey, registered and used in a real browser with an authenticator made of software."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from madoguchi.ledger.models import Entry
from madoguchi.rules.access import Role
from tests import people
from tests.people import PASSWORD


@pytest.fixture
def key(adviser, live_server):
    """A finger on a key: CDP's own authenticator, at an address that passkeys know as safe."""
    adviser.context.set_default_timeout(10_000)
    cdp = adviser.context.new_cdp_session(adviser)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield lambda is_verified: cdp.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": made["authenticatorId"], "isUserVerified": is_verified},
    )
    cdp.detach()


@pytest.fixture
def localhost(browser, live_server):
    """A browser that calls the server by its name: a passkey belongs to a name, not a number."""
    context = browser.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    context.set_default_timeout(10_000)
    page = context.new_page()
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda it: "Security Policy" in it.text and broken.append(it.text))
    yield page
    context.close()
    assert not broken


@pytest.fixture
def adviser(localhost):
    """The adviser's screen."""
    return localhost


def test_a_newcomer_registers_a_passkey_and_signs_in_by_it_alone(
    adviser, key, desk, settings, faults_of
):
    user = people.hire(desk.pk, "fumi", "ふみ", Role.ADVISER)
    Authenticator.objects.all().delete()
    adviser.goto("/desk/")
    adviser.get_by_label("サインイン名").fill("fumi")
    adviser.get_by_label("パスワード").fill(PASSWORD)
    adviser.get_by_role("button", name="サインイン", exact=True).click()
    adviser.get_by_role("link", name="パスキー（指紋・顔など）").click()
    assert not faults_of(adviser)
    adviser.get_by_label("この端末の呼び名").fill("相談室の端末")
    adviser.get_by_role("button", name="この端末を登録する").click()
    adviser.wait_for_url("**/desk/account/codes/")
    adviser.goto("/desk/account/passkeys/")
    expect(adviser.get_by_text("相談室の端末")).to_be_visible()
    assert not faults_of(adviser)
    adviser.goto("/desk/")
    expect(adviser.get_by_role("heading", name="受信箱").first).to_be_visible()
    adviser.get_by_role("button", name="ログアウト").click()
    adviser.goto("/desk/sign-in/")
    adviser.get_by_role("button", name="パスキーを使う").click()
    adviser.wait_for_url("**/desk/")
    expect(adviser.get_by_role("heading", name="受信箱").first).to_be_visible()
    deeds = list(Entry.objects.filter(actor=user.pk).order_by("seq").values_list("deed", flat=True))
    assert deeds[0] == "SIGNED_IN"
    assert "PASSKEY_ADDED" in deeds
    assert deeds[-1] == "SIGNED_IN"


def test_a_key_without_a_finger_on_it_opens_nothing(adviser, key, desk):
    people.hire(desk.pk, "fumi", "ふみ", Role.ADVISER)
    key(is_verified=False)
    adviser.goto("/desk/sign-in/")
    adviser.get_by_role("button", name="パスキーを使う").click()
    expect(adviser.get_by_text("パスキーを使えませんでした")).to_be_visible()
    adviser.goto("/desk/")
    expect(adviser).to_have_url(f"{adviser.url.split('/desk/')[0]}/desk/sign-in/?next=/desk/")
