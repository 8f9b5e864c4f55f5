"""Rows of the case file: what an officer reads of a case, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.casefile.timeline import Node
from core.catalogue.rulebooks import Rulebook, RulebookItem
from core.catalogue.types import Field, Kind, Subject
from core.register.search import Entry
from core.text import Text
from core.vocabulary.appeals import AppealStatus
from core.vocabulary.cases import Status
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage
from core.workflow.engine import Offer
from core.workflow.leases import Holder


@dataclass(frozen=True, slots=True)
class Line:
    """One field: as filed, and as the register or profile holds it (None: nothing there)."""

    field: Field
    filed: Text | None
    held: Text | None

    @property
    def differs(self) -> bool:
        """True when both are known and not the same."""
        if self.held is None or self.filed is None:
            return False
        if self.field.kind is Kind.MONTH:  # a profile may know the day as well
            return self.held.zh[:7] != self.filed.zh[:7]
        return self.held != self.filed


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A checklist item with the verdict given on it, if any."""

    check: RulebookItem
    outcome: Outcome | None
    reasons: tuple[str, ...]
    note: str
    officer: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An attachment as the viewer needs it."""

    id: int
    kind: str
    filename: str
    width: int
    height: int
    size: int
    added_at: datetime
    case_ref: str


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case of the same person."""

    ref: str
    profession: str
    business: str
    specialty: str
    status: str
    employer_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """The appeal on a flag as read at `version`: what the person says, what officers make of it.

    proposed: the words of the review in force. offers: what the reader may do about it.
    """

    id: int
    version: int
    status: AppealStatus
    statement: str
    answered_at: datetime | None
    proposed: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """An anomaly that touches the case, with all it needs to be understood.

    answer: the newest appeal on it, for whoever may see it.
    """

    id: int
    rule: str
    kind: str
    severity: str
    status: str
    counterpart: str | None
    evidence: Mapping[str, Any]
    source: str
    as_of: date
    shown_at: datetime | None
    disposition: str
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """An officer's decision at one desk."""

    stage: Stage
    action: str
    approves: bool | None
    officer: str
    reasons: tuple[str, ...]
    note: str
    at: datetime
    superseded: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A round of correction, with its items as (补正内容, 补正原因, answer)."""

    round: int
    issued_at: datetime
    due_on: date
    answered_at: datetime | None
    items: tuple[tuple[Text, Text, str], ...]


@dataclass(frozen=True, slots=True)
class EmployerCard:
    """The employer's standing (domain J), as read at `version`."""

    id: int
    version: int
    name: str
    credit_code: str
    legal_rep: str
    province: str
    city: str
    address: str
    status: str
    status_reason: str
    verified_at: datetime | None
    qualifications: tuple[tuple[str, date | None], ...]
    registered: int
    open_cases: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as read at `version`.

    paused_on, pause_reason: since when, and why, its clock does not count. rulebook_current: False
    when the rules have changed since it was filed; it follows those it was filed under.
    registrations_elsewhere: how many the person holds that the reader may not see.
    """

    id: int
    ref: str
    version: int
    profession: str
    business: str
    specialties: tuple[str, ...]
    channel: str
    status: Status
    person_name: str
    employer: EmployerCard
    clock: str | None
    clock_started_on: date | None
    clock_days: int
    due_on: date | None
    paused_on: date | None
    pause_reason: str
    filed_at: datetime | None
    received_at: datetime | None
    holder: Holder | None
    rules: Rulebook
    rulebook_current: bool
    stage: Stage | None
    lines: Mapping[Subject, tuple[Line, ...]]
    checklist: tuple[CheckLine, ...]
    pictures: tuple[Picture, ...]
    other_photos: tuple[Picture, ...]
    others: tuple[OtherCase, ...]
    registrations: tuple[Entry, ...]
    registrations_elsewhere: int
    flags: tuple[Flag, ...]
    opinions: tuple[Opinion, ...]
    corrections: tuple[Asked, ...]
    nodes: tuple[Node, ...]
    offers: tuple[Offer, ...]
