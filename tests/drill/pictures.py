"""Hostile pictures through the limited decoders, and through the store to what is shown."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from core.config import settings
from core.errors import CoreError
from core.files import attachments, copies, limited
from core.files.copies import Size
from core.files.decoder import CPU_SECONDS
from core.files.limited import Decoders
from tests.core.files import hostile
from tests.drill.result import Result

MOST_SECONDS = 10.0
MOST_MEGABYTES = 500.0
TASKS: tuple[tuple[str, dict[str, object]], ...] = (
    ("inspect", {"filename": "a.jpg"}),
    ("thumbnail", {"max_side": attachments.THUMB_SIDE}),
    ("whole", {}),
)


def run(scale: float, folder: Path) -> Iterator[Result]:
    """Costly pictures, changed bytes, polyglots, and many readers at once of a costly one."""
    decoders = Decoders()
    try:
        yield _decoded("pictures: costly", decoders, hostile.costly(heavy=scale >= 0.5))
        yield _decoded("pictures: rare kinds", decoders, hostile.oddities())
        changed = hostile.mutated(seed=7, count=max(50, int(4_000 * scale)))
        yield _decoded(
            "pictures: changed bytes",
            decoders,
            ((f"changed {index}", data) for index, data in enumerate(changed)),
        )
    finally:
        decoders.stop()
    with _store_in(folder):
        yield _shown()
        yield _crowd(readers=max(20, int(200 * scale)))


def _decoded(name: str, decoders: Decoders, pictures: Iterable[tuple[str, bytes]]) -> Result:
    tried = refused = accepted = 0
    seconds = megabytes = 0.0
    trouble: list[str] = []
    for label, data in pictures:
        for task, options in TASKS:
            tried += 1
            try:
                drawn = decoders.ask(task, data, **options)
            except limited.TooCostly:
                # It was stopped, at the limit: the sentence is right, the figure is that limit.
                refused += 1
                seconds = max(seconds, float(CPU_SECONDS))
            except CoreError:
                refused += 1
            except Exception as error:
                trouble.append(f"{label}, {task}: {error!r}")
            else:
                accepted += 1
                seconds = max(seconds, drawn.cpu)
                megabytes = max(megabytes, drawn.peak / 1_000)
                if drawn.cpu > MOST_SECONDS or drawn.peak / 1_000 > MOST_MEGABYTES:
                    trouble.append(f"{label}, {task}: {drawn.cpu:.1f} s, {drawn.peak} kB")
    return Result(name, tried, refused, accepted, seconds, megabytes, tuple(trouble))


def _shown() -> Result:
    """What is shown of pictures that hold more than a picture."""
    tried = refused = accepted = 0
    trouble: list[str] = []
    for label, data in [*hostile.polyglots().items(), ("GPS", hostile.with_gps())]:
        for size in Size:
            tried += 1
            try:
                content = copies.of(attachments.store(data), size).path.read_bytes()
            except CoreError as error:
                refused += 1
                trouble.append(f"{label}: {error}")
                continue
            accepted += 1
            if hostile.HTML in content or b"payload" in content or b"SECRET" in content:
                trouble.append(f"{label}: what was hidden in it is shown")
    return Result("pictures: hidden content", tried, refused, accepted, 0.0, 0.0, tuple(trouble))


def _crowd(readers: int) -> Result:
    """Many ask at once for the same three large pictures; this process must not grow."""
    pictures = [
        attachments.store(data)
        for data in (
            hostile.png(7_000, 8_000, depth=1, colour=0),
            hostile.png(30_000, 500, depth=16, colour=6),
            _file(Image.new("CMYK", (7_000, 8_000))),
        )
    ]
    before = _resident()

    def ask(index: int) -> str:
        try:
            copies.of(pictures[index % len(pictures)], Size.THUMB)
        except CoreError as error:
            return error.key
        except Exception as error:
            return repr(error)
        return ""

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(readers)))
    grown = (_resident() - before) / 1e6
    told = [answer for answer in answers if answer]
    trouble = [answer for answer in told if answer != "Busy"]
    if grown > MOST_MEGABYTES:
        trouble.append(f"grew by {grown:.0f} MB")
    return Result(
        "pictures: many readers",
        readers,
        len(told),
        readers - len(told),
        0.0,
        grown,
        tuple(trouble),
    )


def _file(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def _resident() -> int:
    """Bytes of memory that this process holds."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGESIZE") if statm.exists() else 0


@contextmanager
def _store_in(folder: Path) -> Iterator[None]:
    before = os.environ.get("REGDESK_DATA")
    os.environ["REGDESK_DATA"] = str(folder)
    settings.cache_clear()
    try:
        yield
    finally:
        if before is None:
            del os.environ["REGDESK_DATA"]
        else:
            os.environ["REGDESK_DATA"] = before
        settings.cache_clear()
