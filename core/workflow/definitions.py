"""The shapes that a procedure is made of, whatever it moves: rows of a transition table, and the
whole.

A procedure is data in its own package: statuses, actions, transitions, named guards. The engine
(`core.workflow.engine`) reads it; the same rows draw the buttons, enforce every command, feed jobs
and print the diagrams.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any

from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import Permission
from core.errors import CoreError
from core.text import Text
from core.vocabulary.clocks import ClockKind
from core.vocabulary.stages import Stage
from core.vocabulary.statuses import StatusSpec


class Need(StrEnum):
    """What the actor has to state."""

    NOTHING = "nothing"
    WORDS = "words"  # a reason in words
    CODES = "codes"  # coded reasons with their articles


class Ground(StrEnum):
    """For what a coded reason is a ground (行政许可法 §32, §38)."""

    CORRECTS = "corrects"  # the applicant can put it right
    REFUSES = "refuses"  # not accepted
    REJECTS = "rejects"  # rejected after review


class Target(Enum):
    """Targets that are no status of their own."""

    STAY = "stay"  # the status stays as it is
    BACK = "back"  # to the status that was interrupted


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a transition table.

    when: a condition on the subject's service that chooses between rows. ground: with `Need.CODES`,
    for what the reasons must be grounds. codes: coded reasons that the step itself rests on, where
    nobody chooses any. guards: names in the procedure's guards. stage: desk whose
    decision this is; a row with a stage leaves a `Decision`. approves: what the officer holds.
    four_eyes: counts for the rule that one officer decides only once on a subject. holds: the actor
    must hold the lease. stops, starts, pauses, resumes: clocks; since_receipt: the started clock
    counts from the beginning of the one it follows. letter: template told to the applicant.
    undoes: desks whose decisions in force are superseded by going back.
    """

    action: StrEnum
    sources: frozenset[StrEnum]
    target: StrEnum | Target
    permission: Permission
    when: StrEnum | None = None
    need: Need = Need.NOTHING
    ground: Ground | None = None
    codes: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    stage: Stage | None = None
    approves: bool | None = None
    four_eyes: bool = False
    holds: bool = False
    stops: tuple[ClockKind, ...] = ()
    starts: ClockKind | None = None
    since_receipt: bool = False
    pauses: tuple[ClockKind, ...] = ()
    resumes: tuple[ClockKind, ...] = ()
    letter: str | None = None
    undoes: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A transition as it was taken, with what was stated."""

    transition: Transition
    before: Any
    after: Any
    reason: str
    codes: tuple[str, ...]


Guard = Callable[[Actor, Any], CoreError | None]
"""Looks at actor and context and returns the error that stands in the way, or None."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A step the system takes by itself on arrival, when the parameter says so (None: always)."""

    action: StrEnum
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure: everything that can happen to one kind of subject.

    key: the kind in `kind:id`. noun: what a person calls the subject. model: its mapped class, with
    `status` and `version_id`. start: the status it begins in. context: makes what guards look at
    (`core.workflow.context`), of a subject at a moment. consequences: what follows from a
    transition beyond status, clocks, decision and history; it is called after them, in the same
    transaction.
    """

    key: str
    label: Text
    noun: Text
    model: type[Any]
    start: StrEnum
    statuses: Mapping[Any, StatusSpec]
    actions: Mapping[Any, Text]
    transitions: tuple[Transition, ...]
    context: Callable[[Session, Procedure, Any, datetime], Any]
    guards: Mapping[str, Guard] = field(default_factory=dict)
    consequences: Callable[[Any, Step, Actor], None] | None = None
    follow_ups: Mapping[Any, FollowUp] = field(default_factory=dict)

    def status(self, value: str) -> StrEnum:
        """The status called `value`. Raises ValueError for one the procedure does not know."""
        found: StrEnum = type(self.start)(value)
        return found

    def action(self, value: str) -> StrEnum:
        """The action called `value`. Raises ValueError for one the procedure does not know."""
        found: StrEnum = type(next(iter(self.actions)))(value)
        return found

    @property
    def final(self) -> frozenset[StrEnum]:
        """Statuses in which nothing can be done any more."""
        return frozenset(status for status, spec in self.statuses.items() if spec.final)
