"""Loads the demo: accounts, cases in bulk, flags, pictures. One call fills an empty database."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from core import clock, db
from core.config import settings
from core.demo import (
    accounts,
    expiring,
    hours,
    trouble,
)
from core.demo.accounts import Account
from core.demo.cast import Cast
from core.demo.drawing import files as pictures
from core.demo.making import Made, instalments
from core.demo.rows import check_columns
from core.demo.scripts import Schedule
from core.demo.writing import writer_for
from core.errors import CoreError
from core.jobs import lapses
from core.model import Case, Counter, Employer
from core.text import Language, Text
from core.vocabulary.employers import EMPLOYER_STATUS_LABELS

Report = Callable[[int, int], None]

_UNFINISHED = "demo:unfinished"  # a counter kept while loading: what it leaves is not whole
_FULL_PICTURES = 4_000  # up to so many cases every attachment has a file
_MOST_PICTURES = 1_200  # where not every attachment has one

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

    The same `cases`, `seed` and day of `now` give the same data. if_empty: do nothing when there
    are cases already. report: called with work done and in all. start: first day of filing; six and
    a half years back unless given. Raises NotEmpty, Unfinished when an earlier call was broken off,
    and db.Unavailable.
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
    word = accounts.password()
    with db.transaction() as session:
        bench = accounts.appoint(session, word, hours.aware(until))
        session.merge(Counter(name=_UNFINISHED, value=1))
    schedule = Schedule(cases, seed, until, bench, start)
    made = fill(schedule, told)
    return _finish(schedule, made, word, told)


def _place() -> str:
    """What to delete to be rid of the database: the data folder, or the database by its address."""
    url, folder = db.engine().url, settings().data
    inside = url.database is not None and Path(url.database).parent == folder
    return str(folder) if inside else url.render_as_string()


def fill(schedule: Schedule, report: Report) -> Made:
    """Write the scripts of `schedule` into the empty tables, in one transaction."""
    check_columns()
    url = db.engine().url.render_as_string(hide_password=False)
    db.engine().dispose()
    writer = writer_for(url)
    made = Made(writer.heads)
    # Millions of rows without circular references: the collector would only look through them.
    gc.disable()
    try:
        done = 0
        for rows in instalments(schedule, writer.heads, made):
            writer.write(rows)
            done += len(rows.get("cases", ()))
            report(done, schedule.count)
        writer.commit(made.heads)
    except BaseException:
        writer.undo()
        raise
    finally:
        gc.enable()
    return made


def close_employers(session: Session, cast: Cast) -> None:
    """Note which employers have lost their standing by now."""
    for company in cast.companies:
        if company.until is not None:
            label = EMPLOYER_STATUS_LABELS[company.status]
            reason = f"{date.fromordinal(company.until)}：{label.zh}"
            session.execute(
                update(Employer)
                .where(Employer.id == company.id)
                .values(status=company.status.value, status_reason=reason)
            )


def _finish(schedule: Schedule, made: Made, word: str, report: Report) -> DemoSummary:
    now = hours.aware(schedule.until)
    with db.transaction() as session:
        expiring.expire(session, now)
    lapses.tick(now)
    officers = [officer.actor for officer in schedule.bench.reviewers]
    with db.transaction() as session:
        close_employers(session, schedule.cast)
        flags = trouble.plant(session, made.trouble, Random(schedule.seed), officers, now)
        known = accounts.admit(session, word, now)
    with db.transaction() as session:
        files = pictures.develop(
            session,
            now,
            everything=schedule.count <= _FULL_PICTURES,
            most=_MOST_PICTURES,
            report=report,
        )
        session.execute(delete(Counter).where(Counter.name == _UNFINISHED))
    return DemoSummary(
        cases=schedule.count,
        people=made.people,
        employers=len(schedule.cast.companies),
        flags=flags,
        files=files,
        password=word,
        accounts=tuple(known),
    )
