"""Widgets that live in the page's address, so that a reload, the back button and a link from a
colleague all show the same list.

Every widget is set from the address before it is drawn and writes back to it in its callback.
Streamlit's own binding of widgets to the address is not used: it writes the shown words (which
depend on the language) instead of keys, and its entries stay in the address on other pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from core.text import Text
from dashboard import labels
from dashboard.session import Visit

Wanted = TypeVar("Wanted")

_UNSET = object()


@dataclass(frozen=True, slots=True)
class Address(Generic[Wanted]):
    """How one page keeps what is wanted of it, a frozen value, in its address.

    page: tells the widgets of one page from those of another. read: what the address asks for,
    made sound. to_query: the same as entries of an address. changed: what is wanted once the widget
    of that name holds that value; a list comes as a tuple.
    """

    page: str
    read: Callable[[], Wanted]
    to_query: Callable[[Wanted], Mapping[str, str]]
    changed: Callable[[Wanted, str, Any], Wanted]

    def show(self, wanted: Wanted) -> None:
        """Make the address ask for `wanted`; whatever else stood there goes."""
        st.query_params.from_dict(self.to_query(wanted))

    def draw(
        self,
        widget: Callable[..., Any],
        visit: Visit,
        label: Text,
        name: str,
        shown: Any,
        **rest: Any,
    ) -> None:
        """Draw `widget` with `shown` in it; what the person changes goes to the address.

        name: of the widget on its page, as `changed` knows it. rest: goes to the widget as it is.
        """
        key = self._key(name)
        # Only where they differ: setting it again would wipe out what is being typed just now.
        if st.session_state.get(key, _UNSET) != shown:
            st.session_state[key] = shown
        widget(visit.say(label), key=key, on_change=self._take, args=(name,), **rest)

    def choice(
        self,
        visit: Visit,
        label: Text,
        name: str,
        shown: Any,
        options: Mapping[Any, Text],
        **rest: Any,
    ) -> None:
        """One of several, chosen by key and read by its words."""
        self.draw(
            st.selectbox, visit, label, name, shown,
            options=list(options), format_func=lambda key: visit.say(options[key]), **rest,
        )  # fmt: skip

    def pager(self, visit: Visit, at: tuple[int, int, int], words: tuple[Text, Text]) -> None:
        """Say which page this is, with the way to the others where there are any.

        at: page, pages, and how many there are in all. words: for one page ({total}) and for
        several ({page}, {pages}, {total}). The widget's name is "page".
        """
        page, pages, total = at
        one, several = words
        st.caption(
            labels.plain(
                visit.say(several if pages > 1 else one, page=page, pages=pages, total=f"{total:,}")
            ),
            width="content",
        )
        if pages < 2:
            return
        key = self._key("page")
        # At first as a default: Streamlit warns about a value set beside a default of its own.
        first: dict[str, Any] = {"default": page} if key not in st.session_state else {}
        if not first and st.session_state[key] != page:
            st.session_state[key] = page
        st.pagination(num_pages=pages, key=key, on_change=self._take, args=("page",), **first)

    def remember(self, wanted: Wanted) -> None:
        """Keep what was wanted last, for the way back from what is opened next (`left`)."""
        st.session_state[_left_key(self.page)] = dict(self.to_query(wanted))

    def _key(self, name: str) -> str:
        return f"{self.page}:{name}"

    def _take(self, name: str) -> None:
        value = st.session_state[self._key(name)]
        self.show(
            self.changed(self.read(), name, tuple(value) if isinstance(value, list) else value)
        )


def left(page: str) -> dict[str, str]:
    """The address of `page` as it was last left, without its path; empty at first."""
    return dict(st.session_state.get(_left_key(page), {}))


def _left_key(page: str) -> str:
    return f"{page}-query"
