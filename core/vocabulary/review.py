"""An officer's verdict on one checklist item."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


class Outcome(StrEnum):
    """A reviewer's verdict on one checklist item."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"


OUTCOME_LABELS: dict[Outcome, Text] = {
    Outcome.PASS: Text("符合", "Meets"),
    Outcome.FAIL: Text("不符合", "Fails"),
    Outcome.NOT_APPLICABLE: Text("不适用", "N/A"),
}
