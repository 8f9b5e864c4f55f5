"""The people and companies of the demo: drawn one by one, never twice the same number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from core.access.actors import Actor
from core.catalogue.regions import PROVINCES
from core.demo import names
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
    """An employer. status: its standing at the end. busy: how often it is drawn."""

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
    busy: float
    actor: Actor


@dataclass(slots=True)
class Someone:
    """An applicant. insured: last month (year × 12 + month) with an insurance record.
    photo: whose picture is in the profile (another person's in planted duplicates).
    """

    id: int
    name: str
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


# Every fiftieth company is new and not yet verified; some lose their standing in the end.
_STANDING = {
    41: EmployerStatus.UNVERIFIED,
    17: EmployerStatus.SUSPENDED,
    29: EmployerStatus.BANKRUPT,
    37: EmployerStatus.REVOKED,
    49: EmployerStatus.RETURNED,
}


@dataclass(slots=True)
class Cast:
    """Draws people and companies; keeps the numbers already given out. people: how many so far."""

    rng: Random
    ids: set[str] = field(default_factory=set)
    people: int = 0
    companies: list[Company] = field(default_factory=list)

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
        while code in self.ids:
            code = names.credit_code(rng, province)
        self.ids.add(code)
        name, where = names.company_name(rng, province, kind), names.address(rng, province)
        return Company(
            id=number,
            name=name,
            credit_code=code,
            province=province,
            city=where[len(PROVINCES[province].zh) :].split("演示区")[0],
            address=where,
            legal_rep=names.person_name(rng, "男" if rng.random() < 0.7 else "女"),
            handler_name=names.person_name(rng, "女" if rng.random() < 0.7 else "男"),
            handler_phone=names.phone(rng),
            qualification=names.qualification_number(rng, province),
            qualified_until=date.fromordinal(today + rng.randrange(100, 1700)),
            kind=kind,
            status=_STANDING.get(number % 50, EmployerStatus.VERIFIED),
            busy=1 / (number % 37 + 3),
            actor=Actor(None, name[:60], frozenset({Role.EMPLOYER}), employer_id=number),
        )

    def person(self, province: str, day: int) -> Someone:
        """A new applicant, 26 to 62 years old on `day` (ordinal)."""
        rng = self.rng
        man = rng.random() < 0.72
        word: names.Sex = "男" if man else "女"
        born = date.fromordinal(day - int(min(62.0, 26 + rng.gammavariate(3, 4)) * 365.25))
        home = province if rng.random() < 0.7 and province in MAINLAND else rng.choice(MAINLAND)
        number = names.id_number(rng, home, born, word)
        while number in self.ids:
            number = names.id_number(rng, home, born, word)
        name = names.person_name(rng, word)
        return self._enter(name, number, Sex.MALE if man else Sex.FEMALE, born)

    def double(self, other: Someone) -> Someone | None:
        """Nearly `other`: same name and birth date, an ID number that differs in one place."""
        head, sequence = other.id_number[:14], int(other.id_number[14:17])
        number = names.closed(f"{head}{(sequence + 10) % 1000:03d}")
        if number in self.ids:
            return None
        return self._enter(other.name, number, other.sex, other.born_on)

    def _enter(self, name: str, number: str, sex: Sex, born: date) -> Someone:
        rng = self.rng
        self.ids.add(number)
        self.people += 1
        own, education = self.people, names.education(rng)
        graduated = date(born.year + rng.randrange(21, 25), rng.choice((6, 6, 7)), 30)
        return Someone(
            id=own,
            name=name,
            id_number=number,
            sex=sex,
            born_on=born,
            phone=names.phone(rng),
            ethnicity=names.ethnic_group(rng, name),
            school=names.university(rng),
            major=names.major(rng),
            education=education[0],
            degree=education[1],
            graduated_on=graduated,
            title=names.job_title(rng),
            certificate=f"{graduated.year + 4}{rng.randrange(10**4):04d}{own:07d}",
            actor=Actor(None, name, frozenset({Role.APPLICANT}), person_id=own),
            photo=own,
        )
