"""What every procedure keeps of its subjects: who holds one, its clocks, what was decided.

subject: the row that a procedure moves, as `kind:id`, e.g. `case:17` or `appeal:3`. case_id: set
when the subject is a case, so that the database itself keeps the two together.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.model.base import Base, Identified


class Lease(Base):
    """Who holds a subject: one row each, so two people can never hold the same one."""

    __tablename__ = "leases"

    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    taken_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]

    __table_args__ = (Index("ix_leases_user", "user_id", "expires_at"),)


class Clock(Identified, Base):
    """One run of one clock (domain H): the ledger that explains "day 13 of 20".

    started_on does not count. days: allowed working days without extension. due_on already holds
    extension and pauses. paused_on: day the running pause began; a paused clock is never overdue.
    """

    __tablename__ = "clocks"

    subject: Mapped[str] = mapped_column(String(40), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str] = mapped_column(String(20))
    started_on: Mapped[dt.date]
    days: Mapped[int]
    extension_days: Mapped[int] = mapped_column(default=0)
    paused_days: Mapped[int] = mapped_column(default=0)
    paused_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date]
    ended_on: Mapped[dt.date | None]

    __table_args__ = (
        # What has run out is found in this index alone.
        Index(
            "ix_clocks_running",
            "kind",
            "due_on",
            "id",
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )


class ClockPause(Identified, Base):
    """A time that does not count, with its reason: hearing, expert review (行政许可法 §45)."""

    __tablename__ = "clock_pauses"

    clock_id: Mapped[int] = mapped_column(ForeignKey("clocks.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    paused_on: Mapped[dt.date]
    paused_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    paused_by_name: Mapped[str] = mapped_column(String(60))
    resumed_on: Mapped[dt.date | None]


class Decision(Identified, Base):
    """What an officer decided at one desk: acceptance, review, second look, decision.

    superseded: set when the subject went back a step, so that the same desk may decide anew. The
    unique index is the rule that review, second look and decision are different people (行政许可法
    §34): among the decisions in force that count (`four_eyes`), one officer appears once.
    """

    __tablename__ = "decisions"

    subject: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    stage: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(30))
    approves: Mapped[bool | None]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    officer_name: Mapped[str] = mapped_column(String(60))
    reasons: Mapped[list[str]]
    note: Mapped[str] = mapped_column(String(2000), default="")
    decided_at: Mapped[dt.datetime]
    four_eyes: Mapped[bool] = mapped_column(default=False)
    superseded: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index("ix_decisions_case", "case_id", "decided_at"),
        Index("ix_decisions_officer", "officer_id", "decided_at"),
        Index(
            "uq_decisions_four_eyes",
            "subject",
            "officer_id",
            unique=True,
            sqlite_where=text("four_eyes AND NOT superseded"),
            postgresql_where=text("four_eyes AND NOT superseded"),
        ),
    )
