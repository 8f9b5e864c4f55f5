"""Reads of what happened on one case: history rows and internal notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.model import Event, Note


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step of the history; before and after are statuses, reason is what the actor stated."""

    id: int
    at: datetime
    actor: str
    action: str
    before: str | None
    after: str | None
    version: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """An internal note."""

    author: str
    text: str
    at: datetime


def history_of(
    session: Session, case_id: int, *, since_version: int | None = None
) -> tuple[HistoryEntry, ...]:
    """Steps of a case, newest first; with `since_version` only what came after that version."""
    query = select(Event).where(Event.case_id == case_id).order_by(Event.id.desc())
    if since_version is not None:
        query = query.where(Event.subject == f"case:{case_id}", Event.version > since_version)
    return tuple(
        HistoryEntry(
            id=row.id,
            at=row.at,
            actor=row.actor_name,
            action=row.action,
            before=row.before,
            after=row.after,
            version=row.version,
            reason=str(orjson.loads(row.detail).get("reason") or ""),
        )
        for row in session.scalars(query)
    )


def notes_of(session: Session, case_id: int) -> tuple[WrittenNote, ...]:
    """Internal notes of a case, oldest first."""
    rows = session.scalars(select(Note).where(Note.case_id == case_id).order_by(Note.id))
    return tuple(WrittenNote(row.author_name, row.text, row.written_at) for row in rows)
