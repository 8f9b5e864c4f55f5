"""Officers of an older installation have their names to themselves; locks are given up."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from core import db
from tests.core.migrations.older import SENT, at_revision, connected, put, table


@pytest.fixture
def older(engine_url: str) -> str:
    before = ScriptDirectory(str(db.MIGRATIONS)).get_revision("0008").down_revision
    return at_revision(engine_url, str(before))


def test_names_are_taken_in_the_order_of_accounts(older: str) -> None:
    with connected(older) as connection:
        person = put(connection, "people")
        for username, name, whose in (
            ("first", "王 芳", None),
            ("second", "王芳", None),
            ("third", "李\u200b四", None),
            ("nameless", "　", None),
            ("applicant", "王芳", person),
        ):
            number = put(
                connection, "users", username=username, name=name, roles=[], professions=[],
                person_id=whose, failures=9, locked_until=SENT,
            )  # fmt: skip
            put(connection, "login_sessions", user_id=number, token_hash=username)
    db.migrate(older, "0008")
    with connected(older) as connection:
        rows = table(connection, "users")
        assert [row["name_key"] for row in rows] == ["王芳", None, "李四", None, None]
        assert not {"failures", "locked_until"} & set(rows[0])
        assert len(table(connection, "login_sessions")) == 5
        assert not list(connection.execute(sa.text("SELECT * FROM sign_in_brakes")))
    with pytest.raises(sa.exc.IntegrityError), connected(older) as connection:
        put(connection, "users", username="x", roles=[], professions=[], name_key="王芳")
