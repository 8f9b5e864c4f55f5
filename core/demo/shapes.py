"""Shapes of the demo's scripts: what one case goes through, as plain data for both executors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from core.access.actors import Actor
from core.demo.cast import Company, Someone

CLAIM, JUDGE, ANSWER, NOTE = "claim", "judge", "answer", "note"


class Fail(NamedTuple):
    """A failing verdict: checklist key, coded reasons, note."""

    check: str
    reasons: tuple[str, ...]
    note: str


class Step(NamedTuple):
    """One step of a script.

    kind: a value of `Action`, or CLAIM (take the lease), JUDGE (a verdict on every item without
    one), ANSWER (each item of the open correction), NOTE. words: reason, answer or note.
    fails, moot: items that fail or do not apply when judging; the rest is met.
    """

    at: int
    kind: str
    actor: Actor
    words: str = ""
    codes: tuple[str, ...] = ()
    fails: tuple[Fail, ...] = ()
    moot: tuple[str, ...] = ()


class Picture(NamedTuple):
    """An attachment as its row says; the file may follow later (`core.demo.drawing.files`)."""

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
class Script:
    """A case from its draft to where it rests.

    number: its id. variant: name of the catalogue it is filed under (None: the one in force).
    form: without what the register fills in. acts_on: whether it changes a registration that is
    there. keeps: whether the registration is acted on again by a later script. trouble: insurance
    rule that its records break, if any.
    """

    number: int
    person: Someone
    new_person: bool
    company: Company
    profession: str
    business: str
    specialties: tuple[str, ...]
    variant: str | None
    channel: str
    form: dict[str, Any]
    opened: int
    steps: list[Step]
    pictures: list[Picture]
    insured: list[Insured]
    acts_on: bool
    keeps: bool = False
    trouble: str | None = None


Pair = tuple[str, int, int, str]
"""Rule, person id, other person id, what they share."""


@dataclass(slots=True)
class Trouble:
    """What was planted on purpose, for `core.demo.trouble` to flag.

    insurance: (script number, rule).
    beside: (person id, profession, specialties) of those who drafted the same application twice.
    """

    insurance: list[tuple[int, str]] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    beside: list[tuple[int, str, tuple[str, ...]]] = field(default_factory=list)
