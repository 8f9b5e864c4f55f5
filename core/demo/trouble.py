"""Flags for what was planted: insurance that does not fit, people who look alike (domain G)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any, TypeVar

from sqlalchemy import case as sql_case, func, select, true, update
from sqlalchemy.orm import Session, load_only

from core.access.actors import Actor
from core.clock import day_of
from core.demo.flags import Desk
from core.demo.shapes import Pair, Trouble
from core.model import (
    Anomaly,
    AnomalyCase,
    Case,
    Employer,
    InsuranceRecord,
    Person,
    Registration,
)
from core.vocabulary.anomalies import AnomalyStatus, Severity
from core.vocabulary.cases import Status
from core.vocabulary.register import RegistrationStatus
from core.workdays import counting

_SHARED = {
    "D4": "phone",
    "D5": "qualification_certificate",
    "D6": "photo",
    "D7": "attachment",
    "D8": "name_and_birth_date",
    "D9": "name_in_insurance",
}
_UNFILED = (Status.DRAFT, Status.FILED, Status.RETURNED, Status.DISCARDED)
# What a flag goes by; a case has four times as many columns, one of them a whole form.
_SEEN = load_only(
    Case.status,
    Case.is_open,
    Case.person_id,
    Case.created_at,
    Case.filed_at,
    Case.decided_at,
    Case.closed_at,
)
_AT_ONCE = 400
_MOST_DOUBLES = 200
_T = TypeVar("_T")


def plant(
    session: Session, trouble: Trouble, rng: Random, officers: Sequence[Actor], now: datetime
) -> int:
    """Write every flag and appeal and count the open ones on the cases; returns how many flags."""
    desk = Desk(session, rng, officers, now)
    for some in _parts(trouble.insurance):
        _flag_insurance(session, desk, dict(some))
        desk.write()
    for pairs in _parts(trouble.pairs):
        _flag_pairs(session, desk, pairs)
        desk.write()
    _flag_twice_open(session, desk, trouble.beside)
    for rule in ("D1", "D2"):
        for person_id, cases, evidence in _several_employers(session, rule):
            desk.flag(rule, cases, person_id, evidence)
    desk.write()
    _count(session)
    return desk.flags


def _parts(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


def _flag_insurance(session: Session, desk: Desk, rules: dict[int, str]) -> None:
    """What the compared months say, beside the employer of the filing."""
    found = session.execute(
        select(Case, Person.id_number, Employer.name, Employer.credit_code)
        .join(Person, Person.id == Case.person_id)
        .join(Employer, Employer.id == Case.employer_id)
        .where(Case.id.in_(rules), Case.status.not_in(_UNFILED), Case.filed_at.is_not(None))
        .order_by(Case.id)
        .options(_SEEN)
    ).all()
    records: dict[str, list[InsuranceRecord]] = {}
    for row in session.scalars(
        select(InsuranceRecord)
        .where(InsuranceRecord.id_number.in_([id_number for _, id_number, _, _ in found]))
        .order_by(InsuranceRecord.month, InsuranceRecord.id)
    ):
        records.setdefault(row.id_number, []).append(row)
    for case, id_number, name, credit_code in found:
        day = day_of(case.created_at)
        months = [counting.add_months(day.replace(day=1), -back) for back in (2, 1)]
        evidence = {
            "employer": {"name": name, "credit_code": credit_code},
            "months": [month.isoformat()[:7] for month in months],
            "records": [
                {
                    "month": row.month.isoformat()[:7],
                    "payer": row.payer_name,
                    "payer_code": row.payer_code,
                    "fund_payer_code": row.fund_payer_code,
                }
                for row in records.get(id_number, ())
                if row.month in months
            ],
        }
        desk.flag(rules[case.id], [case], case.person_id, evidence)


def _flag_pairs(session: Session, desk: Desk, pairs: Sequence[Pair]) -> None:
    """People who share something, with the newest of their cases."""
    ids = {number for _, one, other, _ in pairs for number in (one, other)}
    people = {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(ids)))}
    filed: dict[int, list[Case]] = {}
    for case in session.scalars(
        select(Case).where(Case.person_id.in_(ids), Case.status.not_in(_UNFILED)).options(_SEEN)
    ):
        filed.setdefault(case.person_id, []).append(case)
    for rule, one, other, shared in pairs:
        concerned = sorted({one, other})
        touched = [case for number in concerned for case in filed.get(number, ())]
        touched.sort(key=lambda case: (not case.is_open, -case.id))
        if not touched:
            continue
        evidence = {
            "shared": _SHARED[rule],
            "value": shared,
            "people": [
                {
                    "name": people[number].name,
                    "id_number": people[number].id_number,
                    "born_on": people[number].born_on.isoformat(),
                    "phone": people[number].phone,
                }
                for number in concerned
            ],
        }
        desk.flag(rule, touched[:4], one, evidence, None if one == other else other)


def _flag_twice_open(
    session: Session, desk: Desk, beside: Sequence[tuple[int, str, tuple[str, ...]]]
) -> None:
    """People with two open applications for one specialty (domain G2, D3)."""
    for person_id, profession, specialties in beside:
        cases = session.scalars(
            select(Case)
            .where(
                Case.person_id == person_id,
                Case.profession == profession,
                Case.specialty == (specialties[0] if specialties else ""),
                Case.is_open,
            )
            .order_by(Case.id)
        ).all()
        if len(cases) > 1:
            evidence = {
                "cases": [
                    {
                        "ref": case.ref,
                        "business": case.business,
                        "specialty": case.specialty,
                        "employer": case.employer_name,
                        "status": case.status,
                    }
                    for case in cases
                ]
            }
            desk.flag("D3", cases, person_id, evidence)


def _several_employers(
    session: Session, rule: str
) -> Iterator[tuple[int, Sequence[Case], dict[str, Any]]]:
    """People registered at several employers at once (domain G2): in one profession for D1, across
    professions for D2.
    """
    across = rule == "D2"
    by = () if across else (Registration.profession,)
    doubles = session.execute(
        select(Registration.person_id, func.min(Registration.profession).label("profession"))
        .where(Registration.status == RegistrationStatus.ACTIVE)
        .group_by(Registration.person_id, *by)
        .having(
            func.count(Registration.employer_id.distinct()) > 1,
            func.count(Registration.profession.distinct()) > int(across),
        )
        .order_by(Registration.person_id)
        .limit(_MOST_DOUBLES)
    ).all()
    for person_id, profession in doubles:
        held = session.execute(
            select(Registration.number, Registration.specialty, Employer.name)
            .join(Employer, Employer.id == Registration.employer_id)
            .where(
                Registration.person_id == person_id,
                true() if across else Registration.profession == profession,
                Registration.status == RegistrationStatus.ACTIVE,
            )
            .order_by(Registration.id)
        ).all()
        cases = session.scalars(
            select(Case)
            .where(Case.person_id == person_id, Case.status.not_in(_UNFILED))
            .order_by(Case.is_open.desc(), Case.id.desc())
            .limit(3)
        ).all()
        if cases:
            registrations = [
                {"number": row.number, "specialty": row.specialty, "employer": row.name}
                for row in held
            ]
            yield person_id, cases, {"registrations": registrations}


def _count(session: Session) -> None:
    """Put the number of unresolved flags on the cases they touch."""
    blocks = func.sum(sql_case((Anomaly.severity == Severity.BLOCK, 1), else_=0))
    counts = session.execute(
        select(AnomalyCase.case_id, func.count(), blocks)
        .join(Anomaly, Anomaly.id == AnomalyCase.anomaly_id)
        .where(Anomaly.status.in_([AnomalyStatus.OPEN, AnomalyStatus.APPEALED]))
        .group_by(AnomalyCase.case_id)
    ).all()
    for case_id, total, blocking in counts:
        session.execute(
            update(Case)
            .where(Case.id == case_id)
            .values(
                flags_block=int(blocking),
                flags_other=total - int(blocking),
                version_id=Case.version_id,
            )
            .execution_options(synchronize_session=False)
        )
