"""How much a request may bring with it, on every route; uploads only where a page asked for them.

A page that wants files calls `open_uploads` for its own session; without that Streamlit's upload
route, which would keep 25 files of any account in memory, is closed. No page does so yet.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.accounts.signin import Visitor
from dashboard import strings
from dashboard.signin import language_of

LARGEST_BODY = 64 * 1024
"""Of any request that is no upload; the largest there is, the sign-in, has a few hundred bytes."""
LARGEST_MESSAGE = 1024 * 1024
"""Of one message over a page's websocket."""
ENVELOPE = 16 * 1024
"""What a form adds to the file in it."""
ACCOUNT_BYTES = 100 * 1024 * 1024
"""What all sessions of one account may hold in memory together."""
FORGOTTEN_SECONDS = 600.0
"""After so long without its browser a session and its files are gone (Streamlit: 120 s)."""

_UPLOAD = re.compile(r"/_stcore/upload_file/(?P<session>[^/]+)/(?P<file>[^/]+)")
_ANY_UPLOAD = "/_stcore/upload_file"


@dataclass(slots=True)
class Allowance:
    """What one session of a page may upload. taken: bytes by file; seen: when it was last alive."""

    user_id: int
    files: int
    bytes_each: int
    seen: float
    taken: dict[str, int] = field(default_factory=dict)


class Uploads:
    """The sessions that may upload, and what they have."""

    def __init__(self, alive: Callable[[str], bool]) -> None:
        self._alive = alive
        self._lock = Lock()
        self._open: dict[str, Allowance] = {}

    def open(self, session: str, user_id: int, *, files: int, bytes_each: int) -> None:
        """Let a session take files; what it has taken before counts."""
        now = time.monotonic()
        with self._lock:
            self._forget(now)
            before = self._open.get(session)
            taken = before.taken if before and before.user_id == user_id else {}
            self._open[session] = Allowance(user_id, files, bytes_each, now, taken)

    def room(self, session: str, file: str, method: str, user_id: int) -> int:
        """How many bytes a request to the upload route may have; 0 when it is refused.

        The file counts from now on, and no longer once it is deleted.
        """
        with self._lock:
            self._forget(time.monotonic())
            mine = self._open.get(session)
            if mine is None or mine.user_id != user_id:
                return 0
            if method == "DELETE":
                mine.taken.pop(file, None)
                return ENVELOPE
            taken = mine.taken | {file: mine.bytes_each}
            others = sum(
                sum(each.taken.values())
                for each in self._open.values()
                if each.user_id == user_id and each is not mine
            )
            if (
                method != "PUT"
                or len(taken) > mine.files
                or others + sum(taken.values()) > ACCOUNT_BYTES
            ):
                return 0
            mine.taken = taken
            return mine.bytes_each + ENVELOPE

    def _forget(self, now: float) -> None:
        for session, allowance in list(self._open.items()):
            if self._alive(session):
                allowance.seen = now
            elif now - allowance.seen > FORGOTTEN_SECONDS:
                del self._open[session]


def _alive(session: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(session)


_uploads = Uploads(_alive)


def open_uploads(user_id: int, *, files: int, bytes_each: int) -> None:
    """Let the page that runs take so many files of so many bytes each, from this person alone.

    To be called on every run, before the widget.
    """
    context = get_script_run_ctx()
    if context is not None:
        _uploads.open(context.session_id, user_id, files=files, bytes_each=bytes_each)


class _TooLarge(Exception):
    """A body went over its limit while it arrived."""


class Bodies:
    """ASGI middleware behind the gate, see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is within its limit, or answer instead."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = _limit(scope)
        if not limit:
            await _answer(scope, 403)(scope, receive, send)
            return
        if _announced(scope) > limit:
            await _answer(scope, 413)(scope, receive, send)
            return
        arrived = 0
        started = False

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > limit:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except _TooLarge:
            if not started:
                await _answer(scope, 413)(scope, receive, send)
        except ClientDisconnect:
            # Gone, or overdue, before its request was complete: there is nobody to answer.
            return


def _limit(scope: Scope) -> int:
    path: str = scope["path"]
    if not path.startswith(_ANY_UPLOAD):
        return LARGEST_BODY
    visitor: Visitor | None = scope.get("state", {}).get("visitor")
    found = _UPLOAD.fullmatch(path)
    if visitor is None or found is None:
        return 0
    return _uploads.room(found["session"], found["file"], scope["method"], visitor.user_id)


def _announced(scope: Scope) -> int:
    length = HTTPConnection(scope).headers.get("content-length", "0")
    return int(length[:15]) if length.isascii() and length.isdigit() else 0


def _answer(scope: Scope, status: int) -> Response:
    connection = HTTPConnection(scope)
    visitor: Visitor | None = scope.get("state", {}).get("visitor")
    language = (visitor.language if visitor else None) or language_of(connection)
    words = strings.NO_UPLOADS if status == 403 else strings.BODY_TOO_LARGE
    return PlainTextResponse(words(language), status, {"cache-control": "no-store"})
