"""What the schema cannot say about a packet: its moments, and the values of its fields.

Values are judged by `core.filing.validation`, by field key, as those of any form; here each problem
gets its place in the JSON, and nothing is said twice. Pure: the database is asked by
`core.filing.standing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set as AbstractSet
from datetime import datetime
from typing import Any

from core import clock, typed
from core.catalogue.types import Service
from core.errors import CoreError
from core.filing import forms, validation
from core.filing.validation import FieldProblem
from core.intake.packet import moment
from core.intake.problems import NOTHING, Problem
from core.intake.schema import MAX_ID, MOMENTS, PACKET_ID
from core.text import Text, filled
from core.typed import shown

ID = re.compile(r"\S+")
UNUSABLE_ID = Text("“{value}”不能作为数据包编号。", "“{value}” cannot be the id of a packet.")
ID_WANTED = Text(
    "1 至 {most} 个看得见的字符，不含空格",
    "1 to {most} characters that can be seen, without spaces",
)
NO_SUCH_MOMENT = Text("时间不存在：{value}。", "There is no such moment: {value}.")
IN_FUTURE = Text("晚于现在（{now}）。", "It lies after this moment ({now}).")
NOT_FUTURE = Text("不晚于现在的时间", "a moment that has passed")
EARLIEST_YEAR = 1990
"""Before it nobody could file: the registers were set up later (domain C)."""
TOO_EARLY = Text("早于 {year} 年，不可能。", "It lies before {year}, which cannot be.")
OUT_OF_ORDER = Text("早于{earlier}（{at}）。", "It lies before {earlier} ({at}).")
IN_ORDER = Text("个人上报 ≤ 企业上报 ≤ 部级收到", "filed, then reported, then received")
EARLIER = {
    "reported_at": ("filed_at", Text("个人上报时间", "the time of filing")),
    "received_at": ("reported_at", Text("企业上报时间", "the time of reporting")),
}


def form_of(data: Any, service: Service) -> dict[str, Any]:
    """The service's values by key, as they are stored; those of the wrong type are left out."""
    values: dict[str, Any] = {}
    for field in service.fields:
        group = data.get(field.subject.value) if isinstance(data, dict) else None
        if isinstance(group, dict) and field.key in group:
            values[field.key] = group[field.key]
    return forms.stored(service, values)


def check(
    data: Any,
    service: Service | None,
    form: dict[str, Any],
    *,
    known: AbstractSet[str],
    now: datetime,
) -> list[Problem]:
    """Everything wrong with the values that the schema let pass.

    known: paths with a problem already; nothing is said about them twice.
    """
    found = [*_id(data), *_moments(data, now)]
    if service is not None:
        told = validation.fields(service, form, clock.local(now).date())
        if not any(path.startswith(("$.specialties", "$.business")) for path in known):
            told += validation.specialties(service, data.get("specialties") or [])
        told += validation.province(form)
        found += [placed(service, problem) for problem in told]
    return [problem for problem in found if not _told(problem.path, known)]


def _told(path: str, known: AbstractSet[str]) -> bool:
    """Whether something is said already of `path`, of what it stands in, or of a part of it."""
    return any(
        f"{one}.".startswith((f"{path}.", f"{path}[")) or path.startswith(f"{one}.")
        for one in known - {"$"}
    )


def sound(service: Service, form: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """The values of `form` that nothing is wrong with: what the database may be asked about."""
    wrong = {problem.path for problem in problems if not problem.warns}
    return {key: value for key, value in form.items() if _path(service, key) not in wrong}


def placed(service: Service, problem: FieldProblem) -> Problem:
    """A problem of the form, at its place in the packet."""
    expected = NOTHING if problem.wanted is None else problem.wanted
    return Problem(_path(service, problem.field), problem.text, expected, problem.warns)


def _path(service: Service, place: str) -> str:
    if place.startswith(validation.MATERIALS):
        return "$.files"
    if place == validation.PROVINCE:
        return "$.employer.credit_code"
    for field in service.fields:
        if field.key == place:
            return f"$.{field.subject.value}.{place}"
    return f"$.{place}"


def packet_id(data: Any) -> str:
    """The packet's id, if it has one that can be kept; else empty."""
    key = data.get("packet") if isinstance(data, dict) else None
    if not isinstance(key, str) or not ID.fullmatch(key):
        return ""
    try:
        return typed.line(key, PACKET_ID, MAX_ID)
    except CoreError:
        return ""


def _id(data: Any) -> Iterator[Problem]:
    """What the schema's pattern lets pass: characters that nobody sees."""
    key = data.get("packet") if isinstance(data, dict) else None
    if isinstance(key, str) and key and packet_id(data) != key:
        yield Problem(
            "$.packet", filled(UNUSABLE_ID, value=shown(key)), filled(ID_WANTED, most=MAX_ID)
        )


def _moments(data: Any, now: datetime) -> Iterator[Problem]:
    if not isinstance(data, dict):
        return
    moments: dict[str, datetime] = {}
    for key in MOMENTS:
        value = data.get(key)
        if not isinstance(value, str):
            continue
        at = moment(value)
        if at is None:
            yield Problem(f"$.{key}", filled(NO_SUCH_MOMENT, value=shown(value)))
            continue
        if clock.local(at).year < EARLIEST_YEAR:
            yield Problem(f"$.{key}", filled(TOO_EARLY, year=EARLIEST_YEAR))
            continue
        moments[key] = at
        if at > now:
            words = filled(IN_FUTURE, now=f"{clock.local(now):%Y-%m-%d %H:%M}")
            yield Problem(f"$.{key}", words, NOT_FUTURE)
    for key, (before, label) in EARLIER.items():
        if key in moments and before in moments and moments[key] < moments[before]:
            words = filled(
                OUT_OF_ORDER,
                earlier=label,
                at=f"{clock.local(moments[before]):%Y-%m-%d %H:%M}",
            )
            yield Problem(f"$.{key}", words, IN_ORDER)
