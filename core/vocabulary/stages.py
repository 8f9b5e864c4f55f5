"""Desks at which officers work on a case."""

from __future__ import annotations

from enum import StrEnum

from core.text import Text


class Stage(StrEnum):
    """Desk at which officers work on a case."""

    ACCEPTANCE = "acceptance"  # 受理
    REVIEW = "review"  # 审查
    RECHECK = "recheck"  # 复核
    DECISION = "decision"  # 决定


STAGE_LABELS: dict[Stage, Text] = {
    Stage.ACCEPTANCE: Text("受理", "Acceptance"),
    Stage.REVIEW: Text("审查", "Review"),
    Stage.RECHECK: Text("复核", "Second look"),
    Stage.DECISION: Text("决定", "Decision"),
}
