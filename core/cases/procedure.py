"""The procedure of applications, put together: table, guards, context, what follows from a step."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.scope import CASE as NOUN
from core.cases import corrections
from core.cases.actions import ACTION_LABELS, Action
from core.cases.context import CaseContext
from core.cases.guards import GUARDS
from core.cases.transitions import FOLLOW_UPS, TRANSITIONS
from core.catalogue.reasons import STILL_DEFICIENT
from core.correspondence import letters
from core.model import Case
from core.register.commands import carry_out
from core.text import Text
from core.vocabulary.cases import STATUSES, Status
from core.vocabulary.clocks import ClockKind
from core.workflow import clocks
from core.workflow.definitions import Procedure, Step

PAUSED_FOR_HEARING = Text("听证", "Hearing")
"""Why the decision clock pauses while a hearing is pending (行政许可法 §45)."""


def consequences(context: CaseContext, step: Step, actor: Actor) -> None:
    """Correction rounds, the register, and the letter that tells the applicant."""
    opened = None
    match step.transition.action:
        case Action.REQUEST_CORRECTION | Action.REQUEST_FURTHER_CORRECTION:
            opened = corrections.open_round(context, actor)
        case Action.ANSWER_CORRECTION:
            corrections.close_round(context, actor)
        case Action.ISSUE:
            carry_out(context.session, context.case, context.rulebook, context.now)
        case _:
            pass
    started = context.clocks.get(ClockKind.DECISION) if step.transition.starts else None
    if started is not None and context.hearing_pending:
        clocks.pause(context, started, actor, PAUSED_FOR_HEARING.zh)
        context.clocks_moved()
    if step.transition.letter:
        letters.serve(
            context.session,
            context.case,
            step.transition.letter,
            context.now,
            reason=step.reason,
            codes=step.codes,
            correction=opened,
            found=tuple(corrections.found_wanting(context).values())
            if STILL_DEFICIENT in step.codes
            else (),
        )


CASE = Procedure(
    key="case",
    label=Text("注册申报", "Application"),
    noun=NOUN,
    model=Case,
    start=Status.DRAFT,
    statuses=STATUSES,
    actions=ACTION_LABELS,
    transitions=TRANSITIONS,
    context=CaseContext,
    guards=GUARDS,
    consequences=consequences,
    follow_ups=FOLLOW_UPS,
)


def context_of(session: Session, case: Case, now: datetime) -> CaseContext:
    """The context of `case` at `now`, for reading what may be done."""
    return CaseContext(session, CASE, case, now)
