"""Databases of older schemas, to be migrated: rows are written as that schema had them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core import db

SENT = dt.datetime(2026, 3, 4, 2, 0)  # noqa: DTZ001 as the databases keep moments

# What a column without a value holds, by the first kind that fits.
EMPTY: list[tuple[type[sa.types.TypeEngine[Any]], object]] = [
    (sa.JSON, {}),
    (sa.Boolean, False),
    (sa.Integer, 1),
    (sa.Float, 0.0),
    (sa.DateTime, SENT),
    (sa.Date, SENT.date()),
    (sa.String, ""),
]


def at_revision(url: str, revision: str) -> str:
    """Empty the database at `url` and bring it to `revision` only; returns the URL."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        Path(parsed.database or "").unlink()
    else:
        engine = db.connect(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
    db.migrate(url, revision)
    return url


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    engine = db.connect(url)
    try:
        with engine.execution_options(writing=True).begin() as connection:
            yield connection
    finally:
        engine.dispose()


def put(connection: sa.Connection, table: str, **values: object) -> int:
    """Insert a row as that schema had it, empty where nothing is given; returns its id."""
    found = sa.Table(table, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    empty = {
        column.name: next(value for kind, value in EMPTY if isinstance(column.type, kind))
        for column in found.columns
        if not column.nullable and column.name != "id"
    }
    result = connection.execute(found.insert().values({**empty, **values}))
    return 0 if "id" in values else int(result.inserted_primary_key[0])


def table(connection: sa.Connection, name: str) -> list[sa.RowMapping]:
    found = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    return list(connection.execute(found.select().order_by(found.c.id)).mappings())
