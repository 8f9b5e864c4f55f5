"""History of an older installation keeps verifying, is taken over whole, and is tied down then."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from core import db
from core.__main__ import main
from core.access.actors import SYSTEM
from core.audit import anchors, history, upgrade
from core.audit.verification import KEYLESS
from core.config import settings
from tests import tampering
from tests.builders import NOW
from tests.core.migrations.older import SENT, at_revision, connected, put
from tests.tampering import faults

ROWS = 4


def as_it_was_hashed(previous: str, seq: int, case: int) -> str:
    """The hash of a row as installations without a key made it."""
    at = SENT.replace(tzinfo=dt.UTC).isoformat()
    body = [previous, case % 64, seq, at, None, "系统", "step", f"case:{case}", case, seq]
    return hashlib.sha256(orjson.dumps([*body, None, None, "{}"])).hexdigest()


@pytest.fixture
def older(engine_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An installation of the schema before, with two cases, their evidence and history."""
    monkeypatch.setenv("REGDESK_DATABASE_URL", at_revision(engine_url, "0005"))
    settings.cache_clear()
    with connected(engine_url) as connection:
        book = {"id": "b" * 64, "content": {}}
        put(connection, "rulebooks", **book)
        officer = put(connection, "users", roles=[], professions=[])
        person, employer = put(connection, "people"), put(connection, "employers")
        for ref in ("甲", "乙"):
            of = {"person_id": person, "employer_id": employer}
            case = put(connection, "cases", ref=ref, rulebook_id=book["id"], status="closed", **of)
            put(connection, "decisions", subject=f"case:{case}", case_id=case, note="同意")
            put(connection, "verdicts", case_id=case, officer_id=officer)
            put(connection, "messages", case_id=case, body_zh="通知")
            previous = "0" * 64
            for seq in range(1, ROWS + 1):
                digest = as_it_was_hashed(previous, seq, case)
                put(
                    connection, "events", chain=case % 64, seq=seq, at=SENT, actor_name="系统",
                    action="step", subject=f"case:{case}", case_id=case, version=seq, detail="{}",
                    previous=previous, hash=digest,
                )  # fmt: skip
                previous = digest
            head = sa.text("UPDATE chain_heads SET seq = :seq, hash = :hash WHERE chain = :chain")
            connection.execute(head, {"seq": ROWS, "hash": previous, "chain": case % 64})
    yield engine_url
    db.engine().dispose()
    db.use(None)


def told() -> list[str]:
    with db.reading() as session:
        return tampering.told(faults(session))


def test_it_is_taken_over_by_init_and_holds(older: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init"]) == 0
    assert told() == []
    with connected(older) as connection:
        keyed = connection.execute(
            sa.text("SELECT count(*) FROM events WHERE key IS NOT NULL AND action = 'seal'")
        ).scalar_one()
        plain = connection.execute(
            sa.text("SELECT count(*) FROM events WHERE key IS NULL")
        ).scalar_one()
    assert plain == 2 * ROWS
    assert keyed > 0
    assert main(["init"]) == 0
    assert main(["verify-history", "--lang=en"]) == 0
    assert "whole" in capsys.readouterr().out
    with connected(older) as connection:
        again = connection.execute(sa.text("SELECT count(*) FROM events")).scalar_one()
    assert again == plain + keyed, "taken over once only"
    with db.transaction() as session:
        history.record(session, SYSTEM, "next", "case:1", at=NOW, case_id=1)
    assert told() == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE events SET actor_name = 'x' WHERE chain = 1 AND seq = 2", "edited"),
        ("DELETE FROM events WHERE chain = 1 AND seq = 2", "missing"),
        (
            "UPDATE decisions SET note = '不同意' WHERE case_id = 1",
            "decision 1 of case 1 was",
        ),
        ("UPDATE cases SET status = 'rejected' WHERE id = 2", "case 2 was changed"),
        ("DELETE FROM messages WHERE case_id = 2", "letter 2 was removed"),
        ("UPDATE events SET key = NULL WHERE key IS NOT NULL", "without the key"),
    ],
)
def test_what_was_taken_over_is_tied_down(older: str, statement: str, named: str) -> None:
    assert main(["init"]) == 0
    with connected(older) as connection:
        connection.execute(sa.text(statement))
    assert any(named in line for line in told())


def test_it_cannot_be_made_older_again_than_its_anchors_say(older: str, data_folder: Path) -> None:
    assert main(["init"]) == 0
    with connected(older) as connection:  # another database by its name, all of it without a key
        connection.execute(sa.text("UPDATE chain_heads SET origin = 'x', key = NULL"))
        connection.execute(sa.text("UPDATE events SET key = NULL"))
    with pytest.raises(anchors.OlderThanItsKey):
        upgrade.take_over(NOW)
    assert any(KEYLESS.en in line for line in told())


def test_without_being_taken_over_its_rows_are_no_history(older: str) -> None:
    db.migrate(older)
    lines = told()
    assert any(KEYLESS.en in line for line in lines)
    assert any("decision 1 is in no row" in line for line in lines)
