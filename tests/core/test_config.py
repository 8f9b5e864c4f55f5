"""What the environment may say, and what it is told otherwise."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import db
from core.config import Unusable, settings

SWITCHES = ("REGDESK_SECURE_COOKIES", "REGDESK_COMBINED_ROLES", "REGDESK_UNSIGNED_PACKETS")
FIELDS = {
    "REGDESK_SECURE_COOKIES": "secure_cookies",
    "REGDESK_COMBINED_ROLES": "combined_roles",
    "REGDESK_UNSIGNED_PACKETS": "unsigned_packets",
}


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REGDESK_DATA", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize("name", SWITCHES)
def test_every_switch_is_said_in_the_same_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        for said in (word, word.upper(), word.title()):
            monkeypatch.setenv(name, said)
            settings.cache_clear()
            assert getattr(settings(), FIELDS[name]) is (word in {"1", "true", "yes", "on"})


@pytest.mark.parametrize("name", SWITCHES)
@pytest.mark.parametrize("said", ["2", "ja", "oui", " 1", "enabled", "01", "是"])
def test_what_is_neither_on_nor_off_is_refused(
    name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, said)
    with pytest.raises(Unusable) as caught:
        settings()
    for language in ("zh", "en"):
        assert name in caught.value.message(language)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:hush@x/y", "klingon://u:hush@x", "hush", "sqlite://hush/x.db",
        "sqlite+aiosqlite:///hush.db", "postgresql+asyncpg://u:hush@h/x",
        "postgresql+psycopg://u:hush@h:port/x", "postgresql+klingon://u:hush@h/x",
    ],
)  # fmt: skip
def test_a_database_that_nothing_can_talk_to_is_refused_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGDESK_DATABASE_URL", url)
    with pytest.raises(Unusable) as caught:
        settings()
    for language in ("zh", "en"):
        assert "REGDESK_DATABASE_URL" in caught.value.message(language)
        assert "hush" not in caught.value.message(language)


@pytest.mark.parametrize(
    "url", ["sqlite:///x.db", "sqlite://", "postgresql+psycopg://u:p@h:5432/x?sslmode=require"]
)
def test_a_database_that_may_be_there_is_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGDESK_DATABASE_URL", url)
    assert settings().database_url == url


@pytest.mark.parametrize("was", [None, 0o755])
def test_data_folder_and_database_are_their_owners_alone(
    was: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    before = os.umask(0o022)
    try:
        if was is not None:
            data.mkdir(was)
            (data / "regdesk.db").touch(0o644)
        monkeypatch.setenv("REGDESK_DATA", str(data))
        settings.cache_clear()
        engine = db.connect(settings().database_url)
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (x)")
            found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()}
        engine.dispose()
    finally:
        os.umask(before)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert {"regdesk.db", "regdesk.db-wal", "regdesk.db-shm"} <= set(found)
    assert set(found.values()) == {0o600}


def test_a_folder_that_is_everybodys_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o1777)
    monkeypatch.setenv("REGDESK_DATA", str(tmp_path))
    settings.cache_clear()
    settings()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777
