"""The queue page: the address is the view, whatever it holds; claiming and taking the next."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.accounts.users import actor_of
from core.cases import claiming
from core.model import Case, Lease, User
from core.queue import listing, saved_views
from core.queue.filters import QueueFilter, Tab
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from dashboard.components import table
from tests import builders as build
from tests.screens import address, counted, open_page


@pytest.fixture
def reviewer(engine: Engine) -> User:
    with db.transaction() as session:
        return build.a_user(session, Role.REVIEWER)


@pytest.fixture
def accepted(engine: Engine) -> list[Case]:
    now = clock.now()
    with db.transaction() as session:
        team = build.Team(session)
        people = [build.a_person(session, name=name) for name in ("赵一", "钱二", "孙三")]
        return [
            build.a_case(session, Status.ACCEPTED, person=person, team=team, now=now)
            for person in people
        ]


def shown(app: AppTest) -> str:
    assert not app.exception, app.exception
    return " ".join(caption.value for caption in app.caption)


@pytest.mark.usefixtures("accepted")
def test_the_page_opens_at_the_officers_own_desk(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(monkeypatch, reviewer, "queue")
    assert app.segmented_control(key="queue:tab").value == Tab.REVIEW
    assert "共 3 件" in shown(app)


@pytest.mark.usefixtures("accepted")
def test_a_link_reproduces_the_view(reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    link = QueueFilter(tab=Tab.OPEN, query="钱二", profession=("supervision",)).to_query()
    app = open_page(monkeypatch, reviewer, "queue", **link)
    assert "共 1 件" in shown(app)
    assert app.text_input(key="queue:query").value == "钱二"
    assert app.multiselect(key="queue:profession").value == ["supervision"]
    assert app.session_state["queue-query"] == link


@pytest.mark.usefixtures("accepted")
def test_changing_a_filter_changes_the_address_and_goes_to_the_first_page(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(monkeypatch, reviewer, "queue", tab="open", page="3", ref_less="x")
    app.selectbox(key="queue:business").set_value("initial").run()
    assert address(app) == {"tab": "open", "business": "initial"}
    assert "共 3 件" in shown(app)
    app.button(key="queue-clear").click().run()
    assert address(app) == {"tab": "open"}


def test_no_address_makes_the_page_fail(reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(
        monkeypatch, reviewer, "queue", tab="\x00", page="-1", sort="x-y", assignee="9" * 30,
        status="draft,discarded", q="%_\x00", days="soon", **{"from": "2026-02-31"},
    )  # fmt: skip
    assert "共 0 件" in shown(app)


@pytest.mark.usefixtures("accepted")
def test_going_back_from_a_case_shows_the_list_that_was_left(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(monkeypatch, reviewer, "queue", tab="open", q="钱二")
    app.query_params.clear()
    app.query_params["ref"] = "2026000000001"
    app.run()
    assert address(app) == {"tab": "open", "q": "钱二"}
    assert "共 1 件" in shown(app)


def test_taking_the_next_one_claims_the_case_due_first(
    reviewer: User, accepted: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(monkeypatch, reviewer, "queue")
    app.button(key="queue-next").click().run()
    assert not app.exception
    with db.reading() as session:
        held = session.scalars(select(Lease.case_id).where(Lease.user_id == reviewer.id)).all()
    assert held == [accepted[0].id]
    assert address(app) == {"ref": accepted[0].ref}


def test_ticked_cases_are_claimed_by_id_and_refusals_are_told(
    reviewer: User, accepted: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        other = actor_of(build.a_user(session, Role.REVIEWER, name="别人"))
        claiming.claim(session, other, accepted[1].id, clock.now())
    ticked = (accepted[0].ref, accepted[1].ref)
    monkeypatch.setattr(table, "selected", lambda *_a, **_k: ticked)
    app = open_page(monkeypatch, reviewer, "queue")
    app.button(key="queue-claim").click().run()
    assert not app.exception
    (warning,) = app.warning
    assert accepted[1].ref in warning.value
    assert "别人" in warning.value
    with db.reading() as session:
        mine = listing.page(session, actor_of(reviewer), QueueFilter(tab=Tab.MINE), clock.now())
    assert [row.ref for row in mine.rows] == [accepted[0].ref]


def test_an_empty_desk_says_so(reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(monkeypatch, reviewer, "queue", tab="mine")
    assert "共 0 件" in shown(app)
    assert app.button(key="queue-next").click().run().error


@pytest.mark.usefixtures("accepted")
def test_the_page_takes_a_handful_of_queries(
    reviewer: User, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        saved_views.save(session, actor_of(reviewer), "今日", QueueFilter(), clock.now())
    app = open_page(monkeypatch, reviewer, "queue")
    with counted(engine) as seen:
        app.run()
    assert len(seen) <= 6, seen


def test_applicants_are_told_that_the_page_is_not_for_them(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.transaction() as session:
        user = build.a_user(session, Role.APPLICANT)
    app = open_page(monkeypatch, user, "queue")
    assert not app.text_input
    assert app.header[0].value == "您的角色不能使用此页面"
