"""Scripts carried out through the commands of the product, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from heapq import heappop, heappush
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core import catalogue
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.demo import forms, insurance, planted_anomalies
from core.demo.bench import Bench
from core.demo.cast import Company
from core.demo.hours import aware
from core.demo.reasons_by_stage import stage_reasons, variant_of
from core.demo.types import Script, Step, StepKind
from core.employers import procedure as employers
from core.employers.transitions import EMPLOYER_ACTION_LABELS, EmployerAction
from core.filing import opening
from core.identifiers import name_key
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

_COMPANY = (
    *("id", "name", "credit_code", "legal_rep", "province", "city", "address"),
    *("handler_name", "handler_phone"),
)
_PERSON = (
    *("id", "name", "id_number", "born_on", "phone", "ethnicity", "school", "major"),
    *("education", "degree", "title"),
)
_FOUNDED = 86_400 * 365 * 40  # a moment long before the first case
_NEW = frozenset({EmployerStatus.UNVERIFIED, EmployerStatus.RETURNED})
_LOST = {
    EmployerStatus.SUSPENDED: EmployerAction.SUSPEND,
    EmployerStatus.BANKRUPT: EmployerAction.RECORD_BANKRUPTCY,
    EmployerStatus.REVOKED: EmployerAction.RECORD_REVOCATION,
}


def found(session: Session, companies: Iterable[Company], bench: Bench) -> None:
    """Put the companies in place, verified or returned by their provinces but for the new ones."""
    at = aware(_FOUNDED)
    for company in companies:
        session.add(
            Employer(
                **{name: getattr(company, name) for name in _COMPANY},
                industry=company.kind,
                verification_method="" if company.status in _NEW else "window",
                status=EmployerStatus.UNVERIFIED.value,
                created_at=at,
            )
        )
        session.flush()
        held = {"number": company.qualification, "valid_to": company.qualified_until}
        session.add(EmployerQualification(employer_id=company.id, industry=company.kind, **held))
        session.flush()

        if company.status is EmployerStatus.RETURNED:
            act(session, company, bench, EmployerAction.RETURN, at)
        elif company.status is not EmployerStatus.UNVERIFIED:
            act(session, company, bench, EmployerAction.VERIFY, at)


def close(session: Session, companies: Iterable[Company], bench: Bench, now: datetime) -> None:
    """Some employers lose their standing in the end."""
    for company in companies:
        if company.status in _LOST:
            act(session, company, bench, _LOST[company.status], now)


def act(
    session: Session, company: Company, bench: Bench, action: EmployerAction, now: datetime
) -> None:
    """Have the province of an employer take `action`."""
    reason = EMPLOYER_ACTION_LABELS[action].zh
    officer = bench.province(company.province)
    employers.perform(session, officer, company.id, action, now=now, reason=reason)


def play(session: Session, scripts: Iterable[Script], bench: Bench, until: int) -> Iterator[int]:
    """Carry out `scripts` (in order of opening) up to `until`, all of them side by side.

    Yields the number of cases opened so far, after each; the caller may commit there. Raises what
    the commands raise.
    """
    waiting: list[tuple[int, int, int, Script]] = []
    # The session forgets what nobody holds and would read it again for every step.
    kept: dict[int, Case] = {}
    companies = session.scalars(select(Employer)).all()
    assert companies, "the companies come first"

    def go_on(moment: int) -> None:
        while waiting and waiting[0][0] <= moment:
            _, number, place, script = heappop(waiting)
            _take(session, script, script.steps[place], bench)
            wait(number, place + 1, script)

    def wait(number: int, place: int, script: Script) -> None:
        if place < len(script.steps):
            heappush(waiting, (script.steps[place].at, number, place, script))
        else:
            kept.pop(number, None)

    for script in scripts:
        go_on(script.opened)
        kept[script.number] = _open(session, script)
        wait(script.number, 0, script)
        yield script.number
    go_on(until)


def _enter(session: Session, script: Script) -> Person:
    person = script.filing.person
    row = Person(
        **{name: getattr(person, name) for name in _PERSON},
        name_key=name_key(person.name),
        sex=person.sex.value,
        graduated_on=person.graduated_on.isoformat(),
        created_at=aware(script.opened),
    )
    session.add(row)
    session.flush()
    return row


def _open(session: Session, script: Script) -> Case:
    filing, at = script.filing, aware(script.opened)
    person = filing.person
    row = _enter(session, script) if filing.new_person else session.get_one(Person, person.id)
    form = script.form
    if filing.acts_on:
        held = opening.registration_for(
            session, person.id, filing.profession, filing.business, filing.specialties
        )
        if held is not None:
            form = forms.completed(form, held.number, held.seal_number, held.valid_to.isoformat())
    with catalogue.installed(variant_of(script.variant)):
        case = opening.open_case(
            session,
            person.actor,
            profession=filing.profession,
            business=filing.business,
            specialties=filing.specialties,
            person=row,
            employer=session.get_one(Employer, filing.company.id),
            form=form,
            channel=Channel(script.channel),
            now=at,
        )
    assert case.id == script.number, "cases are numbered in the order of the scripts"
    if script.insured:
        common: dict[str, Any] = {"id_number": person.id_number, "kinds": insurance.KINDS}
        common |= {"source": insurance.SOURCE, "as_of": at.date()}
        months = [{**month._asdict(), **common} for month in script.insured]
        session.execute(insert(InsuranceRecord), months)
    if script.pictures:
        common = {"case_id": case.id, "person_id": person.id, "added_at": at}
        pictures = [{**picture._asdict(), **common} for picture in script.pictures]
        session.execute(insert(Attachment), pictures)
    return case


def _take(session: Session, script: Script, step: Step, bench: Bench) -> None:
    now, number = aware(step.at), script.number
    match step.kind:
        case StepKind.CLAIM:
            claiming.claim(session, step.actor, number, now)
        case StepKind.JUDGE:
            _judge(session, script, step)
        case StepKind.ANSWER:
            _answer(session, number, step.words)
        case StepKind.NOTE:
            notes.write_note(session, step.actor, number, step.words, now)
        case StepKind.FLAG:
            planted_anomalies.flag(session, script, step)
        case StepKind.SHOW:
            planted_anomalies.show(session, script, step)
        case StepKind.APPEAL:
            planted_anomalies.answer(session, script, step)
        case _:
            case = session.get_one(Case, number)
            if step.kind in planted_anomalies.SETTLED_BEFORE and (
                case.flags_block or case.flags_other
            ):
                officers = [step.actor, *(officer.actor for officer in bench.reviewers[1:4])]
                planted_anomalies.settle(session, script, officers, now)
            action = Action(step.kind)
            perform(
                session, step.actor, number, action, now=now, reason=step.words, codes=step.codes
            )


def _answer(session: Session, number: int, words: str) -> None:
    round_of = select(Correction).where(
        Correction.case_id == number, Correction.answered_at.is_(None)
    )
    for item in session.scalars(round_of).one().items:
        item.answer = words
    session.flush()


def _judge(session: Session, script: Script, step: Step) -> None:
    now, number = aware(step.at), script.number
    judge = partial(verdicts.give_verdict, session, step.actor, number, now=now)
    for fail in step.fails:
        judge(fail.check, outcome=Outcome.FAIL, reasons=fail.reasons, note=fail.note)
    for key in _not_judged(session, script, step.moot):
        judge(key, outcome=Outcome.NOT_APPLICABLE)
    verdicts.pass_the_rest(session, step.actor, number, now=now)


def _not_judged(session: Session, script: Script, keys: Sequence[str]) -> list[str]:
    """Those of `keys` that are on the list of the desk and have no verdict yet."""
    case, filing = session.get_one(Case, script.number), script.filing
    stage = verdicts.checklist_stage(Status(case.status))
    rules = stage_reasons(script.variant, filing.profession, filing.business).rules
    listed = {check.key for check in rules.checks_at(stage)} & set(keys) if stage else set()
    if listed:
        listed -= set(
            session.scalars(
                select(Verdict.check_key).where(
                    Verdict.case_id == script.number, Verdict.stage == stage
                )
            )
        )
    return sorted(listed)
