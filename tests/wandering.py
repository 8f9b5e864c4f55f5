"""An office that does anything, in whatever order, as far as the commands let it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import db
from core.access.actors import SYSTEM, Actor
from core.accounts import users
from core.amendments import procedure as amendments
from core.amendments.transitions import AmendmentAction
from core.appeals import procedure as appeals
from core.appeals.transitions import AppealAction
from core.casefile import own
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.errors import CoreError
from core.hearings import procedure as hearings
from core.hearings.transitions import HearingAction
from core.model import Amendment, Appeal, Case, Hearing, Revocation, Verdict
from core.review import notes, verdicts
from core.revocations import procedure as revocations
from core.revocations.transitions import RevocationAction
from core.vocabulary.cases import Status
from core.vocabulary.review import Outcome
from core.vocabulary.roles import Role
from tests.builders import NOW, a_case, a_user, bring
from tests.proceedings import a_flag, a_hearing, a_revocation, an_amendment, an_appeal, the_person


class Office:
    """Somebody who may do everything, and does anything, as far as the commands let them."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.now = rng, NOW
        with db.transaction() as session:
            self.all = [users.actor_of(a_user(session, *Role)) for _ in range(3)]

    def any_of(self, session: Session, model: type) -> int:
        found = list(session.scalars(select(model.id)))  # type: ignore[attr-defined]
        if not found:
            raise LookupError
        return self.rng.choice(found)

    def somebody(self, person_id: int) -> Actor:
        """An officer, the system, or now and then the person concerned."""
        own = self.rng.random() < 0.3
        return the_person(person_id) if own else self.rng.choice([*self.all, SYSTEM])

    def files(self, session: Session) -> None:
        a_case(session, Status.RECEIVED, now=self.now)

    def goes_far(self, session: Session) -> None:
        goal = self.rng.choice([Status.CLOSED, Status.REJECTED, Status.CORRECTING, Status.RECHECK])
        bring(session, session.get_one(Case, self.any_of(session, Case)), goal, now=self.now)

    def acts(self, session: Session) -> None:
        case = session.get_one(Case, self.any_of(session, Case))
        actor = self.somebody(case.person_id)
        with suppress(CoreError):
            claiming.claim(session, actor, case.id, self.now, reason="接手")
        action = self.rng.choice(list(Action))
        perform(session, actor, case.id, action, now=self.now, reason="随机理由")

    def judges(self, session: Session) -> None:
        number, actor = self.any_of(session, Case), self.rng.choice(self.all)
        claiming.claim(session, actor, number, self.now, reason="接手")
        if self.rng.random() < 0.4:
            verdicts.pass_the_rest(session, actor, number, now=self.now)
        key = session.scalars(select(Verdict.check_key).where(Verdict.case_id == number)).first()
        verdicts.give_verdict(
            session, actor, number, key or "photo",
            outcome=self.rng.choice(list(Outcome)), note="说明", now=self.now,
        )  # fmt: skip

    def notes(self, session: Session) -> None:
        notes.write_note(
            session, self.rng.choice(self.all), self.any_of(session, Case), "备注", self.now
        )

    def reads(self, session: Session) -> None:
        case = session.get_one(Case, self.any_of(session, Case))
        own.mark_read(session, the_person(case.person_id), self.now)

    def flags(self, session: Session) -> None:
        a_flag(session, session.get_one(Case, self.any_of(session, Case)))
        an_appeal(session, self.now)

    def proceeds(self, session: Session) -> None:
        made: Callable[[], object] = self.rng.choice(
            [
                lambda: an_amendment(session),
                lambda: a_revocation(session),
                lambda: a_hearing(session, a_revocation(session), self.now),
                lambda: a_hearing(
                    session, session.get_one(Case, self.any_of(session, Case)), self.now
                ),
            ]
        )
        made()

    def moves(self, session: Session) -> None:
        model, take, actions = self.rng.choice(
            [
                (Appeal, appeals.perform, AppealAction),
                (Amendment, amendments.perform, AmendmentAction),
                (Revocation, revocations.perform, RevocationAction),
                (Hearing, hearings.perform, HearingAction),
            ]
        )
        number = self.any_of(session, model)
        row = session.get_one(model, number)
        actor = self.somebody(row.person_id)  # type: ignore[attr-defined]
        action = self.rng.choice(list(actions))
        take(session, actor, number, action, now=self.now, reason="随机理由")  # type: ignore[operator]

    def does_something(self) -> bool:
        """One command, or two in one transaction of which the second may be undone."""
        self.now += timedelta(hours=self.rng.choice([0, 1, 30]))
        names = (
            "files",
            "goes_far",
            "acts",
            "judges",
            "notes",
            "reads",
            "flags",
            "proceeds",
            "moves",
        )
        done: list[Callable[[Session], None]] = [
            getattr(self, self.rng.choice(names)) for _ in range(self.rng.choice([1, 1, 2]))
        ]
        try:
            with db.transaction() as session:
                done[0](session)
                for each in done[1:]:
                    with suppress(CoreError, ValueError, LookupError), session.begin_nested():
                        each(session)
                        if self.rng.random() < 0.3:
                            raise LookupError
        except (CoreError, ValueError, LookupError):
            return False
        return True


def wander(seed: int, steps: int) -> int:
    """Take `steps` random commands in the database in use; returns how many were done."""
    office = Office(Random(seed))
    for _ in range(3):
        with db.transaction() as session:
            office.files(session)
    return sum(office.does_something() for _ in range(steps))
