"""The inbox: letters as they were served, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import require_seen
from core.model import Message
from core.text import Language


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in its reader's language. read: whether the person has seen it."""

    id: int
    template: str
    title: str
    body: str
    sent_at: datetime
    read: bool


def told(
    session: Session, actor: Actor, language: Language, case_id: int, *, limit: int = 50
) -> list[Letter]:
    """Newest letters about a case, for whoever works on it. Raises NotPermitted, NotFound."""
    actor.require(Permission.CASE_READ)
    require_seen(session, actor, case_id)
    return read_inbox(session, language, case_id=case_id, limit=limit)


def own(session: Session, actor: Actor, language: Language, *, limit: int = 50) -> list[Letter]:
    """Newest letters to a person or an employer themselves. Raises NotPermitted."""
    actor.require(Permission.OWN_CASES)
    return read_inbox(
        session,
        language,
        person_id=actor.person_id,
        employer_id=actor.employer_id,
        limit=limit,
    )


def read_inbox(
    session: Session,
    language: Language,
    *,
    person_id: int | None = None,
    employer_id: int | None = None,
    case_id: int | None = None,
    limit: int = 50,
) -> list[Letter]:
    """Newest letters of a person, an employer or a case, in one statement; asks for no permission.

    The filters may be combined; with none of them there is no inbox, so nothing is read.
    """
    filters = [
        column == value
        for column, value in (
            (Message.person_id, person_id),
            (Message.employer_id, employer_id),
            (Message.case_id, case_id),
        )
        if value is not None
    ]
    if not filters:
        return []
    chinese = language == "zh"
    rows = session.execute(
        select(
            Message.id,
            Message.template,
            Message.title_zh if chinese else Message.title_en,
            Message.body_zh if chinese else Message.body_en,
            Message.sent_at,
            Message.read_at.is_not(None),
        )
        .where(*filters)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .limit(limit)
    )
    return [Letter(*row) for row in rows]
