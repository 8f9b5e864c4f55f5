"""What somebody with a hand in the database may do behind the product's back, one thing at a time.

Each `Tampering` changes an open connection; whoever tries it takes it back with the transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Connection, Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from core.audit import anchors, history
from core.audit.evidence import KINDS, Kind
from core.cases.actions import Action
from core.cases.commands import perform
from core.files import attachments, checking
from core.model import Attachment, Base, Event, Note
from core.text import LANGUAGES
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from tests.builders import NOW, Team, a_case, a_person, a_registration, a_user, an_employer
from tests.proceedings import a_hearing, a_revocation, an_amendment, an_appeal

EVENTS, HEADS = Base.metadata.tables["events"], Base.metadata.tables["chain_heads"]
SERVED = {Status.CORRECTING: 2, Status.CLOSED: 2, Status.REJECTED: 1, Status.DECISION: 1}


@dataclass(frozen=True)
class Tampering:
    """One thing done. named: what one fault must say in English, besides being there at all."""

    what: str
    do: Callable[[Connection], None]
    named: str


def furnish(session: Session, picture: bytes = b"picture") -> None:
    """At least two rows of every kind of evidence, made by the commands where they make them."""
    team = Team(session)
    for status, count in SERVED.items():
        for _ in range(count):
            case = a_case(session, status, team=team)
    for _ in range(2):
        a_registration(session, a_person(session), an_employer(session))
        an_amendment(session)
        a_hearing(session, a_revocation(session))
        an_appeal(session)
    withdrawn = a_case(session, Status.RECEIVED, team=team)
    perform(session, team.applicant(withdrawn), withdrawn.id, Action.REQUEST_WITHDRAWAL, now=NOW)
    session.add_all(
        Note(
            case_id=case.id,
            author_id=a_user(session, Role.REVIEWER).id,
            author_name="甲",
            text=f"备注{number}",
            written_at=NOW,
        )
        for number in range(2)
    )
    session.add_all(
        Attachment(
            case_id=case.id,
            person_id=case.person_id,
            kind="photo",
            filename=f"{number}.jpg",
            sha256=attachments.store(picture + bytes([number])),
            mime="image/jpeg",
            size=len(picture) + 1,
            width=600,
            height=800,
            white_share=0,
            added_at=NOW,
        )
        for number in range(2)
    )


def another(column: Column[Any], value: Any) -> Any:
    """A value that a column can hold and does not."""
    kind = _stored(column)
    if isinstance(kind, sa.JSON):
        return {"forged": True}
    if isinstance(kind, sa.Boolean):
        return not value
    if isinstance(kind, sa.Integer):
        return (value or 0) + 10_000
    if isinstance(kind, sa.Float):
        return (value or 0) + 0.5
    if isinstance(kind, sa.Date):
        return (value or NOW.date()) + dt.timedelta(days=1)
    if isinstance(kind, sa.String):
        return (value or "xx")[:-1] + ("y" if (value or "xx")[-1] == "x" else "x")
    return (value or NOW) + dt.timedelta(seconds=1)


def _stored(column: Column[Any]) -> Any:
    """The type that a column of a type of ours is stored as."""
    return getattr(column.type, "impl_instance", column.type)


def loosened(connection: Connection) -> None:
    """Let this transaction write what refers to nothing, as whoever owns the database may."""
    sqlite = connection.dialect.name == "sqlite"
    connection.execute(
        sa.text(
            "PRAGMA defer_foreign_keys = ON"
            if sqlite
            else "SET LOCAL session_replication_role = replica"
        )
    )


def rounds(connection: Connection, rng: Random) -> Iterator[tuple[Tampering, ...]]:
    """What is done to evidence, one thing in every table at a time, each of them to be found."""
    by_table = [list(of_evidence(connection, rng, kind)) for kind in KINDS.values()]
    for several in zip_longest(*by_table):
        yield tuple(filter(None, several))


def of_evidence(connection: Connection, rng: Random, *kinds: Kind) -> Iterator[Tampering]:
    """Every covered column edited, rows removed, put in and swapped, in every covered table."""
    for kind in kinds or KINDS.values():
        table = Base.metadata.tables[kind.model.__tablename__]
        ids = list(connection.scalars(select(table.c.id).order_by(table.c.id)))
        assert len(ids) > 1, f"no two rows of {kind.key} to tamper with"
        for column in kind.columns:
            number = rng.choice(ids)
            if column.name == "id":
                named = f"· {kind.label.en} {number} "
                yield Tampering(f"{table}.id edited", _renumber(table, number), named)
            else:
                named = f"· {kind.label.en} {number} "
                yield Tampering(f"{table}.{column.name} edited", _edit(column, number), named)
        number, other = rng.sample(ids, 2)
        yield Tampering(
            f"{table} row removed", _remove(table, number), f"· {kind.label.en} {number} "
        )
        yield Tampering(f"{table} row put in", _put_in(table, number), f"· {kind.label.en} ")
        yield Tampering(
            f"{table} rows swapped", _swap(table, number, other), f"· {kind.label.en} {number} "
        )
        yield Tampering(f"{table} emptied", _empty(table), f"· {kind.label.en} {number} ")


def of_history(connection: Connection, rng: Random) -> Iterator[Tampering]:
    """Every column of the history and its heads edited, rows removed and swapped, ends cut."""
    rows = connection.execute(
        select(EVENTS.c.id, EVENTS.c.chain, EVENTS.c.seq).order_by(EVENTS.c.id)
    ).all()
    long = [row for row in rows if row.seq > 3]
    for column in EVENTS.columns:
        if column.name != "id":  # a number that nothing rests on
            row = rng.choice(rows)
            yield Tampering(f"events.{column.name} edited", _edit(column, row.id), "")
    for column in HEADS.columns:
        chain = rng.choice(rows).chain
        yield Tampering(f"chain_heads.{column.name} edited", _edit_head(column, chain), "")
    row = rng.choice(long)
    before = next(one for one in rows if (one.chain, one.seq) == (row.chain, row.seq - 1))
    yield Tampering("history row removed", _remove(EVENTS, row.id), "")
    yield Tampering("history rows swapped", _swap(EVENTS, row.id, before.id), "")
    yield Tampering("history row put in", _append_by_hand(row.chain), "edited")
    yield Tampering("history written anew without a key", _rewrite(row.chain), "without the key")
    for rows_cut in (1, 3):
        named = "cut off"
        yield Tampering(f"end of {rows_cut} cut off", _cut(row.chain, rows_cut, whole=True), named)
    yield Tampering("chain emptied", _cut(row.chain, 1_000_000, whole=True), "cut off")
    yield Tampering("end cut off, head left", _cut(row.chain, 1, whole=False), "cut off")


# --- what is done ------------------------------------------------------------------------------
def _edit(column: Column[Any], number: int) -> Callable[[Connection], None]:
    def do(connection: Connection) -> None:
        table = column.table
        value = connection.scalar(select(column).where(table.c.id == number))
        changed = {column.name: another(column, value)}
        connection.execute(update(table).where(table.c.id == number).values(changed))  # type: ignore[arg-type]

    return do


def _edit_head(column: Column[Any], chain: int) -> Callable[[Connection], None]:
    def do(connection: Connection) -> None:
        value = connection.scalar(select(column).where(HEADS.c.chain == chain))
        if column.name == "chain":
            value = history.CHAINS
        changed = {column.name: another(column, value)}
        connection.execute(update(HEADS).where(HEADS.c.chain == chain).values(changed))

    return do


def _renumber(table: Table, number: int) -> Callable[[Connection], None]:
    def do(connection: Connection) -> None:
        connection.execute(update(table).where(table.c.id == number).values(id=number + 10_000))

    return do


def _remove(table: Table, number: int) -> Callable[[Connection], None]:
    return lambda connection: _ran(connection, delete(table).where(table.c.id == number))


def _empty(table: Table) -> Callable[[Connection], None]:
    return lambda connection: _ran(connection, delete(table))


def _ran(connection: Connection, statement: Any) -> None:
    connection.execute(statement)


def _row(connection: Connection, table: Table, number: int) -> dict[str, Any]:
    return dict(connection.execute(select(table).where(table.c.id == number)).mappings().one())


def _put_in(table: Table, number: int) -> Callable[[Connection], None]:
    """Another row like one that is there, different where the table wants it to be."""

    def do(connection: Connection) -> None:
        row = _row(connection, table, number)
        values = {
            key: another(table.c[key], value)
            if key in _UNIQUE and isinstance(_stored(table.c[key]), sa.String | sa.Integer)
            else value
            for key, value in row.items()
        }
        highest = connection.scalar(select(func.max(table.c.id))) or 0
        values["id"] = highest + 1
        if "officer_id" in values and "four_eyes" in values:
            values["four_eyes"] = False
        if "person_id" in values and "valid_to" in values:
            values["person_id"] += 1000
        connection.execute(insert(table).values(values))

    return do


_UNIQUE = {
    *("ref", "number", "check_key", "round"),
    *("username", "name_key", "credit_code", "id_number"),
}


def _swap(table: Table, one: int, other: int) -> Callable[[Connection], None]:
    """Two rows change places: each gets the other's number."""

    def do(connection: Connection) -> None:
        numbers = [(one, -1), (other, one), (-1, other)]
        if table is EVENTS:  # what counts there is the place in the chain
            first, second = (_row(connection, table, each)["seq"] for each in (one, other))
            for number, seq in ((one, -1), (other, first), (one, second)):
                connection.execute(update(table).where(table.c.id == number).values(seq=seq))
            return
        for old, new in numbers:
            connection.execute(update(table).where(table.c.id == old).values(id=new))

    return do


def _cut(chain: int, count: int, *, whole: bool) -> Callable[[Connection], None]:
    """Remove the last rows of a chain; `whole` moves its head back so that it is whole again."""

    def do(connection: Connection) -> None:
        head = connection.execute(select(HEADS).where(HEADS.c.chain == chain)).one()
        left = max(0, head.seq - count)
        connection.execute(delete(EVENTS).where(EVENTS.c.chain == chain, EVENTS.c.seq > left))
        if whole:
            last = connection.execute(
                select(EVENTS.c.seq, EVENTS.c.hash, EVENTS.c.key).where(
                    EVENTS.c.chain == chain, EVENTS.c.seq == left
                )
            ).first()
            values = (
                dict(last._mapping)
                if last is not None
                else {"seq": 0, "hash": history.GENESIS, "key": None}
            )
            connection.execute(update(HEADS).where(HEADS.c.chain == chain).values(values))

    return do


def _append_by_hand(chain: int) -> Callable[[Connection], None]:
    """A row made up at the end of a chain by somebody who knows the scheme and not the key."""

    def do(connection: Connection) -> None:
        head = connection.execute(select(HEADS).where(HEADS.c.chain == chain)).one()
        last = connection.execute(
            select(EVENTS).where(EVENTS.c.chain == chain, EVENTS.c.seq == head.seq)
        ).one()
        values = {**dict(last._mapping), "id": 900_000, "seq": head.seq + 1, "previous": last.hash}
        values["hash"] = "c" * 64
        connection.execute(insert(EVENTS).values(values))
        connection.execute(
            update(HEADS).where(HEADS.c.chain == chain).values(seq=head.seq + 1, hash="c" * 64)
        )

    return do


def _rewrite(chain: int) -> Callable[[Connection], None]:
    """A whole chain hashed anew as installations without a key did, with another actor in it."""

    def do(connection: Connection) -> None:
        previous = history.GENESIS
        rows = connection.execute(
            select(Event.__table__).where(EVENTS.c.chain == chain).order_by(EVENTS.c.seq)
        ).all()
        for row in rows:
            values = {**dict(row._mapping), "previous": previous, "key": None, "actor_name": "别人"}
            number, _ = values.pop("id"), values.pop("hash")
            previous = history.link(**values, origin="")
            connection.execute(
                update(EVENTS).where(EVENTS.c.id == number).values(**values, hash=previous)
            )
        connection.execute(
            update(HEADS).where(HEADS.c.chain == chain).values(hash=previous, key=None)
        )

    return do


def faults(session: Session) -> list[history.Fault]:
    """All that `python -m core verify-history` finds."""
    known = anchors.remembered()
    return [
        *history.verify(session, anchors.unkeyed(session, known)),
        *anchors.verify(session, known),
        *checking.verify(session),
    ]


def told(found: list[history.Fault]) -> list[str]:
    """What the faults say, in English, each with its chain and row where it has any."""
    for fault in found:
        assert all(fault.text(language).strip() for language in LANGUAGES)
    return [
        f"· {fault.text.en} (chain {fault.chain}, row {fault.seq}, id {fault.event_id})"
        for fault in found
    ]
