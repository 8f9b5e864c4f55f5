"""What lies in the file of a case: pictures, flags, opinions, corrections, its way so far."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from core.access.actors import Actor
from core.access.scope import scope
from core.appeals.procedure import APPEAL, AppealContext
from core.casefile.rows import (
    Answer,
    Asked,
    Flag,
    Opinion,
    Picture,
)
from core.casefile.timeline import Passage
from core.model import (
    Anomaly,
    AnomalyCase,
    Appeal,
    Attachment,
    Case,
    Correction,
    Decision,
    Event,
    Person,
)
from core.vocabulary.stages import Stage
from core.workflow.engine import available


def pictures(
    session: Session, actor: Actor, case: Case
) -> tuple[tuple[Picture, ...], tuple[Picture, ...]]:
    """The case's own pictures, and the photographs filed with the person's other cases, as far as
    the actor sees them."""
    rows = session.execute(
        select(Attachment, Case.ref)
        .join(Case, Case.id == Attachment.case_id)
        .where(
            Attachment.person_id == case.person_id,
            or_(Case.id == case.id, scope(actor).condition(Case)),
        )
        .order_by(Attachment.id)
    ).all()
    own, photos = [], []
    for item, ref in rows:
        picture = Picture(
            id=item.id,
            kind=item.kind,
            filename=item.filename,
            width=item.width,
            height=item.height,
            size=item.size,
            added_at=item.added_at,
            case_ref=ref,
        )
        if item.case_id == case.id:
            own.append(picture)
        elif item.kind == "photo":
            photos.append(picture)
    return tuple(own), tuple(photos)


def _answers(session: Session, actor: Actor, case: Case, now: datetime) -> dict[int, Answer]:
    """The newest appeal on each flag of the case that the actor may see, by flag."""
    rows = session.scalars(
        select(Appeal)
        .join(AnomalyCase, AnomalyCase.anomaly_id == Appeal.anomaly_id)
        .where(AnomalyCase.case_id == case.id)
        .order_by(Appeal.id)
    )
    contexts = [AppealContext(session, APPEAL, row, now) for row in rows]
    return {
        context.row.anomaly_id: Answer(
            id=context.row.id,
            version=context.row.version_id,
            status=context.status,
            statement=context.row.statement,
            answered_at=context.row.answered_at,
            proposed=context.row.reason if context.proposal is not None else "",
            offers=available(actor, context),
        )
        for context in contexts
        if context.seen_by(actor)
    }


def flags(session: Session, actor: Actor, case: Case, now: datetime) -> tuple[Flag, ...]:
    """Every flag that touches the case, with its counterpart's name and the person's answer."""
    answers = _answers(session, actor, case, now)
    rows = session.execute(
        select(Anomaly, Person.name)
        .join(AnomalyCase, AnomalyCase.anomaly_id == Anomaly.id)
        .outerjoin(Person, Person.id == Anomaly.counterpart_id)
        .where(AnomalyCase.case_id == case.id)
        .order_by(Anomaly.id)
    )
    return tuple(
        Flag(
            id=row.id,
            rule=row.rule,
            kind=row.kind,
            severity=row.severity,
            status=row.status,
            counterpart=counterpart,
            evidence=row.evidence,
            source=row.source,
            as_of=row.as_of,
            shown_at=row.shown_at,
            disposition=row.disposition,
            answer=answers.get(row.id),
        )
        for row, counterpart in rows
    )


def opinions(session: Session, case: Case) -> tuple[Opinion, ...]:
    """What officers decided on the case, oldest first."""
    rows = session.scalars(
        select(Decision).where(Decision.case_id == case.id).order_by(Decision.id)
    )
    return tuple(
        Opinion(
            stage=Stage(row.stage),
            action=row.action,
            approves=row.approves,
            officer=row.officer_name,
            reasons=tuple(row.reasons),
            note=row.note,
            at=row.decided_at,
            superseded=row.superseded,
        )
        for row in rows
    )


def corrections(session: Session, case: Case) -> tuple[Asked, ...]:
    """Rounds of correction with what was asked and answered."""
    rows = session.scalars(
        select(Correction)
        .options(joinedload(Correction.items))
        .where(Correction.case_id == case.id)
        .order_by(Correction.round)
    ).unique()
    return tuple(
        Asked(
            round=row.round,
            issued_at=row.issued_at,
            due_on=row.due_on,
            answered_at=row.answered_at,
            items=tuple((*item.asked, item.answer) for item in row.items),
        )
        for row in rows
    )


def passages(session: Session, case: Case) -> list[Passage]:
    """Changes of status, oldest first, as the progress bar needs them."""
    rows = session.execute(
        select(Event.before, Event.after, Event.at)
        .where(
            Event.case_id == case.id,
            Event.subject == f"case:{case.id}",
            Event.after.is_not(None),
        )
        .order_by(Event.id)
    )
    return [Passage(row.before, row.after or "", row.at) for row in rows]
