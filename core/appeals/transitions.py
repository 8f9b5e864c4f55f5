"""The transition table of appeals (申辩, domain G3), as data."""

from __future__ import annotations

from enum import StrEnum

from core.access.permissions import Permission
from core.text import Text
from core.vocabulary.appeals import AppealStatus
from core.vocabulary.clocks import ClockKind
from core.vocabulary.stages import Stage
from core.workflow.definitions import Need, Transition

P, S = Permission, AppealStatus


class AppealAction(StrEnum):
    """What can be done to an appeal."""

    ANSWER = "answer"
    LAPSE = "lapse_appeal"
    PROPOSE_UPHOLD = "propose_uphold"
    PROPOSE_DENY = "propose_deny"
    RETURN = "return_to_review"
    UPHOLD = "uphold"
    DENY = "deny"


A = AppealAction

APPEAL_ACTION_LABELS: dict[AppealAction, Text] = {
    A.ANSWER: Text("提交申辩", "Answer"),
    A.LAPSE: Text("逾期未申辩", "Not answered in time"),
    A.PROPOSE_UPHOLD: Text("拟申辩成立", "Propose to uphold"),
    A.PROPOSE_DENY: Text("拟申辩不成立", "Propose to deny"),
    A.RETURN: Text("退回审查", "Return to review"),
    A.UPHOLD: Text("申辩成立", "Uphold"),
    A.DENY: Text("申辩不成立", "Deny"),
}

_REVIEW, _RECHECK = frozenset({S.SUBMITTED}), frozenset({S.RECHECK})
_OTHERS = ("not_yet_decided_by_actor",)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        A.ANSWER,
        frozenset({S.PENDING}),
        S.SUBMITTED,
        P.APPEAL_ANSWER,
        need=Need.WORDS,
        guards=("own", "in_time"),
        stops=(ClockKind.APPEAL,),
    ),
    Transition(
        A.LAPSE,
        frozenset({S.PENDING}),
        S.OVERDUE,
        P.CLOCK_LAPSE,
        guards=("overdue",),
        stops=(ClockKind.APPEAL,),
    ),
    Transition(
        A.PROPOSE_UPHOLD,
        _REVIEW,
        S.RECHECK,
        P.APPEAL_REVIEW,
        need=Need.WORDS,
        guards=_OTHERS,
        stage=Stage.REVIEW,
        approves=True,
        four_eyes=True,
    ),
    Transition(
        A.PROPOSE_DENY,
        _REVIEW,
        S.RECHECK,
        P.APPEAL_REVIEW,
        need=Need.WORDS,
        guards=_OTHERS,
        stage=Stage.REVIEW,
        approves=False,
        four_eyes=True,
    ),
    Transition(
        A.RETURN,
        _RECHECK,
        S.SUBMITTED,
        P.APPEAL_REVIEW,
        need=Need.WORDS,
        guards=_OTHERS,
        stage=Stage.RECHECK,
        undoes=(Stage.REVIEW,),
    ),
    Transition(
        A.UPHOLD,
        _RECHECK,
        S.UPHELD,
        P.APPEAL_REVIEW,
        guards=(*_OTHERS, "proposal_upholds"),
        stage=Stage.RECHECK,
        approves=True,
        four_eyes=True,
    ),
    Transition(
        A.DENY,
        _RECHECK,
        S.DENIED,
        P.APPEAL_REVIEW,
        need=Need.WORDS,
        guards=(*_OTHERS, "proposal_denies"),
        stage=Stage.RECHECK,
        approves=False,
        four_eyes=True,
    ),
)
