"""Standing of a registration: active, in agreement with the form, inside the renewal period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.vocabulary.checks import FindingOutcome
from tests.core.checks.case_in_order import (
    CANCELLED,
    EMPLOYER,
    FAIL,
    FILED,
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


def renewal(day: date, end: date = date(2027, 2, 28), **changes: Any) -> dict[str, Any]:
    return {
        "business": "renewal", "filed_on": day, "today": day,
        "registrations": (replace(HELD, valid_to=end),), **changes,
    }  # fmt: skip


ANSWERS: list[Answer] = [
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
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "outcome", "zh", "en"), ANSWERS)
def test_each_rule_answers_in_both_languages(
    rule: str, changes: dict[str, Any], outcome: FindingOutcome, zh: str, en: str
) -> None:
    assert_says(by(rule, **changes), outcome, zh, en)
