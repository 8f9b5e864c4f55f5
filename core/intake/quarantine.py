"""Packets that could not be taken in: kept by name with the reasons, until they are.

Nothing of a packet itself is kept, only where it lies and what is wrong with it; trying again reads
it from there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.intake.problems import NOTHING, Problem
from core.model import QuarantinedPacket
from core.text import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A packet in quarantine. source: the folder or zip; name: its file there; key: its own id."""

    source: str
    name: str
    key: str
    problems: tuple[Problem, ...]
    tries: int
    first_at: datetime
    last_at: datetime


def _place(source: str, name: str) -> str:
    return hashlib.sha256(f"{source}\n{name}".encode()).hexdigest()


def note(
    session: Session,
    source: str,
    name: str,
    key: str,
    problems: tuple[Problem, ...],
    now: datetime,
) -> None:
    """Put a packet into quarantine, or count one more try of it."""
    place = _place(source, name)
    row = session.scalar(select(QuarantinedPacket).where(QuarantinedPacket.place == place))
    if row is None:
        row = QuarantinedPacket(
            place=place, source=source, name=name, tries=0, first_at=now, problems=[]
        )
        session.add(row)
    row.key = key
    row.problems = [_kept(problem) for problem in problems if not problem.warns]
    row.tries += 1
    row.last_at = now
    row.settled_at = None


def settle(session: Session, source: str, name: str, now: datetime) -> None:
    """Release a packet that is in."""
    row = session.scalar(
        select(QuarantinedPacket).where(QuarantinedPacket.place == _place(source, name))
    )
    if row is not None:
        row.settled_at = now


def waiting(session: Session, source: str | None = None) -> list[Entry]:
    """What is in quarantine, of one source or of all, the oldest first."""
    found = select(QuarantinedPacket).where(QuarantinedPacket.settled_at.is_(None))
    if source is not None:
        found = found.where(QuarantinedPacket.source == source)
    return [
        Entry(
            row.source,
            row.name,
            row.key,
            tuple(_read(item) for item in row.problems),
            row.tries,
            row.first_at,
            row.last_at,
        )
        for row in session.scalars(found.order_by(QuarantinedPacket.first_at, QuarantinedPacket.id))
    ]


def _kept(problem: Problem) -> dict[str, str]:
    return {"path": problem.path, "zh": problem.what.zh, "en": problem.what.en}


def _read(item: dict[str, Any]) -> Problem:
    return Problem(item["path"], Text(item["zh"], item["en"]), NOTHING)
