"""The data that is measured: a demo database of the asked size, built once and kept."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core import clock
from core.db import MIGRATIONS
from tests.bench.servers import ROOT, environment

SEED = 1


class NotBuilt(Exception):
    """The demo data could not be made; the message ends with what the command printed."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A folder of demo data. folder: what REGDESK_DATA names. password: of its demo accounts."""

    folder: Path
    cases: int
    password: str
    built_on: str


def volume(kept: Path, cases: int, days: int | None = None) -> Volume:
    """The demo data with `cases` cases below `kept`; built when it is not there yet.

    days: filed within so many days, so that even a few fill the desks; else over several years.
    What an interrupted build left behind, or was built for another schema, is made anew. Raises
    NotBuilt.
    """
    place = kept / (f"{cases}-in-{days}-days" if days else str(cases))
    data, mark = place / "data", place / "built.json"
    schema = _schema()
    if mark.exists():
        told = json.loads(mark.read_text(encoding="utf-8"))
        if told["schema"] == schema:
            return Volume(data, cases, told["password"], told["built_on"])
        mark.unlink()
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    password = f"Bench-{secrets.token_hex(8)}"
    print(f"Building {cases:,} cases in {place} …", file=sys.stderr, flush=True)
    command = ["demo", "--cases", str(cases), "--seed", str(SEED)]
    if days:
        command += ["--start", (clock.today() - timedelta(days=days)).isoformat()]
    _core(command, data, password, minutes=10 + cases // 10_000)
    # As on a desk that has been running: nothing that the clock takes care of is left over.
    _core(["tick"], data, password, minutes=10 + cases // 10_000)
    today = clock.today().isoformat()
    told = {"schema": schema, "password": password, "built_on": today}
    mark.touch(mode=0o600)
    mark.write_text(json.dumps(told), encoding="utf-8")
    return Volume(data, cases, password, today)


def _schema() -> str:
    """A digest of the migrations."""
    versions = sorted((MIGRATIONS / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in versions)).hexdigest()


def _core(arguments: list[str], data: Path, password: str, *, minutes: int) -> None:
    env = environment(REGDESK_DATA=str(data), REGDESK_DEMO_PASSWORD=password)
    try:
        result = subprocess.run(
            [sys.executable, "-m", "core", *arguments],
            cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, timeout=minutes * 60,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise NotBuilt(f"core {' '.join(arguments)}: longer than {minutes} minutes") from None
    if result.returncode:
        raise NotBuilt(f"core {' '.join(arguments)}\n{result.stdout[-500:]}{result.stderr[-2000:]}")
