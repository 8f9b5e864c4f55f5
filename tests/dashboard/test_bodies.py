"""How much a request may bring, and uploads where a page asked for them."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from dashboard import bodies, strings
from dashboard.bodies import Bodies, Uploads
from tests.dashboard.live_server import FORM, Server

MEGABYTE = 1024 * 1024


def answered(
    *chunks: bytes, path: str = "/login", method: str = "POST", user_id: int = 1, **headers: str
) -> tuple[int, str]:
    """Status and words that a request of `chunks` gets, from an application that reads it all."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        await PlainTextResponse(f"{len(body)}")(scope, receive, send)

    left = [*chunks]
    said: list[Message] = []

    async def receive() -> Message:
        piece = left.pop(0) if left else b""
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    async def send(message: Message) -> None:
        said.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        "state": {"visitor": SimpleNamespace(user_id=user_id, language="zh")},
    }
    asyncio.run(Bodies(app)(scope, receive, send))
    return said[0]["status"], b"".join(each.get("body", b"") for each in said).decode()


def test_a_body_has_its_limit_announced_or_not() -> None:
    limit = bodies.LARGEST_BODY
    too_large = (413, strings.BODY_TOO_LARGE.zh)
    assert answered(b"x" * limit) == (200, str(limit))
    assert answered(b"x", content_length=str(limit + 1)) == too_large
    assert answered(b"x", content_length="9" * 5_000) == too_large
    assert answered(*[b"x" * 1_000] * 70) == too_large
    assert answered(b"x", content_length="²") == (200, "1")


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> Uploads:
    mine = Uploads(alive=lambda _session: True)
    monkeypatch.setattr(bodies, "_uploads", mine)
    return mine


def put(session: str, file: str, size: int, *, method: str = "PUT", user_id: int = 1) -> int:
    path = f"/_stcore/upload_file/{session}/{file}"
    return answered(*[b"x" * size], path=path, method=method, user_id=user_id)[0]


def test_nothing_is_uploaded_unless_a_page_asked(uploads: Uploads) -> None:
    path = "/_stcore/upload_file/one/a"
    for method in ("PUT", "DELETE", "OPTIONS", "POST", "GET"):
        assert answered(b"x", path=path, method=method) == (403, strings.NO_UPLOADS.zh)
    for odd in ("/_stcore/upload_file", "/_stcore/upload_file/one/a/b", "/_stcore/upload_file//a"):
        assert answered(b"x", path=odd, method="PUT")[0] == 403


def test_a_page_opens_its_own_session_for_its_own_person_within_a_cap(uploads: Uploads) -> None:
    uploads.open("one", 1, files=2, bytes_each=MEGABYTE)
    assert put("one", "a", MEGABYTE) == 200
    assert put("one", "b", MEGABYTE + bodies.ENVELOPE + 1) == 413
    assert put("one", "a", 10) == 200, "the same file once more"
    assert put("one", "c", 10) == 403, "a third file"
    assert put("two", "a", 10) == 403, "another session"
    assert put("one", "a", 10, user_id=2) == 403, "another person"
    uploads.open("one", 1, files=2, bytes_each=MEGABYTE)
    assert put("one", "c", 10) == 403, "a further run of the page gives no more"
    assert put("one", "b", 0, method="DELETE") == 200
    assert put("one", "c", 10) == 200
    uploads.open("one", 2, files=2, bytes_each=MEGABYTE)
    assert put("one", "d", 10) == 403, "no longer of the one who opened it"


def test_all_sessions_of_an_account_have_a_cap_together(uploads: Uploads) -> None:
    each = bodies.ACCOUNT_BYTES // 2
    for session in ("one", "two", "three"):
        uploads.open(session, 1, files=5, bytes_each=each)
    uploads.open("other", 2, files=5, bytes_each=each)
    assert [put(session, "a", 10) for session in ("one", "two", "three")] == [200, 200, 403]
    assert put("other", "a", 10, user_id=2) == 200


def test_a_session_is_forgotten_when_its_browser_has_been_gone_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alive = {"one"}
    mine = Uploads(alive=alive.__contains__)
    monkeypatch.setattr(bodies, "_uploads", mine)
    now = 1_000.0
    monkeypatch.setattr(bodies, "time", SimpleNamespace(monotonic=lambda: now))
    mine.open("one", 1, files=1, bytes_each=10)
    now += 10 * bodies.FORGOTTEN_SECONDS
    assert put("one", "a", 10) == 200
    alive.clear()
    now += bodies.FORGOTTEN_SECONDS
    assert put("one", "a", 10) == 200
    now += 1
    assert put("one", "a", 10) == 403


def test_the_live_server_takes_no_upload_and_no_large_form(server: Server) -> None:
    token = server.sign_in()
    for size in (10, MEGABYTE // 4):
        answer = server.ask("PUT", "/_stcore/upload_file/a/b", token=token, body="x" * size, **FORM)
        assert (answer.status, answer.text) == (403, strings.NO_UPLOADS.zh)
    assert server.ask("PUT", "/_stcore/upload_file/a/b", body="x").status == 401
    assert server.ask("POST", "/login", body="x" * 100_000, **FORM).status == 413
    assert server.ask("POST", "/logout", token=token, body="x" * 100_000, **FORM).status == 413
