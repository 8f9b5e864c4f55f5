"""What stands beside every page: whose desk it is, the language, the way out."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.accounts import users
from core.text import LANGUAGES
from dashboard import strings
from dashboard.attempt import attempt
from dashboard.session import Visit, role_names

# As Streamlit's own buttons look; it has none that sends a form.
_BUTTON = (
    "min-height:2rem;padding:0 .6rem;font:inherit;color:inherit;background:none;cursor:pointer;"
    "border:1px solid color-mix(in srgb,currentColor 22%,transparent);border-radius:4px"
)


# What Streamlit has no setting for: the room left and right of a page, which a row of the queue
# needs, and the contrast of two of its own labels. It writes a chosen segment in the primary colour
# and the key on a primary button half transparent; neither reaches 4.5 : 1 on a dark page.
_FRAME = """<style>
@media (min-width: 641px) {
  [data-testid="stMainBlockContainer"] { padding-inline: 2.25rem; }
}
button[data-variant="segmented_control"][data-selected="true"][aria-checked="true"],
button[data-variant="pills"][data-selected="true"][aria-checked="true"] {
  color: inherit !important; font-weight: 600;
}
[data-testid="stBaseButton-primary"] kbd { color: inherit; opacity: 1; }
</style>"""


def frame() -> None:
    """Give the page the room that a list of cases needs."""
    st.html(_FRAME)


def account(visit: Visit) -> None:
    """Name and roles, the language switch, and signing out."""
    st.markdown(f"**{strings.BRAND('zh')}** · {visit.say(strings.PRODUCT)}")
    st.html(
        f"<strong>{escape(visit.name)}</strong><br>"
        f"<small>{escape(role_names(visit.actor.roles, visit.language))}</small>"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        choose_language(visit, place="sidebar")
        # A form, because signing out must clear the cookie, and a mere link must not sign out.
        st.html(
            '<form method="post" action="/logout" style="margin:0">'
            f'<button type="submit" style="{_BUTTON}">'
            f"{escape(visit.say(strings.SIGN_OUT))}</button></form>",
            width="content",
        )


def choose_language(visit: Visit, *, place: str) -> None:
    """The language switch, saved on the account. place: tells several on one page apart."""
    chosen = st.segmented_control(
        visit.say(strings.LANGUAGE),
        LANGUAGES,
        default=visit.language,
        required=True,
        format_func=lambda language: strings.LANGUAGE_NAMES[language],
        # A new key with each language: a switch elsewhere must not be undone by this one's memory.
        key=f"language:{place}:{visit.language}",
        label_visibility="collapsed",
    )
    if chosen != visit.language and attempt(visit, users.set_language, chosen).done:
        st.rerun()
