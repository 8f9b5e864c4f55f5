"""The demo: written in bulk as the commands would, deterministic, in every state, and settled."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from math import inf
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text

from core import catalogue, clock, db
from core.accounts import users
from core.audit import history
from core.cases.actions import Action
from core.cases.transitions import FOLLOW_UPS
from core.catalogue.regions import PROVINCES
from core.demo import (
    accounts,
    expiring,
    load,
    play,
    rows,
    shares,
    trouble,
)
from core.demo.books import BY_HAND, PROVINCE
from core.demo.bulk import Ledger
from core.demo.diary import Diary
from core.demo.drawing import files as pictures
from core.demo.load import DemoSummary, NotEmpty, Unfinished
from core.demo.making import MakingFailed
from core.demo.resting import course
from core.demo.scripts import Schedule
from core.demo.wishes import WISHES, Wish
from core.demo.words import STORIES
from core.files import attachments
from core.identifiers import check_credit_code, check_id_number
from core.jobs import lapses
from core.model import (
    Anomaly,
    AnomalyCase,
    Appeal,
    Attachment,
    Base,
    Case,
    Employer,
    Person,
    Registration,
    User,
)
from core.vocabulary.anomalies import AnomalyStatus, Severity
from core.vocabulary.appeals import AppealStatus
from core.vocabulary.cases import Status

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
UNTIL = int(NOW.timestamp())
PASSWORD = "demo-pass-77"
# A case passes through these in one step with the next, so none rests there.
PASSING = {Status.REPORTED, Status.PROVINCE_AGREED, Status.PROVINCE_DISAGREED}
OPINIONS = (Action.PROVINCE_AGREE, Action.PROVINCE_DISAGREE)


@contextmanager
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Loads without drawing, which takes longest and has a test of its own."""
    with monkeypatch.context() as patch:
        patch.setattr(pictures, "develop", lambda *_args, **_options: 0)
        yield


# Every story to its end, at the two services whose procedures are longest, and all that must rest.
EVERYTHING = (
    *{(wish.story, wish.rests): wish for wish in WISHES}.values(),
    *(Wish(story, None, (70, 300), "architect") for story in STORIES),
    *(Wish(story, None, (70, 300), "survey_design", PROVINCE) for story in STORIES),
    *(Wish("straight", None, (70, 300), variant=PROVINCE, through=way) for way in OPINIONS),
    Wish("straight", Status.CLOSED, (70, 300), "supervision", BY_HAND),
)


def schedule(cases: int, seed: int = 1, wishes: Sequence[Wish] | None = None) -> Schedule:
    with db.transaction() as session:
        bench = accounts.appoint(session, PASSWORD, NOW)
    return Schedule(cases, seed, UNTIL, bench, wishes=wishes)


def contents() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table as plain data, JSON parsed, in the order of the keys."""
    found = {}
    with db.reading() as session:
        for name, table in Base.metadata.tables.items():
            order = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
            result = session.execute(text(f'SELECT * FROM "{name}" ORDER BY {order}'))
            found[name] = [plain(dict(row)) for row in result.mappings()]
    return found


def plain(row: dict[str, Any]) -> dict[str, Any]:
    row.pop("password_hash", None)  # salted
    return {
        key: json.loads(value)
        if key != "detail" and isinstance(value, str) and value.startswith(("[", "{"))
        else value
        for key, value in row.items()
    }


# Bulk carries out a case in one go, so these get other ids. Nothing refers to them, but for the
# items of a correction, which name it by its case and round here.
NUMBERED_BY_CASE = {
    *("clocks", "attachments", "corrections", "correction_items", "verdicts", "decisions"),
    *("notes", "messages", "insurance_records"),
}


def comparable(name: str, tables: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The rows of a table, those of `NUMBERED_BY_CASE` in an order that does not go by their id."""
    if name not in NUMBERED_BY_CASE:
        return tables[name]
    rounds = {row["id"]: (row["case_id"], row["round"]) for row in tables["corrections"]}
    told = [
        {**row, "id": None, "correction_id": rounds.get(row.get("correction_id"))}
        for row in tables[name]
    ]
    return sorted(told, key=repr)


@pytest.fixture
def loaded(engine: Engine, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> DemoSummary:
    """A demo of 1500 cases without picture files."""
    monkeypatch.setattr(accounts, "password", lambda: PASSWORD)
    with no_pictures(monkeypatch):
        return load.load(1500, 1, now=NOW)


def test_the_rows_written_in_bulk_have_the_columns_of_the_model() -> None:
    rows.check_columns()


def test_no_case_rests_in_the_statuses_that_the_system_moves_on_at_once() -> None:
    always = {status for status, (_, switch) in FOLLOW_UPS.items() if switch is None}
    assert always == PASSING


def test_bulk_leaves_row_for_row_what_the_commands_leave(sqlite_url: str, tmp_path: Path) -> None:
    db.migrate(played_url := f"sqlite:///{tmp_path / 'played.db'}")
    left = []
    for url in (played_url, sqlite_url):
        db.use(db.connect(url))
        try:
            plan = schedule(160, wishes=EVERYTHING)
            if url == played_url:
                with db.transaction() as session:
                    play.found(session, plan.cast)
                    play.play(session, plan.scripts(), plan.books, UNTIL)
            else:
                load.fill(plan, lambda _done, _all: None)
            with db.reading() as session:
                assert list(history.verify(session)) == []
            left.append(contents())
        finally:
            db.engine().dispose()
            db.use(None)
    played, filled = left
    assert len(played["cases"]) == 160
    for name in played:
        assert comparable(name, filled) == comparable(name, played), name
    # What was compared: nothing that a case can be, or that can happen to it, is missing.
    assert {Status(case["status"]) for case in played["cases"]} == set(Status) - PASSING
    assert set(Action) - {event["action"] for event in played["events"]} == set()
    assert {case["business"] for case in played["cases"]} == set(catalogue.current().businesses)
    written = {name for name in rows.COLUMNS if not played[name]}
    assert written == set(), "tables that bulk writes and this comparison does not reach"


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """New processes start as they do from the command line.

    Tests of pages leave their page behind as `__main__`, which a new process would import.
    """
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


def in_shares(cases: int, url: str, seed: int = 1) -> dict[str, list[dict[str, Any]]]:
    """What a demo leaves that is made by several processes, checked for its history."""
    db.migrate(url)
    db.use(db.connect(url))
    try:
        told: list[tuple[int, int]] = []
        load.fill(schedule(cases, seed), lambda done, every: told.append((done, every)))
        assert told == sorted(told)
        assert told[-1] == (cases, cases)
        with db.reading() as session:
            assert list(history.verify(session)) == []
            if session.get_bind().dialect.name == "sqlite":
                assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        return contents()
    finally:
        db.engine().dispose()
        db.use(None)


@pytest.mark.usefixtures("processes")
def test_shares_made_at_the_same_time_give_out_no_number_twice_and_leave_none_out(
    engine_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "_LARGE", 600)
    left = in_shares(601, engine_url)
    assert [row["id"] for row in left["cases"]] == list(range(1, 602))
    filed = [row["created_at"] for row in left["cases"]]
    assert sum(early > late for early, late in pairwise(filed)) < 60  # only neighbours change over
    people = [row["id_number"] for row in left["people"]]
    assert len(set(people)) == len(people) > 200
    assert [row["id"] for row in left["events"]] == list(range(1, len(left["events"]) + 1))
    given = Counter(
        series
        for row in left["registrations"]
        if (series := series_of(row["profession"], row["number"]))
    )
    kept = {
        row["name"].removeprefix("number:"): row["value"]
        for row in left["counters"]
        if row["name"].startswith("number:")
    }
    assert kept == given  # as many numbers as the series has come to
    assert len({row["number"] for row in left["registrations"]}) == sum(given.values())


def series_of(profession: str, number: str) -> str:
    """The series of a registration number, read off its place in the pattern (domain C)."""
    if profession == "supervision":
        return f"supervision-{number[:2]}"
    if profession == "architect":
        return f"architect-{number[:2]}-{number[2:4]}"
    letters = number.rstrip("0123456789")
    digits = number[len(letters) :]
    return f"{letters}-{digits[:2]}-{digits[2:4]}"


@pytest.mark.usefixtures("processes")
def test_shares_leave_the_same_again(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "_LARGE", 200)
    assert in_shares(200, sqlite_url) == in_shares(200, f"sqlite:///{tmp_path / 'again.db'}")


@pytest.mark.usefixtures("processes")
def test_a_share_that_fails_is_named_and_nothing_is_written(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "_LARGE", 50)
    db.use(db.connect(sqlite_url))
    try:
        plan = schedule(60)
        plan.arguments["bench"] = "nobody"
        with pytest.raises(MakingFailed, match="AttributeError"):
            load.fill(plan, lambda _done, _all: None)
        left = contents()
        assert left["cases"] == left["employers"] == []
        load.fill(schedule(60), lambda _done, _all: None)  # the next attempt is not in its way
        assert len(contents()["cases"]) == 60
    finally:
        db.engine().dispose()
        db.use(None)


def test_a_diary_is_read_in_the_order_of_time_with_what_is_added_on_the_way() -> None:
    diary, day = Diary(), 86_400
    for at, opening, case in ((day + 9, 0, 2), (day + 5, 1, 1), (day + 5, 0, 3), (2 * day, 0, 4)):
        diary.page(at)((at, opening, case, 1, "noted"))
    read = []
    for at, _, case, _, what in diary.before(2):
        read.append((at - day, case, what))
        if (case, what) == (3, "noted"):
            diary.page(at)((at, 0, 3, 2, "added"))
    assert read == [(5, 3, "noted"), (5, 3, "added"), (5, 1, "noted"), (9, 2, "noted")]
    assert [entry[2] for entry in diary.before(inf)] == [4]


def test_registrations_ended_all_at_once_are_as_the_clock_ends_them(
    sqlite_url: str, tmp_path: Path
) -> None:
    db.migrate(other_url := f"sqlite:///{tmp_path / 'other.db'}")
    left = []
    for url in (sqlite_url, other_url):
        db.use(db.connect(url))
        try:
            load.fill(schedule(700), lambda _done, _all: None)
            if url == other_url:
                with db.transaction() as session:
                    assert expiring.expire(session, NOW) > 20
            else:
                lapses.tick(NOW)
            left.append(contents())
        finally:
            db.engine().dispose()
            db.use(None)
    ticked, at_once = left
    assert at_once["registrations"] == ticked["registrations"]
    for told in left:
        told["expired"] = [
            {k: v for k, v in row.items() if k not in {"id", "seq", "previous", "hash"}}
            for row in told["events"]
            if row["action"] == "expire"
        ]
    assert at_once["expired"] == ticked["expired"]


def test_a_seed_gives_the_same_scripts_again_and_another_seed_does_not(engine: Engine) -> None:
    told = [
        [(s.form, s.steps, s.pictures) for s in schedule(200, seed).scripts()] for seed in (5, 5, 6)
    ]
    assert told[0] == told[1]
    assert told[0] != told[2]


def test_cases_rest_in_every_status_profession_business_and_province(loaded: DemoSummary) -> None:
    with db.reading() as session:
        seen = {
            column.key: set(session.scalars(select(column)))
            for column in (Case.status, Case.profession, Case.business, Case.province)
        }
        assert session.scalar(select(func.count()).select_from(Case)) == 1500
    assert set(Status) - PASSING - {Status(value) for value in seen["status"]} == set()
    assert (len(seen["profession"]), len(seen["business"])) == (3, 5)
    assert seen["province"] == set(PROVINCES)


def test_the_history_of_a_loaded_demo_holds_and_nothing_lies_ahead(loaded: DemoSummary) -> None:
    with db.reading() as session:
        assert list(history.verify(session)) == []
        newest = session.scalar(select(func.max(Case.changed_at)))
        assert newest is not None
        assert newest <= NOW


def test_identity_numbers_and_credit_codes_have_valid_check_digits(loaded: DemoSummary) -> None:
    with db.reading() as session:
        people = session.scalars(select(Person.id_number)).all()
        codes = session.scalars(select(Employer.credit_code)).all()
    assert [number for number in people if check_id_number(number)] == []
    assert [code for code in codes if check_credit_code(code)] == []


def test_nothing_refers_to_a_row_that_is_not_there(loaded: DemoSummary) -> None:
    with db.reading() as session:
        if session.get_bind().dialect.name == "sqlite":
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        orphans = select(Registration.id).where(
            Registration.employer_id.not_in(select(Employer.id))
        )
        assert session.scalars(orphans).all() == []


def test_flags_are_counted_on_their_cases_and_the_confirmed_ones_were_shown(
    loaded: DemoSummary,
) -> None:
    unresolved = [AnomalyStatus.OPEN, AnomalyStatus.APPEALED]
    with db.reading() as session:
        for case in session.scalars(select(Case)):
            flags = session.execute(
                select(Anomaly.severity)
                .join(AnomalyCase, AnomalyCase.anomaly_id == Anomaly.id)
                .where(AnomalyCase.case_id == case.id, Anomaly.status.in_(unresolved))
            ).all()
            blocks = sum(row.severity == Severity.BLOCK for row in flags)
            assert (case.flags_block, case.flags_other) == (blocks, len(flags) - blocks)
        kinds = set(session.scalars(select(Anomaly.kind)))
        confirmed = select(Anomaly.shown_at).where(Anomaly.status == AnomalyStatus.CONFIRMED)
        assert all(session.scalars(confirmed))
        courses = set(session.scalars(select(Appeal.status)))
        rules = set(session.scalars(select(Anomaly.rule)))
        evidence = {row.rule: row.evidence for row in session.scalars(select(Anomaly))}
    assert kinds == {"insurance", "duplicate"}
    assert rules == {*(f"R{n}" for n in range(1, 6)), *(f"D{n}" for n in range(1, 10))}
    assert len(evidence["D2"]["registrations"]) > 1
    assert len({case["ref"] for case in evidence["D3"]["cases"]}) > 1
    assert evidence["D7"]["shared"] == "attachment"
    assert len(evidence["D7"]["people"]) > 1
    assert {AppealStatus.UPHELD, AppealStatus.DENIED, AppealStatus.OVERDUE} <= courses


def test_the_accounts_share_one_password_and_see_something(loaded: DemoSummary) -> None:
    names = {account.username for account in loaded.accounts}
    assert {
        *(f"reviewer{n}" for n in range(1, 5)),
        "decider1",
        "province37",
        "supervisor1",
        "analyst1",
        "admin1",
        *(f"applicant{n}" for n in range(1, 7)),
        *(f"employer{n}" for n in range(1, 4)),
    } == names
    assert PASSWORD in loaded("zh")
    with db.reading() as session:
        known = session.scalars(select(User)).all()
    assert all(user.demo and PASSWORD not in user.password_hash for user in known)
    assert users.matches(known[0].password_hash, PASSWORD)
    assert {user.username for user in known if user.disabled} == {f"former{n}" for n in range(1, 6)}


@pytest.mark.parametrize("seed", [1, 4])
@pytest.mark.parametrize(
    "day", [(2026, 11, 20), (2026, 10, 8), (2026, 2, 24), (2025, 5, 5)], ids=str
)
def test_scripts_reach_every_status_service_and_province_on_any_day(
    engine: Engine, seed: int, day: tuple[int, int, int]
) -> None:
    until = int(datetime(*day, 4, tzinfo=UTC).timestamp())
    with db.transaction() as session:
        bench = accounts.appoint(session, PASSWORD, NOW)
    for count in (1500, 3000):
        told = Schedule(count, seed, until, bench)
        rest, services, provinces = set(), set(), set()
        for script in told.scripts():
            service = (script.profession, script.business)
            rest.add(course(told.books.plan(script.variant, *service), script.steps, until).status)
            services.add(service)
            provinces.add(script.company.province)
        assert rest == set(Status) - PASSING
        assert provinces == set(PROVINCES)
        assert count < 3000 or services == set(catalogue.current().services)


def test_a_load_that_broke_off_is_not_taken_for_a_demo(
    sqlite_url: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_options: object) -> int:
        raise KeyboardInterrupt

    db.use(db.connect(sqlite_url))
    try:
        with monkeypatch.context() as patch:
            patch.setattr(Ledger, "close", broken)
            with pytest.raises(KeyboardInterrupt):
                load.load(30, 1, now=NOW)
        with monkeypatch.context() as patch:  # nothing was written, so it is simply done again
            patch.setattr(trouble, "plant", broken)
            with pytest.raises(KeyboardInterrupt):
                load.load(30, 1, if_empty=True, now=NOW)
        for if_empty in (True, False):
            with pytest.raises(Unfinished) as refused:
                load.load(30, 1, if_empty=if_empty, now=NOW)
            assert str(db.engine().url.database) in str(refused.value)
    finally:
        db.engine().dispose()
        db.use(None)


def test_a_second_load_is_refused_or_says_how_to_sign_in(
    loaded: DemoSummary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "noted_password", lambda: PASSWORD)
    with pytest.raises(NotEmpty):
        load.load(10, 1, now=NOW)
    again = load.load(10, 1, if_empty=True, now=NOW)
    assert again.cases == 0
    assert PASSWORD in again("zh")
    assert "reviewer1" in again("zh")


def test_the_password_is_noted_for_the_owner_alone(data_folder: Path) -> None:
    assert accounts.noted_password() is None
    word = accounts.password()
    assert accounts.noted_password() == word
    assert accounts.password() == accounts.noted_password() != word
    assert (data_folder / "demo-password").stat().st_mode & 0o077 == 0


def test_every_attachment_of_an_open_case_is_a_real_file_of_the_stated_size(
    sqlite_url: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_INLINE", 10**6)  # this process has the test's data folder
    monkeypatch.setattr(accounts, "password", lambda: PASSWORD)
    db.use(db.connect(sqlite_url))
    try:
        load.load(40, 2, now=NOW)
        with db.reading() as session:
            stored = session.execute(select(Attachment.sha256, Attachment.size)).all()
            needing = session.scalars(
                select(Case.id).where(Case.is_open, Case.business != "cancellation")
            ).all()
            having = session.scalars(
                select(Attachment.case_id).where(Attachment.kind == "photo")
            ).all()
    finally:
        db.engine().dispose()
        db.use(None)
    assert set(needing) <= set(having)
    for sha256, size in stored:
        assert attachments.path_of(sha256).stat().st_size == size


def test_officers_decide_on_working_days_in_office_hours(loaded: DemoSummary) -> None:
    with db.reading() as session:
        decided = session.scalars(
            select(Case.decided_at).where(Case.decided_at.is_not(None)).limit(400)
        ).all()
    assert {9 <= clock.local(at).hour < 18 for at in decided if at} == {True}
