"""The transition table of revocations (撤销, 行政许可法 §69), as data."""

from __future__ import annotations

from enum import StrEnum

from core.access.permissions import Permission
from core.text import Text
from core.vocabulary.clocks import ClockKind
from core.vocabulary.revocations import RevocationStatus
from core.vocabulary.stages import Stage
from core.workflow.definitions import Need, Transition

P, S = Permission, RevocationStatus


class RevocationAction(StrEnum):
    """What can be done in a revocation."""

    NOTIFY = "notify"
    ANSWER = "answer"
    LAPSE = "lapse_answer"
    REVOKE = "revoke"
    DROP = "drop"


A = RevocationAction

REVOCATION_ACTION_LABELS: dict[RevocationAction, Text] = {
    A.NOTIFY: Text("告知当事人", "Tell the person"),
    A.ANSWER: Text("陈述申辩", "Answer"),
    A.LAPSE: Text("逾期未陈述", "Not answered in time"),
    A.REVOKE: Text("撤销注册", "Revoke"),
    A.DROP: Text("不予撤销", "Do not revoke"),
}

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        A.NOTIFY,
        frozenset({S.OPENED}),
        S.NOTIFIED,
        P.REVOCATION_OPEN,
        need=Need.WORDS,
        stage=Stage.REVIEW,
        approves=True,
        four_eyes=True,
        starts=ClockKind.HEARD,
    ),
    Transition(
        A.ANSWER,
        frozenset({S.NOTIFIED}),
        S.DECISION,
        P.APPEAL_ANSWER,
        need=Need.WORDS,
        guards=("own",),
        stops=(ClockKind.HEARD,),
    ),
    Transition(
        A.LAPSE,
        frozenset({S.NOTIFIED}),
        S.DECISION,
        P.CLOCK_LAPSE,
        guards=("overdue",),
        stops=(ClockKind.HEARD,),
    ),
    Transition(
        A.REVOKE,
        frozenset({S.DECISION}),
        S.REVOKED,
        P.REVOCATION_DECIDE,
        need=Need.WORDS,
        guards=("not_yet_decided_by_actor", "no_hearing_pending"),
        stage=Stage.DECISION,
        approves=True,
        four_eyes=True,
    ),
    Transition(
        A.DROP,
        frozenset({S.OPENED, S.NOTIFIED, S.DECISION}),
        S.DROPPED,
        P.REVOCATION_DECIDE,
        need=Need.WORDS,
        stage=Stage.DECISION,
        approves=False,
    ),
)
