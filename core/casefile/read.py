"""The case file: everything an officer reads on one page, as frozen rows, in few queries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core import catalogue
from core.access.actors import Actor
from core.access.scope import CASE, may_see, require_seen
from core.casefile import contents, surroundings
from core.casefile.rows import (
    CaseFile,
    CheckLine,
    Line,
)
from core.casefile.timeline import timeline
from core.cases.context import CaseContext
from core.cases.procedure import context_of
from core.catalogue.rulebooks import is_current, rulebook_of
from core.catalogue.types import Field, Subject
from core.checks import case_checks
from core.checks.findings import Finding
from core.errors import NotFound
from core.model import (
    AccessLog,
    Case,
    User,
    Verdict,
)
from core.register.search import Entry
from core.review.verdicts import checklist_stage
from core.text import Text, same
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage
from core.workflow import clocks
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
    registrations, elsewhere = surroundings.registrations(session, actor, case, context.today)
    pictures, other_photos = contents.pictures(session, actor, case)
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
        employer=surroundings.employer(session, case),
        clock=case.clock,
        clock_started_on=clock.started_on if clock else None,
        clock_days=clock.days + clock.extension_days if clock else 0,
        due_on=case.due_on,
        paused_on=clock.paused_on if clock else None,
        pause_reason=clocks.reason_of(session, clock) if clock and clock.paused_on else "",
        filed_at=case.filed_at,
        received_at=case.received_at,
        holder=context.holder,
        rules=context.rulebook,
        rulebook_current=is_current(context.rulebook, case.profession, case.business),
        stage=checklist_stage(context.status),
        lines=_lines(case, registrations),
        checklist=_checklist(session, case, context),
        pictures=pictures,
        other_photos=other_photos,
        others=surroundings.others(session, actor, case),
        registrations=registrations,
        registrations_elsewhere=elsewhere,
        flags=contents.flags(session, actor, case, now),
        opinions=contents.opinions(session, case),
        corrections=contents.corrections(session, case),
        nodes=timeline(case.profession, context.status, contents.passages(session, case)),
        offers=available(actor, context),
    )


def findings_of(session: Session, actor: Actor, ref: str, now: datetime) -> tuple[Finding, ...]:
    """What the automatic checks say of case `ref` now. Raises NotFound."""
    case = find_case(session, actor, ref)
    return case_checks.check(session, case, rulebook_of(session, case.rulebook_id), now)


def note_opened(session: Session, actor: Actor, case_id: int, now: datetime) -> None:
    """Note that the actor opened the case: all reads of personal data are logged (domain H).

    Raises NotFound.
    """
    require_seen(session, actor, case_id)
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
