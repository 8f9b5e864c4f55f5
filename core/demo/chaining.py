"""The history chains in bulk: rows get their place and their hash just before they are written.

Apart from the making of rows, so that it happens in the writing process where there is one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

Heads = dict[int, tuple[int, str]]
"""Newest link of each chain: its place and its hash."""


def linked(events: Iterable[tuple[Any, ...]], heads: Heads) -> Iterator[tuple[Any, ...]]:
    """Rows of the table `events` from (id, chain, moment, facts …); moves `heads` on.

    As `core.history.link`, whose arguments by name cost more than the hash itself.
    """
    for number, chain, moment, *facts in events:
        last, previous = heads[chain]
        seq = last + 1
        iso = f"{moment[:10]}T{moment[11:19]}+00:00"
        body = orjson.dumps((previous, chain, seq, iso, *facts))
        digest = hashlib.sha256(body).hexdigest()
        heads[chain] = (seq, digest)
        yield (number, chain, seq, moment, *facts, previous, digest)
