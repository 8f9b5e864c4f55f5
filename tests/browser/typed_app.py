"""A page that shows each of the words of `tests.hostile` in every kind of place."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import streamlit as st

from dashboard import labels
from tests.hostile import WORDS, soup

for number, words in enumerate([*WORDS, *soup(40)]):
    safe = labels.plain(words)
    places = {
        "markdown": lambda safe=safe: st.markdown(safe),
        "title": lambda safe=safe: st.title(safe, anchor=False),
        "header": lambda safe=safe: st.header(safe, anchor=False),
        "caption": lambda safe=safe: st.caption(safe),
        "bold": lambda safe=safe: st.markdown(f"**{safe}**　"),
        "badge": lambda words=words: st.markdown(labels.badge(words)),
        "error": lambda safe=safe: st.error(safe, icon=":material/error:"),
        "button": lambda safe=safe, number=number: st.button(safe, key=f"button{number}"),
        "expander": lambda safe=safe: st.expander(safe),
        "label": lambda safe=safe, number=number: st.text_input(safe, key=f"input{number}"),
        "metric": lambda safe=safe: st.metric(safe, ""),
        "lines": lambda words=words: st.markdown(labels.lines(f"{words}\n\n  {words}\n")),
        "tabs": lambda safe=safe: st.tabs([safe]),
    }
    for kind, draw in places.items():
        with st.container(key=f"typed-{number}-{kind}"):
            draw()
st.text("all is shown")
