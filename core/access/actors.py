"""Whoever acts: an account, a filer elsewhere, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass

from core.access.permissions import GRANTS, Permission
from core.errors import NotPermitted
from core.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, with what their account says of them; plain values only.

    professions: keys a reviewer takes cases of; empty means all. province: two digits, for
    provincial officers only.
    """

    user_id: int | None
    name: str
    roles: frozenset[Role]
    professions: tuple[str, ...] = ()
    province: str | None = None
    person_id: int | None = None
    employer_id: int | None = None

    def may(self, permission: Permission) -> bool:
        """True when one of the actor's roles is granted `permission`."""
        return any(permission in GRANTS[role] for role in self.roles)

    def require(self, permission: Permission) -> None:
        """Raise NotPermitted unless the actor holds `permission`."""
        if not self.may(permission):
            raise NotPermitted


SYSTEM = Actor(None, "系统", frozenset({Role.SYSTEM}))
