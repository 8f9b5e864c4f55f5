"""Flags on people and cases, the data behind them, and the right to be heard (domain G)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model.base import Base, Identified


class Anomaly(Identified, Base):
    """One finding that needs a human answer; it may touch several cases, or none.

    kind: insurance or duplicate; rule: R1–R6, D1–D11. A flag explains itself: source, as_of,
    counterpart, evidence. It is disposed of with a reason before approval.
    """

    __tablename__ = "anomalies"

    kind: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(10))
    rule_version: Mapped[int] = mapped_column(default=1)
    severity: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    counterpart_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    status: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(60))
    as_of: Mapped[dt.date]
    found_at: Mapped[dt.datetime]
    shown_at: Mapped[dt.datetime | None]
    disposed_at: Mapped[dt.datetime | None]
    disposed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    disposition: Mapped[str] = mapped_column(String(1000), default="")
    version_id: Mapped[int] = mapped_column(default=1)

    __table_args__ = (Index("ix_anomalies_status", "status", "severity"),)
    __mapper_args__ = {"version_id_col": version_id}


class AnomalyCase(Base):
    """Which cases an anomaly touches."""

    __tablename__ = "anomaly_cases"

    anomaly_id: Mapped[int] = mapped_column(ForeignKey("anomalies.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, index=True)


class Appeal(Identified, Base):
    """A person's answer to an anomaly (申辩), domain G3."""

    __tablename__ = "appeals"

    anomaly_id: Mapped[int] = mapped_column(ForeignKey("anomalies.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), index=True)
    answer: Mapped[str] = mapped_column(String(30), default="")
    statement: Mapped[str] = mapped_column(String(4000), default="")
    due_on: Mapped[dt.date]
    opened_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    decided_at: Mapped[dt.datetime | None]
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    exemption: Mapped[str] = mapped_column(String(30), default="")
    exempt_until: Mapped[dt.date | None]
    reason: Mapped[str] = mapped_column(String(2000), default="")
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}


class InsuranceRecord(Identified, Base):
    """One month of social insurance paid for a person by one payer (domain G1).

    month: first day of the month paid for. kinds: 养老, 失业, 医疗, 工伤, 生育 as codes.
    """

    __tablename__ = "insurance_records"

    id_number: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(100))
    payer_name: Mapped[str]
    payer_code: Mapped[str] = mapped_column(String(20))
    month: Mapped[dt.date]
    kinds: Mapped[list[str]]
    fund_payer_code: Mapped[str] = mapped_column(String(20), default="")
    source: Mapped[str] = mapped_column(String(60))
    as_of: Mapped[dt.date]

    __table_args__ = (
        UniqueConstraint("id_number", "month", "payer_code"),
        Index("ix_insurance_payer", "payer_code", "month"),
        Index("ix_insurance_source", "source", "as_of"),
    )
