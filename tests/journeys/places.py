"""Where a person or an adviser can stand: every public page and every page of the desk."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Page

from madoguchi.consultations.operations.chatting import open_talk
from madoguchi.correspondence.operations.chat import set_room
from madoguchi.desks.models import User
from madoguchi.desks.queries import public_desk
from madoguchi.rules.triage import Signals
from tests.journeys import steps

STORY = "知らない人に、うそを書かれています。"
DANGER = "もう消えたいです。"
# Where one cannot stand: leaving leads away, the empty page is empty on purpose, and the
# card is shown inside other people's pages, whose exit is not ours to draw.
NOWHERE = {"exit", "blank", "embed"}
# What varies in addresses.
SAMPLES = {
    "window": [{"slug": it} for it in ("ihaho", "hibo-hotline", "ipa", "police", "platform")],
    "place": [{"code": 27}],
}
LANGUAGES = ("", "/easy", "/en")


def public_addresses(prefix: str = "") -> list[str]:
    """Return the address of every page of the public rooms, found from the routes."""
    rooms = [room for entry in get_resolver().url_patterns for room in _rooms(entry)]
    found = [
        reverse(f"{room.namespace}:{page.name}", kwargs=said)
        for room in rooms
        for page in room.url_patterns
        if isinstance(page, URLPattern) and page.name not in NOWHERE
        for said in ([{}] if not page.pattern.converters else SAMPLES.get(page.name or "", []))
    ]
    return [prefix + it for it in dict.fromkeys(found)]


def _rooms(entry: URLPattern | URLResolver) -> list[URLResolver]:
    if not isinstance(entry, URLResolver):
        return []
    if entry.namespace in {"figures", "guide", "intake"}:
        return [entry]
    return [room for inner in entry.url_patterns for room in _rooms(inner)]


def _onward(page: Page) -> None:
    page.locator("main form button.primary").first.click()


def along_the_way(page: Page, prefix: str = "") -> Iterator[str]:
    """Go the whole way through guide, letterbox and my-page; stop at every page on it."""
    yield from _through_the_guide(page, prefix)
    yield from _through_the_letterbox(page, prefix)
    yield from _through_the_chat(page, prefix)


def _through_the_guide(page: Page, prefix: str) -> Iterator[str]:
    page.goto(f"{prefix}/")
    yield "question 1"
    page.locator('button[name="happened"][value="a"]').click()
    page.wait_for_url("**/guide/2/")
    for kind in ("a1", "a5", "a7"):
        steps.tick(page, "kinds", kind)
    yield "question 2"
    _onward(page)
    page.wait_for_url("**/guide/3/")
    steps.tick(page, "wants", "w2")
    yield "question 3"
    _onward(page)
    page.wait_for_url("**/guide/4/")
    steps.tick(page, "who", "self")
    yield "question 4"
    _onward(page)
    page.wait_for_url("**/guide/result/")
    yield "result"
    page.goto(f"{prefix}/guide/print/")
    yield "sheet"


def _through_the_letterbox(page: Page, prefix: str) -> Iterator[str]:
    page.goto(f"{prefix}/consult/")
    page.locator(".tell-more summary").click()
    yield "letter"
    _onward(page)
    page.locator(".error-summary").wait_for()
    yield "letter, empty"
    page.locator("textarea[name=words]").fill(DANGER)
    _onward(page)
    page.wait_for_url("**/consult/first/")
    yield "numbers first"
    page.goto(f"{prefix}/consult/check/")
    yield "check"
    _onward(page)
    page.wait_for_url("**/consult/done/")
    code = steps.code_on(page)
    yield "code"
    page.reload()
    yield "code, covered"
    page.goto(f"{prefix}/my/")
    page.locator("input[name=code]").fill("1")
    _onward(page)
    page.locator(".error-summary").wait_for()
    yield "my-page, wrong code"
    page.locator("input[name=code]").fill(code)
    _onward(page)
    page.wait_for_url("**/my/messages/")
    yield "my-page"
    _onward(page)
    page.locator(".error-summary").wait_for()
    yield "my-page, empty"
    page.goto(f"{prefix}/my/files/")
    yield "my-page, files"
    _onward(page)
    page.locator(".error-summary").wait_for()
    yield "my-page, no file"
    page.goto(f"{prefix}/my/messages/")
    page.locator("textarea[name=words]").fill(DANGER)
    _onward(page)
    page.locator("button[name=do][value=edit]").wait_for()
    yield "my-page, numbers first"


def _through_the_chat(page: Page, prefix: str) -> Iterator[str]:
    desk = public_desk()
    assert desk
    set_room(desk=desk.pk, actor=None, is_open=True, by_hours=False, at=timezone.now())
    page.goto(f"{prefix}/chat/")
    yield "chat"
    _onward(page)
    page.locator(".error-summary").wait_for()
    yield "chat, empty"
    page.locator("textarea[name=words]").fill(DANGER)
    _onward(page)
    page.wait_for_url("**/chat/talk/")
    yield "chat, waiting, numbers"
    page.goto(f"{prefix}/chat/talk/?again=1")
    page.goto(f"{prefix}/chat/talk/")
    page.locator("form[action$='/chat/leave/'] button").last.click()
    page.locator(".code").wait_for()
    yield "chat, code"
    page.goto(f"{prefix}/chat/talk/")
    page.locator("form[action$='/chat/leave/'] button").first.click()
    page.wait_for_url("**/chat/over/")
    yield "chat, over"


def at_the_desk(page: Page, user: User, number: str) -> Iterator[str]:
    """Stand at every page of the desk, signed in as `user`, with all that can lie open."""
    page.goto("/desk/")
    yield "sign-in"
    steps.sign_in(page, user)
    yield "inbox"
    page.goto(f"/desk/matters/{number}/")
    yield "matter"
    for kind in ("NOTE", "REPLY", "MEMO"):
        page.locator(f'button[name=kind][value="{kind}"]').click()
        page.locator("form[data-draft] textarea:focus").wait_for()
    yield "matter, writing"
    for room in (*(f"matters/{number}/{it}" for it in ("people", "paper", "code")), "tray"):
        page.goto(f"/desk/{room}/")
        yield room
    page.keyboard.press("Alt+n")
    page.wait_for_url("**/desk/drafts/**")
    yield "call"
    talk = open_talk(desk=user.desk_id, words=DANGER, signals=Signals(), at=timezone.now())
    page.goto("/desk/chat/")
    yield "chats"
    page.goto(f"/desk/chat/{talk.talk}/")
    yield "chat, waiting"
    page.locator("main form button.primary").click()
    page.locator("#line textarea").wait_for()
    yield "chat, talking"
    for where in (
        *("due", "board", "lists", "mail", "handbook", "handbook/new", "keys"),
        *("experts", "experts/people", "experts/report", "experts/means"),
        *("handovers", f"matters/{number}/handovers", f"matters/{number}/experts"),
        *("reports", "peers"),
    ):
        page.goto(f"/desk/{where}/")
        yield where
    page.goto("/desk/search/")
    yield "search"
    page.get_by_label("さがすことば").fill(DANGER[:3])
    page.get_by_role("button", name="さがす", exact=True).click()
    page.get_by_role("link", name=number).wait_for()
    yield "search, found"
    page.goto("/desk/account/")
    yield "account"
    page.goto("/desk/account/password/")
    yield "password"
    for where in (
        *("", "people/", "hours/", "days/", "books/", "desk/", "retention/"),
        *("records/", "danger/", "import/", "numbers/", "mailbox/"),
    ):
        page.goto(f"/settings/{where}")
        yield f"settings: {where}"
    yield from in_the_figures(page)
    page.goto("/desk/no-such-page/")
    yield "nowhere"


def in_the_figures(page: Page, period: str = "") -> Iterator[str]:
    """Stand at every page of the figures, signed in, and at a list behind a number."""
    cross = "cross/?one=WEEKDAY&other=HOUR&counts=CONTACTS"
    rooms = ("", "more/", "cross/", cross, "compare/", "quality/", "reports/", "open/")
    for where in (*rooms, "gathering/"):
        page.goto(f"/stats/{where}{'&' if '?' in where else '?'}{period}")
        yield f"figures: {where}"
    page.goto(f"/stats/more/?{period}")
    links = page.locator("main td a[href*='/stats/list/']")
    if links.count():
        links.first.click()
        page.wait_for_url("**/stats/list/**")
        yield "figures: list"
