"""Course of an identity amendment (信息更正, domain E): one row a status."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text
from core.vocabulary.stages import Stage
from core.vocabulary.statuses import Ending, Party, StatusSpec


class AmendmentStatus(StrEnum):
    """Course of an identity amendment (信息更正, domain E)."""

    DRAFT = "draft"
    FILED = "filed"
    PASSED = "passed"
    FAILED = "failed"


AMENDMENT_STATUSES: dict[AmendmentStatus, StatusSpec] = {
    AmendmentStatus.DRAFT: StatusSpec(
        Text("填写中", "Draft"), waits_for=Party.APPLICANT, listed=False
    ),
    AmendmentStatus.FILED: StatusSpec(
        Text("主管部门审核", "With the authority"),
        "info",
        waits_for=Party.OFFICER,
        desk=Stage.REVIEW,
        stamp="filed_at",
    ),
    AmendmentStatus.PASSED: StatusSpec(
        Text("更正通过", "Amended"), "good", ending=Ending.DONE, stamp="decided_at"
    ),
    AmendmentStatus.FAILED: StatusSpec(
        Text("更正不通过", "Not amended"), "bad", ending=Ending.FAILED, stamp="decided_at"
    ),
}
