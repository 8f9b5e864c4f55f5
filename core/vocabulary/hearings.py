"""Course of a hearing (听证, 行政许可法 §46–§48): one row a status."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text
from core.vocabulary.statuses import Ending, Party, StatusSpec


class HearingStatus(StrEnum):
    """Course of a hearing."""

    OFFERED = "offered"
    REQUESTED = "requested"
    SCHEDULED = "scheduled"
    HELD = "held"
    WAIVED = "waived"


HEARING_STATUSES: dict[HearingStatus, StatusSpec] = {
    HearingStatus.OFFERED: StatusSpec(
        Text("已告知听证权利", "Right to a hearing told"), waits_for=Party.APPLICANT
    ),
    HearingStatus.REQUESTED: StatusSpec(
        Text("已申请听证", "Hearing requested"), "info", waits_for=Party.OFFICER
    ),
    HearingStatus.SCHEDULED: StatusSpec(
        Text("已通知听证", "Hearing scheduled"), "info", waits_for=Party.OFFICER
    ),
    HearingStatus.HELD: StatusSpec(Text("已举行听证", "Hearing held"), "good", ending=Ending.DONE),
    HearingStatus.WAIVED: StatusSpec(
        Text("未要求听证", "No hearing asked for"), ending=Ending.STOPPED
    ),
}
