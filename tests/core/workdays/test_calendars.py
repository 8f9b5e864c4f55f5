"""The calendar is the database's: every process counts by it, whoever entered it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import Engine, event, select

from core import db
from core.__main__ import main
from core.access.actors import SYSTEM, Actor
from core.access.permissions import GRANTS, Permission
from core.audit import history
from core.errors import CoreError, NotPermitted
from core.model import Event
from core.vocabulary.roles import Role
from core.workdays import calendars, counting, notice_file
from core.workdays.counting import DueDate

NOW = datetime(2026, 11, 6, 2, 0, tzinfo=UTC)
SOURCE = "演示发明电〔2026〕1号"
REST = [date(2027, 2, 5) + timedelta(days=n) for n in range(7)]
WORK = [date(2027, 2, 14)]
START = date(2027, 2, 3)
PROVISIONAL = DueDate(date(2027, 2, 10), provisional=True)
EXACT = DueDate(date(2027, 2, 16), provisional=False)
Capture = pytest.CaptureFixture[str]


def new_process() -> None:
    """Stand where a process stands that has just been started."""
    counting.install(counting.PACKAGED)
    calendars._installed = None
    calendars._looked_at = float("-inf")


@pytest.fixture(autouse=True)
def own_process() -> Iterator[None]:
    new_process()
    yield
    new_process()


def load(
    year: int = 2027,
    rest: list[date] = REST,
    work: list[date] = WORK,
    *,
    actor: Actor = SYSTEM,
    source: str = SOURCE,
) -> None:
    with db.transaction() as session:
        calendars.load_year(session, actor, year, rest, work, source=source, now=NOW)


def sync() -> None:
    with db.reading() as session:
        calendars.sync(session)


def statements(engine: Engine) -> list[str]:
    seen: list[str] = []
    event.listen(
        engine, "before_cursor_execute", lambda _c, _k, statement, *_: seen.append(statement)
    )
    return seen


def test_a_new_database_knows_the_years_of_the_package_and_says_so(engine: Engine) -> None:
    with db.reading() as session:
        found = calendars.years(session)
    assert {row.year: (set(row.holidays), set(row.make_up_days)) for row in found} == {
        year: (notice.rest, notice.work) for year, notice in counting.PACKAGED.items()
    }
    assert {row.loaded_by_name for row in found} == {"系统"}
    assert all(row.source.startswith("chinesecalendar ") for row in found)
    assert all(row.loaded_at.tzinfo is not None for row in found)


def test_the_seeded_table_counts_like_the_package(engine: Engine) -> None:
    before = counting._current
    sync()
    assert counting._current == before


def test_a_year_is_provisional_until_it_is_loaded(engine: Engine) -> None:
    sync()
    assert counting.due_date(START, 5) == PROVISIONAL
    load()
    sync()
    assert counting.due_date(START, 5) == EXACT
    assert counting.published_until() == 2027


def test_a_year_loaded_by_one_process_is_seen_by_another_and_by_one_started_later(
    engine: Engine,
) -> None:
    load()
    new_process()
    assert counting.due_date(START, 5) == PROVISIONAL, "nothing in memory speaks of 2027"
    with db.transaction() as session:
        calendars.sync(session)
    assert counting.due_date(START, 5) == EXACT
    answer = subprocess.run(
        [sys.executable, "-m", "core", "deadline", START.isoformat(), "5"],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.stdout, answer.stderr) == (f"{EXACT.day}\n", "")


def test_a_correction_made_at_the_same_moment_is_seen_too(engine: Engine) -> None:
    load()
    sync()
    load(rest=REST[:5])
    sync()
    assert counting.is_working_day(REST[-1] - timedelta(days=1))
    assert not counting.is_working_day(date(2026, 10, 1)), "other years keep their own notice"


def test_what_is_not_committed_is_nobodys_calendar(engine: Engine) -> None:
    sync()

    class Undone(Exception):
        pass

    def fails() -> None:
        with db.transaction() as session:
            calendars.load_year(session, SYSTEM, 2027, REST, WORK, source=SOURCE, now=NOW)
            calendars.sync(session)
            raise Undone

    with pytest.raises(Undone):
        fails()
    assert counting.published_until() == 2026
    load(rest=REST[:5])
    sync()
    assert counting.is_working_day(REST[-1] - timedelta(days=1))


def test_keeping_up_costs_one_statement_a_transaction(engine: Engine) -> None:
    sync()
    seen = statements(engine)
    with db.transaction() as session:
        calendars.sync(session)
        calendars.sync(session)
    assert len([words for words in seen if "calendar_years" in words]) == 1


def test_reads_look_every_ten_seconds_at_most(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = 1000.0
    monkeypatch.setattr(calendars.time, "monotonic", lambda: at)
    calendars.keep_current()
    load()
    seen = statements(engine)
    at += calendars.LOOK_EVERY - 0.1
    calendars.keep_current()
    assert seen == []
    assert counting.due_date(START, 5) == PROVISIONAL
    at += 0.2
    calendars.keep_current()
    assert counting.due_date(START, 5) == EXACT


def test_years_are_loaded_without_leaving_a_gap(engine: Engine) -> None:
    with pytest.raises(counting.CalendarOutOfOrder) as caught:
        load(2028, [date(2028, 1, 3)], [])
    assert caught.value.values == {"year": 2028, "missing": 2027}
    with pytest.raises(counting.CalendarGap):
        load(2003, [], [])
    load()
    new_process()
    load(2028, [date(2028, 1, 3)], [])
    sync()
    assert counting.published_until() == 2028, "the order is that of the database"


@pytest.mark.parametrize(
    ("error", "rest", "source"),
    [
        (counting.CalendarDayUnusable, [date(2028, 1, 1)], SOURCE),
        (calendars.CalendarSourceMissing, REST, "  "),
        (calendars.CalendarSourceMissing, REST, "字" * 201),
    ],
)
def test_an_unsound_year_changes_nothing(
    engine: Engine, error: type[CoreError], rest: list[date], source: str
) -> None:
    with pytest.raises(error):
        load(rest=rest, source=source)
    sync()
    assert counting.published_until() == 2026
    with db.reading() as session:
        assert session.scalars(select(Event)).all() == []


def test_loading_is_in_the_history_with_what_stood_before(engine: Engine) -> None:
    load()
    load(rest=REST[:5], source="演示发明电〔2026〕2号")
    with db.reading() as session:
        first, second = session.scalars(select(Event).order_by(Event.id)).all()
        assert not list(history.verify(session))
        year = calendars.years(session)[-1]
    assert (first.action, first.subject, first.actor_name) == (
        "load_calendar",
        "calendar:2027",
        "系统",
    )
    assert '"before":null' in first.detail
    assert first.detail.split('"after":')[1].split("},")[0] in second.detail
    assert (year.source, year.loaded_by_name, year.loaded_at) == (
        "演示发明电〔2026〕2号",
        "系统",
        NOW,
    )


def test_only_administrators_and_the_system_enter_calendars(engine: Engine) -> None:
    may = {role for role, held in GRANTS.items() if Permission.CALENDAR_MANAGE in held}
    assert may == {Role.ADMIN, Role.SYSTEM}
    with pytest.raises(NotPermitted):
        load(actor=Actor(None, "审查员", frozenset({Role.REVIEWER, Role.SUPERVISOR})))


# --- command line --------------------------------------------------------------------------------


def test_the_command_line_loads_a_file_and_lists_the_years(
    engine: Engine, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "2027.csv"
    lines = [f"{day},rest" for day in REST] + [f"{day}, work" for day in WORK]
    file.write_text("\ufeffday,kind\r\n" + "\r\n".join(lines) + "\r\n\r\n", encoding="utf-8")
    assert main(["calendar", "load", "2027", str(file), "--source", SOURCE]) == 0
    assert "休息 7 天，上班 1 天" in capsys.readouterr().out
    assert main(["calendar", "list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert len(listed) == len(counting.PACKAGED) + 1
    assert SOURCE in listed[-1]
    assert "系统" in listed[-1]
    assert main(["deadline", START.isoformat(), "5"]) == 0
    assert capsys.readouterr().out == f"{EXACT.day}\n"


@pytest.mark.parametrize(
    ("content", "zh", "en"),
    [
        (b"2027-01-01,rest\n", "列名 day,kind", "the columns day,kind"),
        (b"", "列名 day,kind", "the columns day,kind"),
        (b"day,kind\n", "没有日期", "holds no days"),
        (b"day,kind\n2027-01-01,rest\n2027-02-30,rest\n", "第3行", "Line 3"),
        (b"day,kind\n2027-01-01,holiday\n", "2027-01-01,holiday", "2027-01-01,holiday"),
        (b"day,kind\n2027-01-01\n", "第2行", "Line 2"),
        (b"day,kind\n2027-01-01,rest\n2027-01-01,work\n", "已经出现", "stood on a line before"),
        (b"day,kind\n2029-01-01,rest\n", "2029-01-01", "2029-01-01"),
        ("day,kind\n休".encode("gbk"), "无法读取", "cannot be read"),
        (None, "无法读取", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_words(
    sqlite_url: str, tmp_path: Path, capsys: Capture, content: bytes | None, zh: str, en: str
) -> None:
    engine = db.connect(sqlite_url)
    db.use(engine)
    file = tmp_path / "year.csv"
    if content is not None:
        file.write_bytes(content)
    try:
        for language, words in (("zh", zh), ("en", en)):
            asked = ["--lang", language, "calendar", "load", "2027", str(file), "--source", SOURCE]
            assert main(asked) == 1
            assert words in capsys.readouterr().err
    finally:
        db.use(None)
        engine.dispose()


def test_lines_are_counted_as_in_the_file() -> None:
    with pytest.raises(notice_file.NoticeLine) as caught:
        notice_file.read(["kind,day,name", "rest,2027-01-01,元旦", "", "rest,x"])
    assert caught.value.values["line"] == 4


def test_the_command_for_deadlines_needs_no_database_and_makes_none(
    data_folder: Path, capsys: Capture
) -> None:
    assert main(["deadline", "2026-09-30", "5"]) == 0
    assert capsys.readouterr().out == "2026-10-13\n"
    assert not (data_folder / "regdesk.db").exists()


HOSTILE_FILES = [
    "day,kind\n2027-01-01," + "x" * 200_000,
    "x" * 200_000,
    'day,kind\n"2027-01-01,rest\n' + "x" * 200_000,
    "day,kind\n" + "\n" * 2_000,
    "day,kind\n2027-01-01,rest\x00",
    "day,kind\n\u202e2027-01-01,rest",
    "day,day\n2027-01-01,rest",
    "day,kind\n2027-01-01",
    "",
]


@pytest.mark.parametrize("content", HOSTILE_FILES, ids=range(len(HOSTILE_FILES)))
def test_any_file_is_a_notice_or_told_in_words(
    engine: Engine, tmp_path: Path, capsys: Capture, content: str
) -> None:
    (tmp_path / "2027.csv").write_text(content, encoding="utf-8")
    arguments = ["calendar", "load", "2027", str(tmp_path / "2027.csv"), "--source", SOURCE]
    assert main(["--lang", "en", *arguments]) == 1
    told = capsys.readouterr().err
    assert told.strip()
    assert len(told) < 300


@given(
    st.lists(st.text(st.sampled_from('day,kind"\n2027-01-0rest\x00 ;'), max_size=30), max_size=8)
)
def test_lines_made_at_random_are_read_or_refused(lines: list[str]) -> None:
    try:
        notice = notice_file.read(["day,kind", *lines])
    except CoreError:
        return
    assert notice.rest | notice.work
