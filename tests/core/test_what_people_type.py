"""What people type is kept whole or refused in words, by both databases alike, on every way in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import db, typed
from core.access.actors import SYSTEM, Actor
from core.accounts import passwords, signin
from core.anomalies import disposition
from core.casefile.read import find_case
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.catalogue.rulebooks import rulebook_of
from core.employers.procedure import perform as verify_employer
from core.employers.transitions import EmployerAction
from core.errors import CoreError, NotFound
from core.model import Case, Note
from core.queue import listing, saved_views
from core.queue.filters import QueueFilter
from core.register.search import RegisterFilter, read_registration, search_register
from core.review import drafts, notes, verdicts
from core.revocations.procedure import open_revocation
from core.text import Text
from core.vocabulary.cases import Status
from core.vocabulary.review import Outcome
from core.vocabulary.revocations import RevocationGround
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workdays import calendars
from tests.builders import NOW, Team, a_case, an_actor
from tests.proceedings import a_flag, a_registration

HOSTILE = {
    "NUL": "备注\x00之后",
    "half a pair": "备注\ud800",
    "the other half": "\udfff备注",
    "too long": "长" * 5000,
}


class Desk:
    """An officer of everything with a case in hand, and all the ways to type something."""

    def __init__(self, session: Session) -> None:
        team = Team(session)
        self.session = session
        self.case = a_case(session, Status.REVIEW, team=team)
        self.actor = an_actor(session, *(role for role in Role if role is not Role.PROVINCE))
        self.held = a_case(session, Status.REVIEW, team=team)
        claiming.claim(session, self.actor, self.case.id, NOW, reason="替办")
        self.flag = a_flag(session, self.case).id
        self.registration = a_registration(session).id
        book = rulebook_of(session, self.case.rulebook_id)
        self.check = book.checks_at(Stage.REVIEW)[0].key


WAYS: dict[str, Callable[[Desk, str], Any]] = {
    "note": lambda desk, word: notes.write_note(desk.session, desk.actor, desk.case.id, word, NOW),
    "note of a verdict": lambda desk, word: verdicts.give_verdict(
        desk.session, desk.actor, desk.case.id, desk.check, outcome=Outcome.FAIL, note=word, now=NOW
    ),
    "reason of a step": lambda desk, word: perform(
        desk.session, desk.actor, desk.case.id, Action.TERMINATE, reason=word, now=NOW
    ),
    "reason of a pause": lambda desk, word: perform(
        desk.session, desk.actor, desk.case.id, Action.PAUSE_CLOCK, reason=word, now=NOW
    ),
    "reason of taking over": lambda desk, word: claiming.claim(
        desk.session, desk.actor, desk.held.id, NOW, reason=word
    ),
    "disposition of a flag": lambda desk, word: disposition.dispose(
        desk.session, desk.actor, desk.case.id, desk.flag, confirmed=False, reason=word, now=NOW
    ),
    "reason of a revocation": lambda desk, word: open_revocation(
        desk.session,
        desk.actor,
        desk.registration,
        ground=RevocationGround.FRAUD,
        reason=word,
        now=NOW,
    ),
    "reason of a return": lambda desk, word: verify_employer(
        desk.session,
        Actor(None, "省厅", frozenset({Role.PROVINCE}), province="11"),
        desk.case.employer_id,
        EmployerAction.SUSPEND,
        reason=word,
        now=NOW,
    ),
    "draft": lambda desk, word: drafts.keep_draft(
        desk.session, desk.actor, "case:1:decision", {"words": word}, NOW
    ),
    "source of a calendar": lambda desk, word: calendars.load_year(
        desk.session, SYSTEM, 2027, [date(2027, 1, 1)], [], source=word, now=NOW
    ),
}


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_be_kept_is_refused_in_words_on_every_way_in(way: str) -> None:
    with db.transaction() as session:
        desk = Desk(session)
        for name, word in HOSTILE.items():
            undo = session.begin_nested()
            refusals = (
                (typed.TooLongTyped, calendars.CalendarSourceMissing)
                if "long" in name
                else typed.InvisibleTyped
            )
            with pytest.raises(refusals):
                WAYS[way](desk, word)
            undo.rollback()


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("word", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_looked_for_is_found_nowhere_and_fails_nowhere(word: str) -> None:
    with db.transaction() as session:
        actor = an_actor(session, Role.REVIEWER)
        a_case(session)
        number = a_registration(session).number
    with db.reading() as session:
        with pytest.raises(NotFound):
            find_case(session, actor, word)
        with pytest.raises(NotFound):
            read_registration(session, actor, word, "supervision")
        with pytest.raises(NotFound):
            read_registration(session, actor, number, word)
        for wanted in (RegisterFilter(query=word), RegisterFilter(specialty=word)):
            assert search_register(session, actor, wanted).total == 0
        assert listing.total(session, actor, QueueFilter(query=word, specialty=word), NOW) == 0
    for username, password in ((word, "geheim123"), (f"nobody{len(word)}{word[0]!a}", word)):
        with pytest.raises(signin.BadCredentials):
            signin.sign_in(username, password, address="192.0.2.1", agent=word[:4], now=NOW)


@pytest.mark.usefixtures("engine")
def test_a_view_whose_name_or_filters_find_no_room_is_refused_and_not_cut_off() -> None:
    with db.transaction() as session:
        actor = an_actor(session, Role.REVIEWER)
        wide = QueueFilter(query="长" * 200, status=tuple(Status))
        with pytest.raises(typed.TooLongTyped):
            saved_views.save(session, actor, "名" * 61, QueueFilter(), NOW)
        for word in ("名\x00字", "名\ud800字"):
            saved_views.save(session, actor, word, QueueFilter(), NOW)
            assert saved_views.list_views(session, actor)[0].name == "名 字"
            saved_views.remove(session, actor, saved_views.list_views(session, actor)[0].id, NOW)
        with pytest.raises(typed.TooLongTyped):
            saved_views.save(session, actor, "全部", wide, NOW)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("word", HOSTILE.values(), ids=HOSTILE)
def test_a_column_refuses_by_itself_what_nobody_refused_before(word: str) -> None:
    with db.transaction() as session:
        case_id = a_case(session).id

    def rename(session: Session) -> None:
        session.get_one(Case, case_id).person_name = word

    with pytest.raises(db.Unstorable):
        db.run(rename)


def test_a_password_holds_what_can_be_hashed() -> None:
    with pytest.raises(passwords.WeakPassword):
        passwords.check("geheim\ud8001", "reviewer1")
    assert not passwords.matches(None, "geheim\ud8001")


ANYTHING = st.text(st.characters(exclude_categories=()), max_size=40)


@given(ANYTHING)
def test_words_are_kept_as_they_are_or_refused(word: str) -> None:
    assert typed.storable(typed.searchable(word))
    try:
        found = typed.lines(word, Text("备注", "The note"), 20)
    except typed.TooLongTyped:
        assert len(word.strip()) > 20
    except typed.NothingTyped:
        assert not typed.visible(word)
    except typed.InvisibleTyped:
        assert any(typed.unseen(character) for character in word.strip())
    else:
        assert found == word.strip()
        found.encode()
        assert "\x00" not in found


@given(ANYTHING)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_kept_comes_back_as_it_was_typed(engine: Engine, word: str) -> None:
    with db.transaction() as session:
        case, officer = a_case(session), an_actor(session, Role.REVIEWER)
        try:
            notes.write_note(session, officer, case.id, word, NOW)
        except CoreError:
            assert any(typed.unseen(each) for each in word) or not typed.visible(word)
        else:
            session.flush()
            found = session.scalars(select(Note.text).where(Note.case_id == case.id)).one()
            assert found == word.strip()
