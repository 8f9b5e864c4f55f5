"""A packet as text, as data, and as a filing that is ready to be taken in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from core.clock import CHINA
from core.files.images import ImageFacts
from core.filing.wording import shown
from core.intake.problems import Problem
from core.text import Text, filled
from core.vocabulary.cases import Channel

MAX_JSON = 1024 * 1024

NOT_UTF8 = Text("JSON 文件不是 UTF-8 编码。", "The JSON file is not in UTF-8.")
NOT_JSON = Text(
    "不是有效的 JSON：第 {line} 行第 {column} 列附近有误。",
    "Not valid JSON: something is wrong near line {line}, column {column}.",
)
TWICE = Text("键“{key}”出现了两次。", "The key “{key}” occurs twice.")
CONTROL = Text("含有不可见的控制字符。", "It holds invisible control characters.")
ONCE = Text("每个键只写一次", "each key once")
WELL_FORMED = Text("一个 JSON 对象，UTF-8 编码", "one JSON object in UTF-8")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a packet, read and found good."""

    kind: str
    filename: str
    data: bytes
    facts: ImageFacts


@dataclass(frozen=True, slots=True)
class Filing:
    """A packet that passed every check; `form` holds the service's fields by key, normalised."""

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


def parse(raw: bytes) -> tuple[Any, list[Problem]]:
    """The data of a JSON file, or None and what is wrong with it as JSON."""
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
    return data, [*_repeated(text), *_controls(data, "$")]


def _repeated(text: str) -> list[Problem]:
    found: list[Problem] = []

    def pairs(items: list[tuple[str, Any]]) -> None:
        keys = [key for key, _ in items]
        found.extend(
            Problem("$", filled(TWICE, key=shown(key)), ONCE)
            for key in dict.fromkeys(keys)
            if keys.count(key) > 1
        )

    try:
        json.loads(text, object_pairs_hook=pairs)
    except RecursionError:
        return [Problem("$", filled(NOT_JSON, line=1, column=1), WELL_FORMED)]
    return found


def _controls(data: Any, path: str) -> Iterator[Problem]:
    """Texts with characters that no form shows and PostgreSQL does not store."""
    if isinstance(data, str):
        if any(ord(letter) < 0x20 and letter not in "\t\r\n" for letter in data):
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
