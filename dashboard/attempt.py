"""Running a command for a page: one transaction, its refusal in the person's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, TypeVar

import streamlit as st
from sqlalchemy.orm import Session

from core import clock, db
from core.access.actors import Actor
from core.accounts import signin
from core.errors import CoreError
from dashboard import labels
from dashboard.session import Visit, sign_in_link

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Attempted(Generic[Result]):
    """How an attempt went. result: what the command returned; error: why it was refused."""

    result: Result | None = None
    error: CoreError | None = None

    @property
    def done(self) -> bool:
        """True when the command was carried out and its transaction committed."""
        return self.error is None


def attempt(
    visit: Visit,
    command: Callable[Concatenate[Any, Actor, ...], Result],
    /,
    *args: Any,
    quiet: tuple[type[CoreError], ...] = (),
    **kwargs: Any,
) -> Attempted[Result]:
    """Call `command(session, actor, *args, now=…, **kwargs)` in a transaction of its own.

    When others get in its way it runs again, as `db.run` has it. When it is refused the reason is
    shown and `done` is False: the page goes on, and what was typed stays. quiet: refusals that the
    caller words itself, from `error`. The sign-in is checked again inside the transaction, since a
    page may have been open for long and parts of it rerun without the rest. This is the only way in
    which pages and panels write.
    """
    now = clock.now()

    def as_visitor(session: Session) -> Result:
        visitor = signin.visitor(session, visit.session_id, now)
        if visitor is None:
            raise signin.SignedOut
        return command(session, visitor.actor, *args, now=now, **kwargs)

    try:
        return Attempted(result=db.run(as_visitor))
    except CoreError as error:
        if not isinstance(error, quiet):
            show_error(visit, error)
        return Attempted(error=error)


def show_error(visit: Visit, error: CoreError) -> None:
    """Say in the person's language why something was refused."""
    st.error(labels.plain(error.message(visit.language)), icon=":material/error:")
    if isinstance(error, signin.SignedOut):
        sign_in_link(visit.language)
