"""Base of the mapped classes and the column types they share."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

# BIGINT cannot autoincrement in SQLite, where INTEGER is 64 bits wide anyway.
Big = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[dt.datetime]):
    """A moment in UTC, timezone-aware in Python, stored without zone so both databases agree."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("moments must carry a time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        int: Big,
        str: String(200),
        dt.datetime: Moment(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[Any]: JSON(),
    }


class Identified:
    """A row with a number of its own."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)


def length_of(attribute: InstrumentedAttribute[str]) -> int:
    """How many characters the column of a mapped text holds, such as `length_of(Person.name)`."""
    length = cast("String", attribute.property.columns[0].type).length
    assert length is not None, f"{attribute} has no length"
    return length
