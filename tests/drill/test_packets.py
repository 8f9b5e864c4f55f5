"""A fraction of the drill of packets, in the suite."""

from __future__ import annotations

from pathlib import Path

from tests.drill.packets import run


def test_a_fraction_of_the_drill_finds_no_trouble(tmp_path: Path) -> None:
    results = list(run(0.02, tmp_path))
    assert [(result.name, result.trouble) for result in results if result.trouble] == []
    assert sum(result.tried for result in results) > 100
