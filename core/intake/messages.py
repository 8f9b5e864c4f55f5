"""Departures from the schema in words of our own: what is wrong with a value, what is expected."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from core.catalogue.types import (
    Catalogue,
    Field,
    Kind,
    Service,
)
from core.filing.opening import NotOffered
from core.intake.problems import (
    NOTHING,
    Problem,
    filled,
    refused,
    shown,
)
from core.intake.schema import (
    CHANNELS,
    GROUPS,
    MAX_FILES,
    MOMENTS,
    packet_schema,
)
from core.text import Text
from core.vocabulary.cases import CHANNEL_LABELS

MISSING = Text("缺少“{name}”。", "“{name}” is missing.")
UNKNOWN_KEY = Text("不认识的键“{key}”。", "Unknown key “{key}”.")
MISSPELT_KEY = Text(
    "不认识的键“{key}”，是否为“{near}”？", "Unknown key “{key}”; did you mean “{near}”?"
)
ALLOWED_KEYS = Text("以下之一：{keys}", "one of {keys}")
WRONG_TYPE = Text("“{name}”应为{wanted}，给的是{found}。", "“{name}” is {found}, not {wanted}.")
NOT_AN_OPTION = Text(
    "“{name}”的值“{value}”不在可选项中。", "“{name}” is “{value}”, which is not an option."
)
TOO_LONG = Text("“{name}”有 {count} 个字符，过长。", "“{name}” is too long: {count} characters.")
EMPTY = Text("“{name}”为空。", "“{name}” is empty.")
WRONG_FORM = Text(
    "“{name}”的写法不对：“{value}”。", "“{name}” is not written correctly: “{value}”."
)
TOO_FEW = Text("“{name}”只有 {count} 项。", "“{name}” has only {count} items.")
TOO_MANY = Text("“{name}”有 {count} 项，过多。", "“{name}” has {count} items, which is too many.")
REPEATED = Text("“{name}”中有重复项。", "“{name}” holds an item twice.")
OUT_OF_RANGE = Text("“{name}”的数值超出范围：{value}。", "“{name}” is out of range: {value}.")
NO_PROMISE = Text("未作出个人承诺。", "The promise was not made.")

_TYPE_WORDS: dict[str, Text] = {
    "object": Text("对象（花括号）", "an object"),
    "array": Text("数组（方括号）", "a list"),
    "string": Text("文字", "a text"),
    "number": Text("数字", "a number"),
    "integer": Text("整数", "a whole number"),
    "boolean": Text("true 或 false", "true or false"),
    "null": Text("空值 null", "null"),
}
_NAMES: dict[str, Text] = {
    "packet": Text("数据包编号", "packet id"),
    "channel": Text("申报渠道", "channel"),
    "profession": Text("注册类别", "profession"),
    "business": Text("业务类型", "business type"),
    "specialties": Text("注册专业", "specialties"),
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
_KINDS: dict[Kind, Text] = {
    Kind.DATE: Text("日期，如 2026-03-02", "a date such as 2026-03-02"),
    Kind.MONTH: Text("年月，如 2026-03", "year and month such as 2026-03"),
    Kind.NUMBER: Text("不小于 0 的数字（不加引号）", "a number of 0 or more, without quotes"),
    Kind.YES_NO: Text("yes 或 no", "yes or no"),
    Kind.PHONE: Text("11 位手机号码", "a mobile number of 11 digits"),
    Kind.ID_NUMBER: Text("18 位身份证号", "an ID number of 18 characters"),
    Kind.CREDIT_CODE: Text("18 位统一社会信用代码", "a credit code of 18 characters"),
}
_WORDS = Text("1 至 {most} 个字符的文字", "text of 1 to {most} characters")
_OPTIONAL_WORDS = Text("至多 {most} 个字符的文字", "text of at most {most} characters")
_ONE_OF = Text("以下之一：{options}", "one of {options}")
_SOME_OF = Text("以下若干项组成的数组：{options}", "a list of some of {options}")
_PROMISED = Text("true，即申请人已作出承诺", "true, the applicant having made it")
_ALL_CONDITIONS = Text(
    "须知的全部 {count} 条，写作 [1, …, {count}]",
    "all {count} items of the notice, [1, …, {count}]",
)
_AT_MOST = Text("至多 {most} 项", "at most {most} items")
_NONE = Text("空数组 []", "an empty list, []")
_FRAME: dict[str, Text] = {
    **dict.fromkeys(MOMENTS, _MOMENT_FORM),
    "packet": Text("1 至 120 个不含空格的字符", "1 to 120 characters without spaces"),
    "promise": _PROMISED,
    "file": Text("JSON 所在文件夹内的相对文件名", "a file name relative to the folder of the JSON"),
    "files": filled(_AT_MOST, most=MAX_FILES),
}


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
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


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
                        path_of(inner), filled(MISSING, name=name), _expected(inner, service, book)
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
    close = difflib.get_close_matches(key, known, n=1)
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
            return filled(
                WRONG_TYPE, name=name, wanted=_TYPE_WORDS[rule], found=_TYPE_WORDS[_type(value)]
            )
        case "enum":
            pattern = NOT_AN_OPTION
        case "const":
            return NO_PROMISE
        case "maxLength":
            pattern = TOO_LONG
        case "minItems":
            pattern = TOO_FEW
        case "maxItems":
            pattern = TOO_MANY
        case "uniqueItems":
            pattern = REPEATED
        case "minimum" | "maximum":
            pattern = OUT_OF_RANGE
        case _:
            pattern = WRONG_FORM if isinstance(value, str) and value.strip() else EMPTY
    return filled(pattern, name=name, value=shown(value), count=count)


def _type(value: Any) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (list, "array"),
        (dict, "object"),
    )
    return next((word for kind, word in kinds if isinstance(value, kind)), "null")


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
    return _NAMES.get(key, Text(key or "数据包", key or "the packet"))


def _listed(options: Iterable[tuple[str, Text]], pattern: Text = _ONE_OF) -> Text:
    known = list(options)
    zh = "、".join(f"{key}（{label.zh}）" for key, label in known)
    en = ", ".join(f"{key} ({label.en})" for key, label in known)
    return Text(pattern("zh", options=zh), pattern("en", options=en))


def describe(field: Field) -> Text:
    """What a field's value must look like."""
    if field.options:
        pattern = _SOME_OF if field.kind is Kind.OPTIONS else _ONE_OF
        return _listed(((item.key, item.label) for item in field.options), pattern)
    if field.kind in _KINDS:
        return _KINDS[field.kind]
    return filled(_WORDS if field.required else _OPTIONAL_WORDS, most=field.max_length)


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
        return _NONE
    return _listed(choices, _SOME_OF if key == "specialties" else _ONE_OF)


def _choices(key: str, service: Service | None, book: Catalogue) -> list[tuple[str, Text]] | None:
    """What a key around the fields may be chosen from; None when it is not chosen from a list."""
    if key == "channel":
        return [(item.value, CHANNEL_LABELS[item]) for item in CHANNELS]
    if key == "profession":
        return [(item.key, item.label) for item in book.professions.values()]
    if key == "business":
        return [(item.key, item.label) for item in book.businesses.values()]
    if service is None:
        return None
    if key == "specialties":
        return [(item.key, item.label) for item in book.professions[service.profession].specialties]
    return [(item.key, item.label) for item in service.materials] if key == "kind" else None
