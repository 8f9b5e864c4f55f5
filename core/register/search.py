"""Reads of the register: search and one registration with its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import scope
from core.errors import NotFound
from core.identifiers import mask_id, name_key, normalise_id
from core.model import (
    Case,
    Employer,
    Person,
    Registration,
    RegistrationChange,
)
from core.text import Text
from core.vocabulary.register import RegistrationStatus

REGISTRATION = Text("注册记录", "The registration")
PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What to look for; empty values do not restrict."""

    query: str = ""
    profession: str = ""
    specialty: str = ""
    status: str = ""
    province: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One registration as a list shows it; the ID number is masked unless the role may see it."""

    id: int
    number: str
    seal_number: str
    profession: str
    specialty: str
    specialty2: str
    person_name: str
    id_number: str
    employer_name: str
    province: str
    status: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class RegisterPage:
    rows: tuple[Entry, ...]
    total: int
    page: int
    pages: int


def _columns() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Registration.id,
            Registration.number,
            Registration.seal_number,
            Registration.profession,
            Registration.specialty,
            Registration.specialty2,
            Registration.person_name,
            Person.id_number,
            Employer.name.label("employer_name"),
            Employer.province,
            Registration.status,
            Registration.valid_from,
            Registration.valid_to,
        )
        .join(Person, Person.id == Registration.person_id)
        .join(Employer, Employer.id == Registration.employer_id)
    )


class ScopeColumns:
    """A registration, joined with its employer, as `Scope.condition` looks at it."""

    profession = Registration.profession
    province = Employer.province
    person_id = Registration.person_id
    employer_id = Registration.employer_id


def seen_entries(actor: Actor) -> ColumnElement[bool]:
    """Which registrations the actor may see, in a statement joined with their employers."""
    return scope(actor, Permission.REGISTER_READ).condition(ScopeColumns)


def _entry(row: Any, actor: Actor) -> Entry:
    values = row._asdict()
    if not actor.may(Permission.PERSONAL_DATA):
        values["id_number"] = mask_id(values["id_number"])
    return Entry(**values)


def _conditions(actor: Actor, wanted: RegisterFilter) -> list[Any]:
    found: list[Any] = [seen_entries(actor)]
    for column, value in (
        (Registration.profession, wanted.profession),
        (Registration.specialty, wanted.specialty),
        (Registration.status, wanted.status),
        (Employer.province, wanted.province),
    ):
        if value:
            found.append(column == value)
    text = wanted.query.strip().replace("\x00", "")
    if text:
        key = name_key(text)
        alternatives = [
            Registration.number == text.upper(),
            Registration.seal_number == text.upper(),
            Registration.person_name.startswith(text, autoescape=True),
            Registration.person_id.in_(
                select(Person.id).where(Person.name_key.startswith(key, autoescape=True))
            ),
            Registration.employer_id.in_(
                select(Employer.id).where(Employer.name.contains(text, autoescape=True))
            ),
        ]
        if actor.may(Permission.PERSONAL_DATA):
            alternatives.append(
                Registration.person_id.in_(
                    select(Person.id).where(Person.id_number == normalise_id(text))
                )
            )
        found.append(or_(*alternatives))
    return found


def search_register(session: Session, actor: Actor, wanted: RegisterFilter) -> RegisterPage:
    """One page of the register, newest registrations first.

    Raises NotPermitted. A province sees its own employers' people only.
    """
    actor.require(Permission.REGISTER_READ)
    conditions = _conditions(actor, wanted)
    counting = select(func.count(Registration.id)).where(*conditions)
    if scope(actor, Permission.REGISTER_READ).province is not None or wanted.province:
        counting = counting.join(Employer, Employer.id == Registration.employer_id)
    total = session.scalar(counting) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    rows = session.execute(
        _columns()
        .where(*conditions)
        .order_by(Registration.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return RegisterPage(tuple(_entry(row, actor) for row in rows), total, page, pages)


@dataclass(frozen=True, slots=True)
class Change:
    """What one case did to a registration."""

    effect: str
    case_ref: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """A registration with all that changed it and the people's other registrations.

    elsewhere: how many more the person holds that the reader may not see.
    """

    entry: Entry
    first_registered_on: date
    issue: int
    qualification_certificate: str
    ended_on: date | None
    end_reason: str
    changes: tuple[Change, ...]
    others: tuple[Entry, ...]
    elsewhere: int


def read_registration(session: Session, actor: Actor, number: str, profession: str) -> Record:
    """One registration by its number.

    Raises NotPermitted, NotFound (also for a foreign province).
    """
    actor.require(Permission.REGISTER_READ)
    row = session.scalars(
        select(Registration).where(
            Registration.profession == profession, Registration.number == number
        )
    ).one_or_none()
    if row is None:
        raise NotFound(what=REGISTRATION)
    theirs = Registration.person_id == row.person_id
    entries = [
        _entry(item, actor)
        for item in session.execute(_columns().where(theirs, seen_entries(actor)))
    ]
    own = next((entry for entry in entries if entry.id == row.id), None)
    if own is None:
        raise NotFound(what=REGISTRATION)
    held = session.scalar(select(func.count(Registration.id)).where(theirs)) or 0
    changes = session.execute(
        select(RegistrationChange, Case.ref)
        .join(Case, Case.id == RegistrationChange.case_id)
        .where(RegistrationChange.registration_id == row.id)
        .order_by(RegistrationChange.id)
    ).all()
    return Record(
        entry=own,
        first_registered_on=row.first_registered_on,
        issue=row.issue,
        qualification_certificate=row.qualification_certificate,
        ended_on=row.ended_on,
        end_reason=row.end_reason,
        changes=tuple(
            Change(item.effect, ref, item.before, item.after, item.changed_at)
            for item, ref in changes
        ),
        others=tuple(entry for entry in entries if entry.id != row.id),
        elsewhere=held - len(entries),
    )


def standing(status: str, valid_to: date, today: date) -> RegistrationStatus:
    """The state to show: an active registration whose term has run out reads as expired."""
    known = RegistrationStatus(status)
    lapsed = known is RegistrationStatus.ACTIVE and valid_to < today
    return RegistrationStatus.EXPIRED if lapsed else known
