"""Who holds what and wants what next, and who files what: what the schedule passes around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from core.demo import hours
from core.demo.cast import Company, Someone
from core.demo.stories import Tale
from core.vocabulary.employers import EmployerStatus


@dataclass(slots=True)
class Member:
    """A registration, and what its holder wants next. valid_to, issued: ordinal and moment."""

    wish: str
    person: Someone
    company: Company
    profession: str
    specialties: tuple[str, ...]
    valid_from: date
    valid_to: date
    issued: int
    cancelled: bool = False

    def business(self, day: int) -> str:
        """What is filed on `day`: the wish, as far as it can be granted then."""
        if self.cancelled:
            return "renewal" if self.profession != "supervision" else "initial"
        if self.wish == "renewal" and self.valid_to.toordinal() - day > 180:
            return "change"
        return self.wish


class Filing(NamedTuple):
    """Who files what. former: the employer registered at present."""

    person: Someone
    new_person: bool
    company: Company
    former: Company | None
    profession: str
    business: str
    specialties: tuple[str, ...]
    moves: bool = False
    new_specialty: bool = False


def cut(tale: Tale, company: Company) -> None:
    """Nothing goes on at an employer that is not, or no longer, in good standing."""
    unverified = company.status in {EmployerStatus.UNVERIFIED, EmployerStatus.RETURNED}
    for place, step in enumerate(tale.steps):
        over = company.until is not None and hours.day_at(step.at) >= company.until
        if over or (unverified and step.kind == "report"):
            del tale.steps[place:]
            tale.issued = False
            return
