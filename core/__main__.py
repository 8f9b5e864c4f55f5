"""Command line: `python -m core COMMAND`. See README, "Command line"."""

from __future__ import annotations

import os
import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Until a command runs there is nothing to undo, and no module that could be left half-read.
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn, cast

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from core import catalogue, clock, db
from core.audit import upgrade
from core.commandline import accounts, channels, history, progress, published, streams
from core.commandline.options import Options, a_path
from core.config import Unusable, settings, stated_language
from core.errors import CoreError
from core.intake import command, schema
from core.jobs import lapses
from core.procedures import PROCEDURES
from core.text import LANGUAGES, Language, Text
from core.workdays import calendars, counting
from core.workflow import diagram

DOCS = Path(__file__).parent.parent / "docs"
SCHEMA_FILE = DOCS / "packet.schema.json"
DIAGRAM_FILE = DOCS / "workflow.md"

# Commands that make the schema or need none; every other one is refused without it.
_WITHOUT_SCHEMA = frozenset({"init", "demo", "schema", "docs", "deadline"})

ABOUT = Text("执业注册审批工作台 · 命令行", "RegDesk command line")
LANG = Text("输出语言（默认取 REGDESK_LANGUAGE）", "language (default: REGDESK_LANGUAGE)")
WRONG_USE = Text("命令有误：{why}", "Wrong use: {why}")
NOT_A_DATE = Text(
    "“{value}”不是可用的日期，应如 2026-03-02",
    "“{value}” is no date that can be used, such as 2026-03-02",
)
NOT_A_MOMENT = Text(
    "“{value}”不是可用的时间，应如 2026-03-02T09:30:00+08:00",
    "“{value}” is no moment that can be used, such as 2026-03-02T09:30:00+08:00",
)
NOT_A_COUNT = Text("“{value}”不是不小于 0 的整数", "“{value}” is not a whole number of 0 or more")
NOT_SOME = Text("“{value}”不是不小于 1 的整数", "“{value}” is not a whole number of 1 or more")
MIGRATED = Text("数据库已就绪。", "The database is ready.")
WRITTEN = Text("已写入 {path}", "Written: {path}")
NOT_TEXT = Text("参数“{value}”不是有效的 UTF-8 文字", "the argument “{value}” is no text in UTF-8")
FILE_TROUBLE = Text("无法读写 {file}：{why}", "{file} cannot be read or written: {why}")
OUTPUT = Text("输出", "the output")
DATABASE_TROUBLE = Text(
    "数据库无法使用，未作改动：{why}", "The database cannot be used; nothing was changed: {why}"
)
YEARS = (1900, 2199)
"""Between these every day can be calculated with; nothing that the desk knows lies outside."""
EXPIRED = Text("注册有效期满", "Registrations expired")
SKIPPED = Text("未能处理", "Not possible now")


class NotReady(CoreError):
    text = Text(
        "数据库尚未建立或版本不符，请先运行 python -m core init。",
        "The database is not set up or of another version; run python -m core init first.",
    )


def _asked(arguments: Sequence[str]) -> Language | None:
    """The language asked for, needed before the arguments are read."""
    for index, argument in enumerate(arguments):
        value = argument.removeprefix("--lang=")
        if argument == "--lang" and index + 1 < len(arguments):
            value = arguments[index + 1]
        if value in LANGUAGES and argument.startswith("--lang"):
            return value
    return None


class Parser(argparse.ArgumentParser):
    """Argument parser that says in the chosen language what is wrong."""

    language: Language = "zh"

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, streams.visible(WRONG_USE(self.language, why=message)) + "\n")


def _day(value: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = date.min
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise argparse.ArgumentTypeError(NOT_A_DATE(Parser.language, value=value))
    return day


def _moment(value: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        at = datetime.min  # noqa: DTZ901 never used, only refused
    if not YEARS[0] <= at.year <= YEARS[1]:
        raise argparse.ArgumentTypeError(NOT_A_MOMENT(Parser.language, value=value))
    return (at if at.tzinfo else at.replace(tzinfo=clock.CHINA)).astimezone(UTC)


def _count(value: str) -> int:
    if not value.isdecimal() or len(value) > 9:
        raise argparse.ArgumentTypeError(NOT_A_COUNT(Parser.language, value=value))
    return int(value)


def _some(value: str) -> int:
    if (count := _count(value)) == 0:
        raise argparse.ArgumentTypeError(NOT_SOME(Parser.language, value=value))
    return count


def init(_options: Options, language: Language) -> int:
    """Bring the database to the newest schema."""
    db.migrate(settings().database_url)
    upgrade.take_over(clock.now())
    print(MIGRATED(language))
    return 0


def demo(options: Options, language: Language) -> int:
    """Load invented sample data; needs the schema and makes it."""
    db.migrate(settings().database_url)
    upgrade.take_over(clock.now())
    loader = importlib.import_module("core.demo.load")
    told: Text = loader.load(
        cases=options.cases,
        seed=options.seed,
        start=options.start,
        if_empty=options.if_empty,
        report=progress.Progress(sys.stderr),
    )
    print(told(language))
    history.remember(language)
    return 0


def intake(options: Options, language: Language) -> int:
    """Take filings in that were made elsewhere."""
    if options.report is not None:
        _try_writing(options.report)
    summary, code = command.take_in(
        options.source,
        now=clock.now(),
        language=language,
        report_to=options.report,
        err=sys.stderr,
    )
    print(summary)
    history.remember(language)
    return code


def _try_writing(path: Path) -> None:
    """Find out before the work whether a file can be written after it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = not path.exists()
    path.open("ab").close()
    if new:
        path.unlink()


def quarantine(options: Options, language: Language) -> int:
    """List the packets that could not be taken in, or try them again."""
    if not options.retry:
        print(command.held(language))
        return 0
    summary, code = command.retry(now=clock.now(), language=language, err=sys.stderr)
    print(summary)
    return code


def packet_schema(options: Options, language: Language) -> int:
    """Print the JSON Schema of packets, or write it to a file."""
    if options.out is None:
        sys.stdout.write(schema.text_of(schema.packet_schema(catalogue.current())))
        return 0
    schema.write(options.out, catalogue.current())
    print(WRITTEN(language, path=options.out))
    return 0


def docs(_options: Options, language: Language) -> int:
    """Write every generated document anew."""
    schema.write(SCHEMA_FILE, catalogue.current())
    print(WRITTEN(language, path=SCHEMA_FILE))
    DIAGRAM_FILE.write_text(diagram.document(PROCEDURES.values()), encoding="utf-8")
    print(WRITTEN(language, path=DIAGRAM_FILE))
    return 0


def deadline(options: Options, language: Language) -> int:
    """Print the day on which a period of working days ends; 2 without a published calendar.

    By the calendar in the database; without one, by the package's.
    """
    if db.ready():
        with db.reading() as session:
            calendars.sync(session)
    try:
        print(counting.add_working_days(options.date, options.days).isoformat())
    except counting.CalendarGap as error:
        print(error.message(language), file=sys.stderr)
        return 2
    return 0


def tick(options: Options, language: Language) -> int:
    """Take every lapse that is due and end expired registrations."""
    done = lapses.tick(options.at or clock.now())
    history.remember(language)
    labels = {
        action.value: label
        for procedure in PROCEDURES.values()
        for action, label in procedure.actions.items()
    }
    for action, count in done.taken.items():
        print(f"{count:>8}  {labels[action](language)}")
    print(f"{done.expired:>8}  {EXPIRED(language)}")
    print(f"{len(done.refused):>8}  {SKIPPED(language)}")
    for subject, error in done.refused:
        print(f"          {subject}: {error.message(language)}")
    return 0


def _parser(language: Language) -> Parser:
    Parser.language = language
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=LANG(language))
    parser = Parser(prog="python -m core", description=ABOUT(language), parents=[common])
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(
        name: str, run: Callable[[Options, Language], int], zh: str, en: str, into: object = None
    ) -> argparse.ArgumentParser:
        words = Text(zh, en)(language)
        group = into or commands
        made = group.add_parser(name, help=words, description=words, parents=[common])  # type: ignore[attr-defined]
        made.set_defaults(run=run)
        return cast("argparse.ArgumentParser", made)

    add("init", init, "建立或升级数据库", "set up or upgrade the database")
    made = add("demo", demo, "装入演示数据", "load sample data")
    made.add_argument("--cases", type=_some, default=1000, metavar="N")
    made.add_argument("--seed", type=_count, default=1, metavar="S")
    made.add_argument("--start", type=_day, metavar="DATE")
    made.add_argument("--if-empty", action="store_true")
    made = add("intake", intake, "导入外部申报数据包", "take in filings made elsewhere")
    made.add_argument("source", type=a_path, metavar="FOLDER_OR_ZIP")
    made.add_argument("--report", type=a_path, metavar="FILE.json|FILE.txt")
    zh, en = "列出或重试被隔离的数据包", "list or retry packets in quarantine"
    made = add("quarantine", quarantine, zh, en)
    made.add_argument("--retry", action="store_true")
    made = add("schema", packet_schema, "输出数据包 JSON Schema", "JSON Schema of packets")
    made.add_argument("--out", type=a_path, metavar="FILE")
    add("docs", docs, "重新生成文档", "write the generated documents anew")
    made = add("deadline", deadline, "计算工作日期限", "the day N working days after DATE")
    made.add_argument("date", type=_day, metavar="DATE")
    made.add_argument("days", type=_count, metavar="N")
    made = add("tick", tick, "处理到期事项", "act on every time limit that has run out")
    made.add_argument("--at", type=_moment, metavar="ISO")
    history.add_commands(add, language)
    accounts.add_commands(add, language)
    published.add_commands(add, language)
    channels.add_commands(add, language)
    return parser


def _read(parser: Parser, given: Sequence[str]) -> Options:
    """The arguments, read; what is no text goes only where a path is wanted."""
    options = parser.parse_args(given)
    for value in vars(options).values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str) and any("\ud800" <= each <= "\udfff" for each in part):
                parser.error(NOT_TEXT(parser.language, value=part))
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Refusals are told in words, without a traceback."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    streams.prepare()
    language = _asked(given) or stated_language()
    try:
        options = _read(_parser(language), given)
        settings()
        if options.command not in _WITHOUT_SCHEMA and not db.ready():
            db.version()  # one that does not answer is another thing, and told as such
            raise NotReady
        code = cast("int", options.run(options, language))
        sys.stdout.flush()
    except CoreError as error:
        return _told(error.message(language), 2 if isinstance(error, Unusable) else 1)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has enough of it; there is nobody left to tell.
        streams.give_up_output()
        return 0
    except OSError as error:
        streams.give_up_output()
        file = error.filename if isinstance(error.filename, str) else OUTPUT
        return _told(FILE_TROUBLE(language, file=file, why=error.strerror or error), 1)
    except (SQLAlchemyError, CommandError) as error:
        why = str(getattr(error, "orig", None) or error).strip().splitlines()
        return _told(DATABASE_TROUBLE(language, why=why[0] if why else type(error).__name__), 1)
    return code


def _told(words: str, code: int) -> int:
    print(streams.visible(words), file=sys.stderr)
    return code


if __name__ == "__main__":
    if callable(signal.getsignal(signal.SIGINT)):
        signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.exit(main())
