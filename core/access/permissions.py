"""Who may do what: permissions, and grants per role.

Deny by default: a permission that no role is granted is held by nobody.
"""

from __future__ import annotations

from enum import StrEnum

from core.text import Text
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage


class Permission(StrEnum):
    """Every power in the system; the names appear nowhere else as literals."""

    HOME_READ = "home:read"
    ACCOUNT_OWN = "account:own"
    QUEUE_READ = "queue:read"
    CASE_READ = "case:read"
    CASE_CLAIM = "case:claim"
    CASE_ACCEPT = "case:accept"
    CASE_REVIEW = "case:review"
    CASE_RECHECK = "case:recheck"
    CASE_DECIDE = "case:decide"
    CASE_PUBLISH = "case:publish"
    CASE_OVERRIDE = "case:override"
    CASE_TERMINATE = "case:terminate"
    CASE_PAUSE = "case:pause"
    CASE_NOTE = "case:note"
    CASE_FILE = "case:file"
    CASE_REPORT = "case:report"
    CASE_OPINION = "case:opinion"
    CLOCK_LAPSE = "clock:lapse"
    CASE_INTAKE = "case:intake"
    ANOMALY_DISPOSE = "anomaly:dispose"
    REGISTER_READ = "register:read"
    PERSONAL_DATA = "personal_data:read"
    HISTORY_READ = "history:read"
    STATISTICS_READ = "statistics:read"
    OWN_CASES = "own_cases:read"
    EMPLOYER_FILE = "employer:file"
    EMPLOYER_VERIFY = "employer:verify"
    AMENDMENT_FILE = "amendment:file"
    AMENDMENT_DECIDE = "amendment:decide"
    APPEAL_ANSWER = "appeal:answer"
    APPEAL_REVIEW = "appeal:review"
    REVOCATION_OPEN = "revocation:open"
    REVOCATION_DECIDE = "revocation:decide"
    HEARING_REQUEST = "hearing:request"
    HEARING_HOLD = "hearing:hold"
    STAFF_MANAGE = "staff:manage"
    CALENDAR_MANAGE = "calendar:manage"
    CHANNEL_MANAGE = "channel:manage"


P = Permission
_EVERYONE = {P.HOME_READ, P.ACCOUNT_OWN}
_OFFICER = _EVERYONE | {
    P.QUEUE_READ,
    P.CASE_READ,
    P.CASE_CLAIM,
    P.CASE_NOTE,
    P.REGISTER_READ,
    P.PERSONAL_DATA,
    P.HISTORY_READ,
}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.APPLICANT: frozenset(
        _EVERYONE | {P.CASE_FILE, P.OWN_CASES, P.AMENDMENT_FILE, P.APPEAL_ANSWER, P.HEARING_REQUEST}
    ),
    Role.EMPLOYER: frozenset(_EVERYONE | {P.CASE_REPORT, P.OWN_CASES, P.EMPLOYER_FILE}),
    Role.PROVINCE: frozenset(
        _EVERYONE
        | {
            P.QUEUE_READ,
            P.CASE_READ,
            P.CASE_OPINION,
            P.EMPLOYER_VERIFY,
            P.REGISTER_READ,
            P.PERSONAL_DATA,
        }
    ),
    Role.ACCEPTOR: frozenset(_OFFICER | {P.CASE_ACCEPT}),
    Role.REVIEWER: frozenset(
        _OFFICER | {P.CASE_REVIEW, P.CASE_RECHECK, P.ANOMALY_DISPOSE, P.AMENDMENT_DECIDE}
    ),
    Role.DECIDER: frozenset(
        _OFFICER | {P.CASE_DECIDE, P.CASE_PAUSE, P.REVOCATION_DECIDE, P.HEARING_HOLD}
    ),
    Role.PUBLISHER: frozenset(_OFFICER | {P.CASE_PUBLISH}),
    Role.ANOMALY_OFFICER: frozenset(_OFFICER | {P.ANOMALY_DISPOSE, P.APPEAL_REVIEW}),
    Role.SUPERVISOR: frozenset(
        (_OFFICER - {P.CASE_CLAIM})
        | {
            P.CASE_OVERRIDE,
            P.CASE_TERMINATE,
            P.CASE_PAUSE,
            P.REVOCATION_OPEN,
            P.STATISTICS_READ,
        }
    ),
    Role.ANALYST: frozenset(_EVERYONE | {P.REGISTER_READ, P.STATISTICS_READ}),
    Role.ADMIN: frozenset(
        _EVERYONE | {P.STAFF_MANAGE, P.CALENDAR_MANAGE, P.CHANNEL_MANAGE, P.HISTORY_READ}
    ),
    Role.SUPPORT: frozenset(_EVERYONE),
    Role.SYSTEM: frozenset(
        {
            P.CLOCK_LAPSE,
            P.CASE_INTAKE,
            P.CASE_PUBLISH,
            P.CASE_READ,
            P.CALENDAR_MANAGE,
            P.CHANNEL_MANAGE,
        }
    ),
}

PERMISSION_LABELS: dict[Permission, Text] = {
    P.HOME_READ: Text("查看首页", "see the home page"),
    P.ACCOUNT_OWN: Text("管理本人账号", "manage one's own account"),
    P.QUEUE_READ: Text("查看待办队列", "see the queue"),
    P.CASE_READ: Text("查看案件", "read cases"),
    P.CASE_CLAIM: Text("领取案件", "claim cases"),
    P.CASE_ACCEPT: Text("受理", "decide on acceptance"),
    P.CASE_REVIEW: Text("审查", "review"),
    P.CASE_RECHECK: Text("复核", "take the second look"),
    P.CASE_DECIDE: Text("决定", "decide"),
    P.CASE_PUBLISH: Text("公告制证", "announce and issue"),
    P.CASE_OVERRIDE: Text("督办特批", "override"),
    P.CASE_TERMINATE: Text("终止案件", "terminate cases"),
    P.CASE_PAUSE: Text("中止和恢复计时", "pause and resume the clock"),
    P.CASE_NOTE: Text("写内部备注", "write internal notes"),
    P.CASE_FILE: Text("申报", "file applications"),
    P.CASE_REPORT: Text("企业上报", "report as employer"),
    P.CASE_OPINION: Text("出具省级意见", "give the provincial opinion"),
    P.CLOCK_LAPSE: Text("时限届满处理", "act when a clock lapses"),
    P.CASE_INTAKE: Text("外部收件", "take filings in from outside"),
    P.ANOMALY_DISPOSE: Text("处理异常", "dispose of flags"),
    P.REGISTER_READ: Text("查询注册库", "search the register"),
    P.PERSONAL_DATA: Text("查看完整证件号和电话", "see full identity and telephone numbers"),
    P.HISTORY_READ: Text("查看办理历史", "read the history"),
    P.STATISTICS_READ: Text("查看统计", "read statistics"),
    P.OWN_CASES: Text("查看本人或本企业的申报", "see one's own applications"),
    P.EMPLOYER_FILE: Text("提交企业信息", "file company data"),
    P.EMPLOYER_VERIFY: Text("认证聘用单位", "verify employers"),
    P.AMENDMENT_FILE: Text("申请信息更正", "ask for an amendment of personal data"),
    P.AMENDMENT_DECIDE: Text("审核信息更正", "decide on amendments of personal data"),
    P.APPEAL_ANSWER: Text("申辩", "answer an anomaly"),
    P.APPEAL_REVIEW: Text("审查申辩", "review appeals"),
    P.REVOCATION_OPEN: Text("提出撤销注册", "open a revocation"),
    P.REVOCATION_DECIDE: Text("决定撤销注册", "decide on a revocation"),
    P.HEARING_REQUEST: Text("申请听证", "ask for a hearing"),
    P.HEARING_HOLD: Text("组织听证", "hold hearings"),
    P.STAFF_MANAGE: Text("管理用户", "manage users"),
    P.CALENDAR_MANAGE: Text("录入放假调休安排", "enter the calendar of working days"),
    P.CHANNEL_MANAGE: Text("管理申报渠道的密钥", "manage the keys of filing channels"),
}

DESK_PERMISSIONS: dict[Stage, Permission] = {
    Stage.ACCEPTANCE: P.CASE_ACCEPT,
    Stage.REVIEW: P.CASE_REVIEW,
    Stage.RECHECK: P.CASE_RECHECK,
    Stage.DECISION: P.CASE_DECIDE,
}
