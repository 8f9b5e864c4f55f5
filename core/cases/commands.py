"""The command that takes an action on a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.cases.actions import Action
from core.cases.procedure import CASE
from core.model import Case
from core.workflow import commands


def perform(
    session: Session,
    actor: Actor,
    case_id: int,
    action: Action,
    *,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
    codes: Sequence[str] = (),
    follow_at: datetime | None = None,
) -> Case:
    """Take `action` on a case and everything that follows from it; returns the case.

    The arguments, and what is raised, are those of `core.workflow.commands.perform`.
    """
    context = commands.perform(
        session,
        CASE,
        actor,
        case_id,
        action,
        now=now,
        seen_version=seen_version,
        reason=reason,
        codes=codes,
        follow_at=follow_at,
    )
    return cast("Case", context.row)
