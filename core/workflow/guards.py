"""Guards that several procedures share."""

from __future__ import annotations

from core.access.actors import Actor
from core.errors import CoreError, NotPermitted
from core.text import Text
from core.vocabulary.clocks import ClockKind
from core.workflow.context import Context
from core.workflow.definitions import Guard


class SamePerson(CoreError):
    text = Text(
        "您已在本案其他环节作出决定，本环节须由另一人办理（四眼原则）。",
        "You already decided at another desk of this case; someone else must take this one.",
    )


class TooEarly(CoreError):
    text = Text("时限尚未届满，{day} 后才能进行。", "The time limit runs until {day}.")


class TooLate(CoreError):
    text = Text("时限已于 {day} 届满。", "The time limit ended on {day}.")


def not_yet_decided_by_actor(actor: Actor, context: Context) -> CoreError | None:
    """Review, second look and decision are different people (行政许可法 §34; domain H)."""
    return SamePerson() if actor.user_id in context.officers else None


def overdue(context: Context, kind: ClockKind) -> CoreError | None:
    """The clock of `kind` has run out; a paused one has not."""
    running = context.clocks.get(kind)
    if running is None or running.paused_on is not None:
        return TooEarly(day="—")
    return None if context.today > running.due_on else TooEarly(day=running.due_on)


def when_over(kind: ClockKind) -> Guard:
    """A guard that lets pass once the clock of `kind` has run out."""
    return lambda _actor, context: overdue(context, kind)


def while_runs(kind: ClockKind) -> Guard:
    """A guard that lets pass as long as the clock of `kind` has not run out."""

    def in_time(_actor: Actor, context: Context) -> CoreError | None:
        running = context.clocks.get(kind)
        if running is None or context.today <= running.due_on:
            return None
        return TooLate(day=running.due_on)

    return in_time


def own_person(actor: Actor, context: Context) -> CoreError | None:
    """The person concerned acts for themselves."""
    return None if actor.person_id == context.row.person_id else NotPermitted()
