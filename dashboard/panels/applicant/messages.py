"""Messages to an applicant or an employer, read once they are shown."""

from __future__ import annotations

import streamlit as st

from core import clock, db
from core.casefile import own
from core.correspondence import inbox
from dashboard import labels
from dashboard.attempt import attempt
from dashboard.session import Visit
from dashboard.strings import NOTHING_YET


def messages(visit: Visit) -> None:
    """Every message, the newest first; showing them marks them as read."""
    with db.reading() as session:
        letters = inbox.own(session, visit.actor, visit.language)
    if any(not letter.read for letter in letters):
        attempt(visit, own.mark_read)
    if not letters:
        st.info(visit.say(NOTHING_YET), icon=":material/inbox:")
    for letter in letters:
        with st.container(border=True):
            st.markdown(f"**{labels.plain(letter.title)}** · {clock.written(letter.sent_at)}")
            st.markdown(labels.lines(letter.body))
