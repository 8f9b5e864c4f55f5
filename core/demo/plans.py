"""Rulebooks made ready for bulk: every move of the transition table in plain words.

Enumerations are turned into their values here, once, because bulk looks things up by them tens of
times a case.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import cast

from core.cases.actions import Action
from core.cases.context import CaseContext
from core.cases.transitions import FOLLOW_UPS, TRANSITIONS
from core.catalogue.rulebooks import Rulebook
from core.review.verdicts import checklist_stage
from core.vocabulary.cases import FINAL, STATUSES, Status
from core.vocabulary.clocks import CLOCKS, ClockKind
from core.vocabulary.stages import Stage
from core.workflow import engine
from core.workflow.definitions import Transition

PRECEDENCE = tuple(kind.value for kind in sorted(CLOCKS, key=lambda kind: CLOCKS[kind].rank))
"""Clocks, the one to show first."""
STAMP_NAMES = tuple(dict.fromkeys(spec.stamp for spec in STATUSES.values() if spec.stamp))
FINAL_STATUSES = frozenset(status.value for status in FINAL)
CHECKLISTS = {status.value: stage.value for status in Status if (stage := checklist_stage(status))}
"""The desk whose checklist is filled in at a status."""


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the transition table as it works out under one rulebook.

    after: None goes back to what a withdrawal interrupted. starts: a clock with its days.
    """

    action: str
    after: str | None
    stage: str | None
    approves: int | None
    four_eyes: int
    stops: tuple[str, ...]
    starts: tuple[str, int] | None
    message: str | None
    undoes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A rulebook made ready. moves: by status and action. checks: items by desk. follow: what the
    system does by itself on arrival in a status. lease: seconds for which a taken case is held.
    """

    rules: Rulebook
    moves: dict[tuple[str, str], Move]
    checks: dict[str, tuple[str, ...]]
    follow: dict[str, str]
    lease: int
    correction_days: int

    @classmethod
    def of(cls, rules: Rulebook) -> Plan:
        """Read `rules`."""
        seen = cast("CaseContext", SimpleNamespace(rules=rules))
        return cls(
            rules,
            {
                (status.value, row.action.value): _move(row, seen)
                for row in TRANSITIONS
                if engine.applies(row.when, seen)
                for status in row.sources
            },
            {stage.value: tuple(check.key for check in rules.checks_at(stage)) for stage in Stage},
            {
                status.value: action.value
                for status, (action, switch) in FOLLOW_UPS.items()
                if switch is None or rules.switch(switch)
            },
            60 * rules.number("lease_minutes"),
            rules.number("correction_days"),
        )


def _move(row: Transition, seen: CaseContext) -> Move:
    return Move(
        action=row.action.value,
        after=row.target.value if row.target else None,
        stage=row.stage.value if row.stage else None,
        approves=None if row.approves is None else int(row.approves),
        four_eyes=int(row.four_eyes),
        stops=tuple(kind.value for kind in row.stops),
        starts=_started(row.starts, seen),
        message=row.message,
        undoes=tuple(stage.value for stage in row.undoes),
    )


def _started(kind: ClockKind | None, seen: CaseContext) -> tuple[str, int] | None:
    return (kind.value, engine.allowed_days(kind, seen)) if kind else None


STAMPS = {status.value: spec.stamp for status, spec in STATUSES.items() if spec.stamp}
"""Which of a case's dates arrival in a status sets."""
START_REVIEW, LAPSE_ACCEPTANCE = Action.START_REVIEW.value, Action.LAPSE_ACCEPTANCE.value
ASKS = frozenset({Action.REQUEST_CORRECTION.value, Action.REQUEST_FURTHER_CORRECTION.value})
ANSWERS, ISSUES = Action.ANSWER_CORRECTION.value, Action.ISSUE.value
