"""我的业务: what applicants and employers see of their own applications and messages (`/mine`)."""

import streamlit as st

from core import clock, db
from core.access.permissions import Permission
from core.casefile import own
from core.correspondence import inbox
from core.text import Text
from core.vocabulary.cases import STATUS_LABELS
from dashboard import labels
from dashboard.panels.case_header import progress
from dashboard.session import require

TITLE = Text("我的业务", "My applications")
VIEWS = {
    "open": Text("正在办理的业务", "In progress"),
    "past": Text("历史申报", "Past applications"),
    "messages": Text("我的消息", "My messages"),
}
NOTHING = Text("暂无数据", "Nothing here yet")
ASKED = Text("请于 {day} 前一次补齐以下内容。", "Please supply all of this by {day}.")
MADE = Text("{ref} · {day} · {employer}", "{ref} · {day} · {employer}")

visit = require(Permission.OWN_CASES)
language = visit.language
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
    with db.reading() as session:
        letters = inbox.read_inbox(
            session, language, person_id=visit.actor.person_id, employer_id=visit.actor.employer_id
        )
    if any(not letter.read for letter in letters):
        with db.transaction() as session:
            own.mark_read(session, visit.actor, clock.now())
    if not letters:
        st.info(visit.say(NOTHING), icon=":material/inbox:")
    for letter in letters:
        with st.container(border=True):
            st.markdown(f"**{labels.plain(letter.title)}** · {clock.written(letter.sent_at)}")
            st.markdown(labels.plain(letter.body))
    st.stop()

with db.reading() as session:
    cases = own.own_cases(session, visit.actor, is_open=shown != "past")
if not cases:
    st.info(visit.say(NOTHING), icon=":material/inbox:")
for case in cases:
    with st.container(border=True):
        name = labels.specialty_names(
            case.profession, (case.specialty,), language
        ) or labels.profession_name(case.profession, language)
        st.markdown(
            f"**{labels.plain(case.person_name)}** {name} · "
            f"{labels.business_name(case.business, language)} "
            + labels.badge(STATUS_LABELS[case.status](language), labels.status_tone(case.status))
        )
        day = f"{clock.local(case.created_at):%Y-%m-%d}"
        st.caption(
            labels.plain(visit.say(MADE, ref=case.ref, day=day, employer=case.employer_name))
        )
        progress(case.nodes, language)
        if case.asked:
            st.warning(visit.say(ASKED, day=case.answer_by), icon=":material/edit_note:")
            for content, reason in case.asked:
                st.markdown(labels.plain(visit.say(labels.ASKED, content=content, reason=reason)))
