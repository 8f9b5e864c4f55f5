"""The officers of the demo, present and former."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from core.access.actors import Actor
from core.catalogue.regions import PROVINCES
from core.demo import hours
from core.vocabulary.roles import Role


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer, and the last day (ordinal) they were in office."""

    actor: Actor
    until: int


@dataclass(frozen=True, slots=True)
class Bench:
    """Everyone who acts for the authorities."""

    reviewers: tuple[Officer, ...]
    deciders: tuple[Officer, ...]
    supervisor: Actor
    provinces: dict[str, Actor]

    def reviewer(
        self, rng: Random, moment: int, profession: str, *, but: Actor | None = None
    ) -> Actor:
        """Somebody who took cases of `profession` at `moment`, other than `but`."""
        return rng.choice(_in_office(self.reviewers, moment, profession, but))

    def decider(self, rng: Random, moment: int) -> Actor:
        """Somebody who decided at `moment`."""
        return rng.choice(_in_office(self.deciders, moment, "", None))

    def province(self, code: str) -> Actor:
        """The provincial officer; a nameless one where there is no account."""
        name = f"{PROVINCES[code].zh}注册主管部门"
        return self.provinces.get(code) or Actor(
            None, name, frozenset({Role.PROVINCE}), province=code
        )


def _in_office(
    officers: tuple[Officer, ...], moment: int, profession: str, but: Actor | None
) -> list[Actor]:
    day = hours.day_at(moment)
    return [
        officer.actor
        for officer in officers
        if day <= officer.until
        and officer.actor is not but
        and (
            not profession
            or not officer.actor.professions
            or profession in officer.actor.professions
        )
    ]
