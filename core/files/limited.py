"""Pictures from outside, read and drawn in processes of bounded time and memory.

The functions are those of `core.files.images`, called in one of a few decoders
(`core.files.decoder`), which stay from one picture to the next: a process for each would cost more
than the pictures do. A decoder that takes too long, or breaks, is ended and replaced, and takes
nothing but its own picture with it.

The processes are not those of `multiprocessing`, nor of a library built on it: these begin by
importing the main module of their parent again, which, while Streamlit runs a page, is that page.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import queue
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BoundedSemaphore, Timer
from typing import Any

from core.errors import CoreError
from core.files import headers
from core.files.decoder import CPU_SECONDS
from core.files.images import MAX_BYTES, ImageFacts, TooLarge, kilobytes
from core.text import Text

DECODERS = 2
MOST_WAITING = 64
WALL_SECONDS = 20.0
"""For one picture: more than its processor time, for the machine may be busy."""
PATIENCE_SECONDS = 30.0
START_SECONDS = 30.0

_LARGEST_HEAD = 64 * 1024
_LARGEST_BODY = 256 * 1024 * 1024
_ROOT = Path(__file__).parents[2]
_log = logging.getLogger("regdesk")


class TooCostly(CoreError):
    text = Text(
        "处理这张图片所需的时间或内存超过上限，请用常用软件另存为普通的jpg或png后重新上传。",
        "Opening this picture takes more time or memory than is allowed; save it as an ordinary "
        "jpg or png and upload it again.",
    )


class TooSlow(CoreError):
    """Not the picture's fault, as far as one can tell: the machine did not get round to it."""

    text = Text(
        "图片未能在{seconds}秒内处理完，系统可能正忙，请稍后重试。",
        "The picture was not opened within {seconds} seconds; the system may be busy. Please try "
        "again later.",
    )


class Busy(CoreError):
    text = Text(
        "同时处理的图片太多，请稍后重试。",
        "Too many pictures are being drawn just now; please try again shortly.",
    )


REFUSALS: dict[str, type[CoreError]] = {
    kind.__name__: kind
    for kind in (
        TooCostly,
        TooLarge,
        headers.EmptyFile,
        headers.NotAnImage,
        headers.WrongFormat,
        headers.UnusualPicture,
        headers.TruncatedImage,
        headers.TooManyPixels,
        headers.TooLongSide,
        headers.TooManyScans,
    )
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a decoder made of a picture. cpu: seconds; peak: kilobytes its process held at most."""

    facts: dict[str, Any]
    body: bytes
    cpu: float
    peak: int


@dataclass(slots=True)
class Meter:
    """What pictures cost together, refused ones too. cpu: seconds of a decoder's processor."""

    cpu: float = 0.0


def _environment() -> dict[str, str]:
    """What Python needs to start, and nothing of ours: no address of a database, no secret."""
    kept = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def _result(found: dict[str, Any], body: bytes) -> Drawn:
    """What a decoder answered. Raises the refusal in it."""
    if refused := found.get("refused"):
        raise REFUSALS[refused](**found.get("values", {}))
    if failed := found.get("failed"):
        _log.error("a picture could not be read, and nobody foresaw why: %s", failed)
        raise headers.TruncatedImage
    return Drawn(found["facts"], body, found["cpu"], found["peak"])


class Decoder:
    """One process, started when it is first asked and again after it has ended."""

    def __init__(self, program: str = "core.files.decoder") -> None:
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Connection | None = None
        self._expired = False

    def ask(
        self, task: str, data: bytes, options: dict[str, Any], meter: Meter | None = None
    ) -> Drawn:
        """The result of a task; `meter` counts what it cost. Raises one of `REFUSALS` or TooSlow.

        Whether a picture is refused for its cost is told by the processor time it took, which is
        the same however busy the machine is; the time on the clock only ends the wait.
        """
        meter = meter or Meter()
        channel = self._running()
        overdue = Timer(WALL_SECONDS, self._expire)
        overdue.start()
        try:
            channel.send_bytes(json.dumps({"task": task, "options": options}).encode())
            channel.send_bytes(data)
            found = json.loads(channel.recv_bytes(_LARGEST_HEAD))
            body = channel.recv_bytes(_LARGEST_BODY)
            meter.cpu += found["cpu"]
            return _result(found, body)
        except (OSError, EOFError, ValueError, LookupError, TypeError) as error:
            refusal = self._ended()
            meter.cpu += CPU_SECONDS if isinstance(refusal, TooCostly) else 0
            raise refusal from error
        finally:
            overdue.cancel()

    def _running(self) -> Connection:
        if self._channel is not None and self._process is not None and self._process.poll() is None:
            return self._channel
        self.stop()
        ours, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 our own program, nothing from outside
                [sys.executable, "-m", self._program, str(theirs.fileno())],
                cwd=_ROOT,
                env=_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # A Ctrl-C is meant for the program, which finishes the picture it is at.
                start_new_session=True,
            )
        self._channel = ours
        try:
            if ours.poll(START_SECONDS) and ours.recv_bytes() == b"ready":
                return ours
        except (OSError, EOFError):
            pass
        raise self._ended()

    def _expire(self) -> None:
        self._expired = True
        self._kill()

    def _ended(self) -> CoreError:
        """Why a decoder is gone, as the refusal of the picture it was at."""
        code, expired = None, self._expired
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                code = self._process.wait(1)
        self.stop()
        if expired:
            _log.warning("a picture was not done in time and given up (%d s)", WALL_SECONDS)
            return TooSlow(seconds=int(WALL_SECONDS))
        if code == -signal.SIGXCPU:
            _log.warning("a picture took too long and was given up (limit: %d s)", CPU_SECONDS)
            return TooCostly()
        _log.error("a picture ended its decoder, or had it answer nonsense (code %s)", code)
        return headers.TruncatedImage()

    def _kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            with suppress(OSError):
                os.kill(self._process.pid, signal.SIGKILL)

    def stop(self) -> None:
        """End the process, if there is one."""
        self._kill()
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.wait()
        self._channel = self._process = None
        self._expired = False


class Decoders:
    """A few decoders, and a queue of bounded length and patience before them."""

    def __init__(self, count: int = DECODERS, waiting: int = MOST_WAITING) -> None:
        self._all = [Decoder() for _ in range(count)]
        # Last in, first out: the second decoder is only started when two pictures come at once.
        self._idle: queue.LifoQueue[Decoder] = queue.LifoQueue()
        for decoder in self._all:
            self._idle.put(decoder)
        self._places = BoundedSemaphore(count + waiting)

    def ask(self, task: str, data: bytes, *, meter: Meter | None = None, **options: Any) -> Drawn:
        """Like `Decoder.ask`; raises Busy as well."""
        if not self._places.acquire(blocking=False):
            raise Busy
        try:
            decoder = self._idle.get(timeout=PATIENCE_SECONDS)
        except queue.Empty:
            self._places.release()
            raise Busy from None
        try:
            return decoder.ask(task, data, options, meter)
        finally:
            self._idle.put(decoder)
            self._places.release()

    def stop(self) -> None:
        """End all processes."""
        for decoder in self._all:
            decoder.stop()


@cache
def decoders() -> Decoders:
    """Those of this process."""
    found = Decoders()
    atexit.register(found.stop)
    return found


def inspect(
    data: bytes, filename: str, *, max_bytes: int = MAX_BYTES, meter: Meter | None = None
) -> ImageFacts:
    """`images.inspect`; raises TooCostly, TooSlow and Busy as well. meter: counts what it cost."""
    if len(data) > max_bytes:
        raise TooLarge(size=kilobytes(len(data)), limit=max_bytes // 1024)
    return ImageFacts(**decoders().ask("inspect", data, meter=meter, filename=filename).facts)


def thumbnail(data: bytes, max_side: int) -> bytes:
    """`images.thumbnail`; raises TooCostly, TooSlow and Busy as well."""
    return decoders().ask("thumbnail", data, max_side=max_side).body


def whole(data: bytes) -> bytes:
    """`images.whole`; raises TooCostly, TooSlow and Busy as well."""
    return decoders().ask("whole", data).body
