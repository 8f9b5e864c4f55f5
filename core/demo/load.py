"""Loads the demo: accounts, cases played through the commands, pictures, and for volumes copies.

One call fills an empty database.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import delete, exists, func, select

from core import clock, db
from core.audit import sealing
from core.config import settings
from core.demo import accounts, hours
from core.demo.accounts import Account
from core.demo.bench import Bench
from core.demo.drawing import files as pictures
from core.demo.filings import Filings
from core.demo.play import Player
from core.errors import CoreError
from core.jobs import lapses
from core.model import Anomaly, Attachment, Case, Counter, Employer, Person, User
from core.text import Language, Text
from core.volumes import multiply

Report = Callable[[int, int], None]

_UNFINISHED = "demo:unfinished"  # a counter kept while loading: what it leaves is not whole
_MOST_PLAYED = 3_000  # beyond so many, cases are played and multiplied
_MULTIPLIED = 1_000  # so many are played then
_MOST_PICTURES = 1_200  # are drawn then
_BUNCHES = 40  # in which pictures are ordered

LOADED = Text("已装入 {cases} 件演示案件。", "Loaded {cases} demo cases.")
NOTHING_DONE = Text(
    "数据库中已有案件，未装入演示数据。", "The database has cases; nothing was loaded."
)
ACCOUNTS = Text(
    "演示账号（密码均为 {password}）：", "Demo accounts (all with the password {password}):"
)


class Unfinished(CoreError):
    text = Text(
        "数据库中的演示数据未装完（或正在装入）。如装入已中断，请删除 {place} 后重新运行。",
        "The demo data in the database is incomplete, or still being loaded. If loading was "
        "interrupted, delete {place} and run this again.",
    )


class NotEmpty(CoreError):
    text = Text(
        "数据库中已有案件，演示数据只能装入空数据库。",
        "The database already has cases; demo data goes into an empty one only.",
    )


class AccountsThere(CoreError):
    text = Text(
        "数据库中已有账号，演示数据只能装入空数据库，未装入任何内容。",
        "The database already has accounts; demo data goes into an empty one only. Nothing was "
        "loaded.",
    )


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was loaded; cases is 0 when nothing was. accounts: those that can sign in.

    password: theirs, None where it is no longer noted.
    """

    cases: int
    people: int
    employers: int
    flags: int
    files: int
    password: str | None
    accounts: tuple[Account, ...]

    def __call__(self, language: Language) -> str:
        """The summary in words, with the accounts and their password."""
        lines = [LOADED(language, cases=self.cases) if self.cases else NOTHING_DONE(language)]
        if self.accounts and self.password:
            names = "  ".join(account.username for account in self.accounts)
            lines += [ACCOUNTS(language, password=self.password), f"  {names}"]
        return "\n".join(lines)


def load(
    cases: int,
    seed: int,
    *,
    if_empty: bool = False,
    report: Report | None = None,
    now: datetime | None = None,
    start: date | None = None,
) -> DemoSummary:
    """Fill the database in use with `cases` invented cases; the schema must be there.

    Beyond a few thousand some are played and copied, a multiple of as many (at most one in a
    thousand is missing then). The same `cases`, `seed` and day of `now` give the same data.
    if_empty: do nothing when there are cases already. report: called with work done and in all.
    start: first day of filing; six and a half years back unless given.
    Raises NotEmpty, AccountsThere, Unfinished when an earlier call was broken off, and
    db.Unavailable.
    """
    told = report or (lambda _done, _all: None)
    now = now or clock.now()
    # Up to last midnight (and what falls due then), so that the hour of loading changes nothing.
    midnight = hours.moment_at(clock.day_of(now).toordinal(), 1800)
    until = min(int(now.timestamp()), midnight)
    with db.reading() as session:
        if session.scalar(select(exists().where(Case.id > 0))):
            if session.get(Counter, _UNFINISHED) is not None:
                raise Unfinished(place=_place())
            if if_empty:
                known = accounts.existing(session)
                return DemoSummary(0, 0, 0, 0, 0, accounts.noted_password(), known)
            raise NotEmpty
        if session.scalar(select(exists().where(~User.demo))):
            raise AccountsThere
    word = accounts.password()
    with db.transaction() as session:
        bench = accounts.appoint(session, word, hours.aware(until))
        session.merge(Counter(name=_UNFINISHED, value=1))
    copies = 1 if cases <= _MOST_PLAYED else round(cases / _MULTIPLIED)
    filings = Filings(cases // copies, seed, until, start, population=cases)
    moment = hours.aware(until)
    with pictures.Studio() as studio:
        _play(filings, bench, told, studio if copies == 1 else None)
        lapses.tick(moment)
        with db.transaction() as session:
            known = accounts.admit(session, word, moment)
            if copies > 1:
                studio.give_some(session, _MOST_PICTURES)
        with db.transaction() as session:
            files = studio.finish(session, told)
    if copies > 1:
        multiply.multiply(copies, seed, told)
    with db.transaction() as session:
        # What was put in set by set: the pictures' rows, and copies altogether.
        sealing.seal_all(session, moment, *(() if copies > 1 else ("attachment",)))
        session.execute(delete(Counter).where(Counter.name == _UNFINISHED))
        made, people, employers, flags = (
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Case, Person, Employer, Anomaly)
        )
    return DemoSummary(made, people, employers, flags, files, word, known)


def _place() -> str:
    """What to delete to be rid of the database: the data folder, or the database by its address."""
    url, folder = db.engine().url, settings().data
    inside = url.database is not None and Path(url.database).parent == folder
    return str(folder) if inside else url.render_as_string()


def _play(filings: Filings, bench: Bench, report: Report, studio: pictures.Studio | None) -> None:
    """Play all of `filings` in one transaction; `studio` draws every picture meanwhile."""
    ordered, bunch, count = 0, -(-filings.count // _BUNCHES), filings.count
    gc.collect()
    gc.freeze()  # what is there stays: the collector need not look through it again and again
    try:
        with db.transaction() as session:
            for done in Player(session, filings, bench).play():
                report(done, count)
                if studio is not None and (done % bunch == 0 or done == count):
                    new = Attachment.case_id.between(ordered + 1, done)
                    studio.give(session, new, count * 10, Attachment.id)
                    ordered = done
            # The cast has numbers of its own; who comes after it needs others.
            db.advance_numbers(session.connection(), (Person.__tablename__, Employer.__tablename__))
    finally:
        gc.unfreeze()
