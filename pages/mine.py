"""我的业务: what applicants and employers see of their own applications and messages (`/mine`)."""

import streamlit as st

from core.access.permissions import Permission
from core.text import Text
from dashboard.panels.applicant.applications import applications
from dashboard.panels.applicant.messages import messages
from dashboard.session import require

TITLE = Text("我的业务", "My applications")
VIEWS = {
    "open": Text("正在办理的业务", "In progress"),
    "past": Text("历史申报", "Past applications"),
    "messages": Text("我的消息", "My messages"),
}

visit = require(Permission.OWN_CASES)
st.title(visit.say(TITLE), anchor=False)
shown = st.segmented_control(
    visit.say(TITLE),
    list(VIEWS),
    format_func=lambda view: visit.say(VIEWS[view]),
    default="open",
    required=True,
    key="mine-view",
    label_visibility="collapsed",
)
if shown == "messages":
    messages(visit)
else:
    applications(visit, is_open=shown != "past")
