"""What is wrong with a form, by field key: pure functions of the service and its values.

Whoever asks (an applicant's form, a packet from outside) shows the problems beside the field or at
its place; the sentences are the same. What the register says is asked by `core.filing.standing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import catalogue, clock, identifiers, typed
from core.catalogue.types import Field, Kind, Material, Service
from core.errors import CoreError
from core.filing import wording
from core.filing.columns import room
from core.filing.dates import day_of, impossible
from core.filing.forms import (
    RESIDENT_ID,
    demanded,
    highest,
    keys_of,
    longest,
    pattern_of,
    province_of,
)
from core.filing.opening import NotOffered, check_specialties
from core.filing.wording import describe
from core.text import Text, filled
from core.typed import shown
from core.vocabulary.people import SEX_LABELS, Sex

SPECIALTIES = "specialties"
BUSINESS = "business"
PROVINCE = "province"
MATERIALS = "materials:"
"""Beside the fields of the service a problem may stand at the choice of specialties, at that of the
business type, at the employer's province, or at a material: `materials:` and its key."""

NO_SUCH_DATE = Text("“{name}”不是存在的日期：{value}。", "“{name}” is no date: {value}.")
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
MATERIAL_MISSING = Text("缺少材料“{name}”。", "The material “{name}” is missing.")
ONE_ONLY = Text("“{name}”只能有一张。", "There can be only one “{name}”.")


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing wrong with a form.

    field: key of a `Field` of the service, or one of the places named above. wanted: None when
    `text` says it. warns: a remark only; the form can be filed all the same.
    """

    field: str
    text: Text
    wanted: Text | None = None
    warns: bool = False


def check(
    service: Service,
    form: Mapping[str, Any],
    *,
    chosen: Sequence[str],
    kinds: Sequence[str],
    today: date | None = None,
) -> list[FieldProblem]:
    """Everything wrong with a form, as far as it can be told without the register.

    form: values by field key, best as `forms.stored` returns them. chosen: specialties. kinds: keys
    of the materials supplied, one for each picture. today: in China, unless it is another day.
    """
    return [
        *fields(service, form, today),
        *specialties(service, chosen),
        *province(form),
        *materials(service, form, kinds),
    ]


def fields(
    service: Service, form: Mapping[str, Any], today: date | None = None
) -> list[FieldProblem]:
    """Each value by itself, dates beside one another, birth date and sex beside the ID number.

    Of a value that is wrong by itself, nothing more is said.
    """
    found = list(_each(service, form))
    beside = [
        *(FieldProblem(*item) for item in impossible(service, form, today or clock.today())),
        *_identity(service, form),
    ]
    for item in beside:
        if item.field not in {problem.field for problem in found if not problem.warns}:
            found.append(item)
    return found


def _each(service: Service, form: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """What is there, of its type, among its options, written as it should be, and what is not."""
    for field in service.fields:
        value = form.get(field.key)
        if value is None:
            if demanded(field):
                words = filled(wording.MISSING, name=field.label)
                yield FieldProblem(field.key, words, describe(field))
            continue
        departures = list(_departures(field, value))
        if departures:
            wanted = describe(field)
            yield from (FieldProblem(field.key, words, wanted) for words in departures)
        elif isinstance(value, str) and value:
            yield from _content(field, value)


def _departures(field: Field, value: Any) -> Iterator[Text]:
    """What a packet's JSON Schema says of a value too (`core.intake.schema`)."""
    name = field.label
    match field.kind:
        case Kind.OPTION | Kind.YES_NO:
            if value not in keys_of(field):
                yield filled(wording.NOT_AN_OPTION, name=name, value=shown(value))
        case Kind.OPTIONS:
            yield from _several(field, value)
        case Kind.NUMBER:
            if isinstance(value, bool) or not isinstance(value, int | float):
                yield wording.wrong_type(name, "number", value)
            elif not 0 <= value <= highest(field):
                yield filled(wording.OUT_OF_RANGE, name=name, value=shown(value))
        case _:
            yield from _text(field, value)


def _several(field: Field, value: Any) -> Iterator[Text]:
    name = field.label
    if not isinstance(value, list):
        yield wording.wrong_type(name, "array", value)
        return
    for item in value:
        if item not in keys_of(field):
            yield filled(wording.NOT_AN_OPTION, name=name, value=shown(item))
    if any(item in value[:at] for at, item in enumerate(value)):
        yield filled(wording.REPEATED, name=name)
    if field.required and not value:
        yield filled(wording.TOO_FEW, name=name, count=0)


def _text(field: Field, value: Any) -> Iterator[Text]:
    name = field.label
    if not isinstance(value, str):
        yield wording.wrong_type(name, "string", value)
        return
    if len(value) > longest(field):
        yield filled(wording.TOO_LONG, name=name, count=len(value))
        return
    pattern = pattern_of(field)
    if field.required and not typed.visible(value):
        yield filled(wording.EMPTY, name=name)
        return
    if pattern and not re.search(pattern, value):
        yield filled(wording.WRONG_FORM, name=name, value=shown(value))
        return
    try:
        _readable(field, value)
    except CoreError as error:
        yield error.words


def _readable(field: Field, value: str) -> None:
    """Refuse what nobody can read, or no column hold. Raises errors of `core.typed`."""
    most = room(field.key) or longest(field)
    match field.kind:
        case Kind.NAME if value:
            identifiers.usable_name(value, field.label, most)
        case Kind.LONG_TEXT:
            typed.lines(value, field.label, most)
        case _:
            typed.line(value, field.label, most)


def _content(field: Field, value: str) -> Iterator[FieldProblem]:
    match field.kind:
        case Kind.DATE | Kind.MONTH:
            if day_of(value) is None:
                words = filled(NO_SUCH_DATE, name=field.label, value=shown(value))
                yield FieldProblem(field.key, words, describe(field))
        case Kind.PHONE:
            phone = identifiers.check_phone(value)
            if phone is not None:
                yield FieldProblem(field.key, phone)
        case Kind.CREDIT_CODE:
            code = identifiers.check_credit_code(value)
            if code is not None:
                yield FieldProblem(field.key, code.text, warns=not code.blocks)
        case _:
            if field.pattern and not field.pattern_blocks and not re.search(field.pattern, value):
                words = filled(UNUSUAL, name=field.label, value=shown(value))
                yield FieldProblem(field.key, words, warns=True)


def _identity(service: Service, form: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """The ID number by itself, and what it says of birth and sex; other documents say nothing."""
    known = {field.key: field for field in service.fields}
    number = form.get("id_number")
    if not isinstance(number, str) or not number:
        return
    number = identifiers.normalise_id(number)
    if form.get("id_type", RESIDENT_ID) != RESIDENT_ID:
        unusable = identifiers.check_document_number(number)
        if unusable is not None:
            yield FieldProblem("id_number", unusable)
        return
    problem = identifiers.check_id_number(number)
    if problem is not None:
        yield FieldProblem("id_number", problem.text)
        return
    if not identifiers.region_known(number):
        yield FieldProblem("id_number", identifiers.REGION_UNKNOWN, warns=True)
    born, sex = identifiers.born_on(number), identifiers.sex_of(number)
    stated = form.get("born_on")
    if "born_on" in known and day_of(stated) not in {born, None}:
        yield _disagrees(known["born_on"], str(stated), born.isoformat())
    stated = form.get("sex")
    if "sex" in known and stated in [item.value for item in Sex] and stated != sex:
        yield _disagrees(known["sex"], SEX_LABELS[Sex(stated)], SEX_LABELS[Sex(sex)])


def _disagrees(field: Field, value: Text | str, inside: Text | str) -> FieldProblem:
    words = filled(ID_DISAGREES, name=field.label, value=value, inside=inside)
    return FieldProblem(field.key, words, AS_IN_ID)


def specialties(service: Service, chosen: Sequence[str]) -> Iterator[FieldProblem]:
    """The specialties chosen: as many as there may be, each once, known and open for filing."""
    profession = catalogue.current().professions[service.profession]
    known = [(item.key, item.label) for item in profession.specialties]
    keys = [key for key, _ in known]
    name, most = wording.SPECIALTIES, profession.max_specialties if known else 0
    wrong: list[Text] = []
    if known and not chosen:
        wrong.append(filled(wording.MISSING, name=name))
    if len(chosen) > most:
        wrong.append(filled(wording.TOO_MANY, name=name, count=len(chosen)))
    elif known:
        wrong += [
            filled(wording.NOT_AN_OPTION, name=name, value=shown(key))
            for key in chosen
            if key not in keys
        ]
        if any(key in chosen[:at] for at, key in enumerate(chosen)):
            wrong.append(filled(wording.REPEATED, name=name))
    if wrong:
        wanted = wording.listed(known, wording.SOME_OF) if known else wording.NONE
        yield from (FieldProblem(SPECIALTIES, words, wanted) for words in wrong)
        return
    try:
        check_specialties(service.profession, service.business, chosen)
    except NotOffered as error:
        yield FieldProblem(BUSINESS, error.words)
    except CoreError as error:
        yield FieldProblem(SPECIALTIES, error.words)


def province(form: Mapping[str, Any]) -> Iterator[FieldProblem]:
    """Whether it can be told which province the employer belongs to."""
    code = form.get("credit_code")
    if isinstance(code, str) and code and province_of(form) is None:
        yield FieldProblem(PROVINCE, PROVINCE_UNKNOWN, PROVINCE_WANTED)


def materials(
    service: Service, form: Mapping[str, Any], kinds: Sequence[str]
) -> Iterator[FieldProblem]:
    """Materials that the service asks for, given the answers in `form`, and that are not there.

    Also more than one of a material whose size is laid down (photograph, signature).
    """
    for material in service.materials:
        place = f"{MATERIALS}{material.key}"
        if material.key not in kinds and is_asked(material, service, form):
            words = filled(MATERIAL_MISSING, name=material.label)
            yield FieldProblem(place, words, material.hint)
        if material.width and kinds.count(material.key) > 1:
            yield FieldProblem(place, filled(ONE_ONLY, name=material.label))


def is_asked(material: Material, service: Service, form: Mapping[str, Any]) -> bool:
    """Whether `material` must be supplied with the answers in `form`."""
    if material.when is None:
        return material.required
    key, wanted = material.when
    field = next((item for item in service.fields if item.key == key), None)
    value = form.get(key)
    if field is not None and field.kind is Kind.OPTIONS:
        return isinstance(value, list) and wanted in value
    return bool(value == wanted)
