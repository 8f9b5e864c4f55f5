"""Where a script leads, read off the transition table without carrying it out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from core.cases.actions import Action
from core.demo.plans import START_REVIEW, Plan
from core.demo.shapes import (
    ANSWER,
    CLAIM,
    JUDGE,
    NOTE,
    Step,
)
from core.vocabulary.cases import Status

_NO_MOVE = frozenset({ANSWER, JUDGE, NOTE})


class Course(NamedTuple):
    """status: where the case rests. actions: all that were taken on the way."""

    status: Status
    actions: frozenset[Action]


def course(plan: Plan, steps: Iterable[Step], until: int) -> Course:
    """The course of a case under `plan` through its `steps` up to `until`."""
    status, resumes, taken = Status.DRAFT.value, None, set()
    for step in steps:
        if step.at > until:
            break
        action: str | None = step.kind
        if action in _NO_MOVE:
            continue
        if action == CLAIM:
            action = START_REVIEW if status == Status.ACCEPTED else None
        while action:
            taken.add(Action(action))
            before, status = status, plan.moves[status, action].after or resumes or status
            resumes = before if status == Status.WITHDRAWING else None
            action = plan.follow.get(status)
    return Course(Status(status), frozenset(taken))
