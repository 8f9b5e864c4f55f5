"""The schedule of the demo: who files what and when, over six and a half years up to `until`.

Filings fall into slots in time. Each slot goes to somebody already registered whose next business
is due, or else to a new applicant, so that every 变更, 延续, 补办 and 注销 acts on a registration
that an earlier case brought about.
"""

from __future__ import annotations

from bisect import bisect
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date
from heapq import merge
from typing import Any

from core import catalogue
from core.demo import forms, hours
from core.demo.bench import Bench
from core.demo.books import PROVINCE, Books
from core.demo.cast import (
    SUPERVISING,
    Cast,
    Company,
    Someone,
    provinces_of,
)
from core.demo.dice import Dice, Weighted
from core.demo.hours import DAY, OfficeDays
from core.demo.insurance import insured_months
from core.demo.members import Filing, Member, cut
from core.demo.sequels import Sequels
from core.demo.shapes import Script, Trouble
from core.demo.shares import Share
from core.demo.slots import RECENT_DAYS, SPAN_DAYS, slots
from core.demo.stories import Tale
from core.demo.wishes import (
    ONE_IN,
    WISHES,
    Granted,
    Wish,
    grant,
    told,
)
from core.demo.words import STORIES
from core.vocabulary.cases import Channel
from core.vocabulary.employers import EmployerStatus

_PROFESSIONS = Weighted((("supervision", 46), ("survey_design", 40), ("architect", 14)))
_RECENT_ONLY = frozenset({"never_filed", "returned_and_discarded"})


class Schedule:
    """Writes scripts in order of opening; the same again for the same arguments.

    count: cases of all shares together. wishes: cases to have among them; those of the demo, as
    far as `count` has room, unless given.
    """

    def __init__(
        self,
        count: int,
        seed: int,
        until: int,
        bench: Bench,
        start: date | None = None,
        wishes: Sequence[Wish] | None = None,
        share: Share = Share(),
    ) -> None:
        self.arguments: dict[str, Any] = {
            "count": count,
            "seed": seed,
            "until": until,
            "bench": bench,
            "start": start,
            "wishes": wishes,
        }
        self.count, self.seed, self.until, self.share = count, seed, until, share
        today = hours.day_at(until)
        self._span = max(60, today - start.toordinal()) if start else SPAN_DAYS
        self.bench, self.books, self.trouble = bench, Books(), Trouble()
        self.days = OfficeDays(today - self._span - 30, today + 500)
        # What all shares have in common comes from dice of its own.
        self.rng = Dice(f"regdesk-{seed}-{count}-{today}")
        self.cast = Cast(self.rng, share)
        self.cast.found_companies(max(40, count // 25), today)
        self._slots = slots(self.rng, count, until, self._span)[share.place :: share.of]
        self.rng.seed(f"regdesk-{seed}-{count}-{today}-{share.place}/{share.of}")
        self._provinces = provinces_of(share)
        self._unverified, self._doors = self._hiring()
        self._sequels = Sequels(self.rng, until, self.books, self._hired)
        self._lately: deque[Someone] = deque(maxlen=200)
        self._under_way: deque[Script] = deque(maxlen=12)
        self._beside: set[int] = set()
        self._proofs: deque[tuple[Someone, int]] = deque(maxlen=200)
        granted = grant(
            WISHES[: count // ONE_IN] if wishes is None else wishes,
            f"{seed}-{count}",
            until,
            self._span,
            self.days,
            bench,
            self.books,
            self.cast,
        )
        self._granted = [one for one in granted if one.company.province in self._provinces]
        self._usual = Weighted(STORIES.items())
        self._varied = Weighted((story, weight**0.6) for story, weight in STORIES.items())

    def _hiring(self) -> tuple[list[Company], dict[str, Weighted[Company]]]:
        """Companies of this share not yet verified, and the others by side of the trade."""
        ours = [company for company in self.cast.companies if company.province in self._provinces]
        new = {EmployerStatus.UNVERIFIED, EmployerStatus.RETURNED}
        return [company for company in ours if company.status in new], {
            side: Weighted(
                (company, company.busy)
                for company in ours
                if company.status not in new
                and (company.kind in SUPERVISING) == (side == "supervision")
            )
            for side in ("supervision", "design")
        }

    def scripts(self) -> Iterator[Script]:
        """Every script, by moment of opening."""
        free, number = self._slots[:], 0
        for one in self._granted:  # each in the place of one that comes at about the same time
            del free[min(bisect(free, one.opened), len(free) - 1)]
        usual = ((opened, -1) for opened in free)
        wished = ((one.opened, place) for place, one in enumerate(self._granted))
        for opened, place in merge(usual, wished):
            number = self.share.own(number)
            yield self._script(number, opened, self._granted[place] if place >= 0 else None)

    # --- who and what --------------------------------------------------------------------------
    def _hired(self, profession: str, day: int, but: Company | None = None) -> Company:
        side = "supervision" if profession == "supervision" else "design"
        while True:
            company = self._doors[side].draw(self.rng)
            if company is not but and (company.until is None or day < company.until - 10):
                return company

    def _newcomer(self, province: str, day: int) -> Someone:
        """A new applicant; now and then one who shares something with somebody else."""
        rng, chance = self.rng, self.rng.random()
        if day > hours.day_at(self.until) - RECENT_DAYS:
            chance /= 4  # more to look into among the cases under way
        other = rng.choice(self._lately) if self._lately else None
        if other is not None and chance < 0.004:
            twin = self.cast.double(other)
            if twin is not None:
                self.trouble.pairs.append(("D8", twin.id, other.id, twin.name))
                return twin
        person = self.cast.person(province, day)
        if other is not None and chance < 0.010:
            person.phone = other.phone
            self.trouble.pairs.append(("D4", person.id, other.id, other.phone))
        elif other is not None and chance < 0.013:
            person.photo = other.photo
            self.trouble.pairs.append(("D6", person.id, other.id, "photo"))
        elif other is not None and chance < 0.016:
            person.certificate = other.certificate
            self.trouble.pairs.append(("D5", person.id, other.id, other.certificate))
        self._lately.append(person)
        return person

    def _specialties(self, profession: str) -> tuple[str, ...]:
        known = [s.key for s in catalogue.current().professions[profession].specialties if s.open]
        if not known:
            return ()
        most = 2 if profession == "supervision" and self.rng.random() < 0.3 else 1
        return tuple(self.rng.sample(known, most))

    def _wished(self, one: Granted) -> Filing:
        """A first registration as wished for."""
        first = next((s for s in self._under_way if s.person.id not in self._beside), None)
        if one.wish.beside and first is not None:
            self._beside.add(first.person.id)
            self.trouble.beside.append((first.person.id, first.profession, first.specialties))
            return Filing(
                first.person,
                False,
                one.company if one.profession == first.profession else first.company,
                None,
                first.profession,
                "initial",
                first.specialties,
            )
        person = self._newcomer(one.company.province, hours.day_at(one.opened))
        specialties = self._specialties(one.profession)
        return Filing(person, True, one.company, None, one.profession, "initial", specialties)

    def _first(self, opened: int, member: Member | None) -> Filing | None:
        """An initial registration; None when the specialty drawn is one the person holds."""
        rng, day = self.rng, hours.day_at(opened)
        if member is not None:
            company, person = member.company, member.person
            if company.until is not None and day >= company.until:
                company = self._hired(member.profession, day)
            specialties = self._specialties(member.profession)
            if set(specialties) & set(member.specialties):
                return None
            return Filing(person, False, company, None, member.profession, "initial", specialties)
        profession = _PROFESSIONS.draw(rng)
        company = self._hired(profession, day)
        if opened > self.until - 40 * DAY and rng.random() < 0.04:
            company = rng.choice(self._unverified or [company])
        person = self._newcomer(company.province, day)
        return Filing(
            person, True, company, None, profession, "initial", self._specialties(profession)
        )

    def _again(self, opened: int, member: Member) -> Filing:
        """The next business of somebody registered."""
        rng, day = self.rng, hours.day_at(opened)
        profession, specialties, company = member.profession, member.specialties, member.company
        business = member.business(day)
        new = business == "change" and profession == "supervision" and rng.random() < 0.25
        moves = business == "change" and not (new and rng.random() < 0.5)
        if (
            not moves
            and business != "cancellation"
            and (company.until is not None and day >= company.until)
        ):
            business, moves = "change", True
        if moves:
            company = self._hired(profession, day, company)
        if new:
            specialties = self._specialties(profession)
        return Filing(
            member.person,
            False,
            company,
            member.company,
            profession,
            business,
            specialties,
            moves,
            new,
        )

    def _script(self, number: int, opened: int, wished: Granted | None) -> Script:
        rng, day = self.rng, hours.day_at(opened)
        filing, member = self._wished(wished) if wished else None, None
        while filing is None:
            member = self._sequels.due(opened)
            if member is None or member.wish == "second":
                filing = self._first(opened, member)
            else:
                filing = self._again(opened, member)
        person, new, company, former, profession, business, specialties, moves, other = filing
        variant = wished.wish.variant if wished else None
        if (
            not wished
            and profession == "survey_design"
            and company.province == "37"
            and (self.until - 50 * DAY < opened and rng.random() < 0.4)
        ):
            variant = PROVINCE
        form = forms.fill(
            rng,
            person,
            company,
            former,
            profession,
            business,
            date.fromordinal(day),
            moves=moves,
            new_specialty=other,
        )
        if wished:
            tale = told(wished, person.actor, self.days, self.bench, self.books)
        else:
            tale = self._told(opened, variant, person, company, profession, business, form)
        script = Script(
            number=number,
            person=person,
            new_person=new,
            company=company,
            profession=profession,
            business=business,
            specialties=specialties,
            variant=variant,
            channel=rng.choice(
                (Channel.WEB, Channel.WEB, Channel.MINI_PROGRAM)
                if profession == "supervision"
                else (Channel.PORTAL,)
            ).value,
            form=form,
            opened=opened,
            steps=tale.steps,
            pictures=[
                forms.picture(self.seed, kind, person, self._origin(kind, person, number, opened))
                for kind in forms.materials(rng, business, form)
            ],
            insured=[],
            acts_on=member is not None and member.wish != "second",
        )
        insured_months(
            rng,
            script,
            self.cast.companies,
            self.trouble,
            0.1 if opened > self.until - RECENT_DAYS * DAY else 0.03,
        )
        self._sequels.look_ahead(script, tale, member)
        if business == "initial" and new and script.steps and script.steps[-1].at > self.until:
            self._under_way.append(script)
        return script

    def _origin(self, kind: str, person: Someone, number: int, opened: int) -> int:
        """The script that a picture was made for; now and then somebody else's (domain G2, D7)."""
        if kind != "insurance_proof":
            return number
        proofs, recent = self._proofs, opened > self.until - RECENT_DAYS * DAY
        if proofs and self.rng.random() < (0.05 if recent else 0.01):
            other, origin = self.rng.choice(proofs)
            if other is not person:
                name = forms.picture(self.seed, kind, other, origin).filename
                self.trouble.pairs.append(("D7", person.id, other.id, name))
                return origin
        proofs.append((person, number))
        return number

    def _told(
        self,
        opened: int,
        variant: str | None,
        person: Someone,
        company: Company,
        profession: str,
        business: str,
        form: dict[str, Any],
    ) -> Tale:
        """A story told."""
        grounds = self.books.grounds(variant, profession, business)
        recent = opened > self.until - RECENT_DAYS * DAY
        stories = self._varied if recent and self.count < 20_000 else self._usual
        story = stories.draw(self.rng)
        if not recent and story in _RECENT_ONLY:
            story = "straight"
        tale = Tale(
            self.rng,
            self.days,
            self.bench,
            grounds,
            person.actor,
            company,
            profession,
            opened,
            forced=form.get("forced") == "yes",
            slow=0.15 if recent else 0.06,
        )
        tale.tell(story)
        cut(tale, company)
        return tale
