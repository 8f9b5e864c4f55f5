"""The rulebooks of the demo as courses read them: which items can fail at which desk, and why.

Most cases are filed under the catalogue in force. A few come from variants of it, as if its
parameters had stood otherwise then: with the provincial stage, or with announcement by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from core import catalogue
from core.catalogue import rulebooks
from core.catalogue.reasons import CORRECTION_FAILED
from core.catalogue.rulebooks import Rulebook
from core.catalogue.types import Catalogue
from core.vocabulary.stages import Stage

PROVINCE, BY_HAND = "province", "by_hand"
_VARIANTS: dict[str, dict[str, int | bool]] = {
    PROVINCE: {"province_stage": True},
    BY_HAND: {"automatic_announcement": False},
}


@dataclass(frozen=True, slots=True)
class StageReasons:
    """grounds: (check, reason) by what it is a ground for. moot: do not apply unless forced."""

    rules: Rulebook
    grounds: dict[str, tuple[tuple[str, str], ...]]
    moot: frozenset[str]


@cache
def variant_of(name: str | None) -> Catalogue:
    """The catalogue in force under None, or one of its variants."""
    base = catalogue.current()
    if name is None:
        return base
    services = [
        replace(service, parameters={**service.parameters, **_VARIANTS[name]})
        for service in base.services.values()
    ]
    return catalogue.extended(base, services=services)


@cache
def stage_reasons(variant: str | None, profession: str, business: str) -> StageReasons:
    """What the rulebook of a service says."""
    rules = rulebooks.read(*rulebooks.compose(variant_of(variant), profession, business))

    def pairs(stage: Stage, kind: str) -> tuple[tuple[str, str], ...]:
        return tuple(
            (check.key, reason)
            for check in rules.checks_at(stage)
            for reason in check.reasons
            if getattr(rules.reasons[reason], kind) and reason not in CORRECTION_FAILED
        )

    return StageReasons(
        rules,
        {
            "corrects": pairs(Stage.ACCEPTANCE, "corrects"),
            "refuses": pairs(Stage.ACCEPTANCE, "refuses"),
            "rejects": pairs(Stage.REVIEW, "rejects"),
        },
        frozenset({"forced", "heard"}),
    )
