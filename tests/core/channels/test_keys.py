"""Channels sign what they send: Ed25519, a public key by name, one channel a key."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import db
from core.__main__ import main
from core.access.actors import SYSTEM, Actor
from core.channels import keys
from core.config import settings
from core.errors import CoreError, NotPermitted
from core.model import ChannelKey, Event
from core.vocabulary.cases import Channel
from core.vocabulary.roles import Role

NOW = datetime(2026, 3, 12, tzinfo=UTC)
CONTENT = keys.manifest("0" * 64, ["1" * 64])


def pair(seed: int = 1) -> tuple[bytes, bytes]:
    """A private and a public key, as PEM; the same for the same seed."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return (
        private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


PRIVATE, PUBLIC = pair()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with db.transaction() as opened:
        keys.add(opened, SYSTEM, "web-1", Channel.WEB, PUBLIC, now=NOW)
        yield opened


def test_what_is_signed_is_a_text_that_any_language_can_write() -> None:
    assert CONTENT == b"RegDesk packet 1\n" + b"0" * 64 + b"\n" + b"1" * 64 + b"\n"


def test_a_signature_is_known_by_the_name_of_its_key(session: Session) -> None:
    signature = keys.sign(PRIVATE, "web-1", CONTENT)
    assert keys.verify(session, signature, "web", CONTENT) == "web-1"
    assert [(row.name, row.channel, row.revoked_at) for row in keys.listed(session)] == [
        ("web-1", Channel.WEB, None)
    ]


@pytest.mark.parametrize(
    ("signature", "channel", "content", "error"),
    [
        (keys.sign(PRIVATE, "web-1", CONTENT), "web", CONTENT + b"x", keys.SignatureWrong),
        (keys.sign(pair(2)[0], "web-1", CONTENT), "web", CONTENT, keys.SignatureWrong),
        (keys.sign(PRIVATE, "web-1", CONTENT), "portal", CONTENT, keys.WrongChannel),
        (keys.sign(PRIVATE, "web-1", CONTENT), ["web"], CONTENT, keys.WrongChannel),
        (keys.sign(PRIVATE, "web-2", CONTENT), "web", CONTENT, keys.UnknownKey),
        (b"", "web", CONTENT, keys.SignatureUnreadable),
        (b"web-1", "web", CONTENT, keys.SignatureUnreadable),
        (b"we\x00b-1 AAAA", "web", CONTENT, keys.KeyNameUnusable),
        (b"w" * 500 + b" AAAA", "web", CONTENT, keys.KeyNameUnusable),
        (b"web-1 ####", "web", CONTENT, keys.SignatureUnreadable),
        (b"web-1 AAAA", "web", CONTENT, keys.SignatureWrong),
        ("web-1 ＡＡＡＡ".encode(), "web", CONTENT, keys.SignatureUnreadable),
        (b"web-1 " + b"A" * 900, "web", CONTENT, keys.SignatureWrong),
    ],
)
def test_any_other_signature_is_refused_in_words(
    session: Session, signature: bytes, channel: object, content: bytes, error: type[CoreError]
) -> None:
    with pytest.raises(error):
        keys.verify(session, signature, channel, content)


def test_a_revoked_key_opens_nothing_and_its_name_is_not_used_again(session: Session) -> None:
    keys.revoke(session, SYSTEM, "web-1", now=NOW)
    with pytest.raises(keys.KeyRevoked):
        keys.verify(session, keys.sign(PRIVATE, "web-1", CONTENT), "web", CONTENT)
    with pytest.raises(keys.KeyRevoked):
        keys.revoke(session, SYSTEM, "web-1", now=NOW)
    with pytest.raises(keys.KeyNameTaken):
        keys.add(session, SYSTEM, "web-1", Channel.WEB, PUBLIC, now=NOW)


def pem(public: bytes) -> bytes:
    return Ed25519PublicKey.from_public_bytes(public).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )


PRIME = 2**255 - 19
# Of libsodium's list of points of small order, the two of order 8.
ORDER_8 = (
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)
WEAK = [y.to_bytes(32, "little") for y in (0, 1, PRIME - 1, PRIME, PRIME + 1, PRIME + 4)]
WEAK += [bytes.fromhex(each) for each in ORDER_8]
WEAK += [each[:31] + bytes([each[31] | 0x80]) for each in WEAK]


@pytest.mark.parametrize("public", WEAK, ids=bytes.hex)
def test_a_key_that_protects_nothing_is_neither_added_nor_believed(
    session: Session, public: bytes
) -> None:
    with pytest.raises(keys.WeakKey):
        keys.add(session, SYSTEM, "web-2", Channel.WEB, pem(public), now=NOW)
    # As one that was added before this was looked at.
    encoded = base64.b64encode(public).decode()
    session.add(ChannelKey(name="web-2", channel="web", public_key=encoded, added_at=NOW))
    for point in WEAK:
        forged = b"web-2 " + base64.b64encode(point + bytes(32))
        with pytest.raises(keys.WeakKey):
            keys.verify(session, forged, "web", CONTENT)


@pytest.mark.parametrize("revoked", [False, True])
def test_a_key_has_one_name_for_ever(session: Session, revoked: bool) -> None:
    if revoked:
        keys.revoke(session, SYSTEM, "web-1", now=NOW)
    for channel in (Channel.WEB, Channel.PORTAL):
        with pytest.raises(keys.KeyKnown, match="web-1"):
            keys.add(session, SYSTEM, "web-2", channel, PUBLIC, now=NOW)


def test_a_key_revoked_under_one_name_is_not_believed_under_another(session: Session) -> None:
    # As keys could be added before they had one name only.
    public = base64.b64encode(Ed25519PrivateKey.from_private_bytes(b"\1" * 32).public_key()
                              .public_bytes_raw()).decode()  # fmt: skip
    session.add(ChannelKey(name="web-2", channel="web", public_key=public, added_at=NOW))
    session.flush()
    signature = keys.sign(PRIVATE, "web-2", CONTENT)
    assert keys.verify(session, signature, "web", CONTENT) == "web-2"
    keys.revoke(session, SYSTEM, "web-1", now=NOW)
    with pytest.raises(keys.KeyRevoked):
        keys.verify(session, signature, "web", CONTENT)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_what_the_documentation_says_signs_a_packet(session: Session, tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "intake.md").read_text(encoding="utf-8")
    script = text.split("```sh\n# at the channel\n", 1)[1].split("```", 1)[0]
    (tmp_path / "portal.pem").write_bytes(PRIVATE)
    (tmp_path / "case1.json").write_bytes(b"{}")
    for name in ("IMG_0001.JPG", "签名.png"):
        (tmp_path / name).write_bytes(name.encode())
    subprocess.run(["sh", "-eu", "-c", script], cwd=tmp_path, check=True)
    hashes = [
        hashlib.sha256(body).hexdigest() for body in (b"{}", b"IMG_0001.JPG", "签名.png".encode())
    ]
    signature = (tmp_path / "case1.json.sig").read_bytes()
    assert signature.count(b"\n") == 1
    signature = signature.replace(b"portal-2026", b"web-1")
    content = keys.manifest(hashes[0], hashes[1:])
    assert keys.verify(session, signature, "web", content) == "web-1"


@pytest.mark.parametrize(
    ("name", "pem", "error"),
    [
        ("web-2", PRIVATE, keys.PrivateKeyGiven),
        ("web-2", b"", keys.NoPublicKey),
        ("web-2", PUBLIC[:60], keys.NoPublicKey),
        ("web-2", bytes(range(256)), keys.NoPublicKey),
        ("W", PUBLIC, keys.KeyNameUnusable),
        ("a\x00b", PUBLIC, keys.KeyNameUnusable),
        ("a" * 41, PUBLIC, keys.KeyNameUnusable),
    ],
)
def test_only_a_public_key_with_a_plain_name_is_added(
    session: Session, name: str, pem: bytes, error: type[CoreError]
) -> None:
    with pytest.raises(error):
        keys.add(session, SYSTEM, name, Channel.WEB, pem, now=NOW)


def test_keys_are_for_administrators_and_leave_their_trace(session: Session) -> None:
    reviewer = Actor(1, "审查员", frozenset({Role.REVIEWER}))
    with pytest.raises(NotPermitted):
        keys.add(session, reviewer, "web-2", Channel.WEB, PUBLIC, now=NOW)
    with pytest.raises(NotPermitted):
        keys.revoke(session, reviewer, "web-1", now=NOW)
    keys.revoke(session, SYSTEM, "web-1", now=NOW)
    session.flush()
    rows = session.scalars(select(Event.action).where(Event.subject == "channel_key:web-1"))
    assert rows.all() == ["add_channel_key", "revoke_channel_key"]


@pytest.mark.parametrize(("said", "allowed"), [("", False), ("0", False), ("1", True)])
def test_once_a_key_is_known_only_the_setting_lets_unsigned_packets_in(
    session: Session, monkeypatch: pytest.MonkeyPatch, said: str, allowed: bool
) -> None:
    monkeypatch.setenv("REGDESK_UNSIGNED_PACKETS", said)
    settings.cache_clear()
    session.flush()
    assert keys.unsigned_allowed(session) is allowed


@pytest.mark.parametrize(("said", "allowed"), [("", True), ("0", False), ("1", True)])
def test_without_any_key_unsigned_packets_come_in_unless_the_setting_says_no(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, said: str, allowed: bool
) -> None:
    monkeypatch.setenv("REGDESK_UNSIGNED_PACKETS", said)
    settings.cache_clear()
    with db.reading() as session:
        assert keys.unsigned_allowed(session) is allowed


@given(st.binary(max_size=200))
def test_any_bytes_are_no_signature(raw: bytes) -> None:
    try:
        name, _value = keys._parts(raw)
    except keys.SignatureUnreadable:
        return
    assert name.isascii()


def test_the_command_line_manages_keys_and_never_prints_one(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "web.pub").write_bytes(PUBLIC)
    assert main(["--lang", "en", "channel", "list"]) == 0
    assert main(["--lang", "en", "channel", "add", "web-1", "web", str(tmp_path / "web.pub")]) == 0
    assert main(["--lang", "en", "channel", "add", "web-2", "web", str(tmp_path / "gone")]) == 1
    assert main(["--lang", "en", "channel", "revoke", "web-1"]) == 0
    assert main(["--lang", "en", "channel", "list"]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "No key was added yet."
    assert "Added: web-1 (Service portal)." in out
    assert "revoked" in out.splitlines()[-1]
    assert "cannot be read" in err
    with db.reading() as session:
        kept = session.scalar(select(Event.detail).where(Event.action == "add_channel_key"))
    assert kept is not None
    key = kept.split('"public_key":"')[1].split('"')[0]
    assert key not in out + err
