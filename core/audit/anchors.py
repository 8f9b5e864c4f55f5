"""Anchors: the ends of the history, remembered in a file outside the database.

A chain whose end was cut off, head and all, is whole in itself; only somebody who remembers how
long it was can tell. Each line of the file holds the end of every chain at a moment, is hashed with
the key of the history and names the line before it. Lines are only ever appended, and only while
the database still has what the line before remembers of it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from sqlalchemy import func, select, tuple_
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core import clock, db
from core.audit.chains import CHAINS, GENESIS, KeyUnknown, keys, signed
from core.audit.verification import Fault
from core.config import settings
from core.errors import CoreError
from core.model import ChainHead, Event
from core.text import Text, filled

LONGEST_LINE = 65_536
_MALFORMED = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError)


class AnchorsUnusable(CoreError):
    text = Text(
        "无法读写历史锚定文件 {path}：{why}",
        "The file of anchors {path} cannot be read or written: {why}",
    )


class Contradicted(CoreError):
    """The database has not what the newest anchor remembers; no further one is made."""

    text = Text(
        "办理历史与锚定文件不符（链 {chain}），未追加锚点。请运行 python -m core verify-history。",
        "The history is not what its anchors remember (chain {chain}); no anchor was added. Run "
        "python -m core verify-history.",
    )


class OlderThanItsKey(CoreError):
    text = Text(
        "数据库中有未用密钥计算哈希的历史，而锚定文件 {path} 对此没有记载。如确为升级或恢复的旧库，"
        "请将该文件移走，再运行 python -m core init。",
        "The database has history without a key, of which the anchors in {path} know nothing. If "
        "it is an older database taken over or restored, move that file away and run "
        "python -m core init.",
    )


class OtherDatabase(CoreError):
    """A line for this database would begin beside those of others, with history in it already."""

    text = Text(
        "锚定文件 {path} 只有其他数据库的锚点，没有本数据库的，未追加锚点。请运行 "
        "python -m core verify-history；确为恢复或移来的数据库时，请将该文件移走（或用 "
        "REGDESK_ANCHORS 另指文件），再运行 python -m core init。",
        "The file of anchors {path} has lines of other databases and none of this one; no anchor "
        "was added. Run python -m core verify-history. If the database was restored or moved here, "
        "move that file away (or name another in REGDESK_ANCHORS) and run python -m core init.",
    )


class HeadsEdited(CoreError):
    text = Text(
        "各链链头所记的数据库标识不一致或不全，未追加锚点。请运行 python -m core verify-history。",
        "The heads of the chains do not name one and the same database, or are not all there; no "
        "anchor was added. Run python -m core verify-history.",
    )


SHORTER = Text(
    "链只到第 {now} 条，而 {at} 的锚点已到第 {then} 条（末尾被删除）",
    "the chain ends at row {now}, while its anchor of {at} has row {then} (cut off)",
)
OTHER = Text(
    "与 {at} 锚点所记的哈希不符（被改写）",
    "its hash differs from the one that its anchor of {at} remembers (rewritten)",
)
LINE_EDITED = Text(
    "锚定文件第 {line} 行被改动或不可读", "line {line} of the file of anchors was edited"
)
LINE_MISSING = Text(
    "锚定文件第 {line} 行之前缺少内容（被删除或调换）",
    "a line before line {line} of the file of anchors is missing (removed or reordered)",
)
GONE = Text(
    "锚定文件 {path} 中没有本数据库的锚点，无法得知链尾是否被删除",
    "the file of anchors {path} has none of this database, so nothing shows whether ends were cut",
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One line. heads: (seq, hash) of every chain, by its number. unkeyed: for each chain the
    number of rows older than the key; in the first line of a file alone."""

    at: str
    origin: str
    heads: tuple[tuple[int, str], ...]
    unkeyed: tuple[int, ...]
    hash: str


def _hash(line: dict[str, Any]) -> str:
    body = {name: line[name] for name in ("at", "origin", "key", "heads", "unkeyed", "previous")}
    return signed(line["key"], orjson.dumps(body, option=orjson.OPT_SORT_KEYS))


def _anchor(line: dict[str, Any]) -> Anchor:
    heads = tuple((int(seq), str(digest)) for seq, digest in line["heads"])
    datetime.fromisoformat(line["at"])
    return Anchor(
        str(line["at"]), str(line["origin"]), heads, tuple(map(int, line["unkeyed"])), line["hash"]
    )


def place() -> Path:
    """Where the file is."""
    return settings().anchors


@contextmanager
def _opened() -> Iterator[BinaryIO]:
    """The file, for this process alone. Raises AnchorsUnusable."""
    path = place()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
    except OSError as error:
        raise AnchorsUnusable(path=path, why=error.strerror or error) from error


def _newest(file: BinaryIO, origin: str) -> tuple[str, Anchor | None]:
    """Hash of the last line, and the newest anchor of a database; looked for from the end."""
    end, rest, last = file.seek(0, os.SEEK_END), b"", None
    while end > 0:
        start = max(0, end - LONGEST_LINE)
        file.seek(start)
        lines = (file.read(end - start) + rest).split(b"\n")
        rest, end = lines.pop(0) if start else b"", start
        for text in filter(None, reversed(lines)):
            line = orjson.loads(text)
            last = last or str(line["hash"])
            if line["origin"] == origin:
                return last, _anchor(line)
    return last or GENESIS, None


def _drop_half_a_line(file: BinaryIO) -> None:
    """What was being written when a process died holds nothing that can be checked."""
    end = file.seek(0, os.SEEK_END)
    file.seek(max(0, end - LONGEST_LINE))
    tail = file.read()
    if tail and not tail.endswith(b"\n"):
        file.truncate(end - len(tail) + tail.rfind(b"\n") + 1)


def known(session: Session) -> bool:
    """Whether the file holds an anchor of this database, or belongs to others. Raises as `add`."""
    with _opened() as file:
        previous, own = _found(file, _origin(_heads(session)))
    return own is not None or previous != GENESIS


def _found(file: BinaryIO, origin: str) -> tuple[str, Anchor | None]:
    _drop_half_a_line(file)
    try:
        return _newest(file, origin)
    except _MALFORMED as error:
        raise AnchorsUnusable(path=place(), why=error) from error


def add(now: datetime, *, first: bool = False) -> bool:
    """Remember the ends of all chains, where any has grown; True when there was something new.

    first: rows without a key are those of an older installation and may be so for ever. Only the
    first line of a file can say that, and `core.audit.upgrade` alone has it said: who can write to
    the database alone must not be able to.

    A database that the file knows nothing of begins a line of its own as the first one there, or
    with no history yet (`init`); any other may be one that had its name changed.

    Raises AnchorsUnusable, Contradicted, HeadsEdited, KeyUnknown, OlderThanItsKey, OtherDatabase,
    and db.Unavailable.
    """
    with _opened() as file, db.reading() as session:
        heads = _heads(session)
        origin = _origin(heads)
        for lacking in {head.key for head in heads} - {None, *keys()}:
            raise KeyUnknown(key=lacking)
        previous, own = _found(file, origin)
        ends = tuple((head.seq, head.hash) for head in heads)
        unkeyed: list[int] = []
        if own is None:
            unkeyed = without_key(session)
            if any(unkeyed) and not (first and previous == GENESIS):
                raise OlderThanItsKey(path=place())
            if previous != GENESIS and any(head.seq for head in heads):
                raise OtherDatabase(path=place())
        elif own.heads == ends:
            return False
        else:
            fault = next(compare(session, own), None)
            if fault is not None:
                raise Contradicted(chain=fault.chain)
        line: dict[str, Any] = {
            "at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "origin": origin,
            "key": keys()[-1],
            "heads": ends,
            "unkeyed": unkeyed if any(unkeyed) else [],
            "previous": previous,
        }
        file.write(orjson.dumps({**line, "hash": _hash(line)}) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def _heads(session: Session) -> Sequence[ChainHead]:
    return session.scalars(select(ChainHead).order_by(ChainHead.chain)).all()


def without_key(session: Session) -> list[int]:
    """For each chain the number of its last row that was hashed without a key, 0 for none."""
    rows = session.execute(
        select(Event.chain, func.max(Event.seq).label("seq"))
        .where(Event.key.is_(None))
        .group_by(Event.chain)
    )
    found = {row.chain: row.seq for row in rows}
    return [found.get(head.chain, 0) for head in _heads(session)]


def compare(session: Session, anchor: Anchor) -> Iterator[Fault]:
    """What an anchor remembers and the database has no longer."""
    at = clock.written(datetime.fromisoformat(anchor.at))
    wanted = [(chain, seq) for chain, (seq, _) in enumerate(anchor.heads) if seq]
    rows = session.execute(
        select(Event.chain, Event.seq, Event.id, Event.hash).where(
            tuple_(Event.chain, Event.seq).in_(wanted)
        )
    )
    found = {row.chain: row for row in rows}
    for chain, seq in wanted:
        row = found.get(chain)
        if row is None:
            now = session.scalar(select(func.max(Event.seq)).where(Event.chain == chain)) or 0
            text = filled(SHORTER, now=now, at=at, then=seq)
            yield Fault(chain, now, None, text)
        elif row.hash != anchor.heads[chain][1]:
            yield Fault(chain, seq, row.id, filled(OTHER, at=at))


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the file of anchors says. newest: by database. unkeyed: by database, for each chain the
    number of rows older than the key. faults: of the file itself."""

    newest: dict[str, Anchor]
    unkeyed: dict[str, dict[int, int]]
    faults: tuple[Fault, ...]


def remembered() -> Remembered:
    """Read the whole file, line by line, and check it. Raises AnchorsUnusable.

    To be done before the database is looked at: an anchor made meanwhile would remember more than
    is seen there.
    """
    path = place()
    newest: dict[str, Anchor] = {}
    unkeyed: dict[str, dict[int, int]] = {}
    faults: list[Fault] = []
    previous = GENESIS
    for number, text in _lines(path) if path.exists() else ():
        try:
            line = orjson.loads(text)
            found = _anchor(line)
            sound = line["hash"] == _hash(line)
            linked = line["previous"] == previous
        except (*_MALFORMED, KeyUnknown):
            faults.append(Fault(None, None, None, filled(LINE_EDITED, line=number)))
            continue
        if not sound:
            faults.append(Fault(None, None, None, filled(LINE_EDITED, line=number)))
        elif not linked:
            faults.append(Fault(None, None, None, filled(LINE_MISSING, line=number)))
        previous = found.hash
        if sound:
            newest[found.origin] = found
            if found.unkeyed and number == 1:
                unkeyed[found.origin] = dict(enumerate(found.unkeyed))
    return Remembered(newest, unkeyed, tuple(faults))


def unkeyed(session: Session, known: Remembered) -> dict[int, int]:
    """How many rows of each chain are older than the key, as `history.verify` takes it."""
    origins = _origins(session)
    return known.unkeyed.get(origins[0], {}) if len(origins) == 1 else {}


def _origin(heads: Sequence[ChainHead]) -> str:
    """Which database this is. Raises HeadsEdited unless all chains say the same."""
    origins = {head.origin for head in heads}
    if [head.chain for head in heads] != list(range(CHAINS)) or len(origins) != 1:
        raise HeadsEdited
    return origins.pop()


def _origins(session: Session) -> list[Any]:
    """Every database that the heads name; one, unless somebody edited them."""
    try:
        return list(session.scalars(select(ChainHead.origin).distinct()))
    except DBAPIError:  # not even text; that the heads are edited is told by the chains
        return []


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of the file with their numbers. Raises AnchorsUnusable."""
    try:
        with path.open("rb") as file:
            yield from enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1)
    except OSError as error:
        raise AnchorsUnusable(path=path, why=error.strerror or error) from error


def verify(session: Session, known: Remembered) -> Iterator[Fault]:
    """Faults of the file, and of the chains as the newest anchor of this database has them."""
    yield from known.faults
    found = [known.newest[each] for each in _origins(session) if each in known.newest]
    for newest in found:
        yield from compare(session, newest)
    if not found and (known.newest or session.scalar(select(func.max(ChainHead.seq)))):
        yield Fault(None, None, None, filled(GONE, path=place()))
