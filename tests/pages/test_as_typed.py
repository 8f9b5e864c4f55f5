"""Every page of a desk whose people typed nothing but markdown: it reads as it was typed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, column as sa_column, select, table as sa_table, update
from streamlit.testing.v1 import AppTest

from core import clock, db
from core.config import settings
from core.demo import load
from core.model import (
    AnomalyCase,
    Base,
    Case,
    CorrectionItem,
    Decision,
    Message,
    Note,
    Registration,
    SavedView,
    User,
    Verdict,
)
from tests.screens import as_read, open_page, unescaped

TYPED = "甲:streamlit: www.x.y -- *b* <i> $z$ [l](http://a) c@d.ee乙"
LEFT_OVER = (":streamlit", "www.", "--", "*b", "<i", "$z", "[l", "http:", "@d")
"""What would still be there were it not escaped."""

# Columns that hold what a person typed, or what a document says, word for word.
COLUMNS = {
    "people": ("name", "phone", "school", "major"),
    "employers": ("name", "legal_rep", "city", "address", "handler_name", "status_reason"),
    "employer_qualifications": ("number",),
    "cases": ("person_name", "employer_name"),
    "registrations": ("person_name", "end_reason"),
    "users": ("name",),
    "notes": ("text", "author_name"),
    "decisions": ("note", "officer_name"),
    "verdicts": ("note",),
    "corrections": ("override_reason",),
    "correction_items": ("content", "content_en", "answer"),
    "messages": ("title_zh", "title_en", "body_zh", "body_en"),
    "anomalies": ("source", "disposition"),
    "clock_pauses": ("reason", "paused_by_name"),
    "saved_views": ("name",),
    "insurance_records": ("name", "payer_name", "source"),
    "attachments": ("filename",),
    "events": ("actor_name",),
    "login_sessions": ("address",),
}
DOCUMENTS = {"cases": ("form",), "anomalies": ("evidence",)}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A folder with a demo of which every word that people typed was typed anew."""
    folder = tmp_path_factory.mktemp("typed")
    shutil.copyfile(sqlite_template, folder / "regdesk.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGDESK_DATA", str(folder))
        settings.cache_clear()
        db.use(db.connect(f"sqlite:///{folder / 'regdesk.db'}"))
        load.load(cases=24, seed=3, start=None, if_empty=False, report=lambda *_: None)
        with db.transaction() as session:
            reviewer = session.scalars(select(User).where(User.username == "reviewer1")).one()
            session.add(SavedView(user_id=reviewer.id, name="x", query="", created_at=clock.now()))
            session.flush()
            for name, columns in COLUMNS.items():
                # Past the types of the columns: what matters is how it is shown.
                table = sa_table(name, *(sa_column(column) for column in columns))
                for column in columns:
                    session.execute(
                        update(table).where(table.c[column].is_not(None)).values({column: TYPED})
                    )
            for name, columns in DOCUMENTS.items():
                _retype(session, Base.metadata.tables[name], columns)
        db.engine().dispose()
        db.use(None)
    settings.cache_clear()
    return folder


def _retype(session: db.Session, table: Table, columns: tuple[str, ...]) -> None:
    for row in session.execute(select(table.c.id, *(table.c[name] for name in columns))).all():
        session.execute(
            update(table)
            .where(table.c.id == row.id)
            .values({name: _typed(getattr(row, name)) for name in columns})
        )


def _typed(value: Any) -> Any:
    """A document whose Chinese words are typed anew; keys and codes stay."""
    if isinstance(value, dict):
        return {key: _typed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_typed(part) for part in value]
    return TYPED if isinstance(value, str) and re.search("[\u4e00-\u9fff]", value) else value


@pytest.fixture
def engine_url(played: Path, tmp_path: Path, data_folder: Path) -> str:
    data_folder.mkdir(exist_ok=True)
    shutil.copyfile(played / "history.key", data_folder / "history.key")
    settings.cache_clear()
    copy = tmp_path / "regdesk.db"
    shutil.copyfile(played / "regdesk.db", copy)
    return f"sqlite:///{copy}"


def rendered(app: AppTest) -> Iterator[tuple[str, str]]:
    """Kind and words of everything on the page that Streamlit takes for markdown."""

    def walk(node: Any) -> Iterator[Any]:
        yield node
        for child in getattr(node, "children", {}).values():
            yield from walk(child)

    for node in walk(app._tree):
        proto = getattr(node, "proto", None)
        kind = type(node).__name__
        if proto is None or kind in {"Html", "UnknownElement"}:
            continue
        parts = [proto, *(getattr(proto, name, None) for name in ("expandable", "tab", "popover"))]
        for part in parts:
            for field in ("label", "body", "help"):
                words = getattr(part, field, "")
                if isinstance(words, str) and words:
                    yield kind, words


def assert_as_typed(app: AppTest) -> set[str]:
    """Kinds of places in which people's words were met, each of them as typed."""
    assert not app.exception, app.exception
    met = set()
    for kind, markdown in rendered(app):
        read = as_read(markdown)
        if "streamlit:" in read:
            met.add(kind)
            assert read.count("streamlit:") == read.count(TYPED), (kind, markdown)
            assert not [sign for sign in LEFT_OVER if sign in unescaped(markdown)], markdown
    return met


def _cases() -> list[str]:
    """Numbers of cases that between them have one of everything."""
    kinds = (AnomalyCase, CorrectionItem, Decision, Note, Verdict, Message)
    with db.reading() as session:
        everything = session.scalars(select(Case).order_by(Case.id)).all()
        refs = []
        for kind in kinds:
            if kind is CorrectionItem:
                found = next((case for case in everything if "correct" in case.status), None)
            else:
                ids = set(session.scalars(select(kind.case_id)))
                found = next((case for case in everything if case.id in ids), None)
            if found is not None:
                refs.append(found.ref)
        return list(dict.fromkeys(refs))


def _user(username: str) -> User:
    with db.reading() as session:
        return session.scalars(select(User).where(User.username == username)).one()


TABS = {
    "zh": ("自动检查", "关联信息", "意见与沟通"),
    "en": ("Checks", "Related", "Opinions"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_case_page_shows_everything_as_typed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    met: set[str] = set()
    for ref in _cases():
        for username in ("reviewer1", "decider1"):
            app = open_page(monkeypatch, _user(username), "case", language=language, ref=ref)
            for tab in (
                None,
                "自动检查",
                "关联信息",
                "意见与沟通",
                "Checks",
                "Related",
                "Opinions",
            ):
                if tab is not None:
                    app.session_state["case-tabs"] = tab
                    app.run()
                met |= assert_as_typed(app)
    assert met >= {"Title", "Markdown", "Caption", "Expander"}


@pytest.mark.parametrize(
    ("username", "page"),
    [
        (name, page)
        for name in ("reviewer1", "decider1", "supervisor1", "province37", "analyst1", "admin1")
        for page in ("home", "account", "queue", "register", "mine")
    ]
    + [(name, page) for name in ("applicant", "employer") for page in ("home", "account", "mine")],
)
def test_every_page_shows_everything_as_typed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, username: str, page: str
) -> None:
    with db.reading() as session:
        user = session.scalars(
            select(User).where(User.username.startswith(username)).order_by(User.id)
        ).first()
    assert user is not None
    app = open_page(monkeypatch, user, page)
    met = assert_as_typed(app)
    if page == "account":
        assert "Header" in met
    if page == "queue" and username == "reviewer1":
        app.session_state["queue-views"] = True
        assert "Button" in assert_as_typed(app.run())
    if page == "mine" and username in {"applicant", "employer"}:
        app.segmented_control[0].set_value(app.segmented_control[0].options[-1]).run()
        assert_as_typed(app)


def test_a_registration_shows_everything_as_typed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.reading() as session:
        number, profession = session.execute(
            select(Registration.number, Registration.profession)
        ).first() or ("", "")
    app = open_page(
        monkeypatch, _user("reviewer1"), "register", number=number, profession=profession
    )
    assert "Title" in assert_as_typed(app)


def test_a_refusal_and_a_passing_note_cite_as_typed() -> None:
    def page() -> None:
        from types import SimpleNamespace

        from core.accounts.users import NameTaken
        from dashboard import session
        from dashboard.attempt import show_error
        from tests.pages.test_as_typed import TYPED

        show_error(SimpleNamespace(language="zh"), NameTaken(name=TYPED))  # type: ignore[arg-type]
        session.flash(TYPED)
        session.show_flashes()

    assert assert_as_typed(AppTest.from_function(page).run()) == {"Error", "Toast"}
