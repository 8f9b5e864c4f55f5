"""The people and companies of the demo: drawn one by one, never twice the same number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from core.access.actors import Actor
from core.catalogue.regions import PROVINCES
from core.identifiers import name_key
from core.invented import names
from core.model import Employer, Person
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.people import Sex
from core.vocabulary.roles import Role


@dataclass(slots=True, eq=False)
class Company:
    """An employer. standing: its status at the end. busy: how often it is drawn."""

    row: Employer
    qualification: str
    qualified_until: date
    standing: EmployerStatus
    busy: float

    @property
    def actor(self) -> Actor:
        """Its handler."""
        employer = frozenset({Role.EMPLOYER})
        return Actor(None, self.row.name[:60], employer, employer_id=self.row.id)

    @property
    def supervises(self) -> bool:
        """Whether it employs supervision engineers, or else those of design."""
        return self.row.industry in {"supervision", "construction"}


@dataclass(slots=True, eq=False)
class Someone:
    """An applicant. insured: last month (year × 12 + month) with an insurance record.

    photo: whose picture is in the profile (another person's in planted duplicates). employers: with
    whom they are registered, by profession.
    """

    row: Person
    certificate: str
    graduated_on: date
    photo: int
    insured: int = 0
    employers: dict[str, Company] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """The person as the applicant; their row must have its id."""
        applicant = frozenset({Role.APPLICANT})
        return Actor(None, self.row.name, applicant, person_id=self.row.id)


NEW = frozenset({EmployerStatus.UNVERIFIED, EmployerStatus.RETURNED})
"""Standing of employers that cannot report yet."""


@dataclass(slots=True)
class Cast:
    """Draws people and companies; keeps the numbers already given out. people: how many so far."""

    rng: Random
    ids: set[str] = field(default_factory=set)
    people: int = 0
    companies: list[Company] = field(default_factory=list)

    def found_companies(self, count: int, today: int, founded: datetime) -> None:
        """Draw `count` companies; the first ones go through the provinces one by one."""
        rng, codes = self.rng, tuple(PROVINCES)
        weights = [names.EMPLOYERS["weights"].get(code, 2) for code in codes]
        for place in range(count):
            few = place < len(codes)
            province = codes[place] if few else rng.choices(codes, weights=weights)[0]
            # The province whose officer has an account needs filings of the kind it looks at.
            kind = "design" if few and province == "37" else rng.choice(names.EMPLOYERS["kinds"])
            self.companies.append(self._company(place + 1, province, kind, today, founded))

    def _company(
        self, number: int, province: str, kind: str, today: int, founded: datetime
    ) -> Company:
        rng = self.rng
        code = self._new(lambda: names.credit_code(rng, province))
        name, where = names.company_name(rng, province, kind), names.address(rng, province)
        standing = EmployerStatus(
            names.EMPLOYERS["standing"].get(str(number % 50), EmployerStatus.VERIFIED)
        )
        row = Employer(
            id=number,
            name=name,
            credit_code=code,
            province=province,
            city=where[len(PROVINCES[province].zh) :].split("演示区")[0],
            address=where,
            legal_rep=names.person_name(rng, "男" if rng.random() < 0.7 else "女"),
            handler_name=names.person_name(rng, "女" if rng.random() < 0.7 else "男"),
            handler_phone=names.phone(rng),
            industry=kind,
            verification_method="" if standing in NEW else "window",
            status=EmployerStatus.UNVERIFIED.value,
            created_at=founded,
        )
        until = date.fromordinal(today + rng.randrange(100, 1700))
        return Company(
            row, names.qualification_number(rng, province), until, standing, 1 / (number % 37 + 3)
        )

    def _new(self, draw: Callable[[], str]) -> str:
        """A number not given out before."""
        while (number := draw()) in self.ids:
            pass
        self.ids.add(number)
        return number

    def person(self, province: str, now: datetime) -> Someone:
        """A new applicant, 26 to 62 years old at `now`."""
        rng = self.rng
        man = rng.random() < 0.72
        word: names.Sex = "男" if man else "女"
        born = (now - timedelta(days=int(min(62.0, 26 + rng.gammavariate(3, 4)) * 365.25))).date()
        mainland = names.MAINLAND
        home = province if rng.random() < 0.7 and province in mainland else rng.choice(mainland)
        number = self._new(lambda: names.id_number(rng, home, born, word))
        sex = Sex.MALE if man else Sex.FEMALE
        return self._enter(names.person_name(rng, word), number, sex, born, now)

    def double(self, other: Person, now: datetime) -> Someone | None:
        """Nearly `other`: same name and birth date, an ID number that differs in one place."""
        head, sequence = other.id_number[:14], int(other.id_number[14:17])
        number = names.closed(f"{head}{(sequence + 10) % 1000:03d}")
        if number in self.ids:
            return None
        self.ids.add(number)
        return self._enter(other.name, number, Sex(other.sex), other.born_on, now)

    def _enter(self, name: str, number: str, sex: Sex, born: date, now: datetime) -> Someone:
        rng = self.rng
        self.people += 1
        education, degree = names.education(rng)
        graduated = date(born.year + rng.randrange(21, 25), rng.choice((6, 6, 7)), 30)
        row = Person(
            id=self.people,
            name=name,
            name_key=name_key(name),
            id_number=number,
            sex=sex.value,
            born_on=born,
            phone=names.phone(rng),
            ethnicity=names.ethnic_group(rng, name),
            school=names.university(rng),
            major=names.major(rng),
            education=education,
            degree=degree,
            graduated_on=graduated.isoformat(),
            title=names.job_title(rng),
            created_at=now,
        )
        certificate = f"{graduated.year + 4}{rng.randrange(10**4):04d}{self.people:07d}"
        return Someone(row, certificate, graduated, self.people)
