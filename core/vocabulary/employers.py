"""Standing of an employer (domain J)."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


class EmployerStatus(StrEnum):
    """Standing of an employer (domain J)."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    RETURNED = "returned"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    BANKRUPT = "bankrupt"


EMPLOYER_STATUS_LABELS: dict[EmployerStatus, Text] = {
    EmployerStatus.UNVERIFIED: Text("待认证", "Awaiting verification"),
    EmployerStatus.VERIFIED: Text("已认证", "Verified"),
    EmployerStatus.RETURNED: Text("退回", "Returned"),
    EmployerStatus.SUSPENDED: Text("已停用", "Suspended"),
    EmployerStatus.REVOKED: Text("已吊销", "Licence revoked"),
    EmployerStatus.BANKRUPT: Text("已破产", "Bankrupt"),
}
