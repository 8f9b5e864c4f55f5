"""The transition table of identity amendments (信息更正, domain E), as data."""

from __future__ import annotations

from enum import StrEnum

from core.access.permissions import Permission
from core.text import Text
from core.vocabulary.amendments import AmendmentStatus
from core.vocabulary.stages import Stage
from core.workflow.definitions import Need, Transition

P, S = Permission, AmendmentStatus


class AmendmentAction(StrEnum):
    """What can be done to an amendment."""

    FILE = "file"
    PASS = "pass"  # noqa: S105 a verdict, not a password
    FAIL = "fail"


A = AmendmentAction

AMENDMENT_ACTION_LABELS: dict[AmendmentAction, Text] = {
    A.FILE: Text("上报", "File"),
    A.PASS: Text("更正通过", "Amend"),
    A.FAIL: Text("更正不通过", "Do not amend"),
}

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        A.FILE, frozenset({S.DRAFT}), S.FILED, P.AMENDMENT_FILE, guards=("own", "explained")
    ),
    Transition(
        A.PASS,
        frozenset({S.FILED}),
        S.PASSED,
        P.AMENDMENT_DECIDE,
        guards=("number_free",),
        stage=Stage.REVIEW,
        approves=True,
    ),
    Transition(
        A.FAIL,
        frozenset({S.FILED}),
        S.FAILED,
        P.AMENDMENT_DECIDE,
        need=Need.WORDS,
        stage=Stage.REVIEW,
        approves=False,
    ),
)
