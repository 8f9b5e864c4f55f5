"""Leases, clocks and decisions of an older installation name their subject afterwards."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from core import db
from tests.core.migrations.older import SENT, at_revision, connected, put, table


@pytest.fixture
def older(engine_url: str) -> str:
    return at_revision(engine_url, "0002")


def test_what_was_held_timed_and_decided_stays_with_its_case(older: str) -> None:
    with connected(older) as connection:
        put(connection, "rulebooks", id="b" * 64, content={})
        person, employer = put(connection, "people"), put(connection, "employers")
        case = put(
            connection,
            "cases",
            person_id=person,
            employer_id=employer,
            rulebook_id="b" * 64,
            created_at=SENT,
        )
        officer = put(connection, "users", roles=[], professions=[])
        connection.execute(
            sa.text(
                "INSERT INTO leases (case_id, user_id, taken_at, expires_at) "
                "VALUES (:case, :officer, :at, :at)"
            ),
            {"case": case, "officer": officer, "at": SENT},
        )
        put(connection, "clocks", case_id=case, kind="decision", due_on=dt.date(2026, 4, 1))
        put(connection, "decisions", case_id=case, officer_id=officer, four_eyes=True, reasons=[])
        put(connection, "events", case_id=case, case_version=3, subject=f"case:{case}")
    db.migrate(older, "0003")
    with connected(older) as connection:
        leases = list(connection.execute(sa.text("SELECT subject, case_id FROM leases")))
        clocks, decisions = table(connection, "clocks"), table(connection, "decisions")
        events, book = table(connection, "events"), table(connection, "rulebooks")
        tables = set(sa.inspect(connection).get_table_names())
    assert leases == [(f"case:{case}", case)]
    assert [(row["subject"], row["case_id"]) for row in clocks] == [(f"case:{case}", case)]
    assert [(row["subject"], row["officer_id"]) for row in decisions] == [(f"case:{case}", officer)]
    assert [row["version"] for row in events] == [3]
    assert [row["since"] for row in book] == [SENT]
    assert tables.isdisjoint({"pair_memory", "outbox", "jobs"})
    assert {"clock_pauses", "revocations", "hearings"} <= tables


def test_one_officer_still_counts_once_on_a_case(older: str) -> None:
    db.migrate(older, "0003")
    with connected(older) as connection:
        officer = put(connection, "users", roles=[], professions=[])
        put(connection, "decisions", subject="appeal:1", officer_id=officer, four_eyes=True)
    with pytest.raises(sa.exc.IntegrityError), connected(older) as connection:
        put(connection, "decisions", subject="appeal:1", officer_id=officer, four_eyes=True)
