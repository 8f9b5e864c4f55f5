"""Amendments of identity data: filed with proof, decided by an officer, written to the person."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import select

from core import db
from core.amendments.procedure import NumberTaken, Unexplained, perform
from core.amendments.transitions import AmendmentAction as A
from core.errors import NotFound
from core.identifiers import name_key
from core.model import Decision, Event, Person
from core.register.search import RegisterFilter, search_register
from core.vocabulary.amendments import AmendmentStatus as S
from core.vocabulary.roles import Role
from core.workflow.engine import NotAvailable, ReasonMissing, RoleMissing
from tests.builders import NOW, a_person, a_registration, an_actor, an_employer
from tests.proceedings import an_amendment, assert_history_holds, steps, the_person

pytestmark = pytest.mark.usefixtures("engine")


def test_an_amendment_that_passes_rewrites_the_person_and_the_register() -> None:
    with db.transaction() as session:
        person = a_person(session, name="演示旧名")
        number = a_registration(session, person, an_employer(session)).number
        changes = {"name": "演示新名", "id_number": person.id_number.lower(), "sex": "female"}
        amendment = an_amendment(session, person, changes=changes)
        officer = an_actor(session, Role.REVIEWER)
        perform(session, the_person(person.id), amendment.id, A.FILE, now=NOW)
        assert (amendment.status, amendment.filed_at) == (S.FILED, NOW)
        perform(session, officer, amendment.id, A.PASS, now=NOW)
        assert (amendment.status, amendment.decided_at) == (S.PASSED, NOW)
        assert amendment.decided_by == officer.user_id
        assert (person.name, person.name_key) == ("演示新名", name_key("演示新名"))
        assert person.sex == "female"
        assert person.id_number == person.id_number.upper()
        found = search_register(session, officer, RegisterFilter(query="演示新名"))
        assert [row.number for row in found.rows] == [number]
        assert found.rows[0].person_name == "演示新名"
        decision = session.scalars(select(Decision)).one()
        assert (decision.subject, decision.approves) == (f"amendment:{amendment.id}", True)
        assert steps(session, f"amendment:{amendment.id}") == [
            ("file", "draft", "filed"),
            ("pass", "filed", "passed"),
            ("rewrite", None, None),
        ]
        rewritten = session.scalars(select(Event).where(Event.action == "rewrite")).one()
        detail = orjson.loads(rewritten.detail)
        assert detail["before"]["name"] == "演示旧名", "what stood before can be read"
        assert detail["after"]["name"] == "演示新名"
    assert_history_holds()


def test_an_amendment_that_fails_says_why_and_changes_nothing() -> None:
    with db.transaction() as session:
        person = a_person(session, name="演示旧名")
        amendment = an_amendment(session, person)
        officer = an_actor(session, Role.REVIEWER)
        perform(session, the_person(person.id), amendment.id, A.FILE, now=NOW)
        with pytest.raises(ReasonMissing):
            perform(session, officer, amendment.id, A.FAIL, now=NOW)
        perform(session, officer, amendment.id, A.FAIL, now=NOW, reason="证明材料不清")
        assert (amendment.status, amendment.reason) == (S.FAILED, "证明材料不清")
        assert person.name == "演示旧名"
        with pytest.raises(NotAvailable):
            perform(session, officer, amendment.id, A.PASS, now=NOW)
    assert_history_holds()


@pytest.mark.parametrize(
    "values", [{"explanation": "  "}, {"changes": {}}, {"changes": {"phone": "1"}}]
)
def test_an_amendment_is_explained_and_changes_something_that_needs_one(
    values: dict[str, object],
) -> None:
    with db.transaction() as session:
        amendment = an_amendment(session, **values)
        with pytest.raises(Unexplained):
            perform(session, the_person(amendment.person_id), amendment.id, A.FILE, now=NOW)


def test_nobody_amends_anybody_else() -> None:
    with db.transaction() as session:
        amendment = an_amendment(session)
        stranger = the_person(a_person(session).id)
        with pytest.raises(NotFound):
            perform(session, stranger, amendment.id, A.FILE, now=NOW)
        with pytest.raises(RoleMissing):
            perform(session, an_actor(session, Role.REVIEWER), amendment.id, A.FILE, now=NOW)


@pytest.mark.parametrize("role", [Role.ACCEPTOR, Role.DECIDER, Role.SUPERVISOR])
def test_only_reviewers_decide_on_amendments(role: Role) -> None:
    with db.transaction() as session:
        amendment = an_amendment(session)
        perform(session, the_person(amendment.person_id), amendment.id, A.FILE, now=NOW)
        with pytest.raises(RoleMissing):
            perform(session, an_actor(session, role), amendment.id, A.PASS, now=NOW)
        province = an_actor(session, Role.PROVINCE, province="11")
        with pytest.raises(NotFound):
            perform(session, province, amendment.id, A.PASS, now=NOW)


def test_the_number_of_another_person_is_not_given_out() -> None:
    with db.transaction() as session:
        other = a_person(session)
        changes = {"id_number": other.id_number.lower()}
        amendment = an_amendment(session, changes=changes)
        perform(session, the_person(amendment.person_id), amendment.id, A.FILE, now=NOW)
        officer = an_actor(session, Role.REVIEWER)
        with pytest.raises(NumberTaken):
            perform(session, officer, amendment.id, A.PASS, now=NOW)
        perform(session, officer, amendment.id, A.FAIL, now=NOW, reason="号码属于他人")
        numbers = session.scalars(select(Person.id_number)).all()
        assert len(numbers) == len(set(numbers))
