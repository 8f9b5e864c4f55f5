"""An intake as seen from a terminal: progress while it runs, an orderly stop, what to do next."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TextIO

from core import clock, db
from core.access.actors import SYSTEM
from core.errors import CoreError
from core.intake import quarantine, report
from core.intake.run import (
    Intake,
    PacketOutcome,
    Result,
    opened,
    run,
)
from core.text import Language, Text
from core.typed import shown

STOPPING = Text(
    "收到中断：当前数据包处理完后停止（再按一次立即停止）。",
    "Interrupted: stopping after the current packet (once more stops at once).",
)
STOPPED = Text(
    "已停止，还有 {left} 个数据包未处理。再次运行同一命令即可从这里继续：已收的会很快跳过。",
    "Stopped with {left} packets not looked at. Run the same command again to go on from here: "
    "what was taken in is skipped quickly.",
)
PROGRESS = Text(
    "{done}/{total}  已收 {taken}  已有 {already}  未收 {failed}  每秒 {rate} 个",
    "{done}/{total}  taken {taken}  there {already}  failed {failed}  {rate} a second",
)
MORE = Text(
    "另有 {count} 个数据包有问题或提示，用 --report FILE 查看全部。",
    "{count} more packets have problems or notes; --report FILE writes them all.",
)
IN_QUARANTINE = Text(
    "{name}（{key}）  {source}  尝试 {tries} 次，最近 {at}",
    "{name} ({key})  {source}  tried {tries} times, last {at}",
)
EMPTY_QUARANTINE = Text("没有被隔离的数据包。", "No packet is in quarantine.")
GONE = Text("{source} 中已没有 {name}。", "{source} no longer holds {name}.")
_TOLD = 20
_WIDTH = 24
_NAME = 120
_INTERRUPTED = 130
_TERMINAL_PAUSE, _LOG_PAUSE = 0.2, 10.0


class Stop:
    """Whether a stop was asked for (Ctrl-C)."""

    asked = False


@contextmanager
def _interruptible(err: TextIO, language: Language) -> Iterator[Stop]:
    """Turn the first Ctrl-C into a request to stop; the second acts at once."""
    stop = Stop()

    def note(_number: int, _frame: FrameType | None) -> None:
        if stop.asked:
            raise KeyboardInterrupt
        stop.asked = True
        err.write(f"\n{STOPPING(language)}\n")

    before = signal.signal(signal.SIGINT, note)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def take_in(
    path: Path, *, now: datetime, language: Language, report_to: Path | None, err: TextIO
) -> tuple[str, int]:
    """Take in everything at `path`; the summary for standard output, and the exit code.

    0: all is in. 1: some packets failed. 130: stopped before the end. Progress and problems go to
    `err`; the report is written even when the intake stops half-way.

    Raises NotPermitted, Unavailable, StoreUnavailable, and what `source.opened` raises.
    """
    return _taken_in(opened(path, SYSTEM), now, language, report_to, err)


def _taken_in(
    intake: Intake, now: datetime, language: Language, report_to: Path | None, err: TextIO
) -> tuple[str, int]:
    results: list[Result] = []
    try:
        with _interruptible(err, language) as stop:
            started = time.monotonic()
            shown = started
            for result in run(intake, now):
                results.append(result)
                pause = _TERMINAL_PAUSE if err.isatty() else _LOG_PAUSE
                last = len(results) == intake.total
                if last or time.monotonic() - shown >= pause:
                    shown = time.monotonic()
                    err.write(_line(results, intake.total, shown - started, language, err))
                    err.flush()
                if stop.asked:
                    break
    finally:
        if report_to is not None:
            report.write(report_to, results, intake.total, language)
    return _told(results, intake.total, language, err)


def _line(
    results: list[Result], total: int, seconds: float, language: Language, err: TextIO
) -> str:
    done = len(results)
    counts = report.counts(results, total)
    words = PROGRESS(language, done=done, rate=round(done / max(seconds, 0.001), 1), **counts)
    if not err.isatty():
        return f"{words}\n"
    bar = ("█" * (_WIDTH * done // max(total, 1))).ljust(_WIDTH, "·")
    return f"\r{bar} {words}\x1b[K" + ("\n" if done == total else "")


def _told(results: list[Result], total: int, language: Language, err: TextIO) -> tuple[str, int]:
    telling = report.worth_telling(results)
    telling.sort(key=lambda result: result.fate is not PacketOutcome.FAILED)
    err.writelines(f"{report.describe(result, language)}\n" for result in telling[:_TOLD])
    if len(telling) > _TOLD:
        err.write(f"{MORE(language, count=len(telling) - _TOLD)}\n")
    if not total:
        err.write(f"{report.NO_PACKETS(language)}\n")
    summary = report.table(results, total, language)
    left = total - len(results)
    if left:
        err.write(f"{STOPPED(language, left=left)}\n")
        return summary, _INTERRUPTED
    return summary, int(any(result.fate is PacketOutcome.FAILED for result in results))


def held(language: Language) -> str:
    """The packets in quarantine, each with what is wrong with it."""
    with db.reading() as session:
        entries = quarantine.waiting(session)
    told = []
    for entry in entries:
        head = IN_QUARANTINE(
            language,
            name=shown(entry.name, _NAME),
            key=entry.key or "—",
            source=shown(entry.source, _NAME),
            tries=entry.tries,
            at=clock.written(entry.last_at),
        )
        told += [head, *(f"    {report.problem_line(item, language)}" for item in entry.problems)]
    return "\n".join(told) or EMPTY_QUARANTINE(language)


def retry(*, now: datetime, language: Language, err: TextIO) -> tuple[str, int]:
    """Take in anew what is in quarantine, source by source; the summary, and the exit code.

    As `take_in`; 1 also where a source or a packet is no longer there.
    """
    with db.reading() as session:
        entries = quarantine.waiting(session)
    told, code = [], 0
    for source in dict.fromkeys(entry.source for entry in entries):
        names = frozenset(entry.name for entry in entries if entry.source == source)
        try:
            intake = opened(Path(source), SYSTEM, only=names)
        except CoreError as error:
            err.write(f"{error.message(language)}\n")
            code = code or 1
            continue
        for name in sorted(names - {*intake.names, *intake.source.refused}):
            gone = GONE(language, source=shown(source, _NAME), name=shown(name, _NAME))
            err.write(f"{gone}\n")
            code = code or 1
        summary, ended = _taken_in(intake, now, language, None, err)
        told += [f"{shown(source, _NAME)}", summary]
        code = max(code, ended)
        if ended == _INTERRUPTED:
            break
    return "\n".join(told) or EMPTY_QUARANTINE(language), code
