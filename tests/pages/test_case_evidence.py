"""What the case page keeps readable: versions of verdicts, pauses, the rulebook that holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import catalogue, clock, db
from core.access.actors import SYSTEM
from core.casefile.history import history_of
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.model import Case, User
from core.queue import listing
from core.queue.filters import QueueFilter, Sort, Tab
from core.review import verdicts
from core.vocabulary.cases import Status
from core.vocabulary.review import Outcome
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from dashboard.panels.case import versions
from dashboard.panels.shared import case_rows
from dashboard.session import Visit
from tests import builders as build
from tests.screens import open_page, words


def a_case(team: build.Team, status: Status) -> Case:
    with db.transaction() as session:
        team.session = session
        return build.a_case(session, status, team=team, now=clock.now())


def reader(team: build.Team, stage: Stage) -> User:
    with db.reading() as session:
        return session.get_one(User, team.officer(stage).user_id)


def test_every_version_of_a_verdict_stays_readable_on_the_page(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, officer = a_case(team, Status.RECEIVED), team.officer(Stage.ACCEPTANCE)
    with db.transaction() as session:
        claiming.claim(session, officer, case.id, clock.now())
        rulebook = claiming.case_locked(session, officer, case.id, clock.now()).rulebook
        item = next(check for check in rulebook.checks_at(Stage.ACCEPTANCE) if check.reasons)
        for outcome, note in ((Outcome.FAIL, "缺第二页"), (Outcome.PASS, "")):
            verdicts.give_verdict(
                session,
                officer,
                case.id,
                item.key,
                outcome=outcome,
                reasons=item.reasons[:1],
                note=note,
                now=clock.now(),
            )
    shown: list[list[dict[str, str]]] = []
    monkeypatch.setattr(versions, "table", lambda _columns, rows, **_more: shown.append(rows))
    app = open_page(monkeypatch, reader(team, Stage.ACCEPTANCE), "case", ref=case.ref)
    app.session_state["case-tabs"] = "历史"
    app.run()
    assert not app.exception
    rows = shown[-1]
    assert [(row["before"], row["after"]) for row in rows] == [
        (rows[1]["after"], "符合"),
        ("—", rows[1]["after"]),
    ]
    assert rows[1]["after"].startswith("不符合；")
    assert rows[1]["after"].endswith("缺第二页")
    assert {row["who"] for row in rows} == {officer.name}


def test_a_pause_is_shown_with_its_reason_and_has_no_day_to_be_due_on(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team, Status.REVIEW)
    with db.transaction() as session:
        decider = team.officer(Stage.DECISION)
        perform(
            session, decider, case.id, Action.PAUSE_CLOCK, now=clock.now(), reason="组织专家评审"
        )
        steps = history_of(session, SYSTEM, case.id)
    assert (steps[0].what.zh, steps[0].reason) == ("中止计时", "组织专家评审")
    app = open_page(monkeypatch, reader(team, Stage.REVIEW), "case", ref=case.ref)
    assert "审批决定中止计时：组织专家评审" in words(app)
    assert "时限：第" not in words(app)


def test_a_paused_case_says_so_in_the_queue(team: build.Team) -> None:
    case = a_case(team, Status.REVIEW)
    reviewer = team.officer(Stage.REVIEW)
    with db.transaction() as session:
        decider = team.officer(Stage.DECISION)
        perform(session, decider, case.id, Action.PAUSE_CLOCK, now=clock.now(), reason="听证")
    with db.reading() as session:
        found = listing.page(session, reviewer, QueueFilter(tab=Tab.REVIEW), clock.now())
    visit = Visit(1, reviewer.user_id or 0, "x", reviewer, "zh")
    cell = case_rows.cells(found.rows[0], visit, clock.today())[Sort.DUE]
    assert cell == {"text": "中止计时", "tone": "warn"}


def test_a_case_says_which_rulebook_it_follows_and_when_another_is_in_force(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team, Status.RECEIVED)
    user = reader(team, Stage.ACCEPTANCE)
    shown = words(open_page(monkeypatch, user, "case", ref=case.ref))
    assert f"规则版本 {case.rulebook_id[:8]}" in shown.replace("\\", "")
    assert "规则此后已更新" not in shown
    book = catalogue.current()
    owner = book.professions[case.profession]
    changed = replace(owner, parameters={**owner.parameters, "correction_days": 7})
    with catalogue.installed(catalogue.extended(book, professions=[changed])):
        shown = words(open_page(monkeypatch, user, "case", ref=case.ref))
    assert "规则此后已更新" in shown
    assert Role.ACCEPTOR.value in user.roles
