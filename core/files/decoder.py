"""`python -m core.files.decoder N`: a process that does nothing but decode pictures.

It is given the number of an open socket, over which each task comes as two messages: JSON that
names it, and the picture. The answer is two messages as well. See `core.files.limited`, which
starts it, and ends it when it takes too long.

Once ready it may open no file and write none, and each task has bounded time and memory: a picture
that gets the better of a decoding library finds little there.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from core.errors import CoreError
from core.files import images

CPU_SECONDS = 8
MEMORY_BYTES = 440_000_000
"""Beyond what the process takes when it is ready."""

Answer = tuple[dict[str, Any], bytes]


class Measure:
    """What a task took: processor seconds, and the most memory the process held meanwhile.

    Memory is read from Linux where there is one; elsewhere it is the most since the start.
    """

    def __init__(self) -> None:
        self._status = self._reset = -1
        if Path("/proc/self/clear_refs").exists():
            self._status = os.open("/proc/self/status", os.O_RDONLY)
            self._reset = os.open("/proc/self/clear_refs", os.O_WRONLY)

    def begin(self) -> None:
        """A task begins."""
        self._cpu = _cpu_seconds()
        if self._reset >= 0:
            os.write(self._reset, b"5")  # the peak starts anew, see proc(5)

    def end(self) -> dict[str, float]:
        """Seconds and kilobytes."""
        if self._status >= 0:
            peak = _kilobytes(os.pread(self._status, 4096, 0), b"VmHWM:")
        else:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"cpu": _cpu_seconds() - self._cpu, "peak": peak}


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _kilobytes(status: bytes, name: bytes) -> int:
    return int(status.split(name, 1)[1].split(maxsplit=1)[0])


def _inspect(data: bytes, options: dict[str, Any]) -> Answer:
    return {"facts": asdict(images.inspect(data, **options))}, b""


def _thumbnail(data: bytes, options: dict[str, Any]) -> Answer:
    return {"facts": {}}, images.thumbnail(data, **options)


def _whole(data: bytes, options: dict[str, Any]) -> Answer:
    return {"facts": {}}, images.whole(data, **options)


TASKS: dict[str, Callable[[bytes, dict[str, Any]], Answer]] = {
    "inspect": _inspect,
    "thumbnail": _thumbnail,
    "whole": _whole,
}


def answer(task: str, data: bytes, options: dict[str, Any]) -> Answer:
    """What a task comes to: a result, a refusal by name, or a failure of ours with its trace."""
    try:
        return TASKS[task](data, options)
    except CoreError as error:
        return {"refused": error.key, "values": error.values}, b""
    except MemoryError:
        return {"refused": "TooCostly"}, b""
    except Exception:
        return {"failed": traceback.format_exc()}, b""


def _warm_up() -> None:
    """Load what decoding and drawing load when first used; nothing can be opened afterwards."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    for kind in ("JPEG", "PNG"):
        out = io.BytesIO()
        Image.new("RGB", (40, 40), "white").save(out, kind, exif=exif)
        for task, options in (
            ("inspect", {"filename": ""}),
            ("thumbnail", {"max_side": 20}),
            ("whole", {}),
        ):
            answer(task, out.getvalue(), options)


def _confine() -> None:
    statm = Path("/proc/self/statm")
    if statm.exists():
        pages = int(statm.read_text().split()[0])
        most = pages * resource.getpagesize() + MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for kind in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(kind, (0, 0))


def serve(channel: Connection) -> None:
    """Answer tasks one by one until the other side is gone."""
    warnings.simplefilter("ignore")
    measure = Measure()
    _warm_up()
    _confine()
    channel.send_bytes(b"ready")
    while True:
        try:
            head = json.loads(channel.recv_bytes())
            data = channel.recv_bytes()
        except (EOFError, OSError):
            return
        measure.begin()
        # The limit counts from the start of the process; past it the system ends the process.
        end = int(_cpu_seconds()) + 1 + CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))
        found, body = answer(head["task"], data, head["options"])
        channel.send_bytes(json.dumps(found | measure.end()).encode())
        channel.send_bytes(body)


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
