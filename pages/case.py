"""One case: everything that matters on one page, and the panel to decide it (`/case?ref=`)."""

import streamlit as st

from core import clock, db
from core.access.permissions import Permission
from core.casefile.history import history_of
from core.casefile.read import findings_of, note_opened, read_case
from core.casefile.rows import CaseFile
from core.errors import CoreError
from core.review import drafts
from core.text import Text
from dashboard.attempt import attempt, show_error
from dashboard.panels import (
    application,
    checklist,
    decision,
    findings,
    flags,
    pictures,
    record,
    related,
)
from dashboard.panels.case_header import case_header
from dashboard.panels.filters import LEFT
from dashboard.session import Visit, require
from dashboard.strings import BACK_TO_QUEUE

NO_REF = Text("请从待办队列或链接打开案件。", "Open a case from the queue or by its link.")
TABS = {
    "materials": Text("材料", "Attachments"),
    "application": Text("申请与注册库", "Application"),
    "checks": Text("自动检查", "Checks"),
    "related": Text("关联信息", "Related"),
    "record": Text("意见与沟通", "Opinions"),
    "history": Text("历史", "History"),
}
CHECKLIST = Text("检查清单", "Checklist")
DECIDE = Text("办理", "Decide")
CHANGED = Text(
    "您打开后本案有变动：{steps}。您填写的内容仍在，请核对。",
    "The case changed after you opened it: {steps}. What you typed is still here; please check.",
)
SEEN = Text("我已知晓", "I have seen this")
visit = require(Permission.CASE_READ)
ref = st.query_params.get("ref", "")


def load(visit: Visit, ref: str) -> CaseFile:
    with db.reading() as session:
        return read_case(session, visit.actor, ref, clock.now())


def seen_version(visit: Visit, file: CaseFile) -> int:
    """Version as the person read it; a later one is announced, not silently taken over."""
    seen = st.session_state.get("case-seen")
    if not seen or seen[0] != file.ref:
        attempt(visit, note_opened, file.id)
        seen = st.session_state["case-seen"] = (file.ref, file.version)
    if seen[1] == file.version:
        return file.version
    with db.reading() as session:
        steps = history_of(session, file.id, since_version=seen[1])
    mine = all(step.actor == visit.actor.name for step in steps)
    if not mine:
        words = "；".join(
            f"{step.actor} {record.action_name(step.action)(visit.language)}" for step in steps
        )
        st.warning(visit.say(CHANGED, steps=words), icon=":material/sync_problem:")
        st.session_state["case-told"] = file.version
        if not st.button(visit.say(SEEN), key="case-changed-seen"):
            return int(seen[1])
    st.session_state["case-seen"] = (file.ref, file.version)
    return file.version


@st.fragment
def desk(visit: Visit, ref: str, seen: int, first: list[CaseFile]) -> None:
    """Checklist and decision rerun by themselves, so that a click answers at once."""
    if first:
        file = first.pop()
    else:
        visit = require(Permission.CASE_READ)
        file = load(visit, ref)
        moved = file.version not in {seen, st.session_state.get("case-told")}
        if moved or decision.holder_of(file) != st.session_state.get("case-holder"):
            st.rerun()  # somebody acted or took over meanwhile: the whole page says who and what
    with st.container(border=True):
        st.subheader(visit.say(CHECKLIST), anchor=False)
        if checklist.checklist(visit, file):
            st.rerun(scope="fragment")
    with st.container(border=True):
        st.subheader(visit.say(DECIDE), anchor=False)
        with db.reading() as session:
            kept = drafts.draft_of(session, visit.actor, f"case:{file.id}:decision")
        following = decision.decision(visit, file, seen, kept)
    if following is not None:
        st.session_state.pop("case-seen", None)
        if following:
            st.switch_page("../pages/case.py", query_params={"ref": following})
        st.rerun()


st.page_link(
    "../pages/queue.py",
    label=visit.say(BACK_TO_QUEUE),
    icon=":material/arrow_back:",
    query_params=st.session_state.get(LEFT, {}),
)
if not ref:
    st.info(visit.say(NO_REF), icon=":material/link:")
    st.stop()
try:
    file = load(visit, ref)
except CoreError as error:
    show_error(visit, error)
    st.stop()
case_header(file, visit.user_id, clock.today(), visit.language)
seen = seen_version(visit, file)
st.session_state["case-holder"] = decision.holder_of(file)
left, right = st.columns([0.64, 0.36], gap="medium")
with right:
    desk(visit, ref, seen, [file])
with left:
    titles = [visit.say(title) for title in TABS.values()]
    tabs = dict(zip(TABS, st.tabs(titles, key="case-tabs", on_change="rerun"), strict=True))
    opened = next((name for name, tab in tabs.items() if tab.open), "materials")
    with tabs[opened]:
        match opened:
            case "materials":
                pictures.pictures(visit, file)
            case "application":
                application.application(file, visit.language)
            case "checks":
                with db.reading() as session:
                    found = findings_of(session, visit.actor, ref, clock.now())
                flags.flags(visit, file)
                findings.findings(visit, found)
            case "related":
                chosen = related.person_block(file, visit.language)
                related.employer_block(file, visit.language)
                if chosen:
                    st.switch_page("../pages/case.py", query_params={"ref": chosen.id or ""})
            case "record":
                record.opinions(visit, file)
                record.corrections(visit, file)
                record.internal_notes(visit, file)
                record.told(visit, file)
            case "history":
                record.history(visit, file)
