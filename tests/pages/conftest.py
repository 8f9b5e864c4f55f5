"""What the tests of all pages share."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from core import db
from core.vocabulary.stages import Stage
from tests import builders as build


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One database is enough for a page: its reads are tested on both."""
    return sqlite_url


@pytest.fixture
def team(engine: Engine) -> build.Team:
    """An officer for every desk."""
    with db.transaction() as session:
        team = build.Team(session)
        for stage in Stage:
            team.officer(stage)
    return team
