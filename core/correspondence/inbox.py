"""The inbox: letters as people and officers read them, newest first."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from core.correspondence.letters import Letter, asked_for, read
from core.model import Correction, Message
from core.text import Language


def read_inbox(
    session: Session,
    language: Language,
    *,
    person_id: int | None = None,
    employer_id: int | None = None,
    case_id: int | None = None,
    limit: int = 50,
) -> list[Letter]:
    """Newest messages of a person, an employer or a case; all three filters may be combined."""
    query = select(Message).order_by(Message.sent_at.desc(), Message.id.desc()).limit(limit)
    for column, value in (
        (Message.person_id, person_id),
        (Message.employer_id, employer_id),
        (Message.case_id, case_id),
    ):
        if value is not None:
            query = query.where(column == value)
    rows = session.scalars(query).all()
    asking = {row.case_id for row in rows if row.template == "correction_requested"}
    rounds = {
        (item.case_id, item.issued_at): item
        for item in session.scalars(
            select(Correction)
            .options(selectinload(Correction.items))
            .where(Correction.case_id.in_(asking))
        )
    }
    letters = []
    for row in rows:
        told = rounds.get((row.case_id or 0, row.sent_at))
        letters.append(
            read(row, language, asked=asked_for(session, told, language), due=told.due_on)
            if told
            else read(row, language)
        )
    return letters
