"""What follows from a case: holders of registrations, and the business each of them files next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from heapq import heappop, heappush
from random import Random
from types import SimpleNamespace
from typing import Protocol, cast

from core import catalogue
from core.catalogue.types import Effect
from core.demo import hours
from core.demo.cast import Company
from core.demo.chances import Weighted
from core.demo.hours import DAY
from core.demo.reasons_by_stage import stage_reasons
from core.demo.stories import Tale
from core.demo.types import Filing, Holder, Script
from core.model import Registration
from core.register.commands import term
from core.vocabulary.register import RegistrationStatus

_EARLY = 45 * DAY  # by which a business may come before it is due
_WISHES = Weighted(
    (("change", 40), ("renewal", 36), ("replacement", 9), ("cancellation", 9), ("", 6))
)


class Hiring(Protocol):
    """Finds a company that hires in a profession, other than `but`."""

    def __call__(self, profession: str, but: Company | None = None) -> Company: ...


class FollowUps:
    """Holders by the moment from which they may file their next business."""

    def __init__(self, rng: Random, until: int, hired: Hiring) -> None:
        self._rng, self._until, self._hired = rng, until, hired
        self._pool: list[tuple[int, int, int, Holder]] = []

    def due(self, opened: int) -> Holder | None:
        """The holder whose business is next, when somebody's turn has come."""
        if self._rng.random() > 0.78:
            return None
        while self._pool and self._pool[0][0] <= opened:
            holder = heappop(self._pool)[-1]
            if holder.cancelled or holder.valid_to.toordinal() > hours.day_at(opened) + 40:
                return holder
        return None

    def look_ahead(self, script: Script, tale: Tale, holder: Holder | None) -> None:
        """Put the holder into the pool when this case leaves something to act on."""
        rng, steps, filing = self._rng, script.steps, script.filing
        if not steps or steps[-1].at > self._until:
            return
        ended = steps[-1].at
        if not (tale.issued and tale.decided):
            if holder is not None and filing.acts_on and rng.random() < 0.6:
                holder.ready = ended + rng.randrange(20, 150) * DAY
                self._push(script, holder, ended)
            return
        effect = catalogue.current().effect(filing.business)
        rules = stage_reasons(script.variant, filing.profession, filing.business).rules
        first, last = term(
            effect,
            date.fromordinal(hours.day_at(tale.decided)),
            _standing(holder) if filing.acts_on else None,
            rules.number("validity_years"),
            rules.number("renewal_window_months"),
        )
        wish = self._next_wish(filing, last, ended)
        following = Holder(wish, filing, first, last, ended, effect is Effect.END)
        if wish == "renewal" and not following.cancelled:
            day = last.toordinal() - rng.randrange(45, 175)
            following.ready = hours.moment_at(day, 10 * 3600)
        else:
            following.ready += rng.randrange(40, 800) * DAY
        if wish:
            self._push(script, following, ended)
        if holder is not None:
            return
        second = replace(following, wish="second", cancelled=False)
        if filing.profession == "survey_design" and rng.random() < 0.1:
            second.ready = ended + rng.randrange(60, 500) * DAY
            if rng.random() < 0.3:  # at another employer as well (domain G2, D1)
                company = self._hired(filing.profession, filing.company)
                second.filing = replace(filing, company=company)
            self._push(script, second, ended)
        elif rng.random() < 0.015:  # in another profession, at another employer (D2)
            single = filing.profession == "supervision"
            other = rng.choice(("survey_design", "architect")) if single else "supervision"
            company = self._hired(other, filing.company)
            second.filing = replace(filing, profession=other, company=company, specialties=())
            second.ready = ended + rng.randrange(40, 400) * DAY
            self._push(script, second, ended)

    def _next_wish(self, filing: Filing, last: date, ended: int) -> str:
        if filing.business == "cancellation":
            lasting = last.toordinal() > hours.day_at(ended) + 120
            revives = filing.profession != "supervision" and lasting and self._rng.random() < 0.2
            return "renewal" if revives else ""
        return _WISHES.draw(self._rng)

    def _push(self, script: Script, holder: Holder, ended: int) -> None:
        # Not before the last case is over, even when the term is: nobody waits behind such a one.
        ready = max(holder.ready - _EARLY, ended + 5 * DAY)
        if ready < self._until:
            heappush(self._pool, (ready, script.number, len(self._pool), holder))


def _standing(holder: Holder | None) -> Registration | None:
    """The registration acted on, as far as `term` looks at it."""
    if holder is None:
        return None
    known = RegistrationStatus.CANCELLED if holder.cancelled else RegistrationStatus.ACTIVE
    seen = SimpleNamespace(
        status=known.value, valid_from=holder.valid_from, valid_to=holder.valid_to
    )
    return cast("Registration", seen)
