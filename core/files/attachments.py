"""The store of pictures: content-addressed files, and who may read one.

A file's name is the SHA-256 of its content, so storing twice changes nothing and a file can be
checked against its name at any time. Rows (`core.model.Attachment`) point into it. What is shown of
a picture are copies (`core.files.copies`).
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import may_see
from core.config import settings
from core.errors import NotFound
from core.model import AccessLog, Attachment, Case
from core.text import Text

FILE = Text("附件", "The attachment")
THUMB_SIDE = 240
"""Longest side of a thumbnail, in pixels."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Served:
    """A picture that somebody may read. name: for its copies, ours and without extension."""

    sha256: str
    name: str


def path_of(sha256: str) -> Path:
    """Where the content with this hash lies. Raises ValueError for anything but a hash."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return settings().data / "attachments" / sha256[:2] / sha256[2:4] / sha256


def store(data: bytes) -> str:
    """Keep `data` and return its SHA-256; safe against a crash half-way and a second try."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        write(path, data)
    return sha256


def write(path: Path, data: bytes) -> None:
    """Write under another name, force it to disk, then rename: never a partial file in place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def open_for(
    session: Session, actor: Actor, attachment_id: int, now: datetime, *, thumb: bool
) -> Served:
    """One attachment for one reader; a reading other than of a thumbnail is logged (domain H).

    Whoever sees the case sees its pictures, provided they may read personal data or it is their
    own. `session` must be a writing transaction unless `thumb`.

    Raises NotFound alike for what does not exist, is not theirs, or has lost its file.
    """
    attachment = session.get(Attachment, attachment_id)
    case = session.get(Case, attachment.case_id) if attachment else None
    if attachment is None or case is None or not _may_read(actor, case):
        raise NotFound(what=FILE)
    if not path_of(attachment.sha256).exists():
        raise NotFound(what=FILE)
    if not thumb:
        session.add(
            AccessLog(
                at=now,
                user_id=actor.user_id,
                what=f"attachment:{attachment.id}",
                subject=f"case:{case.id}",
            )
        )
    return Served(attachment.sha256, f"{case.ref}-{attachment.kind}-{attachment.id}")


def _may_read(actor: Actor, case: Case) -> bool:
    if actor.user_id is None or not may_see(actor, case):
        return False
    return (
        actor.may(Permission.PERSONAL_DATA)
        or case.person_id == actor.person_id
        or case.employer_id == actor.employer_id
    )
