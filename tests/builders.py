"""People, employers, officers and cases for tests, with sane defaults.

Cases are driven by the real commands, so what a test sees is what the desk can produce. Each
builder takes only what the test cares about; everything else is invented, valid and unique.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import catalogue
from core.access.actors import SYSTEM, Actor
from core.accounts import users
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.catalogue.rulebooks import rulebook_of
from core.catalogue.types import Effect
from core.filing import opening
from core.identifiers import name_key
from core.invented import names
from core.model import (
    Case,
    Correction,
    CorrectionItem,
    Employer,
    Person,
    Registration,
    SignInBrake,
    User,
)
from core.review import verdicts
from core.vocabulary.cases import DESKS, Channel, Status
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.register import RegistrationStatus
from core.vocabulary.review import Outcome
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
"""Wednesday, 10:00 in China, in a week without holidays."""

_numbers = count(1)


def a_person(session: Session, **values: Any) -> Person:
    """A person with a valid identity number."""
    rng = Random(next(_numbers))
    born = date(1980, 1, 1) + timedelta(days=rng.randrange(3000))
    name = values.pop("name", None) or names.person_name(rng, "男")
    person = Person(
        **{
            "name": name,
            "name_key": name_key(name),
            "id_number": names.id_number(rng, "11", born, "男"),
            "sex": "male",
            "born_on": born,
            "phone": names.phone(rng),
            "created_at": NOW,
            **values,
        }
    )
    session.add(person)
    session.flush()
    return person


def an_employer(session: Session, **values: Any) -> Employer:
    """A verified employer, in Beijing unless `province` says otherwise."""
    number = next(_numbers)
    rng = Random(number)
    province = values.get("province", "11")
    employer = Employer(
        **{
            "name": f"演示测试工程咨询{number}有限公司",
            "credit_code": names.credit_code(rng, province),
            "province": province,
            "status": EmployerStatus.VERIFIED.value,
            "created_at": NOW,
            **values,
        }
    )
    session.add(employer)
    session.flush()
    return employer


def a_user(session: Session, *roles: Role, **values: Any) -> User:
    """An account with these roles. It has no password: nobody can sign in with it."""
    number = next(_numbers)
    user = User(
        **{
            "username": f"user{number}",
            "name": f"用户{number}",
            "password_hash": "",
            "roles": [role.value for role in roles],
            "professions": [],
            "created_at": NOW,
            **values,
        }
    )
    session.add(user)
    session.flush()
    return user


def a_brake(session: Session, user_id: int | None, key: str, until: datetime) -> SignInBrake:
    """What holds up signing in with the name of an account until a moment."""
    brake = SignInBrake(
        key=key, user_id=user_id, failures=5, counted_at=NOW, until=until, forgotten_at=until
    )
    session.add(brake)
    session.flush()
    return brake


def an_actor(session: Session, *roles: Role, **values: Any) -> Actor:
    """Whoever acts through a fresh account with these roles."""
    return users.actor_of(a_user(session, *roles, **values))


def a_registration(
    session: Session, person: Person, employer: Employer, **values: Any
) -> Registration:
    """An active registration that still runs for a year."""
    number = next(_numbers)
    registration = Registration(
        **{
            "profession": "supervision",
            "specialty": "",
            "person_id": person.id,
            "employer_id": employer.id,
            "person_name": person.name,
            "number": f"11{number:06d}",
            "status": RegistrationStatus.ACTIVE.value,
            "first_registered_on": date(2024, 3, 1),
            "valid_from": date(2024, 3, 1),
            "valid_to": date(2027, 2, 28),
            **values,
        }
    )
    session.add(registration)
    session.flush()
    return registration


@dataclass
class Team:
    """Who acts on a case, made when first needed; three officers, as four eyes ask for."""

    session: Session
    _actors: dict[str, Actor] = field(default_factory=dict)

    def applicant(self, case: Case) -> Actor:
        return Actor(None, "申请人", frozenset({Role.APPLICANT}), person_id=case.person_id)

    def employer(self, case: Case) -> Actor:
        return Actor(None, "经办人", frozenset({Role.EMPLOYER}), employer_id=case.employer_id)

    def province(self, case: Case) -> Actor:
        return Actor(None, "省厅", frozenset({Role.PROVINCE}), province=case.province)

    def officer(self, stage: Stage) -> Actor:
        """The officer of a desk, always the same one for one team."""
        if stage not in self._actors:
            role = {Stage.ACCEPTANCE: Role.ACCEPTOR, Stage.DECISION: Role.DECIDER}.get(
                stage, Role.REVIEWER
            )
            self._actors[stage] = an_actor(self.session, role)
        return self._actors[stage]


def a_case(
    session: Session,
    status: Status = Status.RECEIVED,
    *,
    profession: str = "supervision",
    business: str = "initial",
    specialties: Sequence[str] | None = None,
    person: Person | None = None,
    employer: Employer | None = None,
    form: dict[str, Any] | None = None,
    channel: Channel = Channel.WEB,
    now: datetime = NOW,
    team: Team | None = None,
) -> Case:
    """A case brought to `status` by the real commands, all at `now`.

    specialties: the first open one unless given. What a business type changes is registered first.
    Raises ValueError for a status that the service's parameters never come to rest in.
    """
    book = catalogue.current()
    owner = book.professions[profession]
    person = person or a_person(session)
    employer = employer or an_employer(session)
    if specialties is None:
        specialties = [item.key for item in owner.specialties if item.open][:1]
    if book.effect(business) is not Effect.CREATE:
        a_registration(
            session,
            person,
            employer,
            profession=profession,
            specialty=specialties[0] if specialties else "",
        )
    case = opening.open_case(
        session,
        Actor(None, person.name, frozenset({Role.APPLICANT}), person_id=person.id),
        profession=profession,
        business=business,
        specialties=specialties,
        person=person,
        employer=employer,
        form=form or {},
        channel=channel,
        now=now,
    )
    return bring(session, case, status, now=now, team=team)


def bring(
    session: Session, case: Case, status: Status, *, now: datetime = NOW, team: Team | None = None
) -> Case:
    """Bring a case on to `status` by the real commands.

    Raises ValueError when it cannot rest there.
    """
    team = team or Team(session)
    for _ in range(20):
        if case.status == status:
            return case
        _step(session, case, status, team, now)
    raise ValueError(f"a case of this service never rests in {status}; it is {case.status}")


_REJECTED = {Status.REJECTED}
_CORRECTED = {Status.CORRECTING, Status.CORRECTED}


def _step(session: Session, case: Case, goal: Status, team: Team, now: datetime) -> None:
    """One action towards `goal`."""
    if goal is Status.TERMINATED and case.status != Status.DRAFT:
        supervisor = Actor(None, "督办", frozenset({Role.SUPERVISOR}))
        perform(session, supervisor, case.id, Action.TERMINATE, now=now, reason="测试终止")
    elif DESKS.get(Status(case.status)) and not _leaves(case, goal):
        _step_at_desk(session, case, goal, team, now)
    else:
        actor, action, reason = _step_outside(session, case, goal, team)
        if action is Action.CONCLUDE_PUBLICITY:
            now += timedelta(days=60)
        perform(session, actor, case.id, action, now=now, reason=reason)


def _leaves(case: Case, goal: Status) -> bool:
    """The applicant takes the case back before a desk has dealt with it."""
    return goal is Status.WITHDRAWING or case.status == Status.WITHDRAWING


def _step_outside(
    session: Session, case: Case, goal: Status, team: Team
) -> tuple[Actor, Action, str]:
    """What applicant, employer, province or the system does next."""
    applicant, employer = team.applicant(case), team.employer(case)
    if case.status == Status.CORRECTING:
        _answer(session, case)
    choices: dict[Status, tuple[Actor, Action, str]] = {
        Status.DRAFT: (applicant, Action.FILE, ""),
        Status.RETURNED: (applicant, Action.FILE, ""),
        Status.FILED: (employer, Action.REPORT, ""),
        Status.PROVINCE_PENDING: (team.province(case), Action.PROVINCE_AGREE, ""),
        Status.RECEIVED: (applicant, Action.REQUEST_WITHDRAWAL, ""),
        Status.CORRECTING: (applicant, Action.ANSWER_CORRECTION, ""),
        Status.PUBLICITY: (SYSTEM, Action.CONCLUDE_PUBLICITY, ""),
        Status.APPROVED: (SYSTEM, Action.ANNOUNCE, ""),
        Status.ANNOUNCED: (SYSTEM, Action.ISSUE, ""),
    }
    special: dict[tuple[Status, Status], tuple[Actor, Action, str]] = {
        (Status.DRAFT, Status.DISCARDED): (applicant, Action.DISCARD, ""),
        (Status.FILED, Status.RETURNED): (employer, Action.RETURN_TO_APPLICANT, "请补充"),
        (Status.FILED, Status.WITHDRAWN): (applicant, Action.WITHDRAW, ""),
        (Status.PUBLICITY, Status.OBJECTED): (_PUBLISHER, Action.OBJECT, "收到异议"),
    }
    status = Status(case.status)
    step = special.get((status, goal)) or choices.get(status)
    if step is None:
        raise ValueError(f"no way from {status} to {goal}")
    return step


_PUBLISHER = Actor(None, "公告", frozenset({Role.PUBLISHER}))


def _step_at_desk(session: Session, case: Case, goal: Status, team: Team, now: datetime) -> None:
    """What the officer of the case's desk does next."""
    rejecting = goal in _REJECTED

    def act(stage: Stage, action: Action) -> None:
        perform(session, team.officer(stage), case.id, action, now=now)

    match Status(case.status):
        case Status.RECEIVED | Status.CORRECTED:
            failing = {Status.REFUSED: "refuses"} | dict.fromkeys(_CORRECTED, "corrects")
            action = {Status.REFUSED: Action.REFUSE} | dict.fromkeys(
                _CORRECTED, Action.REQUEST_CORRECTION
            )
            _judge(session, case, Stage.ACCEPTANCE, team, now, failing.get(goal))
            act(Stage.ACCEPTANCE, action.get(goal, Action.ACCEPT))
        case Status.ACCEPTED:
            claiming.claim(session, team.officer(Stage.REVIEW), case.id, now)
        case Status.REVIEW:
            _judge(session, case, Stage.REVIEW, team, now, "rejects" if rejecting else None)
            act(Stage.REVIEW, Action.PROPOSE_REJECTION if rejecting else Action.PROPOSE_APPROVAL)
        case Status.RECHECK:
            claiming.claim(session, team.officer(Stage.RECHECK), case.id, now)
            act(Stage.RECHECK, Action.CONCUR)
        case Status.DECISION:
            claiming.claim(session, team.officer(Stage.DECISION), case.id, now)
            act(Stage.DECISION, Action.REJECT if rejecting else Action.APPROVE)


def _judge(
    session: Session, case: Case, stage: Stage, team: Team, now: datetime, failing: str | None
) -> None:
    """Claim the case at its desk and fill in the checklist; one item fails when asked for.

    failing: the attribute of a reason ("corrects", "refuses", "rejects") that the failed item gets.
    """
    officer = team.officer(stage)
    claiming.claim(session, officer, case.id, now)
    if failing:
        rules = rulebook_of(session, case.rulebook_id)
        check, reason = next(
            (check, key)
            for check in rules.checks_at(stage)
            for key in check.reasons
            if getattr(rules.reasons[key], failing)
        )
        verdicts.give_verdict(
            session,
            officer,
            case.id,
            check.key,
            outcome=Outcome.FAIL,
            reasons=[reason],
            now=now,
        )
    verdicts.pass_the_rest(session, officer, case.id, now=now)


def _answer(session: Session, case: Case) -> None:
    open_items = select(CorrectionItem).join(
        Correction, Correction.id == CorrectionItem.correction_id
    )
    for item in session.scalars(
        open_items.where(Correction.case_id == case.id, Correction.answered_at.is_(None))
    ):
        item.answer = "已按要求补正。"
    session.flush()
