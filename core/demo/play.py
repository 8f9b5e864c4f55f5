"""All cases of the demo, played side by side through the commands, in order of time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core import catalogue
from core.audit import evidence
from core.demo import forms, planted_anomalies
from core.demo.bench import Bench
from core.demo.cast import NEW, Company, Someone
from core.demo.courses import Course
from core.demo.filings import Filings, Holder, Opening
from core.demo.hours import aware, date_at
from core.demo.insurance import insured_months
from core.demo.reasons_by_stage import stage_reasons, variant_of
from core.demo.types import Filing, Planted
from core.employers import procedure as employers
from core.employers.transitions import EMPLOYER_ACTION_LABELS, EmployerAction
from core.filing import opening
from core.model import Attachment, EmployerQualification, InsuranceRecord
from core.vocabulary.cases import Channel
from core.vocabulary.employers import EmployerStatus

_LOST = {
    EmployerStatus.SUSPENDED: EmployerAction.SUSPEND,
    EmployerStatus.BANKRUPT: EmployerAction.RECORD_BANKRUPTCY,
    EmployerStatus.REVOKED: EmployerAction.RECORD_REVOCATION,
}


class Player:
    """Plays the cases of `filings`; officers of `bench` work on them."""

    def __init__(self, session: Session, filings: Filings, bench: Bench) -> None:
        self._session, self._filings, self._bench, self._rng = session, filings, bench, filings.rng
        # The courses keep their cases, or the session would read them again for every step.
        self._waiting: list[tuple[int, int, Iterator[int]]] = []
        self._started = 0
        self._proofs: deque[tuple[Someone, int]] = deque(maxlen=200)

    def play(self) -> Iterator[int]:
        """Play everything up to `until`; yields the number of cases opened so far, after each.

        Raises what the commands raise.
        """
        self._found()
        for number, each in enumerate(self._filings.openings(self._go_on), 1):
            self._open(each)
            yield number
        self._go_on(self._filings.until)
        for company in self._filings.cast.companies:  # some lose their standing in the end
            if company.standing in _LOST:
                self._act(company, _LOST[company.standing], self._filings.until)

    # --- employers ---------------------------------------------------------------------------
    def _found(self) -> None:
        """Put the companies in place, verified or returned by their provinces but for new ones."""
        companies, session = self._filings.cast.companies, self._session
        session.add_all(company.row for company in companies)
        session.flush()
        session.add_all(
            EmployerQualification(
                employer_id=each.row.id, industry=each.row.industry, number=each.qualification,
                valid_to=each.qualified_until,
            )
            for each in companies
        )  # fmt: skip
        session.flush()
        for company in companies:
            if company.standing is not EmployerStatus.UNVERIFIED:
                action = EmployerAction.RETURN if company.standing in NEW else EmployerAction.VERIFY
                self._act(company, action, int(company.row.created_at.timestamp()))

    def _act(self, company: Company, action: EmployerAction, at: int) -> None:
        """Have the province of an employer take `action`."""
        officer = self._bench.province(company.row.province)
        reason = EMPLOYER_ACTION_LABELS[action].zh
        employers.perform(
            self._session, officer, company.row.id, action, now=aware(at), reason=reason
        )

    # --- cases -------------------------------------------------------------------------------
    def _go_on(self, moment: int) -> None:
        """Resume all that waits for a moment up to this one."""
        waiting = self._waiting
        while waiting and waiting[0][0] <= moment:
            _, number, life = heappop(waiting)
            if (at := next(life, None)) is not None:
                heappush(waiting, (at, number, life))

    def _start(self, life: Iterator[int]) -> None:
        if (at := next(life, None)) is not None:
            self._started += 1
            heappush(self._waiting, (at, self._started, life))

    def _open(self, each: Opening) -> None:
        session, filing, rng = self._session, each.filing, self._rng
        person, company, at = filing.person, filing.company, aware(each.at)
        session.add(person.row)
        session.flush()
        form = forms.fill(rng, filing, date_at(each.at))
        if (held := filing.held) is not None:
            form = forms.completed(form, held.number, held.seal_number, held.valid_to.isoformat())
        channels = (Channel.WEB, Channel.WEB, Channel.MINI_PROGRAM)
        web = filing.profession == "supervision"
        with catalogue.installed(variant_of(each.variant)):
            case = opening.open_case(
                session,
                person.actor,
                profession=filing.profession,
                business=filing.business,
                specialties=filing.specialties,
                person=person.row,
                employer=company.row,
                form=form,
                channel=rng.choice(channels) if web else Channel.PORTAL,
                now=at,
            )
        planted = [*each.planted]
        self._add_pictures(filing, form, case.id, each.at, planted)
        insured, odd = insured_months(
            rng, filing, at.date(), self._filings.cast.companies, each.insurance
        )
        planted += [odd] if odd else []
        if insured:
            session.execute(insert(InsuranceRecord), insured)
        course = Course(
            session, rng, self._filings.days, self._bench,
            stage_reasons(each.variant, filing.profession, filing.business),
            case, filing, each.plan, each.at,
        )  # fmt: skip
        if filing.business == "initial":
            self._filings.under_way.append(course)
        self._start(self._life(course, planted, insured, each.holder))

    def _life(
        self,
        course: Course,
        planted: Sequence[Planted],
        insured: Sequence[dict[str, Any]],
        holder: Holder | None,
    ) -> Iterator[int]:
        """The course of a case, with what is found of it on the way and what follows from it."""
        # Two applications are seen at once, everything else when the case is reported.
        at_once = [each for each in planted if each.rule == "D3"]
        later = [each for each in planted if each.rule != "D3"]
        if at_once:
            self._start(planted_anomalies.follow(course, at_once, insured, course.at))
        walk = course.walk()
        while (moment := next(walk, None)) is not None:
            later = self._found_out(course, later, insured)
            yield moment
        self._found_out(course, later, insured)
        self._filings.look_ahead(course, holder)

    def _found_out(
        self, course: Course, planted: list[Planted], insured: Sequence[dict[str, Any]]
    ) -> list[Planted]:
        """Have `planted` found once the case is reported; returns what still is to be found."""
        if not planted or course.reported is None:
            return planted
        self._start(planted_anomalies.follow(course, planted, insured, course.reported))
        return []

    def _add_pictures(
        self, filing: Filing, form: dict[str, Any], number: int, at: int, planted: list[Planted]
    ) -> None:
        """Rows of what is handed in; now and then a proof is somebody else's (domain G2, D7)."""
        rng, seed, person = self._rng, self._filings.seed, filing.person
        rows = []
        for kind in forms.materials(rng, filing.business, form):
            origin = number
            if kind == "insurance_proof":
                odd = bool(self._proofs) and rng.random() < 0.03
                other, theirs = rng.choice(self._proofs) if odd else (person, number)
                if other is person:
                    self._proofs.append((person, number))
                else:
                    origin = theirs
                    name = forms.picture(seed, kind, other, origin)["filename"]
                    planted.append(Planted("D7", other, name))
            rows.append(
                {
                    **forms.picture(seed, kind, person, origin),
                    "case_id": number,
                    "person_id": person.row.id,
                    "added_at": aware(at),
                }
            )
        if rows:
            # Sealed once they are drawn (`core.demo.load`).
            self._session.execute(
                insert(Attachment), rows, execution_options={evidence.BESIDE: True}
            )
