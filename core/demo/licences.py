"""The register in memory, for bulk: what `core.register.commands` and `core.register.numbers` do
in the tables.

A registration stays here while a later script may act on it; then its row is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from core import catalogue
from core.catalogue.rulebooks import Rulebook
from core.catalogue.types import Effect, Profession
from core.demo.rows import packed
from core.demo.shapes import Script
from core.model import Registration
from core.register.commands import snapshot as register_snapshot, term
from core.vocabulary.register import RegistrationStatus


@dataclass(slots=True)
class Licence:
    """A row of the register; the attributes are its columns."""

    id: int
    profession: str
    specialty: str
    specialty2: str
    person_id: int
    employer_id: int
    person_name: str
    number: str
    seal_number: str
    qualification_certificate: str
    status: RegistrationStatus
    first_registered_on: date
    valid_from: date
    valid_to: date
    issue: int = 1
    ended_on: date | None = None
    end_reason: str = ""
    version_id: int = 1

    def row(self) -> tuple[Any, ...]:
        """Its values in the order of the table's columns."""
        return (
            self.id,
            self.profession,
            self.specialty,
            self.specialty2,
            self.person_id,
            self.employer_id,
            self.person_name,
            self.number,
            self.seal_number,
            self.qualification_certificate,
            self.status.value,
            self.first_registered_on.isoformat(),
            self.valid_from.isoformat(),
            self.valid_to.isoformat(),
            self.issue,
            self.ended_on.isoformat() if self.ended_on else None,
            self.end_reason,
            self.version_id,
        )


_Key = tuple[int, str, str]


class Register:
    """Registrations in use, and the series of numbers."""

    def __init__(self, rows: dict[str, list[Any]], new_id: Callable[[str], int]) -> None:
        self._rows, self._id = rows, new_id
        self._held: dict[_Key, Licence] = {}
        self._series: dict[str, int] = {}

    @staticmethod
    def _key(script: Script) -> _Key:
        single = catalogue.current().professions[script.profession].per_specialty
        return script.person.id, script.profession, script.specialties[0] if single else ""

    def held(self, script: Script) -> Licence | None:
        """The registration a script acts on; none for a new 初始注册 after cancellation."""
        effect = catalogue.current().effect(script.business)
        return None if effect is Effect.CREATE else self._held[self._key(script)]

    def _draw(self, name: str) -> int:
        self._series[name] = self._series.get(name, 0) + 1
        return self._series[name]

    def _seal(self, profession: Profession, letters: str, enterprise: str) -> str:
        serial = self._draw(f"seal:{profession.key}:{enterprise}:{letters}")
        assert profession.seal_pattern is not None
        return profession.seal_pattern.format(enterprise=enterprise, letters=letters, serial=serial)

    def carry_out(
        self,
        script: Script,
        form: dict[str, Any],
        rules: Rulebook,
        current: Licence | None,
        decided_on: date,
        moment: str,
    ) -> Licence:
        """What `core.register.commands.carry_out` does, down to the number of versions."""
        book = catalogue.current()
        effect, profession = book.effect(script.business), book.professions[script.profession]
        first, second = (*script.specialties, "", "")[:2]
        specialty = profession.specialty(first)
        letters = specialty.letters if specialty else ""
        before = snapshot(current) if current else {}
        start, end = term(
            effect,
            decided_on,
            cast("Registration | None", current),
            rules.number("validity_years"),
            rules.number("renewal_window_months"),
        )
        new_seal = False
        if current is None:
            assert effect is Effect.CREATE
            new_seal = True
            current = self._created(script, form, profession, letters, decided_on)
        current.valid_from, current.valid_to = start, end
        match effect:
            case Effect.MOVE:
                new_seal = current.employer_id != script.company.id
                current.employer_id = script.company.id
                if first and not profession.per_specialty:
                    current.specialty, current.specialty2 = first, second
            case Effect.EXTEND:
                current.status = RegistrationStatus.ACTIVE
                current.ended_on, current.end_reason = None, ""
            case Effect.REISSUE:
                new_seal = "new_seal" in (form.get("replacement_request") or [])
                current.issue += 1
            case Effect.END:
                current.status = RegistrationStatus.CANCELLED
                current.ended_on = decided_on
                current.end_reason = str(form.get("cancellation_reason", ""))
            case Effect.CREATE:
                pass
        after = snapshot(current)
        if before and before != after:
            current.version_id += 1
        if new_seal and profession.seal_pattern:
            current.seal_number = self._seal(profession, letters, script.company.enterprise)
            after["seal_number"] = current.seal_number
            current.version_id += 1  # drawing the number writes the row once before
        self._rows["registration_changes"].append(
            (
                current.id,
                script.number,
                effect.value,
                packed(before),
                packed(after),
                moment,
            )
        )
        return current

    def _created(
        self,
        script: Script,
        form: dict[str, Any],
        profession: Profession,
        letters: str,
        decided_on: date,
    ) -> Licence:
        first, second = (*script.specialties, "", "")[:2]
        parts = {"letters": letters, "year": f"{decided_on:%y}", "region": script.company.province}
        serial = self._draw("number:" + profession.serial_scope.format(**parts))
        licence = Licence(
            id=self._id("registrations"),
            profession=script.profession,
            specialty=first,
            specialty2=second,
            person_id=script.person.id,
            employer_id=script.company.id,
            person_name=script.person.name,
            number=profession.number_pattern.format(
                **parts, serial=f"{serial:0{profession.serial_width}d}"
            ),
            seal_number="",
            qualification_certificate=str(form.get("qualification_certificate", "")),
            status=RegistrationStatus.ACTIVE,
            first_registered_on=decided_on,
            valid_from=decided_on,
            valid_to=decided_on,
        )
        key = self._key(script)
        earlier = self._held.get(key)
        if earlier is not None:
            self._rows["registrations"].append(earlier.row())
        self._held[key] = licence
        return licence

    def retire(self, licence: Licence) -> None:
        """Write the row of a registration that nothing acts on any more."""
        single = catalogue.current().professions[licence.profession].per_specialty
        key = (licence.person_id, licence.profession, licence.specialty if single else "")
        if self._held.get(key) is licence:
            del self._held[key]
            self._rows["registrations"].append(licence.row())

    def close(self) -> None:
        """Write everything still held, and the counters."""
        for licence in self._held.values():
            self._rows["registrations"].append(licence.row())
        self._held.clear()
        self._rows["counters"].extend(self._series.items())


def snapshot(licence: Licence) -> dict[str, Any]:
    """As `core.register.commands.snapshot`."""
    return register_snapshot(cast("Registration", licence))
