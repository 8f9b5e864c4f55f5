"""The real server, one for this folder, with people who can sign in."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core import clock, db
from core.access.actors import SYSTEM
from core.accounts import users
from core.config import settings
from core.model import User
from core.vocabulary.roles import Role
from tests.dashboard.live_server import PASSWORD, Server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="package")
def running(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server as the command line starts it; it must stop when told and log no traceback."""
    data = tmp_path_factory.mktemp("server")
    shutil.copyfile(sqlite_template, data / "regdesk.db")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {k: v for k, v in os.environ.items() if not k.startswith(("REGDESK_", "STREAMLIT_"))}
    env |= {"REGDESK_DATA": str(data), "REGDESK_PORT": str(port), "PYTHONPATH": str(ROOT)}
    log = data / "server.log"
    with log.open("wb") as output:
        # From another folder on purpose: the place must not matter.
        process = subprocess.Popen(
            [sys.executable, "-m", "dashboard"], cwd=data, env=env, stdout=output, stderr=output
        )
    server = Server(port, data)
    try:
        deadline = time.monotonic() + 60
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            try:
                if server.ask("GET", "/readyz").status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        assert process.wait(20) in {0, -signal.SIGTERM}
    assert "Traceback" not in log.read_text()


@pytest.fixture
def server(running: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The server, with its database and its store open to the test as well."""
    monkeypatch.setenv("REGDESK_DATA", str(running.data))
    settings.cache_clear()
    engine = db.connect(f"sqlite:///{running.data / 'regdesk.db'}")
    db.use(engine)
    with db.transaction() as session:
        if session.scalar(select(User.id)) is None:
            people(session)
    yield running
    db.use(None)
    engine.dispose()


def people(session: db.Session) -> None:
    for username, role in (
        ("reviewer1", Role.REVIEWER),
        ("analyst1", Role.ANALYST),
        ("locked1", Role.REVIEWER),
        ("disabled1", Role.REVIEWER),
    ):
        user = users.create_user(
            session,
            SYSTEM,
            username=username,
            name=f"演示{username}",
            password=PASSWORD,
            roles=[role],
            now=clock.now(),
        )
        user.disabled = username == "disabled1"
