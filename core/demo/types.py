"""Types of the demo: a script says what one case goes through, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from core.access.actors import Actor
from core.demo.cast import Company, Someone


class StepKind(StrEnum):
    """What a script does beside the actions of the procedure.

    CLAIM: take the lease. JUDGE: a verdict on every item without one. ANSWER: each item of the
    open correction. FLAG, SHOW, APPEAL: an anomaly is raised, told to the person, answered.
    """

    CLAIM = "claim"
    JUDGE = "judge"
    ANSWER = "answer"
    NOTE = "note"
    FLAG = "flag"
    SHOW = "show"
    APPEAL = "appeal"


class Fail(NamedTuple):
    """A failing verdict: checklist key, coded reasons, note."""

    check: str
    reasons: tuple[str, ...]
    note: str


class Step(NamedTuple):
    """One step of a script.

    kind: a value of `Action` or `StepKind`. words: reason, answer, note or rule. fails, moot:
    items that fail or do not apply when judging; the rest is met.
    """

    at: int
    kind: str
    actor: Actor
    words: str = ""
    codes: tuple[str, ...] = ()
    fails: tuple[Fail, ...] = ()
    moot: tuple[str, ...] = ()


class Picture(NamedTuple):
    """An attachment as its row says; its file follows (`core.demo.drawing.files`)."""

    kind: str
    filename: str
    sha256: str
    mime: str
    size: int
    width: int
    height: int
    phash: str
    white_share: float


class Insured(NamedTuple):
    """A month of social insurance."""

    name: str
    payer_name: str
    payer_code: str
    month: date
    fund_payer_code: str


@dataclass(slots=True)
class Planted:
    """What is wrong with a case on purpose. other: who shares `value` with the applicant.

    beside: number of the other case concerned.
    """

    rule: str
    other: Someone | None = None
    value: str = ""
    beside: int | None = None


@dataclass(slots=True)
class Filing:
    """Who files what. former: the employer registered at present. acts_on: whether the filing
    changes a registration that is there.
    """

    person: Someone
    new_person: bool
    company: Company
    former: Company | None
    profession: str
    business: str
    specialties: tuple[str, ...]
    moves: bool = False
    new_specialty: bool = False
    acts_on: bool = False


@dataclass(slots=True)
class Script:
    """A case from its draft to where it rests.

    number: its id. variant: name of the catalogue it is filed under (None: the one in force).
    form: without what the register fills in.
    """

    number: int
    filing: Filing
    variant: str | None
    channel: str
    form: dict[str, Any]
    opened: int
    steps: list[Step]
    pictures: list[Picture]
    insured: list[Insured] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)


@dataclass(slots=True)
class Holder:
    """A registration as the schedule expects it, and the business its holder wants next.

    ready: moment from which it may be filed. "second": another first registration.
    """

    wish: str
    filing: Filing
    valid_from: date
    valid_to: date
    ready: int
    cancelled: bool = False

    def business(self, day: int) -> str:
        """What is filed on `day` (ordinal): the wish, as far as it can be granted then."""
        if self.cancelled:
            return "renewal" if self.filing.profession != "supervision" else "initial"
        if self.wish == "renewal" and self.valid_to.toordinal() - day > 180:
            return "change"
        return self.wish
