"""Engine, sessions and migrations. SQLite inside the data folder by default, PostgreSQL by URL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError as PoolTimeout,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.config import settings
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
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            parsed,
            connect_args={"timeout": 10, "isolation_level": None},
            pool_size=20,
            max_overflow=40,
        )
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    return create_engine(parsed, pool_size=20, max_overflow=40, pool_pre_ping=True)


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
    text = Text(
        "该记录刚被他人修改，您的操作未生效。请刷新后重试。",
        "Somebody changed this record at the same moment; nothing of yours was saved. Reload and "
        "try again.",
    )


class Unstorable(CoreError):
    text = Text(
        "填写的内容含有无法保存的字符或过长，未保存，请检查后重试。",
        "Something typed is too long or holds a character that cannot be stored. Nothing was "
        "saved; please check it and try again.",
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """One command, one transaction: committed when the block ends, undone when it raises.

    Raises Unavailable when the database cannot be reached, and Conflict when a constraint or a
    version says that somebody else was faster; nothing is changed then.
    """
    writer = engine().execution_options(writing=True)
    with _session(writer) as session:
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """A consistent snapshot for reads; takes no lock that a writer would feel."""
    with _session(engine()) as session:
        yield session


@contextmanager
def _session(bound: Engine) -> Iterator[Session]:
    try:
        with Session(bound, expire_on_commit=False) as session, session.begin():
            yield session
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        raise Unavailable from error
    except (IntegrityError, StaleDataError) as error:
        raise Conflict from error
    except DataError as error:
        raise Unstorable from error


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


def ready() -> bool:
    """True when the database answers and its schema is the one this code was written for.

    A database that is not there yet is not made by asking.
    """
    try:
        url = make_url(settings().database_url) if _engine is None else _engine.url
    except ArgumentError:
        return False
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        return False
    expected = ScriptDirectory.from_config(_config("")).get_current_head()
    try:
        with engine().connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == expected
    except SQLAlchemyError:
        return False
