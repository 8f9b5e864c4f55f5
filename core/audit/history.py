"""History: append-only rows, each hashed together with the one before it.

The rows of a case form part of one of `CHAINS` parallel chains. A changed, removed or reordered row
breaks its chain, and `verify` names it. Every command appends inside its own transaction, so there
is no action without its row and no row without its action.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session, SessionTransaction

from core.access.actors import Actor
from core.model import ChainHead, Event
from core.text import Text

CHAINS = 64
GENESIS = "0" * 64


def chain_of(subject: str, case_id: int | None) -> int:
    """The chain that a subject's rows belong to."""
    return (case_id if case_id is not None else zlib.crc32(subject.encode())) % CHAINS


def canonical(detail: dict[str, Any]) -> str:
    """`detail` as JSON with sorted keys: the very text that is stored and hashed."""
    return orjson.dumps(detail, option=orjson.OPT_SORT_KEYS).decode()


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
) -> str:
    """SHA-256 (hex) of one row together with the hash of the row before it."""
    body = orjson.dumps(
        [
            previous,
            chain,
            seq,
            at.isoformat(),
            actor_id,
            actor_name,
            action,
            subject,
            case_id,
            version,
            before,
            after,
            detail,
        ]
    )
    return hashlib.sha256(body).hexdigest()


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    *,
    at: datetime,
    case_id: int | None = None,
    version: int | None = None,
    before: str | None = None,
    after: str | None = None,
    detail: dict[str, Any] | None = None,
) -> Event:
    """Append one row to the history, in the caller's transaction."""
    chain = chain_of(subject, case_id)
    at = at.astimezone(UTC)  # as it is stored: the hash covers what can be read back
    heads = _heads(session)
    seq, previous = heads.locked(session, chain)
    values: dict[str, Any] = {
        "chain": chain,
        "seq": seq + 1,
        "at": at,
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "action": action,
        "subject": subject,
        "case_id": case_id,
        "version": version,
        "before": before,
        "after": after,
        "detail": canonical(detail or {}),
        "previous": previous,
    }
    row = Event(**values, hash=link(**values))
    session.add(row)
    heads.newest[chain] = (seq + 1, row.hash)
    return row


@dataclass(slots=True)
class _Heads:
    """The ends of the chains that a transaction has locked; written to the table when it commits.

    newest, stored: chain → (seq, hash), as this transaction leaves it and as the table has it.
    before: both as they were when each savepoint began.
    """

    newest: dict[int, tuple[int, str]]
    stored: dict[int, tuple[int, str]]
    before: dict[SessionTransaction, tuple[dict[int, tuple[int, str]], dict[int, tuple[int, str]]]]

    def locked(self, session: Session, chain: int) -> tuple[int, str]:
        """The end of a chain, locked until commit: two writers of one go one after the other."""
        if chain not in self.newest:
            row = session.execute(
                select(ChainHead.seq, ChainHead.hash)
                .where(ChainHead.chain == chain)
                .with_for_update()
            ).one()
            self.newest[chain] = self.stored[chain] = (row.seq, row.hash)
        return self.newest[chain]

    def write(self, session: Session) -> None:
        """Bring the table up to date."""
        for chain, (seq, digest) in self.newest.items():
            if self.stored[chain] != (seq, digest):
                session.execute(
                    update(ChainHead).where(ChainHead.chain == chain).values(seq=seq, hash=digest)
                )
                self.stored[chain] = (seq, digest)


_HEADS = "history:heads"


def _heads(session: Session) -> _Heads:
    found: _Heads = session.info.setdefault(_HEADS, _Heads({}, {}, {}))
    return found


@event.listens_for(Session, "before_commit")
def _write_heads(session: Session) -> None:
    # Also of a savepoint: the end of the whole may come while one is still open.
    if _HEADS in session.info:
        _heads(session).write(session)


@event.listens_for(Session, "after_transaction_create")
def _savepoint_begins(session: Session, begun: SessionTransaction) -> None:
    if begun.nested:
        heads = _heads(session)
        heads.before[begun] = (dict(heads.newest), dict(heads.stored))


@event.listens_for(Session, "after_soft_rollback")
def _savepoint_undone(session: Session, undone: SessionTransaction) -> None:
    # Rows written since are gone, and so are the locks taken since.
    if undone.nested and _HEADS in session.info:
        heads = _heads(session)
        newest, stored = heads.before[undone]
        heads.newest, heads.stored = dict(newest), dict(stored)


@event.listens_for(Session, "after_transaction_end")
def _transaction_ends(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_HEADS, None)


@dataclass(frozen=True, slots=True)
class Fault:
    """A break in a chain: the row where it shows, and what is wrong with it."""

    chain: int
    seq: int
    event_id: int | None
    text: Text


EDITED = Text("内容与哈希不符（被改动）", "content does not match its hash (edited)")
MISSING = Text("之前缺少记录（被删除或调换）", "a row before it is missing (removed or reordered)")
UNLINKED = Text("与前一条记录不衔接", "does not follow from the row before it")
CUT = Text("链尾与链头登记不符（末尾被删除）", "the chain ends before its recorded head (cut off)")


# What `link` takes of a row, by its names. Columns, not objects: there are many millions of rows.
_LINKED = (
    Event.previous,
    Event.chain,
    Event.seq,
    Event.at,
    Event.actor_id,
    Event.actor_name,
    Event.action,
    Event.subject,
    Event.case_id,
    Event.version,
    Event.before,
    Event.after,
    Event.detail,
)
_NAMES = tuple(column.key for column in _LINKED)


def verify(session: Session) -> Iterator[Fault]:
    """Walk every chain from its first row and yield each fault found; nothing when all holds."""
    _heads(session).write(session)  # of this very transaction, when it has written any
    heads = {head.chain: head for head in session.scalars(select(ChainHead))}
    for chain in range(CHAINS):
        expected, previous = 1, GENESIS
        rows = session.execute(
            select(Event.id, Event.hash, *_LINKED)
            .where(Event.chain == chain)
            .order_by(Event.seq)
            .execution_options(yield_per=2000)
        )
        for number, digest, *linked in rows:
            values = dict(zip(_NAMES, linked, strict=True))
            seq = values["seq"]
            if seq != expected:
                yield Fault(chain, seq, number, MISSING)
            elif values["previous"] != previous:
                yield Fault(chain, seq, number, UNLINKED)
            if digest != link(**values):
                yield Fault(chain, seq, number, EDITED)
            expected, previous = seq + 1, digest
        head = heads.get(chain)
        if head is None or (head.seq, head.hash) != (expected - 1, previous):
            yield Fault(chain, expected - 1, None, CUT)
