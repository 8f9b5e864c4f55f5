"""The automatic checks: each rule's green, red, grey and silent answer, its words and its edges.

Longer than other files: the answers of eighteen rules are one table.
"""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from sqlalchemy import Engine, event
from stdnum.cn import ric

from core import catalogue, db
from core.access.actors import SYSTEM
from core.catalogue import rulebooks
from core.catalogue.types import Effect
from core.checks.case_checks import RULES, check, judged
from core.checks.facts import (
    EmployerFacts,
    Facts,
    OtherCase,
    Payment,
    PersonFacts,
    Picture,
    Registered,
)
from core.checks.findings import LABELS, Finding
from core.checks.reading import facts_of, numbers_of
from core.filing import opening
from core.model import (
    Attachment,
    Employer,
    EmployerQualification,
    InsuranceRecord,
    Person,
    Registration as RegistrationRow,
)
from core.text import Text
from core.vocabulary.cases import Channel
from core.vocabulary.checks import FindingOutcome

PASS, WARN, FAIL = FindingOutcome.PASS, FindingOutcome.WARN, FindingOutcome.FAIL
NO_DATA, SILENT = FindingOutcome.NO_DATA, FindingOutcome.NOT_APPLICABLE

FILED = date(2026, 11, 20)
CODE, OTHER_CODE = "91350100M000100Y43", "91110000000000000N"


def id_of(born: date, *, region: str = "110101", serial: str = "001") -> str:
    number = f"{region}{born:%Y%m%d}{serial}"
    return number + ric.calc_check_digit(number + "0")


BORN = date(1980, 3, 7)
PERSON = PersonFacts(1, "演示甲", "id_card", id_of(BORN), "male", BORN, "10000000001", 0)
EMPLOYER = EmployerFacts(1, "演示甲公司", CODE, "verified", "", date(2026, 1, 5), ())
HELD = Registered(
    7, "演示甲", "survey_design", Text("勘察设计", "Survey and design"), ("structural",),
    1, "演示甲公司", CODE, "S173500001", "3500001-S001", "ZG001", "active", date(2027, 2, 28),
)  # fmt: skip
AWAY = replace(
    HELD, id=8, employer_id=2, employer_name="演示乙公司", employer_code=OTHER_CODE,
    specialties=("chemical",), number="F173500002",
)  # fmt: skip
CASE = OtherCase(
    3, "2026000000003", "survey_design", Effect.EXTEND, ("structural",), True, False,
    1, "演示甲公司", None,
)  # fmt: skip
FORM: dict[str, object] = {
    "name": "演示甲", "sex": "male", "id_type": "resident_id", "id_number": PERSON.id_number,
    "born_on": "1980-03-07", "credit_code": CODE, "qualification_number": "无",
    "employed_from": "2026-01-01", "employed_until": "", "qualification_certificate": "ZG001",
    "qualification_approved_on": "2024-05-01",
}  # fmt: skip
TERM: dict[str, object] = {
    "registration_number": HELD.number, "seal_number": HELD.seal_number, "valid_to": "2027-02-28"
}  # fmt: skip
PHOTO = Picture("photo", 295, 413, 90_000, 0.97, FILED)
SIGNATURE = Picture("signature", 405, 162, 20_000, 0.97, FILED)


def paid(month: int, code: str = CODE, name: str = "演示甲公司", fund: str = "") -> Payment:
    return Payment(date(2026, month, 1), name, code, fund, "演示社保数据", date(2026, 11, 15))


def facts(business: str = "initial", profession: str = "survey_design", **changes: Any) -> Facts:
    """Facts of a case with nothing wrong; `form` adds to the usual form."""
    book = catalogue.BUILT_IN
    service = book.services[profession, business]
    own = () if business == "initial" else (HELD,)
    form = {**FORM, **(TERM if own else {}), **changes.pop("form", {})}
    parameters = {key: book.parameter(key, profession, business) for key in book.parameters}
    usual = Facts(
        profession_key=profession,
        profession=book.professions[profession],
        effect=book.effect(business),
        specialties=("structural",),
        registration_id=None,
        asked=frozenset(field.key for field in service.fields),
        materials=service.materials,
        form=form,
        person=PERSON,
        employer=EMPLOYER,
        registrations=own,
        rivals=(),
        certificates=frozenset({"ZG001"}),
        seals=frozenset(),
        cases=(),
        pictures=(PHOTO, SIGNATURE),
        payments=(paid(9), paid(10)),
        fed_until=date(2026, 11, 15),
        today=FILED,
        filed_on=FILED,
        parameters={**parameters, **changes.pop("parameters", {})},
        articles={key: reason.article for key, reason in book.reasons.items()},
    )
    return replace(usual, **changes)


def assert_says(finding: Finding, outcome: FindingOutcome, zh: str = "", en: str = "") -> None:
    """The outcome, and both languages' words, filled in."""
    assert finding.outcome is outcome, finding.summary
    for text, words in ((finding.summary.zh, zh), (finding.summary.en, en)):
        assert words in text
        assert text
        assert "{" not in text
    assert finding.label == LABELS[finding.rule]
    assert finding.article.zh
    assert finding.source.en


def by(rule: str, **changes: Any) -> Finding:
    return RULES[rule](facts(**changes))


def elder(day: date) -> dict[str, Any]:
    return {"profession": "supervision", "person": replace(PERSON, born_on=day)}


def form(**values: object) -> dict[str, Any]:
    return {"form": values}


def renewal(day: date, end: date = date(2027, 2, 28), **changes: Any) -> dict[str, Any]:
    return {
        "business": "renewal", "filed_on": day, "today": day,
        "registrations": (replace(HELD, valid_to=end),), **changes,
    }  # fmt: skip


CANCELLED = replace(HELD, status="cancelled")
# rule, what differs from a case in order, outcome, words in Chinese, words in English
ANSWERS: list[tuple[str, dict[str, Any], FindingOutcome, str, str]] = [
    ("id_number", {}, PASS, "校验通过", "passes"),
    ("id_number", form(id_number=PERSON.id_number[:-1] + "0"), FAIL, "校验位", "check digit"),
    ("id_number", form(id_number=id_of(date(2030, 1, 1))), FAIL, "晚于申报日", "after the filing"),
    ("id_number", form(id_number=id_of(BORN, region="000001")), WARN, "行政区划", "region"),
    ("id_number", form(id_number=""), NO_DATA, "未填证件号码", "gives no Document number"),
    ("id_number", form(id_type="passport", id_number="E1"), SILENT, "不是身份证", "not an id"),
    ("id_matches_form", {}, PASS, "一致", "agree"),
    ("id_matches_form", form(name="演示乙"), FAIL, "填报为“演示乙”", "register says “演示甲”"),
    ("id_matches_form", form(sex="female"), FAIL, "性别填报为“女”", "“Female”"),
    ("id_matches_form", form(sex="?"), FAIL, "性别“?”无法识别", "cannot be read"),
    ("id_matches_form", form(born_on="1980-03-08"), FAIL, "1980-03-08", "1980-03-07"),
    ("id_matches_form", form(born_on="1980-02-30"), FAIL, "无法识别", "cannot be read"),
    ("id_matches_form", form(born_on=None, sex=[]), NO_DATA, "未填出生日期", "no Sex"),
    ("id_matches_form", form(id_number="1"), FAIL, "无法由其推算", "cannot be read from it"),
    ("age", {}, SILENT, "无年龄上限", "no age limit"),
    ("age", elder(BORN), PASS, "现46周岁", "46 years old"),
    ("age", elder(date(1961, 11, 19)), FAIL, "超过65周岁", "over 65"),
    ("age", elder(date(1961, 11, 20)), WARN, "还有0日", "in 0 days"),
    ("age", elder(date(1962, 2, 18)), WARN, "还有90日", "in 90 days"),
    ("age", elder(date(1962, 2, 19)), PASS, "现64周岁", "64 years old"),
    ("age", elder(date(2030, 1, 1)), NO_DATA, "晚于今天", "in the future"),
    ("age", {**elder(date(1962, 2, 1)), "parameters": {"age_guard_days": 90}}, FAIL,
     "不足90日", "less than 90 days"),
    ("age", {**elder(date(1963, 1, 1)), "parameters": {"term_ends_at_age_limit": True}}, WARN,
     "2029-11-19，超过年满65周岁之日（2028-01-01）", "past the day of turning 65"),
    ("photo", {}, PASS, "符合要求", "in order"),
    ("photo", {"pictures": (replace(PHOTO, width=300),)}, FAIL, "宽300", "300 × 413"),
    ("photo", {"pictures": (replace(PHOTO, size=512_001),)}, FAIL, "501KB", "501 KB"),
    ("photo", {"pictures": (replace(PHOTO, white_share=0.79),)}, WARN, "79%", "79 %"),
    ("photo", {"pictures": (replace(PHOTO, white_share=0.80),)}, PASS, "", ""),
    ("photo", {"pictures": (replace(PHOTO, width=1), PHOTO)}, PASS, "", ""),
    ("photo", {"pictures": ()}, NO_DATA, "尚未上传", "Not uploaded"),
    ("photo", {"pictures": (), "business": "cancellation"}, SILENT, "不需要", "does not ask"),
    ("signature", {}, PASS, "符合要求", "fit"),
    ("signature", {"pictures": (replace(SIGNATURE, width=162, height=405),)}, FAIL, "横向",
     "landscape"),
    ("signature", {"pictures": (replace(SIGNATURE, height=160),)}, FAIL, "高160", "405 × 160"),
    ("signature", {"pictures": (replace(SIGNATURE, white_share=0.5),)}, WARN, "50%", "50 %"),
    ("signature", {"pictures": (PHOTO,)}, NO_DATA, "尚未上传", "Not uploaded"),
    ("signature", {"pictures": (), "business": "cancellation"}, SILENT, "不需要", "not ask"),
    ("materials", {}, PASS, "手写签名", "Handwritten signature"),
    ("materials", {"business": "change"}, FAIL, "解聘证明", "Proof of leaving"),
    ("materials", {"materials": None}, NO_DATA, "无法核对", "no longer"),
    ("materials", {"business": "cancellation"}, SILENT, "没有必交材料", "Nothing is required"),
    ("materials", {"business": "cancellation", **form(forced="yes")}, FAIL, "裁决书", "award"),
    ("employer_standing", {}, PASS, "已认证", "verified"),
    ("employer_standing", {"employer": replace(EMPLOYER, status="bankrupt")}, FAIL, "“已破产”",
     "“Bankrupt”"),
    ("employer_standing", {"employer": replace(EMPLOYER, status="?")}, NO_DATA, "不明", "unknown"),
    ("employer_standing", form(qualification_number="A1"), NO_DATA, "“A1”", "“A1”"),
    ("employer_standing", {**form(qualification_number="A1"), "employer":
     replace(EMPLOYER, certificates=(("A2", None),))}, WARN, "不在", "not among"),
    ("employer_standing", {**form(qualification_number="A1"), "employer":
     replace(EMPLOYER, certificates=(("A1", date(2026, 11, 19)),))}, WARN, "2026-11-19到期",
     "ran out on 2026-11-19"),
    ("employer_standing", {"business": "cancellation", "employer":
     replace(EMPLOYER, status="bankrupt")}, SILENT, "注销", "cancellation"),
    ("credit_code", {}, PASS, "一致", "equals"),
    ("credit_code", {**form(credit_code=CODE[:-1] + "4"), "employer":
     replace(EMPLOYER, credit_code=CODE[:-1] + "4")}, WARN, "校验位", "check character"),
    ("credit_code", form(credit_code="123"), FAIL, "应为18位", "18 characters"),
    ("credit_code", form(credit_code=OTHER_CODE), FAIL, OTHER_CODE, "the employer register"),
    ("credit_code", form(credit_code=None), NO_DATA, "未填", "gives no credit code"),
    ("same_employer", {}, SILENT, "不变更单位", "does not change"),
    ("same_employer", {"business": "change", "registrations": (AWAY,), "registration_id": 8}, PASS,
     "由“演示乙公司”变更到“演示甲公司”", "Moves from"),
    ("same_employer", {"business": "change"}, FAIL, "均为“演示甲公司”", "are both"),
    ("same_employer", {"business": "change", "registrations": ()}, NO_DATA, "没有", "no former"),
    ("same_employer", {"business": "change", **form(change_kind=["specialty"])}, SILENT,
     "只变更专业", "Only the specialty"),
    ("same_employer", {"business": "change", "registrations": (AWAY,), "registration_id": 8,
     **form(former_employer_name="演示丙公司")}, WARN, "演示丙公司", "演示丙公司"),
    ("renewal_window", renewal(date(2026, 8, 28)), PASS, "2026-08-28至2027-02-28", "within"),
    ("renewal_window", renewal(date(2026, 8, 27)), FAIL, "早于申报期", "before the renewal"),
    ("renewal_window", renewal(date(2027, 1, 29)), PASS, "", ""),
    ("renewal_window", renewal(date(2027, 1, 30)), WARN, "不足30日", "less than 30 days"),
    ("renewal_window", renewal(date(2027, 2, 28)), WARN, "不足30日", "less than 30 days"),
    ("renewal_window", renewal(date(2027, 3, 1)), FAIL, "晚于有效期届满日", "after the term"),
    ("renewal_window", renewal(date(2027, 8, 29), date(2028, 2, 29)), PASS, "2027-08-29", ""),
    ("renewal_window", renewal(date(2027, 8, 28), date(2028, 2, 29)), FAIL, "2027-08-29", ""),
    ("renewal_window", renewal(date(2026, 12, 1), today=date(2027, 3, 1)), WARN, "视为准予延续",
     "deemed granted"),
    ("renewal_window", renewal(FILED, registrations=()), NO_DATA, "无法计算", "cannot be computed"),
    ("renewal_window", renewal(FILED, registrations=(CANCELLED,)), PASS, "自动延期", "extends"),
    ("renewal_window", renewal(FILED, registrations=(replace(CANCELLED,
     valid_to=date(2027, 5, 20)),)), PASS, "自动延期", "extends"),
    ("renewal_window", renewal(FILED, registrations=(replace(CANCELLED,
     valid_to=date(2027, 5, 21)),)), PASS, "有效期不变", "the term stays"),
    ("renewal_window", renewal(FILED, registrations=(replace(CANCELLED, employer_id=2),)), FAIL,
     "只能在原单位", "only at"),
    ("renewal_window", {"business": "change"}, SILENT, "不是延续", "no renewal"),
    ("registration_active", {"business": "replacement"}, PASS, "2027-02-28", "Active until"),
    ("registration_active", {}, SILENT, "初始注册", "first registration"),
    ("registration_active", {"business": "renewal", "registrations": ()}, FAIL, "没有", "holds no"),
    ("registration_active", {"business": "renewal", **form(valid_to="")}, NO_DATA,
     "未填注册有效期", "gives no Registered until"),
    ("registration_active", {"business": "renewal", **form(valid_to="soon")}, FAIL, "“soon”",
     "“soon”"),
    ("registration_active", {"business": "renewal", **form(registration_number="S1")}, FAIL,
     "注册号填报为“S1”", "the register “S173500001”"),
    ("registration_active", {"business": "change", "registrations": (CANCELLED,)}, FAIL,
     "“已注销”", "“Cancelled”"),
    ("registration_active", {"business": "renewal", "registrations": (CANCELLED,)}, WARN,
     "重新注册", "brings it back"),
    ("registration_active", {"business": "replacement", "registrations": (replace(HELD,
     number="X1"),), **form(registration_number="X1")}, WARN, "编号规则", "pattern"),
    ("registration_active", {"business": "replacement", "registrations": (replace(HELD,
     valid_to=date(2026, 11, 19)),), **form(valid_to="2026-11-19")}, FAIL, "届满", "ran out"),
    ("registration_active", {"business": "cancellation", "registrations": (replace(HELD,
     valid_to=date(2026, 11, 19)),), **form(valid_to="2026-11-19")}, WARN, "可以注销", "cancelled"),
    ("registration_active", {"business": "renewal", "today": date(2027, 3, 1)}, WARN, "申报后",
     "after the filing"),
    ("registration_active", {"business": "renewal", "employer": replace(EMPLOYER, id=2)}, FAIL,
     "不是注册单位", "registered is"),
    ("qualification", {}, PASS, "未超过3年", "within 3 years"),
    ("qualification", form(qualification_approved_on="2023-11-20"), PASS, "", ""),
    ("qualification", form(qualification_approved_on="2023-11-19"), WARN, "继续教育", "education"),
    ("qualification", form(qualification_approved_on="2026-11-21"), FAIL, "晚于申报日", "after"),
    ("qualification", form(qualification_approved_on="x"), FAIL, "“x”无法识别", "cannot be read"),
    ("qualification", form(qualification_certificate=""), NO_DATA, "未填", "No qualification"),
    ("qualification", {"business": "change"}, SILENT, "不是初始", "no first"),
    ("one_initial", {}, PASS, "首次申报", "the first"),
    ("one_initial", {"registrations": (HELD,)}, FAIL, "已有有效注册（S17", "a second first"),
    ("one_initial", {"registrations": (CANCELLED,)}, FAIL, "只能申报一次", "one first"),
    ("one_initial", {"cases": (replace(CASE, effect=Effect.CREATE, open=False, approved=True),)},
     FAIL, "2026000000003", "approved already"),
    ("one_initial", {"registrations": (replace(HELD, specialties=("hvac",)),)}, PASS, "", ""),
    ("one_initial", {"profession": "supervision"}, SILENT, "可以再次", "may be filed again"),
    ("one_initial", {"business": "renewal"}, SILENT, "不是初始", "no first"),
    ("open_case", {}, PASS, "没有其他在办", "No other case"),
    ("open_case", {"cases": (CASE,)}, FAIL, "2026000000003", "already open"),
    ("open_case", {"cases": (replace(CASE, open=False),)}, PASS, "", ""),
    ("open_case", {"cases": (replace(CASE, specialties=("hvac",)),)}, PASS, "", ""),
    ("specialty_open", {}, PASS, "一级注册结构工程师", "Class 1 structural"),
    ("specialty_open", {"specialties": ("road",)}, FAIL, "暂未开放", "Not open"),
    ("specialty_open", {"specialties": ("nonsense",)}, FAIL, "“nonsense”", "“nonsense”"),
    ("specialty_open", {"specialties": ("hvac", "hvac")}, FAIL, "重复选择", "chosen twice"),
    ("specialty_open", {"profession": "supervision", "specialties": ("building", "power",
     "mining")}, FAIL, "超过上限2个", "limit of 2"),
    ("specialty_open", {"specialties": ()}, NO_DATA, "未填", "No specialty"),
    ("specialty_open", {"profession": "architect", "specialties": ()}, SILENT, "不分专业", "no"),
    ("specialty_open", {"business": "renewal"}, SILENT, "不选择", "lets nobody"),
    ("contract_term", {}, PASS, "无固定期限", "without a fixed end"),
    ("contract_term", form(employed_until="2026-11-20"), PASS, "在期限内", "in force"),
    ("contract_term", form(employed_until="2026-11-19"), FAIL, "已于2026-11-19结束", "ended on"),
    ("contract_term", form(employed_from="2026-11-21"), FAIL, "晚于申报日", "after the filing"),
    ("contract_term", form(employed_until="2025-12-31"), FAIL, "早于开始", "before it starts"),
    ("contract_term", form(employed_until="2027-02-29"), FAIL, "无法识别", "cannot be read"),
    ("contract_term", form(employed_from=""), NO_DATA, "未填聘用开始", "first day"),
    ("contract_term", {"profession": "supervision", **form(employed_from="")}, SILENT, "不填",
     "asks for no"),
    ("insurance", {}, PASS, "2026-09、2026-10", "2026-09, 2026-10"),
    ("insurance", {"payments": (), "fed_until": None}, NO_DATA, "不等于未缴纳", "no sign"),
    ("insurance", {"payments": (paid(8),), "fed_until": date(2026, 9, 30)}, NO_DATA,
     "截至2026-09-30", "reach 2026-09-30"),
    ("insurance", {"payments": (paid(9),), "fed_until": date(2026, 10, 31)}, NO_DATA, "2026-10",
     "2026-10"),
    ("insurance", {"payments": (paid(9),), "fed_until": date(2026, 11, 1)}, FAIL, "R4", "R4"),
    ("insurance", {"payments": (paid(8),)}, FAIL, "R1 2026-09、2026-10", "R1 Nobody"),
    ("insurance", {"payments": (paid(9, OTHER_CODE, "演示乙公司"),
     paid(10, OTHER_CODE, "演示乙公司"))}, FAIL, "R2 缴费单位", "2026-10 演示乙公司"),
    ("insurance", {"payments": (paid(9), paid(10), paid(10, OTHER_CODE))}, FAIL, "R3", "R3 Two"),
    ("insurance", {"payments": (paid(10),)}, FAIL, "R4 缴费中断：2026-09", "gap: 2026-09"),
    ("insurance", {"payments": (paid(10),), "parameters": {"insurance_gap_months": 1}}, WARN, "R4",
     "R4"),
    ("insurance", {"payments": (paid(9), paid(10, fund=OTHER_CODE))}, WARN, "R5", "R5"),
    ("insurance", {"payments": (paid(9, OTHER_CODE), paid(10)),
     "parameters": {"insurance_new_employer_months": 2}}, FAIL, "R6 新单位仅缴纳1个月", "R6"),
    ("insurance", {"payments": (paid(9, OTHER_CODE), paid(10))}, PASS, "自2026-10起", "since 2026"),
    ("insurance", {"business": "renewal", "payments": (paid(9, OTHER_CODE), paid(10))}, FAIL, "R2",
     "R2"),
    ("insurance", {"payments": (paid(9, ""), paid(10, "", "演示乙公司"))}, FAIL,
     "2026-10 演示乙公司", "R2"),
    ("insurance", {"parameters": {"insurance_months": 0}}, SILENT, "未设", "No months"),
    ("duplicates", {}, PASS, "未发现重复", "no duplicate"),
    ("duplicates", {"registrations": (AWAY,)}, FAIL, "D1", "F173500002"),
    ("duplicates", {"registrations": (replace(AWAY, valid_to=date(2026, 11, 19)),)}, PASS, "", ""),
    ("duplicates", {"registrations": (replace(AWAY, valid_to=FILED),)}, FAIL, "D1", "D1"),
    ("duplicates", {"registrations": (replace(AWAY, employer_id=1),)}, PASS, "", ""),
    ("duplicates", {"registrations": (replace(AWAY, profession="architect"),)}, FAIL, "D2", "D2"),
    ("duplicates", {"business": "change", "registrations": (replace(AWAY,
     specialties=("structural",)),)}, PASS, "", ""),
    ("duplicates", {"registrations": (AWAY,), "cases": (replace(CASE, effect=Effect.MOVE,
     specialties=("chemical",), registration_id=8),)}, WARN, "正由在办业务", "being moved"),
    ("duplicates", {"registrations": (AWAY,), "cases": (replace(CASE, effect=Effect.END,
     employer_id=2, specialties=("chemical",), registration_id=8),)}, WARN, "变更或注销", "ended"),
    ("duplicates", {"cases": (CASE,)}, FAIL, "D3", "D3"),
    ("duplicates", {"cases": (replace(CASE, employer_id=2, specialties=("hvac",)),)}, WARN,
     "与本次申报不同", "another employer"),
    ("duplicates", {"person": replace(PERSON, phone_sharers=2)}, WARN, "另有2人", "others: 2"),
    ("duplicates", {"person": replace(PERSON, phone_sharers=2),
     **form(handler_phone="10000000001")}, PASS, "", ""),
    ("duplicates", {"rivals": (replace(HELD, holder="演示乙"),)}, FAIL, "D5 资格证书管理号ZG001",
     "claimed by 演示乙"),
    ("duplicates", {"business": "renewal", "rivals": (HELD,), "certificates": frozenset(),
     "seals": frozenset({HELD.seal_number})}, FAIL, "D5 执业印章号", "D5 Practice seal"),
    ("duplicates", {"business": "cancellation", "registrations": (HELD, AWAY)}, SILENT, "注销",
     "cancellation"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "outcome", "zh", "en"), ANSWERS)
def test_each_rule_answers_in_both_languages(
    rule: str, changes: dict[str, Any], outcome: FindingOutcome, zh: str, en: str
) -> None:
    assert_says(by(rule, **changes), outcome, zh, en)


def test_every_rule_of_the_checklists_exists_and_none_is_left_over() -> None:
    services = catalogue.BUILT_IN.services.values()
    named = {rule for service in services for check in service.checks for rule in check.rules}

    assert named == set(RULES) == set(LABELS)


def test_a_birthday_on_the_29th_of_february_is_kept_on_the_28th_in_a_common_year() -> None:
    born = {"profession": "supervision", "person": replace(PERSON, born_on=date(1960, 2, 29))}

    assert_says(by("age", **born, today=date(2025, 2, 28)), WARN, "2025-02-28")
    assert_says(by("age", **born, today=date(2025, 3, 1)), FAIL, "2025-02-28")


def test_an_old_fifteen_digit_number_is_compared_in_its_long_form() -> None:
    short = PERSON.id_number[:6] + PERSON.id_number[8:17]

    for rule in ("id_number", "id_matches_form"):
        assert_says(by(rule, **form(id_number=short)), PASS)


def test_another_document_is_compared_with_the_register_alone() -> None:
    passport = {"person": replace(PERSON, id_type="passport", id_number="E1"), "form": {
        "id_type": "passport", "id_number": "e1", "sex": "男"}}  # fmt: skip

    assert_says(by("id_matches_form", **passport), PASS)


def test_full_identity_and_telephone_numbers_never_stand_in_a_finding() -> None:
    found = judged_all(person=replace(PERSON, phone_sharers=1), form={"name": "演示乙"})

    words = " ".join(
        [f"{item.summary.zh} {item.summary.en}" for item in found]
        + [value for item in found for _, value in item.evidence]
    )
    assert PERSON.id_number not in words
    assert PERSON.phone not in words


def test_the_article_is_that_of_the_profession() -> None:
    assert "137" in by("duplicates").article.zh
    assert "147" in by("duplicates", profession="supervision").article.zh
    assert "第五十条" in by("renewal_window").article.zh


def judged_all(business: str = "initial", **changes: Any) -> tuple[Finding, ...]:
    return tuple(rule(facts(business, **changes)) for rule in RULES.values())


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40),
    st.dates().map(str), st.lists(st.text(max_size=5), max_size=3),
    st.text(string.digits, min_size=14, max_size=19), st.dictionaries(st.text(), st.text()),
    st.just("9999-12-31"), st.just("{x}"), st.builds(id_of, st.dates()),
)  # fmt: skip


@settings(max_examples=60)
@given(
    st.fixed_dictionaries(dict.fromkeys([*FORM, *TERM, "forced", "change_kind"], VALUES)),
    st.sampled_from(sorted(catalogue.BUILT_IN.services)),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
)
def test_no_form_value_makes_a_rule_raise_or_leaves_it_without_words(
    values: dict[str, object], service: tuple[str, str], day: date
) -> None:
    profession, business = service

    for found in judged_all(
        business, profession=profession, form=values, today=day, filed_on=day,
        person=replace(PERSON, born_on=day),
    ):  # fmt: skip
        assert found.summary.zh
        assert found.summary.en


def test_findings_come_once_each_in_the_order_of_the_checklist() -> None:
    content = rulebooks.compose(catalogue.BUILT_IN, "architect", "cancellation")[1]
    content["checks"][0]["rules"].append("retired_rule")
    rules = rulebooks.read("x", content)

    found = judged(facts("cancellation", "architect"), rules)

    assert [item.rule for item in found] == [
        "id_number", "id_matches_form", "retired_rule", "materials", "open_case",
        "registration_active",
    ]  # fmt: skip
    assert found[2].outcome is NO_DATA


NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def person(name: str, number: str) -> Person:
    return Person(
        name=name, name_key=name, id_number=number, sex="male", born_on=BORN,
        phone="10000000001", created_at=NOW,
    )  # fmt: skip


def employer(name: str, code: str) -> Employer:
    return Employer(
        name=name, credit_code=code, province="35", status="verified", verified_at=NOW,
        created_at=NOW,
    )  # fmt: skip


def registration(who: Person, where: Employer, number: str, **values: Any) -> RegistrationRow:
    usual = {"profession": "survey_design", "specialty": "chemical", "status": "active"}
    return RegistrationRow(
        person_id=who.id, employer_id=where.id, person_name=who.name, number=number,
        first_registered_on=BORN, valid_from=BORN, valid_to=date(2027, 2, 28),
        **{**usual, **values},
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["无", "", "1\x00", "9" * 61, None])
def test_what_is_no_number_is_not_looked_for_among_other_people(typed: object) -> None:
    assert numbers_of(typed) == frozenset()


def test_the_facts_of_a_case_are_read_in_six_queries(engine: Engine) -> None:
    with db.transaction() as session:
        who, twin = person("演示甲", PERSON.id_number), person("演示乙", id_of(BORN, serial="003"))
        here, there = employer("演示甲公司", CODE), employer("演示乙公司", OTHER_CODE)
        session.add_all([who, twin, here, there])
        session.flush()
        session.add_all(
            [
                EmployerQualification(employer_id=here.id, number="A135000010"),
                registration(who, there, "F173500002"),
                registration(twin, there, "F173500003", qualification_certificate="ZG001"),
                registration(
                    twin, there, "CN173500004", specialty="hvac", seal_number="3500001-S001"
                ),
                InsuranceRecord(
                    id_number=who.id_number, name=who.name, payer_name=here.name, payer_code=CODE,
                    month=date(2026, 10, 1), kinds=[], source="演示", as_of=date(2026, 10, 31),
                ),
                InsuranceRecord(
                    id_number=twin.id_number, name=twin.name, payer_name=here.name,
                    payer_code=CODE, month=date(2026, 10, 1), kinds=[], source="演示",
                    as_of=date(2026, 11, 15),
                ),
            ]
        )  # fmt: skip
        values = {**FORM, "qualification_certificate": " zg001 ", "seal_number": "\x01 1"}
        case = opening.open_case(
            session, SYSTEM, profession="survey_design", business="initial",
            specialties=["structural"], person=who, employer=here, form=values,
            channel=Channel.DESK, now=NOW,
        )  # fmt: skip
        session.add(
            Attachment(
                case_id=case.id, person_id=who.id, kind="photo", filename="照片.jpg", sha256="0",
                mime="image/jpeg", size=90_000, width=295, height=413, white_share=0.97,
                added_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        number = case.id
    with db.transaction() as session:
        session.get_one(type(case), number).seal_number = "3500001-S001"
    with db.reading() as session:
        case = session.get_one(type(case), number)
        rules = rulebooks.rulebook_of(session, case.rulebook_id)
        statements: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))

        read = facts_of(session, case, rules, NOW)

        assert len(statements) <= 6
        assert read.person.phone_sharers == 1
        assert [row.number for row in read.registrations] == ["F173500002"]
        assert [row.number for row in read.rivals] == ["F173500003", "CN173500004"]
        assert read.employer.certificates == (("A135000010", None),)
        assert read.fed_until == date(2026, 11, 15)
        assert read.cases == ()
        assert read.certificates == {"zg001", "ZG001"}
        assert read.seals == {"3500001-S001"}
        assert [picture.kind for picture in read.pictures] == ["photo"]
        assert read.filed_on == date(2026, 11, 20)
        younger = replace(rules, parameters={})
        assert facts_of(session, case, younger, NOW).number("insurance_months") == 2
        outcomes = {item.rule: item.outcome for item in check(session, case, rules, NOW)}
    assert outcomes["duplicates"] is FAIL
    assert outcomes["insurance"] is FAIL
    assert outcomes["photo"] is PASS
    assert outcomes["signature"] is NO_DATA
    assert list(outcomes) == list(dict.fromkeys(rule for c in rules.checks for rule in c.rules))
