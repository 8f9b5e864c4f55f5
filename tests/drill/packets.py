"""The drill of filings from outside: every kind of packet and archive, taken in beside sound ones.

Lost is a sound packet that was not taken in, or an error that nobody expected.
"""

from __future__ import annotations

import os
import random
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from core import clock, db
from core.access.actors import SYSTEM
from core.config import settings
from core.errors import CoreError
from core.intake.run import PacketOutcome, Result as Fate, opened, run as taken
from tests import packets
from tests.drill import hostile_packets as hostile
from tests.drill.result import Result
from tests.packets import Writer

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=clock.CHINA).astimezone(UTC)
MOST_SECONDS, MOST_MEGABYTES = 10.0, 500.0
TREES, MUTATED, ZIPS = 2_000, 3_000, 1_000
"""How many are made at random at scale 1."""
BATCH = 100
VARIED = 20
"""Sound packets that the mutated ones are made of."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def run(scale: float, folder: Path) -> Iterator[Result]:
    """Take in hostile packets and archives in an installation of their own below `folder`."""
    with _installation(folder / "packets-data"):
        yield _known_packets(folder)
        yield from _known_zips(folder)
        writer = Writer(1)
        base = [writer.packet() for _ in range(VARIED)]
        files = {name: body for _data, more in base for name, body in more.items()}
        for name, count, make in (
            ("packets: random trees", TREES, hostile.tree),
            (
                "packets: sound ones, mutated",
                MUTATED,
                lambda dice: hostile.mutated(dice, dice.choice(base)[0]),
            ),
        ):
            yield _random_packets(name, max(1, int(count * scale)), make, files, folder)
        yield _random_zips(max(len(_METHODS), int(ZIPS * scale)), folder)
        yield _pipe(folder)


@contextmanager
def _installation(data: Path) -> Iterator[None]:
    before = {key: value for key, value in os.environ.items() if key.startswith("REGDESK_")}
    for key in before:
        if key in {"REGDESK_DATABASE_URL", "REGDESK_UNSIGNED_PACKETS"}:
            del os.environ[key]
    os.environ["REGDESK_DATA"] = str(data)
    settings.cache_clear()
    db.migrate(settings().database_url)
    db.use(db.connect(settings().database_url))
    try:
        yield
    finally:
        db.engine().dispose()
        db.use(None)
        os.environ.pop("REGDESK_DATA")
        os.environ.update(before)
        settings.cache_clear()


class _Count:
    """What became of the tries of one kind."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tried = self.refused = self.accepted = 0
        self.seconds = 0.0
        self.trouble: list[str] = []
        self.megabytes = 0.0

    def go(self, path: Path, *, sound: int = 0) -> None:
        """Take `path` in; `sound` packets of it must be taken."""
        started = time.process_time()
        held = _begin()
        found = 0
        try:
            for fate in taken(opened(path, SYSTEM), NOW):
                spent = time.process_time() - started
                self.seconds = max(self.seconds, spent)
                found += self._noted(fate)
                started = time.process_time()
        except CoreError:
            self.tried += 1
            self.refused += 1
        except Exception as error:
            self.tried += 1
            self.trouble.append(f"{path.name}: {type(error).__name__}: {error}"[:200])
        self.seconds = max(self.seconds, time.process_time() - started)
        self.megabytes = max(self.megabytes, _peak() - held)
        if found < sound:
            self.trouble.append(f"{path.name}: a sound packet was lost")

    def _noted(self, fate: Fate) -> int:
        if "sound" in fate.name:
            return fate.fate is PacketOutcome.TAKEN
        self.tried += 1
        accepted = fate.fate is not PacketOutcome.FAILED
        self.accepted += accepted
        self.refused += not accepted
        if any("意外错误" in problem.what.zh for problem in fate.problems):
            self.trouble.append(f"{fate.name}: {fate.problems[0].what.en}")
        return 0

    def result(self) -> Result:
        if self.seconds > MOST_SECONDS:
            self.trouble.append(f"{self.seconds:.1f} s of CPU")
        if self.megabytes > MOST_MEGABYTES:
            self.trouble.append(f"{self.megabytes:.0f} MB")
        return Result(
            self.name,
            self.tried,
            self.refused,
            self.accepted,
            self.seconds,
            self.megabytes,
            tuple(self.trouble),
        )


def _begin() -> float:
    """Megabytes held now; the peak is counted anew from here, where the system can do that."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _peak()


def _peak() -> float:
    """Megabytes this process has held at most, since `_begin` or else since its start."""
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


_sound = (Writer(seed) for seed in range(10_000, 1_000_000))


def _write_sound(place: Path) -> None:
    """A sound packet that comes last in its folder."""
    data, files = next(_sound).packet()
    data["packet"] = f"sound-{data['packet']}"
    packets.write(place / "zz-sound", data, files)


def _known_packets(folder: Path) -> Result:
    count = _Count("packets: that once did harm")
    place = folder / "known"
    place.mkdir()
    for name, raw in hostile.raw_packets().items():
        (place / f"{name}.json").write_bytes(raw)
    _write_sound(place)
    count.go(place, sound=1)
    return count.result()


def _known_zips(folder: Path) -> Iterator[Result]:
    for name, raw in hostile.raw_zips().items():
        count = _Count(f"zip: {name}")
        path = folder / "known.zip"
        path.write_bytes(raw)
        count.go(path)
        if not count.accepted:
            count.trouble.append("a sound packet was lost")
        yield count.result()


def _random_packets(
    name: str,
    tries: int,
    make: Callable[[random.Random], bytes],
    files: dict[str, bytes],
    folder: Path,
) -> Result:
    count, dice = _Count(name), random.Random(name)
    for start in range(0, tries, BATCH):
        place = folder / f"{name.split(': ')[1]} {start}"
        place.mkdir()
        for picture, body in files.items():
            (place / picture).write_bytes(body)
        for index in range(start, min(start + BATCH, tries)):
            (place / f"{index}.json").write_bytes(make(dice))
        _write_sound(place)
        count.go(place, sound=1)
    return count.result()


def _random_zips(tries: int, folder: Path) -> Result:
    count, dice = _Count("zip: sound ones, mutated"), random.Random(7)
    raw = [hostile.sound_zip(Writer(900 + method), method) for method in _METHODS]
    path = folder / "mutated.zip"
    for index in range(tries):
        path.write_bytes(hostile.mutated_zip(dice, raw[index % len(raw)]))
        count.go(path)
    return count.result()


def _pipe(folder: Path) -> Result:
    count = _Count("packets: a pipe in the folder")
    place = folder / "pipe"
    place.mkdir()
    os.mkfifo(place / "pipe.json")
    _write_sound(place)
    count.go(place, sound=1)
    return count.result()
