"""Accessibility by axe-core: what keeps people from using a page, Streamlit's chrome apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.driver import unfolded

IMPACTS = ("serious", "critical")

# What Streamlit draws and an application cannot change: (rule, selector, reason). An entry excuses
# one rule on the elements that the selector matches, or that lie within such an element.
ALLOWED: list[tuple[str, str, str]] = [
    (
        rule,
        '[data-testid="stSidebarNavItems"]',
        "the menu: its list holds the headings of its sections beside the entries",
    )
    for rule in ("list", "listitem")
]

EXCUSED = """([target, selector]) => {
    const element = document.querySelector(target);
    return element !== null && element.closest(selector) !== null;
}"""


@dataclass(frozen=True, slots=True)
class Violation:
    """One element that breaks one rule of axe-core."""

    rule: str
    impact: str
    target: str
    html: str
    help: str


def serious(page: Page, *, rules: Sequence[str] = ()) -> list[Violation]:
    """The serious and critical violations on the page as it stands, without the allowed ones.

    rules: only these; by default every rule of axe-core.
    """
    with unfolded(page):
        only = {"runOnly": list(rules)} if rules else {}
        results = Axe().run(page, options={"resultTypes": ["violations"], **only})
    return [
        violation
        for rule in results.response["violations"]
        if rule["impact"] in IMPACTS
        for node in rule["nodes"]
        for violation in [
            Violation(rule["id"], rule["impact"], _target(node), node["html"][:300], rule["help"])
        ]
        if not _allowed(page, violation)
    ]


def _target(node: dict[str, list[str | list[str]]]) -> str:
    """The selector of an element; inside a frame or shadow root axe gives a path, shown joined."""
    steps = node["target"]
    return " >>> ".join(step if isinstance(step, str) else " ".join(step) for step in steps)


def _allowed(page: Page, violation: Violation) -> bool:
    return any(
        violation.rule == rule
        and " >>> " not in violation.target
        and page.evaluate(EXCUSED, [violation.target, selector])
        for rule, selector, _reason in ALLOWED
    )
