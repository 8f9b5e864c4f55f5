"""What officers, applicants and employers read: case file, timeline, register, own work."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event

from core import clock, db
from core.access.actors import SYSTEM
from core.casefile import history, own
from core.casefile.read import read_case
from core.casefile.timeline import NodeState, Passage, timeline
from core.catalogue.types import Subject
from core.correspondence import inbox
from core.errors import NotFound, NotPermitted
from core.model import Attachment
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from tests.builders import NOW, Team, a_case, an_actor, an_employer, bring

pytestmark = pytest.mark.usefixtures("engine")


def states(profession: str, status: Status, *path: Status) -> list[NodeState]:
    steps = [Passage(before, after, NOW) for before, after in itertools.pairwise(path)]
    return [node.state for node in timeline(profession, status, steps)]


def test_a_node_is_current_while_the_case_rests_there() -> None:
    done, current, ahead = NodeState.DONE, NodeState.CURRENT, NodeState.NOT_STARTED
    assert states("supervision", Status.REVIEW) == [done, done, current]
    assert states("architect", Status.CORRECTING) == [done, done, current, ahead, ahead, ahead]
    assert states("architect", Status.PUBLICITY) == [done, done, done, done, current, ahead]
    assert states("survey_design", Status.CLOSED) == [done] * 5


@pytest.mark.parametrize(
    ("profession", "status", "path", "expected"),
    [
        ("architect", Status.REFUSED, (), "--x"),
        ("architect", Status.REJECTED, (), "---x"),
        ("architect", Status.WITHDRAWN, (Status.FILED, Status.WITHDRAWN), "-x"),
        ("architect", Status.TERMINATED, (Status.RECHECK, Status.TERMINATED), "---x"),
        ("supervision", Status.RETURNED, (), "-x"),
    ],
)
def test_a_stopped_case_is_marked_where_it_stopped(
    profession: str, status: Status, path: tuple[Status, ...], expected: str
) -> None:
    marks = {NodeState.DONE: "-", NodeState.FAILED: "x", NodeState.NOT_STARTED: ""}
    assert "".join(marks[state] for state in states(profession, status, *path)) == expected


def test_a_pause_moves_no_date_of_the_progress_bar() -> None:
    later = NOW + timedelta(days=9)
    steps = [
        Passage(Status.RECEIVED, Status.ACCEPTED, NOW),
        Passage(Status.ACCEPTED, Status.REVIEW, NOW),
        Passage(Status.REVIEW, Status.REVIEW, later),
    ]
    nodes = timeline("architect", Status.REVIEW, steps)
    assert {node.at for node in nodes if node.at} == {NOW}


def test_the_case_file_is_read_in_a_handful_of_queries(engine: Engine) -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.DECISION, profession="survey_design", team=team)
    officer = team.officer(Stage.DECISION)
    statements: list[str] = []
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _k, statement, *_: statements.append(statement),
    )
    with db.reading() as session:
        read_case(session, officer, case.ref, NOW)
    assert 5 <= len(statements) <= 24, "\n".join(statements)


def test_the_application_is_laid_beside_the_register() -> None:
    form = {"name": "改名后", "credit_code": "91350100M000100Y43", "id_type": "resident_id"}
    with db.transaction() as session:
        case = a_case(session, profession="survey_design", form=form)
        officer = an_actor(session, Role.ACCEPTOR)
        file = read_case(session, officer, case.ref, NOW)
    lines = {line.field.key: line for group in file.lines.values() for line in group}
    assert lines["name"].differs
    assert lines["name"].filed is not None
    assert lines["name"].filed.zh == "改名后"
    assert not lines["id_type"].differs
    assert lines["id_type"].filed is not None
    assert lines["id_type"].filed.en != "resident_id", "options are shown by their labels"
    assert set(file.lines) >= {Subject.PERSON, Subject.EMPLOYER}


def test_a_change_shows_the_register_it_changes() -> None:
    with db.transaction() as session:
        case = a_case(session, profession="survey_design", business="change")
        file = read_case(session, an_actor(session, Role.ACCEPTOR), case.ref, NOW)
    assert [item.status for item in file.registrations] == ["active"]
    held = {line.field.key: line.held for line in file.lines[Subject.REGISTRATION]}
    assert any(value is not None for value in held.values())


def test_a_move_to_another_employer_stands_out_beside_the_register() -> None:
    with db.transaction() as session:
        old, new = an_employer(session), an_employer(session)
        form = {"employer_name": new.name, "former_employer_name": old.name}
        case = a_case(
            session, profession="survey_design", business="change", employer=old, form=form
        )
        case.employer = new
        session.flush()
        file = read_case(session, an_actor(session, Role.ACCEPTOR), case.ref, NOW)
    lines = {line.field.key: line for group in file.lines.values() for line in group}
    assert lines["employer_name"].differs
    assert lines["employer_name"].held is not None
    assert lines["employer_name"].held.zh == old.name
    assert not lines["former_employer_name"].differs


def test_photographs_of_the_same_person_come_from_other_cases_only() -> None:
    with db.transaction() as session:
        team = Team(session)
        first = a_case(session, Status.CLOSED, team=team)
        second = a_case(
            session,
            profession="architect",
            person=first.person,
            employer=first.employer,
        )
        for case in (first, second):
            for kind in ("photo", "other"):
                session.add(
                    Attachment(
                        case_id=case.id,
                        person_id=case.person_id,
                        kind=kind,
                        filename=f"{kind}.jpg",
                        sha256="0" * 64,
                        mime="image/jpeg",
                        size=1,
                        width=1,
                        height=1,
                        added_at=NOW,
                    )
                )
        session.flush()
        file = read_case(session, team.officer(Stage.REVIEW), second.ref, NOW)
    assert [item.kind for item in file.pictures] == ["photo", "other"]
    assert [(item.kind, item.case_ref) for item in file.other_photos] == [("photo", first.ref)]
    assert [item.ref for item in file.others] == [first.ref]


def test_a_province_reads_its_own_cases_only_and_others_look_missing() -> None:
    with db.transaction() as session:
        case = a_case(session, employer=an_employer(session, province="37"))
        own, foreign = (an_actor(session, Role.PROVINCE, province=code) for code in ("37", "11"))
        assert read_case(session, own, case.ref, NOW).ref == case.ref
        with pytest.raises(NotFound):
            read_case(session, foreign, case.ref, NOW)
        with pytest.raises(NotFound):
            read_case(session, own, "2026999999999", NOW)


def test_applicants_and_employers_see_their_own_cases_and_no_officers_name() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.REVIEW, team=team)
        a_case(session)
        for actor in (team.applicant(case), team.employer(case)):
            found = own.own_cases(session, actor, is_open=True)
            assert [item.ref for item in found] == [case.ref]
        letters = inbox.read_inbox(session, "en", person_id=case.person_id)
        names = {team.officer(stage).name for stage in (Stage.ACCEPTANCE, Stage.REVIEW)}
        assert letters
        assert not any(name in letter.body for letter in letters for name in names)
        with pytest.raises(NotPermitted):
            own.own_cases(session, an_actor(session, Role.ANALYST), is_open=True)


def test_history_of_a_case_can_be_read_from_a_version_on() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.FILED, team=team)
        seen = case.version_id
        bring(session, case, Status.RECEIVED, team=team)
        later = history.history_of(
            session, an_actor(session, Role.SUPERVISOR), case.id, since_version=seen
        )
        everything = history.history_of(session, SYSTEM, case.id)
    assert [entry.action for entry in later] == ["transmit", "report"]
    assert [entry.action for entry in everything] == ["transmit", "report", "file", "create"]


def test_the_day_in_china_is_used_for_legal_days() -> None:
    assert clock.day_of(datetime(2026, 3, 3, 16, 30, tzinfo=UTC)) == date(2026, 3, 4)
