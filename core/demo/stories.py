"""The ways a case can go: each story writes the steps of one script, in time order.

Officers keep office hours, the system acts just after midnight when a clock has run out, and people
act when they are awake. A story knows nothing of today: whatever lies ahead is cut off later.
"""

from __future__ import annotations

from random import Random

from core.access.actors import SYSTEM, Actor
from core.cases.actions import Action
from core.demo import hours, words
from core.demo.bench import Bench
from core.demo.cast import Company
from core.demo.hours import OfficeDays
from core.demo.reasons_by_stage import StageReasons
from core.demo.types import Fail, Step, StepKind
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.stages import Stage

A = Action


class Tale:
    """Writes the steps of one case; `at` is the moment reached so far. slow: 0 to 1, how likely."""

    def __init__(
        self,
        rng: Random,
        days: OfficeDays,
        bench: Bench,
        reasons: StageReasons,
        person: Actor,
        company: Company,
        profession: str,
        opened: int,
        *,
        slow: float,
        forced: bool = False,
    ) -> None:
        self.rng, self.days, self.bench, self.reasons = rng, days, bench, reasons
        self.person, self.company, self.profession = person, company, profession
        self.at = opened
        self.steps: list[Step] = []
        self.decided: int | None = None
        self.issued = False
        self.slow = rng.random() < slow
        self.moot = () if forced else reasons.moot

    def tell(self, story: str) -> None:
        """Write the whole of `story`, a key of `words.STORIES`."""
        if story == "never_filed":
            return
        self._file()
        getattr(self, f"_{story}", self._straight)()
        if self.company.status in {EmployerStatus.UNVERIFIED, EmployerStatus.RETURNED}:
            # Nothing is reported by an employer that is not verified.
            kinds = [step.kind for step in self.steps]
            if A.REPORT in kinds:
                del self.steps[kinds.index(A.REPORT) :]
                self.issued = False

    def _add(
        self,
        kind: str,
        actor: Actor,
        said: str = "",
        codes: tuple[str, ...] = (),
        fails: tuple[Fail, ...] = (),
    ) -> None:
        moot = self.moot if kind == StepKind.JUDGE else ()
        self.steps.append(Step(self.at, str(kind), actor, said, codes, fails, moot))

    # --- people ------------------------------------------------------------------------------
    def _file(self) -> None:
        self.at = hours.waking(self.rng, self.at, 0.002, 1.5)
        self._add(A.FILE, self.person)

    def _report(self) -> None:
        self.at = hours.waking(self.rng, self.at, 0.02, 5)
        self._add(A.REPORT, self.company.actor)
        if self.reasons.rules.switch("province_stage"):
            self.at = self.days.visit(self.rng, self.at, 1, 14)
            officer = self.bench.province(self.company.province)
            if self.rng.random() < 0.1:
                self._add(A.PROVINCE_DISAGREE, officer, words.NO_OFFICE)
            else:
                self._add(A.PROVINCE_AGREE, officer)

    def _answered(self, most: float = 12) -> None:
        self.at = hours.waking(self.rng, self.at, 0.3, most)
        self._add(StepKind.ANSWER, self.person, self.rng.choice(words.ANSWERS))
        self.at += 60
        self._add(A.ANSWER_CORRECTION, self.person)

    def _midnight_after(self, start: int, working_days: int) -> None:
        due = self.days.later(hours.day_at(start), working_days)
        self.at = hours.moment_at(due + 1, 600 + self.rng.randrange(300))

    def _lapse(self, action: Action, start: int, parameter: str) -> None:
        self._midnight_after(start, self.reasons.rules.number(parameter))
        self._add(action, SYSTEM)

    # --- desks -------------------------------------------------------------------------------
    def _sit_down(self, officer: Actor, *, judge: bool, fails: tuple[Fail, ...] = ()) -> None:
        self._add(StepKind.CLAIM, officer)
        if self.rng.random() < 0.04:
            self.at += 120
            self._add(StepKind.NOTE, officer, self.rng.choice(words.OFFICE_NOTES))
        if judge:
            self.at += self.rng.randrange(240, 1500)
            self._add(StepKind.JUDGE, officer, fails=fails)
        self.at += self.rng.randrange(30, 240)

    def _at_acceptance(
        self, action: Action, fails: tuple[Fail, ...] = (), codes: tuple[str, ...] = ()
    ) -> None:
        self.at = self.days.visit(self.rng, self.at, 3 if self.slow else 0, 4)
        officer = self.bench.reviewer(self.rng, self.at, self.profession)
        self._sit_down(officer, judge=True, fails=fails)
        self._add(action, officer, codes=codes)

    def _chosen(self, pairs: tuple[tuple[str, str], ...], most: int) -> tuple[Fail, ...]:
        """One to `most` failing items, each with one ground."""
        wanted = min(self.rng.choice((1, 1, 1, 2, 2, 3)), most)
        picked = dict(self.rng.sample(pairs, min(wanted, len(pairs))))
        return tuple(Fail(k, (code,), words.NOTES.get(code, "")) for k, code in picked.items())

    def _ask_for_correction(self) -> None:
        self._at_acceptance(A.REQUEST_CORRECTION, self._chosen(self.reasons.correctable, 3))

    def _reviewed(self, *, back: str = "") -> None:
        """Review and second look that propose approval. back: who sends it back once, if anyone."""
        reviewer = self._reviewer()
        self._sit_down(reviewer, judge=True)
        self._add(A.PROPOSE_APPROVAL, reviewer)
        if Stage.RECHECK in self.reasons.rules.path:
            second = self._second_look(reviewer)
            if back == "second_look":
                self._add(A.RETURN_TO_REVIEW, second, self.rng.choice(words.BACK_WORDS))
                self._proposed_again(reviewer)
                self._sit_down_again(second)
            self._add(A.CONCUR, second)
            if back == "decider":
                self._sent_back_by_decider_once()
                self._sit_down_again(second)
                self._add(A.CONCUR, second)
        elif back == "decider":
            self._sent_back_by_decider_once()
            self._proposed_again(reviewer)

    def _reviewer(self) -> Actor:
        """Somebody takes the case for review; many look into it one day and finish another."""
        self.at = self.days.visit(self.rng, self.at, 5 if self.slow else 0, 9 if self.slow else 4)
        reviewer = self.bench.reviewer(self.rng, self.at, self.profession)
        if self.slow or self.rng.random() < 0.4:
            self._add(StepKind.CLAIM, reviewer)
            self.at = self.days.visit(self.rng, self.at, 1, 6 if self.slow else 3)
        return reviewer

    def _second_look(self, reviewer: Actor) -> Actor:
        self.at = self.days.visit(self.rng, self.at, 4 if self.slow else 0, 8 if self.slow else 3)
        second = self.bench.reviewer(self.rng, self.at, self.profession, but=reviewer)
        self._sit_down(second, judge=False)
        return second

    def _sit_down_again(self, officer: Actor) -> None:
        self.at = self.days.visit(self.rng, self.at, 0, 2)
        self._sit_down(officer, judge=False)

    def _proposed_again(self, reviewer: Actor) -> None:
        self._sit_down_again(reviewer)
        self._add(A.PROPOSE_APPROVAL, reviewer)

    def _sent_back_by_decider_once(self) -> None:
        self._add(A.RETURN_TO_RECHECK, self._decider(), self.rng.choice(words.BACK_WORDS))

    def _decider(self) -> Actor:
        self.at = self.days.visit(self.rng, self.at, 4 if self.slow else 0, 9 if self.slow else 3)
        officer = self.bench.decider(self.rng, self.at)
        self._sit_down(officer, judge=False)
        return officer

    def _approved(self) -> None:
        officer = self._decider()
        self._add(A.APPROVE, officer)
        self.decided = self.decided or self.at

    def _granted(self) -> None:
        """From approval to the number in the register."""
        self._approved()
        if self.reasons.rules.number("publicity_days"):
            self._lapse(A.CONCLUDE_PUBLICITY, self.at, "publicity_days")
        self._announced()

    def _announced(self) -> None:
        if not self.reasons.rules.switch("automatic_announcement"):
            self.at = self.days.visit(self.rng, self.at, 2, 8)
            officer = self.bench.deciders[0].actor
            self._add(A.ANNOUNCE, officer)
            self.at = self.days.visit(self.rng, self.at, 2, 6)
            self._add(A.ISSUE, officer)
        self.issued = True

    # --- stories -----------------------------------------------------------------------------
    def _straight(self) -> None:
        self._report()
        self._accepted_and_granted()

    def _accepted_and_granted(self, back: str = "") -> None:
        self._at_acceptance(A.ACCEPT)
        self._reviewed(back=back)
        self._granted()

    def _correction(self) -> None:
        self._report()
        self._ask_for_correction()
        self._answered()
        self._accepted_and_granted()

    def _correction_with_withdrawal_lapsed(self) -> None:
        self._report()
        self._ask_for_correction()
        self.at = hours.waking(self.rng, self.at, 0.2, 2)
        self._add(A.REQUEST_WITHDRAWAL, self.person)
        self._lapse(A.LAPSE_WITHDRAWAL, self.at, "withdrawal_answer_days")
        self._answered(4)
        self._accepted_and_granted()

    def _further_correction(self) -> None:
        self._report()
        self._ask_for_correction()
        self._answered()
        self.at = self.days.visit(self.rng, self.at, 0, 2)
        officer = self.bench.reviewer(self.rng, self.at, self.profession)
        asked = tuple(fail for step in self.steps for fail in step.fails)[:1]
        self._sit_down(officer, judge=True, fails=asked)
        self.at = self.days.visit(self.rng, self.at, 0, 1)
        self._add(A.REQUEST_FURTHER_CORRECTION, self.bench.supervisor, words.ONCE_MORE)
        self._answered()
        self._accepted_and_granted()

    def _correction_lapsed(self) -> None:
        self._report()
        self._ask_for_correction()
        self._lapse(A.LAPSE_CORRECTION, self.at, "correction_days")

    def _refused(self) -> None:
        self._report()
        fails = self._chosen(self.reasons.refusable, 1)
        self._at_acceptance(A.REFUSE, fails, tuple(code for f in fails for code in f.reasons))

    def _rejected(self) -> None:
        self._report()
        self._at_acceptance(A.ACCEPT)
        reviewer = self._reviewer()
        fails = self._chosen(self.reasons.rejectable, 2)
        codes = tuple(dict.fromkeys(code for f in fails for code in f.reasons))
        self._sit_down(reviewer, judge=True, fails=fails)
        self._add(A.PROPOSE_REJECTION, reviewer, codes=codes)
        if Stage.RECHECK in self.reasons.rules.path:
            self._add(A.CONCUR, self._second_look(reviewer))
        self._add(A.REJECT, self._decider(), codes=codes)

    def _sent_back_to_applicant(self) -> None:
        self.at = hours.waking(self.rng, self.at, 0.1, 4)
        self._add(A.RETURN_TO_APPLICANT, self.company.actor, self.rng.choice(words.RETURN_WORDS))

    def _returned(self) -> None:
        self._sent_back_to_applicant()
        self.at = hours.waking(self.rng, self.at, 0.5, 9)
        self._add(A.FILE, self.person)
        self._straight()

    def _returned_and_discarded(self) -> None:
        self._sent_back_to_applicant()
        self.at = hours.waking(self.rng, self.at, 2, 40)
        self._add(A.DISCARD, self.person)

    def _withdrawn(self) -> None:
        self.at = hours.waking(self.rng, self.at, 0.05, 2)
        self._add(A.WITHDRAW, self.person)

    def _asked_to_withdraw(self, least: float = 0.02, most: float = 0.8) -> None:
        self._report()
        self.at = hours.waking(self.rng, self.at, least, most)
        self._add(A.REQUEST_WITHDRAWAL, self.person)

    def _withdrawn_with_consent(self) -> None:
        self._asked_to_withdraw()
        self.at = hours.waking(self.rng, self.at, 0.1, 4)
        self._add(A.AGREE_WITHDRAWAL, self.company.actor)

    def _withdrawal_refused(self) -> None:
        self._asked_to_withdraw()
        self.at = hours.waking(self.rng, self.at, 0.1, 1)
        self._add(A.REFUSE_WITHDRAWAL, self.company.actor, words.KEEP_IT)
        # What is left of the five days belongs to the desk.
        self.slow = False
        self.at = self.days.visit(self.rng, self.at, 0, 1)
        officer = self.bench.reviewer(self.rng, self.at, self.profession)
        self._sit_down(officer, judge=True)
        self._add(A.ACCEPT, officer)
        self._reviewed()
        self._granted()

    def _withdrawal_overtaken(self) -> None:
        self._asked_to_withdraw(0.5, 1.5)
        received = next(s.at for s in reversed(self.steps[:-1]) if s.kind in _RECEIVING)
        self._lapse(A.LAPSE_ACCEPTANCE, received, "acceptance_days")
        self._reviewed()
        self._granted()

    def _terminated(self) -> None:
        self._report()
        self._at_acceptance(A.ACCEPT)
        if self.rng.random() < 0.5:
            self._reviewed()
        self.at = self.days.visit(self.rng, self.at, 1, 6)
        self._add(A.TERMINATE, self.bench.supervisor, self.rng.choice(words.TERMINATIONS))

    def _accepted_by_lapse(self) -> None:
        self._report()
        self._lapse(A.LAPSE_ACCEPTANCE, self.at, "acceptance_days")
        self._reviewed()
        self._granted()

    def _sent_back_by_second_look(self) -> None:
        self._report()
        self._accepted_and_granted("second_look")

    def _sent_back_by_decider(self) -> None:
        self._report()
        self._accepted_and_granted("decider")

    def _objected(self) -> bool:
        """Up to an objection in publicity; False where the profession has none."""
        self._report()
        self._at_acceptance(A.ACCEPT)
        self._reviewed()
        days = self.reasons.rules.number("publicity_days")
        if not days:
            self._granted()
            return False
        self._approved()
        start = self.at
        self.at = self.days.visit(self.rng, self.at, 2, 6)
        self._add(A.OBJECT, self.bench.deciders[0].actor, words.OBJECTION)
        self._midnight_after(start, days)
        self.at = self.days.visit(self.rng, self.at, 1, 5)
        return True

    def _objection_overruled(self) -> None:
        if self._objected():
            self._add(A.OVERRULE_OBJECTION, self.bench.deciders[0].actor, words.UNFOUNDED)
            self._announced()

    def _objection_rejected(self) -> None:
        if self._objected():
            codes = (self.reasons.rejectable[-1][1],)
            self._add(A.REJECT, self.bench.deciders[0].actor, words.FOUNDED, codes)

    def _objection_reopened(self) -> None:
        if self._objected():
            self._add(A.REOPEN_REVIEW, self.bench.deciders[0].actor, words.NEW_FACTS)
            self._reviewed()
            self._granted()


_RECEIVING = frozenset({A.REPORT.value, A.PROVINCE_AGREE.value, A.PROVINCE_DISAGREE.value})
