"""No packet keeps another out, whatever is in it; and each costs little."""

from __future__ import annotations

import logging
import os
import random
import socket
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from core import db
from core.__main__ import main
from core.access.actors import SYSTEM
from core.files import images, limited
from core.intake import directory, examine, limits, quarantine, source as sources
from core.intake.run import PacketOutcome, Result, opened, run
from core.model import Packet
from tests import packets
from tests.drill import hostile_packets as hostile
from tests.intake_cases import NOW, history_holds, only, problem_at, take
from tests.packets import Writer

TAKEN, FAILED, ALREADY = PacketOutcome.TAKEN, PacketOutcome.FAILED, PacketOutcome.ALREADY
RAW = hostile.raw_packets()
ZIPS = hostile.raw_zips()


def beside_a_sound_one(folder: Path, raw: dict[str, bytes], seed: int = 1) -> list[Result]:
    """Take `raw` files in together with a sound packet, which comes last and must be taken."""
    folder.mkdir()
    for name, body in raw.items():
        (folder / f"{name}.json").write_bytes(body)
    data, files = Writer(seed).packet(packet=f"sound-{seed}")
    packets.write(folder / "zz", data, files)
    results = take(folder)
    assert results[-1].fate is TAKEN, results[-1].problems
    assert len(results) == len(raw) + 1
    for result in results:
        assert len(result.problems) <= limits.MAX_PROBLEMS + 1
        for problem in result.problems:
            assert problem.what.zh
            assert problem.what.en
    return results[:-1]


def unexpected(results: list[Result]) -> list[Result]:
    return [
        result
        for result in results
        if any("意外错误" in problem.what.zh for problem in result.problems)
    ]


def test_each_packet_that_once_did_harm_fails_in_words_and_alone(
    engine: Engine, tmp_path: Path
) -> None:
    results = beside_a_sound_one(tmp_path / "in", RAW)
    assert {result.fate for result in results} == {FAILED}
    assert all(result.problems for result in results)
    assert unexpected(results) == []
    with db.reading() as session:
        assert len(quarantine.waiting(session)) == len(RAW)
    assert history_holds()


@pytest.mark.parametrize("seed", range(3))
def test_packets_made_at_random_never_keep_a_sound_one_out(
    engine: Engine, tmp_path: Path, seed: int
) -> None:
    dice, writer = random.Random(seed), Writer(seed + 100)
    data, _files = writer.packet()
    raw = {f"t{index}": hostile.tree(dice) for index in range(40)}
    raw |= {f"m{index}": hostile.mutated(dice, data) for index in range(80)}
    assert unexpected(beside_a_sound_one(tmp_path / "in", raw, seed + 500)) == []


@pytest.mark.parametrize("what", ZIPS)
def test_each_archive_that_once_did_harm_lets_its_sound_packet_in(
    sqlite_url: str, tmp_path: Path, what: str
) -> None:
    db.use(db.connect(sqlite_url))
    try:
        path = tmp_path / "in.zip"
        path.write_bytes(ZIPS[what])
        results = take(path)
        fates = Counter(result.fate for result in results)
        assert fates[TAKEN] == 1, [result.problems for result in results]
        assert fates[FAILED] >= 1
        assert unexpected(results) == []
    finally:
        db.engine().dispose()
        db.use(None)


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_damaged_archives_are_told_in_words(sqlite_url: str, tmp_path: Path, method: int) -> None:
    db.use(db.connect(sqlite_url))
    try:
        dice = random.Random(method)
        raw = hostile.sound_zip(Writer(method + 7), method)
        for index in range(25):
            path = tmp_path / f"{index}.zip"
            path.write_bytes(hostile.mutated_zip(dice, raw))
            try:
                results = take(path)
            except (sources.NotAnArchive, directory.TooManyNames):
                continue
            assert unexpected(results) == []
    finally:
        db.engine().dispose()
        db.use(None)


def test_a_list_of_files_longer_than_any_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_DIRECTORY", 10_000)
    path = tmp_path / "in.zip"
    path.write_bytes(hostile.zipped({f"{index:050}.txt": b"" for index in range(200)}))
    with pytest.raises(directory.TooManyNames):
        opened(path, SYSTEM)


def test_more_files_than_a_source_may_hold_are_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_NAMES", 10)
    path = tmp_path / "in.zip"
    path.write_bytes(hostile.zipped({f"{index}.txt": b"" for index in range(11)}))
    (tmp_path / "in").mkdir()
    for index in range(11):
        (tmp_path / "in" / f"{index}.txt").touch()
    for place in (path, tmp_path / "in"):
        with pytest.raises(directory.TooManyNames):
            opened(place, SYSTEM)


def test_what_is_no_regular_file_is_never_opened(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    pictures = [entry["file"] for entry in data["files"]]
    files.pop(pictures[0])
    packets.write(tmp_path / "in", data, files)
    os.mkfifo(tmp_path / "in" / pictures[0])
    os.mkfifo(tmp_path / "in" / "pipe.json")
    (tmp_path / "in" / "folder.json").mkdir()
    plug = socket.socket(socket.AF_UNIX)
    home = Path.cwd()
    os.chdir(tmp_path / "in")  # the path of a socket may have 107 bytes
    plug.bind("plug.json")
    os.chdir(home)
    plug.close()
    packets.write(tmp_path / "in" / "zz", *Writer(2).packet())
    results = take(tmp_path / "in")
    told = {result.name: result for result in results}
    for name in ("pipe.json", "plug.json", pictures[0]):
        assert "不是普通文件" in told[name].problems[0].what.zh
    assert "找不到文件" in problem_at(told[f"{data['packet']}.json"], "$.files[0].file").what.zh
    assert results[-1].fate is TAKEN


def test_a_file_that_became_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(b"{}")
    folder = sources.opened(tmp_path / "in")
    (tmp_path / "in" / "a.json").unlink()
    os.mkfifo(tmp_path / "in" / "a.json")
    with pytest.raises(sources.Unreadable):
        folder.read("a.json", 10)


def test_six_intakes_of_one_folder_take_every_packet_once_and_fail_none(
    engine: Engine, tmp_path: Path
) -> None:
    writer = Writer()
    for _ in range(4):
        packets.write(tmp_path / "in", *writer.packet())
    with ThreadPoolExecutor(6) as several:
        results = [*several.map(take, [tmp_path / "in"] * 6)]
    fates = Counter(result.fate for one in results for result in one)
    assert fates == {TAKEN: 4, ALREADY: 20}
    with db.reading() as session:
        assert quarantine.waiting(session) == []
    assert history_holds()


def test_an_error_nobody_expected_fails_one_packet_with_a_line_in_the_log(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    writer = Writer()
    for index in range(3):
        data, files = writer.packet(packet=f"{index}")
        packets.write(tmp_path / "in", data, files)
    real = examine.take

    def failing(session: Session, actor: object, packet: object, now: object) -> object:
        if packet.key == "1":  # type: ignore[attr-defined]
            raise ZeroDivisionError("of all\nthings")
        return real(session, actor, packet, now)  # type: ignore[arg-type]

    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(examine, "take", failing)
        results = take(tmp_path / "in")
    assert [result.fate for result in results] == [TAKEN, FAILED, TAKEN]
    assert "ZeroDivisionError" in results[1].problems[0].what.zh
    (record,) = caplog.records
    line = record.getMessage()
    assert "ZeroDivisionError: of all things" in line
    assert "failing" in line
    assert "\n" not in line
    again = take(tmp_path / "in")
    assert [result.fate for result in again] == [ALREADY, TAKEN, ALREADY]
    with db.reading() as session:
        assert quarantine.waiting(session) == [], "a packet that is in leaves quarantine"


def test_a_failing_statement_fails_its_packet_while_the_database_answers(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer()
    for index in range(2):
        packets.write(tmp_path / "in", *writer.packet(packet=f"{index}"))
    real = examine.take

    def failing(session: Session, actor: object, packet: object, now: object) -> object:
        if packet.key == "0":  # type: ignore[attr-defined]
            raise OperationalError("stack depth limit exceeded", None, ValueError())
        return real(session, actor, packet, now)  # type: ignore[arg-type]

    monkeypatch.setattr(examine, "take", failing)
    assert [result.fate for result in take(tmp_path / "in")] == [FAILED, TAKEN]
    monkeypatch.setattr(db, "ready", lambda: False)
    with pytest.raises(db.Unavailable):
        take(tmp_path / "in")


def test_the_first_hundred_problems_are_told_and_how_many_more(
    engine: Engine, tmp_path: Path
) -> None:
    data, files = Writer().packet()
    data["person"].update({f"unknown{index}": 1 for index in range(150)})
    packets.write(tmp_path / "in", data, files)
    problems = only(take(tmp_path / "in")).problems
    assert len(problems) == limits.MAX_PROBLEMS + 1
    assert problems[-1].what.zh == "另有 50 个问题未列出。"


def test_of_very_many_packets_only_the_first_problem_is_told(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_TOLD", 3)
    (tmp_path / "in").mkdir()
    for index in range(3):
        (tmp_path / "in" / f"{index}.json").write_bytes(b"{}")
    told = [len(result.problems) for result in take(tmp_path / "in")]
    assert told == [4, 2, 2], "and the number of the rest"


def test_files_left_out_are_told_up_to_a_hundred(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "in.zip"
    path.write_bytes(hostile.zipped({f"../{index}.txt": b"" for index in range(130)}))
    intake = opened(path, SYSTEM)
    results = list(run(intake, NOW))
    assert len(results) == intake.total == limits.MAX_REFUSED + 1
    assert "另有 30 个文件" in results[-1].problems[0].what.zh


def test_quarantine_is_listed_and_tried_again_from_the_command_line(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, files = Writer().packet()
    name = data["files"][0]["file"]
    packets.write(tmp_path / "in", data, {**files, name: b""})
    (tmp_path / "in" / "odd\x1b[31m.json").write_bytes(b"{")
    assert main(["--lang", "en", "intake", str(tmp_path / "in")]) == 1
    assert main(["--lang", "en", "quarantine"]) == 0
    out = capsys.readouterr().out
    assert f"{data['packet']}.json" in out
    assert "The file is empty" in out
    assert "\x1b" not in out
    assert main(["--lang", "en", "quarantine", "--retry"]) == 1
    (tmp_path / "in" / name).write_bytes(files[name])
    (tmp_path / "in" / "odd\x1b[31m.json").unlink()
    capsys.readouterr()
    assert main(["--lang", "en", "quarantine", "--retry"]) == 1
    out, err = capsys.readouterr()
    assert "1  taken in" in out
    assert "no longer holds odd" in err
    with db.reading() as session:
        assert [(entry.name, entry.tries) for entry in quarantine.waiting(session)] == [
            ("odd\x1b[31m.json", 2)
        ]
    (tmp_path / "in").rename(tmp_path / "gone")
    assert main(["--lang", "en", "quarantine", "--retry"]) == 1
    assert "There is no folder or zip file" in capsys.readouterr().err


def test_a_very_long_path_is_told_in_words(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(sources.NoSuchSource):
        opened(tmp_path / ("x" * 5_000), SYSTEM)


def test_a_picture_that_changes_meanwhile_fails_its_packet(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, files = Writer().packet()
    packets.write(tmp_path / "in", data, files)
    real = sources.Folder.read
    seen: Counter[str] = Counter()

    def changing(self: sources.Folder, name: str, limit: int) -> bytes:
        seen[name] += 1
        content = real(self, name, limit)
        return content + b"x" if seen[name] == 2 and name.endswith(".JPG") else content

    monkeypatch.setattr(sources.Folder, "read", changing)
    result = only(take(tmp_path / "in"))
    assert result.fate is FAILED
    assert "被改动" in result.problems[0].what.zh


def test_pictures_beyond_what_a_packets_pictures_may_cost_are_not_opened(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened_now: list[str] = []

    def dear(data: bytes, filename: str, *, max_bytes: int, meter: limited.Meter) -> object:
        opened_now.append(filename)
        facts = images.inspect(data, filename, max_bytes=max_bytes)
        meter.cpu += limits.MAX_DECODING + 1
        return facts

    monkeypatch.setattr(limited, "inspect", dear)
    data, files = Writer().packet()
    packets.write(tmp_path / "in" / "dear", data, files)
    result = only(take(tmp_path / "in"))
    assert result.fate is FAILED
    assert len(data["files"]) > 1
    assert len(opened_now) == 1
    refusal = problem_at(result, "$.files[1].file").what
    assert str(limits.MAX_DECODING) in refusal.zh
    assert "not opened" in refusal.en
    monkeypatch.undo()
    assert only(take(tmp_path / "in")).fate is TAKEN, "the next packet starts anew"


def test_a_picture_the_machine_did_not_get_round_to_can_be_tried_again(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object, **__: object) -> object:
        raise limited.TooSlow(seconds=20)

    monkeypatch.setattr(limited, "inspect", slow)
    packets.write(tmp_path / "in" / "slow", *Writer().packet())
    result = only(take(tmp_path / "in"))
    assert result.fate is FAILED
    assert "try again" in problem_at(result, "$.files[0].file").what.en
    monkeypatch.undo()
    assert main(["quarantine", "--retry"]) == 0


def test_the_limits_are_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "intake.md").read_text(encoding="utf-8")
    for name, value in vars(limits).items():
        if name.isupper():
            assert f"| `{name}` | {value:,} |" in text


def test_reports_tell_hostile_names_without_acting_on_a_terminal(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a\x1b[2J\u202e.json").write_bytes(b'{"\\u001b[2J":1}')
    assert main(["intake", str(tmp_path / "in"), "--report", str(tmp_path / "r.txt")]) == 1
    text = (tmp_path / "r.txt").read_text(encoding="utf-8")
    assert "[U+001B]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_a_packet_row_names_no_key_where_it_came_unsigned(engine: Engine, tmp_path: Path) -> None:
    packets.write(tmp_path / "in", *Writer().packet())
    assert only(take(tmp_path / "in")).fate is TAKEN
    with db.reading() as session:
        assert session.scalars(select(Packet.signed_by)).all() == [None]
