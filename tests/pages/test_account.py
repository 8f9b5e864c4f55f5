"""One's own account: what it shows, a new password, and leaving everywhere (AppTest)."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.accounts import passwords, signin
from core.model import User
from core.vocabulary.roles import Role
from tests import builders as build
from tests.screens import open_page, words

OLD, NEW = "Old-Kennwort-6", "New-Kennwort-7"


@pytest.fixture
def reviewer(engine: Engine) -> User:
    with db.transaction() as session:
        user = build.a_user(session, Role.REVIEWER)
        user.password_hash = passwords.hashed(OLD)
        return user


def sign_ins(user: User) -> int:
    with db.reading() as session:
        return len(signin.sessions_of(session, user.id, clock.now()))


def change(app: AppTest, current: str, new: str, repeated: str) -> AppTest:
    for field, value in zip(app.text_input, (current, new, repeated), strict=True):
        field.set_value(value)
    next(button for button in app.button if button.label == "修改密码").click()
    return app.run()


def test_the_page_shows_roles_professions_and_this_sign_in(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = words(open_page(monkeypatch, reviewer, "account"))
    assert "审查员" in said
    assert "办理专业" in said
    assert "（本次）" in said


def test_two_different_new_passwords_are_refused_before_anything_is_tried(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = change(open_page(monkeypatch, reviewer, "account"), OLD, NEW, NEW + "x")
    assert [error.value for error in app.error] == ["两次输入的新密码不一致。"]


def test_a_wrong_current_password_is_said(reviewer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    app = change(open_page(monkeypatch, reviewer, "account"), "wrong-1", NEW, NEW)
    assert not app.exception
    assert len(app.error) == 1


def test_a_new_password_ends_the_other_sign_ins(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_page(monkeypatch, reviewer, "account")
    app = open_page(monkeypatch, reviewer, "account")
    assert sign_ins(reviewer) == 2
    change(app, OLD, NEW, NEW)
    assert not app.error
    assert not app.exception
    assert sign_ins(reviewer) == 1


def test_leaving_everywhere_ends_this_sign_in_too(
    reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(monkeypatch, reviewer, "account")
    next(button for button in app.button if button.label == "退出全部登录").click().run()
    assert sign_ins(reviewer) == 0
    assert not app.text_input, "nothing personal stays on the page"
