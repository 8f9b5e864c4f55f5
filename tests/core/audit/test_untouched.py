"""No alarm is cried for what the commands do, in whatever order, and they leave nothing over."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import Engine, select

from core import clock, db
from core.audit import anchors, history
from core.audit.evidence import KINDS
from core.model import Case, Event, Registration, Verdict
from core.register.commands import end_registration
from core.vocabulary.cases import Status
from core.vocabulary.register import RegistrationStatus
from tests import tampering
from tests.builders import NOW, a_case, a_person, a_registration, an_employer
from tests.tampering import faults
from tests.wandering import wander

STEPS = 30


@pytest.mark.parametrize("seed", range(2))
def test_whatever_the_commands_did_verifies(engine: Engine, seed: int) -> None:
    done = wander(seed, STEPS)
    assert done > STEPS / 4
    with db.reading() as session:
        assert list(history.verify(session)) == []
    anchors.add(clock.now())
    assert wander(seed + 100, STEPS // 4)
    with db.reading() as session:
        assert faults(session) == []


def test_every_command_records_what_it_writes(engine: Engine) -> None:
    with db.transaction() as session:
        tampering.furnish(session)
    with db.transaction() as session:
        a_case(session, Status.CLOSED)
        a_case(session, Status.REJECTED)
        a_case(session, Status.CORRECTED)
    with db.reading() as session:
        sealed = session.scalars(select(Event.evidence).where(Event.action == history.SEAL))
        # Accounts are made by the builders, and each has its digests in its own chain.
        kinds = {key for each in sealed for key in orjson.loads(each or "{}")}
        assert kinds == {"user"}, "something was written that no command recorded"
        assert list(history.verify(session)) == []


def test_what_nobody_recorded_gets_a_row_of_its_own(engine: Engine) -> None:
    with db.transaction() as session:
        row = a_registration(session, a_person(session), an_employer(session))
    with db.transaction() as session:
        found = session.get_one(Registration, row.id)
        end_registration(found, RegistrationStatus.CANCELLED, "无记录", NOW.date())
    with db.reading() as session:
        rows = session.scalars(select(Event).order_by(Event.id)).all()
        assert [each.action for each in rows] == [history.SEAL] * 2
        assert list(history.verify(session)) == []


def test_statements_past_the_mapper_are_seen(engine: Engine) -> None:
    with db.transaction() as session:
        case = a_case(session, Status.REVIEW)
    with db.transaction() as session:
        session.execute(Verdict.__table__.select())
        session.query(Verdict).filter(Verdict.case_id == case.id).update({"note": "改过"})
        session.query(Case).filter(Case.id == case.id).update({"person_name": "新名"})
    with db.reading() as session:
        assert list(history.verify(session)) == []


def test_only_what_is_no_evidence_is_left_out() -> None:
    assert {kind.key: kind.beside for kind in KINDS.values() if kind.beside} == {
        "case": ("flags_block", "flags_other"),  # counted from the flags
        "letter": ("read_at",),
        "user": ("language", "signed_in_at"),
    }


def test_every_kind_of_evidence_has_a_label_and_columns() -> None:
    for kind in KINDS.values():
        assert kind.label.zh
        assert kind.names[0] == "id"
        assert set(kind.beside) <= {column.name for column in kind.model.__table__.columns}
        assert kind.versioned or kind.names[-1] != "version_id"
