"""What applicants and employers are told: templates in two languages, written at the transition.

A message is stored as template and values, so it reads in the language of whoever opens it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core import catalogue
from core.catalogue.rulebooks import AND, ground, rulebook_of
from core.model import Case, Correction, Message
from core.text import Language, Text
from core.vocabulary.anomalies import ANOMALY_RULES

TEMPLATES: dict[str, tuple[Text, Text]] = {
    "filed": (
        Text("申报已提交企业", "Sent to your employer"),
        Text(
            "您所申请的事项已成功提交企业，请通知企业尽快上报注册数据。（{service}，{ref}）",
            "Your application {ref} ({service}) has reached your employer; please ask them to "
            "report it soon.",
        ),
    ),
    "returned": (
        Text("企业已退回", "Returned by your employer"),
        Text(
            "{employer}退回了您的申报 {ref}（{service}）。理由：{reason}。修改后可再次上报。",
            "{employer} returned your application {ref} ({service}). Reason: {reason}. "
            "You can change it and file again.",
        ),
    ),
    "reported": (
        Text("企业已上报", "Reported by your employer"),
        Text(
            "{employer}已上报您的申报 {ref}（{service}）。",
            "{employer} has reported your application {ref} ({service}).",
        ),
    ),
    "received": (
        Text("部级已接收", "Received by the ministry"),
        Text(
            "您的申报 {ref}（{service}）已送达受理部门：中华人民共和国住房和城乡建设部，"
            "将在 5 个工作日内决定是否受理。",
            "The ministry has received your application {ref} ({service}) and will decide within "
            "5 working days whether to accept it.",
        ),
    ),
    "correction_requested": (
        Text("补正材料通知", "Correction needed"),
        Text(
            "您的申报 {ref}（{service}）需要补正，请于 {due} 前一次补齐。{asked}",
            "Your application {ref} ({service}) needs correction; please supply everything asked "
            "for by {due}. {asked}",
        ),
    ),
    "correction_answered": (
        Text("补正已提交", "Correction received"),
        Text(
            "您对 {ref}（{service}）的补正已提交。",
            "Your correction of {ref} ({service}) was received.",
        ),
    ),
    "accepted": (
        Text("受理通知", "Accepted"),
        Text(
            "您的申报 {ref}（{service}）已受理，将在法定期限内作出决定。",
            "Your application {ref} ({service}) was accepted; a decision follows within the "
            "statutory time limit.",
        ),
    ),
    "accepted_by_lapse": (
        Text("逾期视为受理", "Accepted by lapse of time"),
        Text(
            "您的申报 {ref}（{service}）逾期未告知补正，自收到之日起视为受理。",
            "No correction of {ref} ({service}) was asked for in time; it counts as accepted from "
            "the day of receipt.",
        ),
    ),
    "refused": (
        Text("不予受理", "Not accepted"),
        Text(
            "您的申报 {ref}（{service}）不予受理。{grounds}",
            "Your application {ref} ({service}) was not accepted. {grounds}",
        ),
    ),
    "publicity": (
        Text("拟准予注册，进入公示", "To be approved: in publicity"),
        Text(
            "您的申报 {ref}（{service}）拟准予注册，现进入公示。",
            "Your application {ref} ({service}) is to be approved and is now published for "
            "objections.",
        ),
    ),
    "approved": (
        Text("准予注册", "Approved"),
        Text(
            "您的申报 {ref}（{service}）审批通过。",
            "Your application {ref} ({service}) was approved.",
        ),
    ),
    "rejected": (
        Text("不予注册", "Rejected"),
        Text(
            "您的申报 {ref}（{service}）审批不通过。{grounds}如不服，可自收到决定之日起60日内"
            "申请行政复议，或6个月内提起行政诉讼。",
            "Your application {ref} ({service}) was rejected. {grounds}You may ask for "
            "administrative reconsideration within 60 days or sue within 6 months of receipt.",
        ),
    ),
    "issued": (
        Text("注册已完成", "Registration completed"),
        Text(
            "您的申报 {ref}（{service}）已办结，注册库已更新。",
            "Your application {ref} ({service}) is completed and the register is up to date.",
        ),
    ),
    "withdrawn": (
        Text("撤回成功", "Withdrawn"),
        Text(
            "您的申报 {ref}（{service}）已撤回，撤回的数据可以再次申请注册。",
            "Your application {ref} ({service}) is withdrawn; its data can be used to apply again.",
        ),
    ),
    "withdrawal_requested": (
        Text("撤回申请待企业同意", "Withdrawal awaits your employer"),
        Text(
            "您对 {ref}（{service}）的撤回申请须经{employer}同意后生效。",
            "Your withdrawal of {ref} ({service}) takes effect once {employer} agrees.",
        ),
    ),
    "withdrawal_refused": (
        Text("企业不同意撤回", "Employer refuses the withdrawal"),
        Text(
            "{employer}不同意撤回 {ref}（{service}）。理由：{reason}",
            "{employer} does not agree to withdraw {ref} ({service}). Reason: {reason}",
        ),
    ),
    "withdrawal_lapsed": (
        Text("撤回申请逾期未答复", "Withdrawal lapsed"),
        Text(
            "{employer}逾期未答复，{ref}（{service}）的撤回申请视为不同意，继续办理。",
            "{employer} did not answer in time; {ref} ({service}) goes on.",
        ),
    ),
    "flag_shown": (
        Text("异常提示", "A check found something"),
        Text(
            "核查您的申报 {ref}（{service}）时发现异常：{reason}。您有权陈述和申辩。",
            "A check of your application {ref} ({service}) found something: {reason}. "
            "You have the right to be heard.",
        ),
    ),
    "terminated": (
        Text("案件终止", "Terminated"),
        Text(
            "您的申报 {ref}（{service}）已终止。理由：{reason}",
            "Your application {ref} ({service}) was terminated. Reason: {reason}",
        ),
    ),
}


def tell(
    session: Session,
    case: Case,
    template: str,
    at: datetime,
    *,
    reason: str = "",
    codes: list[str] | None = None,
) -> None:
    """Leave a message for the applicant (and the employer) in the caller's transaction."""
    session.add(
        Message(
            person_id=case.person_id,
            employer_id=case.employer_id,
            case_id=case.id,
            template=template,
            values={
                "ref": case.ref,
                "profession": case.profession,
                "business": case.business,
                "employer": case.employer_name,
                "reason": reason,
                "codes": codes or [],
            },
            sent_at=at,
        )
    )


ASKED = Text(
    "（{number}）补正内容：{content}；补正原因：{reason}。",
    "({number}) Correct: {content}; because: {reason}. ",
)
STOP = Text("。", ". ")


@dataclass(frozen=True, slots=True)
class Letter:
    """A message ready to read."""

    id: int
    template: str
    case_ref: str
    title: str
    body: str
    sent_at: datetime
    read: bool


def read(
    message: Message, language: Language, *, asked: str = "", due: date | None = None
) -> Letter:
    """`message` in words of `language`; asked and due: what a correction asks for, until when."""
    title, body = TEMPLATES[message.template]
    return Letter(
        id=message.id,
        template=message.template,
        case_ref=message.values["ref"],
        title=title(language),
        body=body(
            language, **_words(message.values, language), asked=asked, due=due or "—"
        ).strip(),
        sent_at=message.sent_at,
        read=message.read_at is not None,
    )


def _words(values: dict[str, Any], language: Language) -> dict[str, str]:
    book = catalogue.current()
    service = book.service(values["profession"], values["business"])
    grounds = [book.reasons[code] for code in values["codes"] if code in book.reasons]
    lines = [ground(item, language) for item in grounds]
    return {
        "ref": values["ref"],
        "service": service.title(language) if service else values["business"],
        "employer": values["employer"],
        "reason": _reason(values["reason"], language),
        "grounds": f"{AND(language).join(lines)}{STOP(language)}" if lines else "",
    }


def _reason(reason: str, language: Language) -> str:
    """A reason as stated; the code of an anomaly's rule is told in words."""
    rule = ANOMALY_RULES.get(reason)
    return rule(language) if rule else reason or "—"


def asked_for(session: Session, correction: Correction, language: Language) -> str:
    """Everything that a round of correction asks for, item by item (行政许可法 §32)."""
    case = session.get_one(Case, correction.case_id)
    labels = {check.key: check.label for check in rulebook_of(session, case.rulebook_id).checks}
    return "".join(
        ASKED(
            language,
            number=number,
            content=labels.get(item.check_key) or item.content,
            reason=item.reason.rstrip("。."),  # the sentence has its own full stop
        )
        for number, item in enumerate(correction.items, 1)
    )
