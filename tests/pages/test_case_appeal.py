"""An applicant's appeal on a flag, as two officers read and decide it on the case page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.accounts.users import actor_of
from core.anomalies import disposition
from core.appeals import procedure as appeals
from core.appeals.procedure import open_appeal
from core.appeals.transitions import AppealAction
from core.model import Appeal, Case, User
from core.vocabulary.appeals import AppealStatus
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow.engine import ReasonMissing
from tests import builders as build
from tests.pages.test_case import a_case, labels, user_of
from tests.proceedings import a_flag, the_person
from tests.screens import open_page, words


def test_an_appeal_is_read_and_decided_by_two_officers_before_the_flag(
    team: build.Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = a_case(team, Status.REVIEW)
    said = "总公司*代缴*，见附件"
    with db.transaction() as session:
        first, second = (build.a_user(session, Role.ANOMALY_OFFICER) for _ in range(2))
        flag = a_flag(session, session.get_one(Case, case.id), severity="block")
        shown_at = datetime(2026, 3, 1, 17, tzinfo=UTC)  # the next day in China
        flag.shown_at = shown_at
        appeal = open_appeal(session, actor_of(first), flag.id, clock.now())
        answering = the_person(appeal.person_id)
        appeals.perform(
            session, answering, appeal.id, AppealAction.ANSWER, now=clock.now(), reason=said
        )

    def buttons(app: AppTest) -> set[str]:
        return {button.key for button in app.button if f"{button.key}".startswith("appeal-")}

    def checks(user: User) -> AppTest:
        app = open_page(monkeypatch, user, "case", ref=case.ref)
        app.session_state["case-tabs"] = "自动检查"
        return app.run()

    proposing = {f"appeal-{appeal.id}-propose_uphold", f"appeal-{appeal.id}-propose_deny"}
    app = checks(user_of(team, Stage.REVIEW))
    assert said in words(app)
    assert disposition.UnderAppeal.text.zh in words(app)
    assert "2026-03-02 已告知申请人" in words(app)
    assert not buttons(app)
    app = checks(first)
    assert said in words(app)
    assert buttons(app) == proposing
    assert "排除异常" not in labels(app)
    app.button(key=f"appeal-{appeal.id}-propose_uphold").click().run()
    assert ReasonMissing.text.zh in words(app)
    app.text_input(key=f"appeal-reason-{appeal.id}").input("已核对证明").run()
    app.button(key=f"appeal-{appeal.id}-propose_uphold").click().run()
    assert "审查意见：已核对证明" in words(app)
    assert not buttons(app), "whoever proposed does not decide"
    app = checks(second)
    assert f"appeal-{appeal.id}-deny" not in buttons(app)
    app.button(key=f"appeal-{appeal.id}-uphold").click().run()
    assert "申辩成立" in words(app)
    assert "排除异常" in labels(app)
    with db.reading() as session:
        assert session.get_one(Appeal, appeal.id).status == AppealStatus.UPHELD
