"""Every version of every verdict: how a change is written into the case's history, and read back.

A verdict changes in three ways: an officer gives it, passes the rest at once, or the answer to a
correction opens it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import require_seen
from core.audit import history
from core.cases.context import CaseContext
from core.model import Event, Verdict
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage

GIVEN, PASSED, REOPENED = "verdict", "pass_the_rest", "reopen_verdicts"
"""Steps of the history that change verdicts."""


def value_of(verdict: Verdict) -> dict[str, Any]:
    """What a verdict says, as the history keeps it."""
    return {
        "outcome": verdict.outcome,
        "reasons": list(verdict.reasons),
        "note": verdict.note,
    }


def record(
    context: CaseContext, actor: Actor, step: str, stage: Stage, changes: list[dict[str, Any]]
) -> None:
    """Append one step that changed verdicts at `stage`; changes: `item`, `before`, `after` each."""
    history.record(
        context.session,
        actor,
        step,
        context.subject,
        at=context.now,
        case_id=context.case.id,
        version=context.case.version_id,
        detail={"stage": stage.value, "changes": changes},
    )


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict as it was given once."""

    outcome: Outcome | None
    reasons: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Version:
    """One change of one verdict: who, when, what stood before and after. item: checklist key."""

    stage: Stage
    item: str
    before: Given | None
    after: Given
    officer: str
    at: datetime


def versions(session: Session, actor: Actor, case_id: int) -> tuple[Version, ...]:
    """Every version of every verdict on a case, newest first, as the history has them.

    Raises NotPermitted, NotFound.
    """
    actor.require(Permission.CASE_READ)
    require_seen(session, actor, case_id)
    rows = session.scalars(
        select(Event)
        .where(Event.case_id == case_id, Event.action.in_((GIVEN, PASSED, REOPENED)))
        .order_by(Event.id.desc())
    )
    found = []
    for row in rows:
        detail = orjson.loads(row.detail)
        found += [
            Version(
                stage=Stage(detail["stage"]),
                item=change["item"],
                before=_given(change["before"]) if change["before"] else None,
                after=_given(change["after"]),
                officer=row.actor_name,
                at=row.at,
            )
            for change in detail["changes"]
        ]
    return tuple(found)


def _given(value: Mapping[str, Any]) -> Given:
    outcome = Outcome(value["outcome"]) if value["outcome"] else None
    return Given(outcome, tuple(value["reasons"]), value["note"])
