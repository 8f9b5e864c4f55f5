"""The history: appended with every action, and every tampering is found and named."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import Engine, delete, select, text, update

from core import db
from core.access.actors import SYSTEM
from core.audit import history
from core.model import ChainHead, Event
from core.vocabulary.cases import Status
from tests.builders import NOW, a_case

pytestmark = pytest.mark.usefixtures("engine")


def faults() -> list[history.Fault]:
    with db.reading() as session:
        return list(history.verify(session))


@pytest.fixture
def rows() -> list[int]:
    """Ids of the history rows of one finished case, oldest first."""
    with db.transaction() as session:
        case = a_case(session, Status.CLOSED)
        return list(
            session.scalars(select(Event.id).where(Event.case_id == case.id).order_by(Event.id))
        )


def test_an_untouched_history_holds(rows: list[int]) -> None:
    assert len(rows) > 10
    assert faults() == []


@pytest.mark.parametrize(
    "change",
    [
        {"detail": '{"reason":"别的"}'},
        {"actor_name": "别人"},
        {"after": "rejected"},
        {"action": "reject"},
        {"version": 99},
        {"hash": "f" * 64},
    ],
)
def test_an_edited_row_is_named(rows: list[int], change: dict[str, object]) -> None:
    with db.transaction() as session:
        session.execute(update(Event).where(Event.id == rows[4]).values(**change))
    found = faults()
    assert rows[4] in [fault.event_id for fault in found]
    assert found[0].text.zh


def test_a_removed_row_is_noticed_at_the_row_after_it(rows: list[int]) -> None:
    with db.transaction() as session:
        session.execute(delete(Event).where(Event.id == rows[4]))
    assert [(fault.event_id, fault.text) for fault in faults()] == [(rows[5], history.MISSING)]


def test_a_cut_off_end_is_noticed(rows: list[int]) -> None:
    with db.transaction() as session:
        session.execute(delete(Event).where(Event.id == rows[-1]))
    cut, *uncovered = faults()
    assert cut.text == history.CUT
    assert all(fault.chain is None for fault in uncovered)


def test_swapped_rows_are_noticed(rows: list[int]) -> None:
    with db.transaction() as session:
        first, second = (session.get_one(Event, row) for row in rows[3:5])
        chain, one, two = first.chain, first.seq, second.seq
        for row, seq in ((rows[3], 10_000), (rows[4], one), (rows[3], two)):
            session.execute(
                text("UPDATE events SET seq = :seq WHERE id = :id"), {"seq": seq, "id": row}
            )
    assert {fault.chain for fault in faults()} == {chain}


def test_a_rewritten_chain_still_contradicts_its_head(rows: list[int]) -> None:
    with db.transaction() as session:
        last = session.get_one(Event, rows[-1])
        session.execute(
            update(ChainHead).where(ChainHead.chain == last.chain).values(hash="a" * 64)
        )
    assert [fault.text for fault in faults()] == [history.CUT]


def test_rows_without_a_case_are_chained_by_their_subject() -> None:
    with db.transaction() as session:
        for number in range(3):
            history.record(session, SYSTEM, "test", f"user:{number}", at=NOW, detail={"词": "值"})
    assert faults() == []


def test_what_a_savepoint_undid_leaves_no_gap_in_its_chain(engine: Engine) -> None:
    with db.transaction() as session:
        history.record(session, SYSTEM, "one", "case:1", at=NOW, case_id=1)
        for fails in (True, False, True):
            with suppress(LookupError), session.begin_nested():
                history.record(session, SYSTEM, "inside", "case:1", at=NOW, case_id=1)
                history.record(session, SYSTEM, "inside", "case:2", at=NOW, case_id=2)
                if fails:
                    raise LookupError
        history.record(session, SYSTEM, "last", "case:1", at=NOW, case_id=1)
        history.record(session, SYSTEM, "last", "case:2", at=NOW, case_id=2)
        assert not list(history.verify(session)), "whole before it is committed"
    with db.reading() as session:
        assert not list(history.verify(session))
        rows = session.execute(select(Event.subject, Event.action).order_by(Event.id)).all()
    assert [tuple(row) for row in rows] == [
        ("case:1", "one"),
        ("case:1", "inside"),
        ("case:2", "inside"),
        ("case:1", "last"),
        ("case:2", "last"),
    ]


def test_a_transaction_that_fails_leaves_the_heads_as_they_were(engine: Engine) -> None:
    with suppress(LookupError), db.transaction() as session:
        history.record(session, SYSTEM, "lost", "case:1", at=NOW, case_id=1)
        session.flush()
        raise LookupError
    with db.transaction() as session:
        assert history.record(session, SYSTEM, "kept", "case:1", at=NOW, case_id=1).seq == 1
    with db.reading() as session:
        assert not list(history.verify(session))


def test_a_savepoint_left_open_at_the_end_leaves_no_chain_cut_off(engine: Engine) -> None:
    with db.transaction() as session:
        session.begin_nested()
        history.record(session, SYSTEM, "inside", "case:1", at=NOW, case_id=1)
    with db.transaction() as session:
        history.record(session, SYSTEM, "after", "case:1", at=NOW, case_id=1)
    with db.reading() as session:
        assert not list(history.verify(session))


def test_ends_written_in_a_savepoint_that_is_undone_are_written_again(engine: Engine) -> None:
    with db.transaction() as session:
        for fails in (True, False):
            with suppress(LookupError), session.begin_nested():
                history.record(session, SYSTEM, "same", "case:1", at=NOW, case_id=1)
                assert not list(history.verify(session))
                if fails:
                    raise LookupError
    with db.reading() as session:
        assert not list(history.verify(session))
