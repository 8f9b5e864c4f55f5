"""Filing: how a case comes to be, whichever side of the counter it was made on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import catalogue, clock
from core.access.actors import Actor
from core.audit import history
from core.catalogue import rulebooks
from core.catalogue.types import Effect
from core.errors import CoreError
from core.model import (
    Case,
    Employer,
    Person,
    Registration,
)
from core.register import numbers
from core.text import Text
from core.vocabulary.cases import Channel, Status
from core.vocabulary.register import RegistrationStatus


class NotOffered(CoreError):
    text = Text(
        "“{profession}”不办理“{business}”。",
        "“{business}” is not offered for “{profession}”.",
    )


class UnknownSpecialty(CoreError):
    text = Text(
        "“{specialty}”不是{profession}的注册专业。",
        "“{specialty}” is not a specialty of {profession}.",
    )


class SpecialtyClosed(CoreError):
    text = Text(
        "注册专业“{specialty}”暂未开放申报。", "The specialty “{specialty}” is not open for filing."
    )


class SpecialtyCount(CoreError):
    text = Text("须选择 1 至 {most} 个注册专业。", "Choose between 1 and {most} specialties.")


class NothingRegistered(CoreError):
    text = Text(
        "注册库中没有该人员本专业的{standing}注册，不能办理“{business}”。",
        "The register holds no {standing} registration of this person in this specialty, so "
        "“{business}” is not possible.",
    )


class RegisteredAlready(CoreError):
    text = Text(
        "您已有本专业的注册信息,不能重复申报。",
        "You are already registered in this specialty.",
    )


def check_specialties(profession_key: str, business: str, specialties: Sequence[str]) -> None:
    """Check that a service is offered for these specialties (domain C).

    Raises NotOffered, SpecialtyCount, UnknownSpecialty, SpecialtyClosed.
    """
    book = catalogue.current()
    profession = book.professions.get(profession_key)
    if profession is None or book.service(profession_key, business) is None:
        label = book.businesses[business].label if business in book.businesses else business
        raise NotOffered(
            profession=profession.label if profession else profession_key, business=label
        )
    if not profession.specialties:
        if specialties:
            raise UnknownSpecialty(specialty=specialties[0], profession=profession.label)
        return
    twice = any(key in specialties[:at] for at, key in enumerate(specialties))
    if twice or not 1 <= len(specialties) <= profession.max_specialties:
        raise SpecialtyCount(most=profession.max_specialties)
    for key in specialties:
        specialty = profession.specialty(key)
        if specialty is None:
            raise UnknownSpecialty(specialty=key, profession=profession.label)
        if not specialty.open and book.effect(business) is Effect.CREATE:
            raise SpecialtyClosed(specialty=specialty.label)


def registration_for(
    session: Session, person_id: int, profession_key: str, business: str, specialties: Sequence[str]
) -> Registration | None:
    """The registration that a filing acts on; None for a first registration.

    延续 also finds a cancelled one, which revives at its old employer (M4 §3.3 note 2), 注销 one
    that has expired (M.12).

    Raises RegisteredAlready for a first registration of a specialty already held, and
    NothingRegistered when there is nothing to change.
    """
    book = catalogue.current()
    profession = book.professions[profession_key]
    effect = book.effect(business)
    found = select(Registration).where(
        Registration.person_id == person_id, Registration.profession == profession_key
    )
    if profession.per_specialty:
        found = found.where(Registration.specialty == specialties[0])
    rows = session.scalars(found.order_by(Registration.valid_to.desc())).all()
    active = next((row for row in rows if row.status == RegistrationStatus.ACTIVE), None)
    if effect is Effect.CREATE:
        if active is not None:
            raise RegisteredAlready
        return None
    if active is None and effect is Effect.END:  # 有效期满未延续 is a listed reason (M.12)
        active = next((row for row in rows if row.status == RegistrationStatus.EXPIRED), None)
    if active is None and effect is Effect.EXTEND:
        active = next((row for row in rows if row.status == RegistrationStatus.CANCELLED), None)
    if active is None:
        raise NothingRegistered(
            business=book.businesses[business].label, standing=Text("有效", "active")
        )
    return active


def open_case(
    session: Session,
    actor: Actor,
    *,
    profession: str,
    business: str,
    specialties: Sequence[str],
    person: Person,
    employer: Employer,
    form: Mapping[str, Any],
    channel: Channel,
    now: datetime,
) -> Case:
    """Create the draft of a case, under the rulebook in force.

    form: the service's fields by key. Raises what `check_specialties` and `registration_for` raise.
    """
    check_specialties(profession, business, specialties)
    registration = registration_for(session, person.id, profession, business, specialties)
    first, second = (*specialties, "", "")[:2]
    case = Case(
        ref=secrets.token_hex(10),  # replaced below: the number holds the id
        profession=profession,
        business=business,
        specialty=first,
        specialty2=second,
        channel=channel.value,
        person_id=person.id,
        employer_id=employer.id,
        registration_id=registration.id if registration else None,
        rulebook_id=rulebooks.in_force(session, profession, business, now),
        form=dict(form),
        status=Status.DRAFT.value,
        is_open=True,
        forced=form.get("forced") == "yes",
        province=employer.province,
        person_name=person.name,
        employer_name=employer.name,
        seal_number=registration.seal_number if registration else "",
        created_at=now,
        changed_at=now,
    )
    session.add(case)
    session.flush()
    case.ref = numbers.case_ref(case.id, clock.local(now).year)
    session.flush()
    history.record(
        session,
        actor,
        "create",
        f"case:{case.id}",
        at=now,
        case_id=case.id,
        version=case.version_id,
        after=Status.DRAFT.value,
        detail={"ref": case.ref, "channel": channel.value, "form": dict(form)},
    )
    return case
