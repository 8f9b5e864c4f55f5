"""Page by page: how many there are, where we are, and the way to the others."""

from __future__ import annotations

import streamlit as st

from core.text import Text
from dashboard.session import Visit

TOTAL = Text("共 {total} 条 · 第 {page} / {pages} 页", "{total} in all · page {page} of {pages}")
PREVIOUS = Text("上一页", "Previous")
NEXT = Text("下一页", "Next")


def pager(visit: Visit, page: int, pages: int, total: int, *, size: int) -> None:
    """Buttons that put the wanted page into the address; nothing but the total when all fit."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(visit.say(TOTAL, total=f"{total:,}", page=page, pages=pages))
        if total <= size:
            return
        for label, target, icon in (
            (PREVIOUS, page - 1, ":material/chevron_left:"),
            (NEXT, page + 1, ":material/chevron_right:"),
        ):
            if st.button(
                visit.say(label),
                key=f"page-{label.en}",
                icon=icon,
                disabled=not 1 <= target <= pages,
            ):
                st.query_params["page"] = str(target)
                st.rerun()
