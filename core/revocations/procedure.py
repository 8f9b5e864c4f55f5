"""Revocations, put together: table, context, guards, and the commands."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from core import clock
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scope import scope
from core.audit import history
from core.errors import CoreError, NotFound
from core.hearings.procedure import HEARING
from core.model import Hearing, Registration, Revocation
from core.register.commands import end_registration
from core.register.search import REGISTRATION
from core.revocations.transitions import REVOCATION_ACTION_LABELS, TRANSITIONS, RevocationAction
from core.text import Text
from core.vocabulary.clocks import ClockKind
from core.vocabulary.register import RegistrationStatus
from core.vocabulary.revocations import REVOCATION_STATUSES, RevocationGround, RevocationStatus
from core.workflow import commands
from core.workflow.context import PersonContext
from core.workflow.definitions import Procedure, Step
from core.workflow.engine import stated
from core.workflow.guards import not_yet_decided_by_actor, own_person, when_over


class NotInForce(CoreError):
    text = Text("该注册已失效，无需撤销。", "The registration is not in force any more.")


class AlreadyOpened(CoreError):
    text = Text("该注册的撤销案件正在办理中。", "A revocation of it is already under way.")


class HearingPending(CoreError):
    text = Text("听证尚未结束，不得作出决定。", "A hearing is pending; nothing is decided before.")


class RevocationContext(PersonContext):
    """A revocation at a moment."""

    row: Revocation

    @cached_property
    def registration(self) -> Registration:
        """The registration that is to be taken back."""
        return self.session.get_one(Registration, self.row.registration_id)

    @cached_property
    def professions(self) -> frozenset[str]:
        return frozenset({self.registration.profession})

    def related(self) -> tuple[Select[Any], ...]:
        """The registration, which a revocation ends."""
        return (select(Registration).where(Registration.id == self.row.registration_id),)


def no_hearing_pending(_actor: Actor, revocation: RevocationContext) -> CoreError | None:
    """A decision follows the record of the hearing (行政许可法 §48)."""
    pending = revocation.session.scalar(
        select(
            exists().where(
                Hearing.about == revocation.subject, Hearing.status.not_in(sorted(HEARING.final))
            )
        )
    )
    return HearingPending() if pending else None


def _consequences(context: RevocationContext, step: Step, _actor: Actor) -> None:
    """A registration that is taken back ends with the status of its own (domain M.13)."""
    if step.transition.action is RevocationAction.REVOKE:
        end_registration(
            context.registration, RegistrationStatus.REVOKED, context.row.ground, context.today
        )


REVOCATION = Procedure(
    key="revocation",
    label=Text("撤销注册", "Revocation"),
    noun=Text("撤销案件", "The revocation"),
    model=Revocation,
    start=RevocationStatus.OPENED,
    statuses=REVOCATION_STATUSES,
    actions=REVOCATION_ACTION_LABELS,
    transitions=TRANSITIONS,
    context=RevocationContext,
    guards={
        "own": own_person,
        "overdue": when_over(ClockKind.HEARD),
        "not_yet_decided_by_actor": not_yet_decided_by_actor,
        "no_hearing_pending": no_hearing_pending,
    },
    consequences=_consequences,
)


def open_revocation(
    session: Session,
    actor: Actor,
    registration_id: int,
    *,
    ground: RevocationGround,
    reason: str,
    now: datetime,
) -> Revocation:
    """Open the taking back of a registration.

    Raises NotPermitted, NotFound, NotInForce, AlreadyOpened, ReasonMissing.
    """
    actor.require(Permission.REVOCATION_OPEN)
    registration = session.scalars(
        select(Registration)
        .where(Registration.id == registration_id)
        .with_for_update(key_share=True)
    ).one_or_none()
    seen = scope(actor)
    theirs = registration is not None and (
        seen.professions is None or registration.profession in seen.professions
    )
    if registration is None or not theirs or seen.province is not None:
        raise NotFound(what=REGISTRATION)
    running = exists().where(
        Revocation.registration_id == registration_id,
        Revocation.status.not_in(sorted(REVOCATION.final)),
    )
    if session.scalar(select(running)):
        raise AlreadyOpened
    over = registration.valid_to < clock.day_of(now)
    if over or registration.status != RegistrationStatus.ACTIVE:
        raise NotInForce
    revocation = Revocation(
        registration_id=registration.id,
        person_id=registration.person_id,
        status=RevocationStatus.OPENED.value,
        ground=ground.value,
        reason=stated(reason),
        opened_at=now,
    )
    session.add(revocation)
    session.flush()
    history.record(
        session,
        actor,
        "create",
        f"{REVOCATION.key}:{revocation.id}",
        at=now,
        version=revocation.version_id,
        after=revocation.status,
        detail={"registration": registration.id, "ground": ground.value, "reason": reason},
    )
    return revocation


def perform(
    session: Session,
    actor: Actor,
    revocation_id: int,
    action: RevocationAction,
    *,
    now: datetime,
    seen_version: int | None = None,
    reason: str = "",
) -> Revocation:
    """Take `action` in a revocation. Raises as `core.workflow.commands.perform`."""
    context = commands.perform(
        session,
        REVOCATION,
        actor,
        revocation_id,
        action,
        now=now,
        seen_version=seen_version,
        reason=reason,
    )
    return cast("Revocation", context.row)
