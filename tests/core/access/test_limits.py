"""Every list and every command keeps to the limits of the account that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core import db
from core.access.actors import Actor
from core.anomalies import disposition
from core.casefile.own import own_cases
from core.casefile.read import find_case, findings_of, read_case
from core.cases import claiming
from core.cases.actions import Action
from core.cases.commands import perform
from core.catalogue.rulebooks import rulebook_of
from core.errors import NotFound, NotPermitted
from core.files import attachments
from core.hearings.procedure import offer
from core.model import Attachment, Case, Registration
from core.queue import assignment, listing, overview
from core.queue.filters import QueueFilter, Tab
from core.register.search import RegisterFilter, read_registration, search_register
from core.review import notes, verdicts
from core.vocabulary.cases import Status
from core.vocabulary.review import Outcome
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow import leases
from tests.builders import NOW, a_case, a_person, a_registration, an_actor, an_employer
from tests.proceedings import a_flag


@dataclass(frozen=True)
class Desk:
    """A case under review with a flag and a picture, seen by one account."""

    session: Session
    actor: Actor
    case: Case
    flag_id: int
    picture_id: int

    def hold(self) -> None:
        """As if claimed before the account was limited."""
        leases.hold(
            self.session,
            self.actor,
            f"case:{self.case.id}",
            case_id=self.case.id,
            minutes=30,
            now=NOW,
        )


def listed(desk: Desk) -> bool:
    rows = listing.page(desk.session, desk.actor, QueueFilter(tab=Tab.OPEN), NOW).rows
    return desk.case.id in {row.id for row in rows}


def searched(desk: Desk) -> bool:
    wanted = QueueFilter(tab=Tab.OPEN, query=desk.case.ref)
    return listing.total(desk.session, desk.actor, wanted, NOW) == 1


def counted(desk: Desk) -> bool:
    return listing.counts(desk.session, desk.actor, QueueFilter(), NOW)[Tab.OPEN] == 1


def held(desk: Desk) -> bool:
    desk.hold()
    rows = listing.page(desk.session, desk.actor, QueueFilter(tab=Tab.MINE), NOW).rows
    return len(rows) == 1


def numbered(desk: Desk) -> bool:
    desk.hold()
    found = overview.for_officer(desk.session, desk.actor, NOW)
    seen = {
        found.numbers[overview.Tally.MINE].count,
        found.numbers[overview.Tally.BLOCKED].count,
        found.desks[Tab.REVIEW].count,
    }
    assert len(seen) == 1, found
    return seen == {1}


def taken_next(desk: Desk) -> bool:
    return assignment.take_next(desk.session, desk.actor, NOW).id == desk.case.id


def claimed(desk: Desk) -> bool:
    return claiming.claim(desk.session, desk.actor, desk.case.id, NOW).id == desk.case.id


def claimed_at_once(desk: Desk) -> bool:
    done = assignment.claim_each(desk.session, desk.actor, [desk.case.id], NOW)
    return done.refs == (desk.case.ref,)


def judged(desk: Desk) -> bool:
    desk.hold()
    book = rulebook_of(desk.session, desk.case.rulebook_id)
    check = book.checks_at(Stage.REVIEW)[0].key
    return bool(
        verdicts.give_verdict(
            desk.session, desk.actor, desk.case.id, check, outcome=Outcome.PASS, now=NOW
        )
    )


def passed(desk: Desk) -> bool:
    desk.hold()
    return verdicts.pass_the_rest(desk.session, desk.actor, desk.case.id, now=NOW) > 0


def noted(desk: Desk) -> bool:
    return bool(notes.write_note(desk.session, desk.actor, desk.case.id, "备注", NOW))


def acted(desk: Desk) -> bool:
    return bool(
        perform(
            desk.session,
            desk.actor,
            desk.case.id,
            Action.PAUSE_CLOCK,
            now=NOW,
            reason="专家评审",
        )
    )


def shown(desk: Desk) -> bool:
    disposition.show(desk.session, desk.actor, desk.case.id, desk.flag_id, now=NOW)
    return True


def disposed(desk: Desk) -> bool:
    disposition.dispose(
        desk.session,
        desk.actor,
        desk.case.id,
        desk.flag_id,
        confirmed=False,
        reason="已核实",
        now=NOW,
    )
    return True


def read(desk: Desk) -> bool:
    return read_case(desk.session, desk.actor, desk.case.ref, NOW).id == desk.case.id


def found(desk: Desk) -> bool:
    return find_case(desk.session, desk.actor, desk.case.ref).id == desk.case.id


def checked(desk: Desk) -> bool:
    return bool(findings_of(desk.session, desk.actor, desk.case.ref, NOW))


def looked_at(desk: Desk) -> bool:
    return bool(attachments.open_for(desk.session, desk.actor, desk.picture_id, NOW, thumb=True))


def offered(desk: Desk) -> bool:
    return bool(offer(desk.session, desk.actor, desk.case, NOW))


def named_beside(desk: Desk) -> bool:
    """The person's other case, as the file of one that the account may read shows it."""
    beside = a_case(
        desk.session,
        Status.RECEIVED,
        profession="survey_design",
        person=desk.case.person,
        employer=an_employer(desk.session, province="37"),
    )
    file = read_case(desk.session, desk.actor, beside.ref, NOW)
    named = [item.ref for item in file.others]
    assert [item.case_ref for item in file.other_photos] == named
    return named == [desk.case.ref]


OPERATIONS: tuple[Callable[[Desk], bool], ...] = (
    listed,
    searched,
    counted,
    held,
    numbered,
    taken_next,
    claimed,
    claimed_at_once,
    judged,
    passed,
    noted,
    acted,
    shown,
    disposed,
    read,
    found,
    checked,
    looked_at,
    offered,
    named_beside,
)
ALL_DESKS = (
    Role.ACCEPTOR,
    Role.REVIEWER,
    Role.DECIDER,
    Role.ANOMALY_OFFICER,
    Role.SUPERVISOR,
)
LIMITS: dict[str, dict[str, object]] = {
    "whole": {},
    "own profession": {"professions": ["supervision", "survey_design"]},
    "other profession": {"professions": ["architect", "survey_design"]},
    "own province": {"province": "37", "roles": (Role.PROVINCE,)},
    "other province": {"province": "11", "roles": (Role.PROVINCE,)},
    "no province": {"roles": (Role.PROVINCE,)},
}


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with db.transaction() as session:
        yield session


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda item: item.__name__)
def test_every_list_and_command_keeps_to_the_limits_of_the_account(
    session: Session, operation: Callable[[Desk], bool], limit: str
) -> None:
    values = dict(LIMITS[limit])
    roles = (*ALL_DESKS, *values.pop("roles", ()))  # type: ignore[misc]
    case = a_case(session, Status.REVIEW, employer=an_employer(session, province="37"))
    leases.give_up(session, f"case:{case.id}")
    picture = Attachment(
        case_id=case.id,
        person_id=case.person_id,
        kind="photo",
        filename="照片.jpg",
        sha256=attachments.store(b"picture"),
        mime="image/jpeg",
        size=7,
        width=1,
        height=1,
        added_at=NOW,
    )
    session.add(picture)
    flag = a_flag(session, case, severity="block")
    actor = an_actor(session, *roles, **values)
    desk = Desk(session, actor, case, flag.id, picture.id)
    if operation is named_beside and limit in {"other province", "no province"}:
        return  # the file beside it is not theirs to read either
    try:
        done = operation(desk)
    except (NotFound, NotPermitted, assignment.NothingToTake):
        done = False
    assert done is (limit in {"whole", "own profession", "own province"})


def test_the_register_is_limited_by_province_and_not_by_profession(session: Session) -> None:
    held_there = a_registration(session, a_person(session), an_employer(session, province="37"))
    limited = an_actor(session, Role.REVIEWER, professions=["architect"])
    own, foreign = (an_actor(session, Role.PROVINCE, province=code) for code in ("37", "11"))
    for actor, sees in ((limited, True), (own, True), (foreign, False)):
        rows = search_register(session, actor, RegisterFilter()).rows
        assert [row.number for row in rows] == ([held_there.number] if sees else [])
        if sees:
            assert read_registration(session, actor, held_there.number, "supervision")
        else:
            with pytest.raises(NotFound):
                read_registration(session, actor, held_there.number, "supervision")


def test_people_and_employers_reach_their_own_applications_only(session: Session) -> None:
    case, other = (a_case(session, Status.FILED) for _ in range(2))
    person = Actor(None, "人", frozenset({Role.APPLICANT}), person_id=case.person_id)
    handler = Actor(None, "企", frozenset({Role.EMPLOYER}), employer_id=case.employer_id)
    for actor, action in ((person, Action.WITHDRAW), (handler, Action.REPORT)):
        assert [item.ref for item in own_cases(session, actor, is_open=True)] == [case.ref]
        assert overview.for_party(session, actor).open == 1
        assert read_case(session, actor, case.ref, NOW)
        with pytest.raises(NotFound):
            read_case(session, actor, other.ref, NOW)
        with pytest.raises(NotFound):
            perform(session, actor, other.id, action, now=NOW)
        with pytest.raises(NotPermitted):
            listing.page(session, actor, QueueFilter(), NOW)
        with pytest.raises(NotPermitted):
            claiming.claim(session, actor, case.id, NOW)
        with pytest.raises(NotPermitted):
            notes.write_note(session, actor, case.id, "备注", NOW)


def test_registrations_of_the_same_person_elsewhere_are_counted_and_not_shown(
    session: Session,
) -> None:
    person = a_person(session)
    here, there = (an_employer(session, province=code) for code in ("37", "11"))
    own = a_registration(session, person, here)
    foreign = a_registration(session, person, there, profession="architect")
    case = a_case(session, Status.REVIEW, person=a_person(session), employer=here)
    case.person_id = person.id
    session.flush()
    session.expire(case)
    province = an_actor(session, Role.PROVINCE, province="37")
    for actor, seen in (
        (province, {own.number}),
        (
            an_actor(session, Role.REVIEWER, professions=["supervision"]),
            {own.number, foreign.number},
        ),
        (
            Actor(None, "人", frozenset({Role.APPLICANT}), person_id=person.id),
            {own.number, foreign.number},
        ),
    ):
        file = read_case(session, actor, case.ref, NOW)
        assert {row.number for row in file.registrations} == seen
        assert file.registrations_elsewhere == 2 - len(seen)
    record = read_registration(session, province, own.number, "supervision")
    assert (record.others, record.elsewhere) == ((), 1)
    assert there.name not in repr(record)
    with pytest.raises(NotFound):
        read_registration(session, province, foreign.number, "architect")


def test_what_a_case_changes_belongs_to_it_wherever_it_is_held(session: Session) -> None:
    """A move into the province names the registration that it moves."""
    case = a_case(session, Status.REVIEW, business="renewal")
    held = session.get_one(Registration, case.registration_id)
    held.employer_id = an_employer(session, province="11").id
    session.flush()
    session.expire_all()
    province = an_actor(session, Role.PROVINCE, province=case.province)
    file = read_case(session, province, case.ref, NOW)
    assert [row.number for row in file.registrations] == [held.number]
    assert file.registrations_elsewhere == 0


def test_a_flag_is_disposed_of_by_those_who_deal_with_all_its_cases(session: Session) -> None:
    case = a_case(session, Status.REVIEW)
    other = a_case(session, Status.REVIEW, profession="architect")
    flag = a_flag(session, case, other, severity="block")
    limited = an_actor(session, Role.ANOMALY_OFFICER, professions=["supervision"])
    values = {"confirmed": False, "reason": "核实", "now": NOW}
    with pytest.raises(disposition.TouchesOtherCases):
        disposition.dispose(session, limited, case.id, flag.id, **values)
    session.expire_all()
    assert (case.flags_block, other.flags_block) == (1, 1)
    both = an_actor(session, Role.ANOMALY_OFFICER, professions=["supervision", "architect"])
    disposition.dispose(session, both, case.id, flag.id, **values)
    session.expire_all()
    assert (case.flags_block, other.flags_block) == (0, 0)
