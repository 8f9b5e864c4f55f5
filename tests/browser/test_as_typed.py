"""People's words read as they were typed, wherever Streamlit takes markdown: in a real browser."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import _free_port
from tests.hostile import WORDS, soup

APP = Path(__file__).with_name("typed_app.py")
READ = """() => {
  const found = {}
  for (const place of document.querySelectorAll('[class*="st-key-typed-"]')) {
    const key = [...place.classList].find((name) => name.startsWith("st-key-typed-")).slice(13)
    const drawn = place.querySelectorAll(
      'a, img:not([alt=""]), code, strong strong, em, del, ul, ol, blockquote, table, .katex'
    )
    found[key] = [place.innerText, drawn.length]
  }
  return found
}"""
# Names of symbols that the element itself shows; they are words to a browser without the font.
SYMBOLS = re.compile(r"^(keyboard_arrow_right|radio_button_unchecked|error)\s*")


@pytest.fixture
def address() -> Iterator[str]:
    port = _free_port()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "streamlit", "run", APP, f"--server.port={port}",
            "--server.address=127.0.0.1", "--server.headless=true",
            "--server.fileWatcherType=none", "--browser.gatherUsageStats=false",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=APP.parents[2],
    )  # fmt: skip
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)


def test_hostile_words_are_shown_as_typed_in_every_kind_of_place(page: Page, address: str) -> None:
    for _ in range(100):  # the server may not listen yet
        try:
            page.goto(address)
            break
        except Exception:
            page.wait_for_timeout(200)
    page.get_by_text("all is shown").wait_for(timeout=90_000)
    page.locator("[data-testid=stSkeleton]").first.wait_for(state="detached", timeout=30_000)
    typed = [*WORDS, *soup(40)]
    shown = page.evaluate(READ)
    assert len(shown) == 13 * len(typed)
    wrong = []
    for key, (text, drawn) in shown.items():
        number, kind = key.split("-")
        words = " ".join(typed[int(number)].split())
        expected = f"{words} {words}" if kind == "lines" else words
        read = " ".join(text.split())
        if kind in {"badge", "expander", "error"}:
            read = SYMBOLS.sub("", read)
        if read != expected or drawn:
            wrong.append((kind, expected, read, drawn))
    assert wrong == []
