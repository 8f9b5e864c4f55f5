"""`python -m tests.bench`: measure the desk against an almost empty Streamlit page, print a table.

Both servers run on this machine at the same time and are asked in turns. Ends with 1 when a page
failed or came without its content; that it was slow is for the reader of the table to say.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.bench import client, data, measure, servers
from tests.bench.measure import HOME, QUEUE, STOCK, Measured
from tests.bench.servers import ROOT

REVIEWERS = ("reviewer1", "reviewer2", "reviewer3")
SHOWN_FAULTS = 5
MOST_CASES = 5_000_000
MOST_SESSIONS = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    pause: seconds between two runs of a person in the calmer crowd. days: see `data.volume`.
    """

    cases: int
    sessions: int
    rounds: int
    runs: int
    crowd_runs: int
    pause: float
    days: int | None = None


def plan_of(arguments: Sequence[str]) -> tuple[Plan, Path]:
    """The plan that the command line asks for, and the folder where data is kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="size of the database")
    parser.add_argument("--sessions", type=int, default=50, help="reviewers at once")
    parser.add_argument("--rounds", type=int, default=10, help="turns of each page")
    parser.add_argument("--data", type=Path, default=ROOT / "build" / "bench", help="kept data")
    parser.add_argument("--quick", action="store_true", help="a minute's try of the harness itself")
    asked = parser.parse_args(arguments)
    if not 20 <= asked.cases <= MOST_CASES or not 1 <= asked.sessions <= MOST_SESSIONS:
        parser.error(f"20 to {MOST_CASES} cases, 1 to {MOST_SESSIONS} sessions")
    if not 1 <= asked.rounds <= 100:
        parser.error("1 to 100 rounds")
    if asked.quick:
        return Plan(60, 4, rounds=1, runs=2, crowd_runs=2, pause=0.2, days=90), asked.data
    return Plan(asked.cases, asked.sessions, asked.rounds, 4, crowd_runs=5, pause=5.0), asked.data


def measured(plan: Plan, kept: Path) -> tuple[list[Measured], list[tuple[Measured, Measured]]]:
    """Everything the table says: pages in turns, the stock one first; crowds, ours and stock.

    Raises data.NotBuilt, servers.NotStarted, client.SignInRefused.
    """
    volume = data.volume(kept, plan.cases, plan.days)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "home").mkdir()
        stock = stack.enter_context(servers.stock(folder / "home", folder / "stock.log"))
        desk = stack.enter_context(servers.desk(volume.folder, folder / "desk.log"))
        cookies = [
            client.sign_in(desk.base, REVIEWERS[place % len(REVIEWERS)], volume.password)
            for place in range(plan.sessions)
        ]
        return asyncio.run(_measured(plan, desk, stock, cookies))


async def _measured(
    plan: Plan, desk: servers.Server, stock: servers.Server, cookies: list[str]
) -> tuple[list[Measured], list[tuple[Measured, Measured]]]:
    refs = await measure.first_cases(desk, cookies[0])
    if not refs:
        return [Measured(QUEUE.name, faults=["the queue is empty"])], []
    targets = [QUEUE, HOME, measure.case(refs[0])]
    pages = await measure.in_turns(
        desk, stock, targets, cookies[0], rounds=plan.rounds, runs=plan.runs
    )
    people = []
    for place, sent in enumerate(cookies):
        own = (QUEUE, measure.case(refs[place % len(refs)]), HOME)
        people.append((own[place % len(own)], sent))
    nobody = [(STOCK, "")] * len(people)
    crowds = []
    for name, pause in (("without a pause", 0.0), (f"every {plan.pause:g} s", plan.pause)):
        # A saturated stock server is slow enough to be measured with fewer runs.
        theirs = max(2, plan.crowd_runs // 2)
        crowds.append(
            (
                await measure.crowd(name, desk, people, runs=plan.crowd_runs, pause=pause),
                await measure.crowd(name, stock, nobody, runs=theirs, pause=pause),
            )
        )
    return pages, crowds


def table(plan: Plan, pages: Sequence[Measured], crowds: Sequence[tuple[Measured, ...]]) -> str:
    """The table, as Markdown. Times in milliseconds, from the request to the end of the run."""
    floor = pages[0]
    lines = [
        f"{plan.cases:,} cases, {os.cpu_count()} processors",
        "",
        "| what | runs | p50 ms | p95 ms | CPU ms a run | stock p50 ms | stock p95 ms | "
        "stock CPU ms | p50 : stock |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    rows = [(f"{page.name}, warm", page, floor) for page in pages[1:]]
    rows += [(f"{plan.sessions} reviewers, {ours.name}", ours, stock) for ours, stock in crowds]
    for name, ours, stock in rows:
        ratio = ours.quantile(0.5) / stock.quantile(0.5) if stock.runs else 0.0
        lines.append(
            f"| {name} | {len(ours.runs)} | {_times(ours)} | {_times(stock)} | {ratio:.2f} |"
        )
    for ours, stock in crowds:
        lines += [
            "",
            f"{plan.sessions} reviewers, {ours.name}: {_rate(ours)} (stock {_rate(stock)})",
        ]
    return "\n".join(lines)


def _times(of: Measured) -> str:
    cpu = of.cpu * 1000 / len(of.runs) if of.runs else 0.0
    return f"{of.quantile(0.5):.0f} | {of.quantile(0.95):.0f} | {cpu:.0f}"


def _rate(of: Measured) -> str:
    per_second = len(of.runs) / of.wall if of.wall else 0.0
    return f"{per_second:.1f} runs a second, {len(of.faults)} failed"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when anything failed on the way."""
    plan, kept = plan_of(sys.argv[1:] if arguments is None else arguments)
    try:
        pages, crowds = measured(plan, kept)
    except (data.NotBuilt, servers.NotStarted, client.SignInRefused) as error:
        print(error, file=sys.stderr)
        return 1
    print(table(plan, pages, crowds))
    faults = [reason for each in (*pages, *(one for pair in crowds for one in pair))
              for reason in each.faults]  # fmt: skip
    for reason in faults[:SHOWN_FAULTS]:
        print(f"failed: {reason}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
