"""Departures from the schema in words of our own: what is wrong with a value, what is expected.

Of the fields of a service, `core.filing.wording` speaks; here is what stands around them.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from core.catalogue.types import (
    Catalogue,
    Field,
    Service,
)
from core.filing import wording
from core.filing.opening import NotOffered
from core.filing.wording import describe, listed
from core.intake import limits
from core.intake.problems import NOTHING, Problem, refused
from core.intake.schema import (
    GROUPS,
    MOMENTS,
    PACKET_ID,
    packet_schema,
)
from core.text import Text, filled
from core.typed import shown
from core.vocabulary.cases import CHANNEL_LABELS, PACKET_CHANNELS

UNKNOWN_KEY = Text("不认识的键“{key}”。", "Unknown key “{key}”.")
MISSPELT_KEY = Text(
    "不认识的键“{key}”，是否为“{near}”？", "Unknown key “{key}”; did you mean “{near}”?"
)
ALLOWED_KEYS = Text("以下之一：{keys}", "one of {keys}")
NO_PROMISE = Text("未作出个人承诺。", "The promise was not made.")

_NAMES: dict[str, Text] = {
    "packet": PACKET_ID,
    "channel": Text("申报渠道", "channel"),
    "profession": Text("注册类别", "profession"),
    "business": Text("业务类型", "business type"),
    "specialties": wording.SPECIALTIES,
    "filed_at": Text("个人上报时间", "time of filing"),
    "reported_at": Text("企业上报时间", "time of reporting"),
    "received_at": Text("部级收到时间", "time of receipt"),
    "person": Text("个人信息", "person"),
    "employer": Text("单位信息", "employer"),
    "registration": Text("原注册信息", "registration"),
    "request": Text("申请内容", "request"),
    "promise": Text("个人承诺", "promise"),
    "conditions": Text("须知条目", "items of the notice"),
    "files": Text("图片清单", "pictures"),
    "kind": Text("材料类别", "kind of material"),
    "file": Text("文件名", "file name"),
}
_MOMENT_FORM = Text(
    "日期和时间，如 2026-03-02T09:30:00+08:00（不带时区按北京时间）",
    "date and time such as 2026-03-02T09:30:00+08:00 (China time unless a zone is given)",
)
_PROMISED = Text("true，即申请人已作出承诺", "true, the applicant having made it")
_ALL_CONDITIONS = Text(
    "须知的全部 {count} 条，写作 [1, …, {count}]",
    "all {count} items of the notice, [1, …, {count}]",
)
_AT_MOST = Text("至多 {most} 项", "at most {most} items")
_FRAME: dict[str, Text] = {
    **dict.fromkeys(MOMENTS, _MOMENT_FORM),
    "packet": Text("1 至 120 个不含空格的字符", "1 to 120 characters without spaces"),
    "promise": _PROMISED,
    "file": Text("JSON 所在文件夹内的相对文件名", "a file name relative to the folder of the JSON"),
    "files": filled(_AT_MOST, most=limits.MAX_FILES),
}


_LIKE_A_KEY = 60


def validator(book: Catalogue) -> Draft202012Validator:
    """What checks packets against the schema of `book`; made once for thousands of packets."""
    return Draft202012Validator(packet_schema(book))


def schema_problems(checker: Draft202012Validator, data: Any, book: Catalogue) -> list[Problem]:
    """Every departure of `data` from the schema of `book`, each once."""
    found: dict[tuple[str, str], Problem] = {}
    for error in checker.iter_errors(data):
        for problem in _problems(error, data, book):
            found.setdefault((problem.path, problem.what.en), problem)
    return list(found.values())


def path_of(parts: Iterable[str | int]) -> str:
    """A JSON path such as `$.files[0].kind`."""
    return "$" + "".join(
        f"[{part}]" if isinstance(part, int) else f".{shown(part)}" for part in parts
    )


def service_of(data: Any, book: Catalogue) -> Service | None:
    """The service that a packet names, if it does."""
    if not isinstance(data, dict):
        return None
    profession, business = data.get("profession"), data.get("business")
    if not isinstance(profession, str) or not isinstance(business, str):
        return None
    return book.service(profession, business)


def _problems(error: ValidationError, data: Any, book: Catalogue) -> Iterable[Problem]:
    parts = list(error.absolute_path)
    service = service_of(data, book)
    value, rule = error.instance, error.validator_value
    schema = error.schema if isinstance(error.schema, dict) else {}
    match error.validator:
        case "required":
            for key in rule:
                if key not in value:
                    inner = [*parts, key]
                    name = _name(inner, service)
                    yield Problem(
                        path_of(inner),
                        filled(wording.MISSING, name=name),
                        _expected(inner, service, book),
                    )
        case "additionalProperties":
            known = sorted(schema["properties"])
            for key in sorted(set(value) - set(known)):
                yield _unknown(path_of([*parts, key]), key, known)
        case "anyOf":
            # A key that is missing or unknown is a problem of its own, told elsewhere.
            profession, business = (str(data.get(key)) for key in ("profession", "business"))
            if service is None and profession in book.professions and business in book.businesses:
                refusal = NotOffered(
                    profession=book.professions[profession].label,
                    business=book.businesses[business].label,
                )
                yield refused("$.business", refusal)
        case keyword:
            name = _name(parts, service)
            yield Problem(
                path_of(parts),
                _what(str(keyword), name, value, rule),
                _expected(parts, service, book),
            )


def _unknown(path: str, key: str, known: list[str]) -> Problem:
    close = difflib.get_close_matches(key, known, n=1) if len(key) < _LIKE_A_KEY else []
    what = (
        filled(MISSPELT_KEY, key=shown(key), near=close[0])
        if close
        else filled(UNKNOWN_KEY, key=shown(key))
    )
    return Problem(path, what, filled(ALLOWED_KEYS, keys=", ".join(known)))


def _what(keyword: str, name: Text, value: Any, rule: Any) -> Text:
    count = len(value) if isinstance(value, str | list) else 0
    match keyword:
        case "type":
            return wording.wrong_type(name, rule, value)
        case "enum":
            pattern = wording.NOT_AN_OPTION
        case "const":
            return NO_PROMISE
        case "maxLength":
            pattern = wording.TOO_LONG
        case "minItems":
            pattern = wording.TOO_FEW
        case "maxItems":
            pattern = wording.TOO_MANY
        case "uniqueItems":
            pattern = wording.REPEATED
        case "minimum" | "maximum":
            pattern = wording.OUT_OF_RANGE
        case _:
            pattern = (
                wording.WRONG_FORM if isinstance(value, str) and value.strip() else wording.EMPTY
            )
    return filled(pattern, name=name, value=shown(value), count=count)


def field_at(parts: list[str | int], service: Service | None) -> Field | None:
    """The field of the catalogue that a path leads to or into."""
    if service is None or len(parts) < 2 or parts[0] not in GROUPS:
        return None
    return next(
        (
            field
            for field in service.fields
            if field.key == parts[1] and field.subject.value == parts[0]
        ),
        None,
    )


def _name(parts: list[str | int], service: Service | None) -> Text:
    field = field_at(parts, service)
    if field is not None:
        return field.label
    words = [part for part in parts if isinstance(part, str)]
    key = words[-1] if words else ""
    return _NAMES.get(key, Text(shown(key) or "数据包", shown(key) or "the packet"))


def _expected(parts: list[str | int], service: Service | None, book: Catalogue) -> Text:
    field = field_at(parts, service)
    if field is not None:
        return describe(field)
    key = next((part for part in reversed(parts) if isinstance(part, str)), "")
    if key in _FRAME:
        return _FRAME[key]
    if key == "conditions" and service is not None:
        return filled(_ALL_CONDITIONS, count=len(service.notice.items))
    choices = _choices(key, service, book)
    if choices is None:
        return NOTHING
    if not choices:
        return wording.NONE
    return listed(choices, wording.SOME_OF if key == "specialties" else wording.ONE_OF)


def _choices(key: str, service: Service | None, book: Catalogue) -> list[tuple[str, Text]] | None:
    """What a key around the fields may be chosen from; None when it is not chosen from a list."""
    if key == "channel":
        return [(item.value, CHANNEL_LABELS[item]) for item in PACKET_CHANNELS]
    if key == "profession":
        return [(item.key, item.label) for item in book.professions.values()]
    if key == "business":
        return [(item.key, item.label) for item in book.businesses.values()]
    if service is None:
        return None
    if key == "specialties":
        return [(item.key, item.label) for item in book.professions[service.profession].specialties]
    return [(item.key, item.label) for item in service.materials] if key == "kind" else None
