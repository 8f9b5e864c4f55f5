"""The facts of a case, read from the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, event

from core import db
from core.access.actors import SYSTEM
from core.catalogue import rulebooks
from core.checks.case_checks import check
from core.checks.reading import facts_of, numbers_of
from core.filing import opening
from core.model import (
    Attachment,
    Employer,
    EmployerQualification,
    InsuranceRecord,
    Person,
    Registration as RegistrationRow,
)
from core.vocabulary.cases import Channel
from tests.core.checks.case_in_order import (
    BORN,
    CODE,
    FAIL,
    FORM,
    NO_DATA,
    OTHER_CODE,
    PASS,
    PERSON,
    id_of,
)

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def person(name: str, number: str) -> Person:
    return Person(
        name=name, name_key=name, id_number=number, sex="male", born_on=BORN,
        phone="10000000001", created_at=NOW,
    )  # fmt: skip


def employer(name: str, code: str) -> Employer:
    return Employer(
        name=name, credit_code=code, province="35", status="verified", verified_at=NOW,
        created_at=NOW,
    )  # fmt: skip


def registration(who: Person, where: Employer, number: str, **values: Any) -> RegistrationRow:
    usual = {"profession": "survey_design", "specialty": "chemical", "status": "active"}
    return RegistrationRow(
        person_id=who.id, employer_id=where.id, person_name=who.name, number=number,
        first_registered_on=BORN, valid_from=BORN, valid_to=date(2027, 2, 28),
        **{**usual, **values},
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["无", "", "1\x00", "9" * 61, None])
def test_what_is_no_number_is_not_looked_for_among_other_people(typed: object) -> None:
    assert numbers_of(typed) == frozenset()


def test_the_facts_of_a_case_are_read_in_six_queries(engine: Engine) -> None:
    with db.transaction() as session:
        who, twin = person("演示甲", PERSON.id_number), person("演示乙", id_of(BORN, serial="003"))
        here, there = employer("演示甲公司", CODE), employer("演示乙公司", OTHER_CODE)
        session.add_all([who, twin, here, there])
        session.flush()
        session.add_all(
            [
                EmployerQualification(employer_id=here.id, number="A135000010"),
                registration(who, there, "F173500002"),
                registration(twin, there, "F173500003", qualification_certificate="ZG001"),
                registration(
                    twin, there, "CN173500004", specialty="hvac", seal_number="3500001-S001"
                ),
                InsuranceRecord(
                    id_number=who.id_number, name=who.name, payer_name=here.name, payer_code=CODE,
                    month=date(2026, 10, 1), kinds=[], source="演示", as_of=date(2026, 10, 31),
                ),
                InsuranceRecord(
                    id_number=twin.id_number, name=twin.name, payer_name=here.name,
                    payer_code=CODE, month=date(2026, 10, 1), kinds=[], source="演示",
                    as_of=date(2026, 11, 15),
                ),
            ]
        )  # fmt: skip
        values = {**FORM, "qualification_certificate": " zg001 ", "seal_number": "\x01 1"}
        case = opening.open_case(
            session, SYSTEM, profession="survey_design", business="initial",
            specialties=["structural"], person=who, employer=here, form=values,
            channel=Channel.DESK, now=NOW,
        )  # fmt: skip
        session.add(
            Attachment(
                case_id=case.id, person_id=who.id, kind="photo", filename="照片.jpg", sha256="0",
                mime="image/jpeg", size=90_000, width=295, height=413, white_share=0.97,
                added_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        number = case.id
    with db.transaction() as session:
        session.get_one(type(case), number).seal_number = "3500001-S001"
    with db.reading() as session:
        case = session.get_one(type(case), number)
        rules = rulebooks.rulebook_of(session, case.rulebook_id)
        statements: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

        read = facts_of(session, case, rules, NOW)

        assert len(statements) <= 6
        assert read.person.phone_sharers == 1
        assert [row.number for row in read.registrations] == ["F173500002"]
        assert [row.number for row in read.rivals] == ["F173500003", "CN173500004"]
        assert read.employer.certificates == (("A135000010", None),)
        assert read.fed_until == date(2026, 11, 15)
        assert read.cases == ()
        assert read.certificates == {"zg001", "ZG001"}
        assert read.seals == {"3500001-S001"}
        assert [picture.kind for picture in read.pictures] == ["photo"]
        assert read.filed_on == date(2026, 11, 20)
        younger = replace(rules, parameters={})
        assert facts_of(session, case, younger, NOW).number("insurance_months") == 2
        outcomes = {item.rule: item.outcome for item in check(session, case, rules, NOW)}
    assert outcomes["duplicates"] is FAIL
    assert outcomes["insurance"] is FAIL
    assert outcomes["photo"] is PASS
    assert outcomes["signature"] is NO_DATA
    assert list(outcomes) == list(dict.fromkeys(rule for c in rules.checks for rule in c.rules))
