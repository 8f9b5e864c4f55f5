"""The flags of the demo with their appeals, settled as far as their cases have come.

Nothing that was approved has an open flag, and nothing was held against a person who was not told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.clock import day_of
from core.demo.insurance import SOURCE
from core.model import (
    Anomaly,
    AnomalyCase,
    Appeal,
    Case,
)
from core.vocabulary.anomalies import AnomalyStatus, Severity
from core.vocabulary.appeals import AppealStatus
from core.vocabulary.cases import Status
from core.workdays import counting

_SEVERITY = {
    "R1": Severity.HIGH,
    "R2": Severity.HIGH,
    "R3": Severity.HIGH,
    "R4": Severity.MEDIUM,
    "R5": Severity.SIGNAL,
    "D1": Severity.BLOCK,
    "D2": Severity.HIGH,
    "D3": Severity.BLOCK,
    "D4": Severity.MEDIUM,
    "D5": Severity.BLOCK,
    "D6": Severity.HIGH,
    "D7": Severity.MEDIUM,
    "D8": Severity.MEDIUM,
    "D9": Severity.HIGH,
}
_UNDER_WAY = frozenset(
    {
        Status.PROVINCE_PENDING,
        Status.RECEIVED,
        Status.CORRECTING,
        Status.CORRECTED,
        Status.ACCEPTED,
        Status.REVIEW,
        Status.WITHDRAWING,
    }
)
_DISMISSED = (
    "已核实：缴费单位为聘用单位的分支机构，属同一法人。",
    "已核对身份证件，确系两人。",
    "已与社保经办机构核实，系数据延迟。",
    "已电话核实，联系电话由单位统一登记。",
)
_CONFIRMED = ("经核实，社保由其他单位缴纳，申辩理由不成立。", "逾期未申辩，经核实属实。")
_STATEMENTS = (
    "社保由总公司统一缴纳，附证明。",
    "入职当月社保次月到账，现已缴纳。",
    "手机号为单位经办人代填，已更正。",
)
_ANSWERS = ("insurance_consistent", "special_case", "corrected_by_cancellation")


class Desk:
    """Writes flags with their appeals; the same again for the same random numbers."""

    def __init__(self, session: Session, rng: Random, officers: Sequence[Actor], now: datetime):
        self._session, self._rng, self._officers, self._now = session, rng, officers, now
        self._waiting: list[tuple[Anomaly, set[int], AnomalyStatus]] = []
        self.flags = 0

    def flag(
        self,
        rule: str,
        cases: Sequence[Case],
        person_id: int,
        evidence: dict[str, Any],
        counterpart: int | None = None,
    ) -> None:
        """One anomaly on `cases` (the first decides how far it is settled)."""
        first, rng = cases[0], self._rng
        start = max(case.filed_at or case.created_at for case in cases)
        found = min(start + timedelta(days=1, hours=rng.randrange(4)), self._now)
        status, shown = self._standing(first)
        settled = status in {AnomalyStatus.CONFIRMED, AnomalyStatus.DISMISSED}
        end = first.decided_at or first.closed_at or self._now
        disposed = found + (max(end, found) - found) * 0.8 if settled else None
        shown_at = found + timedelta(hours=1) if shown else None
        anomaly = Anomaly(
            kind="insurance" if rule.startswith("R") else "duplicate",
            rule=rule,
            severity=_SEVERITY[rule].value,
            person_id=person_id,
            counterpart_id=counterpart,
            status=status.value,
            evidence=evidence,
            source=SOURCE if rule.startswith("R") or rule == "D9" else "演示注册库",
            as_of=day_of(found),
            found_at=found,
            shown_at=min(shown_at, self._now) if shown_at else None,
            disposed_at=disposed,
            disposed_by=rng.choice(self._officers).user_id if settled else None,
            disposition=""
            if not settled
            else rng.choice(_CONFIRMED if status is AnomalyStatus.CONFIRMED else _DISMISSED),
        )
        self._waiting.append((anomaly, {case.id for case in cases}, status))
        self.flags += 1

    def write(self) -> None:
        """Write what has been flagged since the last time."""
        self._session.add_all(anomaly for anomaly, _, _ in self._waiting)
        self._session.flush()
        for anomaly, touched, status in self._waiting:
            for case_id in sorted(touched):
                self._session.add(AnomalyCase(anomaly_id=anomaly.id, case_id=case_id))
            if anomaly.shown_at is not None:
                self._appeal(anomaly, status)
        self._session.flush()
        self._session.expunge_all()
        self._waiting.clear()

    def _standing(self, case: Case) -> tuple[AnomalyStatus, bool]:
        """How a flag on a case stands, and whether the person was shown it."""
        chance = self._rng.random()
        if case.status in _UNDER_WAY:
            if chance < 0.4:
                return AnomalyStatus.OPEN, False
            if chance < 0.55:
                return AnomalyStatus.OPEN, True
            if chance < 0.8:
                return AnomalyStatus.APPEALED, True
            return (AnomalyStatus.CONFIRMED if chance < 0.9 else AnomalyStatus.DISMISSED), True
        if case.status in {Status.REJECTED, Status.REFUSED} and chance < 0.7:
            return AnomalyStatus.CONFIRMED, True
        return AnomalyStatus.DISMISSED, chance < 0.6

    def _appeal(self, anomaly: Anomaly, status: AnomalyStatus) -> None:
        rng, opened = self._rng, anomaly.shown_at
        assert opened is not None
        match status:
            case AnomalyStatus.OPEN:
                course = AppealStatus.PENDING
            case AnomalyStatus.APPEALED:
                course = rng.choice((AppealStatus.SUBMITTED, AppealStatus.RECHECK))
            case AnomalyStatus.CONFIRMED:
                course = rng.choice((AppealStatus.DENIED, AppealStatus.OVERDUE))
            case AnomalyStatus.DISMISSED:
                course = AppealStatus.UPHELD
        answered = course not in {AppealStatus.PENDING, AppealStatus.OVERDUE}
        decided = course in {AppealStatus.UPHELD, AppealStatus.DENIED, AppealStatus.OVERDUE}
        end = anomaly.disposed_at or self._now
        first, second = rng.sample(list(self._officers), 2)
        upheld = course is AppealStatus.UPHELD
        self._session.add(
            Appeal(
                anomaly_id=anomaly.id,
                person_id=anomaly.person_id,
                status=course.value,
                answer=rng.choice(_ANSWERS) if answered else "",
                statement=rng.choice(_STATEMENTS) if answered else "",
                due_on=counting.due_date(day_of(opened), 10).day,
                opened_at=opened,
                answered_at=opened + (end - opened) / 3 if answered else None,
                decided_at=end if decided else None,
                reviewer_id=first.user_id if decided or course is AppealStatus.RECHECK else None,
                decider_id=second.user_id if decided else None,
                exemption="other" if upheld else "",
                reason=anomaly.disposition if decided else "",
            )
        )
