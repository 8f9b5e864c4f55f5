"""Social insurance of the months before a filing: consistent for most, odd on purpose for a few."""

from __future__ import annotations

from datetime import date
from random import Random

from core.demo import hours
from core.demo.cast import Company
from core.demo.types import Insured, Planted, Script

SOURCE = "演示社保数据"
KINDS = ["pension", "unemployment", "medical", "injury", "maternity"]
MONTHS = 2  # compared before a filing (domain G1)
_RULES = ("R1", "R2", "R2", "R2", "R3", "R4", "R5")


def insured_months(rng: Random, script: Script, companies: list[Company], share: float) -> None:
    """Write the records of the months before `script`; `share` of filings break a rule by them."""
    day = date.fromordinal(hours.day_at(script.opened))
    filing, this = script.filing, day.year * 12 + day.month - 1
    person, company = filing.person, filing.company
    months = [m for m in range(this - MONTHS, this) if m > person.insured]
    rule = None
    if len(months) == MONTHS and filing.business != "cancellation" and rng.random() < share:
        rule = rng.choice(_RULES)
        script.planted.append(Planted(rule))
    person.insured = this - 1
    name = person.name
    if rule is None and months and rng.random() < 0.004:
        name = f"{person.name}儿"
        script.planted.append(Planted("D9", person, name))
    other = rng.choice(companies) if rule in {"R2", "R3", "R5"} else company
    for place, month in enumerate(months):
        if rule == "R1" or (rule == "R4" and place == 0):
            continue
        first = date(month // 12, month % 12 + 1, 1)
        payer = other if rule == "R2" else company
        fund = other if rule == "R5" else payer
        script.insured.append(Insured(name, payer.name, payer.credit_code, first, fund.credit_code))
        if rule == "R3" and other is not company:
            both = (name, other.name, other.credit_code, first, other.credit_code)
            script.insured.append(Insured(*both))
