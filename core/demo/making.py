"""The rows of a demo in instalments, made by this process or, when they are many, by several.

An instalment holds the cases of about the same time in all shares, so that every table grows at its
end.
"""

from __future__ import annotations

import gc
import marshal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from multiprocessing import get_context
from multiprocessing.connection import Connection
from operator import itemgetter
from typing import Any

from core.demo.bulk import Ledger
from core.demo.chaining import Heads
from core.demo.rows import COLUMNS, packed
from core.demo.scripts import Schedule
from core.demo.shapes import Trouble
from core.demo.shares import Share, shares_of
from core.demo.writing import Rows
from core.errors import CoreError
from core.text import Text

_INSTALMENT = 1_000  # cases of all shares together: so few that their rows stay close at hand
# In what order rows of an instalment are written: by time, or else by what they belong to.
_TIMES = {"events": "at", "registration_changes": "changed_at", "messages": "sent_at"}
_ORDER = {
    table: itemgetter(columns.index(_TIMES[table]) if table in _TIMES else 0)
    for table, columns in COLUMNS.items()
}


class MakingFailed(CoreError):
    text = Text("生成演示数据失败：{reason}", "Making the demo data failed: {reason}")


@dataclass(slots=True)
class Made:
    """What there is to know of a demo when its rows are made.

    heads: newest links of the history. rulebooks: those that cases were filed under, by digest.
    """

    heads: Heads
    people: int = 0
    rulebooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    trouble: Trouble = field(default_factory=Trouble)

    def add(self, share: Made) -> None:
        """Count in a share."""
        self.heads |= share.heads
        self.people += share.people
        self.rulebooks |= share.rulebooks
        self.trouble.insurance += share.trouble.insurance
        self.trouble.pairs += share.trouble.pairs
        self.trouble.beside += share.trouble.beside


def instalments(schedule: Schedule, heads: Heads, made: Made) -> Iterator[Rows]:
    """Rows of the whole demo, after which `made` is complete. Raises MakingFailed."""
    with _shares(schedule, heads, made) as shares:
        for parts in zip_longest(*shares, fillvalue={}):
            yield {
                table: sorted(
                    chain.from_iterable(part.get(table, ()) for part in parts),
                    key=_ORDER[table],
                )
                for table in COLUMNS
            }
    yield {"rulebooks": [(digest, packed(book)) for digest, book in made.rulebooks.items()]}


def _share(schedule: Schedule, heads: Heads, made: Made) -> Iterator[Rows]:
    """Instalments of the schedule's share; each is emptied when the next is asked for."""
    share = schedule.share
    ledger = Ledger(schedule.books, schedule.until, heads, share)
    if share.place == 0:
        ledger.found(schedule.cast.companies)
    for taken, script in enumerate(schedule.scripts(), 1):
        ledger.take(script)
        if taken % (_INSTALMENT // share.of) == 0:
            yield ledger.rows
            for values in ledger.rows.values():
                values.clear()
    ledger.close()
    yield ledger.rows
    made.add(Made(ledger.heads, schedule.cast.people, ledger.rulebooks, schedule.trouble))


@contextmanager
def _shares(schedule: Schedule, heads: Heads, made: Made) -> Iterator[list[Iterator[Rows]]]:
    """The shares of a demo: the only one, or as they arrive from a process for each."""
    shares = shares_of(schedule.count)
    if len(shares) == 1:
        yield [_share(schedule, heads, made)]
        return
    context, pipes, processes = get_context("spawn"), [], []
    try:
        for share in shares:
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(
                target=_work, args=(schedule.arguments, share, heads, theirs), daemon=True
            )
            process.start()
            theirs.close()
            pipes.append(ours)
            processes.append(process)
        yield [_received(pipe, made) for pipe in pipes]
    finally:
        for pipe, process in zip(pipes, processes, strict=True):
            pipe.close()
            process.terminate()
            process.join()


def _work(arguments: dict[str, Any], share: Share, heads: Heads, pipe: Connection) -> None:
    """Send the instalments of a share, nothing, and what is known then (or what went wrong)."""
    gc.disable()  # as `core.demo.load.fill` does, and for its reason
    made = Made({})
    try:
        for rows in _share(Schedule(**arguments, share=share), heads, made):
            pipe.send_bytes(marshal.dumps(rows))
    except BrokenPipeError:
        return  # nobody wants them any more
    except Exception as error:
        pipe.send_bytes(b"")
        pipe.send(f"{type(error).__name__}: {error}")
    else:
        pipe.send_bytes(b"")
        pipe.send(made)


def _received(pipe: Connection, made: Made) -> Iterator[Rows]:
    """The instalments that arrive in `pipe`; counts the share in at the end."""
    try:
        while message := pipe.recv_bytes():
            yield marshal.loads(message)  # noqa: S302 from our own process
        last = pipe.recv()
    except EOFError:
        last = "a process ended"
    if not isinstance(last, Made):
        raise MakingFailed(reason=last)
    made.add(last)
