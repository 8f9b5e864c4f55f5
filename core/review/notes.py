"""Internal notes on a case; applicants never see them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core import typed
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import CASE, may_see
from core.audit import history
from core.errors import CoreError, NotFound
from core.model import (
    Case,
    Note,
)
from core.text import Text

NOTE = Text("备注", "The note")
LONGEST_NOTE = 4000


class EmptyNote(CoreError):
    text = Text("备注内容不能为空。", "The note is empty.")


def write_note(session: Session, actor: Actor, case_id: int, text: str, now: datetime) -> Note:
    """Add an internal note.

    Raises NotPermitted, NotFound, EmptyNote and what `typed.lines` raises.
    """
    actor.require(Permission.CASE_NOTE)
    case = session.get(Case, case_id)
    if case is None or not may_see(actor, case):
        raise NotFound(what=CASE)
    if not typed.says_something(text):
        raise EmptyNote
    text = typed.lines(text, NOTE, LONGEST_NOTE)
    note = Note(
        case_id=case_id,
        author_id=actor.user_id,
        author_name=actor.name,
        text=text,
        written_at=now,
    )
    session.add(note)
    history.record(
        session,
        actor,
        "note",
        f"case:{case_id}",
        at=now,
        case_id=case_id,
        version=case.version_id,
        detail={"length": len(text)},
    )
    return note
