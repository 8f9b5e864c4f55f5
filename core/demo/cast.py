"""The people and companies of the demo: drawn one by one, never twice the same number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from core.access.actors import Actor
from core.catalogue.regions import PROVINCES
from core.demo import names
from core.demo.shares import Share
from core.identifiers import name_key
from core.model import Employer
from core.register import numbers
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.people import Sex
from core.vocabulary.roles import Role

MAINLAND = tuple(code for code in PROVINCES if code < "70")
SUPERVISING = frozenset({"supervision", "construction"})
"""Kinds of companies that employ supervision engineers."""
# Employers by province: roughly where the industry is; the rest share evenly.
_WEIGHTS = {"11": 5, "31": 5, "32": 6, "33": 6, "37": 7, "41": 4, "42": 4, "44": 8, "51": 5} | {
    "71": 0.2,
    "81": 0.4,
    "82": 0.2,
}

_USUAL = 2

_KINDS = (
    *("design", "design", "supervision", "supervision"),
    *("survey", "municipal", "power", "construction"),
)


@dataclass(slots=True)
class Company:
    """An employer. status: its standing at the end; until: the day (ordinal) on which a company
    that ended otherwise than verified lost its standing, else None. busy: how often it is drawn.
    """

    id: int
    name: str
    credit_code: str
    province: str
    city: str
    address: str
    legal_rep: str
    handler_name: str
    handler_phone: str
    qualification: str
    qualified_until: date
    kind: str
    status: EmployerStatus
    until: int | None
    busy: float
    enterprise: str
    actor: Actor


@dataclass(slots=True)
class Someone:
    """An applicant. insured: last month (year × 12 + month) with an insurance record.
    photo: whose picture is in the profile (another person's in planted duplicates).
    """

    id: int
    name: str
    key: str
    id_number: str
    sex: Sex
    born_on: date
    phone: str
    ethnicity: str
    school: str
    major: str
    education: str
    degree: str
    graduated_on: date
    title: str
    certificate: str
    actor: Actor
    photo: int
    insured: int = 0


def provinces_of(share: Share) -> frozenset[str]:
    """The provinces of a share: all shares have about as many companies."""
    by_size = sorted(PROVINCES, key=lambda code: (-_WEIGHTS.get(code, _USUAL), code))
    # Dealt there and back, so that nobody is always first.
    turns = [*range(share.of), *reversed(range(share.of))]
    return frozenset(
        code for place, code in enumerate(by_size) if turns[place % len(turns)] == share.place
    )


@dataclass(slots=True)
class Cast:
    """Draws people and companies; keeps the numbers already given out.

    people: how many have been drawn. companies: those of all shares.
    """

    rng: Random
    share: Share = field(default_factory=Share)
    ids: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    people: int = 0
    companies: list[Company] = field(default_factory=list)
    _last: int = 0

    def found_companies(self, count: int, today: int) -> None:
        """Draw `count` companies; the first ones go through the provinces one by one."""
        rng, codes = self.rng, tuple(PROVINCES)
        weights = [_WEIGHTS.get(code, _USUAL) for code in codes]
        for place in range(count):
            few = place < len(codes)
            province = codes[place] if few else rng.choices(codes, weights=weights)[0]
            # The province whose officer has an account needs filings of the kind it looks at.
            kind = "design" if few and province == "37" else rng.choice(_KINDS)
            self.companies.append(self._company(place + 1, province, kind, today))

    def _company(self, number: int, province: str, kind: str, today: int) -> Company:
        rng = self.rng
        code = names.credit_code(rng, province)
        while code in self.codes:
            code = names.credit_code(rng, province)
        self.codes.add(code)
        status, until = EmployerStatus.VERIFIED, None
        # Every fiftieth is new and not yet verified; some lost their standing in the last weeks.
        match number % 50:
            case 41:
                status = EmployerStatus.UNVERIFIED
            case 17:
                status, until = EmployerStatus.SUSPENDED, today - rng.randrange(5, 60)
            case 29 if number % 100 < 50:
                status, until = EmployerStatus.BANKRUPT, today - rng.randrange(5, 60)
            case 29:
                status, until = EmployerStatus.REVOKED, today - rng.randrange(5, 60)
            case 49:
                status = EmployerStatus.RETURNED
            case _:
                pass
        qualification = names.qualification_number(rng, province)
        legal = names.person_name(rng, "男" if rng.random() < 0.7 else "女")
        name = names.company_name(rng, province, kind)
        stub = Employer(province=province, credit_code=code)
        where = names.address(rng, province)
        return Company(
            id=number,
            name=name,
            credit_code=code,
            province=province,
            city=where[len(PROVINCES[province].zh) :].split("演示区")[0],
            address=where,
            legal_rep=legal,
            handler_name=names.person_name(rng, "女" if rng.random() < 0.7 else "男"),
            handler_phone=names.phone(rng),
            qualification=qualification,
            qualified_until=date.fromordinal(today + rng.randrange(100, 1700)),
            kind=kind,
            status=status,
            until=until,
            busy=1 / (number % 37 + 3),
            enterprise=numbers.enterprise_code(stub, qualification),
            actor=Actor(None, name[:60], frozenset({Role.EMPLOYER}), employer_id=number),
        )

    def person(self, province: str, day: int) -> Someone:
        """A new applicant, 26 to 62 years old on `day` (ordinal)."""
        rng = self.rng
        man = rng.random() < 0.72
        word: names.Sex = "男" if man else "女"
        name = names.person_name(rng, word)
        age = min(62.0, 26 + rng.gammavariate(3, 4))
        birthday = day - int(age * 365.25)
        born = date.fromordinal(birthday - (birthday - self.share.place) % self.share.of)
        home = province if rng.random() < 0.7 and province in MAINLAND else rng.choice(MAINLAND)
        number = names.id_number(rng, home, born, word)
        while number in self.ids:
            number = names.id_number(rng, home, born, word)
        education, degree = names.education(rng)
        graduated = date(born.year + rng.randrange(21, 25), rng.choice((6, 6, 7)), 30)
        return self._enter(
            name,
            number,
            Sex.MALE if man else Sex.FEMALE,
            born,
            names.phone(rng),
            graduated,
            education,
            degree,
        )

    def double(self, other: Someone) -> Someone | None:
        """Nearly `other`: same name and birth date, an ID number that differs in one place."""
        head, sequence = other.id_number[:14], int(other.id_number[14:17])
        number = names.closed(f"{head}{(sequence + 10) % 1000:03d}")
        if number in self.ids:
            return None
        name = other.name[:-1] + {"伟": "玮", "军": "君"}.get(other.name[-1], other.name[-1])
        return self._enter(
            name,
            number,
            other.sex,
            other.born_on,
            names.phone(self.rng),
            other.graduated_on,
            other.education,
            other.degree,
        )

    def _enter(
        self,
        name: str,
        number: str,
        sex: Sex,
        born: date,
        phone: str,
        graduated: date,
        education: str,
        degree: str,
    ) -> Someone:
        rng = self.rng
        self.ids.add(number)
        self.people += 1
        own = self._last = self.share.own(self._last)
        return Someone(
            id=own,
            name=name,
            key=name_key(name),
            id_number=number,
            sex=sex,
            born_on=born,
            phone=phone,
            ethnicity=names.ethnic_group(rng, name),
            school=names.university(rng),
            major=names.major(rng),
            education=education,
            degree=degree,
            graduated_on=graduated,
            title=names.job_title(rng),
            certificate=f"{graduated.year + 4}{rng.randrange(10**4):04d}{own:07d}",
            actor=Actor(None, name, frozenset({Role.APPLICANT}), person_id=own),
            photo=own,
        )
