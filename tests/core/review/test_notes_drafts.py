"""Internal notes, and text typed but not yet sent."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select

from core import db
from core.casefile.history import notes_of
from core.correspondence.inbox import read_inbox
from core.errors import NotFound, NotPermitted
from core.model import Draft, Event, Note
from core.review.drafts import draft_of, keep_draft
from core.review.notes import EmptyNote, write_note
from core.typed import TooLongTyped
from core.vocabulary.roles import Role
from tests.builders import NOW, Team, a_case, an_actor
from tests.proceedings import assert_history_holds

pytestmark = pytest.mark.usefixtures("engine")


def test_a_note_is_kept_with_its_author_and_the_applicant_never_sees_it() -> None:
    with db.transaction() as session:
        case = a_case(session)
        officer = an_actor(session, Role.SUPERVISOR)
        write_note(session, officer, case.id, "  已电话核实单位  ", NOW)
        write_note(session, officer, case.id, "长" * 4000, NOW + timedelta(minutes=1))
        with pytest.raises(TooLongTyped):
            write_note(session, officer, case.id, "长" * 4001, NOW)
        first, second = notes_of(session, officer, case.id)
        assert (first.author, first.text, first.at) == (officer.name, "已电话核实单位", NOW)
        assert second.text == "长" * 4000
        letters = read_inbox(session, "zh", person_id=case.person_id)
        assert not any("已电话核实单位" in letter.body for letter in letters)
        row = session.scalars(select(Event).where(Event.action == "note").limit(1)).one()
        assert row.case_id == case.id
        assert orjson.loads(row.detail) == {"length": 7}, "the history does not repeat it"
    assert_history_holds()


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u2060", "\u202e"])
def test_an_empty_note_is_refused(text: str) -> None:
    with db.transaction() as session:
        case = a_case(session)
        with pytest.raises(EmptyNote):
            write_note(session, an_actor(session, Role.ACCEPTOR), case.id, text, NOW)
        assert session.scalars(select(Note)).all() == []


def test_notes_are_written_by_officers_on_cases_there_are() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session)
        for stranger in (team.applicant(case), team.employer(case), team.province(case)):
            with pytest.raises(NotPermitted):
                write_note(session, stranger, case.id, "备注", NOW)
        with pytest.raises(NotFound):
            write_note(session, an_actor(session, Role.REVIEWER), 999, "备注", NOW)


def test_a_draft_is_the_authors_own_and_is_forgotten_when_sent() -> None:
    with db.transaction() as session:
        first, second = (an_actor(session, Role.REVIEWER) for _ in range(2))
        assert draft_of(session, first, "case:1:decision") == {}
        keep_draft(session, first, "case:1:decision", {"reason": "材料"}, NOW)
        keep_draft(session, first, "case:2:decision", {"reason": "另案"}, NOW)
        later = NOW + timedelta(minutes=1)
        keep_draft(session, first, "case:1:decision", {"reason": "材料不全"}, later)
        session.flush()
        assert draft_of(session, first, "case:1:decision") == {"reason": "材料不全"}
        assert draft_of(session, second, "case:1:decision") == {}
        kept = session.get_one(Draft, (first.user_id, "case:1:decision"))
        assert kept.saved_at == later
        keep_draft(session, first, "case:1:decision", {}, later)
        keep_draft(session, second, "case:1:decision", {}, later)
        session.flush()
        assert draft_of(session, first, "case:1:decision") == {}
        assert draft_of(session, first, "case:2:decision") == {"reason": "另案"}
        assert len(session.scalars(select(Draft)).all()) == 1


def test_what_is_read_of_a_draft_is_a_copy() -> None:
    with db.transaction() as session:
        actor = an_actor(session, Role.REVIEWER)
        keep_draft(session, actor, "case:1:note", {"text": "一"}, NOW)
        session.flush()
        draft_of(session, actor, "case:1:note")["text"] = "二"
        assert draft_of(session, actor, "case:1:note") == {"text": "一"}
