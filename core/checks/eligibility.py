"""Checks of what is applied for: qualification, specialty, first registration (domain C, F)."""

from __future__ import annotations

from core.catalogue.types import Effect
from core.checks.facts import Facts
from core.checks.findings import (
    FORM,
    FORM_AND_REGISTER,
    NOTHING,
    REGISTER_AND_CASES,
    Evidence,
    Finding,
    Remark,
    conclude,
    fill,
    listed,
    named,
    not_applicable,
)
from core.text import Text
from core.vocabulary.checks import FindingOutcome
from core.workdays import counting

FAIL, WARN, NO_DATA = FindingOutcome.FAIL, FindingOutcome.WARN, FindingOutcome.NO_DATA

_CERTIFICATE = Text("资格证书管理号", "Qualification certificate control number")
_APPROVED_ON = Text("资格证书批准日期", "Qualification approved on")

NOT_FIRST = Text("本业务不是初始注册。", "This is no first registration.")
NO_CERTIFICATE = Text(
    "未填资格证书管理号，无法核对。",
    "No qualification certificate number is given, so nothing can be compared.",
)
NO_APPROVAL_DAY = Text(
    "未填资格证书批准日期，无法判断是否超过首次注册期限。",
    "The day of approval is not given, so the limit for first registration cannot be judged.",
)
UNREADABLE = Text("{field}“{value}”无法识别。", "{field} “{value}” cannot be read.")
APPROVED_LATER = Text(
    "资格证书批准日期{day}晚于申报日{filed}。",
    "The qualification was approved on {day}, after the filing of {filed}.",
)
NEEDS_STUDY = Text(
    "资格证书于{day}批准，申报时已超过{years}年，须达到继续教育要求。",
    "Approved on {day}, more than {years} years before filing: continuing education is needed.",
)
IN_LIMIT = Text(
    "资格证书于{day}批准，未超过{years}年。证书真伪未与考试资格库比对，须人工核实。",
    "Approved on {day}, within {years} years. The certificate itself was not compared with the "
    "examination register; please verify it.",
)


@named("资格证书填报与期限", "Qualification: data given and time limit")
def qualification(facts: Facts) -> Finding:
    """The certificate's data are given, and first registration comes in time (domain F).

    Whether the certificate is genuine is not looked at: no register of qualifications is connected.
    """
    remarks: list[Remark] = []
    years = facts.number("first_registration_years")
    approved = facts.day("qualification_approved_on")
    if facts.effect is not Effect.CREATE:
        remarks = not_applicable(NOT_FIRST)
    else:
        if not facts.text("qualification_certificate"):
            remarks.append((NO_DATA, NO_CERTIFICATE))
        if not facts.text("qualification_approved_on"):
            remarks.append((NO_DATA, NO_APPROVAL_DAY))
        elif approved is None:
            value = facts.shown("qualification_approved_on")
            remarks.append((FAIL, fill(UNREADABLE, field=_APPROVED_ON, value=value)))
        elif approved > facts.filed_on:
            remarks.append((FAIL, fill(APPROVED_LATER, day=approved, filed=facts.filed_on)))
        elif facts.filed_on > counting.add_years(approved, years):
            remarks.append((WARN, fill(NEEDS_STUDY, day=approved, years=years)))
    return conclude(
        "qualification",
        remarks,
        fill(IN_LIMIT, day=approved, years=years),
        article=facts.article("qualification"),
        source=FORM,
        as_of=facts.filed_on,
        evidence=(
            (_CERTIFICATE, facts.shown("qualification_certificate") or NOTHING),
            (_APPROVED_ON, facts.shown("qualification_approved_on") or NOTHING),
        ),
    )


HELD = Text(
    "本专业已有有效注册（{number}），不能再次初始注册。",
    "An active registration ({number}) exists here; a second first one is not possible.",
)
HELD_BEFORE = Text(
    "本专业曾经注册（{number}），每个专业只能申报一次初始注册，重新注册请办理延续。",
    "Registered here before ({number}); there is one first registration per specialty, and the "
    "way back is renewal.",
)
GRANTED_BEFORE = Text(
    "本专业的初始注册已经批准（{ref}），不能重复申报。",
    "A first registration here was approved already ({ref}); it cannot be filed again.",
)
REPEATABLE = Text(
    "本专业没有有效注册，且注销后可以再次初始注册。",
    "No active registration here, and after a cancellation a first one may be filed again.",
)
FIRST = Text("本专业没有注册记录，为首次申报。", "No registration here so far: this is the first.")
_NUMBER = Text("注册号", "Registration number")
_CASE = Text("业务编号", "Case number")


@named("重复初始注册", "Repeated initial registration")
def one_initial(facts: Facts) -> Finding:
    """One initial registration per specialty, ever, where the profession has it so (M4 §3.1).

    Nobody registers a second time what is in force, whatever the profession.
    """
    rows = [row for row in facts.registrations if facts.same_register(row.profession, row)]
    held = [row for row in rows if row.active_on(facts.today)]
    granted = [
        case
        for case in facts.cases
        if case.approved
        and case.effect is Effect.CREATE
        and facts.same_register(case.profession, case)
    ]
    remarks: list[Remark] = []
    evidence: list[Evidence] = [(_NUMBER, row.number) for row in rows]
    if facts.effect is not Effect.CREATE:
        remarks = not_applicable(NOT_FIRST)
    elif held:
        remarks = [(FAIL, fill(HELD, number=row.number)) for row in held]
    elif not facts.switch("one_initial"):
        remarks = not_applicable(REPEATABLE)
    elif rows:
        remarks = [(FAIL, fill(HELD_BEFORE, number=row.number)) for row in rows]
    elif granted:
        remarks = [(FAIL, fill(GRANTED_BEFORE, ref=case.ref)) for case in granted]
        evidence += [(_CASE, case.ref) for case in granted]
    return conclude(
        "one_initial",
        remarks,
        FIRST,
        article=facts.article("already_filed"),
        source=REGISTER_AND_CASES,
        as_of=facts.today,
        evidence=evidence,
    )


NO_CHOICE = Text("本业务不选择注册专业。", "This service lets nobody choose a specialty.")
NO_SPECIALTIES = Text("本注册不分专业。", "This register knows no specialties.")
PROFESSION_UNKNOWN = Text(
    "服务目录中已没有该注册，无法核对专业。",
    "The catalogue no longer has this profession, so specialties cannot be checked.",
)
NONE_CHOSEN = Text("未填申请注册专业，无法核对。", "No specialty is given to check.")
NOT_KNOWN = Text("“{names}”不是本注册的专业。", "Not a specialty of this profession: “{names}”.")
NOT_OPEN = Text("注册专业“{names}”暂未开放申报。", "Not open for filing: “{names}”.")
TWICE = Text("同一专业重复选择：{names}。", "The same specialty is chosen twice: {names}.")
TOO_MANY = Text(
    "注册专业共{count}个，超过上限{most}个：{names}。",
    "{count} specialties, more than the limit of {most}: {names}.",
)
OPEN = Text("所选专业已开放注册：{names}。", "Open for registration: {names}.")
_CHOSEN = Text("申请注册专业", "Specialties applied for")


@named("注册专业", "Specialty")
def specialty_open(facts: Facts) -> Finding:
    """The specialties exist, are open, and are not too many (domain C, L.13).

    A specialty already held may be kept although it is closed for new filings.
    """
    chosen, profession = facts.specialties, facts.profession
    remarks: list[Remark] = []
    if facts.effect not in {Effect.CREATE, Effect.MOVE}:
        remarks = not_applicable(NO_CHOICE)
    elif profession is None:
        remarks.append((NO_DATA, PROFESSION_UNKNOWN))
    elif not profession.specialties and not chosen:
        remarks = not_applicable(NO_SPECIALTIES)
    elif not chosen:
        remarks.append((NO_DATA, NONE_CHOSEN))
    else:
        remarks = _specialty_remarks(facts)
    names = listed(facts.names(chosen))
    return conclude(
        "specialty_open",
        remarks,
        fill(OPEN, names=names),
        article=facts.article("specialty_closed"),
        source=FORM_AND_REGISTER,
        as_of=facts.today,
        evidence=((_CHOSEN, names.zh or NOTHING),),
    )


def _specialty_remarks(facts: Facts) -> list[Remark]:
    profession, chosen = facts.profession, facts.specialties
    if profession is None:
        return []
    remarks: list[Remark] = []
    known = {item.key: item for item in profession.specialties}
    current = facts.registration if facts.effect is Effect.MOVE else None
    kept = set(current.specialties) if current else set()
    unknown = [key for key in chosen if key not in known]
    shut = [key for key in chosen if key in known and not known[key].open and key not in kept]
    twice = sorted({key for key in chosen if chosen.count(key) > 1})
    for keys, pattern in ((unknown, NOT_KNOWN), (shut, NOT_OPEN), (twice, TWICE)):
        if keys:
            remarks.append((FAIL, fill(pattern, names=listed(facts.names(keys)))))
    for all_of_them, most in (
        (chosen, profession.max_specialties),
        (_afterwards(facts), facts.number("max_specialties")),
    ):
        if most and len(set(all_of_them)) > most:
            names = listed(facts.names(sorted(set(all_of_them))))
            text = fill(TOO_MANY, count=len(set(all_of_them)), most=most, names=names)
            remarks.append((FAIL, text))
            break
    return remarks


def _afterwards(facts: Facts) -> tuple[str, ...]:
    """Specialties the person would hold in this profession once the case is approved."""
    if facts.profession is None or not facts.profession.per_specialty:
        return facts.specialties
    held = (
        key
        for row in facts.registrations
        if row.profession == facts.profession_key and row.active_on(facts.today)
        for key in row.specialties
    )
    return (*facts.specialties, *held)
