"""Flags are told, confirmed or dismissed with a reason; the counts that queues show stay right."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event as Signal
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from core import db
from core.access.actors import Actor
from core.anomalies import disposition
from core.anomalies.disposition import (
    AlreadyDisposed,
    MayStillAnswer,
    NotShown,
    UnderAppeal,
    dispose,
    recount,
    show,
)
from core.appeals.procedure import open_appeal, perform
from core.appeals.transitions import AppealAction
from core.correspondence.inbox import read_inbox
from core.errors import NotFound, NotPermitted
from core.model import Anomaly, Case, Event
from core.vocabulary.anomalies import AnomalyStatus, Severity
from core.vocabulary.roles import Role
from core.workflow.engine import ReasonMissing
from tests.builders import NOW, a_case, an_actor
from tests.proceedings import a_flag, assert_history_holds, the_person

pytestmark = pytest.mark.usefixtures("engine")


def counts(session: Session, case_id: int) -> tuple[int, int]:
    session.expire_all()
    case = session.get_one(Case, case_id)
    return case.flags_block, case.flags_other


def test_a_flag_is_told_then_confirmed_and_counted_no_more() -> None:
    with db.transaction() as session:
        case, other = a_case(session), a_case(session)
        officer = an_actor(session, Role.ANOMALY_OFFICER)
        flag = a_flag(session, case, other, severity=Severity.BLOCK.value)
        a_flag(session, case)
        assert counts(session, case.id) == (1, 1)
        before = case.version_id
        with pytest.raises(NotShown):
            dispose(session, officer, case.id, flag.id, confirmed=True, reason="属实", now=NOW)
        for _ in range(2):  # the second time says nothing new
            show(session, officer, case.id, flag.id, now=NOW)
        dispose(session, officer, case.id, flag.id, confirmed=True, reason=" 属实 ", now=NOW)
        assert counts(session, case.id) == (0, 1)
        assert counts(session, other.id) == (0, 0), "it is settled for every case it touches"
        assert case.version_id == before, "what an officer is typing stays valid"
        again = session.get_one(Anomaly, flag.id)
        assert again.status == AnomalyStatus.CONFIRMED
        assert (again.disposition, again.disposed_by) == ("属实", officer.user_id)
        letters = read_inbox(session, "zh", person_id=case.person_id)
        assert [item.template for item in letters].count("flag_shown") == 1
        actions = session.scalars(
            select(Event.action).where(Event.subject == f"anomaly:{flag.id}").order_by(Event.id)
        ).all()
        assert actions == ["show_flag", "confirm_flag"]
    assert_history_holds()


def test_a_flag_is_dismissed_with_a_reason_once() -> None:
    with db.transaction() as session:
        case = a_case(session)
        officer = an_actor(session, Role.REVIEWER)
        flag = a_flag(session, case)

        def dismiss(reason: str) -> None:
            dispose(session, officer, case.id, flag.id, confirmed=False, reason=reason, now=NOW)

        with pytest.raises(ReasonMissing):
            dismiss(" ")
        dismiss("总分公司")
        with pytest.raises(AlreadyDisposed):
            dismiss("再次")
        with pytest.raises(AlreadyDisposed):
            show(session, officer, case.id, flag.id, now=NOW)


def test_a_flag_under_appeal_waits_for_two_officers() -> None:
    with db.transaction() as session:
        case = a_case(session)
        first, second = (an_actor(session, Role.ANOMALY_OFFICER) for _ in range(2))
        flag = a_flag(session, case)
        show(session, first, case.id, flag.id, now=NOW)
        appeal = open_appeal(session, first, flag.id, NOW)

        def refuses(error: type[Exception], *ways: bool) -> None:
            for confirmed in ways:
                with pytest.raises(error):
                    settle(confirmed)

        def settle(confirmed: bool) -> None:
            dispose(session, first, case.id, flag.id, confirmed=confirmed, reason="核实", now=NOW)

        refuses(MayStillAnswer, True)
        person = the_person(appeal.person_id)
        perform(session, person, appeal.id, AppealAction.ANSWER, now=NOW, reason="总公司代缴")
        refuses(UnderAppeal, True, False)
        perform(session, first, appeal.id, AppealAction.PROPOSE_UPHOLD, now=NOW, reason="属实")
        refuses(UnderAppeal, True, False)
        perform(session, second, appeal.id, AppealAction.UPHOLD, now=NOW)
        settle(False)
        assert flag.status == AnomalyStatus.DISMISSED
    assert_history_holds()


def test_flags_are_disposed_of_by_those_who_may_on_cases_they_touch() -> None:
    with db.transaction() as session:
        case, other = a_case(session), a_case(session)
        flag = a_flag(session, case)
        officer = an_actor(session, Role.ANOMALY_OFFICER)
        for actor, where, error in (
            (an_actor(session, Role.ACCEPTOR), case.id, NotPermitted),
            (an_actor(session, Role.SUPERVISOR), case.id, NotPermitted),
            (officer, other.id, NotFound),
            (officer, 999, NotFound),
        ):
            with pytest.raises(error):
                show(session, actor, where, flag.id, now=NOW)
            with pytest.raises(error):
                dispose(session, actor, where, flag.id, confirmed=False, reason="核实", now=NOW)


def test_counting_again_brings_the_case_in_line_with_its_flags() -> None:
    with db.transaction() as session:
        case = a_case(session)
        for severity in Severity:
            a_flag(session, case, severity=severity.value)
        a_flag(session, case, status=AnomalyStatus.APPEALED.value)
        a_flag(session, case, status=AnomalyStatus.DISMISSED.value)
        case.flags_block = case.flags_other = 99
        session.flush()
        recount(session, case.id)
        assert counts(session, case.id) == (1, 4)


# --- two at once ---------------------------------------------------------------------------------


def at_once(*works: Callable[[], None]) -> None:
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result(60)


def test_two_flags_of_one_case_disposed_of_at_once_leave_no_count(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        case = a_case(session)
        officer = an_actor(session, Role.ANOMALY_OFFICER)
        flags = [a_flag(session, case, severity=item).id for item in ("block", "high")]
    meeting = Barrier(2)
    count = disposition.recount

    def after_the_other(session: Session, case_id: int) -> None:
        """Both have settled their flag, and neither has committed, when the counting begins."""
        with suppress(BrokenBarrierError):  # the other one waits for us, as it should
            meeting.wait(1)
        count(session, case_id)

    monkeypatch.setattr(disposition, "recount", after_the_other)

    def work(flag_id: int) -> Callable[[], None]:
        def settle() -> None:
            with db.transaction() as session:
                dispose(session, officer, case.id, flag_id, confirmed=False, reason="核实", now=NOW)

        return settle

    at_once(*map(work, flags))
    with db.reading() as session:
        assert counts(session, case.id) == (0, 0)
    assert_history_holds()


def test_two_flags_of_the_same_two_cases_never_wait_in_a_circle(engine: Engine) -> None:
    with db.transaction() as session:
        officer = an_actor(session, Role.ANOMALY_OFFICER)
        first, second = a_case(session), a_case(session)
        # Written in opposite orders, and disposed of from opposite ends.
        pairs = [
            (a_flag(session, first, second).id, a_flag(session, second, first).id) for _ in range(6)
        ]

    def work(end: int, case_id: int) -> Callable[[], None]:
        def settle() -> None:
            for pair in pairs:
                with db.transaction() as session:
                    dispose(
                        session,
                        officer,
                        case_id,
                        pair[end],
                        confirmed=False,
                        reason="核实",
                        now=NOW,
                    )

        return settle

    at_once(work(0, first.id), work(1, second.id))
    with db.reading() as session:
        assert counts(session, first.id) == counts(session, second.id) == (0, 0)
        open_flags = session.scalars(select(Anomaly).where(Anomaly.disposed_at.is_(None))).all()
        assert open_flags == []
    assert_history_holds()


def test_telling_of_a_flag_while_it_is_disposed_of_never_waits_in_a_circle(
    engine: Engine,
) -> None:
    """Whoever tells locks in the same order as whoever disposes: the cases, then the flag."""
    with db.transaction() as session:
        officer = an_actor(session, Role.ANOMALY_OFFICER)
        case = a_case(session)
        flag_id = a_flag(session, case).id
    if engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time: there is no order of locks")
    for step in (telling(officer, case.id, flag_id), dismissing(officer, case.id, flag_id)):
        locked = locks_of(engine, step)
        assert [name for name in locked if name in {"cases", "anomalies"}] == ["cases", "anomalies"]
        assert locked[-1] == "chain_heads"


def telling(officer: Actor, case_id: int, flag_id: int) -> Callable[[], None]:
    def tell() -> None:
        with db.transaction() as session:
            show(session, officer, case_id, flag_id, now=NOW)

    return tell


def dismissing(officer: Actor, case_id: int, flag_id: int) -> Callable[[], None]:
    def dismiss() -> None:
        with db.transaction() as session:
            dispose(session, officer, case_id, flag_id, confirmed=False, reason="核实", now=NOW)

    return dismiss


def locks_of(engine: Engine, work: Callable[[], None]) -> list[str]:
    """The tables whose rows `work` locks, in order."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        words = statement.lower().split()
        if "for" in words and words[-1] in {"update", "anomalies"}:
            found.append(words[words.index("from") + 1].strip(","))

    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return found


def test_of_two_who_dispose_of_one_flag_one_is_told(engine: Engine) -> None:
    with db.transaction() as session:
        officer = an_actor(session, Role.ANOMALY_OFFICER)
        case = a_case(session)
        flag_id = a_flag(session, case).id
    told = Signal()

    def work() -> None:
        try:
            dismissing(officer, case.id, flag_id)()
        except AlreadyDisposed:
            told.set()

    at_once(work, work)
    assert told.is_set()
    with db.reading() as session:
        rows = session.scalars(select(Event).where(Event.action == "dismiss_flag")).all()
        assert len(rows) == 1
