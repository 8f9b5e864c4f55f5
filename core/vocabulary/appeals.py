"""Course of an appeal (申辩, domain G3)."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


class AppealStatus(StrEnum):
    """Course of an appeal (domain G3)."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    RECHECK = "recheck"
    UPHELD = "upheld"
    DENIED = "denied"
    OVERDUE = "overdue"


APPEAL_STATUS_LABELS: dict[AppealStatus, Text] = {
    AppealStatus.PENDING: Text("待申辩", "Awaiting answer"),
    AppealStatus.SUBMITTED: Text("已申辩待审查", "Answered, awaiting review"),
    AppealStatus.RECHECK: Text("待复核", "Awaiting second look"),
    AppealStatus.UPHELD: Text("申辩成立", "Upheld"),
    AppealStatus.DENIED: Text("申辩不成立", "Not upheld"),
    AppealStatus.OVERDUE: Text("逾期未申辩", "Not answered in time"),
}
