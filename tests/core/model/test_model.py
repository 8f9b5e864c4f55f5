"""What the mapped classes promise: moments in UTC, versions, and rules kept by the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import ForeignKeyConstraint, inspect, select
from sqlalchemy.exc import StatementError

import core.model
from core import db
from core.model import Base, Clock, Decision, Lease, Note
from core.procedures import PROCEDURES
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from tests.builders import NOW, a_case, a_person, a_registration, a_user, an_employer

CHINA = timezone(timedelta(hours=8))


@pytest.mark.usefixtures("engine")
def test_moments_are_kept_in_utc_whatever_their_zone() -> None:
    at = datetime(2026, 3, 4, 10, 0, tzinfo=CHINA)
    with db.transaction() as session:
        person = a_person(session, created_at=at)
        session.refresh(person)
        assert person.created_at == at
        assert person.created_at.tzinfo is UTC


@pytest.mark.usefixtures("engine")
def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 3, 4, 10, 0)  # noqa: DTZ001 that is the point
    with db.reading() as session, pytest.raises(StatementError, match="time zone"):
        a_person(session, created_at=naive)


def test_every_table_and_what_is_exported_are_the_same() -> None:
    mapped = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    exported = {name for name in core.model.__all__ if name[0].isupper()}
    assert mapped <= exported


def test_every_table_has_a_docstring_of_its_own() -> None:
    for mapper in Base.registry.mappers:
        assert (mapper.class_.__doc__ or "").strip(), mapper.class_.__name__


@pytest.mark.parametrize("key", PROCEDURES)
def test_every_subject_of_a_procedure_counts_its_versions(key: str) -> None:
    mapper = inspect(PROCEDURES[key].model)
    assert mapper.version_id_col is not None
    assert mapper.version_id_col.name == "version_id"


def test_foreign_keys_that_lists_go_by_are_indexed() -> None:
    """Every reference to a case is found by an index, since cases are read by what is theirs."""
    unindexed = []
    for table in Base.metadata.sorted_tables:
        for constraint in table.constraints:
            if not isinstance(constraint, ForeignKeyConstraint):
                continue
            column = constraint.columns[0]
            if constraint.referred_table.name != "cases":
                continue
            leading = {next(iter(index.columns)).name for index in table.indexes}
            leading |= {
                next(iter(item.columns)).name
                for item in table.constraints
                if not isinstance(item, ForeignKeyConstraint) and len(item.columns)
            }
            if column.name not in leading:
                unindexed.append(f"{table.name}.{column.name}")
    assert set(unindexed) <= {
        "clocks.case_id",  # clocks are found by their subject
        "registration_changes.case_id",
    }


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("subject", ["case:1", "appeal:1"])
def test_one_officer_decides_once_on_any_subject(subject: str) -> None:
    def decision(officer: int | None, **values: object) -> Decision:
        return Decision(
            subject=subject,
            stage="review",
            action="x",
            officer_id=officer,
            officer_name="x",
            reasons=[],
            decided_at=NOW,
            **{"four_eyes": True, **values},
        )

    with db.transaction() as session:
        officer = a_user(session, Role.REVIEWER).id
        session.add_all(
            [
                decision(officer, superseded=True),
                decision(officer, four_eyes=False),
                decision(None),
                decision(None),
                decision(officer),
            ]
        )
    with pytest.raises(db.Conflict), db.transaction() as session:
        session.add(decision(officer))
    with db.transaction() as session:
        assert len(session.scalars(select(Decision)).all()) == 5


@pytest.mark.usefixtures("engine")
def test_a_person_holds_one_active_registration_of_a_specialty() -> None:
    with db.transaction() as session:
        person, employer = a_person(session), an_employer(session)
        a_registration(session, person, employer, status="cancelled")
        a_registration(session, person, employer)
    with pytest.raises(db.Conflict), db.transaction() as session:
        a_registration(session, person, employer)


@pytest.mark.usefixtures("engine")
def test_two_holders_of_one_subject_cannot_be_written() -> None:
    with db.transaction() as session:
        users = [a_user(session, Role.REVIEWER).id for _ in range(2)]
    with pytest.raises(db.Conflict), db.transaction() as session:
        session.add_all(
            Lease(subject="appeal:1", user_id=user, taken_at=NOW, expires_at=NOW) for user in users
        )


@pytest.mark.usefixtures("engine")
def test_what_refers_to_a_case_needs_one() -> None:
    with db.transaction() as session:
        author = a_user(session, Role.REVIEWER)
    note = Note(case_id=999, author_id=author.id, author_name="x", text="x", written_at=NOW)
    with pytest.raises(db.Conflict), db.transaction() as session:
        session.add(note)


@pytest.mark.usefixtures("engine")
def test_a_case_and_its_clocks_name_each_other() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
        rows = session.scalars(select(Clock).where(Clock.subject == f"case:{case.id}")).all()
        assert {row.case_id for row in rows} == {case.id}
