"""What applicants and employers see of their own applications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import scope
from core.audit import evidence
from core.casefile.timeline import Node, Passage, timeline
from core.model import (
    Case,
    Correction,
    Event,
    Message,
)
from core.text import Text
from core.vocabulary.cases import Status

LIMIT = 50


@dataclass(frozen=True, slots=True)
class OwnCase:
    """One application with its progress bar; officers' names are not part of it (domain E).

    asked: 补正内容 and 补正原因 of the open round of correction, to be answered by `answer_by`.
    """

    ref: str
    profession: str
    business: str
    specialty: str
    status: Status
    person_name: str
    employer_name: str
    created_at: datetime
    nodes: tuple[Node, ...]
    asked: tuple[tuple[Text, Text], ...]
    answer_by: date | None


def own_cases(session: Session, actor: Actor, *, is_open: bool) -> tuple[OwnCase, ...]:
    """The newest applications of a person or an employer, in progress or finished.

    Raises NotPermitted.
    """
    actor.require(Permission.OWN_CASES)
    rows = session.scalars(
        select(Case)
        .where(
            scope(actor).condition(Case),
            Case.is_open == is_open,
            Case.status != Status.DISCARDED,
        )
        .order_by(Case.id.desc())
        .limit(LIMIT)
    ).all()
    passages: dict[int, list[Passage]] = {row.id: [] for row in rows}
    for case_id, before, after, at in session.execute(
        select(Event.case_id, Event.before, Event.after, Event.at)
        .where(
            Event.case_id.in_(passages),
            Event.subject.in_([f"case:{number}" for number in passages]),
            Event.after.is_not(None),
        )
        .order_by(Event.id)
    ):
        passages[case_id or 0].append(Passage(before, after or "", at))
    rounds = {
        item.case_id: item
        for item in session.scalars(
            select(Correction)
            .options(selectinload(Correction.items))
            .where(Correction.case_id.in_(passages), Correction.answered_at.is_(None))
        )
    }
    return tuple(
        OwnCase(
            ref=row.ref,
            profession=row.profession,
            business=row.business,
            specialty=row.specialty,
            status=Status(row.status),
            person_name=row.person_name,
            employer_name=row.employer_name,
            created_at=row.created_at,
            nodes=timeline(row.profession, Status(row.status), passages[row.id]),
            asked=tuple(item.asked for item in asked.items)
            if (asked := rounds.get(row.id)) and row.status == Status.CORRECTING
            else (),
            answer_by=asked.due_on if asked else None,
        )
        for row in rows
    )


def mark_read(session: Session, actor: Actor, now: datetime) -> None:
    """Note that a person has seen their messages."""
    if actor.person_id is not None:
        session.execute(
            update(Message)
            .where(Message.person_id == actor.person_id, Message.read_at.is_(None))
            .values(read_at=now),
            execution_options={evidence.BESIDE: True},
        )
