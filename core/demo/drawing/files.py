"""Real files for the demo's attachments: drawn by several processes, stored, and told to the rows.

Until a picture is drawn its row carries made-up hashes (`core.demo.forms.picture`); the same
made-up hash means the same picture, so that a person's photo is one file in all their filings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from datetime import date, timedelta
from multiprocessing import get_context
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session, aliased

from core import catalogue, clock
from core.catalogue.regions import PROVINCES
from core.demo.drawing.ink import signature
from core.demo.drawing.papers import paper
from core.demo.drawing.portraits import phone_portrait, portrait
from core.demo.drawing.wording import Month, Order, paper_of
from core.files import attachments, images
from core.invented.names import Sex
from core.model import Attachment, Case, Employer, InsuranceRecord, Person
from core.vocabulary.cases import Status

_PATIENCE = 10  # by how much drawing gives way to other processes
_INLINE = 24  # fewer than this are not worth starting processes for
_CLEAR_PHOTOS = 30  # one photo in so many is a snapshot by telephone
_MONTHS = 12  # that a proof of insurance lists at most
_DESKS = (Status.RECEIVED, Status.ACCEPTED, Status.REVIEW, Status.RECHECK, Status.DECISION)


def draw(order: Order) -> dict[str, Any]:
    """Draw and store one picture; returns what its rows say now, and the hash they had."""
    if order.kind == "photo":
        snapshot = order.seed % _CLEAR_PHOTOS == 0
        data = (phone_portrait if snapshot else portrait)(order.seed, order.sex)
    elif order.kind == "signature":
        data = signature(order.seed, order.name)
    else:
        data = paper(paper_of(order), order)
    facts = images.inspect(data, order.filename)
    return {
        "made_up": order.made_up,
        "sha256": attachments.store(data),
        **{key: getattr(facts, key) for key in ("mime", "size", "width", "height")},
        "phash": f"{facts.phash:016x}",
        "white_share": facts.white_background_share,
    }


def _orders(session: Session, condition: Any, limit: int | None, *first: Any) -> Iterator[Order]:
    """Pictures under `condition`, in the order of `first` or else the newest first."""
    profile = aliased(Attachment)
    photo = select(profile.sha256).where(profile.person_id == Person.id, profile.kind == "photo")
    face_of = func.coalesce(photo.limit(1).scalar_subquery(), "")
    rows = session.execute(
        select(Attachment, Case, Person, Employer, face_of)
        .join(Case, Case.id == Attachment.case_id)
        .join(Person, Person.id == Attachment.person_id)
        .join(Employer, Employer.id == Case.employer_id)
        .where(condition)
        .order_by(*(first or (Attachment.case_id.desc(),)), Attachment.id)
        .limit(limit)
    )
    for row, case, person, employer, face in rows:
        filed = clock.day_of(row.added_at)
        facts = _facts(case, person, employer, filed)
        kind, company, issued = row.kind, case.employer_name, filed - timedelta(days=20)
        months: tuple[Month, ...] = ()
        if kind == "insurance_proof":
            issued, months = filed - timedelta(days=2), _insured(session, person, filed)
        elif kind == "dismissal":  # who moves has left before they are hired
            company = facts.get("former_employer_name", company)
            issued = min(issued, date.fromisoformat(facts["employed_from"]) - timedelta(days=3))
        sex: Sex = "男" if person.sex == "male" else "女"
        day = issued.isoformat()
        yield Order(
            row.sha256, kind, row.filename, case.person_name, sex, company, day, facts, months, face
        )


def _facts(case: Case, person: Person, employer: Employer, filed: date) -> dict[str, str]:
    """What papers may say, by the keys of the form; the form prevails over the profile."""
    kind = catalogue.current().professions[case.profession]
    labels = {item.key: item.label.zh for item in kind.specialties}
    own = {"born_on": person.born_on.isoformat(), "employer_name": case.employer_name}
    own["employed_from"] = (filed - timedelta(days=60)).isoformat()
    everything = vars(employer) | vars(person) | own | {k: v for k, v in case.form.items() if v}
    return {key: value for key, value in everything.items() if isinstance(value, str)} | {
        "place": employer.city or PROVINCES[employer.province].zh,
        "business": case.business,
        "profession": kind.label.zh,
        "specialty": labels.get(case.specialty, ""),
        "reason": case.form.get("replacement_reason") or case.form.get("cancellation_reason") or "",
    }


def _insured(session: Session, person: Person, filed: date) -> tuple[Month, ...]:
    """The months before a filing as they are on record, gaps and other payers with them."""
    records = session.scalars(
        select(InsuranceRecord)
        .where(InsuranceRecord.id_number == person.id_number, InsuranceRecord.month < filed)
        .order_by(InsuranceRecord.month.desc(), InsuranceRecord.id)
        .limit(_MONTHS)
    )
    return tuple(
        Month(row.month.isoformat()[:7], row.payer_name, row.payer_code)
        for row in reversed(records.all())
    )


class Studio(ExitStack):
    """Draws what cases hold in processes of its own, while its user goes on with other things.

    A context manager: what is still to be drawn when it closes is given up.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pool: Executor | None = None
        self._orders: dict[str, Order] = {}
        self._drawn: dict[str, Future[dict[str, Any]]] = {}

    def give(self, session: Session, condition: Any, limit: int | None = None, *first: Any) -> None:
        """Order the pictures of attachments under `condition`; a picture is drawn once.

        Where people share one it was made for the filing that comes first.
        """
        for order in _orders(session, condition, limit, *first):
            self._orders.setdefault(order.made_up, order)
        if len(self._orders) <= _INLINE:
            return
        if self._pool is None:
            processes = min(8, os.cpu_count() or 1)
            # Behind whoever orders: that goes on with its own work on one of the processors.
            self._pool = ProcessPoolExecutor(processes, get_context("spawn"), os.nice, (_PATIENCE,))
            self.callback(self._pool.shutdown, cancel_futures=True)
        for key, order in self._orders.items():
            if key not in self._drawn:
                self._drawn[key] = self._pool.submit(draw, order)

    def give_some(self, session: Session, most: int) -> None:
        """Order pictures of open cases, `most` in all: the newest, and the next at each desk."""
        self.give(session, Case.is_open, most // 2)
        each = most // 2 // len(_DESKS)
        for status in _DESKS:
            self.give(session, Case.status == status, each, Case.due_on, Case.id)

    def finish(self, session: Session, report: Callable[[int, int], None]) -> int:
        """Wait for all of them and tell their rows; returns how many files there are."""
        drawn: list[dict[str, Any]] = []
        for key, order in self._orders.items():
            drawn.append(self._drawn[key].result() if key in self._drawn else draw(order))
            report(len(drawn), len(self._orders))
        # Past the mapper: rows are found by the made-up hash, not by their key.
        table = Attachment.__table__
        if drawn:
            told = update(table).where(table.c.sha256 == bindparam("made_up"))  # type: ignore[arg-type]
            session.connection().execute(told, drawn)
        files = {one["sha256"] for one in drawn}
        undrawn = update(table).where(table.c.sha256.not_in(files)).values(size=0)  # type: ignore[arg-type]
        session.connection().execute(undrawn)
        return len(files)
