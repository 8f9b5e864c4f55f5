"""Verdicts: one in force for each item, every version readable, none after the decision."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event as Signal

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import db
from core.access.actors import SYSTEM, Actor
from core.audit import history
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.cases.verdict_history import GIVEN, PASSED, Given, versions
from core.catalogue.rulebooks import rulebook_of
from core.errors import CoreError, NotFound
from core.model import Case, Event, Lease, Verdict
from core.review import verdicts
from core.review.verdicts import give_verdict, pass_the_rest
from core.typed import TooLongTyped
from core.vocabulary.cases import STATUSES, Status
from core.vocabulary.review import Outcome
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow.engine import HeldByOther, NotHeldByYou
from tests.builders import NOW, Team, a_case, an_actor, bring
from tests.proceedings import assert_history_holds

pytestmark = pytest.mark.usefixtures("engine")


def at_desk(session: Session, status: Status = Status.RECEIVED) -> tuple[Case, Actor, str, str]:
    """A case its officer holds, the first item of its list, and a reason why that may fail."""
    team = Team(session)
    case = a_case(session, status, team=team)
    stage = verdicts.checklist_stage(status)
    assert stage is not None
    officer = team.officer(stage)
    claiming.claim(session, officer, case.id, NOW)
    check = rulebook_of(session, case.rulebook_id).checks_at(stage)[0]
    return case, officer, check.key, check.reasons[0]


def test_every_version_of_a_verdict_stays_readable() -> None:
    with db.transaction() as session:
        case, first, item, why = at_desk(session)
        second = an_actor(session, Role.ACCEPTOR)
        later = NOW + timedelta(minutes=5)
        give_verdict(
            session,
            first,
            case.id,
            item,
            outcome=Outcome.FAIL,
            reasons=[why],
            note=" 照片模糊 ",
            now=NOW,
        )
        claiming.claim(session, second, case.id, later, reason="原办理人休假")
        give_verdict(session, second, case.id, item, outcome=Outcome.PASS, now=later)
        failed, passed = (
            Given(Outcome.FAIL, (why,), "照片模糊"),
            Given(Outcome.PASS, (), ""),
        )
        found = versions(session, SYSTEM, case.id)
        assert [(v.before, v.after) for v in found] == [(failed, passed), (None, failed)]
        assert [(v.officer, v.at) for v in found] == [(second.name, later), (first.name, NOW)]
        assert {(v.item, v.stage) for v in found} == {(item, Stage.ACCEPTANCE)}
        row = session.scalars(select(Verdict)).one()
        assert (row.outcome, row.officer_id, row.changed_at) == ("pass", second.user_id, later)
    assert_history_holds()


def test_an_unchanged_verdict_is_no_new_version() -> None:
    with db.transaction() as session:
        case, officer, item, why = at_desk(session)
        for minutes in range(3):
            give_verdict(
                session,
                officer,
                case.id,
                item,
                outcome=Outcome.FAIL,
                reasons=[why],
                note="照片模糊" + " " * minutes,
                now=NOW + timedelta(minutes=minutes),
            )
        assert len(versions(session, SYSTEM, case.id)) == 1
        rows = session.scalars(select(Event).where(Event.action == GIVEN)).all()
        assert len(rows) == 1
        lease = session.scalars(select(Lease)).one()
        assert lease.expires_at > NOW + timedelta(minutes=32), "but the work renews the claim"


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": None, "reasons": [], "note": "照片模糊"},
        {"outcome": Outcome.NOT_APPLICABLE},
        {"outcome": Outcome.FAIL, "reasons": []},
        {"outcome": Outcome.FAIL, "note": "另一句"},
    ],
)
def test_whatever_changes_of_a_verdict_is_a_version(change: dict[str, object]) -> None:
    with db.transaction() as session:
        case, officer, item, why = at_desk(session)
        first: dict[str, object] = {"outcome": Outcome.FAIL, "reasons": [why], "note": "照片模糊"}
        for values in (first, first | change):
            give_verdict(session, officer, case.id, item, now=NOW, **values)  # type: ignore[arg-type]
        newest, oldest = versions(session, SYSTEM, case.id)
        assert newest.before == oldest.after
        assert newest.after != newest.before


def test_passing_the_rest_touches_only_what_has_no_verdict_and_is_one_step() -> None:
    with db.transaction() as session:
        case, officer, item, why = at_desk(session)
        other = rulebook_of(session, case.rulebook_id).checks_at(Stage.ACCEPTANCE)[1].key
        give_verdict(session, officer, case.id, item, outcome=Outcome.FAIL, reasons=[why], now=NOW)
        give_verdict(session, officer, case.id, other, outcome=None, note="待查", now=NOW)
        items = rulebook_of(session, case.rulebook_id).checks_at(Stage.ACCEPTANCE)
        assert pass_the_rest(session, officer, case.id, now=NOW) == len(items) - 1
        assert pass_the_rest(session, officer, case.id, now=NOW) == 0
        steps = session.scalars(select(Event).where(Event.action == PASSED)).all()
        assert len(steps) == 1
        found = versions(session, SYSTEM, case.id)
        assert len(found) == len(items) + 1
        by_item = {version.item: version for version in found if version.after.outcome}
        assert by_item[item].after.outcome is Outcome.FAIL
        assert by_item[other].before == Given(None, (), "待查")
        assert by_item[other].after == Given(Outcome.PASS, (), "待查")
    assert_history_holds()


def test_a_correction_reopens_what_failed_and_says_so() -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, Status.CORRECTING, team=team)
        failed = session.scalars(select(Verdict).where(Verdict.outcome == "fail")).one()
        why, item = tuple(failed.reasons), failed.check_key
        bring(session, case, Status.CORRECTED, team=team)
        newest = versions(session, SYSTEM, case.id)[0]
        assert newest.item == item
        assert newest.before == Given(Outcome.FAIL, why, "")
        assert newest.after == Given(None, why, "")
        assert newest.officer == team.applicant(case).name
        assert failed.outcome is None
        bring(session, case, Status.ACCEPTED, team=team)
        assert versions(session, SYSTEM, case.id)[0].before == Given(None, why, "")
    assert_history_holds()


def test_versions_of_several_desks_are_told_apart() -> None:
    with db.transaction() as session:
        case = a_case(session, Status.RECHECK)
        other = a_case(session)
        stages = {version.stage for version in versions(session, SYSTEM, case.id)}
        assert stages == {Stage.ACCEPTANCE, Stage.REVIEW}
        assert versions(session, SYSTEM, other.id) == ()


def test_reasons_are_kept_only_where_they_belong_to_a_failure_of_the_item() -> None:
    with db.transaction() as session:
        case, officer, item, why = at_desk(session)
        row = give_verdict(
            session,
            officer,
            case.id,
            item,
            outcome=Outcome.FAIL,
            reasons=[why, "made_up"],
            note="长" * verdicts.LONGEST_NOTE,
            now=NOW,
        )
        assert row.reasons == [why]
        assert len(row.note) == verdicts.LONGEST_NOTE
        with pytest.raises(TooLongTyped):
            give_verdict(
                session, officer, case.id, item, outcome=Outcome.FAIL, note=row.note + "长", now=NOW
            )
        row = give_verdict(
            session, officer, case.id, item, outcome=Outcome.PASS, reasons=[why], now=NOW
        )
        assert row.reasons == []


@pytest.mark.parametrize("status", [s for s, spec in STATUSES.items() if spec.desk])
def test_verdicts_are_given_where_a_list_is_filled_in_by_who_holds_the_case(
    status: Status,
) -> None:
    with db.transaction() as session:
        team = Team(session)
        case = a_case(session, status, team=team)
        everything = an_actor(session, Role.ACCEPTOR, Role.REVIEWER, Role.DECIDER)
        with pytest.raises((NotHeldByYou, HeldByOther)):
            pass_the_rest(session, everything, case.id, now=NOW)
        claiming.claim(session, everything, case.id, NOW, reason="替办")
        if STATUSES[Status(case.status)].checklist is None:
            with pytest.raises(verdicts.NoChecklistHere):
                pass_the_rest(session, everything, case.id, now=NOW)
        else:
            pass_the_rest(session, everything, case.id, now=NOW)
        with pytest.raises(NotFound):
            pass_the_rest(session, everything, 999, now=NOW)


def test_an_item_of_another_desk_is_unknown() -> None:
    with db.transaction() as session:
        case, officer, _, _ = at_desk(session)
        book = rulebook_of(session, case.rulebook_id)
        own = {check.key for check in book.checks_at(Stage.ACCEPTANCE)}
        foreign = next(check.key for check in book.checks_at(Stage.REVIEW) if check.key not in own)
        with pytest.raises(verdicts.UnknownCheck):
            give_verdict(session, officer, case.id, foreign, outcome=Outcome.PASS, now=NOW)


# --- two at once ---------------------------------------------------------------------------------


def test_no_verdict_lands_after_the_case_moved_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One window judges while the other passes the case on: the verdict comes before, or not."""
    with db.transaction() as session:
        case, officer, item, why = at_desk(session)
        pass_the_rest(session, officer, case.id, now=NOW)
    reading, moved = Signal(), Signal()
    ask: Callable[..., object] = claiming.held

    def slowly(*arguments: object) -> object:
        """The case is looked at; before the verdict is written, the other one acts."""
        context = ask(*arguments)
        reading.set()
        moved.wait(1.5)
        return context

    monkeypatch.setattr(claiming, "held", slowly)

    def judge() -> str:
        try:
            with db.transaction() as session:
                give_verdict(
                    session, officer, case.id, item, outcome=Outcome.FAIL, reasons=[why], now=NOW
                )
        except CoreError:
            return "told"
        return "judged"

    def accept() -> str:
        reading.wait(10)
        try:
            with db.transaction() as session:
                perform(session, officer, case.id, Action.ACCEPT, now=NOW)
        except CoreError:
            return "told"
        finally:
            moved.set()
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        judging, accepting = pool.submit(judge), pool.submit(accept)
        outcomes = (judging.result(60), accepting.result(60))
    with db.reading() as session:
        status = session.get_one(Case, case.id).status
        row = session.scalars(select(Verdict).where(Verdict.check_key == item)).one()
        order = session.scalars(
            select(Event.action).where(Event.case_id == case.id).order_by(Event.id)
        ).all()
        assert list(history.verify(session)) == []
    assert outcomes == ("judged", "told"), "the failed item forbids what was about to happen"
    assert (status, row.outcome) == (Status.RECEIVED, "fail")
    assert order[-1] == GIVEN


def test_after_the_decision_the_verdict_is_refused(engine: Engine) -> None:
    with db.transaction() as session:
        case, officer, item, why = at_desk(session)
        pass_the_rest(session, officer, case.id, now=NOW)
        perform(session, officer, case.id, Action.ACCEPT, now=NOW)
        with pytest.raises(NotHeldByYou):
            give_verdict(
                session, officer, case.id, item, outcome=Outcome.FAIL, reasons=[why], now=NOW
            )
