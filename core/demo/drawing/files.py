"""Real files for the demo's attachments: drawn by several processes, stored, and told to the rows.

Until a picture is drawn its row carries made-up hashes (`core.demo.forms.picture`); the same
made-up hash means the same picture, so that a person's photo is one file in all their filings.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from datetime import date, timedelta
from itertools import chain
from multiprocessing import get_context
from typing import Any, Self

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session, aliased

from core import catalogue, clock
from core.catalogue.regions import PROVINCES
from core.demo.drawing.papers import paper
from core.demo.drawing.portraits import phone_portrait, portrait
from core.demo.drawing.signature import signature
from core.demo.drawing.wording import Month, Order, paper_of, printed
from core.demo.names import Sex
from core.files import attachments, images
from core.model import Attachment, Case, Employer, InsuranceRecord, Person
from core.vocabulary.cases import Status

_INLINE = 24  # fewer than this are not worth starting processes for
_ALL = 10**6
_CLEAR_PHOTOS = 30  # one photo in so many is a snapshot by telephone
_MONTHS = 12  # that a proof of insurance lists at most
_DESKS = (Status.RECEIVED, Status.ACCEPTED, Status.REVIEW, Status.RECHECK, Status.DECISION)


def draw(order: Order) -> dict[str, Any]:
    """Draw and store one picture; returns what its rows say now, and the hash they had."""
    sex: Sex = "男" if order.man else "女"
    match order.kind:
        case "photo":
            snapshot = order.seed % _CLEAR_PHOTOS == 0
            data = (phone_portrait if snapshot else portrait)(order.seed, sex)
        case "signature":
            data = signature(order.seed, order.name)
        case _:
            data = paper(paper_of(order), order)
    facts = images.inspect(data, order.filename)
    return {
        "made_up": order.made_up,
        "new_sha256": attachments.store(data),
        "new_mime": facts.mime,
        "new_size": facts.size,
        "new_width": facts.width,
        "new_height": facts.height,
        "new_phash": f"{facts.phash:016x}",
        "new_white_share": facts.white_background_share,
    }


def _orders(session: Session, condition: Any, limit: int, *first: Any) -> Iterator[Order]:
    """Pictures under `condition`, in the order of `first` or else the newest first."""
    profile = aliased(Attachment)
    photo = (
        select(profile.sha256)
        .where(profile.person_id == Person.id, profile.kind == "photo")
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Attachment, Case, Person, Employer, photo)
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
        former = facts.get("former_employer_name") if row.kind == "dismissal" else ""
        proof = row.kind == "insurance_proof"
        yield Order(
            row.sha256,
            row.kind,
            row.filename,
            case.person_name,
            person.sex == "male",
            former or case.employer_name,
            printed(_issued(row.kind, facts, filed).isoformat()),
            facts,
            _insured(session, person, filed) if proof else (),
            face or "",
        )


def _facts(case: Case, person: Person, employer: Employer, filed: date) -> dict[str, str]:
    """What papers may say, by the keys of the form; the form prevails over the profile."""
    form = {key: value for key, value in case.form.items() if value and isinstance(value, str)}
    columns = {**vars(employer), **vars(person)}
    kind = catalogue.current().professions[case.profession]
    labels = {item.key: item.label.zh for item in kind.specialties}
    return {
        **{key: value for key, value in columns.items() if isinstance(value, str)},
        "born_on": person.born_on.isoformat(),
        "employer_name": case.employer_name,
        "employed_from": (filed - timedelta(days=60)).isoformat(),
        **form,
        "place": employer.city or PROVINCES[employer.province].zh,
        "business": case.business,
        "profession": kind.label.zh,
        "specialty": labels.get(case.specialty, ""),
        "reason": form.get("replacement_reason") or form.get("cancellation_reason") or "",
    }


def _issued(kind: str, facts: dict[str, str], filed: date) -> date:
    """The day of a paper: proofs are fresh, and who moves has left before they are hired."""
    day = filed - timedelta(days=2 if kind == "insurance_proof" else 20)
    if kind == "dismissal":
        return min(day, date.fromisoformat(facts["employed_from"]) - timedelta(days=3))
    return day


def _insured(session: Session, person: Person, filed: date) -> tuple[Month, ...]:
    """The months before a filing as they are on record, gaps and other payers with them."""
    records = session.scalars(
        select(InsuranceRecord)
        .where(InsuranceRecord.id_number == person.id_number, InsuranceRecord.month < filed)
        .order_by(InsuranceRecord.month.desc(), InsuranceRecord.id)
        .limit(_MONTHS)
    )
    return tuple(
        Month(printed(row.month.isoformat()[:7]), row.payer_name, row.payer_code)
        for row in reversed(records.all())
    )


class Studio:
    """Draws what cases hold in processes of its own, while its user goes on with other things.

    A context manager: what is still to be drawn when it closes is given up.
    """

    def __init__(self) -> None:
        self._pool: Executor | None = None
        self._orders: dict[str, Order] = {}
        self._drawn: list[Future[dict[str, Any]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_about: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def give(self, session: Session, condition: Any, limit: int = _ALL, *first: Any) -> None:
        """Order the pictures of attachments under `condition`; a picture is drawn once.

        Where people share one it was made for the filing that comes first.
        """
        for order in _orders(session, condition, limit, *first):
            self._orders.setdefault(order.made_up, order)
        if len(self._orders) > _INLINE:
            if self._pool is None:
                workers = max(1, min(8, os.cpu_count() or 1))
                self._pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
            waiting = [*self._orders.values()][len(self._drawn) :]
            self._drawn += [self._pool.submit(draw, order) for order in waiting]

    def give_some(self, session: Session, most: int) -> None:
        """Order pictures of open cases, `most` in all: the newest, and the next at each desk."""
        self.give(session, Case.is_open, most // 2)
        for status in _DESKS:
            at_desk = Case.is_open & (Case.status == status)
            self.give(session, at_desk, most // 2 // len(_DESKS), Case.due_on, Case.id)

    def finish(self, session: Session, report: Callable[[int, int], None]) -> int:
        """Wait for all of them and tell their rows; returns how many files there are."""
        drawn: list[dict[str, Any]] = []
        waiting = [*self._orders.values()][len(self._drawn) :]
        for one in chain((each.result() for each in self._drawn), map(draw, waiting)):
            drawn.append(one)
            report(len(drawn), len(self._orders))
        if drawn:
            # Past the mapper: rows are found by the made-up hash, not by their key.
            new: dict[str, Any] = {
                key[4:]: bindparam(key) for key in drawn[0] if key.startswith("new_")
            }
            session.connection().execute(
                update(Attachment.__table__)  # type: ignore[arg-type]
                .where(Attachment.sha256 == bindparam("made_up"))
                .values(new),
                drawn,
            )
        return len({one["new_sha256"] for one in drawn})
