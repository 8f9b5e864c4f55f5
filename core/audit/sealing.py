"""Putting evidence into the history that no command recorded there.

Databases older than the digests, and sample data that was made set by set, get the digests of what
they hold in rows of their own; from then on commands keep them up (`core.audit.evidence`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Integer, Select, cast, literal, select
from sqlalchemy.orm import Session

from core.access.actors import SYSTEM
from core.audit import history
from core.audit.chains import chain_of
from core.audit.evidence import KINDS, LATER, Kind
from core.model import Correction, Event

_TOGETHER = 50_000  # digests in memory at once


def seal_all(session: Session, at: datetime, *kinds: str) -> int:
    """Put the digests of every row of `kinds` (keys of `KINDS`; all unless given) into the history,
    in the caller's transaction; returns how many.

    Nothing else may write meanwhile: the heads of all chains are locked first.
    """
    history.lock_all(session)
    count = 0
    for key in kinds or KINDS:
        kind = KINDS[key]
        by_chain: dict[int, list[Any]] = {}
        waiting = 0
        for *values, subject, case_id in session.execute(_with_home(kind)):
            chain = chain_of(subject or f"{key}:{values[0]}", case_id)
            by_chain.setdefault(chain, []).append((key, kind.entry(values)))
            waiting += 1
            if waiting >= _TOGETHER:
                count += waiting
                waiting = 0
                _put(session, by_chain, at)
        count += waiting
        _put(session, by_chain, at)
    return count


def seal_later(session: Session, at: datetime, *, sealed: bool) -> bool:
    """Put into the history what it was begun without, once, and write down that it is covered now;
    False when that was done before.

    sealed: all of it is in the history already. Once written down, what no command recorded stays
    a fault.
    """
    told = session.scalars(
        select(Event.detail).where(
            Event.chain == 0, Event.subject == "chain:0", Event.action == history.SEAL
        )
    )
    covered = {kind for detail in told for kind in orjson.loads(detail).get("kinds", ())}
    missing = [kind for kind in LATER if kind not in covered]
    if not missing:
        return False
    if not sealed:
        seal_all(session, at, *missing)
    history.record(session, SYSTEM, history.SEAL, "chain:0", at=at, detail={"kinds": missing})
    return True


def _put(session: Session, by_chain: dict[int, list[Any]], at: datetime) -> None:
    for chain in sorted(by_chain):
        history.seal(session, chain, by_chain.pop(chain), at)
    history.write(session)


def _with_home(kind: Kind) -> Select[Any]:
    """The rows of a kind with what says to which chain each belongs (`evidence.home`)."""
    table = kind.model.__table__
    subject: Any = table.c.get("subject", literal(None))
    case_id: Any = table.c.get("case_id", cast(literal(None), Integer))
    rows = kind.select()
    if kind.bound and "correction_id" in table.c:
        rows = rows.join(Correction, Correction.id == table.c.correction_id)
        case_id = Correction.__table__.c.case_id
    return rows.add_columns(subject, case_id).execution_options(yield_per=1000)
