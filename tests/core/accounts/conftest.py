"""Two people with accounts."""

from __future__ import annotations

import itertools
from datetime import datetime

import pytest

from core import clock, db
from core.access.actors import SYSTEM, Actor
from core.accounts import users
from core.vocabulary.roles import Role
from tests.core.accounts.attempts import PASSWORD

_numbers = itertools.count(1)


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def name() -> str:
    """A user name of this test's own."""
    return f"officer{next(_numbers)}"


@pytest.fixture
def officer(name: str, now: datetime) -> Actor:
    with db.transaction() as session:
        user = users.create_user(
            session,
            SYSTEM,
            username=name,
            name="演示审查员",
            password=PASSWORD,
            roles=[Role.REVIEWER],
            now=now,
        )
        return users.actor_of(user)


@pytest.fixture
def admin(name: str, now: datetime) -> Actor:
    with db.transaction() as session:
        user = users.create_user(
            session,
            SYSTEM,
            username=f"admin-of-{name}",
            name="演示管理员",
            password=PASSWORD,
            roles=[Role.ADMIN],
            now=now,
        )
        return users.actor_of(user)
