"""Course of an appeal (申辩, domain G3): one row a status."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text
from core.vocabulary.stages import Stage
from core.vocabulary.statuses import Ending, Party, StatusSpec, labels_of


class AppealStatus(StrEnum):
    """Course of an appeal (domain G3)."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    RECHECK = "recheck"
    UPHELD = "upheld"
    DENIED = "denied"
    OVERDUE = "overdue"


APPEAL_STATUSES: dict[AppealStatus, StatusSpec] = {
    AppealStatus.PENDING: StatusSpec(Text("待申辩", "Awaiting answer"), waits_for=Party.APPLICANT),
    AppealStatus.SUBMITTED: StatusSpec(
        Text("已申辩待审查", "Answered, awaiting review"),
        "info",
        waits_for=Party.OFFICER,
        desk=Stage.REVIEW,
        stamp="answered_at",
    ),
    AppealStatus.RECHECK: StatusSpec(
        Text("待复核", "Awaiting second look"),
        "info",
        waits_for=Party.OFFICER,
        desk=Stage.RECHECK,
    ),
    AppealStatus.UPHELD: StatusSpec(
        Text("申辩成立", "Upheld"), "good", ending=Ending.DONE, stamp="decided_at"
    ),
    AppealStatus.DENIED: StatusSpec(
        Text("申辩不成立", "Not upheld"), "bad", ending=Ending.FAILED, stamp="decided_at"
    ),
    AppealStatus.OVERDUE: StatusSpec(
        Text("逾期未申辩", "Not answered in time"), "bad", ending=Ending.FAILED, stamp="decided_at"
    ),
}

APPEAL_STATUS_LABELS: dict[AppealStatus, Text] = labels_of(APPEAL_STATUSES)
