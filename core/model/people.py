"""People who register, and the employers they register at."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model.base import Base, Identified


class Person(Identified, Base):
    """A natural person, known by identity number (18 digits once normalised).

    name_key: the name normalised for search and for finding duplicates
    (`core.identifiers.name_key`).
    """

    __tablename__ = "people"

    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)
    id_type: Mapped[str] = mapped_column(String(20), default="resident_id")
    id_number: Mapped[str] = mapped_column(String(30), unique=True)
    sex: Mapped[str] = mapped_column(String(10))
    born_on: Mapped[dt.date] = mapped_column(index=True)
    phone: Mapped[str] = mapped_column(String(20), default="", index=True)
    ethnicity: Mapped[str] = mapped_column(String(30), default="")
    school: Mapped[str] = mapped_column(default="")
    major: Mapped[str] = mapped_column(default="")
    education: Mapped[str] = mapped_column(String(30), default="")
    degree: Mapped[str] = mapped_column(String(30), default="")
    graduated_on: Mapped[str] = mapped_column(String(10), default="")
    title: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[dt.datetime]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class Employer(Identified, Base):
    """A company that employs registered people (聘用单位), known by its 统一社会信用代码."""

    __tablename__ = "employers"

    name: Mapped[str] = mapped_column(index=True)
    credit_code: Mapped[str] = mapped_column(String(20), unique=True)
    legal_rep: Mapped[str] = mapped_column(String(60), default="")
    province: Mapped[str] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(default="")
    industry: Mapped[str] = mapped_column(String(60), default="")
    handler_name: Mapped[str] = mapped_column(String(60), default="")
    handler_phone: Mapped[str] = mapped_column(String(20), default="")
    verification_method: Mapped[str] = mapped_column(String(30), default="")
    status: Mapped[str] = mapped_column(String(20))
    status_reason: Mapped[str] = mapped_column(String(500), default="")
    verified_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    version_id: Mapped[int] = mapped_column(default=1)

    qualifications: Mapped[list[EmployerQualification]] = relationship(
        back_populates="employer", order_by="EmployerQualification.id"
    )

    __table_args__ = (Index("ix_employers_province_status", "province", "status"),)
    __mapper_args__ = {"version_id_col": version_id}


class EmployerQualification(Identified, Base):
    """A 企业资质证书号 and how long it holds (domain J)."""

    __tablename__ = "employer_qualifications"

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), index=True)
    industry: Mapped[str] = mapped_column(String(60), default="")
    valid_to: Mapped[dt.date | None]

    employer: Mapped[Employer] = relationship(back_populates="qualifications")


class EmployerChange(Identified, Base):
    """A former name or code of an employer, kept when it changes (domain J)."""

    __tablename__ = "employer_changes"

    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    before: Mapped[str]
    after: Mapped[str]
    changed_at: Mapped[dt.datetime]
