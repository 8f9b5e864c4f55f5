"""Copies of stored pictures, which are all that anybody is shown: drawn anew, named by us.

An original is read only to be checked against its hash and to be drawn. A copy is kept beside it;
its name carries a seal over its content and the hash of its original, keyed with the installation's
secret, so that a copy that was changed, or put in the place of another, is drawn again.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock

from core.config import settings
from core.errors import CoreError, NotFound
from core.files import attachments, limited
from core.files.headers import Format
from core.text import Text

DRAWN_SINCE = "1"
"""Raised when drawing changes: copies that were kept are then drawn again."""
REMEMBERED_SECONDS = 600.0
"""For so long a picture that cannot be drawn is refused without another try."""
_MOST_REMEMBERED = 1_000
_EXTENSIONS: dict[Format, str] = {"jpeg": ".jpg", "png": ".png"}
_log = logging.getLogger("regdesk")


class Size(StrEnum):
    """How large a copy is: for lists, or as large as it was filed."""

    THUMB = "thumb"
    WHOLE = "whole"


class Altered(CoreError):
    text = Text(
        "此附件的内容与收件时的记录不一致，已停止显示，请告知系统管理员核查。",
        "This attachment is no longer what was filed, so it is not shown; please tell the "
        "administrator.",
    )


class NotKept(CoreError):
    text = Text(
        "图片存储目录暂时无法写入，图片未能显示，请稍后重试；若再次出现，请告知系统管理员。",
        "The store of pictures cannot be written just now, so the picture is not shown; try again "
        "shortly, and tell the administrator if it happens again.",
    )


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy on disk. extension: `.jpg` or `.png`, as its content is."""

    path: Path

    @property
    def extension(self) -> str:
        return self.path.suffix

    @property
    def mime(self) -> str:
        return "image/png" if self.extension == _EXTENSIONS["png"] else "image/jpeg"


def kept(sha256: str, size: Size) -> Copy | None:
    """The copy of a stored picture, if it was drawn before and nobody touched it since.

    Raises NotFound without original, Altered when the original has another hash than `sha256`.
    """
    original = attachments.path_of(sha256)
    try:
        _unaltered(sha256, _digest(original))
    except OSError as error:
        raise NotFound(what=attachments.FILE) from error
    for path in original.parent.glob(f"{sha256}.{size}-*"):
        try:
            if path.name == _name(sha256, size, _digest(path), path.suffix):
                return Copy(path)
        except OSError:
            continue
        _log.warning("copy %s is not what was drawn; it is drawn again", path.name)
        path.unlink(missing_ok=True)
    return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unaltered(sha256: str, found: str) -> None:
    if found != sha256:
        _log.error("picture %s is not what was filed: its hash is %s", sha256, found)
        raise Altered


def _name(sha256: str, size: Size, digest: str, extension: str) -> str:
    """The file name of a copy with this SHA-256, which seals it."""
    key = hmac.digest(settings().secret.encode(), b"copies of pictures", "sha256")
    about = f"{DRAWN_SINCE}:{size}:{sha256}:{digest}:{extension}"
    seal = hmac.digest(key, about.encode(), "sha256").hex()[:40]
    return f"{sha256}.{size}-{seal}{extension}"


class _Refusals:
    """Pictures that could not be drawn of late."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, Size], tuple[float, CoreError]] = {}

    def of(self, key: tuple[str, Size]) -> CoreError | None:
        until, error = self._until.get(key, (0.0, None))
        return error if time.monotonic() < until else None

    def remember(self, key: tuple[str, Size], error: CoreError) -> None:
        if len(self._until) >= _MOST_REMEMBERED:
            self._until.clear()
        self._until[key] = (time.monotonic() + REMEMBERED_SECONDS, error)


_lock = Lock()
_under_way: dict[tuple[str, Size], Future[Copy]] = {}
_refusals = _Refusals()


def of(sha256: str, size: Size) -> Copy:
    """The copy of a stored picture, drawn when there is none; by one for all who ask meanwhile.

    Raises what `kept` raises, what `limited.REFUSALS` names, Busy or NotKept.
    """
    key = (sha256, size)
    mine: Future[Copy] = Future()
    with _lock:
        under_way = _under_way.setdefault(key, mine)
    if under_way is not mine:
        return under_way.result()
    try:
        mine.set_result(kept(sha256, size) or _drawn(key))
    except BaseException as error:
        mine.set_exception(error)
    finally:
        with _lock:
            del _under_way[key]
    return mine.result()


def _drawn(key: tuple[str, Size]) -> Copy:
    if refusal := _refusals.of(key):
        raise refusal
    sha256, size = key
    original = attachments.path_of(sha256)
    data = original.read_bytes()
    _unaltered(sha256, hashlib.sha256(data).hexdigest())
    try:
        content = (
            limited.thumbnail(data, attachments.THUMB_SIDE)
            if size is Size.THUMB
            else limited.whole(data)
        )
    except limited.Busy:
        raise
    except CoreError as error:
        _log.warning("picture %s cannot be shown: %s", sha256, error)
        _refusals.remember(key, error)
        raise
    kind: Format = "png" if content.startswith(b"\x89PNG") else "jpeg"
    digest = hashlib.sha256(content).hexdigest()
    path = original.with_name(_name(sha256, size, digest, _EXTENSIONS[kind]))
    try:
        attachments.write(path, content)
    except OSError as error:
        _log.error("a copy of a picture cannot be kept: %s", error)
        raise NotKept from error
    return Copy(path)
