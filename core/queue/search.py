"""One search box over cases: what was typed decides where it is looked up.

Recognised, in this order: an identity number (15 or 18 characters), a credit code, a case number or
its beginning (year and digits), a registration number, a seal number or its beginning; anything
else is part of a person's or an employer's name.

Nothing is matched against `cases` itself by pattern. The text is first resolved to the ids of
people, employers or registrations in narrow, indexed tables, and the cases are then found by those
ids, so the cost follows the number of hits and not the number of cases. A person's name is looked
up by its beginning (an index range); only when nobody is found so is it looked for inside names, a
scan of one narrow index that stops at `MOST` hits. Employers are few (their names are scanned).
Percent signs, underscores and NUL are ordinary characters here, never wild cards.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, literal, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import catalogue
from core.identifiers import name_key, normalise_credit_code, normalise_id
from core.model import (
    Case,
    Employer,
    EmployerChange,
    Person,
    Registration,
)

LONGEST = 60
"""Characters of the search text that are looked at."""

MOST = 500
"""People, and employers, that are named by id; a text with more is left to the database whole."""

_ID_NUMBER = re.compile(r"[0-9]{15}|[0-9]{17}[0-9X]")
_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")
_CASE_NUMBER = re.compile(r"(?:19|20)[0-9]{2,11}")
_CODE = re.compile(r"(?=.*[0-9])[0-9A-Z-]{4,40}")
_REF_DIGITS = 13
_NARROW = 10
_HIGHEST = 0x10FFFF


def tidy(text: str) -> str:
    """The search text without control characters and outer blanks, at most `LONGEST` long."""
    return "".join(c for c in text if c.isprintable()).strip()[:LONGEST]


def matching(session: Session, text: str) -> ColumnElement[bool]:
    """The condition on `Case` that the search text stands for; at most two small queries."""
    text = tidy(text)
    if not text:
        return true()
    code = normalise_credit_code(text)
    if _CODE.fullmatch(code):
        return _by_code(session, code)
    return _by_name(session, text)


def _by_code(session: Session, code: str) -> ColumnElement[bool]:
    if len(code) == _REF_DIGITS and _CASE_NUMBER.fullmatch(code):
        return Case.ref == code
    lookups: list[Select[str, int]] = [
        select(literal("registration"), Registration.id).where(
            Registration.profession.in_(list(catalogue.current().professions)),
            Registration.number == code,
        )
    ]
    if _ID_NUMBER.fullmatch(code):
        lookups.append(
            select(literal("person"), Person.id).where(Person.id_number == normalise_id(code))
        )
    if _CREDIT_CODE.fullmatch(code):
        lookups.append(select(literal("employer"), Employer.id).where(Employer.credit_code == code))
    found = [(kind, number) for kind, number in session.execute(union_all(*lookups))]
    if not found and _CASE_NUMBER.fullmatch(code):
        if len(code) < _NARROW:  # much of a year: better tried on what the other filters leave
            return func.substr(Case.ref, 1, len(code)) == code
        # The same as "begins with", in a form that every collation answers from the index.
        return Case.ref.between(code.ljust(_REF_DIGITS, "0"), code.ljust(_REF_DIGITS, "9"))
    ways = _cases_of(found)
    if not _ID_NUMBER.fullmatch(code):
        ways.append(select(Case.id).where(_begins(session, Case.seal_number, code)))
    return Case.id.in_(union_all(*ways)) if ways else false()


def _by_name(session: Session, text: str) -> ColumnElement[bool]:
    key = name_key(text)
    if not key:
        return false()
    begins = _begins(session, Person.name_key, key)
    employers = union_all(
        select(Employer.id).where(Employer.name.icontains(text, autoescape=True)),
        select(EmployerChange.employer_id).where(
            EmployerChange.field == "name", EmployerChange.before.icontains(text, autoescape=True)
        ),
    )
    narrow = len(key) > 1  # one character is a surname, not a part of a company's name
    found = _first(session, "person", select(Person.id).where(begins))
    if narrow:
        found += _first(session, "employer", employers)
        if not found:
            inside = Person.name_key.contains(key, autoescape=True)
            found = _first(session, "person", select(Person.id).where(inside))[:MOST]
    if len(found) > MOST:
        by_person = Case.person_id.in_(select(Person.id).where(begins))
        return by_person | Case.employer_id.in_(employers) if narrow else by_person
    ways = _cases_of(found)
    return Case.id.in_(union_all(*ways)) if ways else false()


def _first(session: Session, kind: str, ids: Any) -> list[tuple[str, int]]:
    """The first ids of a select, one more than `MOST` so that too many is seen."""
    return [(kind, number) for number in session.scalars(ids.limit(MOST + 1))]


def _cases_of(found: list[tuple[str, int]]) -> list[Select[int]]:
    """Selects of the ids of the cases that belong to what was found, each by its own index."""
    columns = {
        "person": Case.person_id,
        "employer": Case.employer_id,
        "registration": Case.registration_id,
    }
    return [
        select(Case.id).where(column.in_(sorted(ids)))
        for kind, column in columns.items()
        if (ids := {number for each, number in found if each == kind})
    ]


def _begins(session: Session, column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """`column` begins with `text`, so that an index answers it.

    SQLite compares byte by byte, where a range is exact; its LIKE folds case and so uses no index.
    PostgreSQL may sort by the rules of a language, where only LIKE is exact (its indexes for it are
    declared with `text_pattern_ops`).
    """
    if session.get_bind().dialect.name == "sqlite":
        last = ord(text[-1])
        if last < _HIGHEST:
            return (column >= text) & (column < text[:-1] + chr(last + 1))
    return column.startswith(text, autoescape=True)
