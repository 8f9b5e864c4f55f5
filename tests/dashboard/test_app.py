"""Pages inside the application: each for its roles, and cut off when the session is over."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.access.actors import SYSTEM
from core.access.permissions import Permission
from core.accounts import signin, users
from core.vocabulary.roles import Role
from dashboard import navigation, strings
from dashboard.session import SIGN_IN_KEY
from tests.dashboard.live_server import PASSWORD

ROOT = Path(__file__).parents[2]


@pytest.fixture
def browser_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the browser tells the application; the test harness has no answer of its own."""
    said = SimpleNamespace(cookies={}, url="http://desk.test/account", locale="zh-CN")
    monkeypatch.setattr(streamlit, "context", said)


def _visit(role: Role) -> tuple[AppTest, int]:
    """The application as a person of `role` has it open, and the number of their sign-in."""
    now = clock.now()
    with db.transaction() as session:
        user = users.create_user(
            session,
            SYSTEM,
            username=f"page-{role.value}".replace("_", "-"),
            name=f"演示员{role.value}",
            password=PASSWORD,
            roles=[role],
            now=now,
        )
        token = signin.open_session(session, user, address="", agent="", now=now)
        found = signin.visitor(session, token, now)
    assert found is not None
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=30)
    app.session_state[SIGN_IN_KEY] = (found.session_id, signin.digest(""))
    return app, found.session_id


def _words(app: AppTest) -> str:
    return "\n".join(str(each.value) for each in (*app.header, *app.info, *app.subheader))


@pytest.mark.usefixtures("engine", "browser_says")
def test_signing_out_elsewhere_cuts_an_open_page_off_at_its_next_run() -> None:
    app, row = _visit(Role.SUPPORT)
    app.switch_page(str(navigation.FOLDER / "account.py")).run()
    assert not app.exception
    assert "演示员" in _words(app)
    with db.transaction() as session:
        found = signin.visitor(session, row, clock.now())
        assert found is not None
        signin.sign_out_everywhere(session, found.actor, now=clock.now())
    app.run()
    assert strings.EXPIRED_TITLE.zh in _words(app)
    assert "演示员" not in _words(app)


@pytest.mark.usefixtures("engine", "browser_says")
def test_a_page_beyond_ones_role_names_the_roles_that_have_it() -> None:
    app, _row = _visit(Role.ANALYST)
    app.switch_page(str(navigation.FOLDER / "case.py")).run()
    assert not app.exception
    assert strings.NOT_PERMITTED_TITLE.zh in _words(app)
    assert "审查员" in _words(app)


@pytest.mark.usefixtures("engine", "browser_says")
def test_nobody_sees_a_page_without_having_signed_in() -> None:
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=30).run()
    assert strings.EXPIRED_TITLE.zh in _words(app)


def test_every_page_has_its_script_and_every_permission_a_holder() -> None:
    assert {spec.path for spec in navigation.PAGES} == {
        path.stem for path in navigation.FOLDER.glob("*.py")
    }
    assert all(isinstance(spec.permission, Permission) for spec in navigation.PAGES)
