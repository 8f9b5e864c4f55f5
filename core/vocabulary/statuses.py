"""The row that says all there is to know of one status, of whatever procedure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeVar

from core.text import Text
from core.vocabulary.stages import Stage
from core.vocabulary.tones import Tone

Stamp = Literal[
    "filed_at",
    "reported_at",
    "received_at",
    "accepted_at",
    "answered_at",
    "verified_at",
    "decided_at",
]


class Party(StrEnum):
    """Whom something waits for."""

    APPLICANT = "applicant"
    EMPLOYER = "employer"
    PROVINCE = "province"
    OFFICER = "officer"
    PUBLIC = "public"
    SYSTEM = "system"


class Milestone(StrEnum):
    """A place on the progress bar that applicants and officers see (M1 图12)."""

    PERSON = "person"  # 个人上报
    EMPLOYER = "employer"  # 企业上报
    ACCEPTANCE = "acceptance"  # 部级受理
    REVIEW = "review"  # 部级审查
    PUBLICITY = "publicity"  # 公示
    ANNOUNCEMENT = "announcement"  # 公告


class Ending(StrEnum):
    """How a final status ends a subject, as the progress bar shows it."""

    DONE = "done"  # everything was carried out
    FAILED = "failed"  # not passed where it rests
    STOPPED = "stopped"  # broken off where it last rested


@dataclass(frozen=True, slots=True)
class StatusSpec:
    """All that is known of one status.

    waits_for: who has to act next; None when nobody does. ending: set when the status is final.
    desk: the desk at which officers act. checklist: the desk whose checklist is filled in.
    stamp: the subject's own date that arriving here sets. milestone: where the progress bar rests;
    None where it stays at the place before. failed: shown as 未通过 although not final.
    listed: False when no list but its owner's shows it.
    """

    label: Text
    tone: Tone = "neutral"
    waits_for: Party | None = None
    ending: Ending | None = None
    desk: Stage | None = None
    checklist: Stage | None = None
    stamp: Stamp | None = None
    milestone: Milestone | None = None
    failed: bool = False
    listed: bool = True

    @property
    def final(self) -> bool:
        """True when nothing can be done any more and no clock runs."""
        return self.ending is not None


S = TypeVar("S", bound=StrEnum)


def final_of(specs: Mapping[S, StatusSpec]) -> frozenset[S]:
    """The final ones among the statuses of a table."""
    return frozenset(status for status, spec in specs.items() if spec.final)


def labels_of(specs: Mapping[S, StatusSpec]) -> dict[S, Text]:
    """The name of each status of a table."""
    return {status: spec.label for status, spec in specs.items()}
