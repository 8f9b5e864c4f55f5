"""`make drill` itself: its parts, its table, and that a part it runs finds no trouble."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drill.__main__ import HEAD, parts, row
from tests.drill.result import Result

ROOT = Path(__file__).parents[2]
SMALL = 0.05


@pytest.mark.parametrize("part", ["pictures"])  # the other parts have tests of their own
def test_nothing_is_lost_and_nothing_breaks(part: str) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("REGDESK_")}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.drill", part, "--here", "--scale", str(SMALL)],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr[-3000:]}"
    rows = [line for line in ended.stdout.splitlines() if line.startswith(f"| {part} |")]
    assert rows, "nothing was reported"


def test_every_kind_of_material_has_a_part() -> None:
    assert set(parts()) == {"doors", "packets", "pictures", "races", "seals"}


def test_trouble_is_told_in_the_table() -> None:
    fine = Result("sound", 3, 2, 1, 0.5, 12.0, ())
    bad = Result("broken", 3, 2, 1, 0.5, 12.0, ("a | b\nc", "d"))
    assert row("packets", fine) == "| packets | sound | 3 | 2 | 1 | 0.50 | 12 | none |"
    assert row("packets", bad).endswith("| a / b c; d |")
    assert row("packets", fine).count("|") == HEAD.splitlines()[0].count("|")
