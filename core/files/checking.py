"""Whether the pictures in the store are those that the attachments name."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.audit.verification import Fault, Unreadable, rows
from core.files.attachments import path_of
from core.model import Attachment
from core.text import Text, filled

LOST = Text(
    "附件 {id}（案件 {case}）的图片文件不在或无法读取",
    "the picture of attachment {id} of case {case} is gone",
)
OTHER = Text(
    "附件 {id}（案件 {case}）的图片与其哈希不符（被改动）",
    "the picture of attachment {id} of case {case} is not the one that was stored (changed)",
)


def verify(session: Session) -> Iterator[Fault]:
    """Read every picture once and yield a fault for each that is lost or has other bytes.

    Sample data that was never drawn (size 0) has none.
    """
    statement = (
        select(Attachment.id, Attachment.case_id, Attachment.sha256)
        .where(Attachment.size > 0)
        .order_by(Attachment.sha256, Attachment.id)
    )
    last: object = None
    for row in rows(session, statement, Attachment.__table__.c.id):
        if isinstance(row, Unreadable) or row.sha256 == last:
            continue
        number, case_id, last = row
        sha256 = row.sha256
        try:
            found = _hash_of(path_of(sha256))
        except (OSError, ValueError, TypeError):
            yield Fault(None, None, None, filled(LOST, id=number, case=case_id))
            continue
        if found != sha256:
            yield Fault(None, None, None, filled(OTHER, id=number, case=case_id))


def _hash_of(path: Path) -> str:
    """SHA-256 of a regular file. Raises OSError for anything else; a pipe would never end."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise FileNotFoundError(path)
        return hashlib.file_digest(file, "sha256").hexdigest()
