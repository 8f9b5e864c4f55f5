"""The one command by which a subject moves, with what follows from it.

`perform` locks the subject, checks that the page was up to date, applies the transition, does what
the procedure says follows from it, gives up the lease and takes the system's own next steps, all in
the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock, db
from core.access.actors import SYSTEM, Actor
from core.audit import history
from core.errors import CoreError, NotFound
from core.model import Event
from core.text import Text
from core.workflow import engine, leases
from core.workflow.context import Context
from core.workflow.definitions import Procedure


class Changed(CoreError):
    """Somebody acted on the subject since the page was read; what was typed is kept."""

    text = Text(
        "本案在您打开后已有变动：{who} 于 {at} {what}。您填写的内容已保留，请核对后再操作。",
        "The case changed after you opened it: {who}, {at}: {what}. What you typed is kept; please "
        "check and act again.",
    )


def perform(
    session: Session,
    procedure: Procedure,
    actor: Actor,
    subject_id: int,
    action: StrEnum,
    *,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
    codes: Sequence[str] = (),
    follow_at: datetime | None = None,
) -> Context:
    """Take `action` on a subject and everything that follows from it.

    seen_version: `version_id` of the subject on the page that the person read; None only where
    nobody read one (system, intake). codes: keys of coded reasons; for refusals those of the failed
    checklist items are taken when none is given. follow_at: moment of the system's own next steps
    when it is not `now` (a filing reported elsewhere on one day and received on another).

    Raises NotFound, Changed, and whatever `engine.apply` raises.
    """
    context = locked(session, procedure, actor, subject_id, now)
    context.lock_related()
    if seen_version is not None and context.row.version_id != seen_version:
        raise _changed(context, seen_version)
    # What was written before is in the database; from here on a step writes its rows at once.
    session.flush()
    with session.no_autoflush:
        while True:
            step = engine.apply(context, action, actor, reason=reason, codes=tuple(codes))
            if procedure.consequences is not None:
                procedure.consequences(context, step, actor)
            if step.transition.stage is not None or context.status in procedure.final:
                leases.give_up(session, context.subject)
            follow = procedure.follow_ups.get(context.status)
            if follow is None or not (follow.parameter is None or context.switch(follow.parameter)):
                return context
            action, actor, reason, codes = follow.action, SYSTEM, "", ()
            # What the step before changed is read anew.
            context = procedure.context(session, procedure, context.row, follow_at or now)


def locked(
    session: Session, procedure: Procedure, actor: Actor, subject_id: int, now: datetime
) -> Context:
    """The subject as `actor` may see it, locked until the transaction ends.

    Raises NotFound alike for what does not exist and what is not theirs to see.
    """
    model: Any = procedure.model
    rows = db.known_until_end(session).setdefault("locked", {})
    key = (procedure.key, subject_id)
    row = rows.get(key)
    if row is None:
        row = rows[key] = session.scalars(
            select(model)
            .where(model.id == subject_id)
            # Its key stays, so what only refers to it (a note, a letter) need not wait.
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one_or_none()
    context: Context | None = None
    if row is not None:
        context = procedure.context(session, procedure, row, now)
    if context is None or not context.seen_by(actor):
        raise NotFound(what=procedure.noun)
    return context


def _changed(context: Context, seen_version: int) -> Changed:
    newest = select(Event).where(Event.subject == context.subject, Event.version > seen_version)
    if context.about_case is not None:  # found by the index of that case, else of that chain
        newest = newest.where(Event.case_id == context.about_case)
    else:
        newest = newest.where(Event.chain == history.chain_of(context.subject, None))
    event = context.session.scalars(newest.order_by(Event.id.desc()).limit(1)).first()
    if event is None:
        return Changed(who="—", at="—", what="—")
    actions = {action.value: label for action, label in context.procedure.actions.items()}
    return Changed(
        who=event.actor_name,
        at=clock.written(event.at),
        what=actions.get(event.action, Text(event.action, event.action)),
    )
