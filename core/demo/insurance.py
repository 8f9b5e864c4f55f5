"""Social insurance of the months before a filing: consistent for most, odd on purpose for a few."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

from core.demo.cast import Company
from core.demo.types import Filing, Planted

SOURCE = "演示社保数据"
MONTHS = 2  # compared before a filing (domain G1)
_KINDS = ["pension", "unemployment", "medical", "injury", "maternity"]


def insured_months(
    rng: Random, filing: Filing, day: date, companies: Sequence[Company], rule: str
) -> tuple[list[dict[str, Any]], Planted | None]:
    """Rows of the months before `day`, and what is wrong with them on purpose.

    rule: the rule they shall break (domain G1, or D9 by another name); "" for none. A rule that
    cannot be broken, since months are on record already, is let go.
    """
    person, company, this = filing.person, filing.company, day.year * 12 + day.month - 1
    months = [month for month in range(this - MONTHS, this) if month > person.insured]
    person.insured = this - 1
    whole = len(months) == MONTHS and filing.business != "cancellation"
    if not whole:
        rule = ""
    name = f"{person.row.name}儿" if rule == "D9" else person.row.name
    other = rng.choice([each for each in companies if each is not company])
    rows = []
    for place, month in enumerate(months):
        if rule == "R1" or (rule == "R4" and place == 0):
            continue
        payer = other if rule == "R2" else company
        pairs = [(payer, other if rule == "R5" else payer)]
        if rule == "R3":
            pairs.append((other, other))
        for paying, fund in pairs:
            rows.append(
                {
                    "id_number": person.row.id_number,
                    "name": name,
                    "payer_name": paying.row.name,
                    "payer_code": paying.row.credit_code,
                    "month": date(month // 12, month % 12 + 1, 1),
                    "kinds": _KINDS,
                    "fund_payer_code": fund.row.credit_code,
                    "source": SOURCE,
                    "as_of": day,
                }
            )
    other_name = Planted("D9", person, name) if rule == "D9" else Planted(rule)
    return rows, other_name if rule else None
