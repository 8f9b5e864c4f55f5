"""Every page as people see it: desk and telephone, light and dark, Chinese and English.

Light and dark are seen on one and the same page, whose colours follow the system's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import pytest
from playwright.sync_api import ConsoleMessage, Page
from sqlalchemy import exists, select

from core import db
from core.model import (
    Attachment,
    Case,
    Correction,
    Person,
    Registration,
    User,
)
from tests.browser import accessibility, driver, steps
from tests.browser.conftest import Server
from tests.browser.driver import LOOKS, Look

OpenPage = Callable[[Look], Page]

# Enough cases that every list has something in it: flags, corrections, each desk, the register.
SEED = [["core", "init"], ["core", "demo", "--cases", "400", "--seed", "7"]]

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

# How far the page reaches beyond the window to the right, in pixels.
TOO_WIDE = """() => Math.max(...[document.scrollingElement,
    document.querySelector('[data-testid="stMain"]')].filter(Boolean)
    .map(part => part.scrollWidth - window.innerWidth))"""

# Where Streamlit looks for its own server below the address of a page, before it finds it above.
PROBING = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")

# What the desk itself says; people, firms and addresses have Chinese names in either language.
OWN_WORDS = "button, label, th, legend, h2, h3, [role=tab], [role=radio]"
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff]+")
LANGUAGE_NAME = "中文"

CASE_TABS = {
    "application": ("申请与注册库", "Application"),
    "checks": ("自动检查", "Checks"),
    "related": ("关联信息", "Related"),
    "record": ("意见与沟通", "Opinions"),
    "history": ("历史", "History"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """Addresses of cases and of a registration; names of people, which nobody translates."""

    flagged: str
    corrected: str
    waiting: str
    registration: str
    names: frozenset[str]


@pytest.fixture(scope="module")
def known(module_server: Server) -> Known:
    """Cases with flags, with a correction, at a desk; and a registration."""
    with steps.installation(module_server.data), db.reading() as session:
        pictured = exists().where(Attachment.case_id == Case.id)

        def case(*conditions: object) -> str:
            ref = session.scalar(
                select(Case.ref).where(pictured, *conditions).order_by(Case.id.desc()).limit(1)
            )
            assert ref, "the demo data has no such case"
            return f"/case?ref={ref}"

        held = session.execute(
            select(Registration.number, Registration.profession)
            .where(Registration.seal_number != "")
            .order_by(Registration.id.desc())
        ).first()
        assert held is not None, "the demo data has no registration"
        return Known(
            flagged=case(Case.flags_block + Case.flags_other > 0),
            corrected=case(exists().where(Correction.case_id == Case.id)),
            waiting=case(Case.status.in_(["received", "review"])),
            registration=f"/register?number={held.number}&profession={held.profession}",
            names=frozenset(session.scalars(select(Person.name).union(select(User.name)))),
        )


class Round:
    """One person's walk through the desk in one look: every stop is looked at the same way."""

    def __init__(self, page: Page, server: Server, look: Look, known: Known) -> None:
        self.page, self.server, self.look, self.known = page, server, look, known
        self.found: list[str] = []
        self.told: list[str] = []
        page.on("console", self._hears)
        page.on("pageerror", lambda error: self.told.append(str(error)))

    def _hears(self, line: ConsoleMessage) -> None:
        place = line.location["url"]
        if line.type == "error" and not PROBING.search(place):
            self.told.append(f"{line.text} ({place})")

    def goes_to(self, address: str, name: str) -> None:
        """Open `address` and look at it; `name` is what its picture is called."""
        steps.visit(self.page, f"{self.server.base}{address}")
        self.looks(name)

    def turns_to(self, tab: str, name: str) -> None:
        """Open a tab of the case page and look at it."""
        zh, en = CASE_TABS[tab]
        words = zh if self.look.language == "zh" else en
        self.page.get_by_role("tab", name=words, exact=True).click()
        driver.settled(self.page)
        self.looks(name)

    def looks(self, name: str) -> None:
        """Note everything that is not as it should be on the page as it stands."""
        page, found = self.page, []
        found += [f"an exception: {text}" for text in page.locator(steps.BROKEN).all_inner_texts()]
        if (wider := page.evaluate(TOO_WIDE)) > 0:
            found.append(f"{wider} pixels wider than the window")
        for frame in page.locator(".frame:has(table)").all():  # also where it could be scrolled
            if (hidden := frame.evaluate("it => it.scrollWidth - it.clientWidth")) > 0:
                found.append(f"{hidden} pixels of a table do not fit")
        if self.look.language == "en":
            words = page.locator(OWN_WORDS).all_inner_texts()
            found += [
                f"not translated: {text}"
                for text in words
                if text not in self.known.names and CHINESE.search(text.replace(LANGUAGE_NAME, ""))
            ]
        with driver.unfolded(page):
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                driver.shot(page, f"{name}-{replace(self.look, scheme=scheme)}")
                rules = () if scheme == self.look.scheme else ("color-contrast",)
                found += [f"{scheme}: {it}" for it in accessibility.serious(page, rules=rules)]
        found += [f"on the console: {text}" for text in self.told]
        self.told.clear()
        self.found += [f"{name}: {each}" for each in found]


@pytest.mark.parametrize(
    "look",
    [look for look in LOOKS if look.scheme == SCHEMES[0]],
    ids=lambda look: f"{look.width}-{look.language}",
)
def test_every_page_is_whole_readable_and_usable(
    look: Look, server: Server, open_page: OpenPage, known: Known
) -> None:
    told: list[str] = []
    for walk in (_stranger, _reviewer, _applicant, _others):
        told += walk(open_page, server, look, known)
    assert not told, "\n".join(told)


def _stranger(open_page: OpenPage, server: Server, look: Look, known: Known) -> list[str]:
    walk = Round(open_page(look), server, look, known)
    walk.page.goto(f"{server.base}{known.waiting}")
    walk.looks("sign-in")
    walk.page.goto(f"{server.base}/logout")
    walk.looks("sign-out")
    return walk.found


def _reviewer(open_page: OpenPage, server: Server, look: Look, known: Known) -> list[str]:
    walk = Round(open_page(look), server, look, known)
    steps.arrive(walk.page, server, "reviewer1")
    walk.looks("home")
    walk.goes_to("/queue", "queue")
    walk.goes_to("/queue?tab=closed", "queue-finished")
    walk.goes_to("/queue?q=zzzz", "queue-empty")
    walk.goes_to(known.waiting, "case")
    for tab in ("application", "related", "history"):
        walk.turns_to(tab, f"case-{tab}")
    for case, tab in ((known.flagged, "checks"), (known.corrected, "record")):
        steps.visit(walk.page, f"{server.base}{case}")
        walk.turns_to(tab, f"case-{tab}")
    walk.goes_to("/case?ref=2000000000001", "case-unknown")
    walk.goes_to("/register", "register")
    walk.goes_to(known.registration, "registration")
    walk.goes_to("/account", "account")
    return walk.found


def _applicant(open_page: OpenPage, server: Server, look: Look, known: Known) -> list[str]:
    walk = Round(open_page(look), server, look, known)
    steps.arrive(walk.page, server, "applicant1")
    walk.looks("home-applicant")
    walk.goes_to("/mine", "mine")
    for name in ("历史申报", "我的消息") if look.language == "zh" else ("Past", "My messages"):
        walk.page.get_by_role("radio", name=name).click()
        driver.settled(walk.page)
        walk.looks("mine-past" if name in {"历史申报", "Past"} else "mine-messages")
    walk.goes_to("/queue", "not-permitted")
    return walk.found


def _others(open_page: OpenPage, server: Server, look: Look, known: Known) -> list[str]:
    found = []
    for username in ("supervisor1", "admin1"):
        walk = Round(open_page(look), server, look, known)
        steps.arrive(walk.page, server, username)
        walk.looks(f"home-{username.rstrip('1')}")
        found += walk.found
    return found
