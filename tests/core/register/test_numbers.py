"""Numbers of registrations and seals: as each profession writes them, drawn once each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

import pytest
from sqlalchemy import Engine, select

from core import db
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.catalogue import BUILT_IN
from core.model import Employer, Registration
from core.register import numbers
from core.vocabulary.cases import Status
from core.vocabulary.stages import Stage
from tests.builders import NOW, Team, a_case

pytestmark = pytest.mark.usefixtures("engine")


def test_numbers_are_drawn_without_gaps_or_doubles(engine: Engine) -> None:
    with db.transaction() as session:
        team = Team(session)
        waiting = [
            a_case(session, Status.DECISION, profession="survey_design", team=team).id
            for _ in range(8)
        ]
        decider = team.officer(Stage.DECISION)
        for case_id in waiting:
            claiming.claim(session, decider, case_id, NOW)

    def decide(case_id: int) -> None:
        with db.transaction() as session:
            perform(session, decider, case_id, Action.APPROVE, now=NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(decide, waiting))
    with db.reading() as session:
        given = sorted(session.scalars(select(Registration.number)))
    assert [int(number[-5:]) for number in given] == list(range(1, 9))


def test_a_case_number_is_its_year_and_nine_digits() -> None:
    assert numbers.case_ref(1234, 2026) == "2026000001234"


def test_series_are_drawn_apart_and_a_failed_draw_is_given_out_again(engine: Engine) -> None:
    with db.transaction() as session:
        drawn = [numbers.draw(session, name) for name in ("a", "a", "b", "a")]
        assert drawn == [1, 2, 1, 3]
    with suppress(LookupError), db.transaction() as session:
        assert numbers.draw(session, "a") == 4
        raise LookupError
    with db.transaction() as session:
        assert numbers.draw(session, "a") == 4


@pytest.mark.parametrize("profession", BUILT_IN.professions)
def test_every_profession_numbers_its_registrations_by_its_own_pattern(
    engine: Engine, profession: str
) -> None:
    row = BUILT_IN.professions[profession]
    specialty = next((item for item in row.specialties if item.open and item.letters), None)
    with db.transaction() as session:
        found = [
            numbers.registration_number(session, row, specialty, date(2026, 3, 4), region)
            for region in ("11", "11", "37")
        ]
    assert len(set(found)) == 3
    assert all(number[: -row.serial_width] for number in found)
    letters = specialty.letters if specialty and "{letters}" in row.number_pattern else ""
    assert all(number.startswith(letters) for number in found)
    assert int(found[1][-row.serial_width :]) == int(found[0][-row.serial_width :]) + 1


@pytest.mark.parametrize(
    ("qualification", "enterprise"),
    [("A161003710", "6100371"), ("无", "3700010"), ("", "3700010")],
)
def test_the_enterprise_is_named_by_its_qualification_or_its_credit_code(
    qualification: str, enterprise: str
) -> None:
    employer = Employer(province="37", credit_code="91350100M000100Y43")
    assert numbers.enterprise_code(employer, qualification)[:2] == enterprise[:2]
    assert len(numbers.enterprise_code(employer, qualification)) == 7


def test_seals_are_numbered_within_the_enterprise_and_the_specialty(engine: Engine) -> None:
    row = BUILT_IN.professions["survey_design"]
    first, second = [item for item in row.specialties if item.letters][:2]
    employer = Employer(province="37", credit_code="91350100M000100Y43")
    with db.transaction() as session:
        seals = [
            numbers.seal_number(session, row, specialty, employer, "A161003710")
            for specialty in (first, first, second)
        ]
        none = BUILT_IN.professions["supervision"]
        if none.seal_pattern is None:
            assert numbers.seal_number(session, none, None, employer, "无") == ""
    assert seals[0].startswith(f"6100371-{first.letters}")
    assert [int(seal[-3:]) for seal in seals] == [1, 2, 1]
