"""Taking one packet in: one transaction, the first transitions of any filing, its own moments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import Permission
from core.audit import history
from core.cases.actions import Action
from core.cases.commands import perform
from core.files import attachments
from core.filing import opening
from core.filing.columns import EMPLOYER, PERSON
from core.filing.forms import province_of
from core.filing.standing import employer_of, person_of
from core.identifiers import name_key
from core.intake.packet import Filing
from core.model import (
    Attachment,
    Case,
    Employer,
    EmployerQualification,
    Packet,
    Person,
)
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.roles import Role

_NAME_LENGTH = 60  # of an actor in the history


def take(session: Session, actor: Actor, packet: Filing, now: datetime) -> Case:
    """Take `packet` in: person and employer if new, the case, its pictures, filing and report.

    The case is filed, reported and received at the packet's moments, so that its clock runs from
    the stated receipt; the history also tells when it was taken in (`now`). A person or an employer
    on record stays as it is: what the packet says otherwise is kept in the case's form. A new
    employer awaits verification by its province, and until then nothing is approved at it.

    Raises NotPermitted and whatever `opening.open_case` and `perform` raise; the caller's
    transaction must then be undone.
    """
    actor.require(Permission.CASE_INTAKE)
    form = dict(packet.form)
    person = person_of(session, form) or _new_person(session, actor, form, now)
    employer = employer_of(session, form) or _new_employer(session, actor, form, now)
    case = opening.open_case(
        session,
        actor,
        profession=packet.profession,
        business=packet.business,
        specialties=packet.specialties,
        person=person,
        employer=employer,
        form=form,
        channel=packet.channel,
        now=packet.filed_at,
    )
    _attach(session, case, packet, now)
    applicant = Actor(
        None, person.name[:_NAME_LENGTH], frozenset({Role.APPLICANT}), person_id=person.id
    )
    handler = Actor(
        None, employer.name[:_NAME_LENGTH], frozenset({Role.EMPLOYER}), employer_id=employer.id
    )
    perform(session, applicant, case.id, Action.FILE, now=packet.filed_at)
    perform(
        session,
        handler,
        case.id,
        Action.REPORT,
        now=packet.reported_at,
        follow_at=packet.received_at,
    )
    session.add(
        Packet(
            key=packet.key,
            digest=packet.digest,
            case_id=case.id,
            taken_at=now,
            signed_by=packet.signed_by,
        )
    )
    history.record(
        session,
        actor,
        "take_in",
        f"case:{case.id}",
        at=now,
        case_id=case.id,
        version=case.version_id,
        detail={
            "packet": packet.key,
            "digest": packet.digest,
            "signed_by": packet.signed_by,
            "channel": packet.channel.value,
            "promise": packet.promise,
            "conditions": list(packet.conditions),
            "files": {item.filename: item.facts.sha256 for item in packet.pictures},
        },
    )
    # Last, so that nothing is kept of a packet that is refused; still before the rows commit.
    for picture in packet.pictures:
        attachments.store(picture.load())
    return case


def _new_person(session: Session, actor: Actor, form: dict[str, Any], now: datetime) -> Person:
    values = {key: form[key] for key in PERSON if key in form}
    person = Person(
        **values,
        name_key=name_key(form["name"]),
        born_on=date.fromisoformat(form["born_on"]),
        created_at=now,
    )
    session.add(person)
    session.flush()
    history.record(session, actor, "create", f"person:{person.id}", at=now)
    return person


def _new_employer(session: Session, actor: Actor, form: dict[str, Any], now: datetime) -> Employer:
    """An employer seen for the first time is what its province has yet to verify (domain J)."""
    values = {column.key: form[key] for key, column in EMPLOYER.items() if key in form}
    employer = Employer(
        **values,
        province=province_of(form),
        status=EmployerStatus.UNVERIFIED.value,
        created_at=now,
    )
    number = form.get("qualification_number")
    if number:
        employer.qualifications.append(
            EmployerQualification(number=number, industry=values.get("industry", ""))
        )
    session.add(employer)
    session.flush()
    history.record(
        session,
        actor,
        "create",
        f"employer:{employer.id}",
        at=now,
        after=employer.status,
    )
    return employer


def _attach(session: Session, case: Case, packet: Filing, now: datetime) -> None:
    for picture in packet.pictures:
        facts = picture.facts
        session.add(
            Attachment(
                case_id=case.id,
                person_id=case.person_id,
                kind=picture.kind,
                filename=picture.filename,
                sha256=facts.sha256,
                mime=facts.mime,
                size=facts.size,
                width=facts.width,
                height=facts.height,
                phash=f"{facts.phash:016x}",
                white_share=facts.white_background_share,
                added_at=now,
            )
        )
    session.flush()
