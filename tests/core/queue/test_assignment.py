"""Handing out: the oldest free case, to one officer each, and several at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine

from core import db
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.errors import NotFound, NotPermitted
from core.queue import assignment
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow.engine import HeldByOther
from tests.builders import NOW, Team, a_case, an_actor

pytestmark = pytest.mark.usefixtures("engine")


def test_the_next_case_is_the_one_with_the_oldest_clock_in_ones_professions() -> None:
    with db.transaction() as session:
        late = a_case(session, now=NOW - timedelta(days=2))
        a_case(session, now=NOW)
        a_case(session, profession="architect", now=NOW - timedelta(days=6))
        actor = an_actor(session, Role.ACCEPTOR, professions=["supervision"])
        assert assignment.take_next(session, actor, NOW).id == late.id


def test_many_officers_never_get_the_same_case(engine: Engine) -> None:
    with db.transaction() as session:
        cases = {a_case(session).id for _ in range(12)}
        officers = [an_actor(session, Role.ACCEPTOR) for _ in range(6)]

    def take(index: int) -> int:
        with db.transaction() as session:
            return assignment.take_next(session, officers[index % 6], NOW).id

    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(take, range(12)))
    assert sorted(taken) == sorted(cases)
    with db.transaction() as session, pytest.raises(assignment.NothingToTake):
        assignment.take_next(session, officers[0], NOW)


def test_a_case_whose_clock_pauses_comes_after_those_whose_clock_runs() -> None:
    with db.transaction() as session:
        paused, running = (a_case(session, Status.ACCEPTED) for _ in range(2))
        decider, reviewer = (an_actor(session, role) for role in (Role.DECIDER, Role.REVIEWER))
        perform(session, decider, paused.id, Action.PAUSE_CLOCK, now=NOW, reason="专家评审")
        assert paused.due_on is None
        assert assignment.take_next(session, reviewer, NOW).id == running.id
        assert assignment.take_next(session, reviewer, NOW).id == paused.id


def test_nobody_is_handed_what_they_decided_before_nor_what_waits_for_a_withdrawal() -> None:
    with db.transaction() as session:
        team = Team(session)
        a_case(session, Status.RECHECK, team=team)
        a_case(session, Status.WITHDRAWING, team=team)
        with pytest.raises(assignment.NothingToTake):
            assignment.take_next(session, team.officer(Stage.REVIEW), NOW)
        with pytest.raises(assignment.NothingToTake):
            assignment.take_next(session, team.officer(Stage.ACCEPTANCE), NOW)
        assert assignment.take_next(session, team.officer(Stage.RECHECK), NOW)


def test_the_next_one_is_looked_for_at_one_desk_and_beside_those_left_out() -> None:
    with db.transaction() as session:
        received, accepted = a_case(session), a_case(session, Status.ACCEPTED)
        both = an_actor(session, Role.ACCEPTOR, Role.REVIEWER)
        with pytest.raises(assignment.NothingToTake):
            assignment.take_next(session, both, NOW, desk=Stage.REVIEW, after=[accepted.id])
        with pytest.raises(assignment.NothingToTake):
            assignment.take_next(session, both, NOW, desk=Stage.DECISION)
        taken = assignment.take_next(session, both, NOW, desk=Stage.ACCEPTANCE)
        assert taken.id == received.id
        with pytest.raises(NotPermitted):
            assignment.take_next(session, an_actor(session, Role.SUPERVISOR), NOW)


def test_several_are_claimed_at_once_and_the_others_told_why() -> None:
    with db.transaction() as session:
        free, held, elsewhere = a_case(session), a_case(session), a_case(session, Status.FILED)
        first, second = (an_actor(session, Role.ACCEPTOR) for _ in range(2))
        claiming.claim(session, first, held.id, NOW)
        done = assignment.claim_each(session, second, [free.id, held.id, elsewhere.id, 999], NOW)
        assert done.refs == (free.ref,)
        assert [(number, type(error)) for number, error in done.refusals] == [
            (held.id, HeldByOther),
            (elsewhere.id, claiming.NotForOfficers),
            (999, NotFound),
        ]


def test_two_officers_who_claim_the_same_cases_at_once_never_wait_in_a_circle(
    engine: Engine,
) -> None:
    with db.transaction() as session:
        cases = [a_case(session).id for _ in range(6)]
        officers = [an_actor(session, Role.ACCEPTOR) for _ in range(2)]
    orders = (cases, cases[::-1])
    start = Barrier(2)

    def claim(index: int) -> assignment.Claims:
        start.wait()
        with db.transaction() as session:
            return assignment.claim_each(session, officers[index], orders[index], NOW)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(claim, range(2))
    assert sorted(len(done.refs) for done in (first, second)) == [0, 6]
    loser, order = (first, orders[0]) if not first.refs else (second, orders[1])
    assert [number for number, _ in loser.refusals] == list(order)
