"""What others did on the case since the person opened it: said at once, by name."""

from __future__ import annotations

import streamlit as st

from core import db
from core.casefile.history import HistoryEntry, history_of
from core.casefile.read import note_opened
from core.casefile.rows import CaseFile
from core.text import Text
from dashboard import labels
from dashboard.attempt import attempt
from dashboard.panels.case import reading
from dashboard.panels.case.reading import Arrival, Reading
from dashboard.session import Visit
from dashboard.strings import SEMICOLON

CHANGED = Text(
    "您打开后本案有变动：{steps}。您填写的内容仍在，请核对。",
    "The case changed after you opened it: {steps}. What you typed is still here; please check.",
)
SEEN = Text("我已知晓", "I have seen this")


def read_on(visit: Visit, file: CaseFile) -> Reading:
    """What the person has read now that `file` is shown; announces what others did meanwhile.

    The opening is logged (domain H), once a visit to the case.
    """
    now = _read_on(visit, file, reading.kept())
    reading.keep(now)
    return now


def _read_on(visit: Visit, file: CaseFile, before: Reading | None) -> Reading:
    at = (file.version, reading.holder_of(file))
    arrival = reading.arrival(before, file.ref, file.version)
    if before is None or arrival is Arrival.FIRST_OPENED:
        attempt(visit, note_opened, file.id)
        return reading.opened(file.ref, *at)
    if arrival is Arrival.CHANGED:
        with db.reading() as session:
            steps = history_of(session, visit.actor, file.id, since_version=before.version)
        foreign = any(step.actor != visit.actor.name for step in steps)
        if foreign and not _announced(visit, steps):
            return reading.told(before, *at)
    return reading.acknowledged(before, *at)


def _announced(visit: Visit, steps: tuple[HistoryEntry, ...]) -> bool:
    """Say who did what; True once the person has said that they saw it."""
    words = visit.say(SEMICOLON).join(f"{step.actor} {visit.say(step.what)}" for step in steps)
    st.warning(labels.plain(visit.say(CHANGED, steps=words)), icon=":material/sync_problem:")
    return st.button(visit.say(SEEN), key="case-changed-seen")
