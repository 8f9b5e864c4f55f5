"""Rows that count as evidence, and their digests, which the history carries.

A transaction that writes such rows leaves their digests in its own history rows
(`core.audit.history`), so `verify` can tell a row that was changed, removed or put in behind the
product's back. The rows are found here and not by the commands: as the mapper writes them, and as
statements on their tables pass by. Nothing removes evidence, so a row that is gone is a fault.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import Any

import orjson
from sqlalchemy import Column, Float, Select, event, inspect, select
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, object_session

from core.audit.chains import chain_of
from core.model import (
    Amendment,
    Anomaly,
    Appeal,
    Attachment,
    Base,
    Case,
    Correction,
    CorrectionItem,
    Decision,
    Employer,
    Hearing,
    Message,
    Note,
    Person,
    Registration,
    RegistrationChange,
    Revocation,
    User,
    Verdict,
)
from core.model.base import Moment
from core.text import Text

BESIDE = "beside_evidence"
"""Execution option of a statement on such a table that touches no covered column, or whose rows are
sealed later (`core.audit.sealing`)."""


@dataclass(frozen=True)
class Kind:
    """A table of evidence.

    key: how the history names it. beside: columns that are no evidence. bound: its rows have no
    version and are written more than once, so their digests stay in one chain, the one of their
    subject, where the last one is the one that counts; others count by version, or stand for ever.
    """

    key: str
    model: type[Base]
    label: Text
    beside: tuple[str, ...] = ()
    bound: bool = False

    @cached_property
    def columns(self) -> tuple[Column[Any], ...]:
        """What is covered; the id comes first, and the version last where there is one."""
        all_columns: Iterable[Any] = self.model.__table__.columns
        own = [each for each in all_columns if each.name not in self.beside]
        return tuple(sorted(own, key=lambda each: (each.name != "id", each.name == "version_id")))

    @cached_property
    def versioned(self) -> bool:
        return self.columns[-1].name == "version_id"

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.columns)

    @cached_property
    def _values(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        return itemgetter(*self.names)

    @cached_property
    def _attributes(self) -> Callable[[object], tuple[Any, ...]]:
        return attrgetter(*self.names)

    @cached_property
    def _moments(self) -> tuple[int, ...]:
        """Places of moments in what is hashed, where the key of the kind comes first."""
        return tuple(i for i, each in enumerate(self.columns, 1) if isinstance(each.type, Moment))

    @cached_property
    def _shares(self) -> tuple[int, ...]:
        return tuple(i for i, each in enumerate(self.columns, 1) if isinstance(each.type, Float))

    def values_of(self, row: object) -> tuple[Any, ...]:
        """The covered values of a mapped object, in order; reads it again where it is expired."""
        try:
            return self._values(row.__dict__)
        except KeyError:
            return self._attributes(row)

    def digest(self, values: Sequence[Any]) -> str:
        """BLAKE2b (128 bits, hex) over the covered values, as the database gives them back."""
        plain = [self.key, *values]
        for place in self._moments:
            value = plain[place]
            if value is not None and value.tzinfo is not UTC:
                plain[place] = value.astimezone(UTC)
        for place in self._shares:
            plain[place] = float(plain[place])
        body = orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
        return hashlib.blake2b(body, digest_size=16).hexdigest()

    def entry(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """What a history row keeps of a row: id, digest, and the version where there is one."""
        found = self.digest(values)
        return (values[0], found, values[-1]) if self.versioned else (values[0], found)

    def select(self) -> Select[Any]:
        """All rows, in the order of their ids."""
        return select(*self.columns).order_by(self.columns[0])


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        # What queues count of flags follows from the flags, without a version of its own.
        Kind("case", Case, Text("案件", "case"), beside=("flags_block", "flags_other")),
        Kind("decision", Decision, Text("决定", "decision"), bound=True),
        Kind("verdict", Verdict, Text("检查意见", "verdict"), bound=True),
        Kind("registration", Registration, Text("注册记录", "registration")),
        Kind("registration_change", RegistrationChange, Text("注册变动", "register entry")),
        Kind("letter", Message, Text("通知书", "letter"), beside=("read_at",)),
        Kind("attachment", Attachment, Text("附件", "attachment")),
        Kind("correction", Correction, Text("补正", "correction"), bound=True),
        Kind("correction_item", CorrectionItem, Text("补正内容", "correction item"), bound=True),
        Kind("amendment", Amendment, Text("信息更正", "amendment")),
        Kind("revocation", Revocation, Text("撤销", "revocation")),
        Kind("hearing", Hearing, Text("听证", "hearing")),
        Kind("appeal", Appeal, Text("申辩", "appeal")),
        Kind(
            "user",
            User,
            Text("账号", "account"),
            beside=("language", "signed_in_at"),  # a preference, and what sessions tell of
            bound=True,
        ),
        Kind("employer", Employer, Text("聘用单位", "employer")),
        Kind("person", Person, Text("人员", "person")),
        Kind("note", Note, Text("内部备注", "note")),
        Kind("anomaly", Anomaly, Text("异常", "flag")),
    )
}
LATER = ("user", "employer", "person", "note", "anomaly")
"""Kinds that histories with a key were begun without (`core.audit.sealing.seal_later`)."""


def home(session: Session, kind: Kind, values: Sequence[Any]) -> int:
    """The chain in which the digests of a row stand (when `bound`), else where they may."""
    known = dict(zip(kind.names, values, strict=True))
    case_id = known.get("case_id")
    if "correction_id" in known and kind.bound:
        case_id = session.get_one(Correction, known["correction_id"]).case_id
    return chain_of(known.get("subject") or f"{kind.key}:{values[0]}", case_id)


# --- collecting what a transaction writes ----------------------------------------------------
_READ = object()
_PENDING = "evidence"


class Pending:
    """Rows that a transaction wrote and the history does not carry yet."""

    def __init__(self, rows: dict[tuple[str, int], Any] | None = None) -> None:
        # By kind and id: the mapped object, or `_READ` for one that is to be read at the end.
        self.rows = rows or {}

    def copy(self) -> Pending:
        return Pending(dict(self.rows))

    def __bool__(self) -> bool:
        return bool(self.rows)

    def taken(self, session: Session) -> Iterator[tuple[Kind, tuple[Any, ...], int | None]]:
        """Take all out: kind, entry for the history row, and the chain where it must stand."""
        rows, self.rows = self.rows, {}
        again: dict[str, list[int]] = {}
        for (key, number), row in rows.items():
            kind = KINDS[key]
            if row is _READ:
                again.setdefault(key, []).append(number)
            else:
                values = kind.values_of(row)
                yield kind, kind.entry(values), home(session, kind, values) if kind.bound else None
        for key, numbers in again.items():
            kind = KINDS[key]
            for values in session.execute(kind.select().where(kind.columns[0].in_(numbers))):
                yield kind, kind.entry(values), home(session, kind, values) if kind.bound else None


def pending(session: Session) -> Pending:
    """What this transaction has still to put into the history."""
    found: Pending = session.info.setdefault(_PENDING, Pending())
    return found


def restore(session: Session, rows: Pending | None) -> None:
    """Forget all, or go back to what was pending when a savepoint began."""
    session.info.pop(_PENDING, None)
    if rows is not None:
        session.info[_PENDING] = rows.copy()


def _watch(kind: Kind) -> None:
    def written(_mapper: Mapper[Any], _connection: Any, row: Any) -> None:
        session = object_session(row)
        if session is not None:
            pending(session).rows[kind.key, row.id] = row

    def rewritten(mapper: Mapper[Any], connection: Any, row: Any) -> None:
        changed = inspect(row).committed_state
        if not changed or not beside.issuperset(changed):
            written(mapper, connection, row)

    beside = frozenset(kind.beside)
    event.listen(kind.model, "after_insert", written)
    event.listen(kind.model, "after_update", rewritten if beside else written)


for _kind in KINDS.values():
    _watch(_kind)
_BY_MAPPER = {inspect(kind.model): kind for kind in KINDS.values()}


@event.listens_for(Session, "do_orm_execute")
def _statement(state: ORMExecuteState) -> Any:
    """Statements on tables of evidence: the rows they write are found beforehand or returned."""
    if not (state.is_insert or state.is_update):
        return None
    kind = _BY_MAPPER.get(state.bind_mapper)  # type: ignore[arg-type]
    if kind is None or state.execution_options.get(BESIDE):
        return None
    rows, statement, number = pending(state.session).rows, state.statement, kind.columns[0]
    if state.is_insert:
        # In no particular order: SQLite would put ordered rows in one by one.
        told = state.invoke_statement(statement.returning(number))  # type: ignore[attr-defined]
        kept = told.freeze()
        rows.update({(kind.key, found): _READ for found in kept().scalars()})
        return kept()
    where = statement.whereclause  # type: ignore[attr-defined]
    touched = select(number) if where is None else select(number).where(where)
    rows.update({(kind.key, found): _READ for found in state.session.scalars(touched)})
    return None
