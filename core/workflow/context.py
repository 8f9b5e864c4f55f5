"""What the engine and the guards look at: a subject at a moment, its parts read when first asked
for.

A command asks for the few that its guards need; a page that shows every action asks for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from core import catalogue, clock, db
from core.access.actors import Actor
from core.access.scope import scope
from core.model import Clock, Decision, Registration
from core.vocabulary.clocks import CLOCKS, ClockKind
from core.vocabulary.stages import Stage
from core.workflow import leases
from core.workflow.definitions import Procedure, Transition
from core.workflow.leases import Holder


@dataclass(frozen=True, slots=True)
class InForce:
    """A decision in force that counts for the rule of different people."""

    officer_id: int | None
    stage: Stage
    approves: bool | None


T = TypeVar("T")
DECISIONS_KNOWN = "decisions in force"

# Built once, for every command asks them.
_RUNNING_CLOCKS = select(Clock).where(Clock.subject == bindparam("on"), Clock.ended_on.is_(None))
_COUNTING_DECISIONS = (
    select(Decision.officer_id, Decision.stage, Decision.approves)
    .where(Decision.subject == bindparam("on"), Decision.four_eyes, ~Decision.superseded)
    .order_by(Decision.id)
)


class Context:
    """A subject and all that bears on what may be done to it at `now`.

    row: the mapped subject, locked by the command that moves it.
    """

    def __init__(self, session: Session, procedure: Procedure, row: Any, now: datetime) -> None:
        self.session = session
        self.procedure = procedure
        self.row = row
        self.now = now

    @property
    def subject(self) -> str:
        """The subject as history, clocks, leases and decisions name it."""
        return f"{self.procedure.key}:{self.row.id}"

    @property
    def case_id(self) -> int | None:
        """The case, when the subject is one."""
        return None

    @property
    def about_case(self) -> int | None:
        """The case whose history a step of this subject belongs to, if any."""
        return self.case_id

    @property
    def status(self) -> Any:
        """The status, as a value of the procedure's enumeration."""
        return self.procedure.status(self.row.status)

    @property
    def interrupted(self) -> StrEnum:
        """The status that `Target.BACK` leads to."""
        raise NotImplementedError(f"nothing interrupts a status of {self.procedure.key}")

    @property
    def today(self) -> date:
        return clock.day_of(self.now)

    def _once(self, what: str, read: Callable[[], T]) -> T:
        """What `read` finds; once a transaction when the subject is locked in it.

        Nobody else can change the lease, the clocks or the decisions of a locked subject, and the
        places here that do so keep what is known in step.
        """
        known = db.known_until_end(self.session)
        if (self.procedure.key, self.row.id) not in known.get("locked", {}):
            return read()
        found: dict[str, T] = known.setdefault(what, {})
        if self.subject not in found:
            found[self.subject] = read()
        return found[self.subject]

    @cached_property
    def holder(self) -> Holder | None:
        """Who holds the subject now."""
        found = self._once(leases.KNOWN, lambda: leases.last_holder(self.session, self.subject))
        return found if found is not None and found.until > self.now else None

    @cached_property
    def clocks(self) -> dict[ClockKind, Clock]:
        """The clocks that run or pause, by kind."""
        return self._once("clocks", self._read_clocks)

    def _read_clocks(self) -> dict[ClockKind, Clock]:
        rows = self.session.scalars(_RUNNING_CLOCKS, {"on": self.subject})
        return {ClockKind(row.kind): row for row in rows}

    @cached_property
    def in_force(self) -> tuple[InForce, ...]:
        """Decisions in force that count, oldest first."""
        return self._once(DECISIONS_KNOWN, self._read_in_force)

    def _read_in_force(self) -> tuple[InForce, ...]:
        rows = self.session.execute(_COUNTING_DECISIONS, {"on": self.subject})
        return tuple(InForce(row.officer_id, Stage(row.stage), row.approves) for row in rows)

    @property
    def officers(self) -> frozenset[int]:
        """Officers whose decisions in force count: none of them may decide again."""
        return frozenset(item.officer_id for item in self.in_force if item.officer_id is not None)

    @property
    def proposal(self) -> bool | None:
        """What the review in force proposes (True: approval)."""
        return next((item.approves for item in self.in_force if item.stage is Stage.REVIEW), None)

    @property
    def paused(self) -> Clock | None:
        """A clock that pauses now."""
        return next((row for row in self.clocks.values() if row.paused_on is not None), None)

    def held_by(self, actor: Actor) -> bool:
        """True when `actor` holds the subject now."""
        return self.holder is not None and self.holder.user_id == actor.user_id

    def seen_by(self, actor: Actor) -> bool:
        """Whether `actor` may see the subject at all."""
        raise NotImplementedError

    def applies(self, when: StrEnum | None) -> bool:
        """Whether a row of the table is meant for this subject's service."""
        return when is None

    def switch(self, parameter: str) -> bool:
        """A yes/no parameter of the subject's service."""
        raise NotImplementedError

    def number(self, parameter: str) -> int:
        """A numeric parameter of the subject's service."""
        raise NotImplementedError

    def allowed_days(self, kind: ClockKind) -> int:
        """Working days that a clock of `kind` allows this subject (domain H)."""
        return self.number(CLOCKS[kind].parameter)

    def grounds(self, row: Transition, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Those of `codes` that can carry `row`; what the subject itself knows when none is
        given."""
        raise NotImplementedError

    def moved(self, row: Transition, before: StrEnum, after: StrEnum) -> None:  # noqa: ARG002 for procedures that keep more
        """Write what the subject itself keeps of a change of status; the status is set already.

        By default the date that the new status stamps, the first time only.
        """
        stamp = self.procedure.statuses[after].stamp
        if stamp is not None and getattr(self.row, stamp) is None:
            setattr(self.row, stamp, self.now)

    def clocks_moved(self) -> None:
        """Write what the subject itself keeps of its clocks."""

    def related(self) -> tuple[Select[Any], ...]:
        """The other rows that a step of the subject may change; by default there are none."""
        return ()

    def lock_related(self) -> None:
        """Lock what `related` names, until the transaction ends.

        Everybody locks in one order, so that nobody waits in a circle: the subject (several by
        their numbers), what a step of it may change, then the heads of the history (several by
        theirs).
        """
        for rows in self.related():
            self.session.execute(
                rows.with_for_update(key_share=True).execution_options(populate_existing=True)
            )


class PersonContext(Context):
    """The context of what concerns one person: an appeal, an amendment, a revocation, a hearing."""

    @cached_property
    def professions(self) -> frozenset[str]:
        """Those whose officers deal with it: where the person is registered; none is everybody's.

        What is about one profession alone names that one.
        """
        held = select(Registration.profession).where(Registration.person_id == self.row.person_id)
        return frozenset(self.session.scalars(held))

    def seen_by(self, actor: Actor) -> bool:
        """The person themselves, and officers of the ministry for one of its professions."""
        seen = scope(actor)
        if seen.whole:
            limits = seen.professions
            theirs = limits is None or not self.professions or self.professions & {*limits}
            return seen.province is None and bool(theirs)
        return seen.person_id is not None and seen.person_id == self.row.person_id

    def number(self, parameter: str) -> int:
        return int(catalogue.current().parameters[parameter].default)
