"""What the demo's modules share: the book of courses, a filing, and what is wrong with it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.demo.cast import Company, Someone
from core.model import Registration

BOOK: Final = tomllib.loads(Path(__file__).with_name("courses.toml").read_text(encoding="utf-8"))
"""`courses.toml`: how cases go, what is said, what is planted, which cases must be there."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What is wrong with a case on purpose. other: who shares `value` with the applicant.

    beside: number of the other case concerned.
    """

    rule: str
    other: Someone | None = None
    value: str = ""
    beside: int | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """Who files what. held: the registration acted on; former: the employer it is with.

    moves, new_specialty: what a change changes.
    """

    person: Someone
    company: Company
    profession: str
    business: str
    specialties: tuple[str, ...]
    held: Registration | None = None
    former: Company | None = None
    moves: bool = False
    new_specialty: bool = False
