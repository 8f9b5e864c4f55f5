"""The check of social insurance before filing (社保比对), domain G1.

Three outcomes: 未比对, 正常, 异常. A month that no source has reached yet is not a month without
payment.
"""

from __future__ import annotations

from datetime import date

from core.catalogue.types import Effect
from core.checks.facts import EmployerFacts, Facts, Payment
from core.checks.findings import (
    NOTHING,
    Evidence,
    Finding,
    Remark,
    conclude,
    fill,
    named,
    not_applicable,
)
from core.identifiers import name_key, normalise_credit_code
from core.text import Text, same
from core.vocabulary.checks import FindingOutcome
from core.workdays import counting

FAIL, WARN, NO_DATA = FindingOutcome.FAIL, FindingOutcome.WARN, FindingOutcome.NO_DATA

NOT_COMPARED = Text("未设社保比对月数。", "No months are set to be compared.")
NO_ROWS = Text(
    "未比对：社保数据中没有该人员的任何记录，不等于未缴纳。",
    "Not compared: no source of insurance data knows this person, which is no sign of non-payment.",
)
NOT_REACHED = Text(
    "未比对：社保数据截至{day}，尚不含{months}。",
    "Not compared: the insurance data reach {day} and do not hold {months} yet.",
)
UNPAID = Text("R1 {months}没有任何单位缴纳社保。", "R1 Nobody paid insurance in {months}.")
OTHER_PAYER = Text(
    "R2 缴费单位与申报单位“{employer}”不一致：{payments}。",
    "R2 The payer is not the employer of the filing, “{employer}”: {payments}.",
)
SEVERAL_PAYERS = Text(
    "R3 同一月份有两个以上单位缴纳：{payments}。",
    "R3 Two or more payers in one month: {payments}.",
)
GAP = Text("R4 缴费中断：{months}。", "R4 Payment gap: {months}.")
OTHER_FUND = Text(
    "R5 住房公积金缴存单位与申报单位不一致：{payments}。",
    "R5 The housing fund is paid by another unit: {payments}.",
)
TOO_FEW = Text(
    "R6 新单位仅缴纳{count}个月，少于{least}个月。",
    "R6 The new employer has paid for {count} months, fewer than {least}.",
)
PAID = Text(
    "正常：{months}均由申报单位缴纳，数据截至{day}。",
    "In order: paid by the employer of the filing in {months}; data up to {day}.",
)
PAID_SINCE = Text(
    "正常：申报单位自{month}起缴纳，此前由原单位缴纳，数据截至{day}。",
    "In order: paid by the new employer since {month}, before that by a former one; data up to "
    "{day}.",
)
NO_SOURCE = Text("社保数据（无）", "Insurance data (none)")
SOURCE = Text("社保数据：{names}", "Insurance data: {names}")


@named("社保比对", "Social insurance")
def insurance(facts: Facts) -> Finding:
    """R1 to R6 over the months before the filing (domain G1).

    With a new employer (初始, 变更) the months before its first payment may be another payer's.
    """
    names = sorted({payment.source for payment in facts.payments})
    passed = NOT_COMPARED
    if not window(facts):
        remarks = not_applicable(NOT_COMPARED)
    elif not facts.payments:
        remarks = [(NO_DATA, NO_ROWS)]
    else:
        remarks, passed = _compared(facts)
    return conclude(
        "insurance",
        remarks,
        passed,
        article=facts.article("two_employers"),
        source=fill(SOURCE, names=", ".join(names)) if names else NO_SOURCE,
        as_of=facts.fed_until,
        evidence=[_shown(month, _paid(facts, month)) for month in window(facts)],
    )


def window(facts: Facts) -> tuple[date, ...]:
    """First days of the months looked at: the last ones that were over when the case was filed."""
    first = facts.filed_on.replace(day=1)
    count = facts.number("insurance_months")
    return tuple(counting.add_months(first, -back) for back in range(count, 0, -1))


def _paid(facts: Facts, month: date) -> list[Payment]:
    return [payment for payment in facts.payments if payment.month.replace(day=1) == month]


def _label(month: date) -> str:
    return f"{month:%Y-%m}"


def _months(months: list[date]) -> Text:
    labels = [_label(month) for month in months]
    return Text("、".join(labels), ", ".join(labels))


def _shown(month: date, payments: list[Payment]) -> Evidence:
    payers = "; ".join(f"{item.payer_name} {item.payer_code}".strip() for item in payments)
    return same(_label(month)), payers or NOTHING


def _listed(payments: list[Payment]) -> Text:
    parts = [f"{_label(payment.month)} {payment.payer_name}" for payment in payments]
    return Text("；".join(parts), "; ".join(parts))


def _by(employer: EmployerFacts, payment: Payment) -> bool:
    """Whether `employer` paid: by credit code, by name only where the data carry no code."""
    code = normalise_credit_code(payment.payer_code)
    if code:
        return code == normalise_credit_code(employer.credit_code)
    return name_key(payment.payer_name) == name_key(employer.name)


def _compared(facts: Facts) -> tuple[list[Remark], Text]:
    employer, months = facts.employer, window(facts)
    reached = facts.fed_until or date.min
    paid = {month: _paid(facts, month) for month in months}
    missing = [month for month in months if not paid[month]]
    unknown = [month for month in missing if counting.add_months(month, 1) > reached]
    unpaid = [month for month in missing if month not in unknown]
    own = [month for month in months if any(_by(employer, item) for item in paid[month])]
    new = facts.effect in {Effect.CREATE, Effect.MOVE}
    # Before a new employer's first payment somebody else may have paid.
    since = own[0] if new and own else months[0]

    remarks = _absences(facts, unknown, unpaid, months)
    counted = [month for month in months if month >= since]
    others = [
        item
        for month in counted
        if not any(_by(employer, one) for one in paid[month])
        for item in paid[month]
    ]
    if others:
        text = fill(OTHER_PAYER, employer=employer.name, payments=_listed(others))
        remarks.append((FAIL, text))
    several = [item for month in months if _payers(paid[month]) > 1 for item in paid[month]]
    if several:
        remarks.append((FAIL, fill(SEVERAL_PAYERS, payments=_listed(several))))
    least = min(facts.number("insurance_new_employer_months"), len(months))
    if new and own and len(own) < least and not unknown:
        remarks.append((FAIL, fill(TOO_FEW, count=len(own), least=least)))
    remarks += _fund_remarks(facts, [item for month in counted for item in paid[month]])
    if since > months[0]:
        return remarks, fill(PAID_SINCE, month=_label(since), day=reached)
    return remarks, fill(PAID, months=_months(list(months)), day=reached)


def _payers(payments: list[Payment]) -> int:
    """How many different units paid, by code where there is one."""
    return len(
        {normalise_credit_code(item.payer_code) or name_key(item.payer_name) for item in payments}
    )


def _absences(
    facts: Facts, unknown: list[date], unpaid: list[date], months: tuple[date, ...]
) -> list[Remark]:
    """R1, R4 and months that no source has reached."""
    remarks: list[Remark] = []
    if unknown:
        text = fill(NOT_REACHED, day=facts.fed_until or NOTHING, months=_months(unknown))
        remarks.append((NO_DATA, text))
    if unpaid and len(unpaid) + len(unknown) == len(months):
        remarks.append((FAIL, fill(UNPAID, months=_months(unpaid))))
    elif unpaid:
        tolerated = len(unpaid) <= facts.number("insurance_gap_months")
        remarks.append((WARN if tolerated else FAIL, fill(GAP, months=_months(unpaid))))
    return remarks


def _fund_remarks(facts: Facts, payments: list[Payment]) -> list[Remark]:
    if not facts.switch("insurance_fund_compared"):
        return []
    known = normalise_credit_code(facts.employer.credit_code)
    differing = [
        payment
        for payment in payments
        if (code := normalise_credit_code(payment.fund_payer_code)) and code != known
    ]
    parts = [f"{_label(payment.month)} {payment.fund_payer_code}" for payment in differing]
    text = Text("；".join(parts), "; ".join(parts))
    return [(WARN, fill(OTHER_FUND, payments=text))] if differing else []
