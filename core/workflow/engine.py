"""The one mechanism that moves a subject with a status: what is available, and how it is applied.

`available` and `apply` read the same table, so a button that is shown is a command that works, and
a command that is refused says why in the words the page would show. This module alone assigns the
status of a subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import update

from core import clock, db, typed
from core.access.actors import Actor
from core.access.permissions import PERMISSION_LABELS
from core.audit import history
from core.errors import CoreError, NotPermitted
from core.model import Decision
from core.text import Text
from core.workflow import clocks
from core.workflow.context import DECISIONS_KNOWN, Context, InForce
from core.workflow.definitions import Need, Step, Target, Transition


class NotAvailable(CoreError):
    text = Text(
        "{noun}当前为“{status}”，不能进行“{action}”。",
        "{noun} is “{status}”; “{action}” is not possible now.",
    )


class RoleMissing(NotPermitted):
    text = Text("需要“{permission}”权限。", "Needs the right to {permission}.")


class NotHeldByYou(CoreError):
    text = Text("请先领取本案。", "Claim the case first.")


class HeldByOther(CoreError):
    text = Text(
        "本案由 {name} 办理中（至 {until}）。",
        "{name} holds this case (until {until}).",
    )


class ReasonMissing(CoreError):
    text = Text("请写明理由（至少 2 个字）。", "State a reason (at least 2 characters).")


class CodesMissing(CoreError):
    text = Text(
        "请至少选择一条可作为依据的理由（附法条）。",
        "Choose at least one coded reason (with its article) that is a ground for this.",
    )


MIN_REASON = 2
LONGEST_REASON = 2000


def stated(reason: str) -> str:
    """`reason` as it is kept.

    Raises ReasonMissing when it says nothing, and what `typed.lines` raises.
    """
    if not typed.says_something(reason, MIN_REASON):
        raise ReasonMissing
    return typed.lines(reason, typed.REASON, LONGEST_REASON)


@dataclass(frozen=True, slots=True)
class Offer:
    """An action on a subject for one actor: possible now, or the reason why not."""

    action: Any
    transition: Transition
    refusal: CoreError | None

    @property
    def allowed(self) -> bool:
        return self.refusal is None


def _rows(context: Context) -> Iterator[Transition]:
    status = context.status
    for row in context.procedure.transitions:
        if status in row.sources and context.applies(row.when):
            yield row


def refusal(row: Transition, actor: Actor, context: Context) -> CoreError | None:
    """What stands in the way of `row` for `actor`, or None: role, scope, lease, then guards."""
    if not actor.may(row.permission):
        return RoleMissing(permission=PERMISSION_LABELS[row.permission])
    if not context.seen_by(actor):
        return NotPermitted()
    if row.holds and not context.held_by(actor):
        holder = context.holder
        if holder is None:
            return NotHeldByYou()
        return HeldByOther(name=holder.name, until=clock.written(holder.until))
    for name in row.guards:
        error = context.procedure.guards[name](actor, context)
        if error is not None:
            return error
    return None


def available(actor: Actor, context: Context) -> tuple[Offer, ...]:
    """Every action the table knows for the subject's status, each possible or with its refusal."""
    return tuple(Offer(row.action, row, refusal(row, actor, context)) for row in _rows(context))


def find(action: StrEnum, actor: Actor, context: Context) -> Transition:
    """The row by which `actor` may take `action` now.

    Raises NotAvailable when the status knows no such action, else the refusal itself.
    """
    first: CoreError | None = None
    for row in _rows(context):
        if row.action is action:
            error = refusal(row, actor, context)
            if error is None:
                return row
            first = first or error
    procedure = context.procedure
    raise first or NotAvailable(
        noun=procedure.noun,
        status=procedure.statuses[context.status].label,
        action=procedure.actions[action],
    )


def apply(
    context: Context,
    action: StrEnum,
    actor: Actor,
    *,
    reason: str = "",
    codes: tuple[str, ...] = (),
    detail: dict[str, Any] | None = None,
) -> Step:
    """Take `action` in the caller's transaction: status, clocks, decision, history.

    Returns the row taken and the coded reasons it rests on.
    Raises what `find` raises, ReasonMissing, CodesMissing, TooLong or Unwritable.
    """
    row = find(action, actor, context)
    if row.need is Need.WORDS:
        reason = stated(reason)
    reason = typed.lines(reason, typed.REASON, LONGEST_REASON)
    if row.need is Need.CODES:
        codes = context.grounds(row, codes)
        if not codes:
            raise CodesMissing
    codes = codes or row.codes
    before = context.status
    after = _target(row, context, before)
    context.row.status = after.value
    context.moved(row, before, after)
    clocks.run(context, row, actor, reason)
    if row.stage is not None:
        _decide(context, row, actor, reason, codes)
    if row.undoes:
        _supersede(context, row)
    _keep_in_step(context, row, actor)
    context.session.flush()
    history.record(
        context.session,
        actor,
        action.value,
        context.subject,
        at=context.now,
        case_id=context.about_case,
        version=context.row.version_id,
        before=before.value,
        after=after.value,
        detail={"reason": reason, "codes": list(codes), **(detail or {})},
    )
    return Step(row, before, after, reason, codes)


def _target(row: Transition, context: Context, before: StrEnum) -> StrEnum:
    match row.target:
        case Target.STAY:
            return before
        case Target.BACK:
            return context.interrupted
        case _:
            return row.target


def _decide(
    context: Context, row: Transition, actor: Actor, reason: str, codes: tuple[str, ...]
) -> None:
    assert row.stage is not None
    context.session.add(
        Decision(
            subject=context.subject,
            case_id=context.case_id,
            stage=row.stage.value,
            action=row.action.value,
            approves=row.approves,
            officer_id=actor.user_id,
            officer_name=actor.name,
            reasons=list(codes),
            note=reason,
            decided_at=context.now,
            four_eyes=row.four_eyes,
        )
    )


def _keep_in_step(context: Context, row: Transition, actor: Actor) -> None:
    """Bring what the transaction knows of the decisions in force up to what was just written."""
    known = db.known_until_end(context.session).get(DECISIONS_KNOWN, {})
    if context.subject not in known:
        return
    counting = known[context.subject]
    if row.stage is not None and row.four_eyes:
        counting += (InForce(actor.user_id, row.stage, row.approves),)
    known[context.subject] = tuple(each for each in counting if each.stage not in row.undoes)


def _supersede(context: Context, row: Transition) -> None:
    context.session.execute(
        update(Decision)
        .where(
            Decision.subject == context.subject,
            Decision.four_eyes,
            ~Decision.superseded,
            Decision.stage.in_([stage.value for stage in row.undoes]),
        )
        .values(superseded=True)
    )
