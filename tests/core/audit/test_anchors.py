"""Anchors remember outside the database how far its history went, and their file is tied itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Engine, select, update

from core import clock, db
from core.__main__ import main
from core.access.actors import SYSTEM
from core.audit import anchors, history
from core.audit.chains import KeyUnknown
from core.config import settings
from core.model import ChainHead, Event
from tests.builders import NOW
from tests.tampering import faults

pytestmark = pytest.mark.usefixtures("engine")


def go_on(times: int = 1, action: str = "test") -> None:
    """Record something in a few chains."""
    with db.transaction() as session:
        for case in times * [0, 1, 2]:
            history.record(session, SYSTEM, action, f"case:{case}", at=NOW, case_id=case)


def cut(chain: int, left: int) -> None:
    """Cut the end of a chain off and move its head back, as nothing in the database shows."""
    with db.transaction() as session:
        last = session.scalars(select(Event).where(Event.chain == chain, Event.seq == left)).one()
        session.execute(
            Event.__table__.delete().where(Event.chain == chain, Event.seq > left)  # type: ignore[attr-defined]
        )
        head = update(ChainHead).where(ChainHead.chain == chain)
        session.execute(head.values(seq=left, hash=last.hash))


def told() -> list[str]:
    with db.reading() as session:
        return [fault.text.en for fault in faults(session)]


def anchored(lines: int) -> Path:
    """A file of so many lines."""
    for number in range(lines):
        go_on()
        assert anchors.add(NOW + timedelta(minutes=10 * number))
    return settings().anchors


def test_an_anchor_is_made_where_there_is_something_new() -> None:
    go_on()
    assert anchors.add(NOW)
    assert not anchors.add(NOW)
    go_on()
    assert anchors.add(NOW)
    assert len(settings().anchors.read_bytes().splitlines()) == 2
    assert settings().anchors.stat().st_mode & 0o777 == 0o600
    assert told() == []


def test_a_chain_cut_off_with_its_head_moved_back_is_named_with_the_time_of_its_anchor() -> None:
    go_on(4)
    anchors.add(NOW)
    cut(1, 2)
    assert told() == [
        f"the chain ends at row 2, while its anchor of {clock.written(NOW)} has row 4 (cut off)"
    ]
    with pytest.raises(anchors.Contradicted):
        anchors.add(NOW)


def test_a_chain_cut_off_and_grown_again_differs_from_its_anchor() -> None:
    go_on(4)
    anchors.add(NOW)
    cut(1, 2)
    go_on(9, "other")
    assert [line for line in told() if "rewritten" in line]
    with pytest.raises(anchors.Contradicted):
        anchors.add(NOW)


def test_history_without_any_anchor_is_told() -> None:
    assert told() == []
    go_on()
    assert "none of this database" in " ".join(told())


FIELDS = ("at", "origin", "key", "heads", "unkeyed", "previous", "hash")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("number", [1, 2, 4])
def test_an_edited_line_is_named(field: str, number: int) -> None:
    path = anchored(4)
    lines = path.read_bytes().splitlines()
    line = orjson.loads(lines[number - 1])
    line[field] = {"heads": [[9, "f" * 64]] * 64, "unkeyed": [1] * 64}.get(field, "f" * 64)
    lines[number - 1] = orjson.dumps(line)
    path.write_bytes(b"\n".join(lines) + b"\n")
    assert f"line {number} of the file of anchors was edited" in told()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda lines: [*lines[:1], *lines[2:]], "before line 2"),
        (lambda lines: lines[1:], "before line 1"),
        (lambda lines: [lines[0], lines[2], lines[1], lines[3]], "before line 2"),
        (lambda lines: [lines[0], b"nonsense", *lines[1:]], "line 2 of"),
        (lambda lines: [lines[0], lines[0], *lines[1:]], "before line 2"),
        (lambda lines: lines[:0], "none of this database"),
    ],
)
def test_lines_removed_or_reordered_are_named(
    change: Callable[[list[bytes]], list[bytes]], named: str
) -> None:
    path = anchored(4)
    path.write_bytes(b"".join(line + b"\n" for line in change(path.read_bytes().splitlines())))
    assert named in " ".join(told())


def test_half_a_line_left_by_a_crash_is_taken_away() -> None:
    path = anchored(2)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:100])
    go_on()
    assert anchors.add(NOW)
    assert told() == []
    assert len(path.read_bytes().splitlines()) == 3


def test_what_is_anchored_while_the_file_is_compared_is_no_fault() -> None:
    anchored(1)
    known = anchors.remembered()
    anchored(1)
    with db.reading() as session:
        assert list(anchors.verify(session, known)) == []


def test_several_at_once_write_one_line_after_the_other() -> None:
    def both(number: int) -> None:
        with db.transaction() as session:
            subject = f"case:{number}"
            history.record(session, SYSTEM, "test", subject, at=NOW, case_id=number)
        anchors.add(NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(both, range(12)))
    assert told() == []


def test_two_databases_may_share_a_file(engine: Engine, tmp_path: Path) -> None:
    anchored(2)
    other = db.connect(f"sqlite:///{tmp_path / 'other.db'}")
    db.migrate(str(other.url))
    db.use(other)
    try:
        assert anchors.add(NOW)  # as `init` does, with nothing in it yet
        assert told() == []
        anchored(2)
        assert told() == []
        cut(0, 1)
        assert len(told()) == 1
    finally:
        db.use(engine)
        other.dispose()
    assert told() == []
    go_on()
    assert anchors.add(NOW)
    assert told() == []


def test_a_database_with_another_name_gets_no_line_of_its_own() -> None:
    path = anchored(2)
    before = path.read_bytes()
    with db.transaction() as session:  # all of chain 0 gone, which the others are looked up by
        session.execute(Event.__table__.delete().where(Event.chain == 0))  # type: ignore[attr-defined]
        head = update(ChainHead).where(ChainHead.chain == 0)
        session.execute(head.values(seq=0, hash="0" * 64, key=None, origin="another"))
    assert any("one and the same database" in line for line in told())
    assert any("cut off" in line for line in told()), "its anchor still counts"
    with pytest.raises(anchors.HeadsEdited):
        anchors.add(NOW)
    with db.transaction() as session:
        session.execute(update(ChainHead).values(origin="another"))
    assert any("none of this database" in line for line in told())
    with pytest.raises(anchors.OtherDatabase):
        anchors.add(NOW)
    assert path.read_bytes() == before


def secrets(*several: str) -> None:
    path = settings().data / "history.key"
    path.write_text("\n".join(several))
    settings.cache_clear()


def test_a_new_key_goes_on_where_the_old_one_ended_and_the_old_one_cannot_come_back() -> None:
    secrets("first-secret")
    anchored(2)
    secrets("first-secret", "second-secret")
    anchored(2)
    assert told() == []
    secrets("first-secret")
    with pytest.raises(KeyUnknown):
        go_on()
    assert "is not here to check it" in " ".join(told())
    secrets("second-secret", "first-secret")  # what a thief of the old key would have done
    go_on()
    secrets("first-secret", "second-secret")
    assert "retired key" in " ".join(told())


def test_a_key_that_was_lost_stops_the_history_in_words() -> None:
    anchored(1)
    (settings().data / "history.key").unlink()
    settings.cache_clear()
    with pytest.raises(KeyUnknown):
        anchors.add(NOW)
    with pytest.raises(KeyUnknown) as refused:
        go_on()
    assert "history.key" in refused.value.message("en")
    assert "not here to check" in " ".join(told())


def test_a_kept_key_ends_like_a_line_and_one_without_is_read_alike() -> None:
    first = settings().history_key
    path = settings().data / "history.key"
    assert path.read_text() == f"{first[0]}\n"
    assert (settings().data / "secret").read_text() == f"{settings().secret}\n"
    for kept in (first[0], f"{first[0]}\n"):
        path.write_text(kept)
        with path.open("a") as file:  # what the documentation has an administrator do
            file.write("\nsecond-key\n")
        settings.cache_clear()
        assert settings().history_key == (*first, "second-key")


def test_commands_without_the_key_end_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    anchored(1)
    (settings().data / "history.key").unlink()
    settings.cache_clear()
    for command in ("init", "anchor", "tick", "demo --if-empty"):
        assert main([*command.split(), "--lang=en"]) == 1
        assert "The key of the history" in capsys.readouterr().err


def test_the_key_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGDESK_HISTORY_KEY", "from-outside")
    settings.cache_clear()
    anchored(1)
    assert told() == []
    monkeypatch.delenv("REGDESK_HISTORY_KEY")
    settings.cache_clear()
    assert (settings().data / "history.key").stat().st_mode & 0o777 == 0o600
    assert told() != []


def test_an_unusable_file_is_told_in_words(data_folder: Path) -> None:
    go_on()
    settings().anchors.mkdir(parents=True)
    with pytest.raises(anchors.AnchorsUnusable) as refused:
        anchors.add(NOW)
    assert str(settings().anchors) in refused.value.message("zh")
