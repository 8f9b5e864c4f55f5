"""Migrations are the only way the schema comes to be, and they make what the model says."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from core import db
from core.model import Base


def test_migrations_make_the_schema_of_the_model(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_comparison_sees_a_missing_column(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE notes RENAME COLUMN text TO words")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) != []


def test_partial_and_unique_indexes_exist_on_both_engines(engine: Engine) -> None:
    found = {item["name"]: item for item in inspect(engine).get_indexes("decisions")}
    assert found["uq_decisions_four_eyes"]["unique"]


def test_migrating_twice_changes_nothing(engine_url: str) -> None:
    db.migrate(engine_url)
    db.migrate(engine_url)


def test_readiness_tells_whether_the_schema_is_there(engine: Engine) -> None:
    assert db.ready()
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
    assert not db.ready()
