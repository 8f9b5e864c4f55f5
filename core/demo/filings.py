"""Who files what and when, over six and a half years up to `until`.

Each moment of opening goes to somebody whose next business is due, or else to a new applicant, so
that every 变更, 延续, 补办 and 注销 acts on a registration that an earlier case brought about.
"""

from __future__ import annotations

from bisect import bisect
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from heapq import heappop, heappush, merge
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import select

from core import catalogue
from core.catalogue.regions import PROVINCES
from core.demo import hours
from core.demo.cast import NEW, Cast, Company, Someone
from core.demo.courses import Course, Plan, share_of_stories
from core.demo.hours import DAY, OfficeDays
from core.demo.reasons_by_stage import PROVINCE
from core.demo.types import BOOK, Filing, Planted
from core.invented.chances import Deck, Weighted
from core.model import Registration, RegistrationChange
from core.vocabulary.cases import Status
from core.vocabulary.register import RegistrationStatus

ONE_IN = 6
"""A demo has as many of the required cases, from the first, as one in six of its cases."""
REQUIRED: tuple[dict[str, Any], ...] = (
    *(row for row in BOOK["required"] for _ in range(row.get("times", 1))),
    *({"province": code, "back": [110, 600]} for code in PROVINCES),
)
_EARLY = 45 * DAY  # by which a business may come before it is due
_PROFESSIONS = Weighted((("supervision", 46), ("survey_design", 40), ("architect", 14)))
_WISHES = {"change": 9, "renewal": 8, "replacement": 2, "cancellation": 2, "": 1}
_CARDS = {key: row["cards"] for key, row in BOOK["flags"]["rules"].items() if "cards" in row}
_SHARED = {rule: count for rule, count in _CARDS.items() if rule[0] == "D" and rule != "D9"}
_INSURANCE = {rule: count for rule, count in _CARDS.items() if rule not in _SHARED}


@dataclass(frozen=True, slots=True)
class Holder:
    """A registration, and the business its holder wants next; "second": another first one."""

    wish: str
    filing: Filing
    held: Registration

    def business(self, day: int) -> str:
        """What is filed on `day` (ordinal): the wish, as far as it can be granted then; or ""."""
        cancelled = self.held.status == RegistrationStatus.CANCELLED
        if self.wish == "second":
            return "initial"
        if cancelled:
            return "renewal" if self.filing.profession != "supervision" else ""
        left = self.held.valid_to.toordinal() - day
        if left <= 40 or self.held.status != RegistrationStatus.ACTIVE:
            return ""
        return "change" if self.wish == "renewal" and left > 180 else self.wish


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to be opened. variant: name of the catalogue it falls under (None: in force)."""

    at: int
    filing: Filing
    plan: Plan
    variant: str | None
    planted: tuple[Planted, ...]
    insurance: str  # the rule that the months on record shall break
    holder: Holder | None


class Filings:
    """Draws filings in order of opening; the same again for the same arguments and cases.

    count: how many. population: of how many cases they are to be a likeness: the fewer, the more
    of them were opened in the last weeks.
    """

    def __init__(
        self,
        count: int,
        seed: int,
        until: int,
        start: date | None = None,
        population: int | None = None,
    ) -> None:
        self.count, self.seed, self.until = count, seed, until
        today = hours.day_at(until)
        span = max(60, today - start.toordinal()) if start else hours.SPAN_DAYS
        self._recent = until - hours.RECENT_DAYS * DAY
        self.days = OfficeDays(today - span - 1500, today + 500)
        self.rng = Random(f"regdesk-{seed}-{count}-{today}")
        self.cast = Cast(self.rng)
        self.cast.found_companies(max(50, count // 25), today, hours.aware(until - span * DAY * 2))
        share = max(0.03, 0.19 * (1 - (population or count) / 20_000))
        self._times = hours.opening_times(self.rng, count, until, span, share)
        self._doors = {
            supervises: Weighted(
                (company, company.busy)
                for company in self.cast.companies
                if company.standing not in NEW and company.supervises == supervises
            )
            for supervises in (True, False)
        }
        self._pool: list[tuple[int, int, Holder]] = []
        self._pushed = 0
        self._lately: deque[Someone] = deque(maxlen=200)
        self.under_way: deque[Course] = deque(maxlen=12)
        self._beside: set[int] = set()
        self._shared, self._insured = Deck(self.rng, _SHARED), Deck(self.rng, _INSURANCE)
        self._wishes = {key: Deck(self.rng, _WISHES) for key in catalogue.current().professions}
        # In the likeness of a larger number each is copied often enough.
        likeness = population is not None and population > count
        self._required = REQUIRED[: count // ONE_IN]
        if likeness:
            distinct = (row for place, row in enumerate(REQUIRED) if row not in REQUIRED[:place])
            self._required = tuple(islice(distinct, count * 3 // 4))
        # Rare stories are told more often lately, so that even a small demo shows them.
        self._usual = Weighted(share_of_stories(1, lately=False))
        self._varied = Weighted(share_of_stories(1 if likeness else 0.6, lately=True))

    def openings(self, go_on: Callable[[int], None]) -> Iterator[Opening]:
        """Every case to open, by moment; go_on: plays the earlier ones up to a moment."""
        rng, today, free = self.rng, hours.day_at(self.until), self._times[:]
        moments = []
        for place, row in enumerate(self._required):
            day = self.days.earlier(today, rng.randint(*row["back"]))
            moments.append((max(hours.by_day(rng, day), free[0]), place))
        for at, _ in moments:  # each in the place of one that comes at about the same time
            del free[min(bisect(free, at), len(free) - 1)]
        for at, place in merge(((at, -1) for at in free), sorted(moments)):
            go_on(at)
            yield self._opening(at, self._required[place] if place >= 0 else None)

    def _opening(self, at: int, required: dict[str, Any] | None) -> Opening:
        rng, recent, planted, holder = self.rng, at > self._recent, list[Planted](), None
        if required:
            filing, variant = self._demanded(required, at, planted), required.get("variant")
            rest = required.get("rest")
            plan = Plan(required.get("story", "straight"), Status(rest) if rest else None)
        else:
            filing, holder = self._drawn(at, planted)
            story = (self._varied if recent else self._usual).draw(rng)
            plan = Plan(story, slow=rng.random() < (0.15 if recent else 0.06))
            province37 = filing.profession == "survey_design"
            province37 = province37 and filing.company.row.province == "37"
            variant = PROVINCE if province37 and recent and rng.random() < 0.4 else None
        if filing.business == "initial":  # registered elsewhere already (domain G2, D1 and D2)
            for profession, company in filing.person.employers.items():
                if company is not filing.company and not planted:
                    same = profession == filing.profession
                    planted.append(Planted("D1" if same else "D2"))
        odd = rng.random() < (0.12 if recent else 0.03)
        rule = self._insured.draw() if odd else ""
        return Opening(at, filing, plan, variant, tuple(planted), rule, holder)

    # --- who and what --------------------------------------------------------------------------
    def _hired(self, profession: str, but: Company | None = None) -> Company:
        while True:
            company = self._doors[profession == "supervision"].draw(self.rng)
            if company is not but:
                return company

    def _newcomer(
        self, province: str, at: int, planted: list[Planted], rule: str | None = None
    ) -> Someone:
        """A new applicant; now and then, or where a `rule` is given, one who shares something."""
        rng, now = self.rng, hours.aware(at)
        # More to look into among the cases under way.
        odd = rng.random() < (0.057 if at > self._recent else 0.019)
        if rule is None or not self._lately:
            rule = self._shared.draw() if odd and self._lately else ""
        other = rng.choice(self._lately) if rule else None
        twin = self.cast.double(other.row, now) if other and rule == "D8" else None
        person = twin or self.cast.person(province, now)
        if other is None:
            self._lately.append(person)
        elif twin is not None:
            planted.append(Planted("D8", other, other.row.name))
        elif rule == "D4":
            person.row.phone = other.row.phone
            planted.append(Planted("D4", other, other.row.phone))
        elif rule == "D6":
            person.photo = other.photo
            planted.append(Planted("D6", other, "photo"))
        elif rule == "D5":
            person.certificate = other.certificate
            planted.append(Planted("D5", other, other.certificate))
        return person

    def _specialties(self, profession: str) -> tuple[str, ...]:
        known = [s.key for s in catalogue.current().professions[profession].specialties if s.open]
        most = 2 if profession == "supervision" and self.rng.random() < 0.3 else 1
        return tuple(self.rng.sample(known, most)) if known else ()

    def _demanded(self, required: dict[str, Any], at: int, planted: list[Planted]) -> Filing:
        """A first registration as required."""
        rng, beside = self.rng, None
        if required.get("beside"):
            waiting = (
                each
                for each in self.under_way
                if each.reported and each.case.is_open and each.case.decided_at is None
            )
            beside = next((each for each in waiting if each.case.id not in self._beside), None)
        if beside is not None:
            self._beside.add(beside.case.id)
            planted.append(Planted("D3", beside=beside.case.id))
            return replace(beside.filing, company=self._hired(beside.filing.profession))
        if "again" in required and (again := self._elsewhere(required["again"])):
            return again
        profession = required.get("profession")
        profession = profession or rng.choice(("supervision", "survey_design", "architect"))
        hiring = [
            each
            for each in self.cast.companies
            if each.standing not in NEW and required.get("province") in {None, each.row.province}
        ]
        fitting = [each for each in hiring if each.supervises == (profession == "supervision")]
        if not fitting:  # a province with few employers: whatever they hire
            fitting, profession = hiring, "supervision" if hiring[0].supervises else "survey_design"
        company = rng.choices(fitting, [each.busy for each in fitting])[0]
        person = self._newcomer(company.row.province, at, planted, required.get("shares"))
        return Filing(person, company, profession, "initial", self._specialties(profession))

    def _elsewhere(self, what: str) -> Filing | None:
        """Another "specialty" or "profession" of somebody registered, at an employer that is not
        theirs (domain G2, D1 and D2)."""
        for _, _, holder in self._pool:
            held, profession = holder.filing, holder.filing.profession
            if what == "profession":
                profession = "survey_design" if profession == "supervision" else "supervision"
            specialties = self._specialties(profession)
            if (
                "survey_design" in {profession, held.profession}
                and holder.held.status == RegistrationStatus.ACTIVE
                and holder.held.specialty not in specialties
            ):
                company = self._hired(profession, held.company)
                return Filing(held.person, company, profession, "initial", specialties)
        return None

    def _drawn(self, at: int, planted: list[Planted]) -> tuple[Filing, Holder | None]:
        """Who files at `at`, and the registration that lets them."""
        while (holder := self._due(at)) is not None:
            held, business = holder.filing, holder.business(hours.day_at(at))
            if holder.wish != "second":
                return self._again(holder, business), holder
            specialties = self._specialties(held.profession)
            if not set(specialties) & {holder.held.specialty, holder.held.specialty2} - {""}:
                again = Filing(held.person, held.company, held.profession, business, specialties)
                return again, holder
        profession = _PROFESSIONS.draw(self.rng)
        company = self._hired(profession)
        if at > self._recent and self.rng.random() < 0.04:
            new = [each for each in self.cast.companies if each.standing in NEW]
            company = self.rng.choice(new or [company])
        person = self._newcomer(company.row.province, at, planted)
        return Filing(person, company, profession, "initial", self._specialties(profession)), None

    def _again(self, holder: Holder, business: str) -> Filing:
        """The next business of somebody registered."""
        rng, before = self.rng, holder.filing
        profession = before.profession
        new = business == "change" and profession == "supervision" and rng.random() < 0.25
        moves = business == "change" and not (new and rng.random() < 0.5)
        return Filing(
            before.person,
            self._hired(profession, before.company) if moves else before.company,
            profession,
            business,
            self._specialties(profession) if new else before.specialties,
            holder.held,
            before.company,
            moves,
            new,
        )

    # --- what follows --------------------------------------------------------------------------
    def _due(self, at: int) -> Holder | None:
        """The holder whose business is next, when somebody's turn has come."""
        if self.rng.random() > 0.78:
            return None
        while self._pool and self._pool[0][0] <= at:
            holder = heappop(self._pool)[-1]
            if holder.business(hours.day_at(at)):
                return holder
        return None

    def look_ahead(self, course: Course, holder: Holder | None) -> None:
        """Put the holder into the pool when a finished case leaves something to act on."""
        rng, filing, ended = self.rng, course.filing, course.at
        if course.case.is_open:
            return
        if course.case.status != Status.CLOSED:
            if holder is not None and filing.held is not None and rng.random() < 0.6:
                self._push(holder, ended + rng.randrange(20, 150) * DAY, ended)
            return
        held = course.session.scalars(
            select(Registration)
            .join(RegistrationChange, RegistrationChange.registration_id == Registration.id)
            .where(RegistrationChange.case_id == course.case.id)
        ).first()
        assert held is not None, "a closed case has changed the register"
        person, profession = filing.person, filing.profession
        person.employers[profession] = filing.company
        wish, ready = self._wishes[profession].draw(), ended + rng.randrange(40, 800) * DAY
        if filing.business == "cancellation":
            del person.employers[profession]
            lasting = held.valid_to.toordinal() > hours.day_at(ended) + 120
            wish = "renewal" if lasting and rng.random() < 0.2 else ""
        elif wish == "renewal":
            day = held.valid_to.toordinal() - rng.randrange(45, 175)
            ready = hours.moment_at(day, 10 * 3600)
        if wish:
            self._push(Holder(wish, filing, held), ready, ended)
        if holder is None:
            self._look_for_second(Holder("second", filing, held), ended)

    def _look_for_second(self, holder: Holder, ended: int) -> None:
        """Few register once more: in another specialty or in another profession."""
        rng, filing = self.rng, holder.filing
        if filing.profession == "survey_design" and rng.random() < 0.1:
            ready = ended + rng.randrange(60, 500) * DAY
            if rng.random() < 0.3:  # at another employer as well (domain G2, D1)
                company = self._hired(filing.profession, filing.company)
                holder = replace(holder, filing=replace(filing, company=company))
            self._push(holder, ready, ended)
        elif rng.random() < 0.015:  # in another profession, at another employer (D2)
            single = filing.profession == "supervision"
            other = rng.choice(("survey_design", "architect")) if single else "supervision"
            company = self._hired(other, filing.company)
            changed = replace(filing, profession=other, company=company, specialties=())
            self._push(replace(holder, filing=changed), ended + rng.randrange(40, 400) * DAY, ended)

    def _push(self, holder: Holder, ready: int, ended: int) -> None:
        # Not before the last case is over, even when the term is: nobody waits behind such a one.
        ready = max(ready - _EARLY, ended + 5 * DAY)
        if ready < self.until:
            self._pushed += 1
            heappush(self._pool, (ready, self._pushed, holder))
