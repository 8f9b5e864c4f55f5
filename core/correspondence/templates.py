"""The words of every letter and notice, in two languages: one row a letter.

A row may use the fields `{ref}`, `{service}`, `{employer}`, `{reason}`, `{grounds}` (coded reasons
with their articles), `{asked}` (what a correction asks for, item by item), `{due}` (until when),
`{act}` (what is granted or refused; in titles too), `{found}` (what was found wanting, item by
item), `{stated}` (what the officer adds in their own words, if anything) and `{remedies}`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from core.text import Text


@dataclass(frozen=True)
class Template:
    """The words of one kind of letter.

    key: named by the transition that sends it. line: for a letter that goes through things item by
    item, the words for each, with the fields `{number}`, `{content}` and `{reason}`. statement: the
    words around what the officer adds, with the field `{reason}`.
    """

    key: str
    title: Text
    body: Text
    line: Text | None = None
    statement: Text | None = None

    @property
    def asks(self) -> bool:
        """Whether the letter asks for something."""
        return "{asked}" in self.body.zh

    @cached_property
    def version(self) -> str:
        """First 12 hex digits of the SHA-256 over all words of the row, in both languages."""
        parts = filter(None, (self.title, self.body, self.line, self.statement))
        words = json.dumps([[part.zh, part.en] for part in parts], ensure_ascii=False)
        return hashlib.sha256(words.encode()).hexdigest()[:12]


REMEDIES = Text(
    "如不服本决定，可以自收到本决定之日起{days}日内向住房和城乡建设部申请行政复议，"
    "也可以自收到本决定之日起{months}个月内依法向人民法院提起行政诉讼。",
    "If you disagree, you may within {days} days of receiving this decision apply to the Ministry "
    "of Housing and Urban-Rural Development for administrative reconsideration, or within "
    "{months} months bring an administrative action before the people's court.",
)
"""The two remedies with their bodies, in every letter that refuses something (M.8, M.28)."""

_STATEMENT = Text("说明：{reason}。", "The officer adds: {reason}. ")

_ROWS = (
    Template(
        "filed",
        Text("申报已提交企业", "Sent to your employer"),
        Text(
            "您所申请的事项已成功提交企业，请通知企业尽快上报注册数据。（{service}，{ref}）",
            "Your application {ref} ({service}) has reached your employer; please ask them to "
            "report it soon.",
        ),
    ),
    Template(
        "returned",
        Text("企业已退回", "Returned by your employer"),
        Text(
            "{employer}退回了您的申报 {ref}（{service}）。理由：{reason}。修改后可再次上报。",
            "{employer} returned your application {ref} ({service}). Reason: {reason}. "
            "You can change it and file again.",
        ),
    ),
    Template(
        "reported",
        Text("企业已上报", "Reported by your employer"),
        Text(
            "{employer}已上报您的申报 {ref}（{service}）。",
            "{employer} has reported your application {ref} ({service}).",
        ),
    ),
    Template(
        "received",
        Text("部级已接收", "Received by the ministry"),
        Text(
            "您的申报 {ref}（{service}）已送达受理部门：中华人民共和国住房和城乡建设部，"
            "将在 5 个工作日内决定是否受理。",
            "The ministry has received your application {ref} ({service}) and will decide within "
            "5 working days whether to accept it.",
        ),
    ),
    Template(
        "correction_requested",
        Text("补正材料通知", "Correction needed"),
        Text(
            "您的申报 {ref}（{service}）需要补正，请于 {due} 前一次补齐。{asked}",
            "Your application {ref} ({service}) needs correction; please supply everything asked "
            "for by {due}. {asked}",
        ),
        line=Text(
            "（{number}）补正内容：{content}；补正原因：{reason}。",
            "({number}) Correct: {content}; because: {reason}. ",
        ),
    ),
    Template(
        "correction_answered",
        Text("补正已提交", "Correction received"),
        Text(
            "您对 {ref}（{service}）的补正已提交。",
            "Your correction of {ref} ({service}) was received.",
        ),
    ),
    Template(
        "accepted",
        Text("受理通知", "Accepted"),
        Text(
            "您的申报 {ref}（{service}）已受理，将在法定期限内作出决定。",
            "Your application {ref} ({service}) was accepted; a decision follows within the "
            "statutory time limit.",
        ),
    ),
    Template(
        "accepted_by_lapse",
        Text("逾期视为受理", "Accepted by lapse of time"),
        Text(
            "您的申报 {ref}（{service}）逾期未告知补正，自收到之日起视为受理。",
            "No correction of {ref} ({service}) was asked for in time; it counts as accepted from "
            "the day of receipt.",
        ),
    ),
    Template(
        "refused",
        Text("不予受理", "Not accepted"),
        Text(
            "您的申报 {ref}（{service}）不予受理。理由和依据：{grounds}{found}{stated}{remedies}",
            "Your application {ref} ({service}) is not accepted. Reason and legal basis: "
            "{grounds}{found}{stated}{remedies}",
        ),
        line=Text(
            "（{number}）不符合项：{content}；原因：{reason}。",
            "({number}) Not in order: {content}; because: {reason}. ",
        ),
        statement=_STATEMENT,
    ),
    Template(
        "publicity",
        Text("拟准予{act}，进入公示", "To be granted: {act}, in publicity"),
        Text(
            "您的申报 {ref}（{service}）拟准予{act}，现进入公示。",
            "On your application {ref} ({service}), {act} is to be granted; this is now published "
            "for objections.",
        ),
    ),
    Template(
        "approved",
        Text("准予{act}", "{act} granted"),
        Text(
            "您的申报 {ref}（{service}）审批通过，准予{act}。",
            "Your application {ref} ({service}) is approved: {act} is granted.",
        ),
    ),
    Template(
        "rejected",
        Text("不予{act}", "{act} refused"),
        Text(
            "您的申报 {ref}（{service}）审批不通过，不予{act}。"
            "理由和依据：{grounds}{stated}{remedies}",
            "Your application {ref} ({service}) is not approved: {act} is refused. Reason and "
            "legal basis: {grounds}{stated}{remedies}",
        ),
        statement=_STATEMENT,
    ),
    Template(
        "issued",
        Text("注册已完成", "Registration completed"),
        Text(
            "您的申报 {ref}（{service}）已办结，注册库已更新。",
            "Your application {ref} ({service}) is completed and the register is up to date.",
        ),
    ),
    Template(
        "withdrawn",
        Text("撤回成功", "Withdrawn"),
        Text(
            "您的申报 {ref}（{service}）已撤回，撤回的数据可以再次申请注册。",
            "Your application {ref} ({service}) is withdrawn; its data can be used to apply again.",
        ),
    ),
    Template(
        "withdrawal_requested",
        Text("撤回申请待企业同意", "Withdrawal awaits your employer"),
        Text(
            "您对 {ref}（{service}）的撤回申请须经{employer}同意后生效。",
            "Your withdrawal of {ref} ({service}) takes effect once {employer} agrees.",
        ),
    ),
    Template(
        "withdrawal_refused",
        Text("企业不同意撤回", "Employer refuses the withdrawal"),
        Text(
            "{employer}不同意撤回 {ref}（{service}）。理由：{reason}",
            "{employer} does not agree to withdraw {ref} ({service}). Reason: {reason}",
        ),
    ),
    Template(
        "withdrawal_lapsed",
        Text("撤回申请逾期未答复", "Withdrawal lapsed"),
        Text(
            "{employer}逾期未答复，{ref}（{service}）的撤回申请视为不同意，继续办理。",
            "{employer} did not answer in time; {ref} ({service}) goes on.",
        ),
    ),
    Template(
        "flag_shown",
        Text("异常提示", "A check found something"),
        Text(
            "核查您的申报 {ref}（{service}）时发现异常：{reason}。您有权陈述和申辩。",
            "A check of your application {ref} ({service}) found something: {reason}. "
            "You have the right to be heard.",
        ),
    ),
    Template(
        "clock_paused",
        Text("审批时限中止计算", "The time limit pauses"),
        Text(
            "因“{reason}”，所需时间不计入您的申报 {ref}（{service}）的审批期限"
            "（行政许可法第四十五条）。",
            "The time needed for “{reason}” does not count towards the time limit of your "
            "application {ref} ({service}) (Administrative Licensing Law, article 45).",
        ),
    ),
    Template(
        "clock_resumed",
        Text("审批时限恢复计算", "The time limit runs on"),
        Text(
            "您的申报 {ref}（{service}）的审批期限自今日起恢复计算。",
            "The time limit of your application {ref} ({service}) runs on from today.",
        ),
    ),
    Template(
        "terminated",
        Text("案件终止", "Terminated"),
        Text(
            "您的申报 {ref}（{service}）已终止。理由：{reason}",
            "Your application {ref} ({service}) was terminated. Reason: {reason}",
        ),
    ),
)

TEMPLATES: dict[str, Template] = {row.key: row for row in _ROWS}
