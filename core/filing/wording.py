"""Sentences about a single value: what is wrong with it, and what it should look like.

The applicant's form and packets from outside say the same ones (`core.filing.validation`,
`core.intake.messages`).
"""

from __future__ import annotations

from collections.abc import Iterable

from core.catalogue.types import Field, Kind
from core.filing import forms
from core.text import Text, filled

MISSING = Text("缺少“{name}”。", "“{name}” is missing.")
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

SPECIALTIES = Text("注册专业", "specialties")
NONE = Text("空数组 []", "an empty list, []")
ONE_OF = Text("以下之一：{options}", "one of {options}")
SOME_OF = Text("以下若干项组成的数组：{options}", "a list of some of {options}")

TYPE_WORDS: dict[str, Text] = {
    "object": Text("对象（花括号）", "an object"),
    "array": Text("数组（方括号）", "a list"),
    "string": Text("文字", "a text"),
    "number": Text("数字", "a number"),
    "integer": Text("整数", "a whole number"),
    "boolean": Text("true 或 false", "true or false"),
    "null": Text("空值 null", "null"),
}
_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (list, "array"),
    (dict, "object"),
)
_KINDS: dict[Kind, Text] = {
    Kind.DATE: Text("日期，如 2026-03-02", "a date such as 2026-03-02"),
    Kind.MONTH: Text("年月，如 2026-03", "year and month such as 2026-03"),
    Kind.YES_NO: Text("yes 或 no", "yes or no"),
    Kind.PHONE: Text("11 位手机号码", "a mobile number of 11 digits"),
    Kind.ID_NUMBER: Text("18 位身份证号", "an ID number of 18 characters"),
    Kind.CREDIT_CODE: Text("18 位统一社会信用代码", "a credit code of 18 characters"),
}
_NUMBER = Text("0 至 {most} 的数字（不加引号）", "a number from 0 to {most}, without quotes")
_WORDS = Text("1 至 {most} 个字符的文字", "text of 1 to {most} characters")
_OPTIONAL_WORDS = Text("至多 {most} 个字符的文字", "text of at most {most} characters")


def type_of(value: object) -> str:
    """The type of a JSON value, a key of `TYPE_WORDS`."""
    return next((word for kind, word in _TYPES if isinstance(value, kind)), "null")


def wrong_type(name: Text, wanted: str, value: object) -> Text:
    """That `value` is of another type than `wanted`."""
    return filled(
        WRONG_TYPE, name=name, wanted=TYPE_WORDS[wanted], found=TYPE_WORDS[type_of(value)]
    )


def listed(options: Iterable[tuple[str, Text]], pattern: Text = ONE_OF) -> Text:
    """Keys with their labels, as a list to choose from."""
    known = list(options)
    zh = "、".join(f"{key}（{label.zh}）" for key, label in known)
    en = ", ".join(f"{key} ({label.en})" for key, label in known)
    return Text(pattern("zh", options=zh), pattern("en", options=en))


def describe(field: Field) -> Text:
    """What a field's value must look like."""
    if field.options:
        pattern = SOME_OF if field.kind is Kind.OPTIONS else ONE_OF
        return listed(((item.key, item.label) for item in field.options), pattern)
    if field.kind in _KINDS:
        return _KINDS[field.kind]
    if field.kind is Kind.NUMBER:
        return filled(_NUMBER, most=forms.highest(field))
    return filled(_WORDS if field.required else _OPTIONAL_WORDS, most=forms.longest(field))
