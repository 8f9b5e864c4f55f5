"""Where packets are read from: folders and archives, odd names, hostile members."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import orjson
import pytest
from sqlalchemy import Engine

from core.access.actors import SYSTEM
from core.intake.run import PacketOutcome, opened
from core.intake.source import NoSuchSource, NotAnArchive
from tests import packets
from tests.intake_cases import only, problem_at, take
from tests.packets import Writer


def test_names_are_found_though_case_and_composition_differ(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    entry = data["files"][0]
    files["Cafe\u0301.JPG"] = files.pop(entry["file"])
    entry["file"] = ".\\Café.jpg"
    packets.write(tmp_path / "in", data, files)
    assert only(take(tmp_path / "in")).fate is PacketOutcome.TAKEN


def test_one_sub_folder_a_packet_is_read_too(engine: Engine, tmp_path: Path) -> None:
    writer = Writer()
    for index in range(3):
        packets.write(tmp_path / "in" / f"案卷{index}", *writer.packet())
    assert [result.fate for result in take(tmp_path / "in")] == [PacketOutcome.TAKEN] * 3


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def test_an_archive_is_read_like_a_folder(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    members = {f"批次/案卷一/{name}": body for name, body in files.items()}
    members["批次/案卷一/packet.json"] = orjson.dumps(data)
    members["__MACOSX/批次/._packet.json"] = b"x"
    assert only(take(zipped(tmp_path / "in.zip", members))).fate is PacketOutcome.TAKEN


def test_names_in_gbk_are_read_as_chinese(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    body = files.pop(data["files"][0]["file"])
    data["files"][0]["file"] = "照片.jpg"
    members = {**files, "packet.json": orjson.dumps(data), "@@@@.jpg": body}
    path = zipped(tmp_path / "in.zip", members)
    # As Chinese Windows writes it: GBK bytes, and no flag that says anything else.
    path.write_bytes(path.read_bytes().replace(b"@@@@.jpg", "照片.jpg".encode("gbk")))
    with zipfile.ZipFile(path) as archive:
        assert "照片.jpg" not in archive.namelist(), "by itself the library reads cp437"
    assert only(take(path)).fate is PacketOutcome.TAKEN


@pytest.mark.parametrize(
    "name", ["../outside.jpg", "/etc/outside.jpg", "a/../../outside.jpg", "..\\outside.jpg"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused_and_nothing_is_written(
    engine: Engine, data_folder: Path, tmp_path: Path, name: str
) -> None:
    data, files = Writer().packet()
    path = zipped(
        tmp_path / "in.zip",
        {**files, "packet.json": orjson.dumps(data), name: b"\xff\xd8\xff"},
    )
    results = take(path)
    assert [result.fate for result in results] == [PacketOutcome.FAILED, PacketOutcome.TAKEN]
    assert "绝对路径或“..”" in results[0].problems[0].what.zh
    assert not list(tmp_path.rglob("outside.jpg"))


def test_a_zip_bomb_is_refused_unread(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    files[data["files"][0]["file"]] = bytes(9 * 1024 * 1024)
    path = zipped(tmp_path / "in.zip", {**files, "packet.json": orjson.dumps(data)})
    bomb, packet = take(path)
    assert "压缩炸弹" in bomb.problems[0].what.zh
    assert packet.fate is PacketOutcome.FAILED
    assert "找不到文件" in problem_at(packet, "$.files[0].file").what.zh


def test_two_members_of_one_name_are_refused(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    path = zipped(tmp_path / "in.zip", {**files, "packet.json": orjson.dumps(data)})
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("packet.json", b"{}")
    result = only(take(path))
    assert "同名文件" in result.problems[0].what.zh


def test_a_damaged_member_is_told_in_words(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    path = zipped(tmp_path / "in.zip", {**files, "packet.json": orjson.dumps(data)})
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(data["files"][0]["file"])
    raw[member.header_offset + 30 + len(member.filename.encode()) + 200] ^= 0xFF
    path.write_bytes(bytes(raw))
    result = only(take(path))
    assert result.fate is PacketOutcome.FAILED
    assert any(problem.path.startswith("$.files") for problem in result.problems)


def test_what_is_neither_folder_nor_archive_is_said_so(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(NoSuchSource):
        opened(tmp_path / "gone", SYSTEM)
    (tmp_path / "a.zip").write_bytes(b"PK nothing")
    with pytest.raises(NotAnArchive):
        opened(tmp_path / "a.zip", SYSTEM)


def test_a_symbolic_link_is_not_followed(engine: Engine, tmp_path: Path) -> None:
    data, files = Writer().packet()
    name = data["files"][0]["file"]
    (tmp_path / "outside.jpg").write_bytes(files.pop(name))
    packets.write(tmp_path / "in", data, files)
    (tmp_path / "in" / name).symlink_to(tmp_path / "outside.jpg")
    result = only(take(tmp_path / "in"))
    assert "找不到文件" in problem_at(result, "$.files[0].file").what.zh


def test_a_folder_that_opens_but_cannot_be_listed_fails_alone(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packets.write(tmp_path / "in" / "sound", *Writer().packet())
    (tmp_path / "in" / "gone").mkdir()
    scandir = os.scandir

    class Vanishing:
        """What /proc holds for a process that has ended meanwhile."""

        def __enter__(self) -> Vanishing:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def __iter__(self) -> Vanishing:
            return self

        def __next__(self) -> None:
            raise ProcessLookupError(3, "No such process")

    monkeypatch.setattr(
        os, "scandir", lambda path: Vanishing() if Path(path).name == "gone" else scandir(path)
    )
    left_out, sound = take(tmp_path / "in")
    assert "No such process" in left_out.problems[0].what.en
    assert sound.fate is PacketOutcome.TAKEN
