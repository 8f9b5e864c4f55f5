"""One rule says which cases an account sees and works on: in Python, in SQL, in every command."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import Engine, select

from core import db
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import Scope, may_see, scope
from core.model import Case
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from tests.builders import a_case, a_person, an_employer

PROFESSIONS = ("supervision", "architect", "survey_design")
PROVINCES = ("11", "37", "")


@pytest.fixture
def stored(engine: Engine) -> tuple[Case, ...]:
    """A handful of cases of different professions, provinces, people and employers."""
    with db.transaction() as session:
        people = [a_person(session) for _ in range(2)]
        employers = [an_employer(session, province=code) for code in ("11", "37")]
        return tuple(
            a_case(
                session,
                Status.DRAFT,
                profession=profession,
                person=person,
                employer=employer,
            )
            for profession, person in zip(PROFESSIONS[:2], people, strict=True)
            for employer in employers
        )


ACTORS = st.builds(
    Actor,
    user_id=st.just(1),
    name=st.just("某人"),
    roles=st.frozensets(st.sampled_from(Role), max_size=3),
    professions=st.lists(st.sampled_from(PROFESSIONS), max_size=2, unique=True).map(tuple),
    province=st.sampled_from((None, *PROVINCES)),
    person_id=st.sampled_from((None, 1, 2)),
    employer_id=st.sampled_from((None, 1, 2)),
)
READINGS = st.sampled_from((Permission.CASE_READ, Permission.REGISTER_READ))


@given(ACTORS, READINGS)
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_and_the_program_see_the_same_cases(
    stored: tuple[Case, ...], actor: Actor, reading: Permission
) -> None:
    seen = scope(actor, reading)
    with db.reading() as session:
        found = set(session.scalars(select(Case.id).where(seen.condition(Case))))
    assert found == {case.id for case in stored if seen.covers(case)}


def may_cover(actor: Actor, row: SimpleNamespace) -> bool:
    """The rule in words of its own: officers by profession and province, the others by what is
    theirs."""
    officers = {
        Role.PROVINCE,
        Role.ACCEPTOR,
        Role.REVIEWER,
        Role.DECIDER,
        Role.PUBLISHER,
        Role.ANOMALY_OFFICER,
        Role.SUPERVISOR,
        Role.SYSTEM,
    }
    if actor.roles & officers:
        if actor.professions and row.profession not in actor.professions:
            return False
        return Role.PROVINCE not in actor.roles or row.province == (actor.province or "")
    if actor.roles & {Role.APPLICANT, Role.EMPLOYER}:
        mine = actor.person_id is not None and actor.person_id == row.person_id
        ours = actor.employer_id is not None and actor.employer_id == row.employer_id
        return mine or ours
    return False


@given(
    ACTORS,
    st.builds(
        SimpleNamespace,
        profession=st.sampled_from(PROFESSIONS),
        province=st.sampled_from(("11", "37")),
        person_id=st.integers(1, 3),
        employer_id=st.integers(1, 3),
    ),
)
@settings(max_examples=400)
def test_officers_see_by_profession_and_province_and_others_their_own(
    actor: Actor, row: SimpleNamespace
) -> None:
    assert may_see(actor, row) is may_cover(actor, row)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("professions", [(), ("architect",)])
@pytest.mark.parametrize("province", [None, "11", "37"])
@pytest.mark.parametrize("own", [True, False])
def test_every_role_within_its_limits(
    role: Role, professions: tuple[str, ...], province: str | None, own: bool
) -> None:
    number = 5 if own else 6
    actor = Actor(1, "某人", frozenset({role}), professions, province, number, number)
    row = SimpleNamespace(profession="supervision", province="11", person_id=5, employer_id=5)
    assert may_see(actor, row) is may_cover(actor, row)  # type: ignore[arg-type]


def test_whoever_has_nothing_sees_nothing() -> None:
    assert not scope(Actor(1, "某人", frozenset())).whole
    nobody = Scope(whole=False)
    row = SimpleNamespace(profession="supervision", province="11", person_id=1, employer_id=1)
    assert not nobody.covers(row)  # type: ignore[arg-type]


def test_professions_limit_the_work_on_cases_and_not_the_register() -> None:
    actor = Actor(1, "某人", frozenset({Role.REVIEWER}), ("architect",))
    assert scope(actor).professions == ("architect",)
    assert scope(actor, Permission.REGISTER_READ).professions is None
