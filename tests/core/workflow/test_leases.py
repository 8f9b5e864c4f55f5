"""Leases: one holder for any subject, who keeps it by working and loses it by time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import db
from core.access.actors import Actor
from core.model import Lease
from core.vocabulary.roles import Role
from core.workflow import leases
from tests.builders import NOW, a_case, an_actor

pytestmark = pytest.mark.usefixtures("engine")

SUBJECTS = ["case", "appeal", "revocation", "employer"]


def holder_at(session: Session, subject: str, at: datetime) -> leases.Holder | None:
    last = leases.last_holder(session, subject)
    return last if last is not None and last.until > at else None


def subject_of(kind: str) -> tuple[str, int | None]:
    if kind != "case":
        return f"{kind}:7", None
    with db.transaction() as session:
        case = a_case(session)
    return f"case:{case.id}", case.id


@pytest.mark.parametrize("kind", SUBJECTS)
def test_a_subject_of_any_kind_is_held_renewed_and_given_up(kind: str) -> None:
    subject, case_id = subject_of(kind)
    with db.transaction() as session:
        first, second = (an_actor(session, Role.REVIEWER) for _ in range(2))
        assert holder_at(session, subject, NOW) is None
        leases.hold(session, first, subject, case_id=case_id, minutes=30, now=NOW)
        holder = holder_at(session, subject, NOW)
        assert holder == leases.Holder(first.user_id or 0, first.name, NOW + timedelta(minutes=30))
        end = NOW + timedelta(minutes=30)
        assert holder_at(session, subject, end) is None, "it ends by itself"
        leases.renew(session, second, subject, minutes=90, now=NOW)
        assert holder_at(session, subject, end) is None, "nobody renews another's"
        leases.renew(session, first, subject, minutes=90, now=NOW)
        assert holder_at(session, subject, end) is not None
        assert not leases.give_up(session, subject, second)
        leases.hold(session, second, subject, case_id=case_id, minutes=5, now=NOW)
        row = session.scalars(select(Lease)).one()
        assert (row.user_id, row.case_id) == (second.user_id, case_id)
        assert leases.give_up(session, subject)
        assert not leases.give_up(session, subject)


def test_subjects_that_are_no_cases_are_held_side_by_side() -> None:
    with db.transaction() as session:
        actor = an_actor(session, Role.REVIEWER)
        for number in range(3):
            leases.hold(session, actor, f"appeal:{number}", case_id=None, minutes=5, now=NOW)
        assert len(session.scalars(select(Lease)).all()) == 3


def test_of_many_who_hold_at_once_one_row_is_left(engine: Engine) -> None:
    with db.transaction() as session:
        actors = [an_actor(session, Role.REVIEWER) for _ in range(4)]

    def hold(actor: Actor) -> None:
        with db.transaction() as session:
            leases.hold(session, actor, "appeal:1", case_id=None, minutes=5, now=NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hold, actors))
    with db.reading() as session:
        assert len(session.scalars(select(Lease)).all()) == 1
