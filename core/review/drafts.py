"""Text typed but not yet sent, kept on the server so that a lost connection loses nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core import typed
from core.access.actors import Actor
from core.model import (
    Draft,
)
from core.text import Text

DRAFT = Text("草稿", "The draft")
LONGEST_DRAFT = 4000


def keep_draft(
    session: Session, actor: Actor, subject: str, content: dict[str, Any], now: datetime
) -> None:
    """Keep what somebody has typed but not sent, e.g. subject `case:17:decision`.

    Empty content forgets the draft, as when its text was sent. Raises TooLongTyped, InvisibleTyped.
    """
    for value in content.values():
        typed.lines(str(value), DRAFT, LONGEST_DRAFT)
    assert actor.user_id is not None
    draft = session.get(Draft, (actor.user_id, subject))
    if draft is None and content:
        session.add(Draft(user_id=actor.user_id, subject=subject, content=content, saved_at=now))
    elif draft is not None and content:
        draft.content, draft.saved_at = content, now
    elif draft is not None:
        session.delete(draft)


def draft_of(session: Session, actor: Actor, subject: str) -> dict[str, Any]:
    """What was kept under `subject`; empty when nothing was."""
    draft = session.get(Draft, (actor.user_id, subject)) if actor.user_id else None
    return dict(draft.content) if draft else {}
