"""Standing of a registration."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


class RegistrationStatus(StrEnum):
    ACTIVE = "active"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVOKED = "revoked"


REGISTRATION_STATUS_LABELS: dict[RegistrationStatus, Text] = {
    RegistrationStatus.ACTIVE: Text("有效", "Active"),
    RegistrationStatus.EXPIRED: Text("失效", "Expired"),
    RegistrationStatus.CANCELLED: Text("已注销", "Cancelled"),
    RegistrationStatus.REVOKED: Text("已撤销", "Revoked"),
}
