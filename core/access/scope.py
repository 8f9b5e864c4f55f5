"""Which rows an actor may see and act on: one rule for every command and every list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import DESK_PERMISSIONS, Permission
from core.errors import NotFound
from core.model import Case
from core.text import Text
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage

CASE = Text("案件", "The case")


class Scoped(Protocol):
    """What the rule looks at; cases have it."""

    @property
    def profession(self) -> str: ...
    @property
    def province(self) -> str: ...
    @property
    def person_id(self) -> int: ...
    @property
    def employer_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows of one actor. whole: all that the two limits leave; else only their own.

    professions, province: None where they do not limit. person_id, employer_id: whose own rows.
    """

    whole: bool
    professions: tuple[str, ...] | None = None
    province: str | None = None
    person_id: int | None = None
    employer_id: int | None = None

    def covers(self, row: Scoped) -> bool:
        """Whether `row` is one of them."""
        if self.whole:
            return (self.professions is None or row.profession in self.professions) and (
                self.province is None or row.province == self.province
            )
        return (self.person_id is not None and row.person_id == self.person_id) or (
            self.employer_id is not None and row.employer_id == self.employer_id
        )

    def condition(self, model: Any) -> ColumnElement[bool]:
        """The same rule in SQL, on a mapped class (or columns) with the attributes of `Scoped`."""
        if self.whole:
            limits: list[ColumnElement[bool]] = [true()]
            if self.professions is not None:
                limits.append(model.profession.in_(self.professions))
            if self.province is not None:
                limits.append(model.province == self.province)
            return and_(*limits)
        own: list[ColumnElement[bool]] = [false()]
        if self.person_id is not None:
            own.append(model.person_id == self.person_id)
        if self.employer_id is not None:
            own.append(model.employer_id == self.employer_id)
        return or_(*own)


def scope(actor: Actor, reading: Permission = Permission.CASE_READ) -> Scope:
    """What `actor` may see of cases, or of what another permission to read opens.

    Officers see the professions of their account (all where it names none), provincial officers
    their own province (domain J), applicants and employers their own rows; everybody else nothing.
    Professions limit the work on cases and the figures of it, not the reading of the register.
    """
    if actor.may(reading):
        provincial = Role.PROVINCE in actor.roles
        limited = bool(actor.professions) and reading is not Permission.REGISTER_READ
        return Scope(
            whole=True,
            professions=actor.professions if limited else None,
            # A provincial account without a province sees nothing rather than everything.
            province=(actor.province or "") if provincial else None,
        )
    if actor.may(Permission.OWN_CASES):
        return Scope(whole=False, person_id=actor.person_id, employer_id=actor.employer_id)
    return Scope(whole=False)


def may_see(actor: Actor, row: Scoped) -> bool:
    """Whether a case is in the actor's scope."""
    return scope(actor).covers(row)


def require_seen(session: Session, actor: Actor, case_id: int) -> None:
    """Raise NotFound alike for a case that does not exist and one outside of `actor`'s scope."""
    found = select(Case.id).where(Case.id == case_id, scope(actor).condition(Case))
    if session.scalar(found) is None:
        raise NotFound(what=CASE)


def desks_of(actor: Actor) -> tuple[Stage, ...]:
    """Desks at which the actor may work, in the order of the procedure."""
    return tuple(stage for stage in Stage if actor.may(DESK_PERMISSIONS[stage]))
