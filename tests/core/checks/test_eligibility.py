"""Eligibility: qualification, one first registration only, specialties that are open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.catalogue.types import Effect
from core.vocabulary.checks import FindingOutcome
from tests.core.checks.case_in_order import (
    CANCELLED,
    CASE,
    FAIL,
    HELD,
    NO_DATA,
    PASS,
    SILENT,
    WARN,
    Answer,
    assert_says,
    by,
    form,
)

ANSWERS: list[Answer] = [
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
    ("specialty_open", {}, PASS, "一级注册结构工程师", "Class 1 structural"),
    ("specialty_open", {"specialties": ("road",)}, FAIL, "暂未开放", "Not open"),
    ("specialty_open", {"specialties": ("nonsense",)}, FAIL, "“nonsense”", "“nonsense”"),
    ("specialty_open", {"specialties": ("hvac", "hvac")}, FAIL, "重复选择", "chosen twice"),
    ("specialty_open", {"profession": "supervision", "specialties": ("building", "power",
     "mining")}, FAIL, "超过上限2个", "limit of 2"),
    ("specialty_open", {"specialties": ()}, NO_DATA, "未填", "No specialty"),
    ("specialty_open", {"profession": "architect", "specialties": ()}, SILENT, "不分专业", "no"),
    ("specialty_open", {"business": "renewal"}, SILENT, "不选择", "lets nobody"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "outcome", "zh", "en"), ANSWERS)
def test_each_rule_answers_in_both_languages(
    rule: str, changes: dict[str, Any], outcome: FindingOutcome, zh: str, en: str
) -> None:
    assert_says(by(rule, **changes), outcome, zh, en)
