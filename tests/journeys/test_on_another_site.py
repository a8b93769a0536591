"""A school puts the card on its own site: it shows there, asks nothing, and leads to the guide."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect


class School(BaseHTTPRequestHandler):
    """A school's site: one page that frames what it is asked to, as /embed/how/ tells schools."""

    def do_GET(self):
        [framed] = parse_qs(urlsplit(self.path).query).get("frame", [""])
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        frame = f'<iframe src="{framed}" title="help" width="100%" height="580"></iframe>'
        self.wfile.write(f"<h1>School</h1>{frame if framed else ''}".encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def school() -> Iterator[str]:
    """Where the school's site is: another origin than ours."""
    with ThreadingHTTPServer(("127.0.0.1", 0), School) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody's telephone, on the school's site."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def at_school(visitor: BrowserContext, school: str, framed: str) -> Page:
    """Open the school's page with `framed` in its frame."""
    page = visitor.new_page()
    page.goto(f"{school}?frame={framed}")
    return page


def test_the_card_shows_numbers_keeps_nothing_and_leads_to_the_guide(
    visitor, live_server, school, desk
):
    page = at_school(visitor, school, f"{live_server.url}/embed/")
    card = page.frame_locator("iframe")
    expect(card.get_by_role("link", name="0120-279-338")).to_be_visible()
    expect(card.get_by_role("textbox")).to_have_count(0)
    assert visitor.cookies() == []
    with visitor.expect_page() as opened:
        card.get_by_role("link", name="相談先をさがす").click()
    guide = opened.value
    expect(guide.get_by_role("heading", name="ネットのことで困ったら")).to_be_visible()
    assert guide.url == f"{live_server.url}/"
    # The school's page learns nothing of the tab, nor the tab of the school.
    assert guide.evaluate("[window.opener, document.referrer]") == [None, ""]


@pytest.mark.parametrize("path", ["/", "/guide/result/", "/consult/", "/my/"])
def test_no_other_page_is_shown_in_somebody_elses_frame(visitor, live_server, school, desk, path):
    page = at_school(visitor, school, f"{live_server.url}{path}")
    expect(page.get_by_role("heading", name="School")).to_be_visible()
    framed = page.frames[1]
    framed.wait_for_load_state()
    assert framed.url.startswith("chrome-error:")
