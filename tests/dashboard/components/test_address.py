"""Widgets in the address: shown from it, written back to it, and never in two places."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components import address as components_address
from dashboard.components.address import Address
from tests.screens import address


def page() -> None:
    """A list with a search, a choice, several at once, and pages."""
    from dataclasses import dataclass, replace

    import streamlit as st

    from core.access.actors import SYSTEM
    from core.text import Text
    from dashboard.components.address import Address, left
    from dashboard.session import Visit

    @dataclass(frozen=True)
    class Wanted:
        query: str = ""
        kind: str | None = None
        several: tuple[str, ...] = ()
        page: int = 1

    def read() -> Wanted:
        asked = st.query_params.to_dict()
        several = tuple(key for key in asked.get("several", "").split(",") if key in {"a", "b"})
        return Wanted(asked.get("q", ""), asked.get("kind"), several, int(asked.get("page", 1)))

    def to_query(wanted: Wanted) -> dict[str, str]:
        entries = {
            "q": wanted.query,
            "kind": wanted.kind,
            "several": ",".join(wanted.several),
            "page": str(wanted.page) if wanted.page > 1 else "",
        }
        return {name: value for name, value in entries.items() if value}

    def changed(now: Wanted, name: str, new: object) -> Wanted:
        assert not isinstance(new, list)
        return replace(now, **{"page": 1, name: new})

    visit = Visit(1, 1, "someone", SYSTEM, "zh")
    here = Address("things", read, to_query, changed)
    now = read()
    options = {"x": Text("甲", "X"), "y": Text("乙", "Y")}
    here.draw(st.text_input, visit, Text("搜索", "Search"), "query", now.query)
    here.choice(visit, Text("种类", "Kind"), "kind", now.kind, options, index=None)
    here.draw(
        st.multiselect, visit, Text("多选", "Several"), "several", list(now.several),
        options=["a", "b"],
    )  # fmt: skip
    here.pager(visit, (now.page, 9, 90), (Text("共 {total}", "{total}"), Text("{page}", "{page}")))
    here.remember(now)
    st.markdown(repr(left("things")))
    st.markdown(repr(left("others")))


def opened(script: Callable[[], None] = page, **query: str) -> AppTest:
    app = AppTest.from_function(script)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def test_widgets_show_what_the_address_asks_for() -> None:
    app = opened(q="钱二", kind="y", several="b,z", page="4")
    assert app.text_input(key="things:query").value == "钱二"
    assert app.selectbox(key="things:kind").value == "y"
    assert app.multiselect(key="things:several").value == ["b"]
    assert [caption.value for caption in app.caption] == ["4"]


def test_a_change_goes_to_the_address_and_takes_the_rest_along() -> None:
    app = opened(q="钱二", page="4", foreign="x")
    app.selectbox(key="things:kind").set_value("x").run()
    assert address(app) == {"q": "钱二", "kind": "x"}
    app.multiselect(key="things:several").set_value(["a", "b"]).run()
    assert address(app) == {"q": "钱二", "kind": "x", "several": "a,b"}
    app.text_input(key="things:query").set_value("").run()
    assert address(app) == {"kind": "x", "several": "a,b"}
    assert not app.exception


def test_an_address_that_changed_by_itself_changes_the_widgets() -> None:
    app = opened(q="钱二", kind="x")
    app.query_params["q"] = "孙三"
    app.query_params.pop("kind")
    app.run()
    assert app.text_input(key="things:query").value == "孙三"
    assert app.selectbox(key="things:kind").value is None


def test_turning_the_page_leaves_the_rest_of_the_address() -> None:
    app = opened(q="钱二")
    app.session_state["things:page"] = 3
    app.query_params["page"] = "3"
    app.run()
    assert [caption.value for caption in app.caption] == ["3"]
    assert app.session_state["things:page"] == 3
    assert address(app) == {"q": "钱二", "page": "3"}


def test_the_pager_turns_to_the_page_that_was_pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, str] = {"q": "钱二"}
    query = SimpleNamespace(from_dict=asked.update)
    state = SimpleNamespace(session_state={"things:page": 3}, query_params=query)
    monkeypatch.setattr(components_address, "st", state)
    here = Address("things", lambda: asked, dict, lambda now, name, new: now | {name: str(new)})
    here._take("page")
    assert asked == {"q": "钱二", "page": "3"}


def test_a_page_remembers_what_was_wanted_last_for_itself_alone() -> None:
    app = opened(q="钱二", foreign="x")
    assert [item.value for item in app.markdown] == ["{'q': '钱二'}", "{}"]
