"""Every command and every read of core, as found in its packages, against accounts it is not for.

Whatever takes a session and an actor is called about one case (and what belongs to it) by officers
of another profession and another province, and by another applicant and another employer. It must
refuse them in the words it has for what does not exist, or tell nothing of the case, and leave
nothing behind. So that a silent call cannot pass for a refusal, those it is for must get further.
A new function takes part by itself; one whose arguments nobody can fill fails here.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import core
from core import db
from core.access.actors import Actor
from core.appeals.procedure import open_appeal
from core.cases import claiming
from core.catalogue.rulebooks import rulebook_of
from core.errors import CoreError, NotFound, NotPermitted
from core.files import attachments
from core.hearings.procedure import offer
from core.model import (
    AccessLog,
    Attachment,
    Employer,
    Event,
    Person,
    Registration,
)
from core.procedures import PROCEDURES
from core.queue.assignment import Claims, NothingToTake
from core.queue.filters import QueueFilter, Tab
from core.register.search import RegisterFilter
from core.revocations.procedure import open_revocation
from core.vocabulary.cases import Status
from core.vocabulary.review import Outcome
from core.vocabulary.revocations import RevocationGround
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow import leases
from tests.builders import NOW, a_case, a_person, an_actor, an_employer
from tests.proceedings import a_flag, an_amendment

_APART = ("core.demo", "core.migrations", "core.commandline", "core.__main__", "core.intake")
"""Sample data, schema and shell; intake is the system's own and asks for its permission."""

INNER = {
    "core.audit.history.record": "writes what a command has decided",
    "core.casefile.contents.flags": "part of read_case, which has let the reader in",
    "core.casefile.contents.pictures": "part of read_case, which has let the reader in",
    "core.casefile.surroundings.others": "part of read_case, which has let the reader in",
    "core.casefile.surroundings.registrations": "part of read_case, which has let the reader in",
    "core.cases.claiming.renew": "takes the context of a case that is held",
    "core.filing.opening.open_case": "takes person and employer of whoever files",
    "core.workflow.commands.perform": "behind the commands of each procedure",
    "core.workflow.commands.locked": "behind the commands of each procedure",
    "core.workflow.leases.hold": "the caller has asked",
    "core.workflow.leases.renew": "touches one's own lease alone",
    "core.workflow.leases.give_up": "the caller has asked",
    "core.channels.keys.add": "about the keys of channels",
    "core.channels.keys.revoke": "about the keys of channels",
    "core.accounts.signin.sign_out_everywhere": "one's own sign-ins",
    "core.accounts.users.change_password": "one's own account",
    "core.accounts.users.set_language": "one's own account",
    "core.accounts.users.create_user": "about accounts",
    "core.accounts.users.disable": "about accounts",
    "core.accounts.users.enable": "about accounts",
    "core.accounts.users.set_password": "about accounts",
    "core.casefile.own.mark_read": "one's own messages",
    "core.queue.overview.accounts": "about accounts",
    "core.queue.saved_views.list_views": "one's own views",
    "core.queue.saved_views.save": "one's own views",
    "core.queue.saved_views.rename": "one's own views",
    "core.queue.saved_views.remove": "one's own views",
    "core.review.drafts.keep_draft": "one's own words",
    "core.review.drafts.draft_of": "one's own words",
    "core.workdays.calendars.load_year": "about calendars",
    "core.cases.claiming.release": "one's own claim may be given back, whoever may see the case",
}
"""What is about no case, or is reached only through what is tried here."""

BY_PROVINCE = {
    "core.register.search.search_register": "professions limit the work, not the register",
    "core.register.search.read_registration": "professions limit the work, not the register",
    "core.employers.procedure.perform": "an employer belongs to a province, to no profession",
}
"""What an account's professions do not limit, by decision (docs/decisions.md)."""


def functions() -> dict[str, Callable[..., Any]]:
    """Every public function of core whose first two arguments are a session and an actor."""
    found = {}
    for module in pkgutil.walk_packages(core.__path__, "core."):
        if module.name.startswith(_APART):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if not inspect.isfunction(value) or value.__module__ != module.name:
                continue
            parameters = list(inspect.signature(value).parameters)
            if not name.startswith("_") and parameters[:1] == ["session"] and "actor" in parameters:
                found[f"{module.name}.{name}"] = value
    return found


ALL = functions()
TRIED = sorted(set(ALL) - set(INNER))


def test_nothing_is_listed_that_is_not_there() -> None:
    assert set(INNER) | set(BY_PROVINCE) <= set(ALL)
    assert len(TRIED) > 30


NOT_THERE = 999_999
STAFF = tuple(
    role for role in Role if role not in {Role.APPLICANT, Role.EMPLOYER, Role.PROVINCE, Role.SYSTEM}
)


@dataclass
class World:
    """Who is there before the case, and, once it is there, what to ask about it with.

    asked: values by the name of an argument; ids: the arguments that name something of the case.
    """

    outsider: Actor
    insiders: tuple[Actor, ...]
    person: Person
    employer: Employer
    asked: dict[str, Any]
    ids: dict[str, Any]


OUTSIDERS = ("another profession", "another province", "no province", "applicant", "employer")


def a_world(session: Session, outsider: str) -> World:
    """The case is to be one of supervision, in province 37."""
    person, employer = a_person(session), an_employer(session, province="37")
    accounts: dict[str, tuple[tuple[Role, ...], dict[str, Any]]] = {
        "another profession": (STAFF, {"professions": ["architect"]}),
        "another province": ((*STAFF, Role.PROVINCE), {"province": "11"}),
        "no province": ((*STAFF, Role.PROVINCE), {}),
        "applicant": ((Role.APPLICANT,), {"person_id": a_person(session).id}),
        "employer": ((Role.EMPLOYER,), {"employer_id": an_employer(session).id}),
    }
    roles, values = accounts[outsider]
    insiders = (
        an_actor(session, *STAFF),
        an_actor(session, *STAFF, professions=["supervision"]),
        an_actor(session, Role.PROVINCE, province="37"),
        an_actor(session, Role.APPLICANT, person_id=person.id),
        an_actor(session, Role.EMPLOYER, employer_id=employer.id),
    )
    asked: dict[str, Any] = {
        "now": NOW,
        "reason": "理由充分",
        "text": "备注",
        "outcome": Outcome.PASS,
        "check_key": "",
        "confirmed": False,
        "held_on": date(2026, 6, 1),
        "chair_id": insiders[0].user_id,
        "ground": RevocationGround.FRAUD,
        "thumb": True,
        "language": "zh",
        "profession": "supervision",
        "is_open": True,
    }
    return World(an_actor(session, *roles, **values), insiders, person, employer, asked, {})


def let_the_case_be(session: Session, world: World) -> None:
    """The case, and a flag, an appeal, hearings, a revocation, an amendment, a picture of it."""
    case = a_case(
        session, Status.REVIEW, business="renewal", person=world.person, employer=world.employer
    )
    registration = session.scalars(select(Registration)).one()
    picture = Attachment(
        case_id=case.id, person_id=case.person_id, kind="photo", filename="照片.jpg",
        sha256=attachments.store(b"picture"), mime="image/jpeg", size=7, width=1, height=1,
        added_at=NOW,
    )  # fmt: skip
    session.add(picture)
    flag = a_flag(session, case, severity="block")
    staff = world.insiders[0]
    hearing = offer(session, staff, case, NOW)
    revocation = open_revocation(
        session, staff, registration.id, ground=RevocationGround.FRAUD, reason="学历伪造", now=NOW
    )
    leases.give_up(session, f"case:{case.id}")
    held = a_case(session, employer=world.employer)
    claiming.claim(session, staff, held.id, NOW)
    world.asked["check_key"] = rulebook_of(session, case.rulebook_id).checks_at(Stage.REVIEW)[0].key
    world.ids = {
        "case_id": case.id,
        "case_ids": [case.id],
        "ref": case.ref,
        "about": case,
        "number": registration.number,
        "registration_id": registration.id,
        "employer_id": world.employer.id,
        "attachment_id": picture.id,
        "anomaly_id": flag.id,
        "appeal_id": open_appeal(session, staff, flag.id, NOW).id,
        "hearing_id": hearing.id,
        "revocation_id": revocation.id,
        "amendment_id": an_amendment(session, world.person).id,
    }


WANTED: dict[str, Any] = {
    "QueueFilter": QueueFilter(tab=Tab.OPEN),
    "RegisterFilter": RegisterFilter(),
}
ACTIONS = {
    next(iter(procedure.actions)).__class__.__name__: tuple(procedure.actions)
    for procedure in PROCEDURES.values()
}


def ways(name: str, world: World, ids: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every way of filling in the arguments of a function, one for each action it can take."""
    values: dict[str, Any] = {}
    actions: tuple[Any, ...] = (None,)
    for parameter in list(inspect.signature(ALL[name]).parameters.values())[1:]:
        if parameter.name == "actor":
            continue
        if parameter.name == "wanted":
            values["wanted"] = WANTED[parameter.annotation]
        elif parameter.name == "action":
            actions = ACTIONS[parameter.annotation]
        elif parameter.name in ids:
            values[parameter.name] = ids[parameter.name]
        elif parameter.name in world.asked:
            values[parameter.name] = world.asked[parameter.name]
        elif parameter.default is parameter.empty:
            raise AssertionError(f"{name}: what is {parameter.name!r}? Tell this test.")
    for action in actions:
        yield {**values, "action": action} if action else values


REFUSALS = (NotFound, NotPermitted, NothingToTake)


def steps(session: Session) -> int:
    """How much the history and the log of readings hold."""
    counts = (select(func.count()).select_from(model) for model in (Event, AccessLog))
    return sum(session.scalar(count) or 0 for count in counts)


def outcome(session: Session, name: str, actor: Actor, values: dict[str, Any]) -> tuple[str, str]:
    """How a call ends, undone again: what it raised, or what it told and wrote."""
    before = steps(session)
    undo = session.begin_nested()
    try:
        result = ALL[name](session, actor=actor, **values)
        if isinstance(result, Claims):
            result = [type(error).__name__ for _, error in result.refusals] or result
        session.flush()
        return "told", f"{result!r}, steps left behind: {steps(session) - before}"
    except REFUSALS as error:
        return "refused", f"{type(error).__name__}: {error}"
    except CoreError as error:
        return "heard", repr(error)
    finally:
        undo.rollback()


def all_outcomes(
    session: Session, world: World, actor: Actor, name: str, ids: dict[str, Any]
) -> list[tuple[str, str]]:
    return [outcome(session, name, actor, values) for values in ways(name, world, ids)]


def _nothing(world: World) -> dict[str, Any]:
    """The same arguments for what is not there; an object stays what it is."""
    other = {"case_ids": [NOT_THERE], "ref": "20990000000", "number": "99999999"}
    return {
        key: other.get(key, NOT_THERE) if key != "about" else value
        for key, value in world.ids.items()
    }


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_whoever_a_case_is_not_for_is_refused_and_told_nothing(
    engine: Engine, outsider: str
) -> None:
    open_to = {"another profession": BY_PROVINCE}.get(outsider, {})
    wrong = []
    with db.transaction() as session:
        world = a_world(session, outsider)
        lists = [name for name in TRIED if not ID_NAMES & set(parameters_of(name))]
        before = {
            (name, actor.user_id): all_outcomes(session, world, actor, name, {})
            for name in lists
            for actor in (world.outsider, *world.insiders)
        }
        let_the_case_be(session, world)
        assert set(world.ids) == ID_NAMES
        for name in TRIED:
            refused = all_outcomes(session, world, world.outsider, name, world.ids)
            if name in lists:
                heard = [
                    all_outcomes(session, world, actor, name, {}) != before[name, actor.user_id]
                    for actor in world.insiders
                ]
                hidden = refused == before[name, world.outsider.user_id]
            else:
                nothing = all_outcomes(session, world, world.outsider, name, _nothing(world))
                heard = [
                    end[0] != "refused"
                    for actor in world.insiders
                    for end in all_outcomes(session, world, actor, name, world.ids)
                ]
                hidden = refused == nothing and (
                    name == "core.queue.assignment.claim_each"
                    or all(end[0] == "refused" for end in refused)
                )
            if not hidden and name not in open_to:
                wrong.append(f"{name} tells {outsider}: {refused[:2]}")
            if not any(heard):
                wrong.append(f"{name} refuses everybody, so the test of it proves nothing")
    assert wrong == []


def parameters_of(name: str) -> list[str]:
    return list(inspect.signature(ALL[name]).parameters)


ID_NAMES = {
    "case_id",
    "case_ids",
    "ref",
    "about",
    "number",
    "registration_id",
    "employer_id",
    "attachment_id",
    "anomaly_id",
    "appeal_id",
    "hearing_id",
    "revocation_id",
    "amendment_id",
}
