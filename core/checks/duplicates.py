"""Checks against the person's other cases and registrations, and other people's (domain G2).

At this point the exact matches: D1, D2, D3, D4 and D5.
"""

from __future__ import annotations

from core.catalogue.types import Effect
from core.checks.facts import Facts, OtherCase, Registered
from core.checks.findings import (
    REGISTER_AND_CASES,
    Evidence,
    Finding,
    Remark,
    conclude,
    fill,
    named,
    not_applicable,
)
from core.identifiers import mask_phone, normalise_phone
from core.text import Text
from core.vocabulary.checks import FindingOutcome

FAIL, WARN = FindingOutcome.FAIL, FindingOutcome.WARN

NONE_OPEN = Text("同一专业没有其他在办业务。", "No other case is open for the specialty.")
OPEN_CASE = Text(
    "D3 同一专业已有在办业务：{ref}（{employer}）。",
    "D3 A case is already open for this specialty: {ref} ({employer}).",
)
_CASE = Text("在办业务", "Open case")
_HELD = Text("有效注册", "Active registration")
_RIVAL = Text("他人注册", "Somebody else's registration")
_PHONE = Text("手机号码", "Mobile phone")


def _rival_cases(facts: Facts) -> list[OtherCase]:
    """Other open cases for the same specialty, or acting on the same registration."""
    own = facts.registration_id
    return [
        case
        for case in facts.cases
        if case.open
        and (_same_specialty(facts, case) or (own is not None and case.registration_id == own))
    ]


def _same_specialty(facts: Facts, case: OtherCase) -> bool:
    if case.profession != facts.profession_key:
        return False
    none_named = not facts.specialties and not case.specialties
    return none_named or bool(set(facts.specialties) & set(case.specialties))


def _opened(case: OtherCase) -> Evidence:
    return _CASE, f"{case.ref} · {case.employer_name}"


@named("在办业务", "Open cases")
def open_case(facts: Facts) -> Finding:
    """One open case per specialty (domain E, S0; G2 D3)."""
    rivals = _rival_cases(facts)
    remarks = [
        (FAIL, fill(OPEN_CASE, ref=case.ref, employer=case.employer_name)) for case in rivals
    ]
    return conclude(
        "open_case",
        remarks,
        NONE_OPEN,
        article=facts.article("already_filed"),
        source=REGISTER_AND_CASES,
        as_of=facts.today,
        evidence=[_opened(case) for case in facts.cases if case.open],
    )


ENDING = Text(
    "注销可以消除重复注册，不作比对。", "A cancellation removes duplicates, so none is looked for."
)
SAME_PROFESSION = Text(
    "D1 本专业另有有效注册{number}，单位为“{employer}”，与申报单位不同。",
    "D1 Another active registration here, {number}, is at “{employer}”, another employer.",
)
OTHER_PROFESSION = Text(
    "D2 {profession}有效注册{number}的单位为“{employer}”，与申报单位不同。",
    "D2 {profession}: active registration {number} is at “{employer}”, another employer.",
)
BEING_SETTLED = Text(
    "有效注册{number}（“{employer}”）正由在办业务{ref}变更或注销，须一并办理。",
    "Active registration {number} (“{employer}”) is being moved or ended by case {ref}; see both.",
)
OPEN_ELSEWHERE = Text(
    "在办业务{ref}的单位为“{employer}”，与本次申报不同。",
    "Open case {ref} names another employer, “{employer}”.",
)
SHARED_PHONE = Text(
    "D4 手机号码{phone}另有{count}人使用。",
    "D4 Mobile number {phone} is also used by others: {count}.",
)
CLAIMED_CERTIFICATE = Text(
    "D5 资格证书管理号{number}已被他人使用：{holder}（注册号{registration}）。",
    "D5 Qualification certificate {number} is claimed by {holder} (registration {registration}).",
)
CLAIMED_SEAL = Text(
    "D5 执业印章号{number}已被他人使用：{holder}（注册号{registration}）。",
    "D5 Practice seal number {number} is claimed by {holder} (registration {registration}).",
)
NO_DUPLICATES = Text(
    "与本系统注册库、在办业务比对，未发现重复。",
    "Compared with this system's register and open cases: no duplicate.",
)


@named("人员查重", "Duplicates")
def duplicates(facts: Facts) -> Finding:
    """Second employers (D1, D2), open cases (D3), shared numbers (D4, D5).

    A registration that another open case moves to the same employer, or ends, only warns. D4 leaves
    out the number of the employer's handler, which many applicants give by mistake or on advice.
    """
    remarks: list[Remark] = []
    evidence: list[Evidence] = []
    if facts.effect is Effect.END:
        remarks = not_applicable(ENDING)
    else:
        elsewhere = _elsewhere(facts)
        rivals = _rival_cases(facts)
        remarks += [_second_employer(facts, row) for row in elsewhere]
        remarks += [
            (FAIL, fill(OPEN_CASE, ref=case.ref, employer=case.employer_name)) for case in rivals
        ]
        for case in facts.cases:
            other = case.open and case not in rivals and case.employer_id != facts.employer.id
            if other and case.effect is not Effect.END:
                text = fill(OPEN_ELSEWHERE, ref=case.ref, employer=case.employer_name)
                remarks.append((WARN, text))
        remarks += _phone_remarks(facts)
        remarks += _claims(facts)
        evidence += [
            (_HELD, f"{row.number} · {row.employer_name} · {row.valid_to}") for row in elsewhere
        ]
        evidence += [_opened(case) for case in facts.cases if case.open]
        evidence += [(_RIVAL, f"{row.number} · {row.holder}") for row in facts.rivals]
        if facts.person.phone_sharers:
            evidence.append((_PHONE, mask_phone(facts.person.phone)))
    return conclude(
        "duplicates",
        remarks,
        NO_DUPLICATES,
        article=facts.article("two_employers"),
        source=REGISTER_AND_CASES,
        as_of=facts.today,
        evidence=evidence,
    )


def _elsewhere(facts: Facts) -> list[Registered]:
    """Active registrations at another employer, without the one that this case acts on."""
    own = facts.registration if facts.effect is not Effect.CREATE else None
    return [
        row
        for row in facts.registrations
        if row.active_on(facts.today)
        and row.employer_id != facts.employer.id
        and (own is None or row.id != own.id)
    ]


def _settling(facts: Facts, row: Registered) -> OtherCase | None:
    """The open case that takes `row` away from its other employer."""
    for case in facts.cases:
        if case.open and case.registration_id == row.id:
            moves = case.effect is Effect.MOVE and case.employer_id == facts.employer.id
            if moves or case.effect is Effect.END:
                return case
    return None


def _second_employer(facts: Facts, row: Registered) -> Remark:
    case = _settling(facts, row)
    if case is not None:
        text = fill(BEING_SETTLED, number=row.number, employer=row.employer_name, ref=case.ref)
        return WARN, text
    pattern = SAME_PROFESSION if row.profession == facts.profession_key else OTHER_PROFESSION
    return FAIL, fill(
        pattern, number=row.number, employer=row.employer_name, profession=row.profession_name
    )


def _phone_remarks(facts: Facts) -> list[Remark]:
    person = facts.person
    handlers = {
        normalise_phone(number)
        for number in (facts.employer.handler_phone, facts.text("handler_phone"))
    }
    if not person.phone_sharers or normalise_phone(person.phone) in handlers:
        return []
    phone = mask_phone(person.phone)
    return [(WARN, fill(SHARED_PHONE, phone=phone, count=person.phone_sharers))]


def _claims(facts: Facts) -> list[Remark]:
    remarks: list[Remark] = []
    for row in facts.rivals:
        for pattern, number, mine in (
            (CLAIMED_CERTIFICATE, row.certificate, facts.certificates),
            (CLAIMED_SEAL, row.seal_number, facts.seals),
        ):
            if number in mine:
                text = fill(pattern, number=number, holder=row.holder, registration=row.number)
                remarks.append((FAIL, text))
    return remarks
