"""Hands in the database, in the file of anchors and in the store of pictures: all must be seen."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import orjson
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import clock, db
from core.access.actors import SYSTEM
from core.audit import anchors, history
from core.config import settings
from core.files.attachments import path_of
from core.model import Attachment
from tests import tampering
from tests.drill.result import Result
from tests.tampering import Tampering
from tests.wandering import wander

MOST_SECONDS, MOST_MEGABYTES = 10.0, 500.0


class _Tally:
    """What one kind of try came to: refused are those that were seen, accepted those that were
    not."""

    def __init__(self, name: str) -> None:
        self.name, self.tried, self.refused = name, 0, 0
        self.seconds, self.megabytes = 0.0, 0.0
        self.trouble: list[str] = []

    def look(self, session: Session) -> list[str]:
        """What is found now; how long that took is kept."""
        memory, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        told = tampering.told(tampering.faults(session))
        self.seconds = max(self.seconds, time.process_time() - began)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
        self.megabytes = max(self.megabytes, grown / 1024)
        return told

    def counted(self, what: str, named: str, told: list[str]) -> None:
        """Count one try: seen when a fault names it."""
        self.tried += 1
        if any(named in line for line in told):
            self.refused += 1
        else:
            self.trouble.append(f"not seen: {what}")

    def result(self) -> Result:
        if self.seconds > MOST_SECONDS or self.megabytes > MOST_MEGABYTES:
            self.trouble.append(f"{self.seconds:.1f} s, {self.megabytes:.0f} MB")
        unseen = self.tried - self.refused
        return Result(
            self.name, self.tried, self.refused, unseen, self.seconds, self.megabytes,
            tuple(self.trouble),
        )  # fmt: skip


@contextmanager
def _desk(folder: Path) -> Iterator[Engine]:
    """A database of its own, with every kind of evidence, anchored four times."""
    settings.cache_clear()
    settings().anchors.unlink(missing_ok=True)
    url = f"sqlite:///{folder / 'seals.db'}"
    db.migrate(url)
    engine = db.connect(url)
    db.use(engine)
    try:
        with db.transaction() as session:
            tampering.furnish(session)
        for case in range(4):
            anchors.add(clock.now())
            with db.transaction() as session:
                at, subject = clock.now(), f"case:{case}"
                history.record(session, SYSTEM, "drill", subject, at=at, case_id=case)
        anchors.add(clock.now())
        yield engine
    finally:
        db.use(None)
        engine.dispose()


def run(scale: float, folder: Path) -> Iterator[Result]:
    """Try everything once and more (`scale` 1.0: a few minutes) in a database made in `folder`.

    The data folder in the settings is used for key, anchors and pictures: it must be of no use.
    """
    times = max(1, round(4 * scale))
    with _desk(folder) as engine:
        yield _by_hand(
            engine, "evidence changed", times, lambda s, r: tampering.rounds(s.connection(), r)
        )
        yield _by_hand(engine, "history changed", times, _history)
        yield _anchors(times)
        yield _pictures()
    with _desk(folder / "again"):
        yield _commands(times)


def _history(session: Session, rng: Random) -> Iterator[tuple[Tampering, ...]]:
    for each in tampering.of_history(session.connection(), rng):
        yield (each,)


def _by_hand(
    engine: Engine,
    name: str,
    times: int,
    made: Callable[[Session, Random], Iterator[tuple[Tampering, ...]]],
) -> Result:
    tally = _Tally(name)
    for seed in range(times):
        with db.reading() as session:
            tried = list(made(session, Random(seed)))
        for several in tried:
            with engine.execution_options(writing=True).connect() as connection:
                tampering.loosened(connection)
                for each in several:
                    each.do(connection)
                with Session(connection) as session:
                    told = tally.look(session)
                connection.rollback()
            for each in several:
                tally.counted(each.what, each.named, told)
    return tally.result()


def _anchors(times: int) -> Result:
    """Every line edited in every field, removed or put elsewhere."""
    tally, path = _Tally("anchors changed"), settings().anchors
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    forged: list[tuple[str, bytes]] = [("emptied", b"")]
    for number, text in enumerate(lines[: 2 * times]):
        line = orjson.loads(text)
        for field in line:
            other = {"heads": [[1, "f" * 64]] * history.CHAINS, "unkeyed": [9] * history.CHAINS}
            edited = orjson.dumps({**line, field: other.get(field, "f" * 64)}) + b"\n"
            changed = b"".join([*lines[:number], edited, *lines[number + 1 :]])
            forged.append((f"{field} of line {number + 1}", changed))
        if number + 1 < len(lines):  # a file that ends sooner is an older file, whole in itself
            rest = lines[:number] + lines[number + 1 :]
            forged += [
                (f"line {number + 1} removed", b"".join(rest)),
                (f"line {number + 1} moved", b"".join([*rest, text])),
            ]
    for what, content in forged:
        path.write_bytes(content)
        with db.reading() as session:
            tally.counted(what, "anchors", tally.look(session))
    path.write_bytes(whole)
    return tally.result()


def _pictures() -> Result:
    """Every picture with one byte changed, cut short, and gone."""
    tally = _Tally("pictures changed")
    with db.reading() as session:
        pictures = set(session.scalars(select(Attachment.sha256)))
    for sha256 in sorted(pictures):
        path = path_of(sha256)
        whole = path.read_bytes()
        for what, content in (("changed", b"x" + whole[1:]), ("cut", whole[:-1]), ("gone", None)):
            path.unlink()
            if content is not None:
                path.write_bytes(content)
            with db.reading() as session:
                tally.counted(f"{sha256} {what}", "the picture of", tally.look(session))
            path.write_bytes(whole)
    return tally.result()


def _commands(times: int) -> Result:
    """Random commands, after which nothing may be cried."""
    tally = _Tally("random commands")
    done, each = 0, 30
    for seed in range(times):
        done += wander(seed, each)
        anchors.add(clock.now())
        with db.reading() as session:
            tally.trouble += [f"cried without cause: {line}" for line in tally.look(session)]
    found = tally.result()
    tried = times * each
    return Result(
        found.name, tried, tried - done, done, found.seconds, found.megabytes, found.trouble
    )
