"""Where a case is worked on: checklist and decision, one part of the page that reruns by itself."""

from __future__ import annotations

import streamlit as st

from core import clock, db
from core.access.permissions import Permission
from core.casefile.read import read_case
from core.casefile.rows import CaseFile
from core.errors import CoreError
from core.text import Text
from dashboard.attempt import show_error
from dashboard.handover import Handover
from dashboard.panels.case import reading
from dashboard.panels.case.checklist import checklist
from dashboard.panels.case.decision import decision
from dashboard.panels.case.reading import holder_of
from dashboard.session import Visit, require

CHECKLIST = Text("检查清单", "Checklist")
DECIDE = Text("办理", "Decide")

_shown: Handover[CaseFile] = Handover("case")


def load(visit: Visit, ref: str) -> CaseFile | None:
    """The case; None when it cannot be read, which is said."""
    try:
        with db.reading() as session:
            return read_case(session, visit.actor, ref, clock.now())
    except CoreError as error:
        show_error(visit, error)
        return None


def desk(visit: Visit, file: CaseFile) -> None:
    """Draw checklist and decision for `file`, of which the page keeps what was read."""
    _shown.give(file)
    _desk(visit, file.ref)


@st.fragment
def _desk(visit: Visit, ref: str) -> None:
    shown = _shown.take()
    alone = shown is None
    if alone:
        visit = require(Permission.CASE_READ)
    file = shown or load(visit, ref)
    if file is None:
        return
    read = reading.kept()
    if (
        read is None
        or read.version is None
        or not read.covers(file.ref, file.version, holder_of(file))
    ):
        st.rerun()  # somebody acted or took over meanwhile: the whole page says who and what
    with st.container(border=True):
        st.subheader(visit.say(CHECKLIST), anchor=False)
        if checklist(visit, file):
            # A click that comes while the whole page is about to run is answered by that run.
            st.rerun(scope="fragment" if alone else "app")
    with st.container(border=True):
        st.subheader(visit.say(DECIDE), anchor=False)
        following = decision(visit, file, read.version)
    if following is not None:
        reading.keep(reading.acted(read))
        if following:
            st.switch_page("../pages/case.py", query_params={"ref": following})
        st.rerun()
