"""A case and all that bears on what may be done to it; the parts are read when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Select, bindparam, exists, func, select

from core import catalogue
from core.access.actors import Actor
from core.access.scope import may_see
from core.catalogue.reasons import STILL_DEFICIENT
from core.catalogue.rulebooks import Rulebook, rulebook_of
from core.catalogue.types import Effect
from core.model import (
    Anomaly,
    AnomalyCase,
    Case,
    Correction,
    CorrectionItem,
    Employer,
    Hearing,
    Registration,
    Verdict,
)
from core.vocabulary.anomalies import UNRESOLVED, AnomalyStatus, Severity
from core.vocabulary.cases import DESKS, STATUSES, Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.hearings import HearingStatus
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage
from core.workflow import clocks
from core.workflow.context import Context
from core.workflow.definitions import Ground, Transition


@dataclass(frozen=True, slots=True)
class VerdictValue:
    """A verdict as guards see it."""

    outcome: Outcome | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlagValue:
    """A flag as guards see it."""

    status: AnomalyStatus
    severity: Severity
    shown_at: datetime | None


class When(StrEnum):
    """Conditions that choose between rows of the transition table: of the service, of the clock."""

    PROVINCE_STAGE = "province_stage"
    NO_PROVINCE_STAGE = "no_province_stage"
    HAS_RECHECK = "has_recheck"
    NO_RECHECK = "no_recheck"
    HAS_PUBLICITY = "has_publicity"
    NO_PUBLICITY = "no_publicity"
    AUTOMATIC_ACCEPTANCE = "automatic_acceptance"
    CLOCK_RUNS = "clock_runs"
    CLOCK_PAUSES = "clock_pauses"


def meant_for(when: StrEnum | None, rulebook: Rulebook) -> bool:
    """Whether a row of the table is meant for a service with this rulebook."""
    match when:
        case None:
            return True
        case When.PROVINCE_STAGE:
            return rulebook.switch("province_stage")
        case When.NO_PROVINCE_STAGE:
            return not rulebook.switch("province_stage")
        case When.HAS_RECHECK:
            return Stage.RECHECK in rulebook.path
        case When.NO_RECHECK:
            return Stage.RECHECK not in rulebook.path
        case When.HAS_PUBLICITY:
            return rulebook.number("publicity_days") > 0
        case When.NO_PUBLICITY:
            return rulebook.number("publicity_days") == 0
        case When.AUTOMATIC_ACCEPTANCE:
            return rulebook.switch("automatic_acceptance")
        case _:
            raise ValueError(f"no condition of cases: {when}")


_HEARING_PENDING = select(
    exists().where(
        Hearing.about == bindparam("on"),
        Hearing.status.in_((HearingStatus.REQUESTED, HearingStatus.SCHEDULED)),
    )
)
_NEAR_THE_REGISTER = frozenset(
    {Status.DECISION, Status.PUBLICITY, Status.OBJECTED, Status.APPROVED, Status.ANNOUNCED}
)


class CaseContext(Context):
    """A case at a moment, see the module."""

    row: Case

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.row

    @property
    def case_id(self) -> int | None:
        return self.row.id

    @property
    def status(self) -> Status:
        return Status(self.row.status)

    @property
    def interrupted(self) -> Status:
        """The status that a pending withdrawal interrupted."""
        assert self.row.resumes is not None, "only a pending withdrawal goes back"
        return Status(self.row.resumes)

    @property
    def desk(self) -> Stage | None:
        """The desk the case waits at, or None when no officer is to act."""
        return DESKS.get(self.status)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rulebook that the case was filed under."""
        return rulebook_of(self.session, self.row.rulebook_id)

    @cached_property
    def employer_status(self) -> str:
        """Standing of the employer now."""
        return self.session.scalars(
            select(Employer.status).where(Employer.id == self.row.employer_id)
        ).one()

    @cached_property
    def verdicts(self) -> Mapping[tuple[Stage, str], VerdictValue]:
        """Verdicts by desk and checklist key."""
        rows = self.session.execute(
            select(Verdict.stage, Verdict.check_key, Verdict.outcome, Verdict.reasons).where(
                Verdict.case_id == self.row.id
            )
        )
        return {
            (Stage(row.stage), row.check_key): VerdictValue(
                Outcome(row.outcome) if row.outcome else None, tuple(row.reasons)
            )
            for row in rows
        }

    @cached_property
    def flags(self) -> tuple[FlagValue, ...]:
        """Every flag that touches the case."""
        rows = self.session.execute(
            select(Anomaly.status, Anomaly.severity, Anomaly.shown_at)
            .join(AnomalyCase, AnomalyCase.anomaly_id == Anomaly.id)
            .where(AnomalyCase.case_id == self.row.id)
        )
        return tuple(
            FlagValue(AnomalyStatus(row.status), Severity(row.severity), row.shown_at)
            for row in rows
        )

    @property
    def open_flags(self) -> int:
        """Flags not yet disposed of."""
        return sum(flag.status in UNRESOLVED for flag in self.flags)

    @property
    def open_blocks(self) -> int:
        """Those among the open flags that block."""
        return sum(
            flag.status in UNRESOLVED and flag.severity is Severity.BLOCK for flag in self.flags
        )

    @property
    def confirmed_blocks(self) -> int:
        """Flags that block and were found to be true."""
        return sum(
            flag.status is AnomalyStatus.CONFIRMED and flag.severity is Severity.BLOCK
            for flag in self.flags
        )

    @property
    def unheard(self) -> int:
        """Confirmed flags that were never shown to the person."""
        return sum(
            flag.status is AnomalyStatus.CONFIRMED and flag.shown_at is None for flag in self.flags
        )

    @cached_property
    def unanswered(self) -> int:
        """Items of the open correction round without an answer."""
        return (
            self.session.scalar(
                select(func.count())
                .select_from(CorrectionItem)
                .join(Correction, Correction.id == CorrectionItem.correction_id)
                .where(
                    Correction.case_id == self.row.id,
                    Correction.answered_at.is_(None),
                    CorrectionItem.answer == "",
                )
            )
            or 0
        )

    @cached_property
    def hearing_pending(self) -> bool:
        """The person asked for a hearing that is not over yet."""
        return bool(self.session.scalar(_HEARING_PENDING, {"on": self.subject}))

    @cached_property
    def rival(self) -> str | None:
        """Number of another open case of the person for the same specialty (domain G2, D3)."""
        return self.session.scalar(
            select(Case.ref)
            .where(
                Case.person_id == self.row.person_id,
                Case.id != self.row.id,
                Case.profession == self.row.profession,
                Case.specialty == self.row.specialty,
                Case.is_open,
                Case.status.not_in([Status.DRAFT]),
            )
            .limit(1)
        )

    def seen_by(self, actor: Actor) -> bool:
        return may_see(actor, self.row)

    def applies(self, when: StrEnum | None) -> bool:
        match when:
            case When.CLOCK_RUNS:
                return self.paused is None
            case When.CLOCK_PAUSES:
                return self.paused is not None
            case _:
                return meant_for(when, self.rulebook)

    def switch(self, parameter: str) -> bool:
        return self.rulebook.switch(parameter)

    def number(self, parameter: str) -> int:
        return self.rulebook.number(parameter)

    def allowed_days(self, kind: ClockKind) -> int:
        """As any subject's; where the province has looked already, what is left for the ministry
        (M.1).
        """
        if kind is ClockKind.DECISION and self.switch("province_stage"):
            return self.number("decision_days_after_province") or super().allowed_days(kind)
        return super().allowed_days(kind)

    def failures(self, stage: Stage) -> list[tuple[str, ...]]:
        """Reasons of each failed item at `stage`."""
        return [
            verdict.reasons
            for (desk, _), verdict in self.verdicts.items()
            if desk is stage and verdict.outcome is Outcome.FAIL
        ]

    def grounds(self, row: Transition, codes: tuple[str, ...]) -> tuple[str, ...]:
        """Coded reasons that can carry the decision; those of the failed items when none is
        given."""
        ground = cast("Ground", row.ground)
        stage = Stage.ACCEPTANCE if ground is Ground.REFUSES else Stage.REVIEW
        chosen = codes or tuple(
            dict.fromkeys(
                code
                for (desk, _), verdict in self.verdicts.items()
                if desk is stage
                for code in verdict.reasons
            )
        )
        found = tuple(code for code in chosen if self.rulebook.is_ground(code, ground.value))
        if not found and ground is Ground.REFUSES and self.still_deficient:
            return (STILL_DEFICIENT,)
        return found

    @property
    def ends(self) -> bool:
        """The case asks for the end of a registration (注销)."""
        return catalogue.current().effect(self.row.business) is Effect.END

    @property
    def corrected(self) -> bool:
        """The applicant has had their round of correction, a withdrawal pending or not."""
        return Status.CORRECTED in {self.status, self.row.resumes}

    @property
    def still_deficient(self) -> bool:
        """Corrected, and not in order all the same (M.6)."""
        return self.corrected and bool(self.failures(Stage.ACCEPTANCE))

    def moved(self, row: Transition, before: StrEnum, after: StrEnum) -> None:
        """Open or finished, the case's own dates, and what a pending withdrawal interrupted."""
        case, spec = self.row, STATUSES[Status(after)]
        case.changed_at = self.now
        if after is before:  # arriving nowhere stamps nothing
            return
        came_back = before is Status.WITHDRAWING and after is not Status.ACCEPTED
        case.resumes = str(before) if after is Status.WITHDRAWING else None
        case.is_open = not spec.final
        if spec.stamp and not came_back and not (spec.stamp == "decided_at" and case.decided_at):
            setattr(case, spec.stamp, self.now)
        if spec.final:
            case.closed_at = self.now
        if Stage.DECISION in row.undoes:  # what is decided anew is decided on another day
            case.decided_at = None
        if row.since_receipt:
            case.accepted_by_lapse = True

    def related(self) -> tuple[Select[Any], ...]:
        """The registration, once a step may lead to its being changed."""
        if self.row.registration_id is None or self.status not in _NEAR_THE_REGISTER:
            return ()
        return (select(Registration.id).where(Registration.id == self.row.registration_id),)

    def clocks_moved(self) -> None:
        """The clock to show, copied to the case for sorting; a paused one has no day to be due
        on."""
        shown = clocks.foremost(self.clocks)
        self.row.clock = shown.kind if shown else None
        self.row.due_on = shown.due_on if shown and shown.paused_on is None else None
