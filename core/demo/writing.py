"""Many rows into the database at once, past the object mapper: SQLite's own driver, or COPY.

Indexes (and on PostgreSQL foreign keys) are taken off first and put back at the end, which is
several times faster than keeping them while millions of rows arrive. All happens in one
transaction: either the whole load is there afterwards or nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import chain
from typing import Any, LiteralString, Protocol

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from core.demo.chaining import Heads
from core.demo.rows import COLUMNS

Rows = dict[str, list[Any]]
# Parents before children, for databases that look at foreign keys row by row.
TABLES = tuple(COLUMNS)
_TOGETHER = 28  # rows to a statement: with 34 columns still within the 999 values of old SQLite
_LOOKED_AT = 20_000  # entries of each index that SQLite's ANALYZE goes through


_HEADS: LiteralString = "SELECT chain, seq, hash FROM chain_heads"


def _by_chain(rows: Iterable[Any]) -> Heads:
    return {chain: (seq, digest) for chain, seq, digest in rows}


class Writer(Protocol):
    """Takes rows by table, then commits or undoes everything.

    heads: the history to go on from; nobody else can go on from it until the end.
    """

    heads: Heads

    def write(self, rows: Rows) -> None:
        """Insert `rows`."""

    def commit(self, heads: Heads) -> None:
        """Set the heads of the history chains, restore the indexes and commit."""

    def undo(self) -> None:
        """Forget everything written."""


def writer_for(url: str) -> Writer:
    """The fast way into the database at `url`."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteWriter(str(parsed.database))
    return PostgresWriter(parsed.set(drivername="postgresql").render_as_string(hide_password=False))


class SqliteWriter:
    """Writes into a SQLite file in one exclusive transaction."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
        for pragma in (
            "journal_mode = DELETE",
            "synchronous = OFF",
            "foreign_keys = OFF",
            "cache_size = -262144",
            "temp_store = MEMORY",
            "threads = 2",  # indexes are sorted by several
        ):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("BEGIN EXCLUSIVE")
        self.heads = _by_chain(self._db.execute(_HEADS))
        self._indexes = self._db.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in self._indexes:
            self._db.execute(f'DROP INDEX "{name}"')

    def write(self, rows: Rows) -> None:
        """Insert `rows`."""
        for table, values in rows.items():
            columns = ", ".join(f'"{name}"' for name in COLUMNS[table])
            insert = f'INSERT INTO "{table}" ({columns}) VALUES '  # noqa: S608 own names
            marks = f"({', '.join('?' * len(COLUMNS[table]))})"
            # Many to a statement: what a statement costs is more than what a small row costs.
            together = len(values) - len(values) % _TOGETHER
            several = insert + ", ".join([marks] * _TOGETHER)
            for start in range(0, together, _TOGETHER):
                self._db.execute(
                    several, list(chain.from_iterable(values[start : start + _TOGETHER]))
                )
            self._db.executemany(insert + marks, values[together:])

    def commit(self, heads: Heads) -> None:
        """Set the heads of the history chains, restore the indexes and commit."""
        self._db.executemany(
            "UPDATE chain_heads SET seq = ?, hash = ? WHERE chain = ?",
            [(seq, digest, chain) for chain, (seq, digest) in heads.items()],
        )
        for _, statement in self._indexes:
            self._db.execute(statement)
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(f"PRAGMA analysis_limit = {_LOOKED_AT}")
        self._db.execute("ANALYZE")
        self._db.close()

    def undo(self) -> None:
        """Forget everything written."""
        self._db.close()


class PostgresWriter:
    """Writes through COPY; foreign keys and indexes return before the commit."""

    def __init__(self, url: str) -> None:
        self._db = psycopg.connect(url)
        self.heads = _by_chain(self._db.execute(_HEADS + " FOR UPDATE"))
        tables = list(TABLES)
        self._keys = self._db.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            (tables,),
        ).fetchall()
        self._indexes = self._db.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
            "AND tablename = ANY(%s) AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            (tables,),
        ).fetchall()
        for table, name, _ in self._keys:
            self._run("ALTER TABLE {} DROP CONSTRAINT {}", table, name)
        for name, _ in self._indexes:
            self._run("DROP INDEX {}", name)

    def _run(self, statement: str, *names: str) -> None:
        self._db.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def write(self, rows: Rows) -> None:
        """Insert `rows`."""
        for table in TABLES:
            if not rows.get(table):
                continue
            columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS[table]))
            target = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
            with self._db.cursor() as cursor, cursor.copy(target) as copy:
                for row in rows[table]:
                    copy.write_row(row)

    def commit(self, heads: Heads) -> None:
        """Set the heads of the history chains, restore keys and indexes and commit."""
        with self._db.cursor() as cursor:
            cursor.executemany(
                "UPDATE chain_heads SET seq = %s, hash = %s WHERE chain = %s",
                [(seq, digest, chain) for chain, (seq, digest) in heads.items()],
            )
        for _, statement in self._indexes:
            self._db.execute(statement)
        for table, name, definition in self._keys:
            self._run("ALTER TABLE {} ADD CONSTRAINT {} " + definition, table, name)
        for table in TABLES:
            if COLUMNS[table][0] == "id" and table != "rulebooks":
                self._db.execute(
                    sql.SQL(
                        "SELECT setval(pg_get_serial_sequence({}, 'id'), "
                        "greatest((SELECT max(id) FROM {}), 1))"
                    ).format(sql.Literal(table), sql.Identifier(table))
                )
        self._db.commit()
        self._db.autocommit = True
        self._db.execute("ANALYZE")
        self._db.close()

    def undo(self) -> None:
        """Forget everything written."""
        self._db.close()
