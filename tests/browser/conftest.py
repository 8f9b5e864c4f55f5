"""The real server and a real browser for the journeys.

A test module may say how its server's database is filled, as `SEED`: a list of `python -m`
commands, or a function that is given the environment the server will have. Otherwise it gets the
demo data of `DEFAULT_SEED`.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.driver import ARGUMENTS, DESK, Look, context, executable

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
DEFAULT_SEED = [["core", "init"], ["core", "demo", "--cases", "60", "--seed", "7"]]
PASSWORD = "Demo-" + secrets.token_hex(6)
START_SECONDS = 60
LOG_TAIL = 60  # lines
TRACEBACK = "Traceback (most recent call last)"
TRACEBACK_LENGTH = 4000  # characters shown
NO_BROWSER = (
    "no Chromium: neither on the PATH nor downloaded by Playwright "
    "(apt-get install chromium, or python -m playwright install chromium)"
)

find_browser = cache(executable)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the journeys; without a browser skip each by name, except in CI (see `browser`)."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if os.environ.get("CI") != "true" and find_browser() is None:
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


@dataclass(frozen=True, slots=True)
class Server:
    """A running desk. base: its address without a slash; data: its folder; log: what it printed."""

    base: str
    data: Path
    log: Path
    password: str

    def tail(self) -> str:
        """The last lines of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-LOG_TAIL:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(data: Path, port: int) -> dict[str, str]:
    """The environment of a server of its own: nothing of the caller's REGDESK_ settings."""
    inherited = {
        k: v for k, v in os.environ.items() if not k.startswith(("REGDESK_", "STREAMLIT_"))
    }
    return inherited | {
        "REGDESK_DATA": str(data),
        "REGDESK_PORT": str(port),
        "REGDESK_DEMO_PASSWORD": PASSWORD,
        "PYTHONUNBUFFERED": "1",
    }


def _fill(seed: list[list[str]] | Callable[[dict[str, str]], object], env: dict[str, str]) -> None:
    if callable(seed):
        seed(env)
        return
    for command in seed:
        result = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, f"{command} failed:\n{result.stdout}{result.stderr}"


def _wait_until_ready(process: subprocess.Popen[bytes], server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended at once:\n{server.tail()}"
        try:
            with urllib.request.urlopen(f"{server.base}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail(f"not ready after {START_SECONDS} s:\n{server.tail()}")


@pytest.fixture(scope="module")
def module_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """One server for the journeys of a module, on a free port, with data of its own."""
    folder = tmp_path_factory.mktemp("server")
    port = _free_port()
    server = Server(f"http://127.0.0.1:{port}", folder / "data", folder / "server.log", PASSWORD)
    env = _environment(server.data, port)
    _fill(getattr(request.module, "SEED", DEFAULT_SEED), env)
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard"],
            cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_until_ready(process, server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture
def server(module_server: Server) -> Iterator[Server]:
    """The module's server; a traceback in its log during the test fails the test."""
    before = module_server.log.stat().st_size
    yield module_server
    with module_server.log.open("rb") as log:
        log.seek(before)
        printed = log.read().decode(errors="replace")
    _before, found, after = printed.partition(TRACEBACK)
    if found:
        pytest.fail(f"the server logged a traceback:\n{found}{after[:TRACEBACK_LENGTH]}")


# For the folder, not the whole session: Playwright keeps an event loop running in this thread,
# which tests elsewhere that start their own could not bear.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The browser; an error under CI=true when there is none."""
    path = find_browser()
    if path is None:
        pytest.fail(NO_BROWSER)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[Look], Page]]:
    """Open a page in a fresh profile of a given look; all are closed after the test."""
    contexts: list[BrowserContext] = []

    def opened(look: Look = DESK) -> Page:
        contexts.append(context(browser, look))
        return contexts[-1].new_page()

    yield opened
    for each in contexts:
        each.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page as on an office desk: 1440 pixels, light, Chinese."""
    return open_page()
