"""The case file: everything an officer reads on one page, as frozen rows, in few queries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from core import catalogue
from core.access.actors import Actor
from core.access.scope import CASE, may_see, scope
from core.casefile.rows import (
    Asked,
    CaseFile,
    CheckLine,
    EmployerCard,
    Flag,
    Line,
    Opinion,
    OtherCase,
    Picture,
)
from core.casefile.timeline import Passage, timeline
from core.cases.context import CaseContext
from core.cases.procedure import context_of
from core.catalogue.rulebooks import rulebook_of
from core.catalogue.types import Field, Subject
from core.checks import case_checks
from core.checks.findings import Finding
from core.errors import NotFound
from core.model import (
    AccessLog,
    Anomaly,
    AnomalyCase,
    Attachment,
    Case,
    Correction,
    Decision,
    Event,
    Person,
    Registration,
    User,
    Verdict,
)
from core.register.search import Entry, standing
from core.review.verdicts import checklist_stage
from core.text import Text, same
from core.vocabulary.cases import Status
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage
from core.workflow.engine import available


def find_case(session: Session, actor: Actor, ref: str) -> Case:
    """The case that people call `ref`.

    Raises NotFound, also for a case that the actor may not see: both look the same from outside.
    """
    case = session.scalars(
        select(Case)
        .options(joinedload(Case.person), joinedload(Case.employer))
        .where(Case.ref == ref)
    ).one_or_none()
    if case is None or not may_see(actor, case):
        raise NotFound(what=CASE)
    return case


def read_case(session: Session, actor: Actor, ref: str, now: datetime) -> CaseFile:
    """The file of case `ref` as `actor` may read it now. Raises NotFound."""
    case = find_case(session, actor, ref)
    context = context_of(session, case, now)
    registrations = _registrations(session, case, context.today)
    pictures, other_photos = _pictures(session, case)
    clock = next((item for kind, item in context.clocks.items() if kind == case.clock), None)
    return CaseFile(
        id=case.id,
        ref=case.ref,
        version=case.version_id,
        profession=case.profession,
        business=case.business,
        specialties=tuple(key for key in (case.specialty, case.specialty2) if key),
        channel=case.channel,
        status=context.status,
        person_name=case.person_name,
        employer=_employer(session, case),
        clock=case.clock,
        clock_started_on=clock.started_on if clock else None,
        clock_days=clock.days + clock.extension_days if clock else 0,
        due_on=case.due_on,
        filed_at=case.filed_at,
        received_at=case.received_at,
        holder=context.holder,
        rules=context.rulebook,
        stage=checklist_stage(context.status),
        lines=_lines(case, registrations),
        checklist=_checklist(session, case, context),
        pictures=pictures,
        other_photos=other_photos,
        others=_others(session, actor, case),
        registrations=registrations,
        flags=_flags(session, case),
        opinions=_opinions(session, case),
        corrections=_corrections(session, case),
        nodes=timeline(case.profession, context.status, _passages(session, case)),
        offers=available(actor, context),
    )


def findings_of(session: Session, actor: Actor, ref: str, now: datetime) -> tuple[Finding, ...]:
    """What the automatic checks say of case `ref` now. Raises NotFound."""
    case = find_case(session, actor, ref)
    return case_checks.check(session, case, rulebook_of(session, case.rulebook_id), now)


def note_opened(session: Session, actor: Actor, case_id: int, now: datetime) -> None:
    """Note that the actor opened the case: all reads of personal data are logged (domain H)."""
    session.add(AccessLog(at=now, user_id=actor.user_id, what="case", subject=f"case:{case_id}"))


def _words(field: Field, value: Any) -> Text | None:
    """A stored value as people read it, options by their labels; None for no value."""
    if value is None or value in ("", []):
        return None
    labels = {option.key: option.label for option in field.options}
    items = [
        labels.get(str(item), same(str(item)))
        for item in (value if isinstance(value, list) else [value])
    ]
    return Text("、".join(item.zh for item in items), ", ".join(item.en for item in items))


def _held_values(case: Case, registrations: tuple[Entry, ...]) -> dict[str, str]:
    """What profile, employer file and register hold, by the names fields refer to."""
    person, employer = case.person, case.employer
    own = next((item for item in registrations if item.id == case.registration_id), None)
    held: dict[str, Any] = {
        name: getattr(person, name)
        for name in (
            "name",
            "sex",
            "id_type",
            "id_number",
            "phone",
            "ethnicity",
            "school",
            "major",
            "education",
            "degree",
            "graduated_on",
            "title",
        )
    }
    held["born_on"] = person.born_on.isoformat()
    held["credit_code"] = employer.credit_code
    held["legal_rep"] = employer.legal_rep
    held["employer_name"] = employer.name
    if own is not None:
        held |= {
            "number": own.number,
            "seal_number": own.seal_number,
            "valid_to": own.valid_to.isoformat(),
            "employer_name": own.employer_name,
            "former_employer_name": own.employer_name,
        }
    return {name: str(value) for name, value in held.items() if value}


def _lines(case: Case, registrations: tuple[Entry, ...]) -> dict[Subject, tuple[Line, ...]]:
    service = catalogue.current().service(case.profession, case.business)
    held = _held_values(case, registrations)
    groups: dict[Subject, list[Line]] = {}
    for field in service.fields if service else ():
        raw = held.get(field.register) if field.register else None
        groups.setdefault(field.subject, []).append(
            Line(
                field,
                _words(field, case.form.get(field.key)),
                _words(field, raw),
            )
        )
    return {subject: tuple(lines) for subject, lines in groups.items()}


def _checklist(session: Session, case: Case, context: CaseContext) -> tuple[CheckLine, ...]:
    stage = checklist_stage(context.status)
    if stage is None:
        # Where there is no list to fill in, the newest verdicts are read.
        reviewed = any(desk is Stage.REVIEW for desk, _ in context.verdicts)
        stage = Stage.REVIEW if reviewed else Stage.ACCEPTANCE
    rows = {
        row.Verdict.check_key: row
        for row in session.execute(
            select(Verdict, User.name)
            .join(User, User.id == Verdict.officer_id)
            .where(Verdict.case_id == case.id, Verdict.stage == stage)
        )
    }
    lines = []
    for check in context.rulebook.checks_at(stage):
        row = rows.get(check.key)
        verdict = row.Verdict if row else None
        lines.append(
            CheckLine(
                check,
                Outcome(verdict.outcome) if verdict and verdict.outcome else None,
                tuple(verdict.reasons) if verdict else (),
                verdict.note if verdict else "",
                row.name if row else "",
            )
        )
    return tuple(lines)


def _pictures(session: Session, case: Case) -> tuple[tuple[Picture, ...], tuple[Picture, ...]]:
    """The case's own pictures, and the photographs this person filed with other cases."""
    rows = session.execute(
        select(Attachment, Case.ref)
        .join(Case, Case.id == Attachment.case_id)
        .where(Attachment.person_id == case.person_id)
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


def _others(session: Session, actor: Actor, case: Case) -> tuple[OtherCase, ...]:
    rows = session.execute(
        select(
            Case.ref,
            Case.profession,
            Case.business,
            Case.specialty,
            Case.status,
            Case.employer_name,
            Case.created_at,
        )
        .where(
            Case.person_id == case.person_id,
            Case.id != case.id,
            scope(actor).condition(Case),
            Case.status.not_in([Status.DRAFT, Status.DISCARDED]),
        )
        .order_by(Case.id.desc())
        .limit(50)
    )
    return tuple(OtherCase(*row) for row in rows)


def _registrations(session: Session, case: Case, today: date) -> tuple[Entry, ...]:
    rows = session.scalars(
        select(Registration)
        .options(joinedload(Registration.employer))
        .where(Registration.person_id == case.person_id)
        .order_by(Registration.id)
    )
    return tuple(
        Entry(
            id=row.id,
            number=row.number,
            seal_number=row.seal_number,
            profession=row.profession,
            specialty=row.specialty,
            specialty2=row.specialty2,
            person_name=row.person_name,
            id_number=case.person.id_number,
            employer_name=row.employer.name,
            province=row.employer.province,
            status=standing(row.status, row.valid_to, today).value,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rows
    )


def _flags(session: Session, case: Case) -> tuple[Flag, ...]:
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
        )
        for row, counterpart in rows
    )


def _opinions(session: Session, case: Case) -> tuple[Opinion, ...]:
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


def _corrections(session: Session, case: Case) -> tuple[Asked, ...]:
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


def _passages(session: Session, case: Case) -> list[Passage]:
    rows = session.execute(
        select(Event.before, Event.after, Event.at)
        .where(Event.case_id == case.id, Event.after.is_not(None))
        .order_by(Event.id)
    )
    return [Passage(row.before, row.after or "", row.at) for row in rows]


def _employer(session: Session, case: Case) -> EmployerCard:
    employer = case.employer
    registered = session.scalar(
        select(func.count()).where(
            Registration.employer_id == employer.id, Registration.status == "active"
        )
    )
    open_cases = session.scalar(
        select(func.count()).where(Case.employer_id == employer.id, Case.is_open)
    )
    return EmployerCard(
        name=employer.name,
        credit_code=employer.credit_code,
        legal_rep=employer.legal_rep,
        province=employer.province,
        city=employer.city,
        address=employer.address,
        status=employer.status,
        status_reason=employer.status_reason,
        verified_at=employer.verified_at,
        qualifications=tuple((item.number, item.valid_to) for item in employer.qualifications),
        registered=registered or 0,
        open_cases=open_cases or 0,
    )
