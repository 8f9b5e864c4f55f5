"""Where an application (办件) stands: one row a status (domain E), and where it was filed."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text
from core.vocabulary.stages import Stage
from core.vocabulary.statuses import Ending, Milestone, Party, StatusSpec, final_of, labels_of


class Status(StrEnum):
    """Where a case stands (domain E)."""

    DRAFT = "draft"  # S0
    FILED = "filed"  # S1
    RETURNED = "returned"  # S1r
    REPORTED = "reported"  # S2
    PROVINCE_PENDING = "province_pending"  # V1
    PROVINCE_AGREED = "province_agreed"  # V2
    PROVINCE_DISAGREED = "province_disagreed"  # V2
    RECEIVED = "received"  # S3
    CORRECTING = "correcting"  # S4
    CORRECTED = "corrected"  # S3b
    ACCEPTED = "accepted"  # S5
    REFUSED = "refused"  # S6
    REVIEW = "review"  # R1
    RECHECK = "recheck"  # R2
    DECISION = "decision"  # R3
    PUBLICITY = "publicity"  # P1
    OBJECTED = "objected"  # P1 有异议
    APPROVED = "approved"  # D1
    REJECTED = "rejected"  # D2
    ANNOUNCED = "announced"  # A1
    CLOSED = "closed"  # C1
    WITHDRAWING = "withdrawing"  # W1
    WITHDRAWN = "withdrawn"  # W2
    TERMINATED = "terminated"  # X1
    DISCARDED = "discarded"  # a deleted draft; kept so that its history stays readable


# The bar rests at the dot of the party who has to act next. A case that the employer has reported,
# or that a province holds, waits in front of the ministry; a refused or rejected one stays where it
# failed, a withdrawn or terminated one where it was.
STATUSES: dict[Status, StatusSpec] = {
    Status.DRAFT: StatusSpec(
        Text("个人未上报", "Draft"),
        waits_for=Party.APPLICANT,
        milestone=Milestone.PERSON,
        listed=False,
    ),
    Status.FILED: StatusSpec(
        Text("个人已上报", "Filed by applicant"),
        waits_for=Party.EMPLOYER,
        stamp="filed_at",
        milestone=Milestone.EMPLOYER,
    ),
    Status.RETURNED: StatusSpec(
        Text("企业已退回", "Returned by employer"),
        "warn",
        waits_for=Party.APPLICANT,
        milestone=Milestone.EMPLOYER,
        failed=True,
    ),
    Status.REPORTED: StatusSpec(
        Text("企业已上报", "Reported by employer"),
        waits_for=Party.SYSTEM,
        stamp="reported_at",
        milestone=Milestone.ACCEPTANCE,
    ),
    Status.PROVINCE_PENDING: StatusSpec(
        Text("省级待审核", "Awaiting province"),
        waits_for=Party.PROVINCE,
        milestone=Milestone.ACCEPTANCE,
    ),
    Status.PROVINCE_AGREED: StatusSpec(
        Text("省级已审核", "Province agrees"),
        waits_for=Party.SYSTEM,
        milestone=Milestone.ACCEPTANCE,
    ),
    Status.PROVINCE_DISAGREED: StatusSpec(
        Text("省级不同意意见", "Province disagrees"),
        "warn",
        waits_for=Party.SYSTEM,
        milestone=Milestone.ACCEPTANCE,
    ),
    Status.RECEIVED: StatusSpec(
        Text("部级未受理", "Received, not yet accepted"),
        "info",
        waits_for=Party.OFFICER,
        desk=Stage.ACCEPTANCE,
        checklist=Stage.ACCEPTANCE,
        stamp="received_at",
        milestone=Milestone.ACCEPTANCE,
    ),
    Status.CORRECTING: StatusSpec(
        Text("部级未受理(待补正)", "Awaiting correction"),
        "warn",
        waits_for=Party.APPLICANT,
        milestone=Milestone.ACCEPTANCE,
    ),
    Status.CORRECTED: StatusSpec(
        Text("部级未受理(已补正)", "Corrected, not yet accepted"),
        "info",
        waits_for=Party.OFFICER,
        desk=Stage.ACCEPTANCE,
        checklist=Stage.ACCEPTANCE,
        milestone=Milestone.ACCEPTANCE,
    ),
    Status.ACCEPTED: StatusSpec(
        Text("部级已受理", "Accepted"),
        "info",
        waits_for=Party.OFFICER,
        desk=Stage.REVIEW,
        stamp="accepted_at",
        milestone=Milestone.REVIEW,
    ),
    Status.REFUSED: StatusSpec(
        Text("部级不予受理", "Not accepted"),
        "bad",
        ending=Ending.FAILED,
        milestone=Milestone.ACCEPTANCE,
    ),
    Status.REVIEW: StatusSpec(
        Text("待审查", "Awaiting review"),
        "info",
        waits_for=Party.OFFICER,
        desk=Stage.REVIEW,
        checklist=Stage.REVIEW,
        milestone=Milestone.REVIEW,
    ),
    Status.RECHECK: StatusSpec(
        Text("待复核", "Awaiting second look"),
        "info",
        waits_for=Party.OFFICER,
        desk=Stage.RECHECK,
        milestone=Milestone.REVIEW,
    ),
    Status.DECISION: StatusSpec(
        Text("待决定", "Awaiting decision"),
        "info",
        waits_for=Party.OFFICER,
        desk=Stage.DECISION,
        milestone=Milestone.REVIEW,
    ),
    Status.PUBLICITY: StatusSpec(
        Text("公示中", "In publicity"),
        waits_for=Party.PUBLIC,
        stamp="decided_at",
        milestone=Milestone.PUBLICITY,
    ),
    Status.OBJECTED: StatusSpec(
        Text("公示有异议", "Objection in publicity"),
        "warn",
        waits_for=Party.OFFICER,
        milestone=Milestone.PUBLICITY,
    ),
    Status.APPROVED: StatusSpec(
        Text("审批通过", "Approved"),
        "good",
        waits_for=Party.SYSTEM,
        stamp="decided_at",
        milestone=Milestone.ANNOUNCEMENT,
    ),
    Status.REJECTED: StatusSpec(
        Text("审批不通过", "Rejected"),
        "bad",
        ending=Ending.FAILED,
        stamp="decided_at",
        milestone=Milestone.REVIEW,
    ),
    Status.ANNOUNCED: StatusSpec(
        Text("已公告", "Announced"),
        "good",
        waits_for=Party.SYSTEM,
        milestone=Milestone.ANNOUNCEMENT,
    ),
    Status.CLOSED: StatusSpec(
        Text("已办结", "Completed"), "good", ending=Ending.DONE, milestone=Milestone.ANNOUNCEMENT
    ),
    Status.WITHDRAWING: StatusSpec(
        Text("申请撤回，待企业同意", "Withdrawal awaiting employer"),
        "warn",
        waits_for=Party.EMPLOYER,
        desk=Stage.ACCEPTANCE,
        checklist=Stage.ACCEPTANCE,
        milestone=Milestone.EMPLOYER,
    ),
    Status.WITHDRAWN: StatusSpec(Text("个人撤回", "Withdrawn"), ending=Ending.STOPPED),
    Status.TERMINATED: StatusSpec(Text("终止", "Terminated"), "bad", ending=Ending.STOPPED),
    Status.DISCARDED: StatusSpec(
        Text("草稿已删除", "Draft discarded"), ending=Ending.STOPPED, listed=False
    ),
}

STATUS_LABELS: dict[Status, Text] = labels_of(STATUSES)
FINAL: frozenset[Status] = final_of(STATUSES)
DESKS: dict[Status, Stage] = {
    status: spec.desk for status, spec in STATUSES.items() if spec.desk is not None
}
"""The desk that a case waits at, by status: what queues, claims and checklists go by."""


class Channel(StrEnum):
    """Where a filing was made."""

    DESK = "desk"
    WEB = "web"
    MINI_PROGRAM = "mini_program"
    PORTAL = "portal"
    OFFLINE = "offline"


PACKET_CHANNELS = (Channel.WEB, Channel.MINI_PROGRAM, Channel.PORTAL)
"""Where packets come from; the desk's own filings and paper ones do not arrive that way."""

CHANNEL_LABELS: dict[Channel, Text] = {
    Channel.DESK: Text("本系统", "This system"),
    Channel.WEB: Text("政务服务门户", "Service portal"),
    Channel.MINI_PROGRAM: Text("小程序", "Mini-program"),
    Channel.PORTAL: Text("注册管理信息系统", "Registration system"),
    Channel.OFFLINE: Text("线下收件", "Paper filing"),
}
