"""Pictures of cases, each by its own address: permission per file, every original logged.

What is sent is a copy that the desk drew (`core.files.copies`), under a name of the desk's; never
the bytes that somebody filed.
"""

from __future__ import annotations

from functools import cache, partial

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core import clock, db
from core.accounts.signin import Visitor
from core.errors import CoreError, NotFound
from core.files import attachments, copies, limited
from core.files.attachments import Served
from core.files.copies import Copy, Size
from dashboard.signin import language_of

LARGEST_ID = 2**63 - 1
MOST_WAITING = 100
"""Requests for pictures that are still to be drawn; more are told to come again."""
_LATER = (limited.Busy, copies.NotKept)


@cache
def _drawing() -> CapacityLimiter:
    """Few threads wait for pictures, so that however many are asked for, others find a thread."""
    return CapacityLimiter(2 * limited.DECODERS)


async def original(request: Request) -> Response:
    """GET /files/{id}: the picture, as large as it was filed; the reading is logged."""
    return await _send(request, Size.WHOLE)


async def thumb(request: Request) -> Response:
    """GET /files/{id}/thumb: a small copy for lists."""
    return await _send(request, Size.THUMB)


async def _send(request: Request, size: Size) -> Response:
    visitor: Visitor = request.state.visitor
    try:
        served = await to_thread.run_sync(_permitted, visitor, request.path_params["id"])
        copy = await to_thread.run_sync(copies.kept, served.sha256, size)
        copy = copy or await _drawn(served, size)
        if size is Size.WHOLE:
            await to_thread.run_sync(_log_reading, visitor, request.path_params["id"])
    except db.Unavailable:
        raise
    except CoreError as error:
        return _refused(error, request, visitor)
    headers = {
        # The name of a copy changes whenever its content does.
        "etag": f'"{copy.path.stem}"',
        # Kept by the reader's own browser, but asked for again each time: so permission is checked
        # and the reading logged, at the cost of an empty answer.
        "cache-control": "private, no-cache",
        "content-security-policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; "
        "sandbox; frame-ancestors 'none'",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return FileResponse(
        copy.path,
        headers=headers,
        media_type=copy.mime,
        filename=served.name + copy.extension,
        content_disposition_type="inline",
    )


def _permitted(visitor: Visitor, attachment_id: int) -> Served:
    if attachment_id > LARGEST_ID:
        raise NotFound(what=attachments.FILE)
    with db.reading() as session:
        return attachments.open_for(session, visitor.actor, attachment_id, clock.now(), thumb=True)


def _log_reading(visitor: Visitor, attachment_id: int) -> None:
    db.run(attachments.open_for, visitor.actor, attachment_id, clock.now(), thumb=False)


async def _drawn(served: Served, size: Size) -> Copy:
    if _drawing().statistics().tasks_waiting >= MOST_WAITING:
        raise limited.Busy
    return await to_thread.run_sync(partial(copies.of, served.sha256, size), limiter=_drawing())


def _refused(error: CoreError, request: Request, visitor: Visitor) -> Response:
    """The reason as a sentence; the viewer shows it in place of the picture."""
    headers = {"cache-control": "no-store"}
    status = 422
    if isinstance(error, NotFound):
        status = 404
    elif isinstance(error, _LATER):
        status, headers["retry-after"] = 503, "10"
    language = visitor.language or language_of(request)
    return PlainTextResponse(error.message(language), status, headers)


ROUTES = [
    Route("/files/{id:int}", original, methods=["GET"]),
    Route("/files/{id:int}/thumb", thumb, methods=["GET"]),
]
