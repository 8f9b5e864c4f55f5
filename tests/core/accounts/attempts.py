"""Attempts to sign in, and what the history says of them."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from core import db
from core.access.actors import Actor
from core.accounts import signin
from core.model import Event

PASSWORD = "Practice-2026"
HOME = "10.1.0.7"
ELSEWHERE = "203.0.113.9"


def enter(
    name: str, now: datetime, *, password: str = PASSWORD, address: str = HOME, device: str = ""
) -> str:
    """Sign in as `name`; the token of the session."""
    return signin.sign_in(name, password, address=address, agent="test", now=now, device=device)


def fail(
    name: str, now: datetime, times: int = 1, *, address: str = ELSEWHERE, device: str = ""
) -> Exception | None:
    """Try a wrong password so many times; the last refusal."""
    last: Exception | None = None
    for _ in range(times):
        with pytest.raises((signin.BadCredentials, signin.Wait)) as caught:
            enter(name, now, password="wrong-1", address=address, device=device)
        last = caught.value
    return last


def actions(officer: Actor) -> list[str]:
    """What the history says was done with the account, in order."""
    with db.reading() as session:
        return list(
            session.scalars(
                select(Event.action)
                .where(Event.subject == f"user:{officer.user_id}")
                .order_by(Event.id)
            )
        )
