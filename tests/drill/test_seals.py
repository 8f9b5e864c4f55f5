"""A fraction of the drill of the history's seals."""

from __future__ import annotations

from pathlib import Path

from tests.drill import seals


def test_every_hand_is_seen(tmp_path: Path) -> None:
    results = list(seals.run(0.1, tmp_path))
    assert [result.trouble for result in results] == [()] * 5
    assert all(result.tried for result in results)
