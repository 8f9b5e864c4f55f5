"""A packet as text, as data, and as a filing that is ready to be taken in."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from core.clock import CHINA
from core.files.images import ImageFacts
from core.intake import limits
from core.intake.problems import Problem
from core.text import Text, filled
from core.typed import shown
from core.vocabulary.cases import Channel

NOT_UTF8 = Text("JSON 文件不是 UTF-8 编码。", "The JSON file is not in UTF-8.")
NOT_JSON = Text(
    "不是有效的 JSON：第 {line} 行第 {column} 列附近有误。",
    "Not valid JSON: something is wrong near line {line}, column {column}.",
)
TWICE = Text("键“{key}”出现了两次。", "The key “{key}” occurs twice.")
CONTROL = Text("含有不可见的控制字符。", "It holds invisible control characters.")
ONCE = Text("每个键只写一次", "each key once")
TOO_MANY_VALUES = Text(
    "数据包有 {most} 个以上的值，未再检查。",
    "The packet holds more than {most} values; it was not looked at any further.",
)
TOO_MANY_ITEMS = Text(
    "数据包中有一个列表或对象的条目超过 {most} 项，未再检查。",
    "A list or an object of the packet has more than {most} entries; it was not looked at any "
    "further.",
)
TOO_DEEP = Text(
    "数据包的嵌套超过 {most} 层，未再检查。",
    "The packet is nested more than {most} deep; it was not looked at any further.",
)
WELL_FORMED = Text("一个 JSON 对象，UTF-8 编码", "one JSON object in UTF-8")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a packet, read and found good. load: reads it again, to be kept."""

    kind: str
    filename: str
    facts: ImageFacts
    load: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Filing:
    """A packet that passed every check; `form` holds the service's fields by key, normalised.

    signed_by: name of the channel's key, None where it came unsigned.
    """

    key: str
    digest: str
    channel: Channel
    profession: str
    business: str
    specialties: tuple[str, ...]
    filed_at: datetime
    reported_at: datetime
    received_at: datetime
    form: Mapping[str, Any]
    promise: bool
    conditions: tuple[int, ...]
    pictures: tuple[Picture, ...]
    signed_by: str | None = None


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def parse(raw: bytes) -> tuple[Any, list[Problem]]:
    """The data of a JSON file, or None and what is wrong with it as JSON.

    What is larger, or nested deeper, than any packet is refused before anything else looks at it.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None, [Problem("$", NOT_UTF8, WELL_FORMED)]
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        what = filled(NOT_JSON, line=error.lineno, column=error.colno)
        return None, [Problem("$", what, WELL_FORMED)]
    beyond = _beyond(data)
    if beyond is not None:
        return None, [Problem("$", beyond)]
    return data, [*_repeated(text), *_controls(data, "$")]


def _beyond(data: Any) -> Text | None:
    """Which limit `data` breaks, if any; no recursion, and looked at no further than needed."""
    waiting, values = [(data, 1)], 0
    while waiting:
        value, depth = waiting.pop()
        values += 1
        if values > limits.MAX_VALUES:
            return filled(TOO_MANY_VALUES, most=limits.MAX_VALUES)
        if not isinstance(value, dict | list):
            continue
        if depth > limits.MAX_DEPTH:
            return filled(TOO_DEEP, most=limits.MAX_DEPTH)
        if len(value) > limits.MAX_ITEMS:
            return filled(TOO_MANY_ITEMS, most=limits.MAX_ITEMS)
        inner = value.values() if isinstance(value, dict) else value
        waiting.extend((item, depth + 1) for item in inner)
    return None


def _repeated(text: str) -> list[Problem]:
    """Keys that occur twice in one object; `text` is known to be JSON, and not deep."""
    found: list[Problem] = []

    def pairs(items: list[tuple[str, Any]]) -> None:
        counts = Counter(key for key, _ in items)
        found.extend(
            Problem("$", filled(TWICE, key=shown(key)), ONCE)
            for key, count in counts.items()
            if count > 1
        )

    try:
        # Numbers stay text: making one of a million digits takes the library minutes.
        json.loads(text, object_pairs_hook=pairs, parse_int=str, parse_float=str)
    except RecursionError:
        # Deep inside a key that occurs again, so that its value is not in the data.
        return [Problem("$", filled(TOO_DEEP, most=limits.MAX_DEPTH))]
    return found


def _controls(data: Any, path: str) -> Iterator[Problem]:
    """Texts with characters that no form shows and PostgreSQL does not store."""
    if isinstance(data, str):
        if _CONTROLS.search(data):
            yield Problem(path, CONTROL)
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _controls(value, f"{path}.{shown(key)}")
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _controls(value, f"{path}[{index}]")


def moment(value: str) -> datetime | None:
    """A moment of a packet, in UTC; China time unless it names a zone. None for no moment."""
    try:
        at = datetime.fromisoformat(value)
        at = (at if at.tzinfo else at.replace(tzinfo=CHINA)).astimezone(UTC)
        at.astimezone(CHINA)  # at the edge of the calendar there is no day in China
    except (ValueError, OverflowError):
        return None
    return at


def digest_of(data: Any, hashes: list[str]) -> str:
    """SHA-256 over the data (however the JSON is laid out) and the hashes of the listed files."""
    body = orjson.dumps([data, hashes], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(body).hexdigest()
