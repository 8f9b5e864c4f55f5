"""Eight officers in eight processes at the same cases: who wins, who is told, and what is kept.

Each kind of race has its own cases. A worker keeps account of what it was told had been done; at
the end the database must hold exactly that, and the history must hold with it. `now` stands still,
so no claim runs out: whoever is given a case that somebody holds is a second winner.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from sqlalchemy import func, select, text

from core import db
from core.access.actors import Actor
from core.audit import history
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.config import settings
from core.errors import CoreError
from core.model import Case, Decision, Event, Lease, Note
from core.queue import assignment
from core.review import notes, verdicts
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from tests import postgres
from tests.builders import NOW, a_case, an_actor
from tests.drill.result import Result

OFFICERS = 8
LIMIT_SECONDS, LIMIT_MEGABYTES = 10.0, 500.0
_PATIENCE = 300
"""Seconds after which a worker that has not come back counts as hanging."""


@dataclass
class Account:
    """What one worker was told. done: what, of which case; errors: what should not have been."""

    done: Counter[tuple[str, int]] = field(default_factory=Counter)
    tried: int = 0
    refused: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    errors: list[str] = field(default_factory=list)


class Officer:
    """One worker: an account, its cases, and the account it keeps of what it was told."""

    def __init__(self, actor: Actor, cases: list[int], rng: Random) -> None:
        self.actor = actor
        self.cases = cases
        self.rng = rng
        self.account = Account()
        self.held: set[int] = set()

    def attempt(self, what: str, command: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run a command as a page does; None when it was refused in words."""
        account, began = self.account, time.process_time()
        account.tried += 1
        try:
            return db.run(command, self.actor, *args, **kwargs)
        except (db.Conflict, db.Unavailable, db.Unstorable) as error:
            account.errors.append(f"{what}: {error!r} because of {error.__cause__!r}")
        except CoreError:
            account.refused += 1
        except Exception:
            account.errors.append(f"{what}: {traceback.format_exc(limit=-3)}")
        finally:
            account.seconds = max(account.seconds, time.process_time() - began)
        return None

    def claim_many(self) -> None:
        chosen = self.rng.sample(self.cases, len(self.cases))
        done = self.attempt("claim_each", assignment.claim_each, chosen, NOW)
        if done is None:
            return
        refused = {number for number, _ in done.refusals}
        self.account.refused += len(refused)
        # Those that were one's own already are claimed again without a step in the history.
        for number in set(chosen) - refused - self.held:
            self.account.done["claim", number] += 1
            self.held.add(number)

    def give_back(self) -> None:
        for number in sorted(self.held):
            self.attempt("release", claiming.release, number, NOW)
            self.account.done["release", number] += 1
        self.held = set()

    def take(self) -> None:
        case = self.attempt("take_next", assignment.take_next, NOW)
        if case is not None:
            self.account.done["claim", case.id] += 1
            self.held.add(case.id)

    def note(self) -> None:
        number = self.rng.choice(self.cases)
        if self.attempt("note", notes.write_note, number, "八人同时写备注", NOW) is not None:
            self.account.done["note", number] += 1

    def decide(self) -> None:
        """Take a case over from whoever has it, fill in its list and pass it on."""
        number = self.rng.choice(self.cases)
        decided = self.attempt("decide", _decide, number)
        if decided is not None:
            self.account.done["decide", number] += 1
            self.held.discard(number)

    def verify(self) -> None:
        with db.reading() as session:
            self.account.tried += 1
            faults = [f"{fault.chain}/{fault.seq}: {fault.text.en}" for fault in _faults(session)]
        self.account.errors += [f"verify: {fault}" for fault in faults[:3]]


def _faults(session: Any) -> Iterator[history.Fault]:
    return history.verify(session)


_NEXT = {
    Status.REVIEW: Action.PROPOSE_APPROVAL,
    Status.RECHECK: Action.CONCUR,
    Status.DECISION: Action.APPROVE,
}


def _decide(session: Any, actor: Actor, number: int) -> Status:
    """Everything in one transaction, so that either all of it is done or nothing."""
    case = claiming.claim(session, actor, number, NOW, reason="八人争办")
    status = Status(case.status)
    if status is Status.REVIEW:
        verdicts.pass_the_rest(session, actor, number, now=NOW)
    perform(session, actor, number, _NEXT[status], now=NOW, seen_version=case.version_id)
    return status


# What each worker of a kind does in one round; the number is the worker's place among the eight.
def bulk(officer: Officer, _place: int) -> None:
    """All claim all, each in an order of their own, and give back what they got."""
    officer.claim_many()
    officer.give_back()


def next_one(officer: Officer, _place: int) -> None:
    """All ask for the next one."""
    officer.take()


def decision(officer: Officer, _place: int) -> None:
    """All take cases from each other and decide them."""
    officer.decide()


def verification(officer: Officer, place: int) -> None:
    """Two verify while six write."""
    officer.verify() if place < 2 else officer.note()


def everything(officer: Officer, place: int) -> None:
    """What a busy office does at once."""
    if place == 0:
        officer.verify()
        return
    step = officer.rng.choice(
        (officer.claim_many, officer.give_back, officer.take, officer.note, officer.note)
    )
    step()


@dataclass(frozen=True)
class Kind:
    """A race: what a worker does each round, on how many cases of which status, how often."""

    name: str
    round: Callable[[Officer, int], None]
    status: Status
    cases: int
    rounds: int


KINDS = (
    Kind("bulk claims", bulk, Status.ACCEPTED, 70, 30),
    Kind("take the next one", next_one, Status.ACCEPTED, 160, 40),
    Kind("decisions", decision, Status.REVIEW, 40, 60),
    Kind("notes while verifying", verification, Status.RECEIVED, 20, 120),
    Kind("everything at once", everything, Status.ACCEPTED, 70, 80),
)


def _work(
    url: str, key: str, kind: Kind, place: int, rounds: int, actor: Actor, cases: list[int],
    start: Any, out: Any,
) -> None:  # fmt: skip
    """One worker process. key: the history's, as the setting is written."""
    os.environ["REGDESK_HISTORY_KEY"] = key
    settings.cache_clear()
    db.use(db.connect(url))
    officer = Officer(actor, cases, Random(place))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with db.reading() as session:
        session.execute(select(Case.id).limit(1))
    start.wait()
    try:
        for _ in range(rounds):
            kind.round(officer, place)
    except Exception:
        officer.account.errors.append(traceback.format_exc(limit=-3))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    officer.account.megabytes = grown / 1024
    out.put((place, officer.account))


def _prepare(kind: Kind, share: float) -> tuple[list[Actor], list[int]]:
    with db.transaction() as session:
        cases = [a_case(session, kind.status).id for _ in range(max(8, int(kind.cases * share)))]
        session.query(Lease).delete()
        roles = (Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER)
        return [an_actor(session, *roles) for _ in range(OFFICERS)], cases


def race(url: str, kind: Kind, scale: float) -> Result:
    """Run one kind on an empty, migrated database at `url`."""
    db.use(db.connect(url))
    try:
        actors, cases = _prepare(kind, min(1.0, scale**0.5))
        accounts = _raced(url, kind, max(3, int(kind.rounds * scale)), actors, cases)
        trouble = [error for account in accounts for error in account.errors]
        trouble += _unlike(actors, accounts)
        with db.reading() as session:
            trouble += [f"history: {fault}" for fault in _faults(session)]
    finally:
        db.engine().dispose()
        db.use(None)
    seconds = max((account.seconds for account in accounts), default=0.0)
    megabytes = max((account.megabytes for account in accounts), default=0.0)
    if seconds > LIMIT_SECONDS or megabytes > LIMIT_MEGABYTES:
        trouble.append(f"{seconds:.1f} s, {megabytes:.0f} MB")
    if len(accounts) < OFFICERS:
        trouble.append(f"{OFFICERS - len(accounts)} of {OFFICERS} workers never came back")
    return Result(
        name=f"{kind.name} ({url.partition(':')[0].partition('+')[0]})",
        tried=sum(account.tried for account in accounts),
        refused=sum(account.refused for account in accounts),
        accepted=sum(account.done.total() for account in accounts),
        seconds=seconds,
        megabytes=megabytes,
        trouble=tuple(trouble),
    )


def _raced(
    url: str, kind: Kind, rounds: int, actors: list[Actor], cases: list[int]
) -> list[Account]:
    """The accounts of those workers that came back."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    start, out = context.Barrier(OFFICERS), context.Queue()
    key = " ".join(settings().history_key)
    workers = [
        context.Process(
            target=_work,
            args=(url, key, kind, place, rounds, actor, cases, start, out),
            daemon=True,
        )
        for place, actor in enumerate(actors)
    ]
    with _no_main():
        for worker in workers:
            worker.start()
    deadline = time.monotonic() + _PATIENCE
    found: dict[int, Account] = {}
    while len(found) < len(workers) and time.monotonic() < deadline:
        if out.empty() and not any(worker.is_alive() for worker in workers):
            break
        try:
            place, account = out.get(timeout=1)
        except Exception:
            continue
        found[place] = account
    for worker in workers:
        worker.join(timeout=5)
        if worker.is_alive():
            worker.terminate()
    out.close()
    return list(found.values())


@contextmanager
def _no_main() -> Iterator[None]:
    """A new process imports what was started here; after an AppTest that is a script of a page."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _unlike(actors: list[Actor], accounts: list[Account]) -> list[str]:
    """Where the database holds something else than the officers were told."""
    told: Counter[tuple[str, int]] = Counter()
    for account in accounts:
        told.update(account.done)
    names = [actor.name for actor in actors]
    mine = Event.actor_name.in_(names)
    with db.reading() as session:
        steps = session.execute(
            select(Event.case_id, Event.action, Event.actor_id).where(mine).order_by(Event.id)
        ).all()
        written = Counter(
            dict.fromkeys(())
            | {
                ("note", number): count
                for number, count in session.execute(
                    select(Note.case_id, func.count())
                    .where(Note.author_name.in_(names))
                    .group_by(Note.case_id)
                )
            }
            | {
                ("decide", number): count
                for number, count in session.execute(
                    select(Decision.case_id, func.count())
                    .where(Decision.officer_name.in_(names))
                    .group_by(Decision.case_id)
                )
            }
        )
    holder: dict[int, int] = {}
    trouble: list[str] = []
    for number, action, officer in steps:
        match action:
            case "claim" if number in holder:
                trouble.append(f"case {number}: {officer} was given what {holder[number]} holds")
            case "claim" | "take_over":
                holder[number] = officer
            case "release" | "propose_approval" | "concur" | "approve":
                if holder.pop(number, officer) != officer:
                    trouble.append(f"case {number}: {action} by another than the holder")
            case _:
                pass
        if action in {"claim", "release"}:
            written[action, number] += 1
    if any(key[0] == "decide" for key in told):  # deciding claims by itself, untold
        written = Counter({key: count for key, count in written.items() if key[0] == "decide"})
    trouble += [
        f"{what} of case {number}: told {told[what, number]}, kept {written[what, number]}"
        for what, number in sorted(set(told) | set(written))
        if told[what, number] != written[what, number]
    ]
    return trouble


def deadlocks(url: str) -> int:
    """How many deadlocks PostgreSQL has resolved in the database of `url` so far."""
    engine = db.connect(url)
    try:
        with engine.connect() as connection:
            found = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
            return int(connection.execute(text(found)).scalar_one())
    finally:
        engine.dispose()


def run(scale: float, folder: Path) -> Iterator[Result]:
    """Every kind of race on PostgreSQL and on SQLite."""
    home = Path(tempfile.mkdtemp(prefix="regdesk-drill-"))  # short: it holds a socket
    home.chmod(0o755)
    try:
        postgres.start(home)
        for number, kind in enumerate(KINDS):
            postgres.administer(home, f"CREATE DATABASE races_{number}")
            for url in (
                postgres.url_of(home, f"races_{number}"),
                f"sqlite:///{folder / f'races_{number}.db'}",
            ):
                db.migrate(url)
                yield race(url, kind, scale)
    finally:
        postgres.stop(home)
        shutil.rmtree(home, ignore_errors=True)
