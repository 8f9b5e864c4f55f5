"""`python -m core calendar …`: the published calendars of working days, by the system itself."""

from __future__ import annotations

import argparse
import re

from core import clock, db
from core.access.actors import SYSTEM
from core.commandline.options import Add, Options, a_path
from core.errors import CoreError
from core.text import Language, Text
from core.workdays import calendars, notice_file

YEAR = Text(
    "{year}  休息 {rest:>2} 天  上班 {work:>2} 天  {source}  {by}  {at}",
    "{year}  {rest:>2} days off  {work:>2} worked  {source}  {by}  {at}",
)
LOADED = Text(
    "已录入 {year} 年：休息 {rest} 天，上班 {work} 天。已经算出的期限不重算。",
    "{year} is entered: {rest} days off, {work} worked. Due dates already set stay as they are.",
)
FROM = Text("来源（如国办发明电文号）", "where it was published, such as the notice's number")


TOO_LONG = Text("超过 1 MB", "it has more than 1 MB")
MAX_CHARACTERS = 1024 * 1024


class FileUnreadable(CoreError):
    text = Text("无法读取文件 {file}：{why}", "The file {file} cannot be read: {why}")


def show(_options: Options, language: Language) -> int:
    """List the years with their sources."""
    with db.reading() as session:
        for item in calendars.years(session):
            print(
                YEAR(
                    language,
                    year=item.year,
                    rest=len(item.holidays),
                    work=len(item.make_up_days),
                    source=item.source,
                    by=item.loaded_by_name,
                    at=clock.written(item.loaded_at),
                )
            )
    return 0


def load(options: Options, language: Language) -> int:
    """Enter or replace a year."""
    try:
        with options.file.open(encoding="utf-8-sig") as file:
            content = file.read(MAX_CHARACTERS + 1)
        if len(content) > MAX_CHARACTERS:
            raise FileUnreadable(file=options.file, why=TOO_LONG)
        lines = content.splitlines()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise FileUnreadable(file=options.file, why=why) from error
    notice = notice_file.read(lines)
    db.run(
        calendars.load_year,
        SYSTEM,
        options.year,
        notice.rest,
        notice.work,
        source=options.source,
        now=clock.now(),
    )
    print(LOADED(language, year=options.year, rest=len(notice.rest), work=len(notice.work)))
    return 0


def _year(value: str) -> int:
    if not re.fullmatch("(19|20|21)[0-9]{2}", value):
        raise argparse.ArgumentTypeError(value)
    return int(value)


def add_commands(add: Add, language: Language) -> None:
    """Add `calendar` and its verbs to the command line."""
    group = add("calendar", show, "放假调休安排", "calendars of working days").add_subparsers(
        dest="verb", metavar="VERB", required=True
    )
    add("list", show, "列出各年安排及来源", "list the years with their sources", group)
    zh = "录入或更正一年的安排（CSV，列为 day,kind；kind 为 rest 或 work）"
    en = "enter or correct a year from a CSV with the columns day,kind (rest or work)"
    made = add("load", load, zh, en, group)
    made.add_argument("year", type=_year, metavar="YEAR")
    made.add_argument("file", type=a_path, metavar="FILE")
    made.add_argument("--source", required=True, metavar="TEXT", help=FROM(language))
