"""The plain values that the automatic checks look at; a check is a pure function of `Facts`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.catalogue.types import Effect, Material, Profession
from core.text import Text, same
from core.vocabulary.register import RegistrationStatus

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHOWN = 60
_RESIDENT_CARDS = frozenset({"resident_id", "id_card"})


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The applicant as the register of people knows them.

    phone_sharers: how many other people gave the same mobile number.
    """

    id: int
    name: str
    id_type: str
    id_number: str
    sex: str
    born_on: date
    phone: str
    phone_sharers: int


@dataclass(frozen=True, slots=True)
class EmployerFacts:
    """The employer of the case. certificates: 企业资质证书号 and the last day each holds."""

    id: int
    name: str
    credit_code: str
    status: str
    handler_phone: str
    verified_on: date | None
    certificates: tuple[tuple[str, date | None], ...]


@dataclass(frozen=True, slots=True)
class Registered:
    """A row of the register, of the applicant or of somebody who claims the same number."""

    id: int
    holder: str
    profession: str
    profession_name: Text
    specialties: tuple[str, ...]
    employer_id: int
    employer_name: str
    employer_code: str
    number: str
    seal_number: str
    certificate: str
    status: str
    valid_to: date

    def active_on(self, day: date) -> bool:
        """Whether it is in force on `day`."""
        return self.status == RegistrationStatus.ACTIVE and self.valid_to >= day


@dataclass(frozen=True, slots=True)
class OtherCase:
    """Another case of the same person. open: filed, not finished; approved: it had its effect."""

    id: int
    ref: str
    profession: str
    effect: Effect | None
    specialties: tuple[str, ...]
    open: bool
    approved: bool
    employer_id: int
    employer_name: str
    registration_id: int | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the case. size: bytes; white_share: 0 to 1, near-white part of the border."""

    kind: str
    width: int
    height: int
    size: int
    white_share: float
    added_on: date


@dataclass(frozen=True, slots=True)
class Payment:
    """One month of social insurance paid by one payer. month: its first day."""

    month: date
    payer_name: str
    payer_code: str
    fund_payer_code: str
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the checks of one case look at.

    profession, effect, materials: None when the catalogue no longer knows the service. asked: keys
    of the fields its form has. registrations: of this person, in every profession. rivals:
    registrations of other people under a certificate or seal number of this case. cases: the
    person's other cases. fed_until: day of the newest insurance data from this person's sources.
    filed_on: the day of filing, on which periods are judged; today while it is a draft. articles:
    what each coded reason rests on, as filed.
    """

    profession_key: str
    profession: Profession | None
    effect: Effect | None
    specialties: tuple[str, ...]
    registration_id: int | None
    asked: frozenset[str]
    materials: tuple[Material, ...] | None
    form: Mapping[str, object]
    person: PersonFacts
    employer: EmployerFacts
    registrations: tuple[Registered, ...]
    rivals: tuple[Registered, ...]
    certificates: frozenset[str]
    seals: frozenset[str]
    cases: tuple[OtherCase, ...]
    pictures: tuple[Picture, ...]
    payments: tuple[Payment, ...]
    fed_until: date | None
    today: date
    filed_on: date
    parameters: Mapping[str, int | bool]
    articles: Mapping[str, Text]

    def text(self, key: str) -> str:
        """A form value as text, "" when it is missing or no text at all."""
        return plain(self.form.get(key))

    def shown(self, key: str) -> str:
        """A form value short enough to quote."""
        value = self.text(key)
        return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"

    def day(self, key: str) -> date | None:
        """A form value as a day (YYYY-MM-DD); None when missing or unreadable."""
        return day_in(self.text(key))

    def chosen(self, key: str) -> frozenset[str]:
        """The options chosen in a form field that takes one or several."""
        value = self.form.get(key)
        items = value if isinstance(value, (list, tuple)) else [value]
        return frozenset(text for item in items if (text := plain(item)))

    def number(self, parameter: str) -> int:
        """A numeric parameter of the case."""
        return int(self.parameters[parameter])

    def switch(self, parameter: str) -> bool:
        """A yes/no parameter of the case."""
        return bool(self.parameters[parameter])

    def article(self, reason: str) -> Text:
        """What a coded reason rests on, that of the profession before the common one."""
        for key in (f"{reason}_{self.profession_key}", reason):
            if key in self.articles:
                return self.articles[key]
        return same("—")

    def names(self, specialties: Sequence[str]) -> tuple[Text, ...]:
        """Labels of specialties, the bare key where the catalogue knows none."""
        found = [self.profession.specialty(key) if self.profession else None for key in specialties]
        return tuple(
            item.label if item else same(key) for key, item in zip(specialties, found, strict=True)
        )

    @property
    def resident(self) -> bool:
        """Whether the document is an identity card, whose number can be checked."""
        return (self.text("id_type") or self.person.id_type) in _RESIDENT_CARDS

    @property
    def registration(self) -> Registered | None:
        """The registration that the case acts on: the one it names, else the fitting newest."""
        same_one = [row for row in self.registrations if row.id == self.registration_id]
        fitting = [row for row in self.registrations if self.same_register(row.profession, row)]
        fitting.sort(key=lambda row: (row.status == RegistrationStatus.ACTIVE, row.valid_to))
        return same_one[0] if same_one else fitting[-1] if fitting else None

    def same_register(self, profession: str, other: Registered | OtherCase) -> bool:
        """Whether `other` is about the same entry: profession, and specialty where each is its own.

        Without specialties (architects), or with one registration for all of them (监理), a person
        has one entry in the profession.
        """
        if profession != self.profession_key:
            return False
        if self.profession is None or self.profession.per_specialty:
            return bool(set(self.specialties) & set(other.specialties))
        return True


def plain(value: object) -> str:
    """A stored form value as text: stripped, "" for anything that is neither text nor number."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
        return str(value)
    return ""


def day_in(text: str) -> date | None:
    """The day written as YYYY-MM-DD, or None."""
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
