"""One case: everything that matters on one page, and the panel to decide it (`/case?ref=`)."""

import streamlit as st

from core import clock, db
from core.access.permissions import Permission
from core.casefile.read import findings_of
from core.casefile.rows import CaseFile
from core.text import Text
from dashboard.components.address import left
from dashboard.panels.case import (
    application,
    changes,
    desk,
    findings,
    flags,
    pictures,
    record,
    related,
    verification,
    versions,
)
from dashboard.panels.case.header import case_header
from dashboard.panels.queue.filters import PAGE
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


def papers(visit: Visit, file: CaseFile) -> None:
    """The parts of the file, of which only the one that is open is read."""
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
                    found = findings_of(session, visit.actor, file.ref, clock.now())
                flags.flags(visit, file)
                findings.findings(visit, found)
            case "related":
                chosen = related.person_block(file, visit.language)
                related.employer_block(file, visit.language)
                verification.verification(visit, file)
                if chosen:
                    st.switch_page("../pages/case.py", query_params={"ref": chosen.id or ""})
            case "record":
                record.opinions(visit, file)
                record.corrections(visit, file)
                record.internal_notes(visit, file)
                record.told(visit, file)
            case "history":
                record.history(visit, file)
                versions.versions(visit, file)


visit = require(Permission.CASE_READ)
st.page_link(
    "../pages/queue.py",
    label=visit.say(BACK_TO_QUEUE),
    icon=":material/arrow_back:",
    query_params=left(PAGE),
)
ref = st.query_params.get("ref", "")
if not ref:
    st.info(visit.say(NO_REF), icon=":material/link:")
elif file := desk.load(visit, ref):
    case_header(file, visit.user_id, clock.today(), visit.language)
    changes.read_on(visit, file)
    left_side, right_side = st.columns([0.64, 0.36], gap="medium")
    with right_side:
        desk.desk(visit, file)
    with left_side:
        papers(visit, file)
