"""What every test may ask for: an empty, migrated database on either engine, and a data folder.

Both databases are migrated once per session into a template; a test gets a copy of it, so it starts
clean in milliseconds. One PostgreSQL server (`tests.postgres`) serves all workers of the session.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import Engine

from core import db
from core.config import settings
from tests import postgres

# Where the templates and the server of this session live; set once by the controlling process and
# inherited by its xdist workers. Short, because the path of a Unix socket may have 107 bytes.
SESSION = "REGDESK_TEST_SESSION"
TEMPLATE = "regdesk_template"

# A slow machine is no fault of the code: no deadline. In CI the same examples every time.
hypothesis.settings.register_profile(
    "desk", deadline=None, derandomize=os.environ.get("CI") == "true"
)
hypothesis.settings.load_profile("desk")


def pytest_configure(config: pytest.Config) -> None:
    """Make the session's folder, in the controlling process only."""
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="regdesk-"))
        folder.chmod(0o755)
        os.environ[SESSION] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, if any test asked for one, and remove the session's folder."""
    if hasattr(config, "workerinput") or SESSION not in os.environ:
        return
    folder = Path(os.environ.pop(SESSION))
    postgres.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _only_one(folder: Path, what: str) -> Iterator[None]:
    """Let one worker at a time prepare `what`; the others wait and find it ready."""
    with (folder / f"{what}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def session_folder() -> Path:
    """The folder shared by all workers of this session."""
    return Path(os.environ[SESSION])


@pytest.fixture(scope="session")
def sqlite_template(session_folder: Path) -> Path:
    """A migrated, empty SQLite file, to be copied and never opened."""
    template = session_folder / "template.db"
    with _only_one(session_folder, "sqlite"):
        if not template.exists():
            draft = session_folder / "draft.db"
            db.migrate(f"sqlite:///{draft}")
            # A copy of the file alone must be whole: nothing may be left in a write-ahead log.
            if (log := draft.with_name("draft.db-wal")).exists():
                assert log.stat().st_size == 0, "the migration left its connection open"
            draft.rename(template)
    return template


@pytest.fixture(scope="session")
def postgres_folder(session_folder: Path) -> Path:
    """The folder whose `cluster` holds a running server with a migrated template database."""
    ready = session_folder / "postgres.ready"
    with _only_one(session_folder, "postgres"):
        if not ready.exists():
            postgres.start(session_folder)
            postgres.administer(session_folder, f"CREATE DATABASE {TEMPLATE}")
            db.migrate(postgres.url_of(session_folder, TEMPLATE))
            # Closes what a migration may have left open: a database in use cannot be copied.
            postgres.administer(
                session_folder, f"ALTER DATABASE {TEMPLATE} ALLOW_CONNECTIONS false"
            )
            postgres.administer(
                session_folder,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                f"WHERE datname = '{TEMPLATE}'",
            )
            ready.touch()
    return session_folder


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """URL of a migrated, empty SQLite database of this test's own."""
    copy = tmp_path / "regdesk.db"
    shutil.copyfile(sqlite_template, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def postgres_url(postgres_folder: Path) -> Iterator[str]:
    """URL of a migrated, empty PostgreSQL database of this test's own."""
    name = f"test_{uuid4().hex}"
    postgres.administer(postgres_folder, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield postgres.url_of(postgres_folder, name)
    postgres.administer(postgres_folder, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine_url(request: pytest.FixtureRequest) -> str:
    """URL of a migrated, empty database; the test runs once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(engine_url: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The engine every command of this test uses (`core.db.use`), on each database in turn."""
    monkeypatch.setenv("REGDESK_DATABASE_URL", engine_url)
    settings.cache_clear()
    engine = db.connect(engine_url)
    db.use(engine)
    yield engine
    db.use(None)
    engine.dispose()


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The test's own data folder: no test reads or writes the installation's `./data`."""
    folder = tmp_path / "data"
    for name in list(os.environ):
        if name.startswith("REGDESK_") and name != SESSION:
            monkeypatch.delenv(name)
    monkeypatch.setenv("REGDESK_DATA", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()
