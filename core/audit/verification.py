"""Whether the history is whole: its chains, and the rows of evidence it carries the digests of.

Everything is read once, in the order of its keys, and what the chains say of evidence is laid down
in a file meanwhile, so that memory does not grow with the database.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import or_, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from core.audit.chains import CHAINS, GENESIS, keys, link
from core.audit.evidence import KINDS, Kind
from core.model import ChainHead, ChannelKey, Event
from core.text import Text, filled


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was recorded: where it shows, and what is wrong.

    chain, seq, event_id: the row of the history, None where no row speaks of it.
    """

    chain: int | None
    seq: int | None
    event_id: int | None
    text: Text


EDITED = Text("内容与哈希不符（被改动）", "content does not match its hash (edited)")
MISSING = Text("之前缺少记录（被删除或调换）", "a row before it is missing (removed or reordered)")
UNLINKED = Text("与前一条记录不衔接", "does not follow from the row before it")
CUT = Text("链尾与链头登记不符（末尾被删除）", "the chain ends before its recorded head (cut off)")
KEYLESS = Text(
    "未用密钥计算哈希，而链中此处起应使用密钥（事后插入或改写）",
    "is hashed without the key that rows from here on have (made or rewritten elsewhere)",
)
OLD_KEY = Text(
    "所用密钥早于前一条记录（以旧密钥补写）",
    "is hashed with an older key than the row before it (written with a retired key)",
)
NO_KEY = Text(
    "所用密钥 {key} 不在本机，无法核对",
    "is hashed with the key {key}, which is not here to check it",
)
CHANGED = Text(
    "{what} {id}{whose}在记录之后被改动", "{what} {id}{whose} was changed after it was recorded"
)
REMOVED = Text(
    "{what} {id} 被删除（随 {step} 记录）", "{what} {id} was removed (it was recorded with {step})"
)
UNRECORDED = Text(
    "{what} {id} 在历史中没有记录（绕过系统写入，或其记录被删除）",
    "{what} {id} is in no row of the history (put in elsewhere, or its row was removed)",
)

OUTSIDE = Text(
    "历史记录 events.id = {id} 不属于任何一条链（绕过系统写入）",
    "events.id = {id} belongs to no chain of the history (put in behind the product's back)",
)
UNREADABLE = Text("内容无法读取（被改动）", "cannot be read (edited)")
ROW_UNREADABLE = Text(
    "{what} {id} 的内容无法读取（被改动）", "{what} {id} cannot be read (it was edited)"
)
ORIGINS = Text(
    "各链链头所记的数据库标识不一致，或链头不全（被改动）",
    "the heads of the chains do not name one and the same database, or are not all there (edited)",
)
_MALFORMED = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError, SQLAlchemyError)
"""What comes of values that no column of ours would have taken."""
_AT_ONCE = 512
_LARGEST = 2**63 - 1

_HEAD: Any = (
    *(ChainHead.__table__.c.chain, ChainHead.__table__.c.seq, ChainHead.__table__.c.hash),
    *(ChainHead.__table__.c.key, ChainHead.__table__.c.origin),
)
# What `link` takes of a row, by its names. Columns, not objects: there are many millions of rows.
_LINKED = (
    *(Event.previous, Event.chain, Event.seq, Event.at, Event.actor_id, Event.actor_name),
    *(Event.action, Event.subject, Event.case_id, Event.version, Event.before, Event.after),
    *(Event.detail, Event.evidence, Event.key),
)
_NAMES = tuple(column.key for column in _LINKED)


def faults(session: Session, unkeyed: dict[int, int]) -> Iterator[Fault]:
    """Each fault of the chains and then of the evidence. unkeyed: as `history.verify` has it."""
    with _Ledger() as ledger:
        heads: dict[int, Any] = {}
        for row in rows(session, select(*_HEAD).order_by(ChainHead.chain), _HEAD[0]):
            if not isinstance(row, Unreadable):
                heads[row.chain] = row
        if {*heads} != {*range(CHAINS)} or len({head.origin for head in heads.values()}) != 1:
            yield Fault(None, None, None, ORIGINS)
        yield from _outside(session)
        for chain in range(CHAINS):
            yield from _chain(session, chain, heads.get(chain), unkeyed.get(chain, 0), ledger)
        for kind in KINDS.values():
            yield from _evidence(session, kind, ledger)
        yield from _channel_keys(session, ledger.channel_keys)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is there and holds what cannot be read. id: as the database has it."""

    id: Any


def rows(session: Session, statement: Any, number: Any) -> Iterator[Any]:
    """The rows of an ordered statement; those that cannot be read come as `Unreadable`.

    number: the column that tells its rows apart.
    """
    seen = 0
    try:
        for row in session.execute(statement.execution_options(yield_per=1000)):
            yield row
            seen += 1
    except _MALFORMED as error:
        _connected(error)
        ids = list(session.scalars(statement.with_only_columns(number)))[seen:]
        for start in range(0, len(ids), _AT_ONCE):
            yield from _apart(session, statement, number, ids[start : start + _AT_ONCE])


def _apart(session: Session, statement: Any, number: Any, ids: list[Any]) -> Iterator[Any]:
    """Those of `ids`, halved until what cannot be read stands alone."""
    try:
        found = session.execute(statement.where(number.in_(ids))).all()
    except _MALFORMED as error:
        _connected(error)
        if len(ids) == 1:
            yield Unreadable(ids[0])
            return
        half = len(ids) // 2
        yield from _apart(session, statement, number, ids[:half])
        yield from _apart(session, statement, number, ids[half:])
    else:
        yield from found


def _connected(error: Exception) -> None:
    """Let an error through that is the connection's and not a value's."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        raise error


def _outside(session: Session) -> Iterator[Fault]:
    """Rows that stand in no chain, where nothing else would look for them."""
    chain = Event.__table__.c.chain
    places: Any = or_(chain.not_in(range(CHAINS)), chain.is_(None))
    plain = select(Event.id).where(places).order_by(Event.id)
    for number in session.scalars(plain.execution_options(yield_per=1000)):
        yield Fault(None, None, number, filled(OUTSIDE, id=number))


def _chain(
    session: Session, chain: int, head: Any | None, unkeyed: int, ledger: _Ledger
) -> Iterator[Fault]:
    expected, previous, known = 1, GENESIS, keys()
    origin = head.origin if head is not None else ""
    last: str | None = None
    newest = -1  # place of the key of the row before, among those known
    told: set[object] = set()  # what is said once a chain
    statement = (
        select(Event.id, Event.hash, *_LINKED).where(Event.chain == chain).order_by(Event.seq)
    )
    for row in rows(session, statement, Event.__table__.c.id):
        if isinstance(row, Unreadable) or not isinstance(row.seq, int):
            yield Fault(chain, expected, row.id, UNREADABLE)
            continue
        number, found, *linked = row
        values = dict(zip(_NAMES, linked, strict=True))
        seq, key = values["seq"], values["key"]
        if seq != expected:
            yield Fault(chain, seq, number, MISSING)
        elif values["previous"] != previous:
            yield Fault(chain, seq, number, UNLINKED)
        expected, previous, last = seq + 1, found, key
        if key is not None and key not in known:
            if key not in told:
                yield Fault(chain, seq, number, filled(NO_KEY, key=key))
            told.add(key)
            continue
        if found != _linked(values, origin):
            yield Fault(chain, seq, number, EDITED)
        place = known.index(key) if key is not None else -1
        if key is None and seq > unkeyed and KEYLESS not in told:
            yield Fault(chain, seq, number, KEYLESS)
            told.add(KEYLESS)
        if key is not None and place < newest:
            yield Fault(chain, seq, number, OLD_KEY)
        newest = max(newest, place)
        ledger.hear(values)
    if head is None or (head.seq, head.hash, head.key) != (expected - 1, previous, last):
        yield Fault(chain, expected - 1, None, CUT)


def _linked(values: dict[str, Any], origin: str) -> str | None:
    try:
        return link(**values, origin=origin)
    except _MALFORMED:
        return None


def _evidence(session: Session, kind: Kind, ledger: _Ledger) -> Iterator[Fault]:
    """Rows of one kind that differ from what was recorded of them, by their ids."""
    recorded = ledger.entries(kind)
    noted = next(recorded, None)
    for values in rows(session, kind.select(), kind.columns[0]):
        number = values.id if isinstance(values, Unreadable) else values[0]
        while noted is not None and noted[0] < number:
            yield _removed(session, kind, noted)
            noted = next(recorded, None)
        digest = None if isinstance(values, Unreadable) else _digest(kind, values)
        if digest is None:
            yield Fault(None, None, None, filled(ROW_UNREADABLE, what=kind.label, id=number))
        elif noted is None or noted[0] > number:
            yield Fault(None, None, None, filled(UNRECORDED, what=kind.label, id=number))
        elif noted[1] != digest:
            yield _changed(session, kind, values, noted)
        if noted is not None and noted[0] == number:
            noted = next(recorded, None)
    while noted is not None:
        yield _removed(session, kind, noted)
        noted = next(recorded, None)


def _channel_keys(session: Session, recorded: dict[str, list[Any]]) -> Iterator[Fault]:
    """Keys of channels that are not as their steps in the history, which tell all of a key."""
    table, left, what = ChannelKey.__table__, dict(recorded), Text("渠道密钥", "channel key")
    for row in rows(session, select(*table.columns).order_by(table.c.name), table.c.name):
        if isinstance(row, Unreadable):
            left.pop(row.id, None)
            yield Fault(None, None, None, filled(ROW_UNREADABLE, what=what, id=row.id))
            continue
        known = left.pop(row.name, None)
        if known is None:
            yield Fault(None, None, None, filled(UNRECORDED, what=what, id=row.name))
        elif known != [row.channel, row.public_key, row.added_at, row.revoked_at]:
            yield Fault(None, None, None, filled(CHANGED, what=what, id=row.name, whose=""))
    for name in left:
        step = f"channel_key:{name}"
        yield Fault(None, None, None, filled(REMOVED, what=what, id=name, step=step))


def _digest(kind: Kind, values: Sequence[Any]) -> str | None:
    try:
        return kind.digest(values)
    except _MALFORMED:
        return None


def _changed(session: Session, kind: Kind, values: Sequence[Any], noted: _Noted) -> Fault:
    number, _, chain, seq = noted
    known = dict(zip(kind.names, values, strict=True))
    whose: Text | str = ""
    if known.get("case_id") is not None:
        whose = filled(Text("（案件 {case}）", " of case {case}"), case=known["case_id"])
    elif known.get("subject"):
        whose = filled(Text("（{subject}）", " of {subject}"), subject=known["subject"])
    event_id, _ = _row(session, chain, seq)
    return Fault(chain, seq, event_id, filled(CHANGED, what=kind.label, id=number, whose=whose))


def _removed(session: Session, kind: Kind, noted: _Noted) -> Fault:
    number, _, chain, seq = noted
    event_id, step = _row(session, chain, seq)
    return Fault(chain, seq, event_id, filled(REMOVED, what=kind.label, id=number, step=step))


def _row(session: Session, chain: int, seq: int) -> tuple[int | None, str]:
    """The row of the history that speaks of something last: its id and its subject."""
    statement = select(Event.id, Event.subject).where(Event.chain == chain, Event.seq == seq)
    row = next(rows(session, statement.order_by(Event.id), Event.__table__.c.id), None)
    if isinstance(row, Unreadable):
        return row.id, "—"
    return (row.id, row.subject) if row is not None else (None, "—")


_Noted = tuple[int, str, int, int]
"""Of a row of evidence: its id, its digest, and chain and seq of the history that tell of it."""


class _Ledger:
    """What the chains say last of every row of evidence, on disk."""

    def __enter__(self) -> _Ledger:
        self._folder = tempfile.TemporaryDirectory(prefix="regdesk-verify-")
        self._numbers = {key: number for number, key in enumerate(KINDS)}
        self._rows: list[tuple[Any, ...]] = []
        # By name: channel, public key, since when, and until when.
        self.channel_keys: dict[str, list[Any]] = {}
        self._base = sqlite3.connect(Path(self._folder.name) / "ledger", isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
            self._base.execute(f"PRAGMA {pragma}")
        self._base.execute(
            "CREATE TABLE noted (kind INTEGER, id INTEGER, rank INTEGER, digest TEXT, "
            "chain INTEGER, seq INTEGER, PRIMARY KEY (kind, id)) WITHOUT ROWID"
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()
        self._folder.cleanup()

    def hear(self, step: dict[str, Any]) -> None:
        """Keep what a row of the history says of evidence, or of the key of a channel."""
        if step["evidence"]:
            self.note(step["chain"], step["seq"], step["evidence"])
        if step["action"] not in {"add_channel_key", "revoke_channel_key"}:
            return
        try:
            name = step["subject"].removeprefix("channel_key:")
            if step["action"] == "add_channel_key":
                detail = orjson.loads(step["detail"])
                key = [detail["channel"], detail["public_key"], step["at"], None]
                self.channel_keys[name] = key
            else:
                self.channel_keys[name][3] = step["at"]
        except _MALFORMED:
            return

    def note(self, chain: int, seq: int, manifest: str) -> None:
        """Keep what a row of the history carries; the later one of two counts.

        A row that was edited may carry anything; that it was, is told already.
        """
        try:
            for key, entries in orjson.loads(manifest).items():
                number = self._numbers.get(key)
                for row, found, *version in entries if number is not None else ():
                    rank = int(version[0]) if version else seq
                    if max(abs(int(row)), abs(rank), abs(seq)) <= _LARGEST:
                        self._rows.append((number, int(row), rank, str(found), chain, seq))
        except _MALFORMED:
            pass
        if len(self._rows) >= 5_000:
            self._write()

    def _write(self) -> None:
        self._base.execute("BEGIN")
        self._base.executemany(
            "INSERT INTO noted VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET "
            "rank = excluded.rank, digest = excluded.digest, chain = excluded.chain, "
            "seq = excluded.seq WHERE excluded.rank >= rank",
            self._rows,
        )
        self._base.execute("COMMIT")
        self._rows.clear()

    def entries(self, kind: Kind) -> Iterator[_Noted]:
        """What stands of one kind, in the order of the ids."""
        self._write()
        return self._base.execute(
            "SELECT id, digest, chain, seq FROM noted WHERE kind = ? ORDER BY id",
            (self._numbers[kind.key],),
        )
