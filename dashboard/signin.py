"""Signing in and out, and the plain pages that stand outside the application itself."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from core import clock, db
from core.accounts import brakes, signin
from core.accounts.signin import Visitor
from core.config import settings
from core.errors import CoreError
from core.text import LANGUAGES, Language, Text
from dashboard import strings

COOKIE = "regdesk_session"
LANGUAGE_COOKIE = "language"
DEVICE_COOKIE = "regdesk_device"
"""Proof that an account was signed in to from this browser; it opens nothing."""
LARGEST_FORM = 16 * 1024
LONGEST_TOKEN = 100
LONGEST_PROOF = 200
TEMPLATES = Path(__file__).parent / "templates"

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_STYLE = (TEMPLATES / "frame.css").read_text(encoding="utf-8")
_STYLE_MARK = Markup(_STYLE)  # noqa: S704 a file of our own, not anybody's input
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_PAGE_HEADERS = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
}
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s;\"]*)")
_STATUS = {
    signin.BadCredentials: 401,
    signin.AccountDisabled: 403,
    signin.LockedOut: 429,
    signin.TooManyTries: 429,
}


@cache
def _hashing() -> CapacityLimiter:
    """Two passwords at a time: a flood of guesses leaves room for the desk's work."""
    return CapacityLimiter(2)


def language_of(connection: HTTPConnection) -> Language:
    """The language for somebody not yet known: asked for, chosen before, else the browser's."""
    for wish in (
        connection.query_params.get("lang"),
        connection.cookies.get(LANGUAGE_COOKIE),
    ):
        if wish in LANGUAGES:
            return wish
    accepted = connection.headers.get("accept-language", "").strip()
    if not accepted or accepted.startswith("*"):
        return settings().language
    return "zh" if _first(accepted).startswith("zh") else "en"


def _first(accepted: str) -> str:
    """The language tag that an Accept-Language header prefers."""

    def weight(part: str) -> float:
        _tag, _, quality = part.partition(";q=")
        try:
            return float(quality or 1)
        except ValueError:
            return 0.0

    return max(accepted.lower().split(","), key=weight).strip()


def local_path(wish: str | None) -> str:
    """`wish` when it is an address on this site that may be gone to after signing in, else `/`."""
    if (
        not wish
        or len(wish) > 2000
        or not wish.startswith("/")
        or wish.startswith("//")
        or "\\" in wish
        or any(ord(character) < 33 or ord(character) == 127 for character in wish)
    ):
        return "/"
    try:
        parts = urlsplit(wish)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc or parts.path in {"/login", "/logout"}:
        return "/"
    return wish


def login_address(wanted: str) -> str:
    """The address of the sign-in page that leads on to `wanted`."""
    path = local_path(wanted)
    return "/login" if path == "/" else "/login?" + urlencode({"next": path})


def _render(template: str, title: Text, language: Language, **values: Any) -> str:
    def say(text: Text, **fields: object) -> str:
        return text(language, **fields)

    return _environment.get_template(template).render(
        language=language,
        title=title(language),
        style=_STYLE_MARK,
        say=say,
        strings=strings,
        **values,
    )


def notice(
    heading: Text,
    body: Text,
    button: Text,
    href: str,
    *,
    readings: tuple[Language, ...],
    status: int,
    post: bool = False,
) -> Response:
    """A page with one thing to say and one thing to do, in the given languages."""
    page = _render(
        "notice.html",
        heading,
        readings[0],
        heading=heading,
        body=body,
        button=button,
        href=href,
        readings=readings,
        post=post,
    )
    return HTMLResponse(page, status, _PAGE_HEADERS)


def keep_session(response: Response, token: str) -> None:
    """Hand a session token to the browser; gone when the browser closes."""
    response.set_cookie(
        COOKIE, token, path="/", httponly=True, samesite="lax", secure=settings().secure_cookies
    )


async def visitor_of(connection: HTTPConnection) -> Visitor | None:
    """Whoever the connection's cookie belongs to. Raises core.db.Unavailable."""
    token = connection.cookies.get(COOKIE)
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return await to_thread.run_sync(signin.recognise, token, clock.now())


def _form_page(
    request: Request,
    *,
    status: int = 200,
    error: str = "",
    said: str = "",
    username: str = "",
    wanted: str = "/",
) -> Response:
    language = language_of(request)
    other: Language = "en" if language == "zh" else "zh"
    address = {"lang": other} | ({"next": wanted} if wanted != "/" else {})
    page = _render(
        "signin.html",
        strings.SIGN_IN,
        language,
        error=error,
        notice=said,
        username=username,
        next=wanted,
        other_language=other,
        other_language_href="/login?" + urlencode(address),
    )
    response = HTMLResponse(page, status, _PAGE_HEADERS)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=365 * 24 * 3600,
            path="/",
            samesite="lax",
            secure=settings().secure_cookies,
        )
    return response


async def show_form(request: Request) -> Response:
    """GET /login: the form; whoever is signed in already goes on."""
    wanted = local_path(request.query_params.get("next"))
    if await visitor_of(request):
        return RedirectResponse(wanted, 303)
    said = strings.SIGNED_OUT(language_of(request)) if "left" in request.query_params else ""
    return _form_page(request, said=said, wanted=wanted)


async def take_form(request: Request) -> Response:
    """POST /login (`username`, `password`, perhaps `next`): a fresh session, or the reason."""
    if (refusal := _unreadable(request)) is not None:
        return refusal
    try:
        async with request.form(max_files=0, max_fields=8) as form:
            username, password, wish = (
                str(form.get(name, "")) for name in ("username", "password", "next")
            )
    except (HTTPException, ClientDisconnect):
        return PlainTextResponse("form not readable", 400)
    wanted = local_path(wish)
    language = language_of(request)
    if not username.strip() or not password:
        said = strings.FIELDS_MISSING(language)
        return _form_page(request, status=400, error=said, username=username, wanted=wanted)
    old = request.cookies.get(COOKIE)
    proof = request.cookies.get(DEVICE_COOKIE, "")

    def check() -> str:
        token = signin.sign_in(
            username,
            password,
            address=request.client.host if request.client else "",
            agent=request.headers.get("user-agent", ""),
            now=clock.now(),
            device=proof if len(proof) <= LONGEST_PROOF else "",
        )
        if old:
            db.run(signin.sign_out, old, clock.now())
        return token

    try:
        token = await to_thread.run_sync(check, limiter=_hashing())
    except db.Unavailable:
        raise
    except CoreError as error:
        response = _form_page(
            request,
            status=_STATUS.get(type(error), 503),
            error=error.message(language),
            username=username,
            wanted=wanted,
        )
        if isinstance(error, signin.Wait):
            response.headers["retry-after"] = str(error.seconds)
        return response
    response = RedirectResponse(wanted, 303, {"cache-control": "no-store"})
    keep_session(response, token)
    _keep_proof(response, username)
    return response


def _unreadable(request: Request) -> Response | None:
    """Why the body of a posted form is not even read; None when it may be.

    Both kinds of form that browsers and scripts send are taken, in UTF-8: a charset named by the
    sender would choose among all codecs of Python.
    """
    length = request.headers.get("content-length", "")
    if not length:
        return PlainTextResponse("length required", 411)
    if not (length.isascii() and length.isdecimal()) or int(length[:9]) > LARGEST_FORM:
        return PlainTextResponse("form too large", 413)
    kind, _, rest = request.headers.get("content-type", "").lower().partition(";")
    charset = _CHARSET.search(rest)
    if kind.strip() not in _FORMS or (charset and charset[1] not in {"utf-8", "utf8"}):
        return PlainTextResponse("send a form in UTF-8", 415)
    return None


def _keep_proof(response: Response, username: str) -> None:
    """Let the browser show later that this account was signed in to from it."""
    response.set_cookie(
        DEVICE_COOKIE,
        brakes.device_proof(signin.plain_name(username), clock.now()),
        max_age=int(brakes.KNOWN_FOR.total_seconds()),
        path="/login",
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
    )


async def confirm_leaving(request: Request) -> Response:
    """GET /logout: asks first, since a mere link must not sign anybody out."""
    return notice(
        strings.SIGN_OUT_TITLE,
        strings.SIGN_OUT_HINT,
        strings.SIGN_OUT,
        "/logout",
        readings=(language_of(request),),
        status=200,
        post=True,
    )


async def leave(request: Request) -> Response:
    """POST /logout: ends the session on the server, too."""
    token = request.cookies.get(COOKIE)

    def end() -> None:
        if token:
            db.run(signin.sign_out, token, clock.now())

    await to_thread.run_sync(end)
    response = RedirectResponse("/login?left", 303, {"cache-control": "no-store"})
    response.delete_cookie(
        COOKIE, path="/", httponly=True, samesite="lax", secure=settings().secure_cookies
    )
    return response


async def alive(_request: Request) -> Response:
    """GET /healthz: the process answers."""
    return PlainTextResponse("ok", headers={"cache-control": "no-store"})


async def ready(_request: Request) -> Response:
    """GET /readyz: the database answers with the schema this code was written for."""
    up = await to_thread.run_sync(db.ready)
    return PlainTextResponse(
        "ready" if up else "database not ready",
        200 if up else 503,
        {"cache-control": "no-store"},
    )


async def favicon(_request: Request) -> Response:
    """GET /favicon.png: ours instead of Streamlit's."""
    return FileResponse(
        TEMPLATES / "favicon.png", headers={"cache-control": "public, max-age=86400"}
    )


ROUTES = [
    Route("/favicon.png", favicon, methods=["GET"]),
    Route("/login", show_form, methods=["GET"]),
    Route("/login", take_form, methods=["POST"]),
    Route("/logout", confirm_leaving, methods=["GET"]),
    Route("/logout", leave, methods=["POST"]),
    Route("/healthz", alive, methods=["GET"]),
    Route("/readyz", ready, methods=["GET"]),
]
