"""Dates of a form that cannot be: too early, too late, or impossible beside one another.

What the rules of registration say of dates (age limits, terms) is for the automatic checks and the
officers; here is only what no person's life can hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.catalogue.types import Field, Kind, Service
from core.text import Text, filled

EARLIEST_YEAR = 1900
LATEST_AHEAD = 60
"""Years from today beyond which no date of a form lies; the longest are terms of employment."""
YOUNGEST, OLDEST = 16, 120
"""Years of age: nobody younger may be employed (劳动法 §15), nobody was ever older."""
PAST = ("born_on", "graduated_on", "title_since", "qualification_approved_on")
"""Fields that tell of what has happened."""
ORDER = (
    ("born_on", "graduated_on"),
    ("born_on", "title_since"),
    ("born_on", "qualification_approved_on"),
    ("born_on", "employed_from"),
    ("employed_from", "employed_until"),
)
"""Pairs of fields of which the second is not before the first."""

OUT_OF_TIME = Text(
    "“{name}”不可能是 {value}：应在 {first} 年至 {last} 年之间。",
    "“{name}” cannot be {value}: it lies between the years {first} and {last}.",
)
NOT_YET = Text("“{name}”（{value}）晚于今天。", "“{name}” ({value}) lies after today.")
AGE = Text(
    "按“{name}”（{value}）计算的年龄为 {age} 周岁，应为 {youngest} 至 {oldest} 周岁。",
    "“{name}” ({value}) makes an age of {age}; it should be between {youngest} and {oldest}.",
)
BEFORE = Text(
    "“{name}”（{value}）早于“{earlier}”（{at}）。",
    "“{name}” ({value}) lies before “{earlier}” ({at}).",
)


def day_of(value: Any) -> date | None:
    """The day that a date or a month (its first) names; None when there is none."""
    try:
        return date.fromisoformat(value if len(value) > len("2026-03") else f"{value}-01")
    except (ValueError, TypeError):
        return None


def impossible(
    service: Service, form: Mapping[str, Any], today: date
) -> Iterator[tuple[str, Text]]:
    """Field key and sentence of every date of `form` that cannot be; each field once."""
    known = {field.key: field for field in service.fields}
    days = {
        field.key: day
        for field in service.fields
        if field.kind in {Kind.DATE, Kind.MONTH}
        and (day := day_of(form.get(field.key))) is not None
    }
    wrong: set[str] = set()
    for key, day in days.items():
        words = _alone(known[key], str(form[key]), day, today)
        if words is not None:
            wrong.add(key)
            yield key, words
    for first, second in ORDER:
        if first in days and second in days and not {first, second} & wrong:
            # A month stands for its first day, which may lie before the day of the other.
            if days[second] >= days[first] or _same_month(form, first, second):
                continue
            wrong.add(second)
            yield (
                second,
                filled(
                    BEFORE,
                    name=known[second].label,
                    value=str(form[second]),
                    earlier=known[first].label,
                    at=str(form[first]),
                ),
            )


def _same_month(form: Mapping[str, Any], first: str, second: str) -> bool:
    month = len("2026-03")
    short = min(len(form[first]), len(form[second])) == month
    return short and form[first][:month] == form[second][:month]


def _alone(field: Field, value: str, day: date, today: date) -> Text | None:
    name = field.label
    last = today.year + LATEST_AHEAD
    if not EARLIEST_YEAR <= day.year <= last:
        return filled(OUT_OF_TIME, name=name, value=value, first=EARLIEST_YEAR, last=last)
    if field.key in PAST and day > today:
        return filled(NOT_YET, name=name, value=value)
    if field.key == "born_on":
        age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        if not YOUNGEST <= age <= OLDEST:
            return filled(AGE, name=name, value=value, age=age, youngest=YOUNGEST, oldest=OLDEST)
    return None
