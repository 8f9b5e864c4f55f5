"""Identity: the number of the document, the person in the register, the age limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.vocabulary.checks import FindingOutcome
from tests.core.checks.case_in_order import (
    BORN,
    FAIL,
    NO_DATA,
    PASS,
    PERSON,
    SILENT,
    WARN,
    Answer,
    assert_says,
    by,
    form,
    id_of,
)


def elder(day: date) -> dict[str, Any]:
    return {"profession": "supervision", "person": replace(PERSON, born_on=day)}


ANSWERS: list[Answer] = [
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
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "outcome", "zh", "en"), ANSWERS)
def test_each_rule_answers_in_both_languages(
    rule: str, changes: dict[str, Any], outcome: FindingOutcome, zh: str, en: str
) -> None:
    assert_says(by(rule, **changes), outcome, zh, en)


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
