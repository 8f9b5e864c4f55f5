"""Numbers: case references, registration numbers, seal numbers (domain C)."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.catalogue.types import Profession, Specialty
from core.model import Counter, Employer


def case_ref(case_id: int, year: int) -> str:
    """Case number: year and nine digits, e.g. 2026000001234."""
    return f"{year}{case_id:09d}"


def draw(session: Session, name: str) -> int:
    """The next number of a series: no gaps, no doubles.

    The counter row stays locked until commit, so a number drawn by a transaction that fails is
    given out again.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(Counter).values(name=name, value=0).on_conflict_do_nothing())
    counter = session.scalars(
        select(Counter)
        .where(Counter.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    counter.value += 1
    session.flush()
    return counter.value


def registration_number(
    session: Session, profession: Profession, specialty: Specialty | None, day: date, region: str
) -> str:
    """The next 注册号: specialty letters, year, region and serial as the profession prescribes.

    day: day of first registration; region: two-digit code of the employer's province.
    """
    parts = {
        "letters": specialty.letters if specialty else "",
        "year": f"{day:%y}",
        "region": region,
    }
    serial = draw(session, "number:" + profession.serial_scope.format(**parts))
    return profession.number_pattern.format(**parts, serial=f"{serial:0{profession.serial_width}d}")


def enterprise_code(employer: Employer, qualification_number: str) -> str:
    """The enterprise's unique code in seal numbers, taken from its 资质证书号 (domain C, DQBH).

    A qualification number is a letter, a grade digit and seven digits that name the enterprise
    (A1 6100371 0 → 6100371). An employer without one ("无") gets its province and the last five
    digits of its credit code's registration number.
    """
    match = re.fullmatch(r"[A-Z]\d(\d{7})\d*", qualification_number)
    if match:
        return match.group(1)
    digits = re.sub(r"\D", "", employer.credit_code[8:17])
    return f"{employer.province}{digits[-5:]:0>5}"


def seal_number(
    session: Session,
    profession: Profession,
    specialty: Specialty | None,
    employer: Employer,
    qualification_number: str,
) -> str:
    """The next 执业印章号 at an employer, or "" where the profession's seals carry none."""
    if profession.seal_pattern is None:
        return ""
    enterprise = enterprise_code(employer, qualification_number)
    letters = specialty.letters if specialty else ""
    serial = draw(session, f"seal:{profession.key}:{enterprise}:{letters}")
    return profession.seal_pattern.format(enterprise=enterprise, letters=letters, serial=serial)
