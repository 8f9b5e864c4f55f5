"""The transition table of hearings (听证, 行政许可法 §46–§48), as data."""

from __future__ import annotations

from enum import StrEnum

from core.access.permissions import Permission
from core.text import Text
from core.vocabulary.clocks import ClockKind
from core.vocabulary.hearings import HearingStatus
from core.workflow.definitions import Need, Transition

P, S = Permission, HearingStatus


class HearingAction(StrEnum):
    """What can be done about a hearing."""

    REQUEST = "request"
    LAPSE = "lapse_request"
    SCHEDULE = "schedule"
    HOLD = "hold"
    GIVE_UP = "give_up"


A = HearingAction

HEARING_ACTION_LABELS: dict[HearingAction, Text] = {
    A.REQUEST: Text("申请听证", "Ask for a hearing"),
    A.LAPSE: Text("逾期未要求听证", "Not asked for in time"),
    A.SCHEDULE: Text("通知听证", "Schedule"),
    A.HOLD: Text("听证结束", "Hearing held"),
    A.GIVE_UP: Text("放弃听证", "Give up the hearing"),
}

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        A.REQUEST,
        frozenset({S.OFFERED}),
        S.REQUESTED,
        P.HEARING_REQUEST,
        guards=("own", "in_time"),
        stops=(ClockKind.HEARING_REQUEST,),
        starts=ClockKind.HEARING,
    ),
    Transition(
        A.LAPSE,
        frozenset({S.OFFERED}),
        S.WAIVED,
        P.CLOCK_LAPSE,
        guards=("overdue",),
        stops=(ClockKind.HEARING_REQUEST,),
    ),
    Transition(
        A.SCHEDULE,
        frozenset({S.REQUESTED}),
        S.SCHEDULED,
        P.HEARING_HOLD,
        guards=("day_announced", "chair_not_involved"),
    ),
    Transition(
        A.HOLD,
        frozenset({S.SCHEDULED}),
        S.HELD,
        P.HEARING_HOLD,
        need=Need.WORDS,
        guards=("day_come",),
        stops=(ClockKind.HEARING,),
    ),
    Transition(
        A.GIVE_UP,
        frozenset({S.OFFERED, S.REQUESTED, S.SCHEDULED}),
        S.WAIVED,
        P.HEARING_REQUEST,
        guards=("own",),
        stops=(ClockKind.HEARING_REQUEST, ClockKind.HEARING),
    ),
)
