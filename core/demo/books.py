"""The catalogues and rulebooks under which demo cases are filed.

Most are filed under the catalogue in force. A few come from variants of it, as if its parameters
had stood otherwise when they were filed: with the provincial stage, or with announcement by hand.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from core import catalogue
from core.catalogue import rulebooks
from core.catalogue.types import Catalogue
from core.demo.grounds import Grounds
from core.demo.plans import Plan

PROVINCE, BY_HAND = "province", "by_hand"
_VARIANTS: dict[str, dict[str, int | bool]] = {
    PROVINCE: {"province_stage": True},
    BY_HAND: {"automatic_announcement": False},
}


class Books:
    """Rulebooks by variant, profession and business type; each composed once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str, str], Grounds] = {}
        self._plans: dict[str, Plan] = {}
        self.contents: dict[str, dict[str, Any]] = {}

    @cached_property
    def catalogues(self) -> dict[str | None, Catalogue]:
        """The catalogue in force under None, and its variants."""
        base = catalogue.current()
        return {None: base} | {
            name: catalogue.extended(
                base,
                services=[
                    replace(service, parameters={**service.parameters, **differing})
                    for service in base.services.values()
                ],
            )
            for name, differing in _VARIANTS.items()
        }

    def grounds(self, variant: str | None, profession: str, business: str) -> Grounds:
        """The rulebook of a service, read for stories."""
        key = (variant, profession, business)
        known = self._known.get(key)
        if known is None:
            digest, content = rulebooks.compose(self.catalogues[variant], profession, business)
            self.contents[digest] = content
            known = self._known[key] = Grounds.of(rulebooks.read(digest, content))
        return known

    def plan(self, variant: str | None, profession: str, business: str) -> Plan:
        """The rulebook of a service, made ready for bulk."""
        rules = self.grounds(variant, profession, business).rules
        plan = self._plans.get(rules.id)
        if plan is None:
            plan = self._plans[rules.id] = Plan.of(rules)
        return plan
