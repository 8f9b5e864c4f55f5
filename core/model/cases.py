"""Applications (cases) and what officers do to them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text as LongText, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.model.base import Base, Identified
from core.model.people import Employer, Person
from core.text import Text


class StoredRulebook(Base):
    """The checklist and parameters that cases were filed under, stored once per distinct content.

    id: SHA-256 of the content. since: when the first case was filed under it. A case keeps its
    rulebook even when the catalogue moves on.
    """

    __tablename__ = "rulebooks"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[dict[str, Any]]
    since: Mapped[dt.datetime | None]


class Case(Identified, Base):
    """An application (申报) from draft to 已办结.

    ref: the number people quote. status: assigned by `core.workflow.engine` alone. resumes: the
    status a pending withdrawal interrupted. is_open: False once status is final; the partial
    indexes of the queues rest on it. clock/due_on: the running clock, copied from `clocks` for
    sorting. person_name, employer_name, province, seal_number: copied at filing so that a queue
    page is one indexed read. flags_block/flags_other: open anomalies touching this case.
    """

    __tablename__ = "cases"

    ref: Mapped[str] = mapped_column(String(24), unique=True)
    profession: Mapped[str] = mapped_column(String(30))
    business: Mapped[str] = mapped_column(String(30))
    specialty: Mapped[str] = mapped_column(String(40), default="")
    specialty2: Mapped[str] = mapped_column(String(40), default="")
    channel: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    employer_id: Mapped[int] = mapped_column(ForeignKey("employers.id"), index=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registrations.id"), index=True)
    rulebook_id: Mapped[str] = mapped_column(ForeignKey("rulebooks.id"))

    status: Mapped[str] = mapped_column(String(24))
    resumes: Mapped[str | None] = mapped_column(String(24))
    is_open: Mapped[bool]
    forced: Mapped[bool] = mapped_column(default=False)
    province: Mapped[str] = mapped_column(String(2))
    person_name: Mapped[str]
    employer_name: Mapped[str]
    seal_number: Mapped[str] = mapped_column(String(40), default="")
    flags_block: Mapped[int] = mapped_column(default=0)
    flags_other: Mapped[int] = mapped_column(default=0)

    created_at: Mapped[dt.datetime]
    filed_at: Mapped[dt.datetime | None]
    reported_at: Mapped[dt.datetime | None]
    received_at: Mapped[dt.datetime | None]
    accepted_at: Mapped[dt.datetime | None]
    decided_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    accepted_by_lapse: Mapped[bool] = mapped_column(default=False)
    clock: Mapped[str | None] = mapped_column(String(20))
    due_on: Mapped[dt.date | None]
    changed_at: Mapped[dt.datetime]
    version_id: Mapped[int] = mapped_column(default=1)
    # Last, because it is long and lists do not read it.
    form: Mapped[dict[str, Any]]

    person: Mapped[Person] = relationship()
    employer: Mapped[Employer] = relationship()

    __table_args__ = (
        # A page of the queue is found in this index alone. SQLAlchemy writes `is_open = 1`, and
        # SQLite uses a partial index only for a condition written alike.
        Index(
            "ix_cases_open_queue",
            "status",
            "due_on",
            "id",
            "profession",
            "business",
            "specialty",
            "specialty2",
            "province",
            "flags_block",
            "flags_other",
            "received_at",
            "is_open",
            sqlite_where=text("is_open = 1"),
            postgresql_where=text("is_open"),
        ),
        Index(
            "ix_cases_open_province",
            "province",
            "status",
            "due_on",
            "id",
            "is_open",
            sqlite_where=text("is_open = 1"),
            postgresql_where=text("is_open"),
        ),
        Index(
            "ix_cases_open_flags",
            "flags_block",
            "flags_other",
            "status",
            "is_open",
            sqlite_where=text("is_open = 1 AND (flags_block > 0 OR flags_other > 0)"),
            postgresql_where=text("is_open AND (flags_block > 0 OR flags_other > 0)"),
        ),
        Index(
            "ix_cases_finished",
            "changed_at",
            "id",
            "status",
            "is_open",
            sqlite_where=text("is_open = 0"),
            postgresql_where=text("NOT is_open"),
        ),
        Index("ix_cases_received", "received_at"),
        Index("ix_cases_seal_number", "seal_number"),
    )
    __mapper_args__ = {"version_id_col": version_id}


class Attachment(Identified, Base):
    """A picture of a case. The bytes lie in the store under `sha256`; odd names are kept.

    size: in bytes; 0 in sample data that was never drawn and has no file.
    """

    __tablename__ = "attachments"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(30))
    filename: Mapped[str] = mapped_column(String(300))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    mime: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    phash: Mapped[str] = mapped_column(String(16), default="")
    white_share: Mapped[float] = mapped_column(default=0.0)
    correction_item_id: Mapped[int | None] = mapped_column(ForeignKey("correction_items.id"))
    added_at: Mapped[dt.datetime]

    __table_args__ = (Index("ix_attachments_person_kind", "person_id", "kind"),)


class Correction(Identified, Base):
    """One round of 补正: every item told at once (行政许可法 §32)."""

    __tablename__ = "corrections"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    round: Mapped[int]
    issued_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    issued_at: Mapped[dt.datetime]
    due_on: Mapped[dt.date]
    answered_at: Mapped[dt.datetime | None]
    override_reason: Mapped[str] = mapped_column(String(500), default="")

    items: Mapped[list[CorrectionItem]] = relationship(order_by="CorrectionItem.id")

    __table_args__ = (UniqueConstraint("case_id", "round"),)


class CorrectionItem(Identified, Base):
    """A 补正内容 with its 补正原因, in both languages, and the applicant's answer.

    The officer's note is part of both reasons, as it was written.
    """

    __tablename__ = "correction_items"

    correction_id: Mapped[int] = mapped_column(ForeignKey("corrections.id"), index=True)
    check_key: Mapped[str] = mapped_column(String(40))
    content: Mapped[str]
    content_en: Mapped[str]
    reason: Mapped[str] = mapped_column(LongText)
    reason_en: Mapped[str] = mapped_column(LongText)
    answer: Mapped[str] = mapped_column(String(1000), default="")

    @property
    def asked(self) -> tuple[Text, Text]:
        """补正内容 and 补正原因."""
        return Text(self.content, self.content_en), Text(self.reason, self.reason_en)


class Verdict(Identified, Base):
    """An officer's verdict on one checklist item at one desk."""

    __tablename__ = "verdicts"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    stage: Mapped[str] = mapped_column(String(20))
    check_key: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str | None] = mapped_column(String(20))
    reasons: Mapped[list[str]]
    note: Mapped[str] = mapped_column(String(2000), default="")
    officer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    changed_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("case_id", "stage", "check_key"),)


class Note(Identified, Base):
    """An internal note; applicants never see it."""

    __tablename__ = "notes"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    author_name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(4000))
    written_at: Mapped[dt.datetime]


class Draft(Base):
    """Text typed but not yet sent, kept on the server so that a lost connection loses nothing."""

    __tablename__ = "drafts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[dt.datetime]


class Packet(Base):
    """A filing taken in from outside; the same packet twice changes nothing.

    key: the packet's own identifier. digest: SHA-256 over its JSON and files. signed_by: the name
    of the channel's key; None for one that came unsigned.
    """

    __tablename__ = "packets"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    taken_at: Mapped[dt.datetime]
    signed_by: Mapped[str | None] = mapped_column(String(40))
