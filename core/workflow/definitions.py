"""The shape of a row of a transition table, whatever the procedure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.access.permissions import Permission
from core.cases.actions import Action
from core.vocabulary.cases import Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.stages import Stage


class When(StrEnum):
    """Conditions on the service that choose between rows; see `core.workflow.engine.applies`."""

    PROVINCE_STAGE = "province_stage"
    NO_PROVINCE_STAGE = "no_province_stage"
    HAS_RECHECK = "has_recheck"
    NO_RECHECK = "no_recheck"
    HAS_PUBLICITY = "has_publicity"
    NO_PUBLICITY = "no_publicity"


class Need(StrEnum):
    """What the actor has to state."""

    NOTHING = "nothing"
    WORDS = "words"  # a reason in words
    CODES = "codes"  # coded reasons with their articles


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. target None: back to the status that a pending withdrawal interrupted.

    guards: names of functions in `core.cases.guards`. stage: desk whose decision this is; a row
    with a stage leaves a `Decision`. approves: what the officer holds. four_eyes: counts for the
    rule that one officer decides only once on a case. holds: the actor must hold the case's lease.
    stops/starts: clocks. message: template told to the applicant. undoes: desks whose decisions in
    force are superseded by going back.
    """

    action: Action
    sources: frozenset[Status]
    target: Status | None
    permission: Permission
    when: When | None = None
    need: Need = Need.NOTHING
    guards: tuple[str, ...] = ()
    stage: Stage | None = None
    approves: bool | None = None
    four_eyes: bool = False
    holds: bool = False
    stops: tuple[ClockKind, ...] = ()
    starts: ClockKind | None = None
    message: str | None = None
    undoes: tuple[Stage, ...] = ()
