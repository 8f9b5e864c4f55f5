"""Checks of the registration a case acts on: its state, its data, the renewal period (domain F)."""

from __future__ import annotations

import re
from datetime import timedelta

from core.catalogue.types import Effect
from core.checks.facts import Facts, Registered
from core.checks.findings import (
    FORM_AND_REGISTER,
    NOTHING,
    REGISTER,
    Evidence,
    Finding,
    Remark,
    conclude,
    fill,
    named,
    not_applicable,
)
from core.identifiers import normalise_credit_code
from core.text import Text
from core.vocabulary.checks import FindingOutcome
from core.vocabulary.register import REGISTRATION_STATUS_LABELS, RegistrationStatus
from core.workdays import counting

FAIL, WARN, NO_DATA = FindingOutcome.FAIL, FindingOutcome.WARN, FindingOutcome.NO_DATA

_NUMBER = Text("注册号", "Registration number")
_SEAL = Text("执业印章号", "Practice seal number")
_VALID_TO = Text("注册有效期", "Registered until")
_EMPLOYER = Text("注册单位", "Registered employer")
_OPENS = Text("申报期起", "Renewal opens")
_FILED = Text("申报日", "Filed on")

NONE_NEEDED = Text(
    "初始注册不以现有注册为前提。", "A first registration needs no present registration."
)
NONE_FOUND = Text(
    "注册库中没有该人员本专业的注册，无可办理的注册。",
    "The register holds no registration of this person here for the case to act on.",
)
STATUS_UNKNOWN = Text("注册状态“{status}”不明。", "The state “{status}” is unknown.")
NOT_ACTIVE = Text(
    "注册当前为“{status}”，不能办理本业务。",
    "The registration is “{status}”, so this service is not possible.",
)
EXPIRED = Text(
    "注册有效期已于{day}届满，不能办理本业务。",
    "The registration ran out on {day}, so this service is not possible.",
)
EXPIRED_SINCE = Text(
    "申报后注册有效期已于{day}届满。", "The registration ran out on {day}, after the filing."
)
ENDS_EXPIRED = Text(
    "注册有效期已于{day}届满，可以注销。", "The registration ran out on {day}; it can be cancelled."
)
REVIVES = Text(
    "注册已注销，按重新注册办理延续。",
    "The registration was cancelled; the renewal brings it back.",
)
MISSING = Text(
    "表单未填{field}，无法与注册库比对。", "The form gives no {field} to compare with the register."
)
UNREADABLE = Text("{field}“{value}”无法识别。", "{field} “{value}” cannot be read.")
DIFFERS = Text(
    "{field}填报为“{given}”，注册库为“{known}”。",
    "{field}: the form says “{given}”, the register “{known}”.",
)
OTHER_EMPLOYER = Text(
    "申报单位“{given}”不是注册单位“{known}”。",
    "The filing names “{given}”; registered is “{known}”.",
)
ODD_NUMBER = Text(
    "注册号“{number}”不符合本专业的编号规则，请核对。",
    "Number “{number}” does not follow the pattern of the profession; please compare.",
)
IN_ORDER = Text(
    "注册有效，有效期至{day}，与登记一致。",
    "Active until {day}; the data agree with the register.",
)


@named("现有注册", "Present registration")
def registration_active(facts: Facts) -> Finding:
    """The register's state allows the service, and the form's data equal the register."""
    current = facts.registration
    remarks: list[Remark] = []
    evidence: list[Evidence] = []
    passed = NONE_NEEDED
    if facts.effect is Effect.CREATE:
        remarks = not_applicable(NONE_NEEDED)
    elif current is None:
        remarks.append((FAIL, NONE_FOUND))
    else:
        remarks += _state(facts, current)
        remarks += _agreement(facts, current)
        passed = fill(IN_ORDER, day=current.valid_to)
        evidence += [
            (_NUMBER, current.number),
            (_SEAL, current.seal_number or NOTHING),
            (_VALID_TO, current.valid_to.isoformat()),
            (_EMPLOYER, current.employer_name),
        ]
    return conclude(
        "registration_active",
        remarks,
        passed,
        article=facts.article("registration_unfit"),
        source=FORM_AND_REGISTER,
        as_of=facts.today,
        evidence=evidence,
    )


def _state(facts: Facts, current: Registered) -> list[Remark]:
    if current.status not in set(RegistrationStatus):
        return [(NO_DATA, fill(STATUS_UNKNOWN, status=current.status))]
    status = RegistrationStatus(current.status)
    in_time = facts.filed_on <= current.valid_to
    over = current.valid_to < facts.today or status is RegistrationStatus.EXPIRED
    if status in {RegistrationStatus.ACTIVE, RegistrationStatus.EXPIRED}:
        if not over:
            return []
        if facts.effect is Effect.END:
            return [(WARN, fill(ENDS_EXPIRED, day=current.valid_to))]
        if in_time:
            return [(WARN, fill(EXPIRED_SINCE, day=current.valid_to))]
        return [(FAIL, fill(EXPIRED, day=current.valid_to))]
    if _revivable(facts, current):
        return [(WARN, REVIVES)]
    return [(FAIL, fill(NOT_ACTIVE, status=REGISTRATION_STATUS_LABELS[status]))]


def _revivable(facts: Facts, current: Registered) -> bool:
    """A cancelled registration comes back through renewal, where the profession has it so."""
    return (
        facts.effect is Effect.EXTEND
        and current.status == RegistrationStatus.CANCELLED
        and facts.switch("reregistration_by_renewal")
    )


def _agreement(facts: Facts, current: Registered) -> list[Remark]:
    remarks: list[Remark] = []
    for key, label, known in (
        ("registration_number", _NUMBER, current.number),
        ("seal_number", _SEAL, current.seal_number),
    ):
        given = facts.text(key)
        if not given and key in facts.asked:
            remarks.append((NO_DATA, fill(MISSING, field=label)))
        elif given and normalise_credit_code(given) != normalise_credit_code(known):
            shown = facts.shown(key)
            text = fill(DIFFERS, field=label, given=shown, known=known or NOTHING)
            remarks.append((FAIL, text))
    until = facts.day("valid_to")
    if until is None and facts.text("valid_to"):
        shown = facts.shown("valid_to")
        remarks.append((FAIL, fill(UNREADABLE, field=_VALID_TO, value=shown)))
    elif until is None and "valid_to" in facts.asked:
        remarks.append((NO_DATA, fill(MISSING, field=_VALID_TO)))
    elif until is not None and until != current.valid_to:
        text = fill(DIFFERS, field=_VALID_TO, given=until, known=current.valid_to)
        remarks.append((FAIL, text))
    if facts.effect is not Effect.MOVE and current.employer_id != facts.employer.id:
        given, known = facts.employer.name, current.employer_name
        remarks.append((FAIL, fill(OTHER_EMPLOYER, given=given, known=known)))
    pattern = facts.profession.number_check if facts.profession else ""
    if pattern and not re.fullmatch(pattern, current.number):
        remarks.append((WARN, fill(ODD_NUMBER, number=current.number)))
    return remarks


NO_RENEWAL = Text("本业务不是延续注册。", "This is no renewal.")
NO_TERM = Text(
    "注册库中没有该人员本专业的注册，无法计算申报期。",
    "The register holds no registration here, so the renewal period cannot be computed.",
)
TOO_EARLY = Text(
    "申报日{filed}早于申报期（{opens}至{end}）。",
    "Filed on {filed}, before the renewal period ({opens} to {end}).",
)
TOO_LATE = Text(
    "申报日{filed}晚于有效期届满日{end}。", "Filed on {filed}, after the term ended on {end}."
)
SHORT_NOTICE = Text(
    "在申报期内，但距届满日{end}不足{days}日（申报日{filed}）。",
    "In the renewal period, but less than {days} days before {end} (filed on {filed}).",
)
DEEMED = Text(
    "按期申报，有效期已于{end}届满而未作决定，视为准予延续。",
    "Filed in time and undecided when the term ended on {end}: deemed granted.",
)
OVER = Text(
    "按期申报，有效期已于{end}届满，请尽快办理。",
    "Filed in time; the term ended on {end} in the meantime.",
)
IN_PERIOD = Text(
    "申报日{filed}在申报期（{opens}至{end}）内。",
    "Filed on {filed}, within the renewal period ({opens} to {end}).",
)
NO_REVIVAL = Text(
    "注册已注销，本专业不以延续办理重新注册。",
    "The registration was cancelled; in this profession a renewal does not bring it back.",
)
ELSEWHERE = Text(
    "注册已注销，只能在原单位“{known}”按延续重新注册。",
    "The registration was cancelled; renewal brings it back only at “{known}”.",
)
KEEPS_TERM = Text(
    "重新注册：剩余有效期（至{end}）超过{months}个月，有效期不变。",
    "Return: more than {months} months are left (until {end}), so the term stays.",
)
EXTENDS_TERM = Text(
    "重新注册：剩余有效期（至{end}）不超过{months}个月，准予后自动延期。",
    "Return: at most {months} months are left (until {end}), so approval extends the term.",
)


@named("延续申报期", "Renewal period")
def renewal_window(facts: Facts) -> Finding:
    """延续 is filed in the last half year of the term (M4 §3.3; 行政许可法 §50).

    First and last day count. Less than 30 days before the end only warns. A cancelled registration
    comes back at its old employer at any time; what is left of its term decides about the end.
    """
    current = facts.registration
    months = facts.number("renewal_window_months")
    remarks: list[Remark] = []
    evidence: list[Evidence] = [(_FILED, facts.filed_on.isoformat())]
    passed = NO_RENEWAL
    if facts.effect is not Effect.EXTEND:
        remarks = not_applicable(NO_RENEWAL)
    elif current is None:
        remarks.append((NO_DATA, NO_TERM))
    else:
        evidence.insert(0, (_VALID_TO, current.valid_to.isoformat()))
        if current.status == RegistrationStatus.CANCELLED:
            remarks = _revival(facts, current)
            left = facts.number("reregistration_extends_months")
            keeps = current.valid_to > counting.add_months(facts.today, left)
            pattern = KEEPS_TERM if keeps else EXTENDS_TERM
            passed = fill(pattern, end=current.valid_to, months=left)
        else:
            opens = counting.add_months(current.valid_to, -months)
            evidence.insert(1, (_OPENS, opens.isoformat()))
            values = {"filed": facts.filed_on, "opens": opens, "end": current.valid_to}
            passed = fill(IN_PERIOD, **values)
            if facts.filed_on < opens:
                remarks.append((FAIL, fill(TOO_EARLY, **values)))
            elif facts.filed_on > current.valid_to:
                remarks.append((FAIL, fill(TOO_LATE, **values)))
            else:
                remarks = _in_period(facts, current)
    return conclude(
        "renewal_window",
        remarks,
        passed,
        article=facts.article("renewal_window"),
        source=REGISTER,
        as_of=facts.today,
        evidence=evidence,
    )


def _revival(facts: Facts, current: Registered) -> list[Remark]:
    if not facts.switch("reregistration_by_renewal"):
        return [(FAIL, NO_REVIVAL)]
    if current.employer_id != facts.employer.id:
        return [(FAIL, fill(ELSEWHERE, known=current.employer_name))]
    return []


def _in_period(facts: Facts, current: Registered) -> list[Remark]:
    remarks: list[Remark] = []
    end, days = current.valid_to, facts.number("renewal_notice_days")
    if facts.filed_on > end - timedelta(days=days):
        text = fill(SHORT_NOTICE, end=end, days=days, filed=facts.filed_on)
        remarks.append((WARN, text))
    if facts.today > end:
        granted = facts.switch("renewal_deemed_granted")
        remarks.append((WARN, fill(DEEMED if granted else OVER, end=end)))
    return remarks
