"""A browser without a screen: signs in by the form, then speaks Streamlit's websocket protocol.

What is timed is what a person waits for on the server's side: from the request for a run of the
page to the message that the run has finished, with every element received in full in between.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.BidiComponent_pb2 import BidiComponent
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation
from websockets.asyncio.client import ClientConnection, connect

LONGEST_RUN = 60
"""Seconds after which a run counts as failed."""
TABLE = "regdesk_table"


class SignInRefused(Exception):
    """The form did not lead to a session."""


@dataclass(frozen=True, slots=True)
class Run:
    """One full run of a page, as it arrived.

    page: address of the page that ran, as the server names it; empty for the first one.
    seconds: from request to finish. elements: drawn. exceptions: error boxes among them.
    refs: ids of the rows of the desk's own tables. words: everything written on the page.
    size: bytes received. whole: the script ran to its end.
    """

    page: str
    seconds: float
    elements: int
    exceptions: int
    refs: tuple[str, ...]
    words: str
    size: int
    whole: bool


class _Stay(urllib.request.HTTPRedirectHandler):
    """Do not follow: the answer to the form itself carries the cookie."""

    def redirect_request(self, *_answer: Any) -> None:
        """No further request."""


def sign_in(base: str, username: str, password: str) -> str:
    """Send the form of `base`/login; returns the cookies to send from then on.

    Raises SignInRefused.
    """
    form = urllib.parse.urlencode({"username": username, "password": password}).encode()
    try:
        answer = urllib.request.build_opener(_Stay).open(f"{base}/login", form, timeout=30)
        status, headers = answer.status, answer.headers
        answer.close()
    except urllib.error.HTTPError as answered:
        status, headers = answered.code, answered.headers
        answered.close()
    cookies = [line.partition(";")[0] for line in headers.get_all("set-cookie", [])]
    if status != 303 or not cookies:
        raise SignInRefused(f"{username}: HTTP {status}")
    return "; ".join(cookies)


class Tab:
    """One open tab of a browser on one page."""

    def __init__(self, socket: ClientConnection, page: str, query: str) -> None:
        self._socket = socket
        self._page = page
        self._query = query
        self._script = ""

    async def run(self) -> Run:
        """Ask for a full run and wait until it has finished.

        Raises TimeoutError, and websockets' ConnectionClosed when the server hangs up.
        """
        wish = BackMsg()
        wish.rerun_script.query_string = self._query
        wish.rerun_script.page_name = self._page
        wish.rerun_script.page_script_hash = self._script
        elements = exceptions = size = 0
        page = ""
        refs: list[str] = []
        words: list[str] = []
        started = time.perf_counter()
        await self._socket.send(wish.SerializeToString())
        async with asyncio.timeout(LONGEST_RUN):
            while True:
                raw = await self._socket.recv(decode=False)
                size += len(raw)
                message = ForwardMsg.FromString(raw)
                kind = message.WhichOneof("type")
                if kind == "navigation":
                    # As a browser does: from now on it asks for this page by its hash. The one in
                    # `new_session` is that of the frame and would lead to the first page.
                    self._script = message.navigation.page_script_hash
                    page = _page(message.navigation)
                elif kind == "delta" and message.delta.HasField("new_element"):
                    elements += 1
                    exceptions += message.delta.new_element.WhichOneof("type") == "exception"
                    _read(message.delta, refs, words)
                elif kind == "script_finished":
                    seconds = time.perf_counter() - started
                    whole = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                    text = "\n".join(words)
                    return Run(page, seconds, elements, exceptions, tuple(refs), text, size, whole)


def _page(navigation: Navigation) -> str:
    """The address of the page that the server has chosen to run."""
    running = navigation.page_script_hash
    found = [page for page in navigation.app_pages if page.page_script_hash == running]
    return found[0].url_pathname if found else ""


def _read(delta: Delta, refs: list[str], words: list[str]) -> None:
    """Note the words of an element, and of the desk's tables the ids of their rows."""
    element = delta.new_element
    kind = element.WhichOneof("type")
    if kind == "bidi_component":
        refs += _rows(element.bidi_component)
    elif kind is not None:
        content: Any = getattr(element, kind)
        words += [str(getattr(content, name, "")) for name in ("label", "body")]


def _rows(component: BidiComponent) -> list[str]:
    if component.component_name.rpartition(".")[2] != TABLE:
        return []
    carried = component.json or component.mixed.json
    return [str(row["id"]) for row in json.loads(carried)["rows"]]


@asynccontextmanager
async def tab(base: str, address: str = "/", cookies: str = "") -> AsyncIterator[Tab]:
    """Open `address` of the server at `base` in a tab of its own; nothing has run yet."""
    host = urlsplit(base).netloc
    parts = urlsplit(address)
    async with connect(
        f"ws://{host}/_stcore/stream",
        origin=f"http://{host}",  # type: ignore[arg-type]
        additional_headers={"Cookie": cookies} if cookies else None,
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=None,
        ping_interval=None,
        open_timeout=LONGEST_RUN,
        proxy=None,
    ) as socket:
        yield Tab(socket, parts.path.strip("/"), parts.query)
