"""What people and employers were told."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from core.model.base import Base, Identified


class Message(Identified, Base):
    """A letter or notice exactly as it was served, in both languages; never written again.

    template, template_version: which words it was composed from (`core.correspondence.templates`).
    read_at: when the person first saw it.
    """

    __tablename__ = "messages"

    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    employer_id: Mapped[int | None] = mapped_column(ForeignKey("employers.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    template: Mapped[str] = mapped_column(String(40))
    template_version: Mapped[str] = mapped_column(String(12))
    title_zh: Mapped[str]
    title_en: Mapped[str]
    body_zh: Mapped[str] = mapped_column(LongText)
    body_en: Mapped[str] = mapped_column(LongText)
    sent_at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]

    __table_args__ = (
        Index("ix_messages_person", "person_id", "sent_at"),
        Index("ix_messages_employer", "employer_id", "sent_at"),
    )
