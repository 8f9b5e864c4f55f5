"""Checks of the employer and of the contract with it (domain F, J)."""

from __future__ import annotations

from core import identifiers
from core.catalogue.types import Effect
from core.checks.facts import Facts
from core.checks.findings import (
    EMPLOYERS,
    FORM,
    FORM_AND_REGISTER,
    NOTHING,
    Evidence,
    Finding,
    Remark,
    conclude,
    fill,
    named,
    not_applicable,
)
from core.text import Text
from core.vocabulary.checks import FindingOutcome
from core.vocabulary.employers import EMPLOYER_STATUS_LABELS, EmployerStatus

FAIL, WARN, NO_DATA = FindingOutcome.FAIL, FindingOutcome.WARN, FindingOutcome.NO_DATA

_EMPLOYER = Text("聘用单位", "Employer")
_CODE = Text("统一社会信用代码", "Unified social credit code")
_CERTIFICATE = Text("企业资质证书号", "Qualification certificate number")
_VERIFIED = Text("认证日期", "Verified on")
_WITHOUT_CERTIFICATE = frozenset({"", "无", "none"})

ENDING = Text(
    "注销不受聘用单位状态影响。", "A cancellation does not depend on the employer's standing."
)
STATUS_UNKNOWN = Text("聘用单位状态不明。", "The standing of the employer is unknown.")
NOT_IN_STANDING = Text(
    "聘用单位当前为“{status}”，不能在该单位注册。",
    "The employer is “{status}”; nobody can be registered there.",
)
IN_STANDING = Text("聘用单位已认证，状态正常。", "The employer is verified and in good standing.")
NO_CERTIFICATES = Text(
    "企业库中没有该单位的资质证书，无法比对“{number}”。",
    "The employer register holds no certificate of this company to compare “{number}” with.",
)
CERTIFICATE_UNKNOWN = Text(
    "填报的资质证书号“{number}”不在该单位的资质证书中。",
    "The certificate number “{number}” is not among those of the company.",
)
CERTIFICATE_OVER = Text(
    "资质证书“{number}”已于{day}到期。", "Certificate “{number}” ran out on {day}."
)


@named("聘用单位状态", "Standing of the employer")
def employer_standing(facts: Facts) -> Finding:
    """Verified and active; the 资质证书号 of the form is one of its own (warning only)."""
    employer = facts.employer
    remarks: list[Remark] = []
    if facts.effect is Effect.END:
        remarks = not_applicable(ENDING)
    elif employer.status not in set(EmployerStatus):
        remarks.append((NO_DATA, STATUS_UNKNOWN))
    elif employer.status != EmployerStatus.VERIFIED:
        label = EMPLOYER_STATUS_LABELS[EmployerStatus(employer.status)]
        remarks.append((FAIL, fill(NOT_IN_STANDING, status=label)))
    if facts.effect is not Effect.END:
        remarks += _certificate_remarks(facts)
    return conclude(
        "employer_standing",
        remarks,
        IN_STANDING,
        article=facts.article("employer_unfit"),
        source=EMPLOYERS,
        as_of=facts.today,
        evidence=(
            (_EMPLOYER, employer.name),
            (_CODE, employer.credit_code),
            (_VERIFIED, str(employer.verified_on or NOTHING)),
            (_CERTIFICATE, facts.shown("qualification_number") or NOTHING),
        ),
    )


def _certificate_remarks(facts: Facts) -> list[Remark]:
    number = facts.text("qualification_number")
    shown = facts.shown("qualification_number")
    if number.lower() in _WITHOUT_CERTIFICATE:
        return []
    if not facts.employer.certificates:
        return [(NO_DATA, fill(NO_CERTIFICATES, number=shown))]
    held = [until for known, until in facts.employer.certificates if known == number]
    if not held:
        return [(WARN, fill(CERTIFICATE_UNKNOWN, number=shown))]
    dated = [until for until in held if until is not None]
    if len(dated) == len(held) and max(dated) < facts.today:
        return [(WARN, fill(CERTIFICATE_OVER, number=shown, day=max(dated)))]
    return []


CODE_STANDARD = Text(
    "GB 32100《法人和其他组织统一社会信用代码编码规则》", "GB 32100, Unified social credit code"
)
CODE_MISSING = Text(
    "表单未填统一社会信用代码，以下按企业库核对。",
    "The form gives no credit code; the one of the employer register was checked.",
)
CODE_DIFFERS = Text(
    "填报的统一社会信用代码“{given}”与企业库“{known}”不一致。",
    "The form gives credit code “{given}”, the employer register “{known}”.",
)
CODE_FITS = Text("校验通过，与企业库一致。", "The code passes its check and equals the register.")


@named("统一社会信用代码", "Unified social credit code")
def credit_code(facts: Facts) -> Finding:
    """Form of the code (GB 32100), and equal to the employer register.

    The check character only warns: genuine codes that fail it are reported (domain F).
    """
    given = identifiers.normalise_credit_code(facts.text("credit_code"))
    known = identifiers.normalise_credit_code(facts.employer.credit_code)
    remarks: list[Remark] = []
    if not given:
        remarks.append((NO_DATA, CODE_MISSING))
    elif given != known:
        remarks.append((FAIL, fill(CODE_DIFFERS, given=given[:30], known=known)))
    problem = identifiers.check_credit_code(given or known)
    if problem is not None:
        remarks.append((FAIL if problem.blocks else WARN, problem.text))
    return conclude(
        "credit_code",
        remarks,
        CODE_FITS,
        article=CODE_STANDARD,
        source=EMPLOYERS,
        as_of=facts.today,
        evidence=((FORM, given[:30] or NOTHING), (EMPLOYERS, known)),
    )


NO_MOVE = Text("本业务不变更单位。", "This service does not change the employer.")
SPECIALTY_ONLY = Text("本次只变更专业，不变更单位。", "Only the specialty is changed this time.")
UNASKED_MOVE = Text(
    "只申请变更专业，但申报单位“{new}”与登记单位“{old}”不同。",
    "Only the specialty is to change, but the filing names “{new}” and the register “{old}”.",
)
NO_FORMER = Text(
    "注册库中没有可比对的原注册单位。", "The register holds no former employer to compare with."
)
SAME = Text(
    "原单位与现单位均为“{name}”，变更注册的原、现单位不得相同。",
    "Former and new employer are both “{name}”; a change needs two different ones.",
)
FORMER_DIFFERS = Text(
    "填报的原单位“{given}”与注册库“{known}”不一致。",
    "The form names “{given}” as former employer, the register “{known}”.",
)
DIFFERENT = Text("由“{old}”变更到“{new}”。", "Moves from “{old}” to “{new}”.")
_FORMER = Text("原单位（注册库）", "Former employer (register)")
_NEW = Text("现单位（申报）", "New employer (filing)")


@named("原单位与现单位", "Former and new employer")
def same_employer(facts: Facts) -> Finding:
    """变更: the former employer differs from the new one (M4; domain F)."""
    current, new = facts.registration, facts.employer
    remarks: list[Remark] = []
    evidence: list[Evidence] = [(_NEW, new.name)]
    passed = NO_MOVE
    if facts.effect is not Effect.MOVE:
        remarks = not_applicable(NO_MOVE)
    elif current is None:
        remarks.append((NO_DATA, NO_FORMER))
    else:
        evidence.insert(0, (_FORMER, current.employer_name))
        passed = fill(DIFFERENT, old=current.employer_name, new=new.name)
        changed = facts.chosen("change_kind")
        moves = not changed or "employer" in changed
        unmoved = current.employer_id == new.id or current.employer_code == new.credit_code
        if moves and unmoved:
            remarks.append((FAIL, fill(SAME, name=new.name)))
        elif not moves and unmoved:
            remarks = not_applicable(SPECIALTY_ONLY)
        elif not moves:
            remarks.append((WARN, fill(UNASKED_MOVE, new=new.name, old=current.employer_name)))
        given = facts.text("former_employer_name")
        if given and identifiers.name_key(given) != identifiers.name_key(current.employer_name):
            shown = facts.shown("former_employer_name")
            known = current.employer_name
            remarks.append((WARN, fill(FORMER_DIFFERS, given=shown, known=known)))
    return conclude(
        "same_employer",
        remarks,
        passed,
        article=facts.article("same_employer"),
        source=FORM_AND_REGISTER,
        as_of=facts.today,
        evidence=evidence,
    )


NO_CONTRACT = Text("本业务不填聘用期限。", "This service asks for no term of employment.")
START_MISSING = Text("未填聘用开始时间。", "The first day of employment is not given.")
UNREADABLE = Text("{field}“{value}”无法识别。", "{field} “{value}” cannot be read.")
NOT_BEGUN = Text(
    "聘用自{day}开始，晚于申报日{filed}。",
    "Employment starts on {day}, after the filing of {filed}.",
)
BACKWARDS = Text(
    "聘用结束时间{end}早于开始时间{start}。", "Employment ends on {end}, before it starts, {start}."
)
RUN_OUT = Text(
    "聘用已于{day}结束，早于申报日{filed}。", "Employment ended on {day}, before {filed}."
)
OPEN_ENDED = Text("自{start}起，无固定期限。", "From {start}, without a fixed end.")
IN_FORCE = Text("聘用期{start}至{end}，在期限内。", "Employed from {start} to {end}: in force.")
_FROM = Text("聘用开始时间", "Employed from")
_UNTIL = Text("聘用结束时间", "Employed until")


@named("聘用期限", "Term of employment")
def contract_term(facts: Facts) -> Finding:
    """The contract has begun and has not ended on the day of filing; no end is 无固定期限."""
    remarks: list[Remark] = []
    passed = NO_CONTRACT
    typed = {key: facts.text(key) for key in ("employed_from", "employed_until")}
    if "employed_from" not in facts.asked and not any(typed.values()):
        remarks = not_applicable(NO_CONTRACT)
    else:
        start, end = facts.day("employed_from"), facts.day("employed_until")
        remarks = _contract_remarks(facts)
        passed = fill(IN_FORCE if end else OPEN_ENDED, start=start, end=end)
    return conclude(
        "contract_term",
        remarks,
        passed,
        article=facts.article("employment_unproved"),
        source=FORM,
        as_of=facts.filed_on,
        evidence=(
            (_FROM, facts.shown("employed_from") or NOTHING),
            (_UNTIL, facts.shown("employed_until") or NOTHING),
        ),
    )


def _contract_remarks(facts: Facts) -> list[Remark]:
    remarks: list[Remark] = []
    start, end = facts.day("employed_from"), facts.day("employed_until")
    if not facts.text("employed_from"):
        remarks.append((NO_DATA, START_MISSING))
    for key, label, day in (("employed_from", _FROM, start), ("employed_until", _UNTIL, end)):
        if facts.text(key) and day is None:
            remarks.append((FAIL, fill(UNREADABLE, field=label, value=facts.shown(key))))
    if start and end and end < start:
        remarks.append((FAIL, fill(BACKWARDS, start=start, end=end)))
    elif end and end < facts.filed_on:
        remarks.append((FAIL, fill(RUN_OUT, day=end, filed=facts.filed_on)))
    if start and start > facts.filed_on:
        remarks.append((FAIL, fill(NOT_BEGUN, day=start, filed=facts.filed_on)))
    return remarks
