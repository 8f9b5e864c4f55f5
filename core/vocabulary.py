"""Enumerations of the domain and their labels: statuses, actions, roles, states of things.

Names and Chinese terms are those of the manuals; bracketed names of domain E are ours.
"""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


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


STATUS_LABELS: dict[Status, Text] = {
    Status.DRAFT: Text("个人未上报", "Draft"),
    Status.FILED: Text("个人已上报", "Filed by applicant"),
    Status.RETURNED: Text("企业已退回", "Returned by employer"),
    Status.REPORTED: Text("企业已上报", "Reported by employer"),
    Status.PROVINCE_PENDING: Text("省级待审核", "Awaiting province"),
    Status.PROVINCE_AGREED: Text("省级已审核", "Province agrees"),
    Status.PROVINCE_DISAGREED: Text("省级不同意意见", "Province disagrees"),
    Status.RECEIVED: Text("部级未受理", "Received, not yet accepted"),
    Status.CORRECTING: Text("部级未受理(待补正)", "Awaiting correction"),
    Status.CORRECTED: Text("部级未受理(已补正)", "Corrected, not yet accepted"),
    Status.ACCEPTED: Text("部级已受理", "Accepted"),
    Status.REFUSED: Text("部级不予受理", "Not accepted"),
    Status.REVIEW: Text("待审查", "Awaiting review"),
    Status.RECHECK: Text("待复核", "Awaiting second look"),
    Status.DECISION: Text("待决定", "Awaiting decision"),
    Status.PUBLICITY: Text("公示中", "In publicity"),
    Status.OBJECTED: Text("公示有异议", "Objection in publicity"),
    Status.APPROVED: Text("审批通过", "Approved"),
    Status.REJECTED: Text("审批不通过", "Rejected"),
    Status.ANNOUNCED: Text("已公告", "Announced"),
    Status.CLOSED: Text("已办结", "Completed"),
    Status.WITHDRAWING: Text("申请撤回，待企业同意", "Withdrawal awaiting employer"),
    Status.WITHDRAWN: Text("个人撤回", "Withdrawn"),
    Status.TERMINATED: Text("终止", "Terminated"),
    Status.DISCARDED: Text("草稿已删除", "Draft discarded"),
}

# A case in one of these is finished: nothing can be done to it and no clock runs.
FINAL: frozenset[Status] = frozenset(
    {
        Status.REFUSED,
        Status.REJECTED,
        Status.CLOSED,
        Status.WITHDRAWN,
        Status.TERMINATED,
        Status.DISCARDED,
    }
)


class Role(StrEnum):
    """Who acts (domain A)."""

    APPLICANT = "applicant"
    EMPLOYER = "employer"
    PROVINCE = "province"
    ACCEPTOR = "acceptor"
    REVIEWER = "reviewer"
    DECIDER = "decider"
    PUBLISHER = "publisher"
    ANOMALY_OFFICER = "anomaly_officer"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    ADMIN = "admin"
    SUPPORT = "support"
    SYSTEM = "system"


ROLE_LABELS: dict[Role, Text] = {
    Role.APPLICANT: Text("申请人", "Applicant"),
    Role.EMPLOYER: Text("聘用单位经办人", "Employer's handler"),
    Role.PROVINCE: Text("省级注册主管部门", "Provincial authority"),
    Role.ACCEPTOR: Text("受理员", "Acceptance officer"),
    Role.REVIEWER: Text("审查员", "Reviewer"),
    Role.DECIDER: Text("决定人", "Decider"),
    Role.PUBLISHER: Text("公告制证员", "Publication officer"),
    Role.ANOMALY_OFFICER: Text("异常与申辩处理员", "Anomaly and appeals officer"),
    Role.SUPERVISOR: Text("督办", "Supervisor"),
    Role.ANALYST: Text("统计分析员", "Analyst"),
    Role.ADMIN: Text("系统管理员", "Administrator"),
    Role.SUPPORT: Text("在线客服", "Support"),
    Role.SYSTEM: Text("系统", "System"),
}


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


SEX_LABELS: dict[Sex, Text] = {
    Sex.MALE: Text("男", "Male"),
    Sex.FEMALE: Text("女", "Female"),
}


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


class Outcome(StrEnum):
    """A reviewer's verdict on one checklist item."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"


OUTCOME_LABELS: dict[Outcome, Text] = {
    Outcome.PASS: Text("符合", "Meets"),
    Outcome.FAIL: Text("不符合", "Fails"),
    Outcome.NOT_APPLICABLE: Text("不适用", "N/A"),
}


class FindingOutcome(StrEnum):
    """What an automatic check found; "no data" is never "mismatch" (domain G)."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"


FINDING_LABELS: dict[FindingOutcome, Text] = {
    FindingOutcome.PASS: Text("正常", "Passed"),
    FindingOutcome.WARN: Text("提示", "Attention"),
    FindingOutcome.FAIL: Text("异常", "Failed"),
    FindingOutcome.NO_DATA: Text("未比对", "No data"),
    FindingOutcome.NOT_APPLICABLE: Text("不适用", "N/A"),
}


class Severity(StrEnum):
    """Weight of an anomaly (domain G2)."""

    BLOCK = "block"
    HIGH = "high"
    MEDIUM = "medium"
    SIGNAL = "signal"


SEVERITY_LABELS: dict[Severity, Text] = {
    Severity.BLOCK: Text("阻断", "Blocks decision"),
    Severity.HIGH: Text("高", "High"),
    Severity.MEDIUM: Text("中", "Medium"),
    Severity.SIGNAL: Text("线索", "Signal"),
}


class AnomalyStatus(StrEnum):
    OPEN = "open"
    APPEALED = "appealed"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


ANOMALY_STATUS_LABELS: dict[AnomalyStatus, Text] = {
    AnomalyStatus.OPEN: Text("待处理", "Open"),
    AnomalyStatus.APPEALED: Text("申辩中", "Under appeal"),
    AnomalyStatus.CONFIRMED: Text("已确认", "Confirmed"),
    AnomalyStatus.DISMISSED: Text("已排除", "Dismissed"),
}


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


class AmendmentStatus(StrEnum):
    """Course of an identity amendment (信息更正, domain E)."""

    DRAFT = "draft"
    FILED = "filed"
    PASSED = "passed"
    FAILED = "failed"


class ClockKind(StrEnum):
    """Statutory and house clocks (domain H)."""

    EMPLOYER_REPORT = "employer_report"
    ACCEPTANCE = "acceptance"  # 5 days from receipt
    CORRECTION = "correction"  # applicant's 15 days
    DECISION = "decision"  # 20 days from acceptance
    PROVINCE = "province"
    PUBLICITY = "publicity"
    WITHDRAWAL = "withdrawal"


CLOCK_LABELS: dict[ClockKind, Text] = {
    ClockKind.EMPLOYER_REPORT: Text("企业上报", "Employer report"),
    ClockKind.ACCEPTANCE: Text("受理审查", "Acceptance"),
    ClockKind.CORRECTION: Text("申请人补正", "Applicant's correction"),
    ClockKind.DECISION: Text("审批决定", "Decision"),
    ClockKind.PROVINCE: Text("省级审核", "Provincial opinion"),
    ClockKind.PUBLICITY: Text("公示", "Publicity"),
    ClockKind.WITHDRAWAL: Text("企业答复撤回", "Employer's answer to withdrawal"),
}


class Channel(StrEnum):
    """Where a filing was made."""

    DESK = "desk"
    WEB = "web"
    MINI_PROGRAM = "mini_program"
    PORTAL = "portal"
    OFFLINE = "offline"


CHANNEL_LABELS: dict[Channel, Text] = {
    Channel.DESK: Text("本系统", "This system"),
    Channel.WEB: Text("政务服务门户", "Service portal"),
    Channel.MINI_PROGRAM: Text("小程序", "Mini-program"),
    Channel.PORTAL: Text("注册管理信息系统", "Registration system"),
    Channel.OFFLINE: Text("线下收件", "Paper filing"),
}


# Rules that raise anomalies (domain G1, G2), by code.
ANOMALY_RULES: dict[str, Text] = {
    "R1": Text("比对月份无缴费记录", "No payment in the months compared"),
    "R2": Text("缴费单位与注册单位不一致", "Paid by another employer"),
    "R3": Text("同月两个以上单位缴费", "Two or more payers in one month"),
    "R4": Text("缴费中断", "Gap in payments"),
    "R5": Text("公积金缴存单位不一致", "Housing fund paid by another employer"),
    "R6": Text("在新单位缴费月数不足", "Too few months at the new employer"),
    "D1": Text("同一类别在不同单位有有效注册", "Active at two employers, same profession"),
    "D2": Text("不同类别在不同单位有有效注册", "Active at two employers, other profession"),
    "D3": Text("同一专业有两件在办业务", "Two open cases for one specialty"),
    "D4": Text("不同人员使用同一手机号", "One telephone number, different people"),
    "D5": Text("同一证书号或印章号由两人使用", "One certificate or seal, two people"),
    "D6": Text("不同人员使用同一照片", "One photograph, different people"),
    "D7": Text("附件在不同申请人间重复使用", "One attachment, different applicants"),
    "D8": Text("姓名相近、出生日期相同、证件号不同", "Like name, same birth date, other ID"),
    "D9": Text("同一证件号、不同姓名", "Same ID number, different names"),
    "D10": Text("经办人或转入异常集中", "Unusual cluster of handler or moves"),
    "D11": Text("签名图像重复使用", "Signature image used again"),
}
