"""Standing of an employer (domain J): one row a status."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text
from core.vocabulary.statuses import Party, StatusSpec, labels_of


class EmployerStatus(StrEnum):
    """Standing of an employer (domain J)."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    BANKRUPT = "bankrupt"


EMPLOYER_STATUSES: dict[EmployerStatus, StatusSpec] = {
    EmployerStatus.UNVERIFIED: StatusSpec(
        Text("待认证", "Awaiting verification"), "warn", waits_for=Party.PROVINCE
    ),
    EmployerStatus.VERIFIED: StatusSpec(Text("已认证", "Verified"), "good", stamp="verified_at"),
    EmployerStatus.RETURNED: StatusSpec(
        Text("退回", "Returned"), "warn", waits_for=Party.EMPLOYER, failed=True
    ),
    EmployerStatus.SUSPENDED: StatusSpec(Text("已停用", "Suspended"), "bad"),
    # Not final: a decision on a licence, or a court's, can be set aside.
    EmployerStatus.REVOKED: StatusSpec(Text("已吊销", "Licence revoked"), "bad"),
    EmployerStatus.BANKRUPT: StatusSpec(Text("已破产", "Bankrupt"), "bad"),
}

EMPLOYER_STATUS_LABELS: dict[EmployerStatus, Text] = labels_of(EMPLOYER_STATUSES)
