"""What the schema cannot say about a packet: dates, identifiers, service, specialties, materials.

Pure: the database is asked by `core.intake.on_record`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from core import clock, identifiers
from core.catalogue.regions import PROVINCES, short_name
from core.catalogue.types import Field, Kind, Service
from core.errors import CoreError
from core.filing.opening import NotOffered, check_specialties
from core.intake.messages import describe
from core.intake.packet import moment
from core.intake.problems import (
    Problem,
    filled,
    refused,
    shown,
)
from core.intake.schema import GROUPS, MOMENTS
from core.text import Text
from core.vocabulary.people import SEX_LABELS, Sex

NO_SUCH_DATE = Text("“{name}”不是存在的日期：{value}。", "“{name}” is no date: {value}.")
NO_SUCH_MOMENT = Text("时间不存在：{value}。", "There is no such moment: {value}.")
IN_FUTURE = Text("晚于现在（{now}）。", "It lies after this moment ({now}).")
NOT_FUTURE = Text("不晚于现在的时间", "a moment that has passed")
OUT_OF_ORDER = Text("早于{earlier}（{at}）。", "It lies before {earlier} ({at}).")
IN_ORDER = Text("个人上报 ≤ 企业上报 ≤ 部级收到", "filed, then reported, then received")
ID_DISAGREES = Text(
    "“{name}”为 {value}，与身份证号所含的 {inside} 不一致。",
    "“{name}” is {value}, but the ID number says {inside}.",
)
AS_IN_ID = Text("与身份证号一致，或更正身份证号", "as in the ID number, or a corrected ID number")
UNUSUAL = Text("“{name}”的写法少见：“{value}”，请核对。", "“{name}” looks unusual: “{value}”.")
PROVINCE_UNKNOWN = Text("无法确定聘用单位所在省份。", "The employer's province cannot be told.")
PROVINCE_WANTED = Text(
    "工商注册省份，或第3、4位为省份代码的统一社会信用代码",
    "its province, or a credit code whose third and fourth characters are a province's code",
)
EARLIER = {
    "reported_at": ("filed_at", Text("个人上报时间", "the time of filing")),
    "received_at": ("reported_at", Text("企业上报时间", "the time of reporting")),
}
RESIDENT_ID = "resident_id"


def form_of(data: Any, service: Service) -> dict[str, Any]:
    """The service's values by key, identifiers in the form in which they are stored.

    Values of the wrong type are left out; the schema reports them.
    """
    form: dict[str, Any] = {}
    for group in GROUPS:
        values = data.get(group) if isinstance(data, dict) else None
        if not isinstance(values, dict):
            continue
        for field in service.fields:
            if field.subject.value == group and field.key in values:
                value = _normal(field, values[field.key])
                if value is not None:
                    form[field.key] = value
    return form


def _normal(field: Field, value: Any) -> Any:
    if field.kind is Kind.OPTIONS:
        return value if isinstance(value, list) else None
    if field.kind is Kind.NUMBER:
        return value if isinstance(value, int | float) else None
    if not isinstance(value, str):
        return None
    match field.kind:
        case Kind.ID_NUMBER:
            return identifiers.normalise_id(value)
        case Kind.CREDIT_CODE:
            return identifiers.normalise_credit_code(value)
        case Kind.PHONE:
            return identifiers.normalise_phone(value)
        case _:
            return value.strip()


def check(
    data: Any,
    service: Service | None,
    form: dict[str, Any],
    *,
    known: set[str],
    now: datetime,
) -> list[Problem]:
    """Everything wrong with the values that the schema let pass.

    known: paths with a problem already; nothing is said about them twice.
    """
    found = [*_moments(data, now)]
    if service is not None:
        found += _fields(service, form)
        found += _identity(service, form)
        if not any(path.startswith(("$.specialties", "$.business")) for path in known):
            found += _specialties(data, service)
        if province_of(form) is None and "credit_code" in form:
            found.append(Problem("$.employer.credit_code", PROVINCE_UNKNOWN, PROVINCE_WANTED))
    return [problem for problem in found if problem.path not in known]


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


def path(field: Field) -> str:
    """Where a field's value stands in a packet."""
    return f"$.{field.subject.value}.{field.key}"


def _fields(service: Service, form: dict[str, Any]) -> Iterator[Problem]:
    for field in service.fields:
        value = form.get(field.key)
        if not isinstance(value, str) or not value:
            continue
        match field.kind:
            case Kind.DATE | Kind.MONTH:
                if _day(value) is None:
                    words = filled(NO_SUCH_DATE, name=field.label, value=shown(value))
                    yield Problem(path(field), words, describe(field))
            case Kind.PHONE:
                words_or_none = identifiers.check_phone(value)
                if words_or_none is not None:
                    yield Problem(path(field), words_or_none)
            case Kind.CREDIT_CODE:
                problem = identifiers.check_credit_code(value)
                if problem is not None:
                    yield Problem(path(field), problem.text, warns=not problem.blocks)
            case _:
                if (
                    field.pattern
                    and not field.pattern_blocks
                    and not re.search(field.pattern, value)
                ):
                    words = filled(UNUSUAL, name=field.label, value=shown(value))
                    yield Problem(path(field), words, warns=True)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value if len(value) > len("2026-03") else f"{value}-01")
    except ValueError:
        return None


def _identity(service: Service, form: dict[str, Any]) -> Iterator[Problem]:
    """The ID number by itself, and what it says of birth and sex; other documents say nothing."""
    fields = {field.key: field for field in service.fields}
    number = form.get("id_number")
    if not isinstance(number, str) or form.get("id_type", RESIDENT_ID) != RESIDENT_ID:
        return
    at = path(fields["id_number"])
    problem = identifiers.check_id_number(number)
    if problem is not None:
        yield Problem(at, problem.text)
        return
    if not identifiers.region_known(number):
        yield Problem(at, identifiers.REGION_UNKNOWN, warns=True)
    born, sex = identifiers.born_on(number), identifiers.sex_of(number)
    if _day(form.get("born_on", "")) not in {born, None}:
        yield _disagrees(fields["born_on"], form["born_on"], born.isoformat())
    if form.get("sex") in set(Sex) and form["sex"] != sex:
        label = SEX_LABELS[Sex(form["sex"])]
        yield _disagrees(fields["sex"], label, SEX_LABELS[Sex(sex)])


def _disagrees(field: Field, value: Text | str, inside: Text | str) -> Problem:
    words = filled(ID_DISAGREES, name=field.label, value=value, inside=inside)
    return Problem(path(field), words, AS_IN_ID)


def _specialties(data: dict[str, Any], service: Service) -> Iterator[Problem]:
    given = data.get("specialties") or []
    try:
        check_specialties(service.profession, service.business, given)
    except NotOffered as error:
        yield refused("$.business", error)
    except CoreError as error:
        yield refused("$.specialties", error)


def province_of(form: dict[str, Any]) -> str | None:
    """Two-digit code of the employer's province: as stated (code or name), else the credit code's.

    The third to eighth characters of a credit code are the region that registered it (GB 32100).
    """
    stated = str(form.get("employer_province", ""))
    if stated in PROVINCES:
        return stated
    for code, name in PROVINCES.items():
        if stated in {name.zh, name.en, short_name(code)}:
            return code
    inside = str(form.get("credit_code", ""))[2:4]
    return inside if inside in PROVINCES else None
