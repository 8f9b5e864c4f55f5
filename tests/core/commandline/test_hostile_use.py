"""Whatever is given to the command line, it answers in a sentence and with its exit code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings as rules, strategies as st
from sqlalchemy import Engine

from core import db
from core.__main__ import main

ROOT = Path(__file__).parents[3]
Capture = pytest.CaptureFixture[str]


def run(
    arguments: Sequence[str | bytes], data: Path, shell: str = '"$@"', **env: str
) -> subprocess.CompletedProcess[bytes]:
    """A real process; `shell` says where its streams go."""
    return subprocess.run(
        ["sh", "-c", shell, "sh", sys.executable, "-m", "core", *arguments],
        cwd=ROOT, capture_output=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
        env={
            **{name: value for name, value in os.environ.items() if "REGDESK_" not in name},
            "REGDESK_DATA": str(data), "REGDESK_LANGUAGE": "en", **env,
        },
    )  # fmt: skip


def ended(done: subprocess.CompletedProcess[bytes], code: int) -> str:
    """What was said on standard error, once nothing but words was."""
    said = done.stderr.decode()
    assert "Traceback" not in said, said
    assert "Exception ignored" not in said, said
    assert done.returncode == code, said
    return said


@pytest.fixture
def data(sqlite_template: Path, tmp_path: Path) -> Path:
    """A data folder with an empty database."""
    (tmp_path / "data").mkdir(exist_ok=True)
    (tmp_path / "data" / "regdesk.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path / "data"


@pytest.mark.parametrize(
    "arguments",
    [
        ["deadline", "2026-02-30", "1"],
        ["deadline", "0001-01-01", "1"],
        ["deadline", "9999-12-31", "1"],
        ["deadline", "2026-03-02", "-1"],
        ["deadline", "2026-03-02", "1" * 5000],
        ["tick", "--at", "0001-01-01T00:00:00+14:00"],
        ["tick", "--at", "9999-12-31T23:59:59-12:00"],
        ["tick", "--at", "2026-13-01"],
        ["demo", "--start", "0001-01-01"],
        ["demo", "--cases", "-5"],
        ["demo", "--cases", "1e3"],
        ["calendar", "load", "-1", "x.csv", "--source", "x"],
        ["calendar", "load", "99999999999999999999", "x.csv", "--source", "x"],
        ["intake", "a\0b"],
        ["intake", ""],
        ["schema", "--out", "\0"],
        ["user", "disable", "\udcff\udcfe"],
        ["user", "add", "x\udcff", "--name", "x", "--roles", "reviewer"],
        ["user", "add", "xyz", "--name", "x", "--roles", "system"],
        ["\udcff"],
        ["user", "add", "xyz", "--name", "x", "--roles", "reviewer", "--professions", "\udc80"],
    ],
)
def test_wrong_use_of_any_kind_is_told_in_words_with_code_two(
    engine: Engine, arguments: list[str], capsys: Capture
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--lang", "zh", *arguments])
    assert end.value.code == 2
    assert "命令有误" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["intake", "/" + "n" * 5000],
        ["intake", "/".join(["n" * 200] * 30)],
        ["schema", "--out", "/" + "n" * 300],
        ["schema", "--out", "/proc/1/nowhere/x.json"],
        ["schema", "--out", "/"],
        ["calendar", "load", "2027", "/" + "n" * 5000, "--source", "x"],
        ["calendar", "load", "2027", "/", "--source", "x"],
        ["intake", "tests", "--report", "/"],
        ["intake", "tests", "--report", "/proc/1/nowhere/report.json"],
        ["user", "disable", "nobody"],
        ["user", "password", "\x1b[2J"],
        ["user", "add", "a" * 61, "--name", "x", "--roles", "reviewer"],
        ["user", "add", "xyz", "--name", "\u200b", "--roles", "reviewer"],
        ["user", "add", "xyz", "--name", "x\x1b[2J", "--roles", "reviewer"],
        ["user", "add", "xyz", "--name", "甲", "--roles", "reviewer", "decider"],
        ["user", "add", "xyz", "--name", "甲", "--roles", "reviewer", "--professions", "\x1b[2J"],
        ["user", "add", "xyz", "--name", "甲", "--roles", "province", "--province", "99"],
    ],
)
def test_what_cannot_be_done_is_told_in_words_with_code_one(
    engine: Engine, arguments: list[str], capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("Practice-2026\n"))
    assert main(["--lang", "en", *arguments]) == 1
    said = capsys.readouterr().err
    assert said.strip()
    assert "\x1b" not in said


WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["--lang", "en", "--at", "--source", "--name", "--roles", "reviewer", "--out", "-1", "--",
         "2026-03-02", "9999-12-31", "\udcff", "/dev/null/x", "tick", "list", "add", "disable"]
    ),
)  # fmt: skip
COMMANDS = ("deadline", "tick", "user", "calendar", "schema", "verify-history", "intake")


@rules(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(command=st.sampled_from(COMMANDS), arguments=st.lists(WORDS, max_size=6))
def test_arguments_of_any_kind_end_in_a_code(
    command: str,
    arguments: list[str],
    tmp_path: Path,
    sqlite_template: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "regdesk.db").write_bytes(sqlite_template.read_bytes())
    (tmp_path / "empty").mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path / "empty")
    monkeypatch.setattr("sys.stdin", StringIO("Practice-2026\n"))
    engine = db.connect(f"sqlite:///{tmp_path / 'regdesk.db'}")
    db.use(engine)
    try:
        code = main([command, *arguments])
    except SystemExit as end:
        code = int(str(end.code))
    finally:
        db.use(None)
        engine.dispose()
    assert code in {0, 1, 2}


@pytest.mark.parametrize(
    ("shell", "code"),
    [('"$@" >&-', 0), ('"$@" 2>&-', 0), ('"$@" <&-', 0), ('"$@" >/dev/full', 1)],
)
def test_streams_may_be_closed_or_full(data: Path, shell: str, code: int) -> None:
    ended(run(["deadline", "2026-03-10", "1"], data, shell), code)


@pytest.mark.parametrize("arguments", [["schema"], ["--help"]])
def test_a_reader_that_has_enough_is_no_trouble(data: Path, arguments: list[str]) -> None:
    ended(run(arguments, data, '{ "$@"; echo "code $?" >&2; } | true'), 0)


def test_arguments_that_are_no_text_are_told_so(data: Path) -> None:
    said = ended(run([b"user", b"disable", b"\xff\xfe"], data), 2)
    assert "UTF-8" in said
    said = ended(run([b"intake", b"/nowhere/\xff\xfe"], data), 1)
    assert "U+DCFF" in said


def test_a_terminal_that_knows_ascii_alone_is_told_in_ascii(data: Path) -> None:
    done = run(["--lang", "zh", "user", "disable", "nobody"], data, PYTHONIOENCODING="ascii")
    assert "\\u" in ended(done, 1)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("REGDESK_PORT", "abc", 2),
        ("REGDESK_PORT", "99999", 2),
        ("REGDESK_PORT", "²", 2),
        ("REGDESK_TRUSTED_PROXIES", "10.0.0.0/99", 2),
        ("REGDESK_TRUSTED_PROXIES", "10.0.0.1/8", 2),
        ("REGDESK_DATABASE_URL", "no url", 2),
        ("REGDESK_DATABASE_URL", "klingon://db", 2),
        ("REGDESK_DATABASE_URL", "mysql://u:secret-7@x/y", 2),
        ("REGDESK_DATABASE_URL", "postgresql+psycopg://u:secret-7@h:port/x", 2),
        ("REGDESK_DATABASE_URL", "postgresql+asyncpg://u:secret-7@h/x", 2),
        ("REGDESK_DATABASE_URL", "sqlite://host/x.db", 2),
        ("REGDESK_SECURE_COOKIES", "maybe", 2),
        ("REGDESK_COMBINED_ROLES", "2", 2),
        ("REGDESK_UNSIGNED_PACKETS", "ja", 2),
        ("REGDESK_DATABASE_URL", "sqlite:////proc/1/nowhere/x.db", 1),
        ("REGDESK_DATABASE_URL", "postgresql+psycopg://u:secret-7@127.0.0.1:1/x", 1),
        ("REGDESK_DATA", "/dev/null/x", 2),
        ("REGDESK_DATA", "/" + "n" * 300, 2),
    ],
)
def test_a_setting_that_cannot_be_used_is_told(
    data: Path, name: str, value: str, code: int
) -> None:
    said = ended(run(["--lang", "en", "init"], data, **{name: value}), code)
    assert said.strip()
    assert "secret-7" not in said


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("module", ["core", "dashboard"])
def test_both_programs_end_alike_in_the_language_of_the_settings(
    data: Path, module: str, language: str
) -> None:
    command = [sys.executable, "-m", module] + (["init"] if module == "core" else [])
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, check=False, timeout=60,
        env={
            **{name: value for name, value in os.environ.items() if "REGDESK_" not in name},
            "REGDESK_DATA": str(data), "REGDESK_LANGUAGE": language,
            "REGDESK_SECURE_COOKIES": "maybe",
        },
    )  # fmt: skip
    said = ended(done, 2)
    assert "REGDESK_SECURE_COOKIES" in said
    assert ("must be one of" if language == "en" else "须为") in said


def test_a_database_out_of_reach_is_not_called_one_that_was_not_set_up(data: Path) -> None:
    url = "postgresql+psycopg://u:secret-7@127.0.0.1:1/x"
    said = ended(run(["user", "list"], data, REGDESK_DATABASE_URL=url), 1)
    assert "cannot be used" in said
    assert "set up" not in said
    assert "secret-7" not in said


@contextmanager
def _heard() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_interruption_while_modules_are_read_leaves_no_trace(data: Path) -> None:
    # The interruption comes from the first module that the command line reads after its first line.
    stub = data / "stub"
    stub.mkdir()
    (stub / "argparse.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    # Where the suite runs in the background its children would not hear an interruption.
    with _heard():
        done = run(["init"], data, PYTHONPATH=str(stub))
    assert ended(done, 130) == ""


@pytest.mark.parametrize(
    ("content", "arguments"),
    [
        (b"this is no database" * 100, ["init"]),
        (b"this is no database" * 100, ["user", "list"]),
        (b"SQLite format 3\0" + b"x" * 900, ["demo"]),
    ],
)
def test_a_file_that_is_no_database_is_told_so(
    data: Path, content: bytes, arguments: list[str]
) -> None:
    (data / "regdesk.db").write_bytes(content)
    assert ended(run(arguments, data), 1).strip()


def test_a_password_that_is_no_text_is_refused(data: Path) -> None:
    add = ["user", "add", "anna", "--name", "安娜", "--roles", "reviewer"]
    shell = 'printf "\\377\\376-abc-123456\\n" | "$@"'
    assert "visible characters" in ended(run(add, data, shell), 1)
    assert "visible characters" in ended(run(add, data, '"$@" </dev/null'), 1)
