"""The links of the history: which chain a row belongs to, and the hash that ties it to the last.

A row is hashed with a secret that the database does not hold, so whoever can write to the database
alone can neither change a row nor make one up. Rows older than the secret carry no key.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from core.config import settings
from core.errors import CoreError
from core.text import Text

CHAINS = 64
GENESIS = "0" * 64


class KeyUnknown(CoreError):
    """Nothing is appended to a chain whose newest row was hashed with a secret not at hand."""

    text = Text(
        "本机没有办理历史所用的密钥（{key}），不能续写。请恢复密钥文件 history.key 或更正 "
        "REGDESK_HISTORY_KEY 后重新启动。",
        "The key of the history ({key}) is not here, so nothing can be added to it. Restore the "
        "file history.key, or correct REGDESK_HISTORY_KEY, and start again.",
    )


def chain_of(subject: str, case_id: int | None) -> int:
    """The chain that a subject's rows belong to; `chain:7` is chain 7 itself."""
    if case_id is None and subject.startswith("chain:"):
        return int(subject.removeprefix("chain:"))
    return (case_id if case_id is not None else zlib.crc32(subject.encode())) % CHAINS


def canonical(detail: dict[str, Any]) -> str:
    """`detail` as JSON with sorted keys: the very text that is stored and hashed."""
    return orjson.dumps(detail, option=orjson.OPT_SORT_KEYS).decode()


@lru_cache(maxsize=8)
def _keyring(secrets: tuple[str, ...]) -> dict[str, bytes]:
    ring = {}
    for secret in secrets:
        own = secret.encode()
        ring[hashlib.sha256(b"regdesk history key:" + own).hexdigest()[:8]] = own
    return ring


def keys() -> tuple[str, ...]:
    """Ids of the secrets at hand, oldest first; the last one is written with."""
    return tuple(_keyring(settings().history_key))


def signed(key: str, body: bytes) -> str:
    """HMAC-SHA256 (hex) of `body` with the secret `key`. Raises KeyUnknown."""
    secret = _keyring(settings().history_key).get(key)
    if secret is None:
        raise KeyUnknown(key=key)
    return hmac.digest(secret, body, "sha256").hex()


def link(
    *,
    previous: str,
    chain: int,
    seq: int,
    at: datetime,
    actor_id: int | None,
    actor_name: str,
    action: str,
    subject: str,
    case_id: int | None,
    version: int | None,
    before: str | None,
    after: str | None,
    detail: str,
    evidence: str | None,
    key: str | None,
    origin: str,
) -> str:
    """The hash (hex) of one row together with the hash of the row before it.

    key: id of the secret; without one the plain SHA-256 of rows older than the secret, which names
    neither evidence nor origin. origin: the database, as its chain heads name it, so that a chain
    cannot be carried from one to another. Raises KeyUnknown.
    """
    body: list[Any] = [
        *(previous, chain, seq, at.isoformat(), actor_id, actor_name, action, subject, case_id),
        *(version, before, after, detail),
    ]
    if key is None:
        return hashlib.sha256(orjson.dumps(body)).hexdigest()
    return signed(key, orjson.dumps([*body, evidence, key, origin]))
