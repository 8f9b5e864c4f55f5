"""What is measured: warm runs of single pages against the floor, then many reviewers at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.bench.client import Run, Tab, tab
from tests.bench.servers import Server

WARM_UP = 3
"""Runs of each tab before the clock counts: imports, caches and connections are made."""


@dataclass(frozen=True, slots=True)
class Target:
    """A page to run. fewest: elements that a sound run draws at least. ref: the case it shows."""

    name: str
    address: str
    fewest: int
    ref: str = ""
    lists_cases: bool = False


STOCK = Target("stock", "/", fewest=3)
QUEUE = Target("queue", "/queue", fewest=8, lists_cases=True)
HOME = Target("home", "/", fewest=12)


def case(ref: str) -> Target:
    """The page of one case."""
    return Target("case", f"/case?ref={ref}", fewest=15, ref=ref)


@dataclass(slots=True)
class Measured:
    """Runs of one kind. cpu, wall: seconds of the server's processor and of the clock."""

    name: str
    runs: list[Run] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    cpu: float = 0.0
    wall: float = 0.0

    def quantile(self, part: float) -> float:
        """Milliseconds that `part` of the runs stay within (nearest rank); 0 without runs."""
        ordered = sorted(run.seconds * 1000 for run in self.runs)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

    def note(self, run: Run, target: Target) -> None:
        """Keep a timed run."""
        self.runs.append(run)
        if reason := fault(run, target):
            self.faults.append(reason)


def fault(run: Run, target: Target) -> str | None:
    """Why `run` is not the whole page of `target` with its content; None when it is."""
    if run.exceptions:
        return f"{target.address}: {run.exceptions} exceptions on the page"
    if not run.whole:
        return f"{target.address}: the script did not run to its end"
    if run.page != urlsplit(target.address).path.strip("/"):
        return f"{target.address}: the page that ran was /{run.page}"
    if run.elements < target.fewest:
        return f"{target.address}: only {run.elements} elements came"
    if target.lists_cases and not run.refs:
        return f"{target.address}: the list came without a case"
    if target.ref not in run.words:
        return f"{target.address}: the page does not speak of the case"
    return None


async def first_cases(desk: Server, cookies: str) -> tuple[str, ...]:
    """Numbers of the cases on the first page of the queue."""
    async with tab(desk.base, QUEUE.address, cookies) as queue:
        return (await queue.run()).refs


async def in_turns(
    desk: Server, stock: Server, targets: Sequence[Target], cookies: str, *, rounds: int, runs: int
) -> list[Measured]:
    """Each target warm, in a tab of its own; the stock page first in the answer.

    A turn is `runs` runs of the stock page, then as many of one of ours, so whatever else the
    machine does meets both alike.
    """
    floor = Measured(STOCK.name)
    ours = [Measured(target.name) for target in targets]
    async with AsyncExitStack() as stack:

        async def opened(server: Server, target: Target, sent: str) -> Tab:
            made = await stack.enter_async_context(tab(server.base, target.address, sent))
            for _ in range(WARM_UP):
                await made.run()
            return made

        stock_tab = await opened(stock, STOCK, "")
        tabs = [await opened(desk, target, cookies) for target in targets]
        for _ in range(rounds):
            for target, into, open_tab in zip(targets, ours, tabs, strict=True):
                await _repeat(floor, stock, stock_tab, STOCK, runs)
                await _repeat(into, desk, open_tab, target, runs)
    return [floor, *ours]


async def _repeat(into: Measured, server: Server, open_tab: Tab, target: Target, runs: int) -> None:
    cpu, started = server.cpu(), time.perf_counter()
    for _ in range(runs):
        into.note(await open_tab.run(), target)
    into.wall += time.perf_counter() - started
    into.cpu += server.cpu() - cpu


async def crowd(
    name: str, server: Server, people: Sequence[tuple[Target, str]], *, runs: int, pause: float
) -> Measured:
    """Everybody at once: each of `people` (target, cookies) opens a tab and runs it `runs` times.

    pause: seconds that each waits between runs, the beginnings spread over one pause. All tabs
    open and run once, untimed, before the clock starts; a failure then counts as well.
    """
    total = Measured(name)

    async def opened(target: Target, cookies: str) -> Tab | None:
        try:
            made = await stack.enter_async_context(tab(server.base, target.address, cookies))
            if reason := fault(await made.run(), target):
                total.faults.append(reason)
        except Exception as error:
            total.faults.append(f"{target.address}: {type(error).__name__} {error}"[:200])
            return None
        return made

    async def works(place: int, open_tab: Tab, target: Target) -> None:
        await asyncio.sleep(pause * place / len(people))
        try:
            for turn in range(runs):
                await asyncio.sleep(pause if turn else 0)
                total.note(await open_tab.run(), target)
        except Exception as error:
            total.faults.append(f"{target.address}: {type(error).__name__} {error}"[:200])

    async with AsyncExitStack() as stack:
        tabs = await asyncio.gather(*(opened(*person) for person in people))
        cpu, started = server.cpu(), time.perf_counter()
        await asyncio.gather(
            *(
                works(place, open_tab, people[place][0])
                for place, open_tab in enumerate(tabs)
                if open_tab is not None
            )
        )
        total.wall = time.perf_counter() - started
        total.cpu = server.cpu() - cpu
    return total
