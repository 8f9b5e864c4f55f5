"""Eight processes at the same cases on PostgreSQL: one winner each, nothing lost, history whole."""

from __future__ import annotations

import pytest

from tests.drill import races

SHARE = 0.08


@pytest.mark.postgres
@pytest.mark.parametrize("kind", races.KINDS, ids=lambda kind: kind.name)
def test_eight_processes_at_the_same_cases(postgres_url: str, kind: races.Kind) -> None:
    found = races.race(postgres_url, kind, SHARE)
    assert found.trouble == ()
    assert found.tried > 2 * races.OFFICERS
    assert found.accepted > 0
    # Everybody locks in one order: nothing had to run again because two waited in a circle.
    assert races.deadlocks(postgres_url) == 0
