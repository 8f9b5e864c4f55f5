"""Pictures of cases, each by its own address: permission per file, every original logged."""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from core import clock, db
from core.access.actors import Actor
from core.errors import CoreError, NotFound
from core.files import attachments
from core.files.attachments import Served

SERVED = {"image/jpeg", "image/png"}
LARGEST_ID = 2**63 - 1


async def original(request: Request) -> Response:
    """GET /files/{id}: the picture as it was filed; the reading is logged."""
    return await _send(request, thumb=False)


async def thumb(request: Request) -> Response:
    """GET /files/{id}/thumb: a small copy for lists."""
    return await _send(request, thumb=True)


async def _send(request: Request, *, thumb: bool) -> Response:
    actor: Actor = request.state.visitor.actor
    try:
        served = await to_thread.run_sync(_served, actor, request.path_params["id"], thumb)
    except db.Unavailable:
        raise
    except (
        CoreError
    ):  # not there, not theirs, or no small copy can be drawn: one and the same answer
        return PlainTextResponse("not found", 404, {"cache-control": "no-store"})
    tag = f'"{served.sha256}{"-thumb" if thumb else ""}"'
    headers = {
        "etag": tag,
        # Kept by the reader's own browser, but asked for again each time: so permission is checked
        # and the reading logged, at the cost of an empty answer.
        "cache-control": "private, no-cache",
        "content-security-policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; "
        "sandbox; frame-ancestors 'none'",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return FileResponse(
        served.path,
        headers=headers,
        media_type=served.mime,
        filename=served.filename,
        content_disposition_type="inline",
    )


def _served(actor: Actor, attachment_id: int, thumb: bool) -> Served:
    if attachment_id > LARGEST_ID:
        raise NotFound(what=attachments.FILE)
    if thumb:
        with db.reading() as session:
            served = attachments.open_for(session, actor, attachment_id, clock.now(), thumb=True)
    else:
        served = db.run(attachments.open_for, actor, attachment_id, clock.now(), thumb=False)
    if served.mime not in SERVED:
        raise NotFound(what=attachments.FILE)
    if not thumb:
        return served
    return Served(
        attachments.thumb_path(served.sha256), "image/jpeg", served.filename, served.sha256
    )


ROUTES = [
    Route("/files/{id:int}", original, methods=["GET"]),
    Route("/files/{id:int}/thumb", thumb, methods=["GET"]),
]
