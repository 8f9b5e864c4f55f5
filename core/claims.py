"""Claiming several cases at once: each by itself, so that one refusal does not undo the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core import leases
from core.errors import CoreError
from core.policy import Actor, Permission


@dataclass(frozen=True, slots=True)
class Claims:
    """refs: numbers of the cases now held; refusals: the others' ids, each with its reason."""

    refs: tuple[str, ...]
    refusals: tuple[tuple[int, CoreError], ...]


def claim_each(session: Session, actor: Actor, case_ids: Sequence[int], now: datetime) -> Claims:
    """Claim every case of `case_ids` that can be. Raises NotPermitted."""
    actor.require(Permission.CASE_CLAIM)
    refs: list[str] = []
    refusals: list[tuple[int, CoreError]] = []
    for case_id in case_ids:
        try:
            with session.begin_nested():
                refs.append(leases.claim(session, actor, case_id, now).ref)
        except CoreError as error:
            refusals.append((case_id, error))
    return Claims(tuple(refs), tuple(refusals))
