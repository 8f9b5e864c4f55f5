"""Social insurance: months paid, by whom, and when the data is too old to tell."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.vocabulary.checks import FindingOutcome
from tests.core.checks.case_in_order import (
    FAIL,
    NO_DATA,
    OTHER_CODE,
    PASS,
    SILENT,
    WARN,
    Answer,
    assert_says,
    by,
    paid,
)

ANSWERS: list[Answer] = [
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
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "outcome", "zh", "en"), ANSWERS)
def test_each_rule_answers_in_both_languages(
    rule: str, changes: dict[str, Any], outcome: FindingOutcome, zh: str, en: str
) -> None:
    assert_says(by(rule, **changes), outcome, zh, en)
