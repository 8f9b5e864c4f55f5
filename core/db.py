"""Engine, sessions and migrations. SQLite inside the data folder by default, PostgreSQL by URL."""

from __future__ import annotations

import os
import random
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DontWrapMixin,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError as PoolTimeout,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.config import keep_private, settings
from core.errors import CoreError
from core.text import Text

MIGRATIONS = Path(__file__).parent / "migrations"


class Unavailable(CoreError):
    text = Text(
        "数据库暂时无法访问，您的操作未生效，请稍后重试。",
        "The database cannot be reached; nothing was changed. Please try again shortly.",
    )


def connect(url: str) -> Engine:
    """An engine for `url`, set up so that both databases keep the same promises.

    SQLite: write-ahead log, foreign keys, 10 s patience for a lock. Transactions are begun by us
    (see `transaction`), because the driver's own late BEGIN lets two writers read the same state.

    What an error of either says never holds a value that somebody typed or that is stored.
    """
    engine = _connected(make_url(url))
    event.listen(engine, "handle_error", _leave_values_out)
    return engine


def _connected(parsed: URL) -> Engine:
    pool: dict[str, Any] = {"pool_size": 20, "max_overflow": 40}
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            parsed,
            connect_args={"timeout": 10, "isolation_level": None},
            hide_parameters=True,
            **pool,
        )
        if parsed.database and parsed.database != ":memory:":
            event.listen(engine, "do_connect", partial(_private, Path(parsed.database)))
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    return create_engine(parsed, pool_pre_ping=True, hide_parameters=True, **pool)


def _private(path: Path, *_: Any) -> None:
    """Make a SQLite database, or what there is of one, its owner's alone.

    It is not opened for that: closing it again would give up every lock this process has on it.
    The files that SQLite puts beside it get the permissions it has.
    """
    with suppress(OSError):
        os.mknod(path, stat.S_IFREG | 0o600)
    for ending in ("", "-wal", "-shm"):
        keep_private(path.with_name(f"{path.name}{ending}"))


def _leave_values_out(context: ExceptionContext) -> None:
    # PostgreSQL tells the row that failed ("Failing row contains …") beside what went wrong, and
    # errors of class 22 quote the value in their very first words: there the code must do.
    diagnosis = getattr(context.original_exception, "diag", None)
    state: str | None = getattr(diagnosis, "sqlstate", None)
    if diagnosis is None or state is None or context.sqlalchemy_exception is None:
        return
    kept = state if state.startswith("22") else f"{state} {diagnosis.message_primary}"
    kind = type(context.original_exception)
    context.original_exception.args = (kept,)
    context.sqlalchemy_exception.args = (f"({kind.__module__}.{kind.__name__}) {kept}",)


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "busy_timeout = 10000",
        "cache_size = -65536",
        "temp_store = MEMORY",
        "mmap_size = 268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    # A write transaction takes the lock before it reads, so what it checked is still so when it
    # writes; a read one sees a snapshot and blocks nobody.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


_engine: Engine | None = None


def engine() -> Engine:
    """The engine of this process, made from the settings at first use."""
    global _engine  # noqa: PLW0603 one engine a process is the point
    if _engine is None:
        _engine = connect(settings().database_url)
    return _engine


def use(chosen: Engine | None) -> None:
    """Make `chosen` the engine of this process (tests, command line); None forgets it."""
    global _engine  # noqa: PLW0603
    _engine = chosen


class Conflict(CoreError):
    """Somebody else got in the way; the same command, run again, may well succeed."""

    text = Text(
        "该记录刚被他人修改，您的操作未生效。请刷新后重试。",
        "Somebody changed this record at the same moment; nothing of yours was saved. Reload and "
        "try again.",
    )


class Unstorable(CoreError, DontWrapMixin):
    text = Text(
        "填写的内容含有无法保存的字符或过长，未保存，请检查后重试。",
        "Something typed is too long or holds a character that cannot be stored. Nothing was "
        "saved; please check it and try again.",
    )


P = ParamSpec("P")
T = TypeVar("T")
TRIES = 6
"""How often `run` tries a command that others get in the way of."""
_FIRST_PAUSE = 0.02
"""Longest pause in seconds before the second try; it doubles with each further one."""


def run(command: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`command(session, *args, **kwargs)` in a transaction of its own; its result, once committed.

    When others get in the way (a deadlock, a failed serialisation, a row or a name that somebody
    was faster with) the whole command runs again on what stands then, at most `TRIES` times, after
    a random pause that keeps two from meeting again. So a command must do nothing outside of its
    session that may not be done twice. This is how pages and the command line write; `transaction`
    is for what cannot run again, or is repeated by its caller.

    Raises Unavailable, Unstorable, Conflict when every try failed, and what the command raises.
    """
    for tried in range(1, TRIES + 1):
        try:
            with transaction() as session:
                return command(session, *args, **kwargs)
        except Conflict:
            if tried == TRIES:
                raise
            time.sleep(random.uniform(0, _FIRST_PAUSE * 2 ** (tried - 1)))  # noqa: S311 no secret
    raise AssertionError("unreachable")


@contextmanager
def transaction() -> Iterator[Session]:
    """One command, one transaction: committed when the block ends, undone when it raises.

    Raises Unavailable when the database cannot be reached, Unstorable for what a column cannot
    hold, and Conflict when others got in the way: a deadlock, or a constraint or a version that
    says that somebody else was faster. Nothing is changed then. A block cannot run again: see
    `run`.
    """
    with _session(_bound(engine(), writing=True)) as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """One snapshot for every read of the block; takes no lock that a writer would feel.

    PostgreSQL refuses writes in it. Raises Unavailable.
    """
    with _session(_bound(engine(), writing=False)) as session:
        yield session


@lru_cache(maxsize=8)
def _bound(engine: Engine, *, writing: bool) -> Engine:
    """`engine` with what its transactions are to be, whatever the server has for a default."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(writing=writing)
    if writing:
        # Commands lock what they look at and read it then: each statement must see what has been
        # committed until it began.
        return engine.execution_options(isolation_level="READ COMMITTED")
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def _session(bound: Engine) -> Iterator[Session]:
    try:
        with Session(bound, expire_on_commit=False) as session, session.begin():
            yield session
    except (DBAPIError, PoolTimeout, StaleDataError, UnicodeEncodeError) as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error


_BY_STATE: dict[str, type[CoreError]] = {
    "22": Unstorable,  # too long, out of range, no character of the encoding
    "23": Conflict,  # a constraint
    "40": Conflict,  # a deadlock, a failed serialisation
    "54": Unstorable,  # longer than an index can hold
}
_BY_KIND: tuple[tuple[tuple[type[Exception], ...], type[CoreError]], ...] = (
    ((IntegrityError, StaleDataError), Conflict),
    ((DataError, UnicodeEncodeError), Unstorable),
    ((OperationalError, InterfaceError, PoolTimeout), Unavailable),
)


def _refusal(error: Exception) -> CoreError | None:
    """What a database's error means to a person; None for a defect of ours."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    found = _BY_STATE.get(state[:2])
    if found is None:
        found = next((made for kinds, made in _BY_KIND if isinstance(error, kinds)), None)
    return found() if found is not None else None


_KNOWN = "known until the transaction ends"


def known_until_end(session: Session) -> dict[str, Any]:
    """What the running transaction may take for known: rows it has locked, what it has looked up.

    Forgotten at its end, and when a part of it is undone (the locks of a savepoint go with it).
    """
    known: dict[str, Any] = session.info.setdefault(_KNOWN, {})
    return known


@event.listens_for(Session, "after_commit")
def _forget(session: Session) -> None:
    session.info.pop(_KNOWN, None)


@event.listens_for(Session, "after_soft_rollback")
def _forget_undone(session: Session, _undone: Any) -> None:
    session.info.pop(_KNOWN, None)


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str, revision: str = "head") -> None:
    """Bring the schema at `url` to the newest version; migrations are the only way it comes to be.

    revision: an older one, where a migration is tested on what came before it.

    Two processes that start together are safe: PostgreSQL waits on an advisory lock, SQLite on its
    file lock.
    """
    migrating = connect(url)
    try:
        with migrating.execution_options(writing=True).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(7340921)"))
            config = _config(url)
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        migrating.dispose()


def advance_numbers(connection: Connection, tables: Iterable[str]) -> None:
    """Let a server number on above the rows that brought their own `id` (SQLite does by itself)."""
    if connection.dialect.name != "postgresql":
        return
    for name in tables:
        highest = f"greatest((SELECT max(id) FROM {name}), 1)"  # noqa: S608 own names
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {highest})")
        )


def version() -> str | None:
    """Version of the schema; None where there is none. Raises SQLAlchemyError without an answer.

    A database that is not there yet is not made by asking.
    """
    url = make_url(settings().database_url) if _engine is None else _engine.url
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        return None
    with engine().connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def ready() -> bool:
    """True when the database answers and its schema is the one this code was written for."""
    try:
        return version() == ScriptDirectory.from_config(_config("")).get_current_head()
    except SQLAlchemyError:
        return False
