"""The inbox: letters as they were served, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

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


def read_inbox(
    session: Session,
    language: Language,
    *,
    person_id: int | None = None,
    employer_id: int | None = None,
    case_id: int | None = None,
    limit: int = 50,
) -> list[Letter]:
    """Newest letters of a person, an employer or a case, in one statement.

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
