"""The progress bar that applicants and officers see, with the four states of M1 图12."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core import catalogue
from core.catalogue.types import TimelineNode
from core.text import Text
from core.vocabulary.cases import STATUSES, Status
from core.vocabulary.statuses import Ending, Milestone


class NodeState(StrEnum):
    NOT_STARTED = "not_started"
    CURRENT = "current"
    FAILED = "failed"
    DONE = "done"


NODE_LABELS: dict[NodeState, Text] = {
    NodeState.NOT_STARTED: Text("未进行", "Not started"),
    NodeState.CURRENT: Text("正在进行", "In progress"),
    NodeState.FAILED: Text("未通过", "Not passed"),
    NodeState.DONE: Text("已完成", "Done"),
}


@dataclass(frozen=True, slots=True)
class Passage:
    """One change of status, as the history records it."""

    before: str | None
    after: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Node:
    """One dot: label, state, when it was reached last, and what stands under it."""

    label: Text
    state: NodeState
    at: datetime | None
    sub: Text | None


def timeline(profession: str, status: Status, passages: Sequence[Passage]) -> tuple[Node, ...]:
    """The nodes of a case of `profession` in `status` that went through `passages`, oldest first.

    A node is 正在进行 while the case rests there, 未通过 when it was returned, refused or rejected
    there; later nodes stay 未进行 (domain E).
    """
    nodes = catalogue.current().professions[profession].timeline
    spec = STATUSES[status]
    resting = _resting(nodes, status, passages)
    reached: list[datetime | None] = [None] * len(nodes)
    for passage in passages:
        if passage.before == passage.after:  # a clock that pauses or resumes leads nowhere
            continue
        place = _place(nodes, passage.after)
        if place is not None:
            reached[place] = passage.at
    result = []
    for index, node in enumerate(nodes):
        sub = None
        if spec.ending is Ending.DONE or index < resting:
            state = NodeState.DONE
        elif index > resting:
            state = NodeState.NOT_STARTED
        else:
            state = NodeState.FAILED if spec.failed or spec.final else NodeState.CURRENT
            sub = spec.label
        at = reached[index] if state is not NodeState.NOT_STARTED else None
        result.append(Node(node.label, state, at, sub))
    return tuple(result)


def _place(nodes: Sequence[TimelineNode], status: str) -> int | None:
    """Index of the status's own dot, of the first after it, or of the last one."""
    milestone = STATUSES[Status(status)].milestone
    if milestone is None:
        return None
    order = list(Milestone)
    for index, node in enumerate(nodes):
        if order.index(node.milestone) >= order.index(milestone):
            return index
    return len(nodes) - 1


def _resting(nodes: Sequence[TimelineNode], status: Status, passages: Sequence[Passage]) -> int:
    """Index of the node where the case rests, or last rested when it was stopped."""
    if STATUSES[status].ending is not Ending.STOPPED:
        return _place(nodes, status) or 0
    before = next((item.before for item in reversed(passages) if item.after == status), None)
    return (_place(nodes, before) if before else 0) or 0
