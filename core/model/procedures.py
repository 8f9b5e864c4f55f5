"""Proceedings beside applications: amendments (信息更正), revocations (撤销), hearings (听证)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model.base import Base, Identified


class Amendment(Identified, Base):
    """A request to rewrite a person's identity data (信息更正, domain E)."""

    __tablename__ = "amendments"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), index=True)
    changes: Mapped[dict[str, Any]]
    explanation: Mapped[str] = mapped_column(String(2000), default="")
    filed_at: Mapped[dt.datetime | None]
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class Revocation(Identified, Base):
    """The ministry takes back a registration that should not have been granted (行政许可法 §69).

    ground: which of the grounds of §69. reason: the facts, as the person is told.
    """

    __tablename__ = "revocations"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registrations.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), index=True)
    ground: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(2000), default="")
    opened_at: Mapped[dt.datetime]
    decided_at: Mapped[dt.datetime | None]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class Hearing(Identified, Base):
    """A hearing in an application or a revocation (行政许可法 §46–§48).

    about: the subject it is held on, e.g. `case:17`; case_id: set when that is a case.
    """

    __tablename__ = "hearings"

    about: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    revocation_id: Mapped[int | None] = mapped_column(ForeignKey("revocations.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), index=True)
    held_on: Mapped[dt.date | None]
    chair_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    opened_at: Mapped[dt.datetime]
    version_id: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_hearings_about", "about"),)
    __mapper_args__ = {"version_id_col": version_id}
