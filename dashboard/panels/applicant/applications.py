"""Applications of a person or an employer, each with its progress and what is asked of them."""

from __future__ import annotations

import streamlit as st

from core import clock, db
from core.casefile import own
from core.casefile.own import OwnCase
from core.text import Text
from core.vocabulary.cases import STATUS_LABELS
from dashboard import labels
from dashboard.panels.shared.progress import progress
from dashboard.session import Visit
from dashboard.strings import NOTHING_YET

ASKED = Text("请于 {day} 前一次补齐以下内容。", "Please supply all of this by {day}.")
MADE = Text("{ref} · {day} · {employer}", "{ref} · {day} · {employer}")


def applications(visit: Visit, *, is_open: bool) -> None:
    """Those in progress, or the finished ones."""
    with db.reading() as session:
        cases = own.own_cases(session, visit.actor, is_open=is_open)
    if not cases:
        st.info(visit.say(NOTHING_YET), icon=":material/inbox:")
    for case in cases:
        with st.container(border=True):
            _application(visit, case)


def _application(visit: Visit, case: OwnCase) -> None:
    language = visit.language
    name = labels.specialty_names(
        case.profession, (case.specialty,), language
    ) or labels.profession_name(case.profession, language)
    st.markdown(
        f"**{labels.plain(case.person_name)}** {name} · "
        f"{labels.business_name(case.business, language)} "
        + labels.badge(STATUS_LABELS[case.status](language), labels.status_tone(case.status))
    )
    day = f"{clock.local(case.created_at):%Y-%m-%d}"
    st.caption(labels.plain(visit.say(MADE, ref=case.ref, day=day, employer=case.employer_name)))
    progress(case.nodes, language)
    if case.asked:
        st.warning(labels.plain(visit.say(ASKED, day=case.answer_by)), icon=":material/edit_note:")
        for content, reason in case.asked:
            st.markdown(labels.plain(visit.say(labels.ASKED, content=content, reason=reason)))
