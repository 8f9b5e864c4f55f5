"""The demo: played through the commands, deterministic, in every state, and settled."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text

from core import catalogue, clock, db
from core.__main__ import main
from core.accounts import passwords
from core.audit import history
from core.cases.actions import Action
from core.catalogue.regions import PROVINCES
from core.config import settings
from core.demo import accounts, filings, load, play
from core.demo.drawing import files
from core.demo.load import AccountsThere, DemoSummary, NotEmpty, Unfinished
from core.files import attachments
from core.identifiers import check_credit_code, check_id_number
from core.intake.run import PacketOutcome
from core.model import (
    Anomaly,
    AnomalyCase,
    Appeal,
    Attachment,
    Base,
    Case,
    Counter as CounterRow,
    Employer,
    Event,
    Person,
    Registration,
    User,
)
from core.vocabulary.anomalies import AnomalyStatus, Severity
from core.vocabulary.appeals import AppealStatus
from core.vocabulary.cases import DESKS, Status
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.register import RegistrationStatus
from tests import packets, postgres
from tests.builders import a_user
from tests.conftest import TEMPLATE
from tests.intake_cases import only, take

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
PASSWORD = "demo-pass-77"
CASES = 320
# A case passes through these in one step with the next, so none rests there.
PASSING = {Status.REPORTED, Status.PROVINCE_AGREED, Status.PROVINCE_DISAGREED}


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, DemoSummary, Path]]:
    """A database with a demo without picture files, played once for all tests of an engine."""
    folder = tmp_path_factory.mktemp("demo")
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "regdesk.db")
        url = f"sqlite:///{folder / 'regdesk.db'}"
    else:
        cluster = request.getfixturevalue("postgres_folder")
        postgres.administer(cluster, f"CREATE DATABASE test_demo TEMPLATE {TEMPLATE}")
        url = postgres.url_of(cluster, "test_demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGDESK_DATA", str(folder))
        settings.cache_clear()
        patch.setattr(accounts, "password", lambda: PASSWORD)
        patch.setattr(files.Studio, "give", lambda *_args: None)
        patch.setattr(filings, "ONE_IN", 4)  # room for every case that must be there
        db.use(db.connect(url))
        summary = load.load(CASES, 1, now=NOW)
        db.engine().dispose()
        db.use(None)
    settings.cache_clear()
    yield url, summary, folder
    if request.param == "postgres":
        postgres.administer(cluster, "DROP DATABASE test_demo WITH (FORCE)")


@pytest.fixture
def loaded(
    played: tuple[str, DemoSummary, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[DemoSummary]:
    """The demo in use, with the key of its history; tests only read it."""
    url, summary, folder = played
    monkeypatch.setenv("REGDESK_DATA", str(folder))
    settings.cache_clear()
    db.use(db.connect(url))
    yield summary
    db.engine().dispose()
    db.use(None)


def contents() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, but for what is salted, or hashed with a key of its own."""
    found = {}
    with db.reading() as session:
        for name, table in Base.metadata.tables.items():
            order = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
            result = session.execute(text(f'SELECT * FROM "{name}" ORDER BY {order}'))
            found[name] = [dict(row) for row in result.mappings()]
    del found["calendar_years"]  # loaded whenever the schema came to be
    own = {
        "users": ["password_hash"],
        "chain_heads": ["hash", "key", "origin"],
        "events": ["hash", "key", "previous"],
    }
    for name, columns in own.items():
        for row, column in product(found[name], columns):
            del row[column]
    return found


def test_a_seed_gives_the_same_data_again_and_another_seed_does_not(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "password", lambda: PASSWORD)
    monkeypatch.setattr(files.Studio, "give", lambda *_args: None)
    left = []
    for place, seed in enumerate((5, 5, 6)):
        db.migrate(url := f"sqlite:///{tmp_path / f'{place}.db'}")
        db.use(db.connect(url))
        try:
            load.load(30, seed, now=NOW)
            left.append(contents())
        finally:
            db.engine().dispose()
            db.use(None)
    assert left[0] == left[1]
    assert left[0]["people"] != left[2]["people"]


def test_cases_rest_in_every_status_profession_business_and_province(loaded: DemoSummary) -> None:
    with db.reading() as session:
        seen = {
            column.key: set(session.scalars(select(column)))
            for column in (Case.status, Case.profession, Case.business, Case.province)
        }
        assert session.scalar(select(func.count()).select_from(Case)) == CASES == loaded.cases
    assert set(Status) - PASSING - {Status(value) for value in seen["status"]} == set()
    assert seen["profession"] == set(catalogue.current().professions)
    assert seen["business"] == set(catalogue.current().businesses)
    assert seen["province"] == set(PROVINCES)


@pytest.mark.parametrize(
    "day", [(2026, 11, 20), (2026, 10, 8), (2026, 2, 24), (2025, 5, 5)], ids=str
)
def test_a_small_demo_fills_every_desk_on_any_day_after_holidays_too(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, day: tuple[int, int, int]
) -> None:
    monkeypatch.setattr(accounts, "password", lambda: PASSWORD)
    monkeypatch.setattr(files.Studio, "give", lambda *_args: None)
    db.use(db.connect(sqlite_url))
    try:
        load.load(60, 4, now=datetime(*day, 4, tzinfo=UTC))
        with db.reading() as session:
            seen = {Status(value) for value in session.scalars(select(Case.status))}
    finally:
        db.engine().dispose()
        db.use(None)
    assert set(DESKS) | {Status.CORRECTING, Status.FILED, Status.PUBLICITY} <= seen


def test_every_case_that_must_be_there_rests_where_it_shall(loaded: DemoSummary) -> None:
    wanted = Counter(row["rest"] for row in filings.REQUIRED if "rest" in row)
    with db.reading() as session:
        there = Counter(session.scalars(select(Case.status)))
    assert wanted - there == Counter()


def test_the_history_holds_reads_in_order_of_time_and_nothing_lies_ahead(
    loaded: DemoSummary,
) -> None:
    with db.reading() as session:
        assert list(history.verify(session)) == []
        moments = session.scalars(
            select(Event.at).where(Event.subject.like("case:%")).order_by(Event.id)
        ).all()
        newest = session.scalar(select(func.max(Case.changed_at)))
    assert all(early <= late for early, late in pairwise(moments))
    assert newest is not None
    assert newest <= NOW


def test_the_commands_left_their_traces(loaded: DemoSummary) -> None:
    with db.reading() as session:
        taken = set(session.scalars(select(Event.action).distinct()))
    assert {"create", "claim", "pass_the_rest", "show_flag", "dismiss_flag", "expire"} <= taken
    assert len(set(Action) & taken) > 20


def test_identity_numbers_and_credit_codes_have_valid_check_digits(loaded: DemoSummary) -> None:
    with db.reading() as session:
        people = session.scalars(select(Person.id_number)).all()
        codes = session.scalars(select(Employer.credit_code)).all()
    assert [number for number in people if check_id_number(number)] == []
    assert [code for code in codes if check_credit_code(code)] == []


def test_flags_are_counted_on_their_cases_and_the_confirmed_ones_were_shown(
    loaded: DemoSummary,
) -> None:
    unresolved = [AnomalyStatus.OPEN, AnomalyStatus.APPEALED]
    approved = {Status.APPROVED, Status.PUBLICITY, Status.ANNOUNCED, Status.CLOSED}
    with db.reading() as session:
        for case in session.scalars(select(Case)):
            flags = session.execute(
                select(Anomaly.severity)
                .join(AnomalyCase, AnomalyCase.anomaly_id == Anomaly.id)
                .where(AnomalyCase.case_id == case.id, Anomaly.status.in_(unresolved))
            ).all()
            blocks = sum(row.severity == Severity.BLOCK for row in flags)
            assert (case.flags_block, case.flags_other) == (blocks, len(flags) - blocks)
            assert not (flags and case.status in approved)
        confirmed = select(Anomaly.shown_at).where(Anomaly.status == AnomalyStatus.CONFIRMED)
        assert all(session.scalars(confirmed))
        assert {"insurance", "duplicate"} == set(session.scalars(select(Anomaly.kind)))
        assert AppealStatus.UPHELD in set(session.scalars(select(Appeal.status)))


def test_anomalies_of_every_rule_are_found(loaded: DemoSummary) -> None:
    with db.reading() as session:
        found = set(session.scalars(select(Anomaly.rule)))
    assert found == {*(f"R{n}" for n in range(1, 6)), *(f"D{n}" for n in range(1, 10))}


def test_registrations_expire_and_some_employers_lose_their_standing(loaded: DemoSummary) -> None:
    with db.reading() as session:
        registrations = session.execute(select(Registration.status, Registration.valid_to)).all()
        standing = set(session.scalars(select(Employer.status)))
    today = clock.day_of(NOW)
    expired = [row for row in registrations if row.status == RegistrationStatus.EXPIRED]
    assert expired
    assert all(row.valid_to < today for row in expired)
    assert any(row.status == RegistrationStatus.CANCELLED for row in registrations)
    assert {EmployerStatus.VERIFIED, EmployerStatus.UNVERIFIED, EmployerStatus.SUSPENDED} <= {
        EmployerStatus(value) for value in standing
    }


def test_the_accounts_share_one_password_and_see_something(loaded: DemoSummary) -> None:
    names = {account.username for account in loaded.accounts}
    assert {
        *(f"reviewer{n}" for n in range(1, 5)),
        *("decider1", "province37", "supervisor1", "analyst1", "admin1"),
        *(f"applicant{n}" for n in range(1, 7)),
        *(f"employer{n}" for n in range(1, 4)),
    } == names
    assert PASSWORD in loaded("zh")
    with db.reading() as session:
        known = session.scalars(select(User)).all()
        seen = [
            set(session.scalars(select(Case.status).where(Case.person_id == user.person_id)))
            for user in known
            if user.person_id is not None
        ]
    assert len({frozenset(statuses) for statuses in seen}) > 3  # each has another state to show
    assert all(user.demo and PASSWORD not in user.password_hash for user in known)
    assert passwords.matches(known[0].password_hash, PASSWORD)
    assert {user.username for user in known if user.disabled} == {f"former{n}" for n in range(1, 6)}


def test_officers_decide_on_working_days_in_office_hours(loaded: DemoSummary) -> None:
    with db.reading() as session:
        decided = session.scalars(
            select(Case.decided_at).where(Case.decided_at.is_not(None)).limit(400)
        ).all()
    assert {9 <= clock.local(at).hour < 18 for at in decided if at} == {True}


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


def test_a_load_that_broke_off_is_not_taken_for_a_demo(
    sqlite_url: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    db.use(db.connect(sqlite_url))
    monkeypatch.setattr(files.Studio, "give", lambda *_args: None)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(play.Player, "_open", broken)
            with pytest.raises(KeyboardInterrupt):
                load.load(20, 1, now=NOW)
        with monkeypatch.context() as patch:  # nothing was written, so it is simply done again
            patch.setattr(accounts, "admit", broken)
            with pytest.raises(KeyboardInterrupt):
                load.load(20, 1, if_empty=True, now=NOW)
        for if_empty in (True, False):
            with pytest.raises(Unfinished) as refused:
                load.load(20, 1, if_empty=if_empty, now=NOW)
            assert str(db.engine().url.database) in str(refused.value)
    finally:
        db.engine().dispose()
        db.use(None)


def test_packets_can_be_taken_in_beside_a_demo(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "password", lambda: PASSWORD)
    monkeypatch.setattr(files.Studio, "give", lambda *_args: None)
    load.load(12, 1, now=NOW)
    data, pictures = packets.Writer().packet()
    packets.write(tmp_path / "in", data, pictures)
    result = only(take(tmp_path / "in"))
    assert (result.fate, result.problems) == (PacketOutcome.TAKEN, ())


def test_a_database_with_accounts_gets_no_demo(
    engine: Engine, data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with db.transaction() as session:
        a_user(session, username="reviewer1")
    with pytest.raises(AccountsThere):
        load.load(10, 1, now=NOW)
    assert main(["demo", "--cases", "5", "--lang", "en"]) == 1
    assert "already has accounts" in capsys.readouterr().err
    assert accounts.noted_password() is None
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 1
        assert not session.scalar(select(func.count()).select_from(CounterRow))


def test_a_demo_of_no_cases_is_refused_in_words(
    data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["demo", "--cases", "0", "--lang", "en"])
    assert ended.value.code == 2
    assert "1 or more" in capsys.readouterr().err
    assert not (data_folder / "regdesk.db").exists()


def test_the_password_is_noted_for_the_owner_alone(data_folder: Path) -> None:
    assert accounts.noted_password() is None
    word = accounts.password()
    assert accounts.noted_password() == word
    assert accounts.password() == accounts.noted_password() != word
    assert (data_folder / "demo-password").stat().st_mode & 0o077 == 0


def test_every_attachment_is_a_real_file_of_the_stated_size(
    sqlite_url: str, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_INLINE", 10**6)  # this process has the test's data folder
    monkeypatch.setattr(accounts, "password", lambda: PASSWORD)
    db.use(db.connect(sqlite_url))
    try:
        summary = load.load(16, 2, now=NOW)
        with db.reading() as session:
            stored = session.execute(select(Attachment.sha256, Attachment.size)).all()
    finally:
        db.engine().dispose()
        db.use(None)
    assert len({row.sha256 for row in stored}) == summary.files > 16
    for sha256, size in stored:
        assert attachments.path_of(sha256).stat().st_size == size
