"""Whether the pictures in the store are those that the attachments name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.audit.verification import Fault
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
    rows = session.execute(
        select(Attachment.sha256, func.min(Attachment.id), func.min(Attachment.case_id))
        .where(Attachment.size > 0)
        .group_by(Attachment.sha256)
        .order_by(Attachment.sha256)
        .execution_options(yield_per=1000)
    )
    for sha256, number, case_id in rows:
        try:
            with path_of(sha256).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            yield Fault(None, None, None, filled(LOST, id=number, case=case_id))
            continue
        if found != sha256:
            yield Fault(None, None, None, filled(OTHER, id=number, case=case_id))
