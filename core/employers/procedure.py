"""Employer verification, put together: table, context, guards, and the command."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from core import typed
from core.access.actors import Actor
from core.access.scope import scope
from core.employers.transitions import EMPLOYER_ACTION_LABELS, TRANSITIONS, EmployerAction
from core.errors import CoreError
from core.identifiers import check_credit_code
from core.model import Employer
from core.text import Text
from core.vocabulary.employers import EMPLOYER_STATUSES, EmployerStatus
from core.workflow import commands
from core.workflow.context import Context
from core.workflow.definitions import Procedure, Step

LONGEST_REASON = 500


class CodeUnusable(CoreError):
    text = Text(
        "统一社会信用代码有误，请退回企业更正：{why}",
        "The credit code is unusable; return it to the employer: {why}",
    )


class EmployerContext(Context):
    """An employer at a moment."""

    row: Employer

    def seen_by(self, actor: Actor) -> bool:
        """The province of registration, the employer's own handlers, and officers who see all."""
        seen = scope(actor)
        if seen.whole:
            return seen.province in {None, self.row.province}
        return seen.employer_id is not None and seen.employer_id == self.row.id


def code_valid(_actor: Actor, employer: EmployerContext) -> CoreError | None:
    """A code that cannot exist is not verified; one that only fails its check digit may (domain
    F)."""
    problem = check_credit_code(employer.row.credit_code)
    return CodeUnusable(why=problem.text) if problem is not None and problem.blocks else None


def _consequences(context: EmployerContext, step: Step, _actor: Actor) -> None:
    context.row.status_reason = typed.lines(step.reason, typed.REASON, LONGEST_REASON)


EMPLOYER = Procedure(
    key="employer",
    label=Text("聘用单位认证", "Employer verification"),
    noun=Text("聘用单位", "The employer"),
    model=Employer,
    start=EmployerStatus.UNVERIFIED,
    statuses=EMPLOYER_STATUSES,
    actions=EMPLOYER_ACTION_LABELS,
    transitions=TRANSITIONS,
    context=EmployerContext,
    guards={"code_valid": code_valid},
    consequences=_consequences,
)


def perform(
    session: Session,
    actor: Actor,
    employer_id: int,
    action: EmployerAction,
    *,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
) -> Employer:
    """Take `action` on an employer's verification. Raises as `core.workflow.commands.perform`."""
    context = commands.perform(
        session,
        EMPLOYER,
        actor,
        employer_id,
        action,
        now=now,
        seen_version=seen_version,
        reason=reason,
    )
    return cast("Employer", context.row)
