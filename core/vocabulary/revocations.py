"""Course of a revocation (撤销, 行政许可法 §69): one row a status."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text
from core.vocabulary.stages import Stage
from core.vocabulary.statuses import Ending, Party, StatusSpec


class RevocationStatus(StrEnum):
    """Course of a revocation."""

    OPENED = "opened"
    NOTIFIED = "notified"
    DECISION = "decision"
    REVOKED = "revoked"
    DROPPED = "dropped"


class RevocationGround(StrEnum):
    """Why a registration may, or must, be taken back (行政许可法 §69)."""

    ABUSE = "abuse"  # 滥用职权、玩忽职守
    BEYOND_POWERS = "beyond_powers"  # 超越法定职权
    PROCEDURE = "procedure"  # 违反法定程序
    NOT_QUALIFIED = "not_qualified"  # 对不具备申请资格或者不符合法定条件的申请人准予许可
    FRAUD = "fraud"  # 以欺骗、贿赂等不正当手段取得


REVOCATION_STATUSES: dict[RevocationStatus, StatusSpec] = {
    RevocationStatus.OPENED: StatusSpec(
        Text("已立案", "Opened"), waits_for=Party.OFFICER, desk=Stage.REVIEW
    ),
    RevocationStatus.NOTIFIED: StatusSpec(
        Text("已告知，待陈述申辩", "Person told, may answer"), "warn", waits_for=Party.APPLICANT
    ),
    RevocationStatus.DECISION: StatusSpec(
        Text("待决定", "Awaiting decision"),
        "info",
        waits_for=Party.OFFICER,
        desk=Stage.DECISION,
    ),
    RevocationStatus.REVOKED: StatusSpec(
        Text("已撤销", "Revoked"), "bad", ending=Ending.DONE, stamp="decided_at"
    ),
    RevocationStatus.DROPPED: StatusSpec(
        Text("不予撤销", "Not revoked"), ending=Ending.STOPPED, stamp="decided_at"
    ),
}
