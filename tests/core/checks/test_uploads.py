"""Uploads: photo, signature, and the materials that a service asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.vocabulary.checks import FindingOutcome
from tests.core.checks.case_in_order import (
    FAIL,
    NO_DATA,
    PASS,
    PHOTO,
    SIGNATURE,
    SILENT,
    WARN,
    Answer,
    assert_says,
    by,
    form,
)

ANSWERS: list[Answer] = [
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
]  # fmt: skip


@pytest.mark.parametrize(("rule", "changes", "outcome", "zh", "en"), ANSWERS)
def test_each_rule_answers_in_both_languages(
    rule: str, changes: dict[str, Any], outcome: FindingOutcome, zh: str, en: str
) -> None:
    assert_says(by(rule, **changes), outcome, zh, en)
