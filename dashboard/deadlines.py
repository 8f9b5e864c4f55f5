"""Requests that never end: how long a client may take to say what it wants.

Uvicorn waits for the rest of a request without end, and restarts its only time limit with every
byte. Behind a proxy the proxy sees to it; the desk does so itself for offices that have none.
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

_log = logging.getLogger("regdesk")


class Deadlines(H11Protocol):
    """Uvicorn's protocol for HTTP/1.1; a connection whose request is overdue is closed.

    Websockets leave it at their handshake, and an answer may take as long as it takes.
    """

    _timer: asyncio.TimerHandle | None = None
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
        if state is not h11.SEND_BODY:
            self._body_since = None
            if state is not h11.IDLE:
                self._stop()
            return
        now = self.loop.time()
        if self._body_since is None:
            self._body_since, self._body_bytes = now, 0
        self._body_bytes += arrived
        self._within(self._body_since + BODY_SECONDS + self._body_bytes / SLOWEST_BYTES - now)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop()
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
            self.transport.close()
