"""Statutory and house clocks (domain H): one row a clock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.text import Text


class ClockKind(StrEnum):
    """Statutory and house clocks (domain H)."""

    ACCEPTANCE = "acceptance"  # 5 days from receipt
    CORRECTION = "correction"  # applicant's 15 days
    DECISION = "decision"  # 20 days from acceptance
    PROVINCE = "province"
    PUBLICITY = "publicity"
    WITHDRAWAL = "withdrawal"
    APPEAL = "appeal"
    HEARING_REQUEST = "hearing_request"  # 5 days from being told
    HEARING = "hearing"  # 20 days from the request
    HEARD = "heard"  # the person's time to answer before a revocation


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """All that is known of one clock.

    parameter: the rulebook's number of working days. rank: when several run, the lowest is the one
    that people must not miss. lapse: the action that the law attaches to its end, taken by the
    system; None when nothing happens by itself. ours: the ministry's own clock,
    which needs no name where the desk's work is listed.
    """

    label: Text
    parameter: str
    rank: int
    lapse: str | None = None
    ours: bool = False


# A withdrawal that lapses gives the case back to the desk whose time may be up too, so lapses are
# taken in the order of the rows.
CLOCKS: dict[ClockKind, ClockSpec] = {
    ClockKind.WITHDRAWAL: ClockSpec(
        Text("企业答复撤回", "Employer's answer to withdrawal"),
        "withdrawal_answer_days",
        rank=6,
        lapse="lapse_withdrawal",
    ),
    ClockKind.CORRECTION: ClockSpec(
        Text("申请人补正", "Applicant's correction"),
        "correction_days",
        rank=3,
        lapse="lapse_correction",
    ),
    ClockKind.ACCEPTANCE: ClockSpec(
        Text("受理审查", "Acceptance"),
        "acceptance_days",
        rank=2,
        lapse="lapse_acceptance",
        ours=True,
    ),
    ClockKind.PUBLICITY: ClockSpec(
        Text("公示", "Publicity"), "publicity_days", rank=4, lapse="conclude_publicity"
    ),
    ClockKind.PROVINCE: ClockSpec(Text("省级审核", "Provincial opinion"), "province_days", rank=5),
    ClockKind.DECISION: ClockSpec(Text("审批决定", "Decision"), "decision_days", rank=1, ours=True),
    ClockKind.APPEAL: ClockSpec(
        Text("申辩", "Appeal"), "appeal_days", rank=7, lapse="lapse_appeal"
    ),
    ClockKind.HEARING_REQUEST: ClockSpec(
        Text("申请听证", "Asking for a hearing"),
        "hearing_request_days",
        rank=8,
        lapse="lapse_request",
    ),
    ClockKind.HEARING: ClockSpec(Text("举行听证", "Holding the hearing"), "hearing_days", rank=9),
    ClockKind.HEARD: ClockSpec(
        Text("陈述申辩", "Statement and defence"), "appeal_days", rank=10, lapse="lapse_answer"
    ),
}

CLOCK_LABELS: dict[ClockKind, Text] = {kind: spec.label for kind, spec in CLOCKS.items()}
