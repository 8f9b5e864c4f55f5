"""The command line: every command answers in words, with the exit code that scripts rely on."""

from __future__ import annotations

import io
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Engine, select, text

from core import catalogue, clock, db
from core.__main__ import main
from core.config import settings
from core.intake import command
from core.intake.run import Intake, Result
from core.intake.schema import packet_schema, text_of
from core.model import (
    Event,
    User,
)
from core.text import Text
from core.vocabulary.roles import Role
from tests import packets
from tests.packets import Writer

Capture = pytest.CaptureFixture[str]
LATE = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)


@pytest.fixture
def filings(tmp_path: Path) -> Path:
    """A folder with three sound packets."""
    writer = Writer()
    for _ in range(3):
        packets.write(tmp_path / "in", *writer.packet())
    return tmp_path / "in"


def test_intake_answers_with_a_table_and_zero_and_again_with_nothing_changed(
    engine: Engine, filings: Path, capsys: Capture
) -> None:
    assert main(["intake", str(filings)]) == 0
    first = capsys.readouterr()
    assert "       3  已收件" in first.out
    assert "3/3" in first.err
    assert main(["intake", str(filings), "--lang", "en"]) == 0
    assert "       3  already there, nothing changed" in capsys.readouterr().out


def test_intake_with_a_bad_packet_answers_one_and_names_the_field(
    engine: Engine, filings: Path, tmp_path: Path, capsys: Capture
) -> None:
    data, files = Writer(7).packet()
    data["person"].pop("phone")
    packets.write(filings, data, files)
    report = tmp_path / "out" / "report.json"
    assert main(["--lang", "en", "intake", str(filings), "--report", str(report)]) == 1
    assert "$.person.phone" in capsys.readouterr().err
    assert orjson.loads(report.read_bytes())["counts"]["failed"] == 1


def test_an_interrupted_intake_stops_after_the_packet_and_says_how_to_go_on(
    engine: Engine, filings: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = command.run

    def interrupted(intake: Intake, now: datetime) -> Iterator[Result]:
        for result in whole(intake, now):
            signal.raise_signal(signal.SIGINT)
            yield result

    before = signal.getsignal(signal.SIGINT)
    with monkeypatch.context() as patched:
        patched.setattr(command, "run", interrupted)
        assert main(["intake", str(filings)]) == 130
    assert signal.getsignal(signal.SIGINT) is before
    told = capsys.readouterr()
    assert "还有 2 个数据包未处理。再次运行同一命令即可" in told.err
    assert main(["intake", str(filings)]) == 0
    assert "       1  此前已收" in capsys.readouterr().out


def test_progress_on_a_terminal_is_one_line_that_grows(engine: Engine, filings: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    err = Terminal()
    command.take_in(filings, now=clock.now(), language="zh", report_to=None, err=err)
    assert err.getvalue().count("\n") == 1
    assert "█" in err.getvalue()


def test_intake_of_nothing_says_so(engine: Engine, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["intake", str(tmp_path / "empty")]) == 0
    assert "未找到数据包" in capsys.readouterr().err
    assert main(["intake", str(tmp_path / "gone")]) == 1
    assert "找不到文件夹或压缩包" in capsys.readouterr().err


def test_commands_that_need_the_schema_say_how_to_make_it(tmp_path: Path, capsys: Capture) -> None:
    engine = db.connect(f"sqlite:///{tmp_path / 'new.db'}")
    db.use(engine)
    try:
        for arguments in (
            ["intake", str(tmp_path)],
            ["tick"],
            ["verify-history"],
            ["user", "list"],
        ):
            assert main(arguments) == 1
            assert "python -m core init" in capsys.readouterr().err
    finally:
        db.use(None)
        engine.dispose()


def test_init_makes_the_schema_and_may_run_again(data_folder: Path, capsys: Capture) -> None:
    try:
        assert main(["init"]) == 0
        assert main(["init"]) == 0
        assert db.ready()
    finally:
        db.engine().dispose()
        db.use(None)
    assert "数据库已就绪" in capsys.readouterr().out
    assert (data_folder / "regdesk.db").exists()


def test_schema_prints_or_writes_what_the_catalogue_says(tmp_path: Path, capsys: Capture) -> None:
    expected = text_of(packet_schema(catalogue.current()))
    assert main(["schema"]) == 0
    assert capsys.readouterr().out == expected
    assert main(["schema", "--out", str(tmp_path / "s.json")]) == 0
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == expected


@pytest.mark.parametrize(
    ("arguments", "code", "out"),
    [
        (["deadline", "2026-09-30", "5"], 0, "2026-10-13\n"),
        (["deadline", "2026-03-10", "0"], 0, "2026-03-10\n"),
        (["deadline", "2026-12-30", "20"], 2, ""),
    ],
)
def test_deadline_prints_the_day_or_says_that_the_calendar_is_unknown(
    capsys: Capture, arguments: list[str], code: int, out: str
) -> None:
    assert main(arguments) == code
    told = capsys.readouterr()
    assert told.out == out
    assert ("2027年" in told.err) == (code == 2)


@pytest.mark.parametrize(
    "arguments",
    [["deadline", "soon", "5"], ["deadline", "2026-03-10", "-1"], ["nothing"], [],
     ["tick", "--at", "noon"], ["user", "add", "x", "--name", "x", "--roles", "king"]],
)  # fmt: skip
def test_wrong_use_is_told_in_words_with_code_two(arguments: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "zh", *arguments])
    assert ended.value.code == 2
    assert "命令有误" in capsys.readouterr().err


def test_a_setting_that_cannot_be_used_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("REGDESK_LANGUAGE", "klingon")
    assert main(["deadline", "2026-03-10", "1"]) == 2
    assert "环境变量有误" in capsys.readouterr().err


def test_the_language_comes_from_the_settings_unless_asked_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setenv("REGDESK_LANGUAGE", "en")
    settings.cache_clear()
    assert main(["verify-history"]) == 0
    assert "whole" in capsys.readouterr().out
    assert main(["verify-history", "--lang=zh"]) == 0
    assert "完整" in capsys.readouterr().out


def test_verify_history_names_the_row_that_was_changed(
    engine: Engine, filings: Path, capsys: Capture
) -> None:
    main(["intake", str(filings)])
    assert main(["verify-history"]) == 0
    with db.transaction() as session:
        victim = session.scalars(select(Event).order_by(Event.id).offset(3).limit(1)).one()
        session.execute(
            text("UPDATE events SET actor_name = 'x' WHERE id = :id"), {"id": victim.id}
        )
    capsys.readouterr()
    assert main(["verify-history"]) == 1
    assert f"events.id = {victim.id}" in capsys.readouterr().out


def test_users_are_made_changed_closed_and_listed(
    engine: Engine, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("long-enough-9\nnext-enough-9\n"))
    add = ["user", "add", "anna", "--name", "安娜", "--roles", "reviewer", "acceptor"]
    assert main([*add, "--professions", "architect"]) == 0
    assert main(["user", "password", "anna"]) == 0
    assert main(["--lang", "en", "user", "disable", "anna"]) == 0
    assert "Account disabled: anna" in capsys.readouterr().out
    capsys.readouterr()
    assert main(["user", "list", "--lang", "en"]) == 0
    listed = capsys.readouterr().out
    assert "anna" in listed
    assert "Reviewer、Acceptance officer" in listed
    assert "professions architect" in listed
    assert "[disabled]" in listed
    assert main(["user", "enable", "anna"]) == 0
    with db.reading() as session:
        user = session.scalars(select(User)).one()
    assert (user.roles, user.professions, user.disabled) == (
        [Role.REVIEWER, Role.ACCEPTOR],
        ["architect"],
        False,
    )
    capsys.readouterr()
    assert main(["user", "disable", "no{bo}dy"]) == 1
    assert "no{bo}dy" in capsys.readouterr().err


def test_the_commands_are_described_in_both_languages(capsys: Capture) -> None:
    for language, word in (("zh", "导入外部申报数据包"), ("en", "take in filings")):
        with pytest.raises(SystemExit) as ended:
            main(["--lang", language, "--help"])
        assert ended.value.code == 0
        assert word in capsys.readouterr().out


def test_demo_passes_its_options_to_the_loader(
    data_folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, object] = {}

    class Loader:
        @staticmethod
        def load(**options: object) -> Text:
            given.update(options)
            return Text("完成", "done")

    monkeypatch.setattr("core.__main__.importlib.import_module", lambda _name: Loader)
    assert main(["demo", "--cases", "5", "--seed", "3", "--start", "2026-01-05", "--if-empty"]) == 0
    assert callable(given.pop("report"))
    assert given == {"cases": 5, "seed": 3, "start": date(2026, 1, 5), "if_empty": True}
    assert capsys.readouterr().out == "完成\n"
