"""The application's frame, run before every page: who is there, their menu, then the page."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation, session, shell, strings

# First of all: without an icon of ours Streamlit would fetch the page's from a server of Google's.
st.set_page_config(page_icon="/favicon.png", layout="wide")
visit = session.arrive()
language = visit.language if visit else session.guessed_language()
page = navigation.menu(visit.actor if visit else None, language)
st.set_page_config(page_title=f"{page.title} · {strings.BRAND(language)}")
if visit is None:
    session.stop_signed_out()
shell.frame()
with st.sidebar:
    shell.account(visit)
session.show_flashes()
session.hand_over(visit)
page.run()
