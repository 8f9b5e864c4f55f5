"""What follows from a case: holders of registrations, and the business each of them files next."""

from __future__ import annotations

from datetime import date
from heapq import heappop, heappush
from random import Random
from types import SimpleNamespace
from typing import Protocol, cast

from core import catalogue
from core.catalogue.types import Effect
from core.demo import hours
from core.demo.books import Books
from core.demo.cast import Company
from core.demo.dice import Weighted
from core.demo.hours import DAY
from core.demo.members import Member
from core.demo.shapes import Script
from core.demo.stories import Tale
from core.model import Registration
from core.register.commands import term
from core.vocabulary.register import RegistrationStatus

_EARLY = 45  # days by which a business may come before it is due

_WISHES = Weighted(
    (("change", 40), ("renewal", 36), ("replacement", 9), ("cancellation", 9), ("", 6))
)


class Hiring(Protocol):
    """Finds a company that hires in a profession on a day (ordinal), other than `but`."""

    def __call__(self, profession: str, day: int, but: Company | None = None) -> Company: ...


class Sequels:
    """Holders by the moment from which they may file their next business."""

    def __init__(self, rng: Random, until: int, books: Books, hired: Hiring) -> None:
        self._rng, self._until, self._books, self._hired = rng, until, books, hired
        self._pool: list[tuple[int, int, Member]] = []

    def due(self, opened: int) -> Member | None:
        """The holder whose business is next, when somebody's turn has come."""
        pool = self._pool
        if self._rng.random() > 0.78:
            return None
        while pool:
            ready, _, member = pool[0]
            if ready > opened:
                return None
            heappop(pool)
            if member.cancelled or member.valid_to.toordinal() > hours.day_at(opened) + 40:
                return member
        return None

    def look_ahead(self, script: Script, tale: Tale, member: Member | None) -> None:
        """Put the holder into the pool when this case leaves something to act on."""
        rng, steps = self._rng, script.steps
        if not steps or steps[-1].at > self._until:
            return
        ended = steps[-1].at
        if not (tale.issued and tale.decided):
            if member is not None and script.acts_on and rng.random() < 0.6:
                member.issued = ended
                self._push(script, member, ended + rng.randrange(20, 150) * DAY)
            return
        book = catalogue.current()
        effect = book.effect(script.business)
        rules = self._books.grounds(script.variant, script.profession, script.business).rules
        held = None
        if member is not None and script.acts_on:
            standing = (
                RegistrationStatus.CANCELLED if member.cancelled else RegistrationStatus.ACTIVE
            )
            held = SimpleNamespace(
                status=standing.value, valid_from=member.valid_from, valid_to=member.valid_to
            )
        first, last = term(
            effect,
            date.fromordinal(hours.day_at(tale.decided)),
            cast("Registration | None", held),
            rules.number("validity_years"),
            rules.number("renewal_window_months"),
        )
        following = Member(
            self._next_wish(script, last, ended),
            script.person,
            script.company,
            script.profession,
            script.specialties,
            first,
            last,
            ended,
            effect is Effect.END,
        )
        due = self._when(following, last, ended)
        if following.wish:
            self._push(script, following, due)
        if script.profession == "survey_design" and member is None and rng.random() < 0.1:
            other = Member(
                "second",
                script.person,
                script.company,
                script.profession,
                script.specialties,
                first,
                last,
                ended,
            )
            heappush(self._pool, (ended + rng.randrange(60, 500) * DAY, -script.number, other))
        elif member is None and rng.random() < 0.012:
            self._elsewhere(script, first, last, ended)

    def _elsewhere(self, script: Script, first: date, last: date, ended: int) -> None:
        """Have the holder file in another profession, at another employer (domain G2, D2)."""
        rng, single = self._rng, script.profession == "supervision"
        profession = rng.choice(("survey_design", "architect")) if single else "supervision"
        moment = ended + rng.randrange(40, 400) * DAY
        company = self._hired(profession, hours.day_at(moment), script.company)
        other = Member("second", script.person, company, profession, (), first, last, ended)
        heappush(self._pool, (moment, -script.number, other))

    def _next_wish(self, script: Script, last: date, ended: int) -> str:
        if script.business == "cancellation":
            lasting = last.toordinal() > hours.day_at(ended) + 120
            revives = script.profession != "supervision" and lasting and self._rng.random() < 0.2
            return "renewal" if revives else ""
        return _WISHES.draw(self._rng)

    def _when(self, member: Member, last: date, ended: int) -> int:
        if member.wish == "renewal" and not member.cancelled:
            return hours.moment_at(last.toordinal() - self._rng.randrange(45, 175), 10 * 3600)
        return ended + self._rng.randrange(40, 800) * DAY

    def _push(self, script: Script, member: Member, due: int) -> None:
        # Not before the last case is over, even when the term is: nobody waits behind such a one.
        ready = max(due - _EARLY * DAY, member.issued + 5 * DAY)
        if ready < self._until:
            script.keeps = True
            heappush(self._pool, (ready, script.number, member))
