"""Base of the mapped classes and the column types they share."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Table,
    Text as LongText,
    event,
)
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, mapped_column
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.db import Unstorable
from core.typed import searchable, storable

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


class Sought(TypeDecorator[str]):
    """Words that a column is compared with; what no column can hold is found nowhere."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return searchable(value) if isinstance(value, str) else value


class Kept(TypeDecorator[str]):
    """Words as both databases can keep them, of the length that the column has.

    SQLite takes any length and a NUL, PostgreSQL neither: here both refuse. It is the net below
    `core.typed.lines`, which says what is wrong. Words to look for are never refused.

    Raises Unstorable.
    """

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        longest = getattr(self.impl_instance, "length", None)
        if value is not None and (
            (longest is not None and len(value) > longest) or not storable(value)
        ):
            raise Unstorable
        return value

    def coerce_compared_value(self, op: OperatorType | None, value: object) -> TypeEngine[Any]:
        return Sought()


class KeptLong(Kept):
    """The same without a limit."""

    impl = LongText
    cache_ok = True


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


@event.listens_for(Column, "after_parent_attach")
def _keeps(column: Column[Any], table: Any) -> None:
    if isinstance(table, Table) and table.metadata is Base.metadata:
        if type(column.type) is String:
            column.type = Kept(column.type.length)
        elif type(column.type) is LongText:
            column.type = KeptLong()


def length_of(attribute: InstrumentedAttribute[str]) -> int:
    """How many characters the column of a mapped text holds, such as `length_of(Person.name)`."""
    length = cast("String", attribute.property.columns[0].type).length
    assert length is not None, f"{attribute} has no length"
    return length
