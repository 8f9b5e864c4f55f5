"""Rulebooks as stories read them: which items can fail at which desk, and on what ground."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalogue.rulebooks import Rulebook
from core.vocabulary.stages import Stage


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a rulebook says, arranged for stories. moot: items that do not apply unless forced."""

    rules: Rulebook
    correctable: tuple[tuple[str, str], ...]
    refusable: tuple[tuple[str, str], ...]
    rejectable: tuple[tuple[str, str], ...]
    moot: tuple[str, ...]

    @classmethod
    def of(cls, rules: Rulebook) -> Grounds:
        """Read off `rules` which items carry a ground for which step, as (check, reason)."""

        def pairs(stage: Stage, kind: str) -> tuple[tuple[str, str], ...]:
            return tuple(
                (check.key, reason)
                for check in rules.checks_at(stage)
                for reason in check.reasons
                if getattr(rules.reasons[reason], kind) and reason != "correction_failed"
            )

        return cls(
            rules,
            pairs(Stage.ACCEPTANCE, "corrects"),
            pairs(Stage.ACCEPTANCE, "refuses"),
            pairs(Stage.REVIEW, "rejects"),
            tuple(c.key for c in rules.checks if c.key in {"forced", "heard"}),
        )
