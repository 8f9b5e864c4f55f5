"""Requests that never end: how long a client may take to say what it wants, and to be told.

Uvicorn waits for the rest of a request without end, restarts its only time limit with every byte,
and reads on of a request that it has answered for as long as more comes. Behind a proxy the proxy
sees to it; the desk does so itself for offices that have none.
"""

from __future__ import annotations

import asyncio
import logging

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADER_SECONDS = 15.0
"""From the opening of a connection, or the first byte of a further request, to its last header."""
BODY_SECONDS = 15.0
SLOWEST_BYTES = 16 * 1024
"""A body may take `BODY_SECONDS` and a second more for so many bytes of it."""
LEFT_OVER_BYTES = 256 * 1024
LEFT_OVER_SECONDS = 5.0
"""What is still read of a request that was answered, such as one whose body is too large: enough
that most clients read the answer, for one that is cut while it sends may never see it."""

_log = logging.getLogger("regdesk")


class Deadlines(H11Protocol):
    """Uvicorn's protocol for HTTP/1.1; a connection whose request is overdue is closed.

    Websockets leave it at their handshake. An answer may take as long as it takes to make, and as
    long to be read as a body of its size may take to arrive.
    """

    _timer: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _left_over: int | None = None
    _body_since: float | None = None
    _body_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there; its request has to follow."""
        super().connection_made(transport)
        self._within(HEADER_SECONDS)

    def data_received(self, data: bytes) -> None:
        """Some bytes more of a request."""
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._stop()
        elif self.conn.their_state is h11.IDLE and self._timer is None:
            self._within(HEADER_SECONDS)
        else:
            self._watch(len(data))

    def on_response_complete(self) -> None:
        """A request was answered; the next one may be there already, in part."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._watch(0)

    def _watch(self, arrived: int) -> None:
        """Give a body its time, and stop the clock where nothing of a request is missing."""
        state = self.conn.their_state
        if state is h11.SEND_BODY and self.conn.our_state is h11.DONE:
            self._leave_over(arrived)
            return
        if state is not h11.SEND_BODY:
            self._body_since = self._left_over = None
            if state is not h11.IDLE:
                self._stop()
            return
        now = self.loop.time()
        if self._body_since is None:
            self._body_since, self._body_bytes = now, 0
        self._body_bytes += arrived
        self._within(self._body_since + BODY_SECONDS + self._body_bytes / SLOWEST_BYTES - now)

    def _leave_over(self, arrived: int) -> None:
        """Read a little more of a request that has its answer, whatever its pace; then close."""
        if self._left_over is None:
            self._left_over = LEFT_OVER_BYTES
            self._within(LEFT_OVER_SECONDS)
        self._left_over -= arrived
        if self._left_over < 0:
            self._stop()
            self._overdue()

    def pause_writing(self) -> None:
        """The client has not read what it was sent; it gets the time that a body would have."""
        super().pause_writing()
        size = self.transport.get_write_buffer_size()
        self._unread = self.loop.call_later(BODY_SECONDS + size / SLOWEST_BYTES, self._cut)

    def resume_writing(self) -> None:
        """The client has read nearly everything."""
        self._read()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Nothing more was asked for; what was answered may still be unread."""
        super().timeout_keep_alive_handler()
        self._close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop()
        self._read()
        super().connection_lost(exc)

    def _within(self, seconds: float) -> None:
        self._stop()
        self._timer = self.loop.call_later(seconds, self._overdue)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _overdue(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            _log.info("a request was not finished in time and its connection closed")
            self._close()

    def _close(self) -> None:
        """Close, and not wait for ever until the client has read what is left."""
        self.transport.close()
        if self._unread is None:
            self._unread = self.loop.call_later(BODY_SECONDS, self._cut)

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _cut(self) -> None:
        self._unread = None
        _log.info("an answer was not read in time and its connection cut")
        self.transport.abort()
