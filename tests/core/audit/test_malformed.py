"""Values that no column would have taken are named as faults, and hide no other."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, text

from core import db
from core.access.actors import Actor
from core.audit import anchors
from core.casefile.history import history_of
from core.files.attachments import path_of
from core.model import Attachment
from core.vocabulary.roles import Role
from tests import tampering
from tests.builders import NOW

SQLITE = (
    ("UPDATE events SET detail = x'ff00' WHERE id = 7", "edited"),
    ("UPDATE events SET at = 'nonsense' WHERE id = 7", "cannot be read"),
    ("UPDATE events SET seq = 'abc' WHERE id = 7", "cannot be read"),
    ("UPDATE events SET key = x'ff' WHERE id = 7", "is not here to check it"),
    ("UPDATE events SET detail = cast(x'ff41' AS TEXT) WHERE id = 7", "cannot be read"),
    ("UPDATE cases SET form = '{bad' WHERE id = 2", "case 2 cannot be read"),
    ("UPDATE cases SET due_on = 'nonsense' WHERE id = 2", "case 2 cannot be read"),
    ('UPDATE cases SET form = \'{"x":"\\ud800"}\' WHERE id = 2', "case 2 cannot be read"),
    ("UPDATE cases SET person_name = x'ff' WHERE id = 2", "case 2 cannot be read"),
    ("UPDATE attachments SET white_share = 'abc' WHERE id = 1", "attachment 1 cannot be read"),
    ("UPDATE attachments SET sha256 = x'ff' WHERE id = 1", "attachment 1 cannot be read"),
    ("UPDATE messages SET body_zh = cast(x'ff41' AS TEXT) WHERE id = 3", "letter 3 cannot be read"),
    ("UPDATE chain_heads SET seq = 'abc' WHERE chain = 1", "cut off"),
    ("UPDATE chain_heads SET origin = x'ff' WHERE chain = 1", "one and the same database"),
    ("UPDATE chain_heads SET origin = cast(x'ff41' AS TEXT)", "one and the same database"),
    ("DELETE FROM chain_heads", "one and the same database"),
)
POSTGRES = (
    ("UPDATE cases SET due_on = 'infinity' WHERE id = 2", "case 2 cannot be read"),
    ("UPDATE cases SET created_at = '0044-03-15 BC' WHERE id = 2", "case 2 cannot be read"),
    ("UPDATE events SET at = 'infinity' WHERE id = 7", "cannot be read"),
)
BOTH = (
    (
        """UPDATE events SET evidence = '{"case":[[18446744073709551615,"x",1]]}' WHERE id = 7""",
        "edited",
    ),
    ("""UPDATE events SET evidence = '{"case":[[1e400,"x",1]]}' WHERE id = 7""", "edited"),
    ("UPDATE events SET evidence = '[]' WHERE id = 7", "edited"),
    ("UPDATE events SET chain = 99 WHERE id = 7", "events.id = 7 belongs to no chain"),
)
OTHERS = "UPDATE decisions SET note = 'x' WHERE id = 2"


def test_each_is_named_and_hides_no_other(engine: Engine) -> None:
    with db.transaction() as session:
        tampering.furnish(session)
    anchors.add(NOW)
    own = SQLITE if engine.dialect.name == "sqlite" else POSTGRES
    for statement, named in (*own, *BOTH):
        with engine.connect() as connection:
            tampering.loosened(connection)
            connection.execute(text(OTHERS))
            connection.exec_driver_sql(statement)
            with db.Session(connection) as session:
                told = tampering.told(tampering.faults(session))
            connection.rollback()
        assert any(named in line for line in told), (statement, told)
        assert any("decision 2 of case" in line for line in told), (statement, told)


@pytest.mark.parametrize("chain", [-1, 64, 77])
def test_a_row_outside_of_every_chain_is_named_and_not_shown(engine: Engine, chain: int) -> None:
    with db.transaction() as session:
        tampering.furnish(session)
    with db.transaction() as session:
        session.connection().execute(
            text(
                "INSERT INTO events (chain, seq, at, actor_name, action, subject, case_id, detail, "
                "previous, hash) SELECT :chain, 1, at, 'forged', 'approve', subject, case_id, "
                "'{}', previous, hash FROM events WHERE case_id = 1 ORDER BY seq LIMIT 1"
            ),
            {"chain": chain},
        )
    anchors.add(datetime.now(UTC))
    reader = Actor(1, "甲", frozenset({Role.SUPERVISOR}))
    with db.reading() as session:
        told = tampering.told(tampering.faults(session))
        assert len(told) == 1
        assert "belongs to no chain" in told[0]
        assert "forged" not in {entry.actor for entry in history_of(session, reader, 1)}


def test_a_pipe_in_the_place_of_a_picture_is_no_picture(engine: Engine) -> None:
    with db.transaction() as session:
        tampering.furnish(session)
    anchors.add(NOW)
    with db.reading() as session:
        first = session.scalars(select(Attachment).order_by(Attachment.id)).first()
        assert first is not None
        path_of(first.sha256).unlink()
        os.mkfifo(path_of(first.sha256))
        told = tampering.told(tampering.faults(session))
    assert len(told) == 1
    assert f"attachment {first.id} of case {first.case_id} is gone" in told[0]
