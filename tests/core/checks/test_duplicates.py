"""Duplicates: other open cases, second employers, numbers and telephones of other people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.catalogue.types import Effect
from core.vocabulary.checks import FindingOutcome
from tests.core.checks.case_in_order import (
    AWAY,
    CASE,
    FAIL,
    FILED,
    HELD,
    PASS,
    PERSON,
    SILENT,
    WARN,
    Answer,
    assert_says,
    by,
    form,
)

ANSWERS: list[Answer] = [
    ("open_case", {}, PASS, "没有其他在办", "No other case"),
    ("open_case", {"cases": (CASE,)}, FAIL, "2026000000003", "already open"),
    ("open_case", {"cases": (replace(CASE, open=False),)}, PASS, "", ""),
    ("open_case", {"cases": (replace(CASE, specialties=("hvac",)),)}, PASS, "", ""),
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
