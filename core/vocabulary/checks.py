"""What an automatic check found."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


class FindingOutcome(StrEnum):
    """What an automatic check found; "no data" is never "mismatch" (domain G)."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"


FINDING_LABELS: dict[FindingOutcome, Text] = {
    FindingOutcome.PASS: Text("正常", "Passed"),
    FindingOutcome.WARN: Text("提示", "Attention"),
    FindingOutcome.FAIL: Text("异常", "Failed"),
    FindingOutcome.NO_DATA: Text("未比对", "No data"),
    FindingOutcome.NOT_APPLICABLE: Text("不适用", "N/A"),
}
