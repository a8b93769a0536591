"""A real browser, two sizes of screen, and axe.

`page_of(person)` and the like are not here: a journey signs in and types as people do.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tools.browser import found

HERE = Path(__file__).parent
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
# No sandbox for root; no calls of its own to the network.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Playwright's loop runs in the thread that Django's tests use.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "localhost"]))
            # The server answers in threads of its own, which see only what is committed.
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a head. No browser is a failure: BROWSER=0 leaves journeys out."""
    path = found()
    if os.environ.get("BROWSER") == "0":
        pytest.skip("BROWSER=0")
    if not path:
        pytest.fail("No Chromium on this machine: make test installs it, or say BROWSER=0")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


def _page(browser: Browser, server, size: dict[str, int], **said) -> Iterator[Page]:
    context = browser.new_context(
        base_url=server.url, viewport=size, locale="ja-JP", timezone_id="Asia/Tokyo", **said
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    elsewhere = []
    page.on("request", lambda r: r.url.startswith(server.url) or elsewhere.append(r.url))
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda it: "Security Policy" in it.text and broken.append(it.text))
    yield page
    context.close()
    assert not [url for url in elsewhere if not url.startswith(("data:", "about:"))]
    assert not broken


@pytest.fixture
def person(browser: Browser, live_server) -> Iterator[Page]:
    """A person's phone. Asks nobody but us, and no script of ours breaks."""
    yield from _page(browser, live_server, PHONE)


@pytest.fixture
def adviser(browser: Browser, live_server) -> Iterator[Page]:
    """The screen on an adviser's table."""
    yield from _page(browser, live_server, DESK)


@pytest.fixture
def supervisor(browser: Browser, live_server) -> Iterator[Page]:
    """The screen on the supervisor's table: another browser than the adviser's."""
    yield from _page(browser, live_server, DESK)


@pytest.fixture
def adviser_without_scripts(browser: Browser, live_server) -> Iterator[Page]:
    """The adviser's screen with JavaScript off."""
    yield from _page(browser, live_server, DESK, java_script_enabled=False)


@pytest.fixture
def person_without_scripts(browser: Browser, live_server) -> Iterator[Page]:
    """A phone with JavaScript off."""
    yield from _page(browser, live_server, PHONE, java_script_enabled=False)


@pytest.fixture
def faults_of() -> Callable[[Page], list[str]]:
    """Return what axe finds on a page, one line each: `assert not faults_of(page)`."""
    return _faults


def _faults(page: Page) -> list[str]:
    # evaluate() speaks to the browser, not to the page: the page's policy stays as it is.
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:160]}"
        for rule in found
        for node in rule["nodes"]
    ]
