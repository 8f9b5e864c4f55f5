"""The history chains in bulk: what `core.audit.history.record` does, without the tables."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import orjson

from core.audit import history

Heads = dict[int, tuple[int, str]]
"""Newest link of each chain: its place and its hash."""


def linked(stamp: str, facts: tuple[Any, ...], heads: Heads) -> tuple[Any, ...]:
    """The row of an event at `stamp`; moves the head of its chain on.

    facts: its columns from `actor_id` to `detail`. The hash is that of `core.audit.history.link`,
    whose arguments by name cost more than the hashing itself.
    """
    chain = facts[4] % history.CHAINS
    last, previous = heads[chain]
    place = last + 1
    moment = f"{stamp[:10]}T{stamp[11:19]}+00:00"
    digest = sha256(orjson.dumps((previous, chain, place, moment, *facts))).hexdigest()
    heads[chain] = (place, digest)
    return (chain, place, stamp, *facts, previous, digest)
