"""`make drill`: hostile material of every kind replayed against the product, and what became of it.

Each part runs in a process and a folder of its own and prints its rows as it goes. Ends with 1
when there was trouble anywhere: something lost, a traceback, over 10 s or 500 MB.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import tests.drill
from tests.drill.result import Result

HEAD = (
    "| part | what | tried | refused | accepted | longest s | most MB | trouble |\n"
    "|---|---|--:|--:|--:|--:|--:|---|"
)


def parts() -> tuple[str, ...]:
    """Names of the modules here that can be run; the others hold material and shapes."""
    found = (each.name for each in pkgutil.iter_modules(tests.drill.__path__))
    apart = {"__main__", "result", "hostile_packets"}
    return tuple(
        sorted(name for name in found if name not in apart and not name.startswith("test_"))
    )


def row(part: str, result: Result) -> str:
    """One line of the table."""
    told = "; ".join(result.trouble).replace("|", "/").replace("\n", " ") or "none"
    return (
        f"| {part} | {result.name} | {result.tried:,} | {result.refused:,} | {result.accepted:,} "
        f"| {result.seconds:.2f} | {result.megabytes:.0f} | {told} |"
    )


def run_part(part: str, scale: float) -> int:
    """Run one part here; prints its rows. Returns 1 when there was trouble or nothing was tried."""
    module, tried, trouble = importlib.import_module(f"tests.drill.{part}"), 0, False
    with tempfile.TemporaryDirectory(prefix=f"drill-{part}-") as folder:
        os.environ["REGDESK_DATA"] = f"{folder}/data"
        for result in module.run(scale, Path(folder)):
            print(row(part, result), flush=True)
            tried += result.tried
            trouble = trouble or bool(result.trouble)
    return int(trouble or not tried)


def main(arguments: Sequence[str]) -> int:
    """Run the parts asked for, one after the other; exit status 1 when there was trouble."""
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*parts(), []], help="all when none is named")
    parser.add_argument("--scale", type=float, default=1.0, help="1 takes a few minutes a part")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.here:
        return run_part(asked.parts[0], asked.scale)
    print(HEAD, flush=True)
    failed = []
    for part in asked.parts or parts():
        begun = time.monotonic()
        command = [sys.executable, "-m", "tests.drill", part, "--here", "--scale", str(asked.scale)]
        # No setting of the person's own reaches a drill: it must never touch their data.
        clean = {key: value for key, value in os.environ.items() if not key.startswith("REGDESK_")}
        ended = subprocess.run(command, env=clean, check=False)
        if ended.returncode:
            failed.append(part)
        print(f"{part}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    print(f"\nTrouble in: {', '.join(failed)}." if failed else "\nNo trouble.")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
