"""Page by page: which page this is, how many there are, and the way to the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.text import Text
from dashboard.session import Visit


def pager(
    visit: Visit,
    name: str,
    at: tuple[int, int, int],
    words: tuple[Text, Text],
    turn: Callable[[int], None],
) -> None:
    """Say where we are, with the way to other pages where there are any.

    at: page, pages, and how many there are in all. words: for one page ({total}) and for several
    ({page}, {pages}, {total}). turn: puts the wanted page into the address.
    """
    page, pages, total = at
    one, several = words
    st.caption(
        visit.say(several if pages > 1 else one, page=page, pages=pages, total=f"{total:,}"),
        width="content",
    )
    if pages < 2:
        return
    key = f"{name}:page"
    # At first as a default: Streamlit warns about a value set beside a default of its own.
    first: dict[str, Any] = {"default": page} if key not in st.session_state else {}
    if not first and st.session_state[key] != page:
        st.session_state[key] = page
    st.pagination(num_pages=pages, key=key, on_change=lambda: turn(st.session_state[key]), **first)
