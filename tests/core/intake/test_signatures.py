"""Who files: packets are signed by their channel, and told nothing else when they are not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from core import db
from core.access.actors import SYSTEM
from core.channels import keys
from core.config import settings
from core.intake.run import PacketOutcome, Result
from core.model import Event, Packet
from core.vocabulary.cases import Channel
from tests import packets
from tests.core.channels.test_keys import PRIVATE, PUBLIC
from tests.intake_cases import NOW, everything, only, take
from tests.packets import Writer


@pytest.fixture
def keyed(engine: Engine) -> Iterator[Engine]:
    """A database that knows the key of the mini-program."""
    with db.transaction() as session:
        keys.add(session, SYSTEM, "mini-1", Channel.MINI_PROGRAM, PUBLIC, now=NOW)
    return engine


def signed(
    folder: Path, data: dict[str, Any], files: dict[str, bytes], key: str = "mini-1"
) -> Path:
    """Write a packet with its signature beside it."""
    path = packets.write(folder, data, files)
    hashes = [hashlib.sha256(files[entry["file"]]).hexdigest() for entry in data["files"]]
    content = keys.manifest(hashlib.sha256(path.read_bytes()).hexdigest(), hashes)
    path.with_name(f"{path.name}.sig").write_bytes(keys.sign(PRIVATE, key, content))
    return path


def refused(result: Result, words: str) -> None:
    assert result.fate is PacketOutcome.FAILED
    (problem,) = result.problems
    assert words in problem.what.zh


def test_a_signed_packet_is_taken_in_and_its_history_names_the_key(
    keyed: Engine, tmp_path: Path
) -> None:
    signed(tmp_path / "in", *Writer().packet())
    result = only(take(tmp_path / "in"))
    assert (result.fate, result.signed_by) == (PacketOutcome.TAKEN, "mini-1")
    with db.reading() as session:
        assert session.scalars(select(Packet.signed_by)).one() == "mini-1"
        detail = session.scalars(select(Event.detail).where(Event.action == "take_in")).one()
    assert '"signed_by":"mini-1"' in detail
    assert only(take(tmp_path / "in")).fate is PacketOutcome.ALREADY


def test_an_unsigned_packet_is_refused_before_anything_else_is_said(
    keyed: Engine, data_folder: Path, tmp_path: Path
) -> None:
    data, files = Writer().packet(channel="portal")
    data["profession"] = "x"
    packets.write(tmp_path / "in", data, files)
    before = everything(keyed, data_folder)
    refused(only(take(tmp_path / "in")), "没有签名")
    assert everything(keyed, data_folder) == before


def test_the_setting_of_an_administrator_lets_it_in(
    keyed: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packets.write(tmp_path / "in", *Writer().packet())
    monkeypatch.setenv("REGDESK_UNSIGNED_PACKETS", "1")
    settings.cache_clear()
    assert only(take(tmp_path / "in")).fate is PacketOutcome.TAKEN


def test_what_was_taken_in_unsigned_before_there_was_a_key_is_there_already(
    engine: Engine, tmp_path: Path
) -> None:
    packets.write(tmp_path / "in", *Writer().packet())
    assert only(take(tmp_path / "in")).fate is PacketOutcome.TAKEN
    with db.transaction() as session:
        keys.add(session, SYSTEM, "web-1", Channel.WEB, PUBLIC, now=NOW)
    assert only(take(tmp_path / "in")).fate is PacketOutcome.ALREADY


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.write_bytes(path.read_bytes() + b" "), "签名不符"),
        (lambda path: next(path.parent.glob("*.JPG")).write_bytes(b"x"), "签名不符"),
        (lambda path: path.with_name(f"{path.name}.sig").write_bytes(b"x"), "签名文件无法识别"),
        (lambda path: path.with_name(f"{path.name}.sig").write_bytes(b"x" * 2000), "超过上限"),
    ],
    ids=["packet changed", "picture changed", "no signature", "too long"],
)
def test_what_was_changed_after_signing_is_refused(
    keyed: Engine, tmp_path: Path, spoil: Any, words: str
) -> None:
    spoil(signed(tmp_path / "in", *Writer().packet()))
    refused(only(take(tmp_path / "in")), words)


def test_a_key_speaks_for_its_own_channel_only(keyed: Engine, tmp_path: Path) -> None:
    signed(tmp_path / "in", *Writer().packet(channel="web"))
    refused(only(take(tmp_path / "in")), "只用于“小程序”")


def test_a_wrong_signature_counts_though_unsigned_packets_are_let_in(
    engine: Engine, tmp_path: Path
) -> None:
    signed(tmp_path / "in", *Writer().packet())
    refused(only(take(tmp_path / "in")), "没有名为“mini-1”的密钥")
