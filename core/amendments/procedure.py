"""Identity amendments, put together: table, context, guards, and the command."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import Session

from core import typed
from core.access.actors import Actor
from core.amendments.transitions import AMENDMENT_ACTION_LABELS, TRANSITIONS, AmendmentAction
from core.audit import history
from core.errors import CoreError
from core.identifiers import name_key, normalise_id
from core.model import Amendment, Person, Registration
from core.text import Text
from core.vocabulary.amendments import AMENDMENT_STATUSES, AmendmentStatus
from core.workflow import commands
from core.workflow.context import PersonContext
from core.workflow.definitions import Procedure, Step
from core.workflow.guards import own_person

AMENDABLE = ("name", "id_type", "id_number", "sex")
"""Fields of a person that are rewritten only by an amendment (domain D1, 信息修改 case b)."""

LONGEST_REASON = 1000


class Unexplained(CoreError):
    text = Text(
        "请填写情况说明，并至少更正一项。", "Explain the amendment, and change at least one item."
    )


class NumberTaken(CoreError):
    text = Text(
        "该证件号码已属于另一人员，不能更正为此号码；请核查是否同一人。",
        "The identity number belongs to somebody else; find out whether they are one person.",
    )


class AmendmentContext(PersonContext):
    """An amendment at a moment."""

    row: Amendment

    def related(self) -> tuple[Select[Any], ...]:
        """The person, and the registrations that carry the name."""
        person_id = self.row.person_id
        return (
            select(Person).where(Person.id == person_id),
            select(Registration)
            .where(Registration.person_id == person_id)
            .order_by(Registration.id),
        )


def number_free(_actor: Actor, amendment: AmendmentContext) -> CoreError | None:
    """One identity number, one person."""
    number = amendment.row.changes.get("id_number")
    taken = exists().where(
        Person.id_number == normalise_id(str(number)), Person.id != amendment.row.person_id
    )
    return NumberTaken() if number and amendment.session.scalar(select(taken)) else None


def explained(_actor: Actor, amendment: AmendmentContext) -> CoreError | None:
    """Name or document number need a statement (domain D1)."""
    changes = set(amendment.row.changes) & set(AMENDABLE)
    return None if changes and amendment.row.explanation.strip() else Unexplained()


def _consequences(context: AmendmentContext, step: Step, actor: Actor) -> None:
    """Passing rewrites the person; the step in the history says what stood before."""
    if step.transition.action is AmendmentAction.FILE:
        return
    context.row.decided_by = actor.user_id
    context.row.reason = typed.lines(step.reason, typed.REASON, LONGEST_REASON)
    if step.transition.action is AmendmentAction.PASS:
        _rewrite(context, actor)


def _rewrite(context: AmendmentContext, actor: Actor) -> None:
    """The person as amended, and the name in the register; what stood before is in the history."""
    session = context.session
    person = session.get_one(Person, context.row.person_id)
    changed = [name for name in AMENDABLE if name in context.row.changes]
    before = {name: getattr(person, name) for name in changed}
    for name in changed:
        value = str(context.row.changes[name])
        setattr(person, name, normalise_id(value) if name == "id_number" else value)
    person.name_key = name_key(person.name)
    session.execute(
        update(Registration)
        .where(Registration.person_id == person.id)
        .values(person_name=person.name, version_id=Registration.version_id + 1)
    )
    session.flush()
    history.record(
        session,
        actor,
        "rewrite",
        context.subject,
        at=context.now,
        version=context.row.version_id,
        detail={
            "person": person.id,
            "before": before,
            "after": {name: getattr(person, name) for name in changed},
        },
    )


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
    guards={"own": own_person, "explained": explained, "number_free": number_free},
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
