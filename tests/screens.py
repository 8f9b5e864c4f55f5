"""Pages without a browser: the whole application as somebody with an account has it open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit
from sqlalchemy import Engine, event
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.accounts import signin
from core.model import User
from dashboard.session import SIGN_IN_KEY

ROOT = Path(__file__).parents[1]


def open_page(
    monkeypatch: pytest.MonkeyPatch, user: User, path: str, *, language: str = "zh", **query: str
) -> AppTest:
    """The page `path` as `user` sees it after one run, its address ending in `query`."""
    said = SimpleNamespace(cookies={}, locale=language, url="http://desk/", headers={})
    monkeypatch.setattr(streamlit, "context", said)
    now = clock.now()
    with db.transaction() as session:
        token = signin.open_session(
            session, session.get_one(User, user.id), address="", agent="", now=now
        )
        found = signin.visitor(session, token, now)
    assert found is not None
    app = AppTest.from_file(str(ROOT / "dashboard" / "app.py"), default_timeout=30)
    app.session_state[SIGN_IN_KEY] = (found.session_id, signin.digest(""))
    app.switch_page(str(ROOT / "pages" / f"{path}.py"))
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


_ESCAPED = re.compile(r":color\[\\(.)\]|\\([!-/:-@\[-`{-~])")


def as_read(markdown: str) -> str:
    """What stands in the page where `dashboard.labels` made people's words safe."""
    return _ESCAPED.sub(lambda found: found[1] or found[2], markdown).replace("\\\n", "\n")


def unescaped(markdown: str) -> str:
    """What of it is left to be read as markdown."""
    return _ESCAPED.sub("", markdown).replace("\\\n", "\n")


def words(app: AppTest) -> str:
    """Everything that is written on the page, notes and refusals included, which must not fail."""
    assert not app.exception, app.exception
    kinds = (app.title, app.markdown, app.caption, app.error, app.warning, app.info, app.subheader)
    return "\n".join(as_read(str(item.value)) for kind in kinds for item in kind)


def address(app: AppTest) -> dict[str, str]:
    """What stands in the address behind the page's path."""
    return {
        key: value if isinstance(value, str) else value[-1]
        for key, value in app.query_params.items()
    }


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements sent to the database inside the block; beginnings and ends do not count."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
