"""Anomalies planted on purpose: found soon after filing, told, answered, settled by the decision.

No scan exists yet, so flags are rows of ours; telling, appeals and settling are real commands. What
was approved has no open flag, and nothing was held against a person who was not told (domain G).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from core import clock
from core.anomalies import disposition
from core.appeals import procedure as appeals
from core.appeals.transitions import AppealAction
from core.demo import hours
from core.demo.courses import Course
from core.demo.insurance import MONTHS, SOURCE
from core.demo.settling import appeal_of, open_flags
from core.demo.types import BOOK, Planted
from core.model import Anomaly, AnomalyCase, Case, Employer, Registration
from core.vocabulary.anomalies import AnomalyStatus
from core.vocabulary.appeals import AppealStatus
from core.vocabulary.cases import Status
from core.vocabulary.register import RegistrationStatus
from core.workdays import counting

Record = dict[str, Any]
_BOOK: Final = BOOK["flags"]
_UNFILED = (Status.DRAFT, Status.FILED, Status.RETURNED, Status.DISCARDED)
_ANSWERS = ("insurance_consistent", "special_case", "corrected_by_cancellation")


def follow(
    course: Course, planted: Sequence[Planted], insured: Sequence[Record], since: int
) -> Iterator[int]:
    """Find what is `planted` on a case from `since` on, tell the person, have some of it answered.

    insured: rows of the months before the filing. Yields each moment at which it goes on.
    """
    session, rng, case = course.session, course.rng, course.case
    at = since + rng.randrange(1800, 7200)
    yield at
    if case.decided_at is not None:
        return
    for each in planted:
        _flag(course, each, insured, hours.aware(at))
    if rng.random() > 0.7 or course.reported is None:
        return
    at += rng.randrange(600, 3600)
    yield at
    if not case.is_open:
        return
    officer, now = course.bench.reviewer(rng, at, case.profession), hours.aware(at)
    for anomaly in open_flags(session, case.id):
        if anomaly.shown_at is None:  # each may be answered within ten working days
            disposition.show(session, officer, case.id, anomaly.id, now=now)
            appeals.open_appeal(session, officer, anomaly.id, now)
    if rng.random() > 0.7:
        return
    at = hours.waking(rng, at, 0.2, 4)
    yield at
    person, now = course.filing.person.actor, hours.aware(at)
    for anomaly in open_flags(session, case.id):
        row = appeal_of(session, anomaly)
        if row is not None and row.status == AppealStatus.PENDING:
            row.answer, said = rng.choice(_ANSWERS), rng.choice(_BOOK["statements"])
            appeals.perform(session, person, row.id, AppealAction.ANSWER, now=now, reason=said)


def _flag(course: Course, planted: Planted, insured: Sequence[Record], now: datetime) -> None:
    """Raise a flag on the case and the other one concerned."""
    session, person, number = course.session, course.filing.person, course.case.id
    other = planted.other if planted.other is not person else None
    # A case that is decided is left alone: what was approved has no open flag.
    undecided = select(Case.id).where(Case.is_open, Case.decided_at.is_(None))
    if planted.beside is not None:
        theirs = undecided.where(Case.id == planted.beside)
    else:
        whose = other.row.id if other else 0
        theirs = undecided.where(Case.person_id == whose, Case.status.not_in(_UNFILED))
    touched = [*session.scalars(theirs.order_by(Case.id.desc()).limit(1)), number]
    by_insurance = planted.rule.startswith("R")
    anomaly = Anomaly(
        kind="insurance" if by_insurance else "duplicate",
        rule=planted.rule,
        severity=_BOOK["rules"][planted.rule]["severity"],
        person_id=person.row.id,
        counterpart_id=other.row.id if other else None,
        status=AnomalyStatus.OPEN.value,
        evidence=_evidence(course, planted, insured, touched),
        source=SOURCE if by_insurance or planted.rule == "D9" else "演示注册库",
        as_of=clock.day_of(now),
        found_at=now,
    )
    session.add(anomaly)
    session.flush()
    session.add_all(AnomalyCase(anomaly_id=anomaly.id, case_id=each) for each in touched)
    session.flush()
    for each in touched:
        disposition.recount(session, each)
        session.expire(session.get_one(Case, each), ["flags_block", "flags_other"])


def _evidence(
    course: Course, planted: Planted, insured: Sequence[Record], touched: list[int]
) -> dict[str, Any]:
    session, filing = course.session, course.filing
    person, company, other = filing.person.row, filing.company.row, planted.other
    if planted.rule.startswith("R"):
        this = clock.day_of(course.case.created_at).replace(day=1)
        months = [counting.add_months(this, -back) for back in range(MONTHS, 0, -1)]
        return {
            "employer": {"name": company.name, "credit_code": company.credit_code},
            "months": [month.isoformat()[:7] for month in months],
            "records": [
                {"month": row["month"].isoformat()[:7], "payer": row["payer_name"]}
                | {key: row[key] for key in ("payer_code", "fund_payer_code")}
                for row in insured
            ],
        }
    if other is not None:
        people = {each.id: each for each in (other.row, person)}
        return {
            "shared": _BOOK["rules"][planted.rule]["shared"],
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
