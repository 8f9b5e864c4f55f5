"""Volumes: what was played is copied k-1 times, set by set, on SQLite and PostgreSQL.

Each copy shifts every id by a multiple of the table's highest one, and foreign keys alike. What
is no id is declared in `core.volumes.variants`: values that are unique or should vary as in a real
population are made anew for each copy. Accounts, rulebooks and calendars are shared. The history
is written anew in order of time, all chains from their first link.

Copies keep the file of an attachment (`sha256`), so that it can be opened, and vary its
perceptual hash. Texts and history details that were made of names and numbers (letters, what a
case was opened with) stay those of the original.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Table, delete, func, insert, select, text, update
from sqlalchemy.sql.elements import ColumnElement

from core import db
from core.audit import history
from core.model import Base
from core.model.base import Kept
from core.volumes.variants import REWRITTEN, VARIED, Originals

TABLES = Base.metadata.tables
ROOTS = ("people", "employers", "insurance_records")
"""What is copied: these, and every table that leads to one of them by its foreign keys …"""
SHARED = ("users",)
"""… but for these, which stay one for all copies with what leads to them alone."""
SUBJECTS = {
    "revocation": "revocations",
    "hearing": "hearings",
    "case": "cases",
    "registration": "registrations",
    "person": "people",
    "employer": "employers",
    "anomaly": "anomalies",
    "appeal": "appeals",
    "amendment": "amendments",
    "attachment": "attachments",
}
"""Tables by what `subject` and `about` columns call their rows, as in 'case:17'."""
_variants = Table(
    "demo_variants",
    sa.MetaData(),
    Column("kind", sa.String(40), primary_key=True),
    Column("old", sa.String(200), primary_key=True),
    Column("new", sa.Text),
    prefixes=["TEMPORARY"],
)
_TOGETHER = 5_000  # rows of history to a statement


def copied() -> list[Table]:
    """The tables that are copied, parents first."""
    chosen: list[Table] = []
    for each in Base.metadata.sorted_tables:
        parents = {key.column.table for key in each.foreign_keys}
        if each.name in ROOTS or (each.name not in SHARED and parents & set(chosen)):
            chosen.append(each)
    return chosen


def multiply(copies: int, seed: int, report: Callable[[int, int], None]) -> None:
    """Make `copies` of everything in the database in use, the original counted in.

    In one transaction; nothing else may use the database. report: called with work done and in all.
    """
    url = db.engine().url
    db.engine().dispose()
    engine = db.connect(url.render_as_string(hide_password=False))
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _hurry)
    try:
        with engine.execution_options(writing=True).begin() as connection:
            _multiply(connection, copies, seed, report)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if engine.dialect.name == "sqlite":
                connection.execute(text("PRAGMA analysis_limit = 20000"))
            connection.execute(text("ANALYZE"))
    finally:
        engine.dispose()


def _hurry(connection: Any, _record: Any) -> None:
    """The load is whole or thrown away, so SQLite need not be careful meanwhile."""
    pragmas = ("journal_mode = DELETE", "synchronous = OFF", "foreign_keys = OFF", "threads = 2")
    for pragma in (*pragmas, "cache_size = -262144"):
        connection.execute(f"PRAGMA {pragma}")


def _multiply(
    connection: Connection, copies: int, seed: int, report: Callable[[int, int], None]
) -> None:
    tables = copied()
    strides = {
        each.name: connection.scalar(select(func.coalesce(func.max(each.c.id), 0))) or 0
        for each in tables
        if "id" in each.c
    }
    indexes = [index for each in (*tables, TABLES["events"]) for index in each.indexes]
    for index in indexes:
        index.drop(connection)
    _variants.create(connection)
    originals = Originals(connection, strides)
    rng = Random(f"copies-{seed}")
    for copy in range(1, copies):
        known = originals.varied(rng, copy)
        connection.execute(delete(_variants))
        connection.execute(
            insert(_variants),
            [
                {"kind": kind, "old": old, "new": new}
                for kind, values in known.items()
                for old, new in values.items()
            ],
        )
        for each in tables:
            _copy(connection, each, copy, strides)
        report(copy * strides["cases"], copies * strides["cases"])
    _variants.drop(connection)
    _lift_counters(connection, originals, copies)
    _rewrite_history(connection, copies, strides)
    for index in indexes:
        index.create(connection)
    db.advance_numbers(connection, (*strides, "events"))
    report(copies * strides["cases"], copies * strides["cases"])


# --- rows ------------------------------------------------------------------------------------
def _copy(connection: Connection, of: Table, copy: int, strides: dict[str, int]) -> None:
    """Insert copy number `copy` of the original rows of a table."""
    # A table without a number of its own: one of the rows it belongs to has one.
    key = next(each for each in of.columns if each.name == "id" or _target(each) in strides)
    key = of.c.get("id", key)
    values = [_value(connection, each, copy, strides) for each in of.columns]
    chosen = select(*values).where(key <= strides[_target(key)])
    connection.execute(insert(of).from_select([each.name for each in of.columns], chosen))


def _target(of: Column[Any]) -> str:
    """The table whose ids a column holds; "" for other columns."""
    for key in of.foreign_keys:
        return key.column.table.name
    return of.table.name if of.name == "id" else ""


def _subject(of: Column[Any]) -> bool:
    return of.name in {"subject", "about"} and isinstance(of.type, Kept)


def _value(
    connection: Connection, of: Column[Any], copy: int, strides: dict[str, int]
) -> ColumnElement[Any]:
    """What a column of a copy holds."""
    path, target = f"{of.table.name}.{of.name}", _target(of)
    if target in strides:
        return of + copy * strides[target]
    if _subject(of):
        whens = []
        for kind, name in SUBJECTS.items():
            own = sa.cast(func.substr(of, len(kind) + 2), sa.Integer) + copy * strides[name]
            whens.append(
                (of.like(f"{kind}:%"), sa.literal(f"{kind}:").concat(sa.cast(own, sa.String)))
            )
        return sa.case(*whens, else_=of)
    if path in REWRITTEN:
        new = _new(path, sa.cast(of.table.c.id, sa.String))
        return func.coalesce(
            sa.cast(new, of.type) if connection.dialect.name != "sqlite" else new, of
        )
    if path in VARIED:
        return func.coalesce(_new(VARIED[path], of), of)
    return of


def _new(kind: str, old: ColumnElement[Any]) -> ColumnElement[Any]:
    found = select(_variants.c.new).where(_variants.c.kind == kind, _variants.c.old == old)
    return found.scalar_subquery()


# --- counters and history --------------------------------------------------------------------
def _lift_counters(connection: Connection, originals: Originals, copies: int) -> None:
    """Raise every series above the numbers of the copies; new employers have series of seals."""
    counters = TABLES["counters"]
    lift = (copies - 1) * originals.serials
    connection.execute(
        update(counters)
        .where(counters.c.name.like("number:%"))
        .values(value=counters.c.value + lift)
    )
    seals: dict[str, int] = {}
    for name, value in originals.counters.items():
        if name.startswith("seal:"):
            kind, profession, enterprise, letters = name.split(":")
            for new in originals.enterprises.get(enterprise, ()):
                key = f"{kind}:{profession}:{new}:{letters}"
                seals[key] = max(value, seals.get(key, 0), originals.counters.get(key, 0))
    connection.execute(
        delete(counters).where(counters.c.name.in_(seals.keys() & originals.counters.keys()))
    )
    if seals:
        connection.execute(
            insert(counters), [{"name": name, "value": value} for name, value in seals.items()]
        )


_LINKED = (
    *("chain", "seq", "at", "actor_id", "actor_name", "action", "subject", "case_id"),
    *("version", "before", "after", "detail", "previous", "evidence", "key"),
)


def _rewrite_history(connection: Connection, copies: int, strides: dict[str, int]) -> None:
    """Write all history anew, in order of time, every chain from its first link."""
    # Without types: moments go back as they came, and millions of rows need no conversion.
    names = ("id", *_LINKED, "hash")
    plain = sa.table("events", *(sa.column(name) for name in names))
    originals = connection.execute(select(plain).order_by(plain.c.at, plain.c.id)).all()
    connection.execute(delete(plain))
    heads = dict.fromkeys(range(history.CHAINS), (0, history.GENESIS))
    held = TABLES["chain_heads"]
    origin, key = connection.scalar(select(held.c.origin)) or "", history.keys()[-1]
    rows = _linked(originals, copies, strides, heads, {"key": key, "origin": origin})
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    quoted, marks = ", ".join(f'"{name}"' for name in names), ", ".join([mark] * len(names))
    statement = f"INSERT INTO events ({quoted}) VALUES ({marks})"  # noqa: S608 own names
    while some := list(islice(rows, _TOGETHER)):
        connection.exec_driver_sql(statement, some)
    for chain, (seq, digest) in heads.items():
        values = {"seq": seq, "hash": digest, "key": key}
        connection.execute(update(held).where(held.c.chain == chain).values(values))


def _linked(
    originals: Sequence[Any],
    copies: int,
    strides: dict[str, int],
    heads: dict[int, tuple[int, str]],
    sealed: dict[str, str],
) -> Iterator[tuple[Any, ...]]:
    """The rows of `originals` and their copies, each linked to the one before it in its chain."""
    number = 0
    for row in originals:
        kind, _, own = row.subject.partition(":")
        stride = strides.get(SUBJECTS.get(kind, ""), 0)
        stored = row.at if isinstance(row.at, datetime) else datetime.fromisoformat(row.at)
        values = {name: getattr(row, name) for name in _LINKED}
        values["at"] = stored.replace(tzinfo=UTC)
        for copy in range(copies if stride else 1):
            number += 1
            if stride:
                values["subject"] = f"{kind}:{int(own) + copy * stride}"
                if row.case_id is not None:
                    values["case_id"] = row.case_id + copy * strides["cases"]
            chain = history.chain_of(values["subject"], values["case_id"])
            seq, previous = heads[chain]
            # What is evidence is sealed anew when all of it is there (`core.demo.load`).
            values |= {"chain": chain, "seq": seq + 1, "previous": previous, "evidence": None}
            values["key"] = sealed["key"]
            digest = history.link(**values, origin=sealed["origin"])
            heads[chain] = (seq + 1, digest)
            _, _, _, *same = values.values()
            yield number, chain, seq + 1, row.at, *same, digest
