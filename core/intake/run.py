"""Going through a source, packet by packet; no packet can keep another one out.

Whatever happens to a packet happens to it alone: it fails, in words, and goes into quarantine.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from core import catalogue, db
from core.access.actors import Actor
from core.access.permissions import Permission
from core.intake import limits, quarantine, source as sources
from core.intake.examine import Examiner, PacketOutcome, Result, StoreUnavailable
from core.intake.problems import Problem, refused
from core.text import Text, filled
from core.typed import shown

__all__ = ["Intake", "PacketOutcome", "Result", "StoreUnavailable", "opened", "run"]

LOG = logging.getLogger("core.intake")

UNEXPECTED = Text(
    "处理此数据包时出现意外错误（{kind}），数据包已隔离，其余照常处理。请联系系统维护人员；"
    "排除后运行 python -m core quarantine --retry 重试。",
    "Something unexpected went wrong with this packet ({kind}). It is in quarantine, the others "
    "went on. Tell whoever maintains the system, then try again: "
    "python -m core quarantine --retry.",
)
MORE_PROBLEMS = Text("另有 {count} 个问题未列出。", "{count} more problems are not listed.")
MORE_REFUSED = Text(
    "另有 {count} 个文件无法读取，未逐一列出。",
    "{count} more files cannot be read and are not listed.",
)
_FRAMES = 12
_SAID = 300


@dataclass(frozen=True, slots=True)
class Intake:
    """A source opened for taking in. total: how many results there will be."""

    source: sources.Source
    names: tuple[str, ...]
    actor: Actor

    @property
    def total(self) -> int:
        return len(self.names) + len(self.source.refused) + bool(self.source.more_refused)


def opened(path: Path, actor: Actor, only: frozenset[str] | None = None) -> Intake:
    """Open a folder or zip; `only`: the packets to look at, by the names of their files.

    Raises NotPermitted and what `source.opened` raises.
    """
    actor.require(Permission.CASE_INTAKE)
    found = sources.opened(path)
    names = sources.packets(found)
    return Intake(found, tuple(name for name in names if only is None or name in only), actor)


def run(intake: Intake, now: datetime) -> Iterator[Result]:
    """Take each packet in, one transaction each; stopping between two of them loses nothing.

    Raises Unavailable or StoreUnavailable when going on is pointless.
    """
    source = intake.source
    with closing(source):
        with db.reading() as session:
            held = {entry.name for entry in quarantine.waiting(session, source.place)}
        for result in _left_out(source):
            if sources.is_packet(result.name):
                _quarantine(source.place, result, now, held=False)
            yield result
        examiner = Examiner(
            source, intake.actor, catalogue.current(), now, sources.neighbours(source)
        )
        left = limits.MAX_TOLD
        for name in intake.names:
            result = _safely(examiner, name)
            if result.fate is PacketOutcome.FAILED:
                result = _told(result, max(1, min(limits.MAX_PROBLEMS, left)))
                left -= len(result.problems)
            _quarantine(source.place, result, now, held=name in held)
            yield result


def _left_out(source: sources.Source) -> Iterator[Result]:
    """What of the source was not even looked at."""
    for name, why in sorted(source.refused.items()):
        error = sources.Unreadable(name=name, why=why)
        yield Result(name, PacketOutcome.FAILED, problems=(refused("$", error),))
    if source.more_refused:
        words = filled(MORE_REFUSED, count=source.more_refused)
        yield Result("…", PacketOutcome.FAILED, problems=(Problem("$", words),))


def _safely(examiner: Examiner, name: str) -> Result:
    """The fate of one packet, whatever goes wrong with it."""
    try:
        return examiner.examine(name, str(PurePosixPath(name).parent))
    except StoreUnavailable:
        raise
    except Exception as error:
        if isinstance(error, db.Unavailable):
            if not db.ready():
                raise
            return Result(name, PacketOutcome.FAILED, problems=(refused("$", error),))
        LOG.error("packet %s: %s", shown(name, _SAID), _trace(error))
        words = filled(UNEXPECTED, kind=type(error).__name__)
        return Result(name, PacketOutcome.FAILED, problems=(Problem("$", words),))


def _trace(error: Exception) -> str:
    """Where an error came from, on one line: the log is read by the line."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    way = " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__}: {shown(error, _SAID)} [{way}]"


def _told(result: Result, most: int) -> Result:
    """The result with its first problems and the number of the rest; what blocks comes first."""
    ordered = sorted(result.problems, key=lambda problem: problem.warns)
    if len(ordered) <= most:
        return result
    rest = Problem("$", filled(MORE_PROBLEMS, count=len(ordered) - most))
    return replace(result, problems=(*ordered[:most], rest))


def _quarantine(place: str, result: Result, now: datetime, *, held: bool) -> None:
    """Keep a packet that failed in mind, and forget one that is in."""
    failed = result.fate is PacketOutcome.FAILED
    if not failed and not held:
        return
    try:
        if failed:
            db.run(quarantine.note, place, result.name, result.key, result.problems, now)
        else:
            db.run(quarantine.settle, place, result.name, now)
    except Exception as error:
        # The result itself tells what happened; the note of it must not stop the run either.
        LOG.error("quarantine of %s: %s", shown(result.name, _SAID), _trace(error))
