"""The course of one case: it walks through the commands from its draft to where it rests.

What is done next follows from the status the case has, as `courses.toml` says. A story is a few
detours from that. Officers keep office hours, people act when they are awake, and where a clock
runs out first, the system takes its lapse just after midnight.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.access.actors import SYSTEM, Actor
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.cases.transitions import TRANSITIONS
from core.demo import hours, settling
from core.demo.bench import Bench
from core.demo.cast import NEW
from core.demo.hours import OfficeDays
from core.demo.reasons_by_stage import StageReasons
from core.demo.types import BOOK, Filing
from core.model import Case, Clock, Correction, Verdict
from core.review import notes, verdicts
from core.vocabulary.cases import DESKS, Status
from core.vocabulary.clocks import CLOCKS, ClockKind
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage


@dataclass(frozen=True, slots=True)
class Habit:
    """How an action comes about; the fields are explained in `courses.toml`."""

    by: str
    days: Sequence[float] = ()
    visit: Sequence[int] = ()
    slow: Sequence[int] = ()
    fails: str = ""
    most: int = 1
    words: Sequence[str] = ("",)
    settled: bool = False
    after_clock: bool = False


HABITS: Final = {Action(key): Habit(**values) for key, values in BOOK["actions"].items()}
_LAPSES: Final[dict[tuple[StrEnum, ClockKind], Action]] = {
    (status, kind): Action(spec.lapse)
    for kind, spec in CLOCKS.items()
    for row in TRANSITIONS
    if row.action == spec.lapse
    for status in row.sources
}
"""What the system does with a case of a status when a clock has run out."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How one case shall go. story: a key of the stories.

    rest: where it stays, without delay on the way there; None: it goes on to the end.
    """

    story: str = "straight"
    rest: Status | None = None
    slow: bool = False


@dataclass(slots=True, eq=False)
class Course:
    """One case on its way. at: the moment (seconds) reached; reported: when the employer did."""

    session: Session
    rng: Random
    days: OfficeDays
    bench: Bench
    reasons: StageReasons
    case: Case
    filing: Filing
    plan: Plan
    at: int
    reported: int | None = None
    _detours: list[list[str]] = field(init=False)
    _officers: dict[Stage, Actor] = field(default_factory=dict)
    _seated: bool = False  # whether the officer of the desk has just sat down to the case
    _failed: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        self._detours = [*BOOK["stories"][self.plan.story]["detours"]]

    def walk(self) -> Iterator[int]:
        """Go on to where the case rests; yields each moment at which it wants to be resumed."""
        while self.case.is_open and self.case.status != self.plan.rest:
            action = self._next()
            if action is Action.REPORT and self.filing.company.standing in NEW:
                return  # nothing is reported by an employer that is not verified
            moment = None if action is None else self._moment(action)
            lapse = self._lapse_before(moment)
            if lapse is not None:
                self.at, action = lapse
                yield self.at
                self._perform(SYSTEM, action)
            elif action is None or moment is None:
                return
            else:
                self.at = moment
                yield from self._take(action)

    def _next(self) -> Action | None:
        if self._detours and self._detours[0][0] == self.case.status:
            chosen = self._detours.pop(0)[1]
        else:
            chosen = self.rng.choice(BOOK["usual"].get(self.case.status, ("",)))
        return Action(chosen) if chosen else None

    def _moment(self, action: Action) -> int:
        """When `action` is taken, unless a clock has run out by then."""
        habit, start, hurried = HABITS[action], self.at, self.plan.rest is not None
        if self._seated:
            return start
        if habit.after_clock and self.case.due_on is not None and self.case.status != "decision":
            start = max(start, self._night_after(self.case.due_on.toordinal()))
        if habit.days:
            least, most = (0, 0.3) if hurried else habit.days
            return hours.waking(self.rng, start, least, most)
        first, last = (self.plan.slow and habit.slow) or habit.visit
        return self.days.visit(self.rng, start, *((0, 1) if hurried else (first, last)))

    def _night_after(self, day: int) -> int:
        return hours.moment_at(day + 1, 600 + self.rng.randrange(300))

    def _lapse_before(self, moment: int | None) -> tuple[int, Action] | None:
        """The lapse that comes before `moment` (None: before the end of days), if any."""
        status = Status(self.case.status)
        shown = self.case.due_on
        waiting = moment is None or status is Status.WITHDRAWING
        if shown is None or not (waiting or shown.toordinal() < hours.day_at(moment or 0)):
            return None
        running = self.session.execute(
            select(Clock.due_on, Clock.kind)
            .where(Clock.subject == f"case:{self.case.id}", Clock.ended_on.is_(None))
            .order_by(Clock.due_on, Clock.id)
        )
        for due_on, kind in running:
            lapse = _LAPSES.get((status, ClockKind(kind)))
            if lapse and (moment is None or due_on.toordinal() < hours.day_at(moment)):
                return max(self._night_after(due_on.toordinal()), self.at + 60), lapse
        return None

    # --- one action --------------------------------------------------------------------------
    def _take(self, action: Action) -> Iterator[int]:
        """Take `action` at the moment reached, by whoever does."""
        habit, desk = HABITS[action], DESKS.get(Status(self.case.status))
        if not self._seated:
            yield self.at
        if desk is None:
            if action is Action.ANSWER_CORRECTION:
                self._answer()
            self._perform(self._somebody(habit.by), action)
        else:
            yield from self._sit_down(desk, habit, action)
            officer = self._officers[desk]
            if habit.by != "desk":
                self.at = self.days.visit(self.rng, self.at, 0, 1)
                yield self.at
                officer = self._somebody(habit.by)
            if action is not Action.START_REVIEW:  # which the claim is
                self._perform(officer, action)
            straight_on = action is Action.START_REVIEW and not self.plan.slow
            self._seated = straight_on and self.rng.random() < 0.6
        if action is Action.REPORT:
            self.reported = self.at

    def _perform(self, actor: Actor, action: Action) -> None:
        habit = HABITS.get(action)
        codes: tuple[str, ...] = ()
        if action in {Action.REFUSE, Action.PROPOSE_REJECTION, Action.REJECT}:
            failed = self._failed or self.reasons.grounds["rejects"][-1:]
            codes = tuple(dict.fromkeys(code for _, code in failed))
        words = "" if habit is None else self.rng.choice(habit.words)
        now = hours.aware(self.at)
        perform(self.session, actor, self.case.id, action, now=now, reason=words, codes=codes)

    def _somebody(self, by: str) -> Actor:
        """Who acts away from the desks."""
        match by:
            case "applicant":
                return self.filing.person.actor
            case "employer":
                return self.filing.company.actor
            case "province":
                return self.bench.province(self.filing.company.row.province)
            case "supervisor":
                return self.bench.supervisor
        return self.bench.deciders[0].actor

    def _sit_down(self, desk: Stage, habit: Habit, action: Action) -> Iterator[int]:
        """The officer of the desk takes the case, judges what is to be judged, settles flags."""
        rng, case = self.rng, self.case
        if not self._seated:
            claiming.claim(self.session, self._officer(desk), case.id, hours.aware(self.at))
        if action is Action.START_REVIEW:
            self._officers[Stage.REVIEW] = self._officers[desk]
            return
        self._seated, officer = False, self._officers[desk]
        if rng.random() < 0.04:
            self.at += 120
            yield self.at
            said = rng.choice(BOOK["office"]["notes"])
            notes.write_note(self.session, officer, case.id, said, hours.aware(self.at))
        if verdicts.checklist_stage(Status(case.status)) is not None:
            self.at += rng.randrange(240, 1500)
            yield self.at
            self._judge(officer, habit)
        if habit.settled and (case.flags_block or case.flags_other):
            self.at += 60
            yield self.at
            officers = [officer, *(each.actor for each in self.bench.reviewers[1:4])]
            refusing = action in {Action.REFUSE, Action.PROPOSE_REJECTION, Action.REJECT}
            settling.settle(self.session, case, officers, hours.aware(self.at), refusing=refusing)
        self.at += rng.randrange(30, 240)
        yield self.at

    def _officer(self, desk: Stage) -> Actor:
        """Who sits at a desk for this case, always the same one; four eyes at the second look."""
        if desk not in self._officers:
            if desk is Stage.DECISION:
                chosen = self.bench.decider(self.rng, self.at)
            else:
                but = self._officers.get(Stage.REVIEW) if desk is Stage.RECHECK else None
                profession = self.filing.profession
                chosen = self.bench.reviewer(self.rng, self.at, profession, but=but)
            self._officers[desk] = chosen
        return self._officers[desk]

    def _judge(self, officer: Actor, habit: Habit) -> None:
        """A verdict on every item of the list: some fail if they shall, the rest is met."""
        session, now = self.session, hours.aware(self.at)
        number = self.case.id
        if habit.fails:
            pairs = self.reasons.grounds[habit.fails]
            wanted = min(self.rng.choice((1, 1, 1, 2, 2, 3)), habit.most, len(pairs))
            again = bool(self._failed) and habit.by != "desk"  # what was asked for and not done
            fresh = tuple(dict(self.rng.sample(pairs, wanted)).items())
            self._failed = self._failed[:1] if again else fresh
            for key, reason in self._failed:
                verdicts.give_verdict(
                    session, officer, number, key, outcome=Outcome.FAIL, reasons=(reason,),
                    note=BOOK["notes"].get(reason, ""), now=now,
                )  # fmt: skip
        if not self.case.forced:
            for key in self._moot():
                verdicts.give_verdict(
                    session, officer, number, key, outcome=Outcome.NOT_APPLICABLE, now=now
                )
        verdicts.pass_the_rest(session, officer, number, now=now)

    def _moot(self) -> list[str]:
        """Items of the desk that ask for something this case has nothing of, not yet judged."""
        stage = verdicts.checklist_stage(Status(self.case.status))
        rules = self.reasons.rules
        listed = {check.key for check in rules.checks_at(stage)} if stage else set()
        if not (listed := listed & self.reasons.moot):
            return []
        judged = select(Verdict.check_key).where(
            Verdict.case_id == self.case.id, Verdict.stage == stage
        )
        return sorted(listed - set(self.session.scalars(judged)))

    def _answer(self) -> None:
        """What the person answers to each item of the open correction."""
        asked = select(Correction).where(
            Correction.case_id == self.case.id, Correction.answered_at.is_(None)
        )
        words = self.rng.choice(HABITS[Action.ANSWER_CORRECTION].words)
        for item in self.session.scalars(asked).one().items:
            item.answer = words
        self.session.flush()


def share_of_stories(power: float, *, lately: bool) -> list[tuple[str, float]]:
    """Stories and how often they are told; a `power` below one makes the rare ones less so."""
    return [
        (key, story["share"] ** power)
        for key, story in BOOK["stories"].items()
        if lately or not story.get("lately")
    ]
