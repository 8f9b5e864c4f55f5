"""The schedule of the demo: who files what and when, over six and a half years up to `until`.

Each moment of opening goes to somebody already registered whose next business is due, or else to
a new applicant, so that every 变更, 延续, 补办 and 注销 acts on a registration that an earlier case
brought about.
"""

from __future__ import annotations

from bisect import bisect
from collections import deque
from collections.abc import Iterator
from datetime import date
from heapq import merge
from random import Random

from core import catalogue
from core.demo import forms, hours, opening_times, planted_anomalies, required_cases
from core.demo.bench import Bench
from core.demo.cast import SUPERVISING, Cast, Company, Someone
from core.demo.chances import Weighted
from core.demo.follow_ups import FollowUps
from core.demo.hours import DAY, OfficeDays
from core.demo.insurance import insured_months
from core.demo.opening_times import RECENT_DAYS, SPAN_DAYS
from core.demo.reasons_by_stage import PROVINCE, stage_reasons
from core.demo.required_cases import ONE_IN, REQUIRED, Granted
from core.demo.stories import Tale
from core.demo.types import Filing, Holder, Planted, Script
from core.demo.words import STORIES
from core.vocabulary.cases import Channel
from core.vocabulary.employers import EmployerStatus

_PROFESSIONS = Weighted((("supervision", 46), ("survey_design", 40), ("architect", 14)))
_RECENT_ONLY = frozenset({"never_filed", "returned_and_discarded"})
_NEW = frozenset({EmployerStatus.UNVERIFIED, EmployerStatus.RETURNED})


class Schedule:
    """Writes scripts in order of opening; the same again for the same arguments.

    count: how many. population: of how many cases they are to be a likeness: the fewer, the more
    of them were opened in the last weeks.
    """

    def __init__(
        self,
        count: int,
        seed: int,
        until: int,
        bench: Bench,
        start: date | None = None,
        population: int | None = None,
    ) -> None:
        self.count, self.seed, self.until, self.bench = count, seed, until, bench
        today = hours.day_at(until)
        span = max(60, today - start.toordinal()) if start else SPAN_DAYS
        self._recent = until - RECENT_DAYS * DAY
        self._days = OfficeDays(today - span - 30, today + 500)
        self._rng = Random(f"regdesk-{seed}-{count}-{today}")
        self.cast = Cast(self._rng)
        self.cast.found_companies(max(50, count // 25), today)
        share = max(0.03, 0.19 * (1 - (population or count) / 20_000))
        self._times = opening_times.opening_times(self._rng, count, until, span, share)
        self._doors = {
            supervises: Weighted(
                (company, company.busy)
                for company in self.cast.companies
                if company.status not in _NEW and (company.kind in SUPERVISING) == supervises
            )
            for supervises in (True, False)
        }
        self._follow_ups = FollowUps(self._rng, until, self._hired)
        self._lately: deque[Someone] = deque(maxlen=200)
        self._under_way: deque[Script] = deque(maxlen=12)
        self._beside: set[int] = set()
        self._employers: dict[int, dict[str, Company]] = {}
        self._proofs: deque[tuple[Someone, int]] = deque(maxlen=200)
        # In the likeness of a larger number each is copied often enough.
        likeness = population is not None and population > count
        required = [*dict.fromkeys(REQUIRED)] if likeness else REQUIRED[: count // ONE_IN]
        self._granted = required_cases.grant(
            required, f"{seed}-{count}", until, span, self._days, bench, self.cast
        )
        # Rare stories are told more often lately, so that even a small demo shows them.
        power = 1 if likeness else 0.6
        self._usual = Weighted(STORIES.items())
        self._varied = Weighted((story, weight**power) for story, weight in STORIES.items())

    def scripts(self) -> Iterator[Script]:
        """Every script, by moment of opening."""
        free = self._times[:]
        for one in self._granted:  # each in the place of one that comes at about the same time
            del free[min(bisect(free, one.opened), len(free) - 1)]
        usual = ((opened, -1) for opened in free)
        required = ((one.opened, place) for place, one in enumerate(self._granted))
        for number, (opened, place) in enumerate(merge(usual, required), 1):
            yield self._script(number, opened, self._granted[place] if place >= 0 else None)

    # --- who and what --------------------------------------------------------------------------
    def _hired(self, profession: str, but: Company | None = None) -> Company:
        while True:
            company = self._doors[profession == "supervision"].draw(self._rng)
            if company is not but:
                return company

    def _newcomer(self, province: str, opened: int, planted: list[Planted]) -> Someone:
        """A new applicant; now and then one who shares something with somebody else."""
        rng, chance = self._rng, self._rng.random()
        if opened > self._recent:
            chance /= 3  # more to look into among the cases under way
        other = rng.choice(self._lately) if self._lately else None
        if other is not None and chance < 0.005:
            twin = self.cast.double(other)
            if twin is not None:
                planted.append(Planted("D8", other, other.name))
                return twin
        person = self.cast.person(province, hours.day_at(opened))
        if other is not None and chance < 0.011:
            person.phone = other.phone
            planted.append(Planted("D4", other, other.phone))
        elif other is not None and chance < 0.015:
            person.photo = other.photo
            planted.append(Planted("D6", other, "photo"))
        elif other is not None and chance < 0.019:
            person.certificate = other.certificate
            planted.append(Planted("D5", other, other.certificate))
        self._lately.append(person)
        return person

    def _specialties(self, profession: str) -> tuple[str, ...]:
        known = [s.key for s in catalogue.current().professions[profession].specialties if s.open]
        most = 2 if profession == "supervision" and self._rng.random() < 0.3 else 1
        return tuple(self._rng.sample(known, most)) if known else ()

    def _required(self, one: Granted, planted: list[Planted]) -> Filing:
        """A first registration as required."""
        first = next((s for s in self._under_way if s.filing.person.id not in self._beside), None)
        if one.case.beside and first is not None:
            filing = first.filing
            self._beside.add(filing.person.id)
            planted.append(Planted("D3", beside=first.number))
            company = one.company if one.profession == filing.profession else filing.company
            return Filing(
                filing.person, False, company, None, filing.profession, "initial",
                filing.specialties,
            )  # fmt: skip
        person = self._newcomer(one.company.province, one.opened, planted)
        specialties = self._specialties(one.profession)
        return Filing(person, True, one.company, None, one.profession, "initial", specialties)

    def _first(self, opened: int, holder: Holder | None, planted: list[Planted]) -> Filing | None:
        """An initial registration; None when the specialty drawn is one the person holds."""
        if holder is not None:
            profession, held = holder.filing.profession, holder.filing
            specialties = self._specialties(profession)
            if set(specialties) & set(held.specialties):
                return None
            return Filing(
                held.person, False, held.company, None, profession, "initial", specialties
            )
        profession = _PROFESSIONS.draw(self._rng)
        company = self._hired(profession)
        if opened > self._recent and self._rng.random() < 0.04:
            new = [each for each in self.cast.companies if each.status in _NEW]
            company = self._rng.choice(new or [company])
        person = self._newcomer(company.province, opened, planted)
        specialties = self._specialties(profession)
        return Filing(person, True, company, None, profession, "initial", specialties)

    def _again(self, opened: int, holder: Holder) -> Filing:
        """The next business of somebody registered."""
        rng, held = self._rng, holder.filing
        profession, specialties, company = held.profession, held.specialties, held.company
        business = holder.business(hours.day_at(opened))
        new = business == "change" and profession == "supervision" and rng.random() < 0.25
        moves = business == "change" and not (new and rng.random() < 0.5)
        if moves:
            company = self._hired(profession, company)
        if new:
            specialties = self._specialties(profession)
        return Filing(
            held.person, False, company, held.company, profession, business, specialties, moves,
            new, acts_on=True,
        )  # fmt: skip

    def _filing(
        self, opened: int, required: Granted | None, planted: list[Planted]
    ) -> tuple[Filing, Holder | None]:
        """Who files at `opened`, and the registration that lets them."""
        if required:
            return self._required(required, planted), None
        while True:
            holder = self._follow_ups.due(opened)
            if holder is not None and holder.wish != "second":
                return self._again(opened, holder), holder
            if (filing := self._first(opened, holder, planted)) is not None:
                return filing, holder

    def _script(self, number: int, opened: int, required: Granted | None) -> Script:
        rng, planted = self._rng, list[Planted]()
        filing, holder = self._filing(opened, required, planted)
        person, company = filing.person, filing.company
        recent = opened > self._recent
        variant = required.case.variant if required else None
        province37 = filing.profession == "survey_design" and company.province == "37"
        if not required and province37 and recent and rng.random() < 0.4:
            variant = PROVINCE
        form = forms.fill(rng, filing, date.fromordinal(hours.day_at(opened)))
        if required:
            tale = required_cases.told(required, person.actor, self._days, self.bench)
        else:
            tale = self._told(opened, variant, filing, forced=form.get("forced") == "yes")
        channels: tuple[Channel, ...] = (Channel.PORTAL,)
        if filing.profession == "supervision":
            channels = (Channel.WEB, Channel.WEB, Channel.MINI_PROGRAM)
        script = Script(
            number=number,
            filing=filing,
            variant=variant,
            channel=rng.choice(channels).value,
            form=form,
            opened=opened,
            steps=tale.steps,
            pictures=[
                forms.picture(self.seed, kind, person, self._origin(kind, person, number, planted))
                for kind in forms.materials(rng, filing.business, form)
            ],
            planted=planted,
        )
        insured_months(rng, script, self.cast.companies, 0.12 if recent else 0.03)
        self._follow_ups.look_ahead(script, tale, holder)
        self._several_employers(script, tale)
        planted_anomalies.plan(rng, script, self.bench)
        if filing.new_person and script.steps and script.steps[-1].at > self.until:
            self._under_way.append(script)
        return script

    def _several_employers(self, script: Script, tale: Tale) -> None:
        """Plant what is found of those registered elsewhere already (domain G2, D1 and D2)."""
        filing = script.filing
        held = self._employers.setdefault(filing.person.id, {})
        if filing.business == "initial":
            for profession, company in held.items():
                if company is not filing.company:
                    rule = "D1" if profession == filing.profession else "D2"
                    script.planted.append(Planted(rule))
        if tale.issued:
            held[filing.profession] = filing.company
            if filing.business == "cancellation":
                del held[filing.profession]

    def _origin(self, kind: str, person: Someone, number: int, planted: list[Planted]) -> int:
        """The script that a picture was made for; now and then somebody else's (domain G2, D7)."""
        if kind != "insurance_proof":
            return number
        if self._proofs and self._rng.random() < 0.03:
            other, origin = self._rng.choice(self._proofs)
            if other is not person:
                name = forms.picture(self.seed, kind, other, origin).filename
                planted.append(Planted("D7", other, name))
                return origin
        self._proofs.append((person, number))
        return number

    def _told(self, opened: int, variant: str | None, filing: Filing, *, forced: bool) -> Tale:
        """A story told."""
        recent = opened > self._recent
        story = (self._varied if recent else self._usual).draw(self._rng)
        if not recent and story in _RECENT_ONLY:
            story = "straight"
        tale = Tale(
            self._rng,
            self._days,
            self.bench,
            stage_reasons(variant, filing.profession, filing.business),
            filing.person.actor,
            filing.company,
            filing.profession,
            opened,
            slow=0.15 if recent else 0.06,
            forced=forced,
        )
        tale.tell(story)
        return tale
