"""Requests that are begun and never ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from dashboard import deadlines
from dashboard.bodies import Bodies
from dashboard.deadlines import Deadlines

SOON = 0.2
REQUEST = b"POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: %d\r\n\r\n"


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "HEADER_SECONDS", SOON)
    monkeypatch.setattr(deadlines, "BODY_SECONDS", SOON)


async def echo(request: Request) -> PlainTextResponse:
    body = await request.body()
    if body == b"slow":
        await asyncio.sleep(3 * SOON)
    return PlainTextResponse(f"{len(body)} bytes")


async def large(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("x" * 16 * 1024 * 1024)


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    async with serving() as server:
        yield server.servers[0].sockets[0].getsockname()[1]


@asynccontextmanager
async def serving() -> AsyncIterator[uvicorn.Server]:
    routes = [Route("/", echo, methods=["POST"]), Route("/large", large)]
    app = Starlette(routes=routes, middleware=[Middleware(Bodies)])
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        http=Deadlines,
        log_level="error",
        lifespan="off",
        timeout_keep_alive=1,
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server
    finally:
        server.should_exit = True
        await task


def talk(*sent: bytes, drip: bytes = b"") -> bytes:
    """What the server says until it closes the connection, which it must."""

    async def conversation() -> bytes:
        async with served() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for each in sent:
                writer.write(each)
                await writer.drain()
            reading = asyncio.create_task(_all_of(reader))
            while drip and not reading.done():
                await asyncio.sleep(SOON / 4)
                if not writer.is_closing():
                    writer.write(drip)
            answer = await asyncio.wait_for(reading, 30)
            writer.close()
            return answer

    return asyncio.run(conversation())


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    """Everything until the end; whoever goes on writing meets a reset there."""
    heard = b""
    with suppress(ConnectionResetError):
        while part := await reader.read(65_536):
            heard += part
    return heard


@pytest.mark.parametrize(
    ("sent", "drip"),
    [
        ([], b""),
        ([b"POST / HTTP/1.1\r\n"], b""),
        ([b"POST / HTTP/1.1\r\n"], b"X-A: b\r\n"),
        ([REQUEST % 1_000, b"half"], b""),
        ([REQUEST % 1_000], b"x"),
    ],
    ids=["nothing", "half a header", "dribbled headers", "half a body", "dribbled body"],
)
def test_a_request_that_does_not_end_is_closed_without_an_error(
    sent: list[bytes], drip: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    assert talk(*sent, drip=drip) == b""
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_a_second_request_has_a_deadline_too_even_when_it_came_with_the_first() -> None:
    whole = REQUEST % 2 + b"ab"
    for rest in (b"POST / HT", REQUEST % 1_000):
        assert talk(whole + rest).count(b"2 bytes") == 1
        assert talk(whole, rest).count(b"2 bytes") == 1


def test_an_answer_may_take_longer_than_a_request() -> None:
    assert b"4 bytes" in talk(REQUEST % 4 + b"slow", b"")


def test_a_body_that_comes_at_a_fair_pace_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "SLOWEST_BYTES", 10)
    assert b"40 bytes" in talk(REQUEST % 40, drip=b"x" * 4)


CHUNK = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: desk\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "head", [CHUNKED, REQUEST % 10**9, REQUEST.replace(b"POST /", b"POST /x") % 10**9]
)
def test_of_a_request_that_was_refused_little_more_is_read(head: bytes) -> None:
    async def conversation() -> int:
        async with served() as port:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head)
            sent = 0
            with suppress(ConnectionError):
                while sent < 200 * len(CHUNK):
                    writer.write(CHUNK)
                    sent += len(CHUNK)
                    await asyncio.wait_for(writer.drain(), 30)
                    await asyncio.sleep(0)
            writer.close()
            return sent

    # What the system holds on the way is sent as well, without being read.
    assert asyncio.run(conversation()) < 150 * len(CHUNK)


def test_a_refused_request_that_dribbles_on_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "LEFT_OVER_SECONDS", SOON)
    monkeypatch.setattr(deadlines, "SLOWEST_BYTES", 1)
    answer = talk(REQUEST % 10**9, drip=b"x" * 1_000)
    assert answer.startswith(b"HTTP/1.1 413")


def test_who_reads_no_answer_is_cut() -> None:
    async def conversation() -> None:
        async with serving() as server:
            port = server.servers[0].sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /large HTTP/1.1\r\nHost: desk\r\n\r\n")
            assert await reader.read(8) == b"HTTP/1.1"
            async with asyncio.timeout(30):
                while server.server_state.connections:
                    await asyncio.sleep(SOON / 4)
            writer.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deadlines, "SLOWEST_BYTES", 10**9)
        asyncio.run(conversation())


def test_a_websocket_leaves_the_deadlines_behind() -> None:
    lived = 0.0

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal lived
        assert scope["type"] == "websocket"
        await receive()
        await send({"type": "websocket.accept"})
        await asyncio.sleep(3 * SOON)
        lived = 3 * SOON
        await send({"type": "websocket.send", "text": "still here"})

    async def conversation() -> str:
        from websockets.asyncio.client import connect

        config = uvicorn.Config(
            app, host="127.0.0.1", port=0, http=Deadlines, log_level="error", lifespan="off",
            ws="websockets-sansio",
        )  # fmt: skip
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with connect(f"ws://127.0.0.1:{port}/") as socket:
            said = await socket.recv()
        server.should_exit = True
        await task
        return str(said)

    assert asyncio.run(conversation()) == "still here"
    assert lived


def test_the_desk_is_started_with_deadlines_and_a_limit_on_messages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from streamlit.web.server.starlette import starlette_server

    from dashboard.__main__ import bound_clients
    from dashboard.bodies import LARGEST_MESSAGE

    settings: Callable[[], dict[str, object]] = starlette_server._get_uvicorn_config_kwargs
    monkeypatch.setattr(starlette_server, "_get_uvicorn_config_kwargs", settings)
    bound_clients()
    chosen = starlette_server._get_uvicorn_config_kwargs()
    assert chosen["http"] is Deadlines
    assert chosen["ws_max_size"] == LARGEST_MESSAGE
    assert chosen["ws_ping_interval"]
