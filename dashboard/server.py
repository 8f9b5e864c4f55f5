"""The ASGI application: Streamlit behind the gate, with the routes that are not Streamlit's."""

from __future__ import annotations

import gc
import importlib
import logging
import pkgutil
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import streamlit as st
from starlette.middleware import Middleware
from streamlit.web.server.starlette import starlette_websocket

import core
import dashboard
from core import clock
from core.audit import anchors
from core.errors import CoreError
from core.jobs import lapses
from dashboard import files, labels, signin, strings
from dashboard.bodies import Bodies
from dashboard.gate import Gate
from dashboard.session import guessed_language

ROOT = Path(__file__).parents[1]
_log = logging.getLogger("regdesk")

# Imported before anybody waits for them; `dashboard.app` is a script and runs per visit.
_HEAVY = ("pandas", "pyarrow", "plotly.graph_objects", "plotly.express", "PIL.Image")
_NOT_IMPORTED = ("dashboard.app", "core.migrations")

LAPSES_EVERY = 600  # seconds


def on_script_error(error: Exception) -> bool:
    """Answer an error that a page did not expect: calm words there, the traceback in the log."""
    language = guessed_language()
    if isinstance(error, CoreError):
        st.error(labels.plain(error.message(language)), icon=":material/error:")
        return True
    reference = secrets.token_hex(4).upper()
    _log.error("page failed, reference %s", reference, exc_info=error)
    st.error(labels.plain(strings.FAILED(language, reference=reference)), icon=":material/error:")
    return True


def _is_not_a_script_error(record: logging.LogRecord) -> bool:
    return record.msg != "Uncaught app execution"


def _without_traceback(record: logging.LogRecord) -> bool:
    # A message that is none ends its connection; where the library found it out says nothing.
    if record.msg == "Error deserializing back message":
        record.exc_info = None
    return True


def import_everything() -> None:
    """Import what pages use, then hand it to the garbage collector as permanent.

    Streamlit collects all garbage after every run; without this each run would walk through the
    libraries' hundreds of thousands of objects.
    """
    for name in _HEAVY:
        importlib.import_module(name)
    for package in (core, dashboard):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(_NOT_IMPORTED) and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    gc.collect()
    gc.freeze()


async def keep_time() -> None:
    """Take the lapses that the law attaches to a date and anchor the history, at start and every
    few minutes.

    Several servers may do so at once: a lapse is taken once, whoever comes first.
    """
    while True:
        for what, work in (
            ("lapses were not taken", lapses.tick),
            ("the history was not anchored", anchors.add),
        ):
            try:
                await anyio.to_thread.run_sync(work, clock.now())
            except CoreError as error:
                _log.warning("%s: %s", what, error)
            except Exception:
                _log.exception(what)
        await anyio.sleep(LAPSES_EVERY)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Before the first request, and while the server runs."""
    import_everything()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep_time)
        yield
        tasks.cancel_scope.cancel()


def make_app() -> st.App:
    """The application; only one a process."""
    # Streamlit logs each script error, too, without the reference that the person was given.
    logging.getLogger("streamlit.error_util").addFilter(_is_not_a_script_error)
    logging.getLogger(starlette_websocket.__name__).addFilter(_without_traceback)
    return st.App(
        ROOT / "dashboard" / "app.py",
        routes=[*signin.ROUTES, *files.ROUTES],
        middleware=[Middleware(Gate), Middleware(Bodies)],
        lifespan=lifespan,
        on_script_error=on_script_error,
    )
