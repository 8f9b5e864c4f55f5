"""What the tests of intake share: a moment, the run, and looks at what it left behind."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from core import clock, db
from core.access.actors import SYSTEM
from core.audit import history
from core.intake.problems import Problem
from core.intake.run import Result, opened, run
from core.model import Base, Case

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=clock.CHINA).astimezone(UTC)

Packet = dict[str, Any]


def take(path: Path, now: datetime = NOW) -> list[Result]:
    return list(run(opened(path, SYSTEM), now))


def only(results: list[Result]) -> Result:
    assert len(results) == 1
    return results[0]


def everything(engine: Engine, data_folder: Path) -> dict[str, int]:
    """Rows of every table but the quarantine, and files of the store."""
    with engine.connect() as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name != "quarantine"
        }
        counts["head"] = (
            connection.scalar(select(func.sum(Base.metadata.tables["chain_heads"].c.seq))) or 0
        )
    store = data_folder / "attachments"
    counts["files"] = sum(path.is_file() for path in store.rglob("*")) if store.exists() else 0
    return counts


def the_case() -> Case:
    with db.reading() as session:
        return session.scalars(select(Case)).one()


def history_holds() -> bool:
    with db.reading() as session:
        return not list(history.verify(session))


def problem_at(result: Result, path: str) -> Problem:
    found = [problem for problem in result.problems if problem.path == path]
    assert found, f"nothing at {path}, only at {[problem.path for problem in result.problems]}"
    return found[0]
