"""Reads of what happened on one case: history rows and internal notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import require_seen
from core.audit.chains import CHAINS
from core.model import Event, Note
from core.procedures import PROCEDURES
from core.text import Text, same


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step of the history.

    what: what was done. change: the names of the status before and after, where it moved the case
    or something that belongs to it (a hearing). reason: what the actor stated.
    """

    id: int
    at: datetime
    actor: str
    action: str
    what: Text
    change: tuple[Text, ...]
    version: int | None
    reason: str


# Steps that are no action of a procedure.
STEP_LABELS: dict[str, Text] = {
    "create": Text("创建", "Create"),
    "take_in": Text("外部收件", "Taken in from outside"),
    "expire": Text("有效期届满", "Expire"),
    "claim": Text("领取", "Claim"),
    "take_over": Text("接手", "Take over"),
    "release": Text("退回队列", "Give back"),
    "verdict": Text("检查意见", "Verdict"),
    "pass_the_rest": Text("其余全部符合", "All others meet"),
    "reopen_verdicts": Text("补正后重新判定", "Verdicts reopened by the correction"),
    "note": Text("内部备注", "Internal note"),
    "show_flag": Text("告知异常", "Tell of flag"),
    "confirm_flag": Text("确认异常", "Confirm flag"),
    "dismiss_flag": Text("排除异常", "Dismiss flag"),
    "appoint": Text("确定听证日期和主持人", "Hearing appointed"),
}


def _named(row: Event) -> tuple[Text, tuple[Text, ...]]:
    """What a row says was done, and from which status to which, in words."""
    procedure = PROCEDURES.get(row.subject.partition(":")[0])
    actions = {key.value: label for key, label in procedure.actions.items()} if procedure else {}
    what = actions.get(row.action) or STEP_LABELS.get(row.action) or same(row.action)
    if procedure is None or row.action not in actions:
        return what, ()
    names = [
        procedure.statuses[procedure.status(value)].label
        for value in (row.before, row.after)
        if value
    ]
    return what, tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """An internal note."""

    author: str
    text: str
    at: datetime


def history_of(
    session: Session, actor: Actor, case_id: int, *, since_version: int | None = None
) -> tuple[HistoryEntry, ...]:
    """Steps of a case, newest first; with `since_version` only what came after that version.

    Raises NotPermitted, NotFound.
    """
    actor.require(Permission.CASE_READ)
    require_seen(session, actor, case_id)
    # What stands in no chain was put in by other hands and is no history.
    query = (
        select(Event)
        .where(Event.case_id == case_id, Event.chain.between(0, CHAINS - 1))
        .order_by(Event.id.desc())
    )
    if since_version is not None:
        query = query.where(Event.subject == f"case:{case_id}", Event.version > since_version)
    return tuple(
        HistoryEntry(
            id=row.id,
            at=row.at,
            actor=row.actor_name,
            action=row.action,
            what=what,
            change=change,
            version=row.version,
            reason=str(orjson.loads(row.detail).get("reason") or ""),
        )
        for row in session.scalars(query)
        for what, change in (_named(row),)
    )


def notes_of(session: Session, actor: Actor, case_id: int) -> tuple[WrittenNote, ...]:
    """Internal notes of a case, oldest first. Raises NotPermitted, NotFound."""
    actor.require(Permission.CASE_READ)
    require_seen(session, actor, case_id)
    rows = session.scalars(select(Note).where(Note.case_id == case_id).order_by(Note.id))
    return tuple(WrittenNote(row.author_name, row.text, row.written_at) for row in rows)
