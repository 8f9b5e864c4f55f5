"""Whatever is done behind the product's back is found and named; nothing is cried otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from core import clock, db
from core.__main__ import main
from core.access.actors import SYSTEM
from core.audit import anchors, history
from core.commandline import history as commands
from core.config import settings
from core.files.attachments import path_of
from core.model import Attachment
from tests import tampering
from tests.builders import NOW
from tests.tampering import Tampering, faults


@pytest.fixture
def furnished(engine: Engine) -> Engine:
    """A database with every kind of evidence, anchored."""
    with db.transaction() as session:
        tampering.furnish(session)
    assert anchors.add(clock.now())
    return engine


def missed(
    engine: Engine, given: Callable[[Connection], Iterator[tuple[Tampering, ...]]]
) -> tuple[int, list[str]]:
    """How many were tried, and those that were not found or not named; several at once that do not
    meet."""
    found: list[str] = []
    with db.reading() as session:
        assert faults(session) == []
        all_rounds = list(given(session.connection()))
    for several in all_rounds:
        with engine.execution_options(writing=True).connect() as connection:
            tampering.loosened(connection)
            for each in several:
                each.do(connection)
            with Session(connection) as session:
                told = tampering.told(faults(session))
            connection.rollback()
        found += [
            f"{each.what}: {told[:5]}"
            for each in several
            if not any(each.named in line for line in told)
        ]
    with db.reading() as session:
        assert faults(session) == []
    return sum(map(len, all_rounds)), found


def test_whatever_is_done_to_evidence_is_found_and_named(furnished: Engine) -> None:
    tried, lost = missed(furnished, lambda connection: tampering.rounds(connection, Random(1)))
    assert tried > 180
    assert lost == []


def test_whatever_is_done_to_the_history_is_found(furnished: Engine) -> None:
    tried, lost = missed(
        furnished,
        lambda connection: ((each,) for each in tampering.of_history(connection, Random(2))),
    )
    assert tried > 20
    assert lost == []


def test_a_picture_with_other_bytes_is_named_and_so_is_one_that_is_gone(furnished: Engine) -> None:
    with db.reading() as session:
        first, second = session.scalars(select(Attachment).order_by(Attachment.id)).all()
        path_of(first.sha256).write_bytes(b"other")
        path_of(second.sha256).unlink()
        told = tampering.told(faults(session))
    assert any(
        f"attachment {first.id} of case {first.case_id} is not the one" in each for each in told
    )
    assert any(f"attachment {second.id} of case {second.case_id} is gone" in each for each in told)


def test_the_command_names_the_first_hundred_and_counts_the_rest(
    furnished: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert commands.MOST_TOLD == 100
    monkeypatch.setattr(commands, "MOST_TOLD", 20)
    assert main(["verify-history", "--lang=en"]) == 0
    with db.transaction() as session:
        session.execute(text("UPDATE verdicts SET note = 'x'"))
        session.execute(text("UPDATE decisions SET note = 'x' WHERE id = 2"))
        count = session.execute(text("SELECT count(*) FROM verdicts")).scalar_one() + 1
    capsys.readouterr()
    for language, named, rest in (
        ("en", ": decision 2 of case ", "{} more"),
        ("zh", "：决定 2（案件 ", "另有 {} 处"),
    ):
        assert main(["verify-history", f"--lang={language}"]) == 1
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 20 + 1
        assert any(named in line for line in lines)
        assert rest.format(count - 20) in lines[-1]


def test_the_command_anchors_what_holds_and_nothing_else(
    furnished: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    before = settings().anchors.read_bytes()
    with db.transaction() as session:
        history.record(session, SYSTEM, "test", "case:1", at=NOW, case_id=1)
    assert main(["verify-history"]) == 0
    after = settings().anchors.read_bytes()
    assert after.startswith(before)
    assert len(after) > len(before)
    with db.transaction() as session:
        session.execute(text("UPDATE decisions SET note = 'x'"))
        history.record(session, SYSTEM, "test", "case:1", at=NOW, case_id=1)
    assert main(["verify-history"]) == 1
    assert settings().anchors.read_bytes() == after
    capsys.readouterr()
    assert main(["anchor", "--lang=en"]) == 0
    assert main(["anchor", "--lang=en"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert str(settings().anchors) in out[0]
    assert "no history since" in out[1]
