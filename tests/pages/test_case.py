"""The case page as officers use it (AppTest)."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.access.actors import Actor
from core.casefile.read import read_case
from core.casefile.rows import CaseFile
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.model import (
    AccessLog,
    Case,
    CorrectionItem,
    Draft,
    Lease,
    Note,
    User,
    Verdict,
)
from core.review import verdicts
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from dashboard.labels import ASKED
from dashboard.panels.case import checklist, desk
from tests import builders as build
from tests.screens import address, open_page, words


def user_of(team: build.Team, stage: Stage) -> User:
    with db.reading() as session:
        return session.get_one(User, team.officer(stage).user_id)


def a_case(team: build.Team, status: Status = Status.RECEIVED, **values: object) -> Case:
    with db.transaction() as session:
        team.session = session
        return build.a_case(session, status, team=team, now=clock.now(), **values)  # type: ignore[arg-type]


def again(case: Case) -> Case:
    with db.reading() as session:
        return session.get_one(Case, case.id)


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_a_case_is_claimed_judged_and_accepted(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team)
    app = open_page(monkeypatch, user_of(team, Stage.ACCEPTANCE), "case", ref=case.ref)
    assert case.person_name in words(app)
    assert "受理" not in labels(app)
    assert "请先领取本案" in words(app)
    app.button(key=f"claim-{case.id}").click().run()
    assert "由您办理" in words(app)
    app.button(key=f"rest-{case.id}-acceptance").click().run()
    assert "受理" in labels(app)
    app.button(key=f"act-{case.id}-accept").click().run()
    assert again(case).status == Status.ACCEPTED
    assert not app.exception


def test_a_failing_item_asks_for_its_reason_and_offers_the_correction(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team)
    with db.transaction() as session:
        claiming.claim(session, team.officer(Stage.ACCEPTANCE), case.id, clock.now())
    app = open_page(monkeypatch, user_of(team, Stage.ACCEPTANCE), "case", ref=case.ref)
    name = f"{case.id}-acceptance-images"
    app.segmented_control(key=f"verdict-{name}").set_value("fail").run()
    app.multiselect(key=f"reasons-{name}").set_value(["image_unfit"]).run()
    app.text_area(key=f"note-{name}").set_value("照片非白底").run()
    with db.reading() as session:
        verdict = session.scalars(select(Verdict)).one()
    assert (verdict.outcome, verdict.reasons, verdict.note) == (
        "fail",
        ["image_unfit"],
        "照片非白底",
    )
    app.button(key=f"rest-{case.id}-acceptance").click().run()
    assert "通知补正" in labels(app)
    assert "受理" not in labels(app)
    app.button(key=f"act-{case.id}-request_correction").click().run()
    assert again(case).status == Status.CORRECTING


def test_the_second_to_act_is_told_and_keeps_what_was_typed(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team, Status.DECISION)
    decider = team.officer(Stage.DECISION)
    with db.transaction() as session:
        claiming.claim(session, decider, case.id, clock.now())
    app = open_page(monkeypatch, user_of(team, Stage.DECISION), "case", ref=case.ref)
    app.text_area(key=f"words-{case.id}").set_value("材料属实，同意。").run()
    with db.transaction() as session:
        other = build.an_actor(session, Role.DECIDER, name="另一决定人")
        claiming.claim(session, other, case.id, clock.now(), reason="接手测试")
        perform(
            session,
            other,
            case.id,
            Action.RETURN_TO_RECHECK,
            now=clock.now(),
            reason="请补充核对",
        )
    app.button(key=f"act-{case.id}-approve").click().run()
    said = words(app)
    assert "另一决定人" in said
    assert "退回上一环节" in said
    with db.reading() as session:
        draft = session.scalars(select(Draft)).one()
    assert draft.content == {"words": "材料属实，同意。"}
    assert again(case).status == Status.RECHECK


def test_what_was_typed_comes_back_after_a_reload(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team, Status.DECISION)
    with db.transaction() as session:
        claiming.claim(session, team.officer(Stage.DECISION), case.id, clock.now())
    user = user_of(team, Stage.DECISION)
    app = open_page(monkeypatch, user, "case", ref=case.ref)
    app.text_area(key=f"words-{case.id}").set_value("写到一半").run()
    reloaded = open_page(monkeypatch, user, "case", ref=case.ref)
    assert reloaded.text_area(key=f"words-{case.id}").value == "写到一半"


def test_taking_over_needs_a_reason(team: build.Team, monkeypatch: pytest.MonkeyPatch) -> None:
    case = a_case(team)
    with db.transaction() as session:
        holder = build.an_actor(session, Role.ACCEPTOR, name="休假的同事")
        claiming.claim(session, holder, case.id, clock.now())
    app = open_page(monkeypatch, user_of(team, Stage.ACCEPTANCE), "case", ref=case.ref)
    assert "休假的同事" in words(app)
    app.button(key=f"take-over-{case.id}").click().run()
    assert "请写明理由" in words(app)
    app.text_input(key=f"take-over-reason-{case.id}").set_value("原办理人休假").run()
    app.button(key=f"take-over-{case.id}").click().run()
    with db.reading() as session:
        lease = session.scalars(select(Lease)).one()
    assert lease.user_id == team.officer(Stage.ACCEPTANCE).user_id


def test_an_unknown_case_and_a_missing_number_are_said_calmly(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = user_of(team, Stage.ACCEPTANCE)
    assert "未找到案件" in words(open_page(monkeypatch, user, "case", ref="2026999999999"))
    assert "请从待办队列" in words(open_page(monkeypatch, user, "case"))


def test_a_role_without_the_right_is_told_who_has_it(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team)
    with db.transaction() as session:
        analyst = build.a_user(session, Role.ANALYST)
    app = open_page(monkeypatch, analyst, "case", ref=case.ref)
    assert case.person_name not in words(app)
    assert "审查员" in words(app)


@pytest.mark.parametrize(
    "tab", ["materials", "application", "checks", "related", "record", "history"]
)
def test_every_part_of_the_file_opens(
    team: build.Team, tab: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team, Status.CLOSED, profession="survey_design", business="change")
    app = open_page(monkeypatch, user_of(team, Stage.REVIEW), "case", ref=case.ref)
    titles = {
        "materials": "材料",
        "application": "申请与注册库",
        "checks": "自动检查",
        "related": "关联信息",
        "record": "意见与沟通",
        "history": "历史",
    }
    app.session_state["case-tabs"] = titles[tab]
    app.run()
    assert not app.exception


def test_a_note_is_kept_and_an_empty_one_is_refused(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team)
    app = open_page(monkeypatch, user_of(team, Stage.ACCEPTANCE), "case", ref=case.ref)
    app.session_state["case-tabs"] = "意见与沟通"
    app.run()
    submit = next(button for button in app.button if button.label == "添加备注")
    submit.click().run()
    assert "不能为空" in words(app)
    app.text_area(key=f"new-note-{case.id}").set_value("**核对** <b>社保</b>")
    next(button for button in app.button if button.label == "添加备注").click().run()
    with db.reading() as session:
        assert session.scalars(select(Note.text)).all() == ["**核对** <b>社保</b>"]
    assert "**核对** <b>社保</b>" in words(app)


def test_opening_a_case_is_logged_once_a_visit(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team)
    app = open_page(monkeypatch, user_of(team, Stage.ACCEPTANCE), "case", ref=case.ref)
    app.run()
    with db.reading() as session:
        rows = session.scalars(select(AccessLog)).all()
    assert [(row.what, row.subject) for row in rows] == [("case", f"case:{case.id}")]


def test_what_a_colleague_does_is_announced_until_it_is_acknowledged(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team, Status.DECISION)
    app = open_page(monkeypatch, user_of(team, Stage.DECISION), "case", ref=case.ref)
    assert not app.warning
    with db.transaction() as session:
        other = build.an_actor(session, Role.DECIDER, name="另一决定人")
        claiming.claim(session, other, case.id, clock.now())
        perform(session, other, case.id, Action.RETURN_TO_RECHECK, now=clock.now(), reason="请核对")
    for _ in range(2):
        app.run()
        (said,) = app.warning
        assert "另一决定人" in said.value
        assert "退回上一环节" in said.value
    app.button(key="case-changed-seen").click().run()
    app.run()
    assert not app.warning
    assert not app.exception


def test_ones_own_acts_are_not_announced_and_the_visit_goes_on(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team)
    app = open_page(monkeypatch, user_of(team, Stage.ACCEPTANCE), "case", ref=case.ref)
    app.button(key=f"claim-{case.id}").click().run()
    app.button(key=f"rest-{case.id}-acceptance").click().run()
    app.button(key=f"act-{case.id}-accept").click().run()
    app.run()
    assert again(case).status == Status.ACCEPTED
    assert not app.warning
    assert not app.exception
    with db.reading() as session:
        assert len(session.scalars(select(AccessLog)).all()) == 1, "one visit"


@pytest.mark.parametrize("another", [True, False])
def test_after_a_decision_the_next_case_is_taken_or_there_is_said_to_be_none(
    team: build.Team, another: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team)
    following = a_case(team) if another else None
    app = open_page(monkeypatch, user_of(team, Stage.ACCEPTANCE), "case", ref=case.ref)
    app.button(key=f"claim-{case.id}").click().run()
    app.button(key=f"rest-{case.id}-acceptance").click().run()
    app.button(key=f"act-{case.id}-accept").click().run()
    assert not app.exception
    assert not app.error
    with db.reading() as session:
        held = session.scalars(select(Lease.case_id)).all()
    if following is None:
        assert held == []
        assert address(app) == {"ref": case.ref}
        assert "已办理。当前没有下一件可领取。" in [toast.value for toast in app.toast]
    else:
        assert held == [following.id]
        assert address(app) == {"ref": following.ref}


def test_a_run_of_the_page_reads_the_case_once(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team)
    with db.transaction() as session:
        claiming.claim(session, team.officer(Stage.ACCEPTANCE), case.id, clock.now())
    app = open_page(monkeypatch, user_of(team, Stage.ACCEPTANCE), "case", ref=case.ref)
    read: list[str] = []

    def noted(session: Session, actor: Actor, ref: str, now: datetime) -> CaseFile:
        read.append(ref)
        return read_case(session, actor, ref, now)

    monkeypatch.setattr(desk, "read_case", noted)
    app.run()
    assert read == [case.ref]
    app.button(key=f"rest-{case.id}-acceptance").click().run()
    assert read == [case.ref] * 3, "the run with the click, and the one that shows what it saved"


def test_whoever_took_over_meanwhile_is_seen_at_once(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team)
    with db.transaction() as session:
        claiming.claim(session, team.officer(Stage.ACCEPTANCE), case.id, clock.now())
    app = open_page(monkeypatch, user_of(team, Stage.ACCEPTANCE), "case", ref=case.ref)
    assert "由您办理" in words(app)

    def overtaken(session: Session, actor: Actor, case_id: int, *, now: datetime) -> None:
        verdicts.pass_the_rest(session, actor, case_id, now=now)
        other = build.an_actor(session, Role.ACCEPTOR, name="接手的同事")
        claiming.claim(session, other, case_id, now, reason="接手测试")

    monkeypatch.setattr(checklist, "verdicts", SimpleNamespace(pass_the_rest=overtaken))
    app.button(key=f"rest-{case.id}-acceptance").click().run()
    said = words(app)
    assert "接手的同事 办理中" in said
    assert "由您办理" not in said
    assert "受理" not in labels(app)


def test_what_a_correction_asks_for_is_shown_in_the_language_of_the_reader(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team, Status.CORRECTING)
    with db.transaction() as session:
        applicant = build.a_user(session, Role.APPLICANT, person_id=case.person_id)
        content, reason = session.scalars(select(CorrectionItem)).one().asked
    officer = user_of(team, Stage.ACCEPTANCE)
    for language, tab in (("zh", "意见与沟通"), ("en", "Opinions")):
        asked = ASKED(language, content=content, reason=reason)
        assert asked in words(open_page(monkeypatch, applicant, "mine", language=language))
        app = open_page(monkeypatch, officer, "case", language=language, ref=case.ref)
        app.session_state["case-tabs"] = tab
        assert asked in words(app.run())
