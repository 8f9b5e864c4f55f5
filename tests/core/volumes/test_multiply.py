"""Volumes: copies of a played demo are whole, unlike each other, and go on from where they end."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, UniqueConstraint, func, select, text

from core import db
from core.access.actors import SYSTEM
from core.audit import history
from core.catalogue import current
from core.demo import accounts, load
from core.demo.drawing import files
from core.identifiers import check_credit_code, check_id_number, name_key
from core.model import (
    Anomaly,
    Attachment,
    Base,
    Case,
    Counter,
    Employer,
    Event,
    InsuranceRecord,
    Lease,
    Person,
    Registration,
)
from core.register import numbers
from core.volumes import multiply
from core.volumes.variants import VARIED, _rewritten
from tests.builders import a_case, a_person

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
PLAYED, COPIES = 60, 3


@pytest.fixture
def multiplied(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> load.DemoSummary:
    """A demo of 180 cases, 60 of them played."""
    monkeypatch.setattr(accounts, "password", lambda: "demo-pass-77")
    monkeypatch.setattr(files.Studio, "give", lambda *_args: None)
    monkeypatch.setattr(load, "_MOST_PLAYED", PLAYED)
    monkeypatch.setattr(load, "_MULTIPLIED", PLAYED)
    return load.load(PLAYED * COPIES, 1, now=NOW)


def test_copies_are_whole_and_unlike_each_other(multiplied: load.DemoSummary) -> None:
    assert multiplied.cases == PLAYED * COPIES
    with db.reading() as session:
        if session.get_bind().dialect.name == "sqlite":
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
            dropped = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'index'"))
        else:
            dropped = session.scalars(text("SELECT indexname FROM pg_indexes"))
        names = {index.name for table in Base.metadata.tables.values() for index in table.indexes}
        assert names - set(dropped) == set()
        people = session.scalars(select(Person).order_by(Person.id)).all()
        companies = session.scalars(select(Employer)).all()
        cases = session.scalars(select(Case).order_by(Case.id)).all()
        pictures = session.scalars(select(Attachment.phash)).all()
        insured = set(session.scalars(select(InsuranceRecord.id_number)))
    assert [one.id_number for one in people if check_id_number(one.id_number)] == []
    assert [one.credit_code for one in companies if check_credit_code(one.credit_code)] == []
    assert all(f"{one.born_on:%Y%m%d}" == one.id_number[6:14] for one in people)
    assert all((int(one.id_number[16]) % 2 == 1) == (one.sex == "male") for one in people)
    assert all(one.name_key == name_key(one.name) for one in people)
    assert all(one.name.startswith("演示") for one in companies)
    assert insured <= {one.id_number for one in people}
    each = len(people) // COPIES
    for of in ("name", "phone"):
        first, second = (
            [getattr(one, of) for one in people[start : start + each]] for start in (0, each)
        )
        assert sum(a == b for a, b in zip(first, second, strict=True)) < each / 5
    assert len(set(pictures)) > len(pictures) * 0.4
    for case in cases:
        person, employer = people[case.person_id - 1], case.employer_id
        assert case.person_name == person.name == case.form["name"]
        assert case.form["id_number"] == person.id_number
        assert case.ref[4:] == f"{case.id:09d}"
        assert (employer - 1) * COPIES // len(companies) == (case.id - 1) // PLAYED
    assert [one.status for one in cases[:PLAYED]] == [
        one.status for one in cases[PLAYED : 2 * PLAYED]
    ]


def test_history_verifies_and_names_its_own_subjects(multiplied: load.DemoSummary) -> None:
    with db.reading() as session:
        assert list(history.verify(session)) == []
        events = session.execute(select(Event.subject, Event.case_id, Event.at).order_by(Event.id))
        told = events.all()
        created = session.scalar(
            select(func.count())
            .select_from(Event)
            .where(Event.action == "create", Event.case_id.is_not(None))
        )
        leases = session.execute(select(Lease.subject, Lease.case_id)).all()
    assert created == PLAYED * COPIES
    assert [row.at for row in told] == sorted(row.at for row in told)
    about = [row for row in told if row.subject.startswith("case:")]
    assert all(row.subject == f"case:{row.case_id}" for row in [*about, *leases])


def test_the_next_case_and_the_next_number_are_free(multiplied: load.DemoSummary) -> None:
    with db.transaction() as session:
        person = a_person(session)
        case = a_case(session, person=person)
        assert case.id == PLAYED * COPIES + 1
        row = history.record(session, SYSTEM, "test", f"case:{case.id}", at=NOW, case_id=case.id)
        assert row.seq > 1
        held = {(one.profession, one.number) for one in session.scalars(select(Registration))}
        for series in session.scalars(select(Counter.name)).all():
            if series.startswith("number:"):
                assert numbers.draw(session, series) > 0
        for profession in current().professions.values():
            specialty = next(iter(profession.specialties), None)
            for region in ("11", "37", "44"):
                drawn = numbers.registration_number(session, profession, specialty, NOW, region)
                assert (profession.key, drawn) not in held


def test_flags_speak_of_the_people_of_their_own_copy(multiplied: load.DemoSummary) -> None:
    with db.reading() as session:
        companies = {one.credit_code: one.name for one in session.scalars(select(Employer))}
        flags = session.scalars(select(Anomaly)).all()
    assert flags
    for flag in flags:
        employer = flag.evidence.get("employer")
        if employer:
            assert companies[employer["credit_code"]] == employer["name"]
    assert len(flags) % COPIES == 0


def test_every_unique_key_of_a_copied_table_holds_something_that_varies() -> None:
    tables = multiply.copied()
    names = {table.name for table in tables}
    for table in tables:
        keys = [list(table.primary_key.columns)]
        keys += [
            list(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)
        ]
        keys += [list(index.columns) for index in table.indexes if index.unique]
        for key in keys:
            assert any(
                multiply._target(column) in names
                or multiply._subject(column)
                or f"{table.name}.{column.name}" in VARIED
                for column in key
            ), (table.name, [column.name for column in key])
    assert {path.partition(".")[0] for path in VARIED} <= names
    assert "users" not in names


def test_rewriting_reaches_into_nested_values() -> None:
    found = {"people": [{"name": "甲", "age": 3}], "value": "甲"}
    assert json.dumps(_rewritten(found, {"甲": "乙"}), ensure_ascii=False) == (
        '{"people": [{"name": "乙", "age": 3}], "value": "乙"}'
    )
