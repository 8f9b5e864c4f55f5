"""Who is looking at the page, in which language, and what a page needs before it may show anything.

The browser proves itself once, with the cookie of the websocket's opening; from then on the row of
that sign-in is looked up on every run by its number. So a page left open survives the rotation of
its token, and is cut off at once when the sign-in ends anywhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from typing import NoReturn
from urllib.parse import urlencode, urlsplit

import streamlit as st

from core import clock, db
from core.access.actors import Actor
from core.access.permissions import GRANTS, PERMISSION_LABELS, Permission
from core.accounts import signin
from core.accounts.signin import Visitor
from core.config import settings
from core.text import LANGUAGES, Language, Text
from core.vocabulary.roles import ROLE_LABELS, Role
from core.workdays import calendars
from dashboard import labels, strings
from dashboard.handover import Handover
from dashboard.signin import COOKIE, LANGUAGE_COOKIE, login_address

SIGN_IN_KEY = "regdesk:sign-in"
"""In the session state: number of the sign-in's row and digest of the cookie that proved it."""
_FLASHES_KEY = "regdesk:flashes"


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in person during one run of a page. session_id: row of their sign-in."""

    session_id: int
    user_id: int
    username: str
    actor: Actor
    language: Language

    @property
    def name(self) -> str:
        """The person's own name."""
        return self.actor.name

    def may(self, permission: Permission) -> bool:
        """True when one of the person's roles is granted `permission`."""
        return self.actor.may(permission)

    def say(self, text: Text, **values: object) -> str:
        """`text` in the person's language."""
        return text(self.language, **values)


_visit: Handover[Visit] = Handover("visit")


def require(permission: Permission) -> Visit:
    """The visit, for a page that needs `permission`; otherwise the page says why and stops."""
    visit = _visit.take() or arrive()
    if visit is None:
        stop_signed_out()
    if not visit.may(permission):
        _stop_not_permitted(visit, permission)
    return visit


def hand_over(visit: Visit) -> None:
    """Pass the visit on to the page of the same run, which takes it once and saves a lookup."""
    _visit.give(visit)


def arrive() -> Visit | None:
    """The visit; None when the sign-in is over. A database out of reach is said, and stops."""
    try:
        visitor = _recognised()
        calendars.keep_current()
    except db.Unavailable:
        language = guessed_language()
        st.header(strings.UNAVAILABLE_TITLE(language))
        st.info(strings.UNAVAILABLE(language), icon=":material/cloud_off:")
        st.button(strings.RETRY(language))
        st.stop()
    if visitor is None:
        return None
    return Visit(
        session_id=visitor.session_id,
        user_id=visitor.user_id,
        username=visitor.username,
        actor=visitor.actor,
        language=visitor.language or guessed_language(),
    )


def _recognised() -> Visitor | None:
    token = st.context.cookies.get(COOKIE, "")
    proof = signin.digest(token)
    known = st.session_state.get(SIGN_IN_KEY)
    if known and known[1] == proof:
        return signin.recognise(known[0], clock.now())
    found = signin.recognise(token, clock.now()) if token else None
    # The connection was taken up again with another cookie. The same sign-in goes on; of anybody
    # else's, nothing may be left.
    if known and (found is None or found.session_id != known[0]):
        st.session_state.clear()
    if found is not None:
        st.session_state[SIGN_IN_KEY] = (found.session_id, proof)
    return found


def guessed_language() -> Language:
    """The language of somebody who has not chosen one: as at sign-in, else the browser's."""
    chosen = st.context.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    locale = st.context.locale
    if not locale:
        return settings().language
    return "zh" if locale.lower().startswith("zh") else "en"


def here() -> str:
    """The address of the page as the person sees it, without host."""
    path = urlsplit(st.context.url or "/").path or "/"
    query = urlencode(st.query_params.to_dict())
    return f"{path}?{query}" if query else path


def sign_in_link(language: Language) -> None:
    """A link to the sign-in page that leads back here."""
    st.html(
        f'<a href="{escape(login_address(here()))}" style="color:inherit;font-weight:600">'
        f"{escape(strings.SIGN_IN_AGAIN(language))}</a>"
    )


def stop_signed_out() -> NoReturn:
    """Say that the sign-in is over and end the run; nothing personal stays on the page."""
    language = guessed_language()
    st.header(strings.EXPIRED_TITLE(language))
    st.info(strings.EXPIRED(language), icon=":material/lock:")
    sign_in_link(language)
    st.stop()


def _stop_not_permitted(visit: Visit, permission: Permission) -> NoReturn:
    holders = [role for role, held in GRANTS.items() if permission in held and role != Role.SYSTEM]
    st.header(visit.say(strings.NOT_PERMITTED_TITLE))
    st.info(
        labels.plain(
            visit.say(
                strings.NOT_PERMITTED,
                permission=PERMISSION_LABELS[permission],
                roles=role_names(holders, visit.language),
            )
        ),
        icon=":material/block:",
    )
    st.caption(visit.say(strings.YOUR_ROLES, roles=role_names(visit.actor.roles, visit.language)))
    st.stop()


def role_names(roles: Collection[Role], language: Language) -> str:
    """Roles as a list to read, in the order of the vocabulary."""
    comma = strings.LIST_COMMA(language)
    return comma.join(ROLE_LABELS[role](language) for role in Role if role in roles)


def flash(text: str) -> None:
    """Show `text` as a passing note once the page has run again."""
    st.session_state.setdefault(_FLASHES_KEY, []).append(text)


def show_flashes() -> None:
    """Show what `flash` kept; called by the application on every run."""
    for text in st.session_state.pop(_FLASHES_KEY, ()):
        st.toast(labels.plain(text), icon=":material/check_circle:")
