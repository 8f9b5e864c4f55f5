"""Who files: packets are signed by their channel, and its public key is known here.

Ed25519 (RFC 8032): the private key stays with the portal, so that neither our database nor its
backups can make a packet. What is signed is a short text of hashes (`manifest`), which any language
can write; the signature lies beside the packet as one line, name of the key and base64.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.audit import history
from core.config import settings
from core.errors import CoreError, NotFound
from core.model import ChannelKey
from core.text import Text
from core.typed import shown
from core.vocabulary.cases import CHANNEL_LABELS, Channel

FIRST_LINE = "RegDesk packet 1"
MAX_SIGNATURE = 1024
"""Bytes of the file that holds a signature."""

KEY = Text("密钥", "The key")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]")


_PRIME = 2**255 - 19
_ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = {0, 1, _PRIME - 1, _ORDER_8, _PRIME - _ORDER_8}
"""The y of the eight points of order 1, 2, 4 and 8: under them anybody's signature may fit."""


class NotSigned(CoreError):
    text = Text(
        "数据包没有签名（缺少 {file}）。本系统只接收已签名的数据包。",
        "The packet is not signed ({file} is missing), and only signed packets are taken in here.",
    )


class SignatureUnreadable(CoreError):
    text = Text(
        "签名文件无法识别，应为一行：密钥名称、空格、base64 签名。",
        "The signature cannot be read; it is one line: name of the key, a space, base64.",
    )


class UnknownKey(CoreError):
    text = Text("没有名为“{name}”的密钥。", "There is no key of the name “{name}”.")


class KeyRevoked(CoreError):
    text = Text("密钥“{name}”已于 {at} 停用。", "The key “{name}” was revoked on {at}.")


class WrongChannel(CoreError):
    text = Text(
        "密钥“{name}”只用于“{channel}”，数据包却写着“{given}”。",
        "The key “{name}” speaks for “{channel}” only; the packet says “{given}”.",
    )


class SignatureWrong(CoreError):
    text = Text(
        "签名不符：数据包或图片在签名后被改动，或不是用密钥“{name}”签的。",
        "The signature does not fit: packet or pictures were changed after signing, or it was not "
        "made with the key “{name}”.",
    )


class KeyNameUnusable(CoreError):
    text = Text(
        "密钥名称“{name}”不可用：须为 3 至 40 个小写字母、数字、点、横线或下划线。",
        "“{name}” cannot be the name of a key: use 3 to 40 lower-case letters, digits, dots, "
        "hyphens or underscores.",
    )


class KeyNameTaken(CoreError):
    text = Text(
        "密钥名称“{name}”已用过；停用的名称也不再使用。",
        "The name “{name}” is taken; that of a revoked key is not used again.",
    )


class KeyKnown(CoreError):
    text = Text(
        "这把公钥已登记为“{name}”。一把密钥只有一个名称，停用后也不能换名再用。",
        "This public key is known already as “{name}”. A key has one name, and a revoked one does "
        "not come back under another.",
    )


class WeakKey(CoreError):
    text = Text(
        "此公钥不安全（低阶点或非规范编码），任何人都可能伪造其签名，请渠道重新生成密钥。",
        "This public key protects nothing (a point of small order, or written in a way of its "
        "own): anybody could sign for it. The channel must make a new one.",
    )


class NoPublicKey(CoreError):
    text = Text(
        "文件中没有 Ed25519 公钥（PEM）。", "The file holds no Ed25519 public key in PEM form."
    )


class PrivateKeyGiven(CoreError):
    text = Text(
        "文件中是私钥。私钥只留在渠道一方，请给公钥；此私钥请作废。",
        "This is a private key. It stays with the channel: give its public key, and use this one "
        "no more.",
    )


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A channel's key as administrators see it; never the key itself."""

    name: str
    channel: Channel
    added_at: datetime
    revoked_at: datetime | None


def manifest(packet_sha256: str, files: Sequence[str]) -> bytes:
    """What is signed: the hash of the JSON file, then of each picture in the order of `files`.

    Hashes are SHA-256 in lower-case hex, a line each, after `FIRST_LINE`; every line ends in LF.
    """
    return "".join(f"{line}\n" for line in (FIRST_LINE, packet_sha256, *files)).encode()


def sign(private_pem: bytes, name: str, content: bytes) -> bytes:
    """The signature of `content` (a `manifest`) as its file holds it.

    What portals do on their side; here for tests and for trying a new key out. Raises ValueError
    when `private_pem` is no Ed25519 private key.
    """
    key = load_pem_private_key(private_pem, None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 private key")
    return f"{name} {base64.b64encode(key.sign(content)).decode()}\n".encode()


def verify(session: Session, signature: bytes, channel: object, content: bytes) -> str:
    """The name of the key that signed `content` for `channel` (as the packet states it).

    Raises SignatureUnreadable, KeyNameUnusable, UnknownKey, KeyRevoked, WeakKey, WrongChannel,
    SignatureWrong.
    """
    name, value = _parts(signature)
    _check_name(name)
    row = session.get(ChannelKey, name)
    if row is None:
        raise UnknownKey(name=shown(name))
    # Keys that were added before a key had one name only: revoked once is revoked.
    same_key = select(ChannelKey).where(ChannelKey.public_key == row.public_key)
    for known in session.scalars(same_key):
        if known.revoked_at is not None:
            raise KeyRevoked(name=known.name, at=clock.written(known.revoked_at))
    public = base64.b64decode(row.public_key)
    if _weak(public):
        raise WeakKey
    if channel != row.channel:
        label = CHANNEL_LABELS[Channel(row.channel)]
        raise WrongChannel(name=name, channel=label, given=shown(channel))
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(value, content)
    except InvalidSignature as error:
        raise SignatureWrong(name=name) from error
    return name


def _parts(signature: bytes) -> tuple[str, bytes]:
    try:
        name, value = signature.decode("ascii").split()
        return name, base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error) as error:
        raise SignatureUnreadable from error


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise KeyNameUnusable(name=shown(name))


def _weak(public: bytes) -> bool:
    """Whether a public key is of small order, or not the one way to write its point (RFC 8032)."""
    y = int.from_bytes(public, "little") & (2**255 - 1)
    return y >= _PRIME or y in _SMALL_ORDER


def unsigned_allowed(session: Session) -> bool:
    """Whether packets without a signature are taken in (setting `REGDESK_UNSIGNED_PACKETS`).

    Where the setting says nothing: until the first key is added. A packet names its channel itself,
    so once one channel signs, all must.
    """
    allowed = settings().unsigned_packets
    if allowed is not None:
        return allowed
    return session.scalar(select(ChannelKey.name).limit(1)) is None


def add(
    session: Session, actor: Actor, name: str, channel: Channel, public_pem: bytes, *, now: datetime
) -> None:
    """Know a channel by its public key from now on.

    Raises NotPermitted, KeyNameUnusable, KeyNameTaken, NoPublicKey, PrivateKeyGiven, WeakKey,
    KeyKnown.
    """
    actor.require(Permission.CHANNEL_MANAGE)
    _check_name(name)
    if session.get(ChannelKey, name) is not None:
        raise KeyNameTaken(name=name)
    key = base64.b64encode(_public(public_pem)).decode()
    known = session.scalar(select(ChannelKey.name).where(ChannelKey.public_key == key).limit(1))
    if known is not None:
        raise KeyKnown(name=known)
    session.add(ChannelKey(name=name, channel=channel.value, public_key=key, added_at=now))
    detail = {"channel": channel.value, "public_key": key}
    history.record(session, actor, "add_channel_key", f"channel_key:{name}", at=now, detail=detail)


def _public(pem: bytes) -> bytes:
    if b"PRIVATE KEY" in pem:
        raise PrivateKeyGiven
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NoPublicKey from error
    if not isinstance(key, Ed25519PublicKey):
        raise NoPublicKey
    public = key.public_bytes_raw()
    if _weak(public):
        raise WeakKey
    return public


def revoke(session: Session, actor: Actor, name: str, *, now: datetime) -> None:
    """Take nothing in any more that is signed with this key. Raises NotPermitted, NotFound,
    KeyRevoked."""
    actor.require(Permission.CHANNEL_MANAGE)
    row = session.get(ChannelKey, name)
    if row is None:
        raise NotFound(what=KEY)
    if row.revoked_at is not None:
        raise KeyRevoked(name=name, at=clock.written(row.revoked_at))
    row.revoked_at = now
    history.record(session, actor, "revoke_channel_key", f"channel_key:{name}", at=now)


def listed(session: Session) -> list[KeyRow]:
    """Every key ever added, by name."""
    return [
        KeyRow(row.name, Channel(row.channel), row.added_at, row.revoked_at)
        for row in session.scalars(select(ChannelKey).order_by(ChannelKey.name))
    ]
