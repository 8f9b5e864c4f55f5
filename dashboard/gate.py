"""The gate: nothing behind it answers without a live sign-in, and every answer carries its guards.

One middleware in front of everything, Streamlit's own routes included: pages lead to the sign-in
page, other requests get 401, a websocket is closed before it opens.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import time
from contextlib import suppress
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

import h11
from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from core import clock, db
from core.accounts import signin
from core.accounts.signin import Visitor
from core.config import settings
from dashboard import navigation, strings
from dashboard.signin import (
    COOKIE,
    keep_session,
    language_of,
    login_address,
    notice,
    visitor_of,
)

access_log = logging.getLogger("regdesk.access")

_OPEN = {"/login", "/logout", "/healthz", "/readyz", "/_stcore/health", "/favicon.png"}
_STATIC = "/static/"
# First segments that belong to machinery, not to pages.
_MACHINERY = {"_stcore", "media", "component", "files", "app", "auth", "oauth2callback"}
LONGEST_PATH, LONGEST_QUERY = 2_000, 8_000
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9._-]{1,253})(:[0-9]{1,5})?")
_SAFE = {"GET", "HEAD", "OPTIONS"}

Kind = Literal["open", "page", "other"]


def kind_of(path: str) -> Kind:
    """How a path is treated without a sign-in."""
    if path in _OPEN or path.startswith(_STATIC):
        return "open"
    segments = path.strip("/").split("/")
    if segments[0] in _MACHINERY or "_stcore" in segments or "." in segments[-1]:
        return "other"
    return "page"


def from_elsewhere(connection: HTTPConnection) -> bool:
    """True when a browser says that another site caused the request.

    Programs say nothing of the kind and are let through: they carry no one else's cookie.
    """
    headers = connection.headers
    if site := headers.get("sec-fetch-site"):
        return site not in {"same-origin", "none"}
    source = headers.get("origin") or headers.get("referer")
    if source is None:
        return False
    try:
        return urlsplit(source).netloc != headers.get("host")
    except ValueError:  # no address at all: certainly none of ours
        return True


def malformed(connection: HTTPConnection) -> Response | None:
    """The answer to a request that no browser sends and nothing behind could make sense of.

    Control characters in an address (files are looked up by it), an address beyond what any page
    needs, a host that is none.
    """
    path, query = connection.scope["path"], connection.scope["query_string"]
    if len(path) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        return PlainTextResponse("address too long", 414)
    host = connection.headers.get("host")
    if not path.startswith("/") or not path.isprintable() or (host and not _HOST.fullmatch(host)):
        return PlainTextResponse("malformed request", 400)
    return None


@cache
def content_policy() -> str:
    """What the application's pages may load: this site's own files and nothing from elsewhere.

    Streamlit needs inline styles throughout (Emotion) and blob: modules for components; its one
    inline script is allowed by hash. No eval.
    """
    index = f"{file_util.get_static_dir()}/index.html"
    with open(index, encoding="utf-8") as file:  # noqa: PTH123 read once at start
        scripts = re.findall(r"<script>(.*?)</script>", file.read(), re.DOTALL)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in scripts
    )
    return (
        "default-src 'self'; "
        f"script-src 'self' blob: {hashes}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "media-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; "
        "frame-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


def guard_headers(headers: MutableHeaders, path: str) -> None:
    """Add what every answer carries; a route that has set its own policy keeps it."""
    for name, value in (
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        # same-origin, not no-referrer: the latter would blank the Origin of our own forms.
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), midi=()",
        ),
        ("content-security-policy", content_policy()),
    ):
        headers.setdefault(name, value)
    if settings().secure_cookies:
        headers.setdefault("strict-transport-security", "max-age=31536000")
    if kind_of(path) == "page" or path.startswith("/media/"):
        headers["cache-control"] = "no-store"


class Gate:
    """ASGI middleware, see the module. `scope["state"]["visitor"]` tells routes who is there."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or answer instead."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        try:
            refused = malformed(connection) or from_elsewhere(connection)
            visitor = None if refused else await visitor_of(connection)
        except db.Unavailable:
            visitor = None
        if visitor is None:
            await send({"type": "websocket.close", "code": 1008})
            return
        scope.setdefault("state", {})["visitor"] = visitor

        async def binary() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and message.get("bytes") is None:
                return {"type": "websocket.disconnect", "code": 1003}  # the desk speaks no text
            return message

        await self.app(scope, binary, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        started = time.perf_counter()
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                guard_headers(MutableHeaders(scope=message), path)
                if token := scope.get("state", {}).get("new_token"):
                    carrier = Response()
                    keep_session(carrier, token)
                    cookie = carrier.headers["set-cookie"]
                    MutableHeaders(scope=message).append("set-cookie", cookie)
            with suppress(h11.LocalProtocolError):
                # The server has found the body malformed, said so and closed the connection.
                await send(message)

        try:
            instead = await _answer_instead(scope)
            await (instead or self.app)(scope, receive, guarded)
        except db.Unavailable:
            if status:
                raise
            await _unavailable(HTTPConnection(scope))(scope, receive, guarded)
        finally:
            if access_log.isEnabledFor(logging.INFO):
                visitor: Visitor | None = scope.get("state", {}).get("visitor")
                access_log.info(
                    "method=%s path=%s status=%d ms=%.1f user=%s",
                    scope["method"],
                    path,
                    status,
                    (time.perf_counter() - started) * 1000,
                    visitor.user_id if visitor else "-",
                )


async def _answer_instead(scope: Scope) -> Response | None:
    """The answer that the gate gives itself; None lets the request through."""
    connection = HTTPConnection(scope)
    path, method = scope["path"], scope["method"]
    if (refusal := malformed(connection)) is not None:
        return refusal
    kind = kind_of(path)
    # Streamlit's uploads carry a token of their own against other sites.
    if method not in _SAFE and not path.startswith("/_stcore/") and from_elsewhere(connection):
        return PlainTextResponse(strings.CROSS_SITE(language_of(connection)), 403)
    if kind == "open":
        return None
    visitor = await visitor_of(connection)
    reading = method in {"GET", "HEAD"}
    if visitor is None:
        if kind == "page" and reading:
            query = scope["query_string"].decode("latin-1")
            wanted = path + ("?" + query if query else "")
            return RedirectResponse(login_address(wanted), 303)
        return PlainTextResponse("sign in first", 401, {"cache-control": "no-store"})
    scope.setdefault("state", {})["visitor"] = visitor
    if kind == "page" and reading:
        if path != "/" and (elsewhere := _not_a_page(connection, visitor, path)):
            return elsewhere
        if visitor.rotation_due:
            scope["state"]["new_token"] = await to_thread.run_sync(
                _rotated, connection.cookies[COOKIE]
            )
    return None


def _rotated(token: str) -> str | None:
    return db.run(signin.rotate, token, clock.now())


def _not_a_page(connection: HTTPConnection, visitor: Visitor, path: str) -> Response | None:
    """A redirect or a 404 for addresses that no page has; Streamlit would show the first page."""
    name = path.strip("/")
    if name == navigation.HOME.path:
        return RedirectResponse("/", 303)
    if name in navigation.BY_PATH:
        return None
    language = visitor.language or language_of(connection)
    return notice(
        strings.NOT_FOUND_TITLE,
        strings.NOT_FOUND,
        strings.TO_HOME,
        "/",
        readings=(language,),
        status=404,
    )


def _unavailable(connection: HTTPConnection) -> Response:
    if kind_of(connection.scope["path"]) == "other":
        return PlainTextResponse("database not reachable", 503)
    first = language_of(connection)
    return notice(
        strings.UNAVAILABLE_TITLE,
        strings.UNAVAILABLE,
        strings.RETRY,
        "",
        readings=(first, "en" if first == "zh" else "zh"),
        status=503,
    )
