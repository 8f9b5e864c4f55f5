"""Whatever is done behind the product's back is found and named; nothing is cried otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from core import clock, db
from core.audit import anchors, history
from core.files import checking
from tests import tampering
from tests.tampering import Tampering


def faults(session: Session) -> list[history.Fault]:
    """All that `python -m core verify-history` finds."""
    known = anchors.remembered(session)
    return [
        *history.verify(session, known.unkeyed),
        *anchors.verify(session, known),
        *checking.verify(session),
    ]


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
