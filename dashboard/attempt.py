"""Running a command for a page: one transaction, its refusal in the person's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, Generic, NamedTuple, TypeVar

import streamlit as st

from core import clock, db
from core.access.actors import Actor
from core.accounts import signin
from core.errors import CoreError
from dashboard.session import Visit, sign_in_link

Result = TypeVar("Result")


class Attempted(NamedTuple, Generic[Result]):
    """How an attempt went. result: what the command returned; None when it was refused."""

    done: bool
    result: Result | None


def attempt(
    visit: Visit,
    command: Callable[Concatenate[Any, Actor, ...], Result],
    /,
    *args: Any,
    **kwargs: Any,
) -> Attempted[Result]:
    """Call `command(session, actor, *args, now=…, **kwargs)` in a transaction of its own.

    When it is refused the reason is shown and `done` is False: the page goes on, and what was typed
    stays. The sign-in is checked again inside the transaction, since a page may have been
    open for long and parts of it rerun without the rest.
    """
    now = clock.now()
    try:
        with db.transaction() as session:
            visitor = signin.visitor(session, visit.session_id, now)
            if visitor is None:
                raise signin.SignedOut
            result = command(session, visitor.actor, *args, now=now, **kwargs)
    except CoreError as error:
        show_error(visit, error)
        return Attempted(done=False, result=None)
    return Attempted(done=True, result=result)


def show_error(visit: Visit, error: CoreError) -> None:
    """Say in the person's language why something was refused."""
    st.error(error.message(visit.language), icon=":material/error:")
    if isinstance(error, signin.SignedOut):
        sign_in_link(visit.language)
