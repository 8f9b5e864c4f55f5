"""Handing out cases: the next one to whoever asks, and several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.access.permissions import DESK_PERMISSIONS, Permission
from core.access.scope import desks_of, scope
from core.audit import history
from core.cases.claiming import acted_on, claim
from core.errors import CoreError
from core.model import (
    Case,
    Decision,
    Lease,
)
from core.text import Text
from core.vocabulary.cases import DESKS, Status
from core.vocabulary.stages import Stage
from core.workflow.engine import HeldByOther


class NothingToTake(CoreError):
    text = Text("当前没有可领取的案件。", "There is no case for you to take at the moment.")


def take_next(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    desk: Stage | None = None,
    after: Sequence[int] = (),
) -> Case:
    """Claim the free case with the oldest clock among the actor's desks and professions.

    desk: only this desk. after: ids to leave out (the one just dealt with). Two officers never get
    the same case: the candidate row is locked, and rows locked by others are skipped.

    Raises NotPermitted, NothingToTake.
    """
    actor.require(Permission.CASE_CLAIM)
    desks = (desk,) if desk else desks_of(actor)
    statuses = [
        status
        for status, stage in DESKS.items()
        if stage in desks
        and actor.may(DESK_PERMISSIONS[stage])
        and status is not Status.WITHDRAWING
    ]
    # A lease that was committed after the search began is not seen by it, although the case's row
    # is free again: claiming sees it, and the search goes on with the next candidate.
    passed_over = list(after)
    while True:
        case_id = session.scalar(_candidate(actor, statuses, passed_over, now))
        if case_id is None:
            raise NothingToTake
        try:
            return claim(session, actor, case_id, now)
        except HeldByOther:
            passed_over.append(case_id)


def _candidate(
    actor: Actor, statuses: Sequence[Status], passed_over: Sequence[int], now: datetime
) -> Select[int]:
    """The free case with the oldest clock, its row locked; rows locked by others are skipped."""
    return (
        select(Case.id)
        .where(
            Case.is_open,
            scope(actor).condition(Case),
            Case.status.in_(statuses),
            Case.id.not_in(passed_over),
            ~exists().where(Lease.case_id == Case.id, Lease.expires_at > now),
            or_(
                Case.status.in_([Status.RECEIVED, Status.CORRECTED]),
                ~exists().where(acted_on(actor), Decision.case_id == Case.id),
            ),
        )
        .order_by(Case.due_on.nulls_last(), Case.id)
        .limit(1)
        # Somebody who only writes a note on it holds its key: no reason to pass it over.
        .with_for_update(skip_locked=True, key_share=True, of=Case)
    )


@dataclass(frozen=True, slots=True)
class Claims:
    """refs: numbers of the cases now held; refusals: the others' ids, each with its reason."""

    refs: tuple[str, ...]
    refusals: tuple[tuple[int, CoreError], ...]


def claim_each(session: Session, actor: Actor, case_ids: Sequence[int], now: datetime) -> Claims:
    """Claim every case of `case_ids` that can be; both answers keep its order.

    Raises NotPermitted.
    """
    actor.require(Permission.CASE_CLAIM)
    # All cases first, then the heads of the history, each in one order: nobody waits in a circle.
    session.execute(
        select(Case.id)
        .where(Case.id.in_(case_ids), scope(actor).condition(Case))
        .order_by(Case.id)
        .with_for_update(key_share=True)
    )
    refs: dict[int, str] = {}
    refusals: dict[int, CoreError] = {}
    for case_id in sorted(case_ids, key=lambda number: (history.chain_of("", number), number)):
        try:
            with session.begin_nested():
                refs[case_id] = claim(session, actor, case_id, now).ref
        except CoreError as error:
            refusals[case_id] = error
    return Claims(
        tuple(refs[number] for number in case_ids if number in refs),
        tuple((number, refusals[number]) for number in case_ids if number in refusals),
    )
