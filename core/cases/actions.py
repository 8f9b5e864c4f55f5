"""What can be done to a case."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


class Action(StrEnum):
    """What can be done to a case."""

    FILE = "file"
    DISCARD = "discard"
    RETURN_TO_APPLICANT = "return_to_applicant"
    REPORT = "report"
    WITHDRAW = "withdraw"
    REQUEST_WITHDRAWAL = "request_withdrawal"
    AGREE_WITHDRAWAL = "agree_withdrawal"
    REFUSE_WITHDRAWAL = "refuse_withdrawal"
    LAPSE_WITHDRAWAL = "lapse_withdrawal"
    TRANSMIT = "transmit"
    PROVINCE_AGREE = "province_agree"
    PROVINCE_DISAGREE = "province_disagree"
    REQUEST_CORRECTION = "request_correction"
    REQUEST_FURTHER_CORRECTION = "request_further_correction"
    ANSWER_CORRECTION = "answer_correction"
    LAPSE_CORRECTION = "lapse_correction"
    ACCEPT = "accept"
    LAPSE_ACCEPTANCE = "lapse_acceptance"
    REFUSE = "refuse"
    START_REVIEW = "start_review"
    PROPOSE_APPROVAL = "propose_approval"
    PROPOSE_REJECTION = "propose_rejection"
    CONCUR = "concur"
    RETURN_TO_REVIEW = "return_to_review"
    APPROVE = "approve"
    REJECT = "reject"
    RETURN_TO_RECHECK = "return_to_recheck"
    OBJECT = "object"
    CONCLUDE_PUBLICITY = "conclude_publicity"
    OVERRULE_OBJECTION = "overrule_objection"
    REOPEN_REVIEW = "reopen_review"
    ANNOUNCE = "announce"
    ISSUE = "issue"
    PAUSE_CLOCK = "pause_clock"
    RESUME_CLOCK = "resume_clock"
    TERMINATE = "terminate"


ACTION_LABELS: dict[Action, Text] = {
    Action.FILE: Text("个人上报", "File"),
    Action.DISCARD: Text("删除草稿", "Discard draft"),
    Action.RETURN_TO_APPLICANT: Text("退回个人", "Return to applicant"),
    Action.REPORT: Text("企业上报", "Report to the ministry"),
    Action.WITHDRAW: Text("撤回", "Withdraw"),
    Action.REQUEST_WITHDRAWAL: Text("申请撤回", "Ask to withdraw"),
    Action.AGREE_WITHDRAWAL: Text("同意撤回", "Agree to withdrawal"),
    Action.REFUSE_WITHDRAWAL: Text("不同意撤回", "Refuse withdrawal"),
    Action.LAPSE_WITHDRAWAL: Text("撤回逾期未答复", "Withdrawal lapsed"),
    Action.TRANSMIT: Text("数据传送", "Transmit"),
    Action.PROVINCE_AGREE: Text("省级同意", "Province agrees"),
    Action.PROVINCE_DISAGREE: Text("省级不同意", "Province disagrees"),
    Action.REQUEST_CORRECTION: Text("通知补正", "Ask for correction"),
    Action.REQUEST_FURTHER_CORRECTION: Text("特批再次补正", "Allow a second correction"),
    Action.ANSWER_CORRECTION: Text("提交补正", "Submit correction"),
    Action.LAPSE_CORRECTION: Text("逾期未补正", "Correction lapsed"),
    Action.ACCEPT: Text("受理", "Accept"),
    Action.LAPSE_ACCEPTANCE: Text("逾期视为受理", "Accepted by lapse of time"),
    Action.REFUSE: Text("不予受理", "Do not accept"),
    Action.START_REVIEW: Text("开始审查", "Start review"),
    Action.PROPOSE_APPROVAL: Text("提出准予意见", "Propose approval"),
    Action.PROPOSE_REJECTION: Text("提出不予意见", "Propose rejection"),
    Action.CONCUR: Text("复核同意", "Concur"),
    Action.RETURN_TO_REVIEW: Text("退回审查", "Return to review"),
    Action.APPROVE: Text("准予注册", "Approve"),
    Action.REJECT: Text("不予注册", "Reject"),
    Action.RETURN_TO_RECHECK: Text("退回上一环节", "Return one step"),
    Action.OBJECT: Text("登记异议", "Record an objection"),
    Action.CONCLUDE_PUBLICITY: Text("公示期满", "Conclude publicity"),
    Action.OVERRULE_OBJECTION: Text("异议不成立", "Overrule the objection"),
    Action.REOPEN_REVIEW: Text("退回重新审查", "Send back to review"),
    Action.ANNOUNCE: Text("公告", "Announce"),
    Action.ISSUE: Text("编号制证", "Number and issue"),
    Action.PAUSE_CLOCK: Text("中止计时", "Pause the clock"),
    Action.RESUME_CLOCK: Text("恢复计时", "Resume the clock"),
    Action.TERMINATE: Text("终止", "Terminate"),
}
