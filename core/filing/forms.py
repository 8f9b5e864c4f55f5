"""Forms: a service's values by field key, and how each value is to be written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core import identifiers, typed
from core.catalogue.regions import PROVINCES, short_name
from core.catalogue.types import Field, Kind, Service, Subject
from core.filing.columns import room

RESIDENT_ID = "resident_id"
"""The document type whose number tells birth date and sex."""

_LENGTHS = {Kind.PHONE: 20, Kind.ID_NUMBER: 30, Kind.CREDIT_CODE: 30}  # spaces and hyphens too
_PATTERNS = {Kind.DATE: r"\d{4}-\d{2}-\d{2}", Kind.MONTH: r"\d{4}-(0[1-9]|1[0-2])"}


def stored(service: Service, values: Mapping[str, Any]) -> dict[str, Any]:
    """The service's values out of `values`, in the form in which they are stored and compared.

    Texts lose the spaces and invisible characters around them, identifiers are put right
    (`core.identifiers`). Values of the wrong type and keys that the service does not know are left
    out; what is too long stays as it was typed.
    """
    form: dict[str, Any] = {}
    for field in service.fields:
        value = normal(field, values.get(field.key))
        if value is not None:
            form[field.key] = value
    return form


def normal(field: Field, value: Any) -> Any:
    """`value` as it is stored; None when it is of the wrong type."""
    if field.kind is Kind.OPTIONS:
        return value if isinstance(value, list) else None
    if field.kind is Kind.NUMBER:
        return value if isinstance(value, int | float) else None
    if not isinstance(value, str):
        return None
    # What is too long is not looked at: it is refused as it is.
    put_right = str.strip if len(value) > longest(field) else _PUT_RIGHT.get(field.kind)
    return (put_right or typed.trimmed)(value)


_PUT_RIGHT: Mapping[Kind, Callable[[str], str]] = {
    Kind.ID_NUMBER: identifiers.normalise_id,
    Kind.CREDIT_CODE: identifiers.normalise_credit_code,
    Kind.PHONE: identifiers.normalise_phone,
    Kind.LONG_TEXT: str.strip,
}


def demanded(field: Field) -> bool:
    """Whether a form without a value for `field` is incomplete.

    What the filer believes the register holds never is: the register speaks for itself.
    """
    return field.required and field.subject is not Subject.REGISTRATION


def longest(field: Field) -> int:
    """How many characters a text may have, as it is typed and as it is stored."""
    most = _LENGTHS.get(field.kind, field.max_length)
    return most if field.kind in _LENGTHS else min(most, room(field.key) or most)


def highest(field: Field) -> int:
    """The largest number that a field takes."""
    return field.highest


def pattern_of(field: Field) -> str | None:
    """Regular expression that a text must match; an optional date may also be empty."""
    if field.kind in _PATTERNS:
        pattern = _PATTERNS[field.kind]
        return f"^{pattern}$" if field.required else f"^({pattern})?$"
    if field.pattern and field.pattern_blocks:
        return field.pattern
    return r"\S" if field.required else None


def keys_of(field: Field) -> list[str]:
    """The values a field is chosen from; empty when it is not chosen."""
    if field.kind is Kind.YES_NO:
        return ["yes", "no"]
    return [option.key for option in field.options]


def province_of(form: Mapping[str, Any]) -> str | None:
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
