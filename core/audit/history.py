"""History: append-only rows, each hashed together with the one before it.

The rows of a case form part of one of `CHAINS` parallel chains. Every command appends inside its
own transaction, so there is no action without its row and no row without its action. The rows go
into the table when the transaction ends (or somebody asks for them), and the newest of each chain
carries the digests of the evidence that was written meanwhile (`core.audit.evidence`). What a
transaction wrote without recording anything gets a row of its own, so that nothing stays uncovered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, insert, inspect, select, update
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from core import clock
from core.access.actors import SYSTEM, Actor
from core.audit import evidence, verification
from core.audit.chains import CHAINS, GENESIS, KeyUnknown, canonical, chain_of, keys, link
from core.audit.verification import CUT, EDITED, MISSING, UNLINKED, Fault
from core.model import ChainHead, Event

__all__ = [
    "CHAINS",
    "CUT",
    "EDITED",
    "GENESIS",
    "MISSING",
    "UNLINKED",
    "Fault",
    "canonical",
    "chain_of",
    "keys",
    "link",
    "lock_all",
    "record",
    "seal",
    "verify",
    "write",
]

SEAL = "seal"
"""The step of a row that carries evidence and tells of nothing else."""
_TOGETHER = 1_000  # rows of one transaction that wait to be written together
_ENTRIES = 500  # digests that one row carries at most, where they are many


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row of the history that will stand at `seq` of `chain` once the transaction commits."""

    chain: int
    seq: int


@dataclass(slots=True)
class _End:
    """The end of a chain, as the table has it or as the transaction leaves it."""

    seq: int
    hash: str
    origin: str


@dataclass(slots=True)
class _Heads:
    """The ends of the chains that a transaction has locked, and the rows it is to append.

    stored: chain → end, as the table has it. seqs: chain → number of the newest row waiting.
    waiting: rows without their hashes, in the order in which they were recorded.
    before: what was so when each savepoint began.
    """

    stored: dict[int, _End] = field(default_factory=dict)
    seqs: dict[int, int] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    before: dict[SessionTransaction, tuple[Any, ...]] = field(default_factory=dict)

    def locked(self, session: Session, chain: int) -> int:
        """The number of a chain's last row; the chain is locked until commit, so that two writers
        of one go one after the other.

        Raises KeyUnknown when this process has not the key that the row was hashed with.
        """
        if chain not in self.seqs:
            row = session.execute(
                select(ChainHead.seq, ChainHead.hash, ChainHead.key, ChainHead.origin)
                .where(ChainHead.chain == chain)
                .with_for_update()
            ).one()
            if row.key is not None and row.key not in keys():
                raise KeyUnknown(key=row.key)
            self.stored[chain] = _End(row.seq, row.hash, row.origin)
            self.seqs[chain] = row.seq
        return self.seqs[chain]

    def append(self, session: Session, values: dict[str, Any]) -> Recorded:
        """Put a row at the end of its chain."""
        chain = values["chain"]
        self.seqs[chain] = seq = self.locked(session, chain) + 1
        self.waiting.append({**values, "seq": seq, "evidence": None})
        return Recorded(chain, seq)


_HEADS = "history:heads"


def _heads(session: Session) -> _Heads:
    found: _Heads | None = session.info.get(_HEADS)
    if found is None:
        found = session.info[_HEADS] = _Heads()
    return found


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
) -> Recorded:
    """Append one row to the history, in the caller's transaction. Raises KeyUnknown."""
    heads = _heads(session)
    if len(heads.waiting) >= _TOGETHER:
        write(session)
    return heads.append(
        session,
        {
            "chain": chain_of(subject, case_id),
            "at": at.astimezone(UTC),  # as it is stored: the hash covers what can be read back
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "action": action,
            "subject": subject,
            "case_id": case_id,
            "version": version,
            "before": before,
            "after": after,
            "detail": canonical(detail or {}),
        },
    )


def seal(session: Session, chain: int, entries: list[tuple[str, Any]], at: datetime) -> None:
    """Append rows to a chain that carry `entries` (key of a kind, entry) and tell of nothing else.

    For what no command recorded: `core.audit.sealing`.
    """
    heads = _heads(session)
    for start in range(0, len(entries), _ENTRIES):
        heads.append(session, _sealing(chain, at))
        heads.waiting[-1]["evidence"] = entries[start : start + _ENTRIES]
        if len(heads.waiting) >= _TOGETHER:
            write(session)


def lock_all(session: Session) -> None:
    """Lock every chain until commit: nobody else appends meanwhile."""
    heads = _heads(session)
    for chain in range(CHAINS):
        heads.locked(session, chain)


def _sealing(chain: int, at: datetime) -> dict[str, Any]:
    return {
        "chain": chain,
        "at": at.astimezone(UTC),
        "actor_id": SYSTEM.user_id,
        "actor_name": SYSTEM.name,
        "action": SEAL,
        "subject": f"chain:{chain}",
        **dict.fromkeys(("case_id", "version", "before", "after")),
        "detail": "{}",
    }


def write(session: Session) -> None:
    """Bring the tables up to date: rows that wait, with what they carry, and the heads."""
    session.flush()
    heads = _heads(session)
    _carry(session, heads)
    if not heads.waiting:
        return
    waiting, heads.waiting = heads.waiting, []
    key = keys()[-1]
    ends: dict[int, str] = {}
    for row in waiting:
        chain = row["chain"]
        stored = heads.stored[chain]
        carried = row["evidence"]
        row["evidence"] = _manifest(carried) if carried else None
        row["previous"], row["key"] = ends.get(chain, stored.hash), key
        row["hash"] = ends[chain] = link(**row, origin=stored.origin)
    # With their nulls, so that rows of every shape go in together.
    session.execute(insert(Event).execution_options(render_nulls=True), waiting)
    moved = []
    for chain, digest in ends.items():
        heads.stored[chain] = _End(heads.seqs[chain], digest, heads.stored[chain].origin)
        moved.append({"chain": chain, "seq": heads.seqs[chain], "hash": digest, "key": key})
    session.execute(update(ChainHead), moved)


def _carry(session: Session, heads: _Heads) -> None:
    """Give the evidence that was written to the rows that wait."""
    written = evidence.pending(session)
    if not written:
        return
    newest = {row["chain"]: row for row in heads.waiting}
    last = heads.waiting[-1] if heads.waiting else None
    at = last["at"] if last is not None else clock.now()
    for kind, entry, chain in written.taken(session):
        row = last if chain is None else newest.get(chain)
        if row is None:  # nobody recorded anything there
            own = chain if chain is not None else chain_of(f"{kind.key}:{entry[0]}", None)
            heads.append(session, _sealing(own, at))
            row = newest[own] = heads.waiting[-1]
            last = last or row
        row["evidence"] = row["evidence"] or []
        row["evidence"].append((kind.key, entry))


def _manifest(entries: list[tuple[str, Any]]) -> str:
    by_kind: dict[str, list[Any]] = {}
    for key, entry in entries:
        by_kind.setdefault(key, []).append(entry)
    return canonical(by_kind)


@event.listens_for(Session, "before_commit")
def _write_all(session: Session) -> None:
    # Also of a savepoint: the end of the whole may come while one is still open.
    session.flush()
    if _HEADS in session.info or evidence.pending(session):
        write(session)


_EVENTS = inspect(Event)


@event.listens_for(Session, "do_orm_execute")
def _asked_for(state: ORMExecuteState) -> None:
    """Whoever reads the history reads what was just recorded, too."""
    found: _Heads | None = state.session.info.get(_HEADS)
    if found is not None and found.waiting and state.is_select and state.bind_mapper is _EVENTS:
        write(state.session)


@event.listens_for(Session, "after_transaction_create")
def _savepoint_begins(session: Session, begun: SessionTransaction) -> None:
    if begun.nested:
        heads = _heads(session)
        heads.before[begun] = (
            *(dict(heads.stored), dict(heads.seqs), [dict(row) for row in heads.waiting]),
            evidence.pending(session).copy(),
        )


@event.listens_for(Session, "after_soft_rollback")
def _savepoint_undone(session: Session, undone: SessionTransaction) -> None:
    # Rows written since are gone, and so are the locks taken since.
    if undone.nested and _HEADS in session.info:
        heads = _heads(session)
        stored, seqs, waiting, written = heads.before[undone]
        heads.stored, heads.seqs = dict(stored), dict(seqs)
        heads.waiting = [dict(row) for row in waiting]
        evidence.restore(session, written)


@event.listens_for(Session, "after_transaction_end")
def _transaction_ends(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(_HEADS, None)
        evidence.restore(session, None)


def verify(session: Session, unkeyed: dict[int, int] | None = None) -> Iterator[Fault]:
    """Walk every chain from its first row, then all evidence, and yield each fault found; nothing
    when all holds.

    unkeyed: for each chain the number of rows older than the key (`core.audit.anchors`), 0 unless
    given.
    """
    write(session)  # of this very transaction, when it has written any
    yield from verification.faults(session, unkeyed or {})
