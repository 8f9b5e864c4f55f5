"""The published calendars of working days (放假调休安排), a row each year."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.model.base import Base


class CalendarYear(Base):
    """A year's holiday notice as it was entered.

    holidays, make_up_days: ISO days, ascending. source: the notice it was taken from, e.g.
    国办发明电〔2025〕7号. version_id: grows with every correction, and so does the sum over all
    rows, by which a process tells whether its own table is still the truth.
    """

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holidays: Mapped[list[str]]
    make_up_days: Mapped[list[str]]
    source: Mapped[str] = mapped_column(String(200))
    loaded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    loaded_by_name: Mapped[str] = mapped_column(String(60))
    loaded_at: Mapped[dt.datetime]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}
