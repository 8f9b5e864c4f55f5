"""An employer first seen in a packet: nothing is approved at it before its province verified it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import db
from core.access.actors import Actor
from core.cases import claiming, guards
from core.cases.actions import Action
from core.cases.commands import perform
from core.employers import procedure as employers
from core.employers.transitions import EmployerAction
from core.errors import NotFound
from core.intake.run import PacketOutcome
from core.model import Case, Employer
from core.review import verdicts
from core.vocabulary.cases import Status
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.roles import Role
from tests import builders as build, packets
from tests.intake_cases import NOW, only, take
from tests.packets import Writer


def the_case(session: Session) -> Case:
    return session.scalars(select(Case)).one()


def act(session: Session, officer: Actor, action: Action) -> None:
    case = the_case(session)
    claiming.claim(session, officer, case.id, NOW)
    verdicts.pass_the_rest(session, officer, case.id, now=NOW)
    perform(session, officer, case.id, action, now=NOW)


def test_the_province_verifies_it_and_then_it_is_approved(engine: Engine, tmp_path: Path) -> None:
    packets.write(tmp_path / "in", *Writer().packet())
    assert only(take(tmp_path / "in")).fate is PacketOutcome.TAKEN
    with db.transaction() as session:
        assert the_case(session).status == Status.RECEIVED
        acceptor, reviewer = (
            build.an_actor(session, role) for role in (Role.ACCEPTOR, Role.REVIEWER)
        )
        act(session, acceptor, Action.ACCEPT)
        with pytest.raises(guards.EmployerNotVerified):
            act(session, reviewer, Action.PROPOSE_APPROVAL)
        employer, verify = the_case(session).employer_id, EmployerAction.VERIFY
        other, own = (
            Actor(None, "省厅", frozenset({Role.PROVINCE}), province=code) for code in ("11", "37")
        )
        with pytest.raises(NotFound):
            employers.perform(session, other, employer, verify, now=NOW)
        employers.perform(session, own, employer, verify, now=NOW)
        act(session, reviewer, Action.PROPOSE_APPROVAL)
        assert the_case(session).status == Status.RECHECK


def test_a_second_packet_of_a_new_employer_is_taken_in_as_well(
    engine: Engine, tmp_path: Path
) -> None:
    writer = Writer()
    first, files = writer.packet()
    second, more = writer.packet()
    second["employer"] = first["employer"]
    packets.write(tmp_path / "in", first, files)
    packets.write(tmp_path / "in", second, more)
    assert [result.fate for result in take(tmp_path / "in")] == [PacketOutcome.TAKEN] * 2
    with db.reading() as session:
        assert session.scalars(select(Employer.status)).all() == [EmployerStatus.UNVERIFIED]


def test_a_handler_with_an_account_cannot_report_before(engine: Engine) -> None:
    with db.transaction() as session:
        employer = build.an_employer(session, status=EmployerStatus.UNVERIFIED.value)
        case = build.a_case(session, Status.FILED, employer=employer)
        handler = build.an_actor(session, Role.EMPLOYER, employer_id=employer.id)
        with pytest.raises(guards.EmployerNotVerified):
            perform(session, handler, case.id, Action.REPORT, now=build.NOW)
