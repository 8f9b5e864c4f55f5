"""Scripts carried out through the real commands: slow, and the measure of `core.demo.bulk`."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heappop, heappush

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core import catalogue
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.catalogue.rulebooks import rulebook_of
from core.demo import forms, insurance
from core.demo.books import Books
from core.demo.cast import Cast, Company
from core.demo.hours import aware
from core.demo.shapes import (
    ANSWER,
    CLAIM,
    JUDGE,
    NOTE,
    Script,
    Step,
)
from core.filing import opening
from core.model import (
    Attachment,
    Case,
    Correction,
    Employer,
    EmployerQualification,
    InsuranceRecord,
    Person,
    Verdict,
)
from core.review import notes, verdicts
from core.vocabulary.cases import Channel, Status
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage

_FOUNDED = 86_400 * 365 * 40  # a moment long before the first case


def found(session: Session, cast: Cast) -> None:
    """Put the companies in place, as they stood before the first of them lost its standing."""
    for company in cast.companies:
        session.add(employer_row(company))
        session.flush()
        session.add(
            EmployerQualification(
                employer_id=company.id,
                number=company.qualification,
                industry=company.kind,
                valid_to=company.qualified_until,
            )
        )
    session.flush()


def employer_row(company: Company) -> Employer:
    """A company as the register of employers knows it at first."""
    verified = company.status not in {EmployerStatus.UNVERIFIED, EmployerStatus.RETURNED}
    return Employer(
        id=company.id,
        name=company.name,
        credit_code=company.credit_code,
        legal_rep=company.legal_rep,
        province=company.province,
        city=company.city,
        address=company.address,
        industry=company.kind,
        handler_name=company.handler_name,
        handler_phone=company.handler_phone,
        verification_method="window" if verified else "",
        status=(EmployerStatus.VERIFIED if verified else company.status).value,
        verified_at=aware(_FOUNDED) if verified else None,
        created_at=aware(_FOUNDED),
    )


def play(session: Session, scripts: Iterable[Script], books: Books, until: int) -> None:
    """Carry out `scripts` (given in order of opening) up to `until`, all of them side by side.

    In the caller's transaction. Raises what the commands raise.
    """
    waiting: list[tuple[int, int, int, Script]] = []

    def go_on(moment: int) -> None:
        while waiting and waiting[0][0] <= moment:
            _, number, place, script = heappop(waiting)
            _take(session, script, script.steps[place])
            wait(number, place + 1, script)

    def wait(number: int, place: int, script: Script) -> None:
        if place < len(script.steps):
            heappush(waiting, (script.steps[place].at, number, place, script))

    for script in scripts:
        go_on(script.opened)
        _open(session, script, books)
        wait(script.number, 0, script)
    go_on(until)


def _open(session: Session, script: Script, books: Books) -> None:
    person, at = script.person, aware(script.opened)
    if script.new_person:
        session.add(
            Person(
                id=person.id,
                name=person.name,
                name_key=person.key,
                id_number=person.id_number,
                sex=person.sex.value,
                born_on=person.born_on,
                phone=person.phone,
                ethnicity=person.ethnicity,
                school=person.school,
                major=person.major,
                education=person.education,
                degree=person.degree,
                graduated_on=person.graduated_on.isoformat(),
                title=person.title,
                created_at=at,
            )
        )
        session.flush()
    form = script.form
    if script.acts_on:
        held = opening.registration_for(
            session, person.id, script.profession, script.business, script.specialties
        )
        if held is not None:
            form = forms.completed(form, held.number, held.seal_number, held.valid_to.isoformat())
    with catalogue.installed(books.catalogues[script.variant]):
        case = opening.open_case(
            session,
            person.actor,
            profession=script.profession,
            business=script.business,
            specialties=script.specialties,
            person=session.get_one(Person, person.id),
            employer=session.get_one(Employer, script.company.id),
            form=form,
            channel=Channel(script.channel),
            now=at,
        )
    assert case.id == script.number, "cases are numbered in the order of the scripts"
    for row in script.insured:
        session.execute(
            insert(InsuranceRecord).values(
                **row._asdict(),
                id_number=person.id_number,
                kinds=insurance.KINDS,
                source=insurance.SOURCE,
                as_of=at.date(),
            )
        )
    for picture in script.pictures:
        session.add(
            Attachment(**picture._asdict(), case_id=case.id, person_id=person.id, added_at=at)
        )
        session.flush()


def _take(session: Session, script: Script, step: Step) -> None:
    now, number = aware(step.at), script.number
    match step.kind:
        case "claim":
            assert step.kind == CLAIM
            claiming.claim(session, step.actor, number, now)
        case "judge":
            assert step.kind == JUDGE
            _judge(session, number, step)
        case "answer":
            assert step.kind == ANSWER
            for item in (
                session.scalars(
                    select(Correction).where(
                        Correction.case_id == number, Correction.answered_at.is_(None)
                    )
                )
                .one()
                .items
            ):
                item.answer = step.words
            session.flush()
        case "note":
            assert step.kind == NOTE
            notes.write_note(session, step.actor, number, step.words, now)
        case _:
            perform(
                session,
                step.actor,
                number,
                Action(step.kind),
                now=now,
                reason=step.words,
                codes=step.codes,
            )


def _judge(session: Session, number: int, step: Step) -> None:
    now, case = aware(step.at), session.get_one(Case, number)
    stage = verdicts.checklist_stage(Status(case.status))
    for fail in step.fails:
        verdicts.give_verdict(
            session,
            step.actor,
            number,
            fail.check,
            outcome=Outcome.FAIL,
            reasons=fail.reasons,
            note=fail.note,
            now=now,
        )
    for key in step.moot:
        if stage is not None and not _judged(session, number, stage, key):
            verdicts.give_verdict(
                session, step.actor, number, key, outcome=Outcome.NOT_APPLICABLE, now=now
            )
    verdicts.pass_the_rest(session, step.actor, number, now=now)


def _judged(session: Session, number: int, stage: Stage, key: str) -> bool:
    """Whether the item has its verdict at this desk, or is not on the desk's list at all."""
    rules = rulebook_of(session, session.get_one(Case, number).rulebook_id)
    if all(check.key != key for check in rules.checks_at(stage)):
        return True
    return (
        session.scalar(
            select(Verdict.outcome).where(
                Verdict.case_id == number, Verdict.stage == stage, Verdict.check_key == key
            )
        )
        is not None
    )
