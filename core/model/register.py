"""The register: who may practise, where, until when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model.base import Base, Identified
from core.model.people import Employer, Person


class Registration(Identified, Base):
    """A person's registration in one profession (and specialty, where each is its own).

    number: 注册证书号; seal_number: 执业印章号 (empty where the profession has none);
    valid_to: last day of validity, inclusive.
    """

    __tablename__ = "registrations"

    profession: Mapped[str] = mapped_column(String(30))
    specialty: Mapped[str] = mapped_column(String(40), default="")
    specialty2: Mapped[str] = mapped_column(String(40), default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"))
    person_name: Mapped[str]
    number: Mapped[str] = mapped_column(String(30))
    seal_number: Mapped[str] = mapped_column(String(40), default="", index=True)
    qualification_certificate: Mapped[str] = mapped_column(String(60), default="", index=True)
    status: Mapped[str] = mapped_column(String(20))
    first_registered_on: Mapped[dt.date]
    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date]
    issue: Mapped[int] = mapped_column(default=1)  # how many certificates were made
    ended_on: Mapped[dt.date | None]
    end_reason: Mapped[str] = mapped_column(String(60), default="")
    version_id: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship()
    employer: Mapped[Employer] = relationship()

    __table_args__ = (
        Index("uq_registrations_number", "profession", "number", unique=True),
        Index(
            "uq_registrations_active",
            "person_id",
            "profession",
            "specialty",
            unique=True,
            sqlite_where=text("status = 'active'"),
            postgresql_where=text("status = 'active'"),
        ),
        Index("ix_registrations_employer", "employer_id", "status"),
        Index("ix_registrations_status_valid_to", "status", "valid_to"),
        Index("ix_registrations_profession", "profession", "specialty", "status"),
        Index("ix_registrations_person_name", "person_name"),
    )
    __mapper_args__ = {"version_id_col": version_id}


class RegistrationChange(Identified, Base):
    """What one case changed in the register: before and after, by field."""

    __tablename__ = "registration_changes"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    effect: Mapped[str] = mapped_column(String(20))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    changed_at: Mapped[dt.datetime]


class Counter(Base):
    """The last number given out in one series; locked while the next one is taken."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int]
