"""Employment: the employer's standing and code, a move between employers, the contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.vocabulary.checks import FindingOutcome
from tests.core.checks.case_in_order import (
    AWAY,
    CODE,
    EMPLOYER,
    FAIL,
    NO_DATA,
    OTHER_CODE,
    PASS,
    SILENT,
    WARN,
    Answer,
    assert_says,
    by,
    form,
)

ANSWERS: list[Answer] = [
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
    ("contract_term", {}, PASS, "无固定期限", "without a fixed end"),
    ("contract_term", form(employed_until="2026-11-20"), PASS, "在期限内", "in force"),
    ("contract_term", form(employed_until="2026-11-19"), FAIL, "已于2026-11-19结束", "ended on"),
    ("contract_term", form(employed_from="2026-11-21"), FAIL, "晚于申报日", "after the filing"),
    ("contract_term", form(employed_until="2025-12-31"), FAIL, "早于开始", "before it starts"),
    ("contract_term", form(employed_until="2027-02-29"), FAIL, "无法识别", "cannot be read"),
    ("contract_term", form(employed_from=""), NO_DATA, "未填聘用开始", "first day"),
    ("contract_term", {"profession": "supervision", **form(employed_from="")}, SILENT, "不填",
     "asks for no"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "outcome", "zh", "en"), ANSWERS)
def test_each_rule_answers_in_both_languages(
    rule: str, changes: dict[str, Any], outcome: FindingOutcome, zh: str, en: str
) -> None:
    assert_says(by(rule, **changes), outcome, zh, en)
