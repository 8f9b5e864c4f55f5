"""Who acts (domain A)."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


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
