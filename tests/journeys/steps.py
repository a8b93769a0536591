"""What people do in a browser, step by step, as they would tell it themselves."""

import re

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.desks.models import User
from madoguchi.rules.consultation import Status
from madoguchi.rules.numbering import typed_digits
from tests.people import PASSWORD


def code_in_the_app(user: User, *, ahead: int = 0) -> str:
    """Return the six digits that the app on the telephone of `user` shows now (or will show)."""
    secret = totp.decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    *_, counter = totp.yield_hotp_counters_from_time()
    # The last of what is taken is half a minute ahead; the one before it is now.
    return totp.format_hotp_value(totp.hotp_value(secret, counter - 1 + ahead))


def sign_in(page: Page, user: User, *, again: bool = False, lands_at: str = "受信箱") -> None:
    """Sign in by the page, with password and second factor, and stand at the inbox (`lands_at`).

    `again`: for the second time within half a minute; a code is good once.
    """
    page.goto("/desk/")
    page.get_by_label("サインイン名").fill(user.username)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインイン").click()
    page.locator("input[name=code]").fill(code_in_the_app(user, ahead=int(again)))
    page.get_by_role("button", name="サインイン", exact=True).click()
    expect(page.get_by_role("heading", name=lands_at).first).to_be_visible()
    page.wait_for_load_state()


def go_to(page: Page, room: str) -> None:
    """Go to a room by the menu: the less used ones stand behind 「ほか」."""
    menu = page.get_by_role("navigation", name="メニュー")
    menu.wait_for()
    if page.locator(".more-rooms").count():
        page.locator(".more-rooms > summary").click()
    menu.get_by_role("link", name=room).click()


def tick(page: Page, name: str, value: str) -> None:
    """Press the words beside an answer, as a finger does, until it is chosen."""
    answer = page.locator(f'input[name="{name}"][value="{value}"]')
    page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()
    expect(answer).to_be_checked()


def go_through_the_guide(page: Page) -> None:
    """Answer the guide: something was written about me, I want it gone."""
    page.goto("/")
    page.locator('button[name="happened"][value="a"]').click()
    page.wait_for_url("**/guide/2/")
    tick(page, "kinds", "a1")
    tick(page, "kinds", "a7")
    page.get_by_role("button", name="つぎへ").click()
    page.wait_for_url("**/guide/3/")
    tick(page, "wants", "w2")
    page.get_by_role("button", name="つぎへ").click()
    for _page in range(2):
        if page.url.endswith("/guide/result/"):
            break
        page.get_by_role("button", name="とばす").click()
    page.wait_for_url("**/guide/result/")


def consult(page: Page, words: str) -> str:
    """Write a letter, check it, send it; return the code on the page, as digits."""
    page.goto("/consult/")
    page.get_by_label("相談したいこと").fill(words)
    return send(page, words)


def send(page: Page, words: str) -> str:
    """Send the letter that stands on the page; return the code, as digits."""
    page.get_by_role("button", name="確かめるページへ").click()
    page.wait_for_url("**/consult/check/")
    expect(page.get_by_text(words)).to_be_visible()
    page.get_by_role("button", name="送る", exact=True).click()
    page.wait_for_url("**/consult/done/")
    return code_on(page)


def code_on(page: Page) -> str:
    """Return the sixteen digits that the page shows."""
    shown = re.sub(r"\s", "", page.locator(".code").inner_text())
    assert re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{4}", shown)
    digits = typed_digits(shown)
    assert digits
    return digits


def open_my_page(page: Page, code: str) -> None:
    """Type the code at my-page."""
    page.goto("/my/")
    page.get_by_label("受付コード").fill(code)
    page.get_by_role("button", name="開く").click()
    page.wait_for_url("**/my/messages/")


def said_on_my_page(page: Page) -> list[str]:
    """Return what stands in the bubbles, oldest first."""
    return page.locator(".talk .said").all_inner_texts()


def close(page: Page, number: str) -> None:
    """Say what was done in every contact, and close."""
    page.goto(f"/desk/matters/{number}/")
    for contact in Contact.objects.filter(action=None):
        tick(page, f"action-{contact.pk}", "ADVICE")
    page.get_by_role("button", name="分類を保存").click()
    expect(page.get_by_text("分類を保存しました。")).to_be_visible()
    page.get_by_role("button", name="終結する").click()
    expect(page.get_by_text("終結しました。")).to_be_visible()
    assert Consultation.objects.get().status == Status.CLOSED
