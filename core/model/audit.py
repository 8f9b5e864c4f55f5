"""What happened (history), and who looked (access log)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text as LongText, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.model.base import Base, Identified


class Event(Identified, Base):
    """One row of history: append-only, each hashed together with the one before it in its chain.

    chain: one of `core.audit.history.CHAINS` parallel chains, chosen by subject, so that writers
    do not queue up behind a single chain head. seq: position in the chain, without gaps. subject:
    e.g. `case:17`. version: version of the subject after the event, where it has one. case_id: the
    case whose history this belongs to. evidence: digests of the rows that the same transaction
    wrote (`core.audit.evidence`), canonical JSON. key: id of the secret it is hashed with; None in
    rows of installations older than the key.
    """

    __tablename__ = "events"

    chain: Mapped[int]
    seq: Mapped[int]
    at: Mapped[dt.datetime]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int | None]
    version: Mapped[int | None]
    before: Mapped[str | None] = mapped_column(String(24))
    after: Mapped[str | None] = mapped_column(String(24))
    detail: Mapped[str] = mapped_column(LongText)  # canonical JSON, hashed as it stands
    evidence: Mapped[str | None] = mapped_column(LongText)
    key: Mapped[str | None] = mapped_column(String(8))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("chain", "seq"),
        Index("ix_events_case", "case_id", "id"),
    )


class ChainHead(Base):
    """Newest link of each chain; locked by whoever appends.

    key: as in its newest row. origin: which database this is, the same in every chain; it is hashed
    with every row, and anchors outside name it.
    """

    __tablename__ = "chain_heads"

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(8))
    origin: Mapped[str] = mapped_column(String(32))


class AccessLog(Identified, Base):
    """Who read which personal data (domain H: all reads logged)."""

    __tablename__ = "access_log"

    at: Mapped[dt.datetime] = mapped_column(index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    what: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(60), index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
