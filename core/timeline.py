"""The progress bar that applicants and officers see, with the four states of M1 图12."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core import catalogue
from core.text import Text
from core.vocabulary import STATUS_LABELS, Status


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

# Ends that leave the bar where the case last rested, marked as not passed.
_STOPPED = {Status.WITHDRAWN, Status.TERMINATED, Status.DISCARDED}
_FAILED = {Status.REFUSED, Status.REJECTED, Status.RETURNED}


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
    resting = _resting(profession, status, passages)
    reached: list[datetime | None] = [None] * len(nodes)
    for passage in passages:
        place = _place(profession, passage.after)
        if place is not None:
            reached[place] = passage.at
    result = []
    for index, node in enumerate(nodes):
        sub = None
        if status is Status.CLOSED or index < resting:
            state = NodeState.DONE
        elif index > resting:
            state = NodeState.NOT_STARTED
        else:
            failed = status in _STOPPED or status in _FAILED
            state = NodeState.FAILED if failed else NodeState.CURRENT
            sub = STATUS_LABELS[status]
        at = reached[index] if state is not NodeState.NOT_STARTED else None
        result.append(Node(node.label, state, at, sub))
    return tuple(result)


def _place(profession: str, status: str) -> int | None:
    for index, node in enumerate(catalogue.current().professions[profession].timeline):
        if status in node.statuses:
            return index
    return None


def _resting(profession: str, status: Status, passages: Sequence[Passage]) -> int:
    """Index of the node where the case rests, or last rested when it was stopped."""
    if status not in _STOPPED:
        return _place(profession, status) or 0
    before = next((item.before for item in reversed(passages) if item.after == status), None)
    return (_place(profession, before) if before else 0) or 0
