"""Identity amendments, put together: table, context, guards, and the command."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.amendments.transitions import AMENDMENT_ACTION_LABELS, TRANSITIONS, AmendmentAction
from core.errors import CoreError, NotPermitted
from core.identifiers import name_key
from core.model import Amendment, Person
from core.text import Text
from core.vocabulary.amendments import AMENDMENT_STATUSES, AmendmentStatus
from core.workflow import commands
from core.workflow.context import PersonContext
from core.workflow.definitions import Procedure, Step

AMENDABLE = ("name", "id_type", "id_number", "sex")
"""Fields of a person that are rewritten only by an amendment (domain D1, 信息修改 case b)."""


class Unexplained(CoreError):
    text = Text(
        "请填写情况说明，并至少更正一项。", "Explain the amendment, and change at least one item."
    )


class AmendmentContext(PersonContext):
    """An amendment at a moment."""

    row: Amendment


def own(actor: Actor, amendment: AmendmentContext) -> CoreError | None:
    """People amend their own data only."""
    return None if actor.person_id == amendment.row.person_id else NotPermitted()


def explained(_actor: Actor, amendment: AmendmentContext) -> CoreError | None:
    """Name or document number need a statement (domain D1)."""
    changes = set(amendment.row.changes) & set(AMENDABLE)
    return None if changes and amendment.row.explanation.strip() else Unexplained()


def _consequences(context: AmendmentContext, step: Step, actor: Actor) -> None:
    """Passing rewrites the person; the step in the history says what stood before."""
    if step.transition.action is AmendmentAction.FILE:
        return
    context.row.decided_by, context.row.reason = actor.user_id, step.reason[:1000]
    if step.transition.action is AmendmentAction.PASS:
        person = context.session.get_one(Person, context.row.person_id)
        for name in AMENDABLE:
            if name in context.row.changes:
                setattr(person, name, str(context.row.changes[name]))
        person.name_key = name_key(person.name)


AMENDMENT = Procedure(
    key="amendment",
    label=Text("信息更正", "Identity amendment"),
    noun=Text("信息更正", "The amendment"),
    model=Amendment,
    start=AmendmentStatus.DRAFT,
    statuses=AMENDMENT_STATUSES,
    actions=AMENDMENT_ACTION_LABELS,
    transitions=TRANSITIONS,
    context=AmendmentContext,
    guards={"own": own, "explained": explained},
    consequences=_consequences,
)


def perform(
    session: Session,
    actor: Actor,
    amendment_id: int,
    action: AmendmentAction,
    *,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
) -> Amendment:
    """Take `action` on an amendment. Raises as `core.workflow.commands.perform`."""
    context = commands.perform(
        session,
        AMENDMENT,
        actor,
        amendment_id,
        action,
        now=now,
        seen_version=seen_version,
        reason=reason,
    )
    return cast("Amendment", context.row)
