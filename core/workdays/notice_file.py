"""A holiday notice as a file: CSV with the columns `day` and `kind`, one row a day."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date

from core.errors import CoreError
from core.text import Text
from core.workdays.counting import Notice

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


class NoticeDayTwice(CoreError):
    text = Text("第{line}行的{day}在前面已经出现。", "Line {line}: {day} stood on a line before.")


def read(lines: Iterable[str]) -> Notice:
    """The notice in the lines of a CSV file; empty lines and further columns are passed over.

    Raises NoticeColumns, NoticeEmpty, NoticeLine and NoticeDayTwice, naming the line from 1.
    """
    reader = csv.DictReader(line.lstrip("\ufeff") for line in lines)
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
    if not {"day", "kind"} <= set(reader.fieldnames):
        raise NoticeColumns
    kinds: dict[date, str] = {}
    for row in reader:
        day_word, kind = ((row[key] or "").strip() for key in ("day", "kind"))
        try:
            day = date.fromisoformat(day_word)
        except ValueError:
            day = None
        if day is None or kind not in {REST, WORK}:
            raise NoticeLine(line=reader.line_num, value=f"{day_word},{kind}")
        if day in kinds:
            raise NoticeDayTwice(line=reader.line_num, day=day.isoformat())
        kinds[day] = kind
    if not kinds:
        raise NoticeEmpty
    return Notice(
        frozenset(day for day, kind in kinds.items() if kind == REST),
        frozenset(day for day, kind in kinds.items() if kind == WORK),
    )
