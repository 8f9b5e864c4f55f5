"""Nonsense in an account is refused in words, whoever makes it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import Engine, func, select

from core import catalogue, db, typed
from core.access.actors import SYSTEM
from core.accounts import soundness, users
from core.config import settings
from core.errors import CoreError
from core.model import User
from core.vocabulary.roles import Role
from tests import builders as build

PASSWORD = "Practice-2026"
INVISIBLE = [
    "",
    "   ",
    "\u3000",
    "\u200b\u200b",
    "王\u200b芳",
    "王\u2066芳",
    "\n",
    "王\n芳",
    "王\u2028芳",
    "王\x00芳",
    "王\x1b[31m芳",
    "王\x85芳",
    "\u3164\u3164",
    "\u2800",
    "\u115f",
    "---",
    "···",
    "王\udcff",
]


def make(session: db.Session, now: datetime, **about: Any) -> User:
    values = {
        "username": "someone",
        "name": "某人",
        "password": PASSWORD,
        "roles": [Role.REVIEWER],
        **about,
    }
    return users.create_user(session, SYSTEM, **values, now=now)


def refused(now: datetime, **about: Any) -> CoreError:
    with pytest.raises(CoreError) as caught, db.transaction() as session:
        make(session, now, **about)
    with db.reading() as session:
        assert not session.scalar(select(func.count()).select_from(User))
    assert caught.value.message("zh")
    assert caught.value.message("en")
    return caught.value


@pytest.mark.parametrize("name", INVISIBLE)
def test_a_name_that_shows_nothing_or_hides_something_is_refused(
    engine: Engine, name: str, now: datetime
) -> None:
    assert isinstance(
        refused(now, name=name), (typed.NothingTyped, typed.InvisibleTyped, typed.NoName)
    )


@pytest.mark.parametrize("name", ["\u202e王芳", "\ufeff王芳", "王芳\U000e0041", "\uffff王芳\u200b"])
def test_what_nobody_sees_around_a_name_goes(engine: Engine, name: str, now: datetime) -> None:
    with db.transaction() as session:
        assert make(session, now, name=name).name == "王芳"


@pytest.mark.parametrize("name", ["名" * 61, "\ufdfa" * 5, "王" + "\u3300" * 15, "ß" * 60])
def test_a_name_longer_than_its_column_is_refused_whatever_its_form(
    engine: Engine, name: str, now: datetime
) -> None:
    assert "60" in refused(now, name=name).message("zh")


@pytest.mark.parametrize(
    "name",
    ["张三", "阿卜杜拉·买买提", "O'Brien-Smith, J.", "欧阳 明", "𠮷田", "王\ue000"],
)
def test_names_of_people_are_taken_as_typed(engine: Engine, name: str, now: datetime) -> None:
    with db.transaction() as session:
        assert make(session, now, name=f" {name} ").name == name


@given(st.text(max_size=80))
def test_a_name_that_is_taken_shows_a_letter_and_fits(name: str) -> None:
    try:
        taken = soundness.name(name)
    except CoreError:
        return
    assert 0 < len(taken) <= soundness.NAME_LENGTH
    assert typed.has_letter(taken)
    assert taken == typed.trimmed(name)


@pytest.mark.parametrize("other", ["某人", " 某 人 ", "某·人"])
def test_two_officers_do_not_share_a_name_but_an_applicant_may_have_it(
    engine: Engine, other: str, now: datetime
) -> None:
    with db.transaction() as session:
        make(session, now)
        with pytest.raises(users.NameTaken):
            make(session, now, username="another", name=other)
        for number in range(2):
            person = build.a_person(session)
            make(
                session, now, username=f"applicant{number}", name=other, person_id=person.id,
                roles=[Role.APPLICANT],
            )  # fmt: skip


@pytest.mark.parametrize(
    ("about", "error"),
    [
        ({"roles": []}, soundness.RolesMissing),
        ({"roles": [Role.SYSTEM]}, soundness.RoleReserved),
        ({"roles": [Role.ANALYST, Role.SYSTEM]}, soundness.RoleReserved),
        ({"professions": ["wizard"]}, soundness.ProfessionUnknown),
        ({"professions": ["architect", "\x00"]}, soundness.ProfessionUnknown),
        ({"professions": ["architect"], "roles": [Role.ADMIN]}, soundness.AreaUnused),
        ({"province": "99", "roles": [Role.PROVINCE]}, soundness.ProvinceUnknown),
        ({"province": "", "roles": [Role.PROVINCE]}, soundness.ProvinceUnknown),
        ({"province": "\uff13\uff17", "roles": [Role.PROVINCE]}, soundness.ProvinceUnknown),
        ({"roles": [Role.PROVINCE]}, soundness.ProvinceMissing),
        ({"province": "37"}, soundness.AreaUnused),
        ({"password": "password1"}, CoreError),
    ],
)
def test_roles_professions_and_province_must_fit(
    engine: Engine, about: dict[str, Any], error: type[CoreError], now: datetime
) -> None:
    assert isinstance(refused(now, **about), error)


@pytest.fixture
def combined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGDESK_COMBINED_ROLES", "1")
    settings.cache_clear()


def held(wanted: Sequence[Role]) -> bool:
    try:
        return bool(soundness.roles(wanted))
    except soundness.RolesApart:
        return False


@pytest.mark.parametrize("pair", list(combinations(list(Role)[:-1], 2)))
def test_offices_that_check_each_other_are_not_held_by_one_account(pair: tuple[Role, Role]) -> None:
    apart = bool(set(pair) & soundness.FILERS) or frozenset(pair) in soundness.APART
    assert held(pair) is not apart
    assert held([*pair, Role.ANALYST, *pair]) is not (apart or bool(set(pair) & soundness.FILERS))


@pytest.mark.usefixtures("combined")
def test_a_small_office_may_combine_offices_but_never_with_applying() -> None:
    assert held([Role.REVIEWER, Role.DECIDER])
    assert held(sorted({role for pair in soundness.APART for role in pair}))
    assert not held([Role.REVIEWER, Role.APPLICANT])
    assert not held([Role.APPLICANT, Role.EMPLOYER])


def test_roles_and_professions_named_twice_are_held_once(engine: Engine, now: datetime) -> None:
    with db.transaction() as session:
        user = make(
            session, now, roles=[Role.REVIEWER, Role.REVIEWER], professions=["architect"] * 3
        )
        assert (user.roles, user.professions) == (["reviewer"], ["architect"])


def test_every_profession_and_province_of_the_catalogue_is_taken(engine: Engine) -> None:
    soundness.area([Role.REVIEWER], list(catalogue.current().professions), None)
    for code in soundness.PROVINCES:
        soundness.area([Role.PROVINCE], [], code)
