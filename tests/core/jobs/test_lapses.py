"""The clock's own acts: lapses and ended registrations, each once and none held up by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core import catalogue, clock, db
from core.__main__ import main
from core.audit import history
from core.errors import CoreError
from core.jobs import lapses
from core.model import (
    Case,
    Clock,
    Event,
    Registration,
)
from core.revocations import procedure as revocations
from core.revocations.transitions import RevocationAction
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from tests import packets
from tests.builders import NOW, a_case, an_actor
from tests.packets import Writer
from tests.proceedings import a_hearing, a_revocation, an_appeal

Capture = pytest.CaptureFixture[str]
LATE = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)


@pytest.fixture
def filings(tmp_path: Path) -> Path:
    """A folder with three sound packets."""
    writer = Writer()
    for _ in range(3):
        packets.write(tmp_path / "in", *writer.packet())
    return tmp_path / "in"


def test_tick_accepts_by_lapse_once_and_only_after_the_last_day(
    engine: Engine, filings: Path, capsys: Capture
) -> None:
    main(["intake", str(filings)])
    assert main(["tick", "--at", "2026-03-17T23:59:59"]) == 0
    with db.reading() as session:
        assert {case.status for case in session.scalars(select(Case))} == {Status.RECEIVED}
    assert lapses.tick(LATE).taken["lapse_acceptance"] == 3
    with db.reading() as session:
        cases = session.scalars(select(Case)).all()
        assert {(case.status, case.accepted_by_lapse) for case in cases} == {("accepted", True)}
        assert not list(history.verify(session))
    again = lapses.tick(LATE)
    assert not any(again.taken.values()), "a second time finds nothing to do"
    assert not again.refused


def test_tick_leaves_cases_alone_where_silence_is_not_acceptance(
    engine: Engine, filings: Path
) -> None:
    book = catalogue.current()
    profession = book.professions["supervision"]
    own = replace(profession, parameters={**profession.parameters, "automatic_acceptance": False})
    with catalogue.installed(catalogue.extended(book, professions=[own])):
        main(["intake", str(filings)])
    done = lapses.tick(LATE)
    assert (done.taken["lapse_acceptance"], len(done.refused)) == (0, 3)


def registration(case: Case, valid_to: date, number: str) -> Registration:
    return Registration(
        profession=case.profession,
        specialty=number,
        person_id=case.person_id,
        employer_id=case.employer_id,
        person_name=case.person_name,
        number=number,
        status="active",
        first_registered_on=date(2023, 1, 1),
        valid_from=date(2023, 1, 1),
        valid_to=valid_to,
    )


def test_tick_ends_registrations_but_not_those_whose_renewal_was_filed_in_time(
    engine: Engine, filings: Path
) -> None:
    main(["intake", str(filings)])
    with db.transaction() as session:
        timely, late, other = session.scalars(select(Case).order_by(Case.id)).all()
        ends = {
            "today": date(2026, 3, 18),
            "plain": date(2026, 3, 17),
            "timely": date(2026, 3, 6),  # filed on that very day in China
            "late": date(2026, 3, 5),
        }
        rows = {number: registration(other, day, number) for number, day in ends.items()}
        session.add_all(rows.values())
        session.flush()
        timely.business = late.business = "renewal"
        timely.registration_id = rows["timely"].id
        late.registration_id = rows["late"].id
    assert lapses.tick(LATE).expired == 2
    assert lapses.tick(LATE).expired == 0
    with db.reading() as session:
        status = {row.number: row.status for row in session.scalars(select(Registration))}
        ended = session.scalars(select(Event.subject).where(Event.action == "expire")).all()
    assert status == {"today": "active", "plain": "expired", "timely": "active", "late": "expired"}
    assert len(ended) == 2


def test_a_case_that_cannot_lapse_does_not_hold_up_the_others(
    engine: Engine, filings: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    main(["intake", str(filings)])
    perform = lapses.perform

    def refusing(session: Any, procedure: Any, actor: Any, case_id: int, *rest: Any, **more: Any):
        if case_id == 2:
            raise CoreError
        return perform(session, procedure, actor, case_id, *rest, **more)

    monkeypatch.setattr(lapses, "perform", refusing)
    done = lapses.tick(LATE)
    assert done.taken["lapse_acceptance"] == 2
    assert [subject for subject, _ in done.refused] == ["case:2"]
    main(["tick", "--at", LATE.isoformat()])
    assert "case:2: 操作未能完成。" in capsys.readouterr().out, "the refused one is named"


def test_lapses_of_every_procedure_are_taken_in_one_run_and_a_pause_keeps_one_back(
    engine: Engine,
) -> None:
    with db.transaction() as session:
        withdrawing = a_case(session, Status.WITHDRAWING, now=NOW)
        correcting = a_case(session, Status.CORRECTING, now=NOW)
        publicity = a_case(session, Status.PUBLICITY, profession="architect", now=NOW)
        held_up = a_case(session, Status.RECEIVED, now=NOW)
        pausing = session.scalars(select(Clock).where(Clock.case_id == held_up.id)).one()
        pausing.paused_on = clock.day_of(NOW)
        an_appeal(session)
        a_hearing(session, a_case(session, Status.REVIEW, now=NOW))
        supervisor = an_actor(session, Role.SUPERVISOR)
        revocation = a_revocation(session, supervisor)
        revocations.perform(
            session, supervisor, revocation.id, RevocationAction.NOTIFY, now=NOW, reason="伪造"
        )
    done = lapses.tick(NOW + timedelta(days=60))
    assert done.refused == ()
    assert dict(done.taken) == {
        "lapse_withdrawal": 1,
        "lapse_correction": 1,
        "lapse_acceptance": 1,  # of the case whose withdrawal has lapsed in the same run
        "conclude_publicity": 1,
        "lapse_appeal": 1,
        "lapse_request": 1,
        "lapse_answer": 1,
    }
    with db.reading() as session:
        now_at = {case.id: case.status for case in session.scalars(select(Case))}
        assert now_at[withdrawing.id] == Status.ACCEPTED
        assert now_at[correcting.id] == Status.REFUSED
        assert now_at[publicity.id] == Status.CLOSED
        assert now_at[held_up.id] == Status.RECEIVED
        assert not list(history.verify(session))
    again = lapses.tick(NOW + timedelta(days=60))
    assert not any(again.taken.values())
