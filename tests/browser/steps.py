"""Steps that several journeys share: what a person does, and what stands behind the server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, TimeoutError as PlaywrightTimeout, expect

from core import db
from core.config import settings
from tests.browser.conftest import Server
from tests.browser.driver import settled

CHINA = ZoneInfo("Asia/Shanghai")
ROOT = Path(__file__).parents[2]

# Streamlit shows an exception in a box of its own; an address it does not know in a dialog.
_HAN = "\u4e00-\u9fff"
BROKEN = '[data-testid="stException"], [data-testid="stDialog"]'


# --- behind the server ---------------------------------------------------------------------------


def core(data: Path, *arguments: str, typed: str = "") -> str:
    """Run `python -m core …` on the data of a server; returns what it printed."""
    result = subprocess.run(
        [sys.executable, "-m", "core", *arguments],
        cwd=ROOT,
        env=_environment(data),
        input=typed,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, f"{arguments} failed:\n{result.stdout}{result.stderr}"
    return result.stdout


def _environment(data: Path) -> dict[str, str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("REGDESK_")}
    return clean | {"REGDESK_DATA": str(data)}


@contextmanager
def installation(data: Path) -> Iterator[None]:
    """Commands and reads of `core` in this process work on the data of a server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGDESK_DATA", str(data))
        settings.cache_clear()
        engine = db.connect(settings().database_url)
        db.use(engine)
        try:
            yield
        finally:
            db.use(None)
            engine.dispose()
    settings.cache_clear()


def packet_dates(received: datetime) -> dict[str, str]:
    """The moments of a packet that the ministry received then."""
    return {
        "filed_at": (received - timedelta(days=2)).isoformat(),
        "reported_at": (received - timedelta(days=1)).isoformat(),
        "received_at": received.isoformat(),
    }


def today() -> date:
    """The day in China, asked of the machine's clock and not of the product."""
    return datetime.now(CHINA).date()


def years_after(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def ends(first: date, years: int) -> date:
    """The last day of a term of `years` that begins on `first`."""
    return years_after(first, years) - timedelta(days=1)


# --- in front of the page ------------------------------------------------------------------------


def visit(page: Page, address: str) -> None:
    """Open an address and wait until the page is at rest."""
    page.goto(address)
    settled(page)


def button(page: Page, name: str) -> Locator:
    """The button called just `name`, with or without an icon and a key beside it."""
    whole = re.compile(f"(?<![{_HAN}]){re.escape(name)}(?![{_HAN}])")
    return page.get_by_role("button", name=whole)


def press(page: Page, name: str) -> None:
    """Press the button called `name` and wait for what follows."""
    button(page, name).click()
    settled(page)


def press_on(page: Page, name: str, *, within: float = 20) -> None:
    """Press a button that leads on: to another page, or to this one without the button.

    A machine under load may rest between the press and the run it causes; the next step must not
    take that for the end. Raises AssertionError when nothing came of it `within` seconds.
    """
    address = page.url
    press(page, name)
    deadline = time.monotonic() + within
    while page.url == address and button(page, name).count():
        assert time.monotonic() < deadline, f"nothing came of pressing {name} at {address}"
        page.wait_for_timeout(40)
    settled(page)


def appears(page: Page, name: str, *, within: float = 10) -> bool:
    """Whether the button called `name` is there, or comes while the page is still being drawn."""
    try:
        button(page, name).first.wait_for(timeout=within * 1000)
    except PlaywrightTimeout:
        return False
    return True


def choose(page: Page, option: str, *, of: str) -> None:
    """Choose one of several options that stand side by side, in the group called `of`."""
    page.get_by_role("radiogroup", name=of).get_by_role("radio", name=option, exact=True).click()
    settled(page)


def pick(page: Page, option: str, *, of: str) -> None:
    """Pick an entry, given by how it begins, from the list of several called `of`."""
    page.get_by_label(of).click()
    page.get_by_role("option", name=option).first.click()
    page.keyboard.press("Escape")
    settled(page)


def write(page: Page, field: str, words: str) -> None:
    """Type into the field called `field` and leave it."""
    page.get_by_label(field).fill(words)
    page.get_by_label(field).press("Tab")
    settled(page)


def open_tab(page: Page, name: str) -> None:
    """Turn to a tab of the page."""
    page.get_by_role("tab", name=name, exact=True).click()
    settled(page)


def ref_of(page: Page) -> str:
    """The number of the case whose address the page has."""
    parts = urlsplit(page.url)
    assert parts.path == "/case", page.url
    return parse_qs(parts.query)["ref"][0]


def verify_employer(page: Page, server: Server, ref: str) -> None:
    """As its province, verify the employer that a packet named first, from the case that waits."""
    visit(page, f"{server.base}/case?ref={ref}")
    open_tab(page, "关联信息")
    press_on(page, "认证通过")
    unbroken(page)


def main_part(page: Page) -> Locator:
    """The page without its menu."""
    return page.get_by_test_id("stMain")


def sees(page: Page, *words: str) -> None:
    """Each of `words` can be read on the page."""
    for word in words:
        expect(main_part(page).get_by_text(word).filter(visible=True).first).to_be_visible()


def unbroken(page: Page) -> None:
    """No exception is shown."""
    assert page.locator(BROKEN).count() == 0, page.locator(BROKEN).first.inner_text()


def arrive(page: Page, server: Server, username: str, address: str = "/") -> None:
    """Be signed in without having filled the form, and open `address`."""
    form = {"username": username, "password": server.password}
    answer = page.context.request.post(f"{server.base}/login", form=form)
    assert answer.ok, f"{username} cannot sign in: {answer.status}"
    assert "/login" not in answer.url, f"{username} cannot sign in"
    visit(page, f"{server.base}{address}")


def looks_at_the_attachments(page: Page) -> None:
    """Every picture has really come, and can be zoomed, turned and left through."""
    picture = page.locator("img.picture")
    total = page.locator(".strip .thumb").count()
    assert total >= 2, "the case has fewer attachments than were filed"
    shown = set()
    for place in range(1, total + 1):
        expect(page.locator(".head .count")).to_have_text(f"{place} / {total}")
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 0, f"picture {place} is not there"
        shown.add(picture.get_attribute("src"))
        if place < total:
            page.get_by_role("button", name="下一个").click()
    assert len(shown) == total
    page.get_by_role("button", name="上一个").click()
    expect(page.locator(".head .count")).to_have_text(f"{total - 1} / {total}")
    before = page.locator(".percent").inner_text()
    page.get_by_role("button", name="放大").click()
    expect(page.locator(".percent")).not_to_have_text(before)
    page.get_by_role("button", name="向右旋转").click()
    expect(picture).to_have_attribute("style", re.compile(r"rotate\(90deg\)"))
    settled(page)
