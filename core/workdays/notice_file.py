"""A holiday notice as a file: CSV with the columns `day` and `kind`, one row a day."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date

from core.errors import CoreError
from core.text import Text
from core.typed import shown
from core.workdays.counting import Notice

MAX_LINES = 1_000
"""A year has 366 days; the rest is for empty lines."""
REST, WORK = "rest", "work"
"""Kinds of day: off by the notice, and a weekend day worked in exchange (调休上班日)."""


class NoticeColumns(CoreError):
    text = Text(
        "文件第一行须为列名 day,kind。",
        "The first line of the file must name the columns day,kind.",
    )


class NoticeEmpty(CoreError):
    text = Text("文件中没有日期。", "The file holds no days.")


class NoticeLine(CoreError):
    """A line that cannot be read."""

    text = Text(
        "第{line}行有误：“{value}”。应为日期（如 2027-01-01）和 rest（休息）或 work（上班）。",
        "Line {line} cannot be read: “{value}”. It should be a date such as 2027-01-01, and rest "
        "or work.",
    )


class NotAList(CoreError):
    """A file that is no CSV, or one with a field longer than any."""

    text = Text(
        "第{line}行附近无法作为 CSV 读取（引号不成对，或内容过长）。",
        "Near line {line} the file cannot be read as CSV: quotes that do not close, or too long.",
    )


class NoticeTooLong(CoreError):
    text = Text(
        "文件超过 {most} 行，不是一年的放假调休安排。",
        "The file has more than {most} lines; it is no year's notice.",
    )


class NoticeDayTwice(CoreError):
    text = Text("第{line}行的{day}在前面已经出现。", "Line {line}: {day} stood on a line before.")


def read(lines: Iterable[str]) -> Notice:
    """The notice in the lines of a CSV file; empty lines and further columns are passed over.

    Raises NoticeColumns, NoticeEmpty, NoticeLine, NoticeDayTwice, NotAList and NoticeTooLong; lines
    are counted from 1.
    """
    kinds: dict[date, str] = {}
    reader = csv.DictReader(_bounded(lines))
    try:
        _read(reader, kinds)
    except csv.Error as error:
        raise NotAList(line=reader.line_num + 1) from error
    if not kinds:
        raise NoticeEmpty
    return Notice(
        frozenset(day for day, kind in kinds.items() if kind == REST),
        frozenset(day for day, kind in kinds.items() if kind == WORK),
    )


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number >= MAX_LINES:
            raise NoticeTooLong(most=MAX_LINES)
        yield line.lstrip("\ufeff")


def _read(reader: csv.DictReader[str], kinds: dict[date, str]) -> None:
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    if not {"day", "kind"} <= set(reader.fieldnames):
        raise NoticeColumns
    for row in reader:
        day_word, kind = ((row[key] or "").strip() for key in ("day", "kind"))
        try:
            day = date.fromisoformat(day_word)
        except ValueError:
            day = None
        if day is None or kind not in {REST, WORK}:
            raise NoticeLine(line=reader.line_num, value=shown(f"{day_word},{kind}"))
        if day in kinds:
            raise NoticeDayTwice(line=reader.line_num, day=day.isoformat())
        kinds[day] = kind
