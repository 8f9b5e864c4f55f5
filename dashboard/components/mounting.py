"""What the browser components share on the server: their parts, words, and messages.

A component is made of files of this folder: `parts.css` and `parts.js`, which all of them begin
with, and its own. The browser runs them as one text, so a name may be defined in one of them only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from core.text import Language, Text

HERE = Path(__file__).parent


def declare(name: str, *scripts: str) -> ComponentRenderer:
    """The component `name`, drawn by `name.css` and `scripts`, in this order, after the parts."""
    return st.components.v2.component(
        f"regdesk_{name}",
        html='<div class="root"></div>\n',
        css=_joined("parts.css", f"{name}.css"),
        js=_joined("parts.js", *scripts),
    )


def _joined(*names: str) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


def spoken(words: Mapping[str, Text], language: Language) -> dict[str, Any]:
    """The entries of a component's data by which it speaks: its words and a BCP 47 language tag."""
    return {
        "words": {name: word(language) for name, word in words.items()},
        "language": "zh-CN" if language == "zh" else "en",
    }


def distinct(ids: Iterable[str], name: str) -> None:
    """Raise ValueError when two things the browser is to tell apart, each a `name`, share an id."""
    known = list(ids)
    if len(set(known)) != len(known):
        raise ValueError(f"two {name} share one id")


def told(state: Any, name: str) -> Any:
    """The entry `name` of what a browser has said; None where there is none.

    What a browser sends may have any form: it need not be our component that sends it.
    """
    return state.get(name) if isinstance(state, Mapping) else None


def unanswered(key: str, message: Any) -> Mapping[str, Any] | None:
    """What the browser sends from the component `key`, once; None when it was answered before.

    The browser numbers its messages, because Streamlit may hand over the same one in several runs.
    """
    if not isinstance(message, Mapping) or message.get("no") == st.session_state.get(
        _answered(key)
    ):
        return None
    st.session_state[_answered(key)] = message.get("no")
    return message


def _answered(key: str) -> str:
    return f"{key}:answered"
