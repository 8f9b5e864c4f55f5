"""The one mechanism that moves cases: what is available, and how it is applied.

`available` and `apply` read the same table (`core.cases.transitions`), so a button that is shown
is a command that works, and a command that is refused says why in the words the page would show.
This module alone assigns `Case.status`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.access.permissions import PERMISSION_LABELS
from core.access.scope import may_see
from core.audit import history
from core.cases.actions import ACTION_LABELS, Action
from core.cases.context import CaseContext
from core.cases.guards import GUARDS
from core.cases.transitions import TRANSITIONS
from core.errors import CoreError, NotPermitted
from core.model import Case, Clock, Decision
from core.text import Text
from core.vocabulary.cases import FINAL, STATUS_LABELS, STATUSES, Status
from core.vocabulary.clocks import CLOCKS, ClockKind
from core.vocabulary.stages import Stage
from core.workdays import counting
from core.workflow.definitions import Need, Transition, When


class NotAvailable(CoreError):
    text = Text(
        "案件当前为“{status}”，不能进行“{action}”。",
        "The case is “{status}”; “{action}” is not possible now.",
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


@dataclass(frozen=True, slots=True)
class Offer:
    """An action on a case for one actor: possible now, or the reason why not."""

    action: Action
    transition: Transition
    refusal: CoreError | None

    @property
    def allowed(self) -> bool:
        return self.refusal is None


def applies(when: When | None, situation: CaseContext) -> bool:
    """Whether a row is meant for this case's service."""
    rules = situation.rules
    match when:
        case None:
            return True
        case When.PROVINCE_STAGE:
            return rules.switch("province_stage")
        case When.NO_PROVINCE_STAGE:
            return not rules.switch("province_stage")
        case When.HAS_RECHECK:
            return Stage.RECHECK in rules.path
        case When.NO_RECHECK:
            return Stage.RECHECK not in rules.path
        case When.HAS_PUBLICITY:
            return rules.number("publicity_days") > 0
        case When.NO_PUBLICITY:
            return rules.number("publicity_days") == 0


def _rows(situation: CaseContext) -> Iterator[Transition]:
    for row in TRANSITIONS:
        if situation.status in row.sources and applies(row.when, situation):
            yield row


def refusal(row: Transition, actor: Actor, situation: CaseContext) -> CoreError | None:
    """What stands in the way of `row` for `actor`, or None: role, row, lease, then guards."""
    if not actor.may(row.permission):
        return RoleMissing(permission=PERMISSION_LABELS[row.permission])
    if not may_see(actor, situation.case):
        return NotPermitted()
    if row.holds and not situation.held_by(actor):
        holder = situation.holder
        if holder is None:
            return NotHeldByYou()
        return HeldByOther(name=holder.name, until=clock.written(holder.until))
    for name in row.guards:
        error = GUARDS[name](actor, situation)
        if error is not None:
            return error
    return None


def available(actor: Actor, situation: CaseContext) -> tuple[Offer, ...]:
    """Every action the table knows for the case's status, each possible or with its refusal."""
    return tuple(Offer(row.action, row, refusal(row, actor, situation)) for row in _rows(situation))


def find(action: Action, actor: Actor, situation: CaseContext) -> Transition:
    """The row by which `actor` may take `action` now.

    Raises NotAvailable when the status knows no such action, else the refusal itself.
    """
    first: CoreError | None = None
    for row in _rows(situation):
        if row.action is action:
            error = refusal(row, actor, situation)
            if error is None:
                return row
            first = first or error
    raise first or NotAvailable(
        status=STATUS_LABELS[situation.status], action=ACTION_LABELS[action]
    )


def apply(
    session: Session,
    situation: CaseContext,
    action: Action,
    actor: Actor,
    *,
    reason: str = "",
    codes: tuple[str, ...] = (),
    detail: dict[str, Any] | None = None,
) -> tuple[Transition, tuple[str, ...]]:
    """Take `action` in the caller's transaction: status, clocks, decision, history.

    Returns the row taken and the coded reasons it rests on.
    Raises what `find` raises, ReasonMissing or CodesMissing.
    """
    row = find(action, actor, situation)
    reason = reason.strip()
    if row.need is Need.WORDS and len(reason) < MIN_REASON:
        raise ReasonMissing
    if row.need is Need.CODES:
        codes = _grounds(row, situation, codes)
    case, before = situation.case, situation.status
    after = Status(case.resumes) if row.target is None and case.resumes else row.target
    assert after is not None, "only a pending withdrawal has no target of its own"
    case.resumes = before if after is Status.WITHDRAWING else None
    _move(case, after, situation)
    _run_clocks(session, situation, row)
    if row.stage is not None:
        _decide(session, situation, row, actor, reason, codes)
    if row.undoes:
        _supersede(session, case, row.undoes)
    case.changed_at = situation.now
    session.flush()
    history.record(
        session,
        actor,
        action.value,
        f"case:{case.id}",
        at=situation.now,
        case_id=case.id,
        case_version=case.version_id,
        before=before.value,
        after=after.value,
        detail={"reason": reason, "codes": list(codes), **(detail or {})},
    )
    return row, codes


def _grounds(row: Transition, situation: CaseContext, codes: tuple[str, ...]) -> tuple[str, ...]:
    """Coded reasons that can carry the decision; those of the failed items when none is given."""
    kind = "refuses" if row.action is Action.REFUSE else "rejects"
    known = situation.rules.reasons
    chosen = codes or tuple(
        dict.fromkeys(
            code
            for (stage, _), ruling in situation.verdicts.items()
            if stage == (Stage.ACCEPTANCE if kind == "refuses" else Stage.REVIEW)
            for code in ruling.reasons
        )
    )
    grounds = tuple(code for code in chosen if code in known and getattr(known[code], kind))
    if not grounds:
        raise CodesMissing
    return grounds


def _move(case: Case, after: Status, situation: CaseContext) -> None:
    came_back = case.status == Status.WITHDRAWING and after is not Status.ACCEPTED
    case.status = after.value
    case.is_open = after not in FINAL
    stamp = STATUSES[after].stamp
    if stamp and not came_back and not (stamp == "decided_at" and case.decided_at):
        setattr(case, stamp, situation.now)
    if after in FINAL:
        case.closed_at = situation.now


def allowed_days(kind: ClockKind, situation: CaseContext) -> int:
    """Working days that a clock of `kind` allows under the case's rulebook (domain H)."""
    return situation.rules.number(CLOCKS[kind].parameter)


def _run_clocks(session: Session, situation: CaseContext, row: Transition) -> None:
    case, today = situation.case, situation.today
    running = dict(situation.clocks)
    final = case.status in FINAL
    for kind in tuple(running):
        if final or kind in row.stops:
            running.pop(kind).ended_on = today
    if row.starts:
        days = allowed_days(row.starts, situation)
        start = today
        if row.action is Action.LAPSE_ACCEPTANCE:
            # Silence counts as acceptance from the day of receipt (行政许可法 §32).
            start = situation.clocks[ClockKind.ACCEPTANCE].started_on
        started = Clock(
            case_id=case.id,
            kind=row.starts.value,
            started_on=start,
            days=days,
            due_on=counting.due_date(start, days).day,
        )
        session.add(started)
        running[row.starts] = started
    shown = min(running, key=lambda kind: CLOCKS[kind].rank, default=None)
    case.clock = shown.value if shown else None
    case.due_on = running[shown].due_on if shown else None
    if row.action is Action.LAPSE_ACCEPTANCE:
        case.accepted_by_lapse = True


def _decide(
    session: Session,
    situation: CaseContext,
    row: Transition,
    actor: Actor,
    reason: str,
    codes: tuple[str, ...],
) -> None:
    assert row.stage is not None
    session.add(
        Decision(
            case_id=situation.case.id,
            stage=row.stage.value,
            action=row.action.value,
            approves=row.approves,
            officer_id=actor.user_id,
            officer_name=actor.name,
            reasons=list(codes),
            note=reason,
            decided_at=situation.now,
            four_eyes=row.four_eyes,
        )
    )


def _supersede(session: Session, case: Case, stages: tuple[Stage, ...]) -> None:
    session.execute(
        update(Decision)
        .where(
            Decision.case_id == case.id,
            Decision.four_eyes,
            ~Decision.superseded,
            Decision.stage.in_([stage.value for stage in stages]),
        )
        .values(superseded=True)
    )
