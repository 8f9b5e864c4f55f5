"""Anomalies planted on purpose: found soon after filing, told, answered, settled by the decision.

No scan exists yet, so flags are rows of ours; telling, appeals and settling are real commands. What
was approved has no open flag, and nothing was held against a person who was not told (domain G).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import SYSTEM, Actor
from core.access.permissions import Permission
from core.anomalies import disposition
from core.appeals import procedure as appeals
from core.appeals.transitions import AppealAction
from core.cases.actions import Action
from core.demo import hours
from core.demo.bench import Bench
from core.demo.insurance import MONTHS, SOURCE
from core.demo.types import Planted, Script, Step, StepKind
from core.model import Anomaly, AnomalyCase, Appeal, Case, Employer, Registration
from core.vocabulary.anomalies import UNRESOLVED, AnomalyStatus, Severity
from core.vocabulary.appeals import AppealStatus as Course
from core.vocabulary.cases import Status
from core.vocabulary.register import RegistrationStatus
from core.workdays import counting

_SEVERITY = {
    **dict.fromkeys(("R1", "R2", "R3", "D2", "D6", "D9"), Severity.HIGH),
    **dict.fromkeys(("R4", "D4", "D7", "D8"), Severity.MEDIUM),
    **dict.fromkeys(("D1", "D3", "D5"), Severity.BLOCK),
    "R5": Severity.SIGNAL,
}
_SHARED = {
    "D4": "phone",
    "D5": "qualification_certificate",
    "D6": "photo",
    "D7": "attachment",
    "D8": "name_and_birth_date",
    "D9": "name_in_insurance",
}
_UNFILED = (Status.DRAFT, Status.FILED, Status.RETURNED, Status.DISCARDED)
_DISMISSED = (
    "已核实：缴费单位为聘用单位的分支机构，属同一法人。",
    "已核对身份证件及材料，情况属实。",
    "已与社保经办机构核实，系数据延迟。",
    "已电话核实，联系电话由单位统一登记。",
)
_CONFIRMED = ("经核实，社保由其他单位缴纳，申辩理由不成立。", "逾期未申辩，经核实属实。")
_STATEMENTS = (
    "社保由总公司统一缴纳，附证明。",
    "入职当月社保次月到账，现已缴纳。",
    "手机号为单位经办人代填，已更正。",
)
_UPHELD = (AppealAction.PROPOSE_UPHOLD, AppealAction.UPHOLD)
_DENIED = (AppealAction.PROPOSE_DENY, AppealAction.DENY)
_ANSWERS = ("insurance_consistent", "special_case", "corrected_by_cancellation")

SETTLED_BEFORE = frozenset(
    action.value
    for action in (
        *(Action.PROPOSE_APPROVAL, Action.PROPOSE_REJECTION, Action.CONCUR),
        *(Action.APPROVE, Action.REJECT, Action.REFUSE),
    )
)
"""Steps that wait until the case has no open flag."""


def plan(rng: Random, script: Script, bench: Bench) -> None:
    """Add to `script` the steps by which its planted anomalies are found, told and answered."""
    filed = next((step.at for step in script.steps if step.kind == Action.REPORT), None)
    last = script.steps[-1].at if script.steps else script.opened
    extra = []
    for planted in script.planted:
        if planted.rule == "D3":
            extra.append(Step(script.opened + 3600, StepKind.FLAG, SYSTEM, planted.rule))
        elif filed is not None:
            found = filed + rng.randrange(1800, 7200)
            extra.append(Step(found, StepKind.FLAG, SYSTEM, planted.rule))
            if rng.random() < 0.7:
                told = found + rng.randrange(600, 3600)
                officer = bench.reviewer(rng, told, script.filing.profession)
                extra.append(Step(told, StepKind.SHOW, officer))
                answered = hours.waking(rng, told, 0.2, 4)
                if rng.random() < 0.7 and answered < last:
                    extra.append(
                        Step(
                            answered,
                            StepKind.APPEAL,
                            script.filing.person.actor,
                            rng.choice(_STATEMENTS),
                        )
                    )
    if extra:
        script.steps[:] = sorted([*script.steps, *extra], key=lambda step: step.at)


def flag(session: Session, script: Script, step: Step) -> None:
    """Raise what was planted under the step's rule, on the case and the other one concerned."""
    planted = next(each for each in script.planted if each.rule == step.words)
    now, person = hours.aware(step.at), script.filing.person
    touched = [script.number] if planted.beside is None else [planted.beside, script.number]
    other = planted.other if planted.other is not person else None
    if other is not None:
        # A case that is decided is left alone: what was approved has no open flag.
        theirs = select(Case.id).where(
            Case.person_id == other.id,
            Case.is_open,
            Case.decided_at.is_(None),
            Case.status.not_in(_UNFILED),
        )
        touched += session.scalars(theirs.order_by(Case.id.desc()).limit(1))
    insured = planted.rule.startswith("R")
    anomaly = Anomaly(
        kind="insurance" if insured else "duplicate",
        rule=planted.rule,
        severity=_SEVERITY[planted.rule].value,
        person_id=person.id,
        counterpart_id=other.id if other else None,
        status=AnomalyStatus.OPEN.value,
        evidence=_evidence(session, script, planted, touched),
        source=SOURCE if insured or planted.rule == "D9" else "演示注册库",
        as_of=clock.day_of(now),
        found_at=now,
    )
    session.add(anomaly)
    session.flush()
    session.add_all(AnomalyCase(anomaly_id=anomaly.id, case_id=number) for number in touched)
    session.flush()
    for number in touched:
        disposition.recount(session, number)
        session.expire(session.get_one(Case, number), ["flags_block", "flags_other"])


def _evidence(
    session: Session, script: Script, planted: Planted, touched: list[int]
) -> dict[str, Any]:
    filing = script.filing
    person, company, other = filing.person, filing.company, planted.other
    if planted.rule.startswith("R"):
        this = date.fromordinal(hours.day_at(script.opened)).replace(day=1)
        months = [counting.add_months(this, -back) for back in range(MONTHS, 0, -1)]
        return {
            "employer": {"name": company.name, "credit_code": company.credit_code},
            "months": [month.isoformat()[:7] for month in months],
            "records": [
                {
                    "month": row.month.isoformat()[:7],
                    "payer": row.payer_name,
                    "payer_code": row.payer_code,
                    "fund_payer_code": row.fund_payer_code,
                }
                for row in script.insured
            ],
        }
    if other is not None:
        people = {each.id: each for each in (other, person)}
        return {
            "shared": _SHARED[planted.rule],
            "value": planted.value,
            "people": [
                {
                    "name": each.name,
                    "id_number": each.id_number,
                    "born_on": each.born_on.isoformat(),
                    "phone": each.phone,
                }
                for each in people.values()
            ],
        }
    if planted.rule == "D3":
        cases = session.scalars(select(Case).where(Case.id.in_(touched)).order_by(Case.id))
        names = ("ref", "business", "specialty", "status")
        return {
            "cases": [
                {**{name: getattr(case, name) for name in names}, "employer": case.employer_name}
                for case in cases
            ]
        }
    held = session.execute(
        select(Registration.number, Registration.specialty, Employer.name.label("employer"))
        .join(Employer, Employer.id == Registration.employer_id)
        .where(
            Registration.person_id == person.id, Registration.status == RegistrationStatus.ACTIVE
        )
    )
    specialty = filing.specialties[0] if filing.specialties else ""
    applied = {"number": "", "specialty": specialty, "employer": company.name}
    return {"registrations": [*(dict(row._mapping) for row in held), applied]}


def _open(session: Session, number: int) -> list[Anomaly]:
    found = (
        select(Anomaly)
        .join(AnomalyCase, AnomalyCase.anomaly_id == Anomaly.id)
        .where(AnomalyCase.case_id == number, Anomaly.status.in_(UNRESOLVED))
    )
    return list(session.scalars(found.order_by(Anomaly.id)))


def show(session: Session, script: Script, step: Step) -> None:
    """Tell the person of every flag; each may be answered within ten working days."""
    now = hours.aware(step.at)
    for anomaly in _open(session, script.number):
        if anomaly.shown_at is None:
            disposition.show(session, step.actor, script.number, anomaly.id, now=now)
            appeals.open_appeal(session, step.actor, anomaly.id, now)


def answer(session: Session, script: Script, step: Step) -> None:
    """The person answers every flag they were told of."""
    for anomaly in _open(session, script.number):
        if (row := _appeal_of(session, anomaly)) is not None and row.status == Course.PENDING:
            row.answer = Random(step.at).choice(_ANSWERS)
            now = hours.aware(step.at)
            appeals.perform(
                session, step.actor, row.id, AppealAction.ANSWER, now=now, reason=step.words
            )


def _appeal_of(session: Session, anomaly: Anomaly) -> Appeal | None:
    return session.scalars(select(Appeal).where(Appeal.anomaly_id == anomaly.id)).one_or_none()


def settle(session: Session, script: Script, officers: list[Actor], decided: datetime) -> None:
    """Confirm or dismiss every open flag of a case, with its appeal, just before it goes on."""
    now, steps = decided - timedelta(seconds=20), {step.kind for step in script.steps}
    likely = 0.8 if steps & {Action.REJECT.value, Action.REFUSE.value} else 0.15
    disposing = next(each for each in officers if each.may(Permission.ANOMALY_DISPOSE))
    for anomaly in _open(session, script.number):
        rng = Random(f"{script.number}-{anomaly.id}")
        confirmed = anomaly.shown_at is not None and rng.random() < likely
        reason = rng.choice(_CONFIRMED if confirmed else _DISMISSED)
        row = _appeal_of(session, anomaly)
        if row is not None and row.status == Course.SUBMITTED:
            looking = [each for each in officers if each.may(Permission.APPEAL_REVIEW)]
            done = _DENIED if confirmed else _UPHELD
            for action, officer in zip(done, dict.fromkeys(looking), strict=False):
                appeals.perform(session, officer, row.id, action, now=now, reason=reason)
        disposition.dispose(
            session, disposing, script.number, anomaly.id, confirmed=confirmed, reason=reason,
            now=now,
        )  # fmt: skip
    session.refresh(session.get_one(Case, script.number), ["flags_block", "flags_other"])
