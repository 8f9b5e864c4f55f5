"""The automatic checks of a case, which officers see as green, yellow, red or grey.

Domain H, step 3. They inform and decide nothing: what stands in the way of an action is for the
guards of the workflow to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from core.catalogue.rulebooks import Rulebook
from core.checks import (
    duplicates,
    eligibility,
    employment,
    identity,
    insurance,
    standing,
    uploads,
)
from core.checks.facts import Facts
from core.checks.findings import LABELS, NOTHING, Finding
from core.checks.reading import facts_of
from core.model import Case
from core.text import Text, same
from core.vocabulary.checks import FindingOutcome

Rule = Callable[[Facts], Finding]

_MODULES = (identity, uploads, duplicates, eligibility, employment, insurance, standing)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        name: rule
        for module in _MODULES
        for name, rule in vars(module).items()
        if name in LABELS and getattr(rule, "__module__", "") == module.__name__
    }
)

WITHDRAWN = Text(
    "该检查已停用，须人工核对。", "This check is no longer made; please look yourself."
)
_RULEBOOK = Text("受理时的检查清单", "Checklist at filing")


def check(session: Session, case: Case, rules: Rulebook, now: datetime) -> tuple[Finding, ...]:
    """Run every rule that the checklist of `rules` names, each once, in checklist order.

    Findings describe the register as it stands at `now`: on a finished case they show what the case
    itself has changed, so ask only while it is open. Odd form values never raise; they end as
    "no data" or "failed".
    """
    return judged(facts_of(session, case, rules, now), rules)


def judged(facts: Facts, rules: Rulebook) -> tuple[Finding, ...]:
    """The findings on `facts` of every rule that the checklist names, in its order."""
    named = dict.fromkeys(rule for check in rules.checks for rule in check.rules)
    return tuple(RULES[name](facts) if name in RULES else _withdrawn(facts, name) for name in named)


def _withdrawn(facts: Facts, name: str) -> Finding:
    """An old rulebook may name a rule that no longer exists."""
    return Finding(
        rule=name,
        label=same(name),
        outcome=FindingOutcome.NO_DATA,
        summary=WITHDRAWN,
        evidence=(),
        article=same(NOTHING),
        source=_RULEBOOK,
        as_of=facts.today,
    )
