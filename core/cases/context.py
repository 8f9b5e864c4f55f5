"""Everything a guard may look at, read once per command or page in a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.catalogue.rulebooks import Rulebook, rulebook_of
from core.model import (
    Anomaly,
    AnomalyCase,
    Case,
    Clock,
    Correction,
    CorrectionItem,
    Decision,
    Employer,
    Lease,
    User,
    Verdict,
)
from core.vocabulary.anomalies import AnomalyStatus
from core.vocabulary.cases import DESKS, Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage


@dataclass(frozen=True, slots=True)
class VerdictValue:
    """A verdict as guards see it."""

    outcome: Outcome | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a case, and until when."""

    user_id: int
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class CaseContext:
    """A case and all that bears on what may be done to it now.

    verdicts: by desk and checklist key. officers: officers whose four-eyes decisions are in force.
    proposal: what the review in force proposes (True: approval). open_flags: flags not yet disposed
    of; open_blocks: those among them that block; unheard: confirmed flags that
    were never shown to the person.
    unanswered: items of the open correction round without an answer. rival: ref of another open
    case of the same person and specialty.
    """

    case: Case
    rules: Rulebook
    now: datetime
    employer_status: str
    holder: Holder | None
    verdicts: Mapping[tuple[Stage, str], VerdictValue]
    officers: frozenset[int]
    proposal: bool | None
    open_flags: int
    open_blocks: int
    unheard: int
    unanswered: int
    rival: str | None
    clocks: Mapping[ClockKind, Clock]

    @property
    def status(self) -> Status:
        return Status(self.case.status)

    @property
    def desk(self) -> Stage | None:
        """The desk the case waits at, or None when no officer is to act."""
        return DESKS.get(self.status)

    @property
    def today(self) -> date:
        return clock.day_of(self.now)

    def held_by(self, actor: Actor) -> bool:
        """True when `actor` holds the case now."""
        return self.holder is not None and self.holder.user_id == actor.user_id


def context_of(session: Session, case: Case, now: datetime) -> CaseContext:
    """Read the situation of `case` at `now`."""
    lease = session.execute(
        select(Lease.user_id, User.name, Lease.expires_at)
        .join(User, User.id == Lease.user_id)
        .where(Lease.case_id == case.id, Lease.expires_at > now)
    ).first()
    decisions = session.execute(
        select(Decision.officer_id, Decision.stage, Decision.approves)
        .where(Decision.case_id == case.id, ~Decision.superseded, Decision.four_eyes)
        .order_by(Decision.id)
    ).all()
    verdicts = session.execute(
        select(Verdict.stage, Verdict.check_key, Verdict.outcome, Verdict.reasons).where(
            Verdict.case_id == case.id
        )
    ).all()
    flags = session.execute(
        select(Anomaly.status, Anomaly.severity, Anomaly.shown_at)
        .join(AnomalyCase, AnomalyCase.anomaly_id == Anomaly.id)
        .where(AnomalyCase.case_id == case.id)
    ).all()
    unresolved = [row for row in flags if row.status in UNRESOLVED]
    clocks = session.scalars(
        select(Clock).where(Clock.case_id == case.id, Clock.ended_on.is_(None))
    ).all()
    return CaseContext(
        case=case,
        rules=rulebook_of(session, case.rulebook_id),
        now=now,
        employer_status=session.scalars(
            select(Employer.status).where(Employer.id == case.employer_id)
        ).one(),
        holder=Holder(*lease) if lease else None,
        verdicts={
            (Stage(row.stage), row.check_key): VerdictValue(
                Outcome(row.outcome) if row.outcome else None, tuple(row.reasons)
            )
            for row in verdicts
        },
        officers=frozenset(row.officer_id for row in decisions if row.officer_id is not None),
        proposal=next((row.approves for row in decisions if row.stage == Stage.REVIEW), None),
        open_flags=len(unresolved),
        open_blocks=sum(row.severity == "block" for row in unresolved),
        unheard=sum(
            row.status == AnomalyStatus.CONFIRMED and row.shown_at is None for row in flags
        ),
        unanswered=_unanswered(session, case) if case.status == Status.CORRECTING else 0,
        rival=_rival(session, case) if case.status in _BEFORE_FILING else None,
        clocks={ClockKind(row.kind): row for row in clocks},
    )


UNRESOLVED = frozenset({AnomalyStatus.OPEN, AnomalyStatus.APPEALED})
_BEFORE_FILING = frozenset({Status.DRAFT, Status.RETURNED})


def _unanswered(session: Session, case: Case) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(CorrectionItem)
            .join(Correction, Correction.id == CorrectionItem.correction_id)
            .where(
                Correction.case_id == case.id,
                Correction.answered_at.is_(None),
                CorrectionItem.answer == "",
            )
        )
        or 0
    )


def _rival(session: Session, case: Case) -> str | None:
    """Another open case for the same specialty (domain G2, D3)."""
    return session.scalar(
        select(Case.ref)
        .where(
            Case.person_id == case.person_id,
            Case.id != case.id,
            Case.profession == case.profession,
            Case.specialty == case.specialty,
            Case.is_open,
            Case.status.not_in([Status.DRAFT]),
        )
        .limit(1)
    )
