"""What both databases promise: snapshots, refusals in words, a command run again, no value told."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import db
from core.audit import history
from core.errors import CoreError
from core.model import Counter, Event
from core.review import notes
from core.vocabulary.roles import Role
from tests.builders import NOW, a_case, a_user, an_actor

on_both = pytest.mark.usefixtures("engine")


def postgres_only(test: Callable[..., None]) -> Callable[..., None]:
    """A promise of this engine alone."""
    return pytest.mark.postgres(pytest.mark.usefixtures("postgres")(test))


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[None]:
    """What only this engine does."""
    engine = db.connect(postgres_url)
    db.use(engine)
    yield
    db.use(None)
    engine.dispose()


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.time, "sleep", lambda _seconds: None)


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Event)) or 0


@on_both
def test_reads_of_one_block_see_one_moment() -> None:
    with db.transaction() as session:
        case, officer = a_case(session), an_actor(session, Role.REVIEWER)
    with db.reading() as session:
        before = _count(session)
        db.run(notes.write_note, officer, case.id, "写在读取期间", NOW)
        assert _count(session) == before
    with db.reading() as session:
        assert _count(session) == before + 1


@on_both
def test_the_history_verifies_while_it_grows(engine: Engine) -> None:
    """Between its heads and its rows somebody adds a row: only a snapshot has both as they were."""
    with db.transaction() as session:
        case, officer = a_case(session), an_actor(session, Role.REVIEWER)
    written: list[int] = []

    def meanwhile(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM chain_heads" in statement and not written:
            written.append(1)
            db.run(notes.write_note, officer, case.id, "写在校验期间", NOW)

    event.listen(engine, "after_cursor_execute", meanwhile)
    try:
        with db.reading() as session:
            assert list(history.verify(session)) == []
    finally:
        event.remove(engine, "after_cursor_execute", meanwhile)
    assert written


@postgres_only
def test_postgresql_writes_nothing_in_a_read() -> None:
    with pytest.raises(DBAPIError, match="read-only"), db.reading() as session:
        session.execute(insert(Counter).values(name="x", value=1))


class Refusing:
    """A command that fails as the database says, so many times, then answers."""

    def __init__(self, error: Exception, times: int) -> None:
        self.error, self.left, self.called = error, times, 0

    def __call__(self, session: Session, answer: str) -> str:
        self.called += 1
        session.add(Counter(name=f"try {self.called}", value=1))
        session.flush()
        if self.left:
            self.left -= 1
            raise self.error
        return answer


@pytest.mark.usefixtures("engine", "no_pause")
def test_a_command_that_others_got_in_the_way_of_runs_again_as_a_whole() -> None:
    command = Refusing(db.Conflict(), 2)
    assert db.run(command, "fertig") == "fertig"
    assert command.called == 3
    with db.reading() as session:
        assert session.scalars(select(Counter.name)).all() == ["try 3"], "the others are undone"


@pytest.mark.usefixtures("engine", "no_pause")
def test_tries_are_bounded_and_what_is_refused_in_words_is_not_tried_again() -> None:
    command = Refusing(db.Conflict(), 100)
    with pytest.raises(db.Conflict):
        db.run(command, "")
    assert command.called == db.TRIES
    refused = Refusing(notes.EmptyNote(), 100)
    with pytest.raises(notes.EmptyNote):
        db.run(refused, "")
    assert refused.called == 1


def _deadlocking(names: tuple[str, str], meet: Barrier, tries: list[int]) -> Callable[..., None]:
    def command(session: Session) -> None:
        first = not tries
        tries.append(1)
        for name in names:
            session.execute(update(Counter).where(Counter.name == name).values(value=1))
            if first and name == names[0]:
                meet.wait(timeout=20)

    return command


@postgres_only
def test_of_two_that_wait_for_each_other_both_are_carried_out() -> None:
    with db.transaction() as session:
        session.add_all([Counter(name="a", value=0), Counter(name="b", value=0)])
    meet, tries = Barrier(2), ([], [])
    errors: list[Exception] = []

    def work(names: tuple[str, str], own: list[int]) -> None:
        try:
            db.run(_deadlocking(names, meet, own))
        except Exception as error:
            errors.append(error)

    threads = [
        Thread(target=work, args=(("a", "b"), tries[0])),
        Thread(target=work, args=(("b", "a"), tries[1])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert errors == []
    assert len(tries[0]) + len(tries[1]) == 3, "one was the victim, and ran again"


@postgres_only
@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$", db.Conflict),
        ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$", db.Conflict),
        ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '23505'; END $$", db.Conflict),
        ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '22001'; END $$", db.Unstorable),
        ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '54000'; END $$", db.Unstorable),
        ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57P01'; END $$", db.Unavailable),
    ],
)
def test_what_postgresql_says_is_told_as_what_it_means(
    statement: str, refusal: type[CoreError]
) -> None:
    with pytest.raises(refusal), db.transaction() as session:
        session.execute(text(statement))


SECRET = "geheim-4711-argon2id"


def _told(work: Callable[[Session], Any]) -> str:
    """All that a log would hold of the error that `work` ends in."""
    try:
        with db.transaction() as session:
            work(session)
    except Exception as error:
        return "".join(traceback.format_exception(error)) + repr(error)
    raise AssertionError("nothing failed")


def _twice(session: Session) -> None:
    for _ in range(2):
        a_user(session, username=SECRET, password_hash=SECRET)


def _without_name(session: Session) -> None:
    a_user(session, name=None, password_hash=SECRET)


def _too_long(session: Session) -> None:
    a_user(session, username=SECRET, password_hash=SECRET, name="长" * 61)


def _no_number(session: Session) -> None:
    session.execute(text("SELECT CAST(:word AS integer) FROM nowhere"), {"word": SECRET})


def _no_such_number(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("SELECT abs(-9223372036854775808), :word"), {"word": SECRET}).all()
    session.execute(text("SELECT CAST(:word AS integer)"), {"word": SECRET}).all()


@on_both
@pytest.mark.parametrize("work", [_twice, _without_name, _too_long, _no_number, _no_such_number])
def test_no_error_of_a_database_tells_what_was_to_be_stored(work: Callable[[Session], Any]) -> None:
    assert SECRET not in _told(work)
