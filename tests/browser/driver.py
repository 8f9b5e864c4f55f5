"""Driving the desk through a real browser: finding one, its looks, signing in, waiting, pictures.

As a command it says which browser the journeys will use and fails when there is none.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ON_PATH = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HEIGHT = {1440: 900, 390: 844}
LOCALE = {"zh": "zh-CN", "en": "en-GB"}

# Where pictures go; read at import, because every test runs with a cleared REGDESK_ environment.
SHOTS = Path(os.environ.get("REGDESK_SHOTS", "build/shots"))

# A page at rest: the script has finished and nothing of its previous run is left. Evaluated again
# and again from outside, since a strict content policy forbids the page to evaluate on its own.
BUSY = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app) return 'no Streamlit application on the page';
    if (app.dataset.testConnectionState !== 'CONNECTED') return 'not connected';
    const script = app.dataset.testScriptState;
    if (script !== 'notRunning') return 'script ' + script;
    const left = document.querySelector(
        '[data-testid="stAppSkeleton"], [data-testid="stSkeleton"], [data-testid="stSpinner"], ' +
        '[data-stale="true"]');
    return left ? 'waiting for ' + (left.dataset.testid || 'a stale element') : '';
}"""

# How many pixels of the page lie below the window.
HIDDEN = """() => {
    const main = document.querySelector('[data-testid="stMain"]');
    return main ? Math.max(0, main.scrollHeight - main.clientHeight) : 0;
}"""


@dataclass(frozen=True, slots=True)
class Look:
    """How a person sees the desk: window width in pixels, colour scheme, browser language."""

    width: Literal[1440, 390] = 1440
    scheme: Literal["light", "dark"] = "light"
    language: Literal["zh", "en"] = "zh"

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}-{self.language}"


DESK = Look()
LOOKS = [
    Look(width, scheme, language)
    for width in (1440, 390)
    for scheme in ("light", "dark")
    for language in ("zh", "en")
]


def executable() -> Path | None:
    """The browser for the journeys: Chromium on the PATH, else Playwright's own download."""
    for name in ON_PATH:
        if found := shutil.which(name):
            return Path(found)
    with sync_playwright() as playwright:
        downloaded = Path(playwright.chromium.executable_path)
    return downloaded if downloaded.exists() else None


def context(browser: Browser, look: Look = DESK) -> BrowserContext:
    """A fresh browser profile with this look, on a clock in China; the caller closes it."""
    return browser.new_context(
        viewport={"width": look.width, "height": HEIGHT[look.width]},
        color_scheme=look.scheme,
        locale=LOCALE[look.language],
        timezone_id="Asia/Shanghai",
        has_touch=look.width == 390,
        is_mobile=look.width == 390,
    )


def settled(page: Page, *, within: float = 20, quiet: float = 0.3) -> None:
    """Wait until Streamlit has finished: at rest for `quiet` seconds on end.

    The pause covers the moment between a click and the start of the run it causes. Raises
    AssertionError with what the page was still doing after `within` seconds.
    """
    deadline = time.monotonic() + within
    since = None
    busy = ""
    while time.monotonic() < deadline:
        busy = page.evaluate(BUSY)
        now = time.monotonic()
        if busy:
            since = None
        elif since is None:
            since = now
        elif now - since >= quiet:
            return
        page.wait_for_timeout(40)
    raise AssertionError(f"{page.url} did not settle within {within} s: {busy or 'restless'}")


def sign_in(page: Page, base: str, username: str, password: str) -> None:
    """Sign in through the form at /login and wait for the first page.

    Raises AssertionError when the form is shown again.
    """
    page.goto(f"{base}/login")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    settled(page)


@contextmanager
def unfolded(page: Page) -> Iterator[None]:
    """Make the window as tall as the content for a moment.

    Streamlit scrolls inside the window, and what is scrolled away is neither in a picture nor seen
    by a check of colours.
    """
    window = page.viewport_size
    hidden: int = page.evaluate(HIDDEN)
    if not window or not hidden:
        yield
        return
    page.set_viewport_size({"width": window["width"], "height": window["height"] + hidden})
    settled(page)
    try:
        yield
    finally:
        page.set_viewport_size(window)


def shot(page: Page, name: str) -> Path:
    """Keep a picture of the whole page as `build/shots/NAME.png` (or under REGDESK_SHOTS)."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    with unfolded(page):
        page.screenshot(path=path, full_page=True, animations="disabled")
    return path


def main() -> int:
    """Print the browser's path; exit status 1 when there is none."""
    found = executable()
    print(found or "No Chromium found.")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
