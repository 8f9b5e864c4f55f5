"""Which rows an actor may see and act on: one rule for every command and every list."""

from __future__ import annotations

from typing import Protocol

from core.access.actors import Actor
from core.access.permissions import DESK_PERMISSIONS, Permission
from core.text import Text
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage

CASE = Text("案件", "The case")


class OwnedRow(Protocol):
    """What the row rules look at; cases have it."""

    @property
    def person_id(self) -> int: ...
    @property
    def employer_id(self) -> int: ...
    @property
    def province(self) -> str: ...


def may_see(actor: Actor, row: OwnedRow) -> bool:
    """Row rule: applicants and employers see their own, provinces their province, officers all."""
    if actor.may(Permission.CASE_READ):
        return Role.PROVINCE not in actor.roles or row.province == actor.province
    if not actor.may(Permission.OWN_CASES):
        return False
    return (actor.person_id is not None and row.person_id == actor.person_id) or (
        actor.employer_id is not None and row.employer_id == actor.employer_id
    )


def desks_of(actor: Actor) -> tuple[Stage, ...]:
    """Desks at which the actor may work, in the order of the procedure."""
    return tuple(stage for stage in Stage if actor.may(DESK_PERMISSIONS[stage]))
