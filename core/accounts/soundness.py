"""What an account may look like: its name, its roles, its professions and its province."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from core import catalogue
from core.access.permissions import GRANTS, Permission
from core.catalogue.regions import PROVINCES
from core.config import settings
from core.errors import CoreError
from core.identifiers import usable_name
from core.model import User
from core.text import Text
from core.vocabulary.roles import ROLE_LABELS, Role

NAME_LENGTH: Final[int] = User.__table__.c.name.type.length  # type: ignore[attr-defined]

FILERS: Final = frozenset({Role.APPLICANT, Role.EMPLOYER})
"""Who applies; such an account never holds an office that decides on applications."""

APART: Final = frozenset(
    frozenset(pair)
    for pair in (
        (Role.REVIEWER, Role.DECIDER),
        (Role.ACCEPTOR, Role.DECIDER),
        (Role.PROVINCE, Role.REVIEWER),
        (Role.PROVINCE, Role.DECIDER),
        (Role.SUPERVISOR, Role.REVIEWER),
        (Role.SUPERVISOR, Role.DECIDER),
        (Role.ADMIN, Role.REVIEWER),
        (Role.ADMIN, Role.DECIDER),
        (Role.ADMIN, Role.SUPERVISOR),
    )
)
"""Offices that check each other: one account holds both only where REGDESK_COMBINED_ROLES is on.

Whoever holds both still never decides on a case they reviewed: that is asked case by case.
"""


NAME: Final = Text("姓名", "name")


class RolesMissing(CoreError):
    text = Text("账号至少要有一个角色。", "An account needs at least one role.")


class RoleReserved(CoreError):
    text = Text("角色“{role}”不能授予账号。", "The role “{role}” cannot be given to an account.")


class RolesApart(CoreError):
    text = Text(
        "角色“{one}”与“{other}”须由不同的人担任，不能授予同一账号。",
        "The roles “{one}” and “{other}” belong to different people and cannot be held by one "
        "account.",
    )


class ProfessionUnknown(CoreError):
    text = Text(
        "没有“{key}”这一专业；可用的有：{known}",
        "There is no profession “{key}”; known are: {known}",
    )


class ProvinceUnknown(CoreError):
    text = Text(
        "没有代码为“{code}”的省份；应为两位行政区划代码，如 37（山东省）。",
        "No province has the code “{code}”; use two digits of GB/T 2260, such as 37 (Shandong).",
    )


class ProvinceMissing(CoreError):
    text = Text("省级注册主管部门的账号须指定省份。", "A provincial authority needs its province.")


class AreaUnused(CoreError):
    text = Text(
        "该账号的角色不分{what}，请勿指定。",
        "The roles of this account know no {what}; leave it out.",
    )


PROVINCE = Text("省份", "province")
PROFESSION = Text("专业", "profession")


def name(typed: str) -> str:
    """A name as it is kept. Raises what `usable_name` raises."""
    return usable_name(typed, NAME, NAME_LENGTH)


def roles(wanted: Sequence[Role]) -> list[Role]:
    """Roles that one account may hold, each once. Raises RolesMissing, RoleReserved, RolesApart."""
    held = list(dict.fromkeys(wanted))
    if not held:
        raise RolesMissing
    if Role.SYSTEM in held:
        raise RoleReserved(role=ROLE_LABELS[Role.SYSTEM])
    for one, other in combinations(held, 2):
        filer = (one in FILERS) or (other in FILERS)
        if filer or (frozenset({one, other}) in APART and not settings().combined_roles):
            raise RolesApart(one=ROLE_LABELS[one], other=ROLE_LABELS[other])
    return held


def area(held: Sequence[Role], professions: Sequence[str], province: str | None) -> None:
    """Professions and province fit together with the roles.

    Raises ProfessionUnknown, ProvinceUnknown, ProvinceMissing, AreaUnused.
    """
    known = catalogue.current().professions
    for key in professions:
        if key not in known:
            raise ProfessionUnknown(key=key, known=", ".join(known))
    if professions and not any(Permission.QUEUE_READ in GRANTS[role] for role in held):
        raise AreaUnused(what=PROFESSION)
    if province is not None and province not in PROVINCES:
        raise ProvinceUnknown(code=province)
    if province is None and Role.PROVINCE in held:
        raise ProvinceMissing
    if province is not None and Role.PROVINCE not in held:
        raise AreaUnused(what=PROVINCE)
