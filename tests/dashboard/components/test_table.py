"""The table: what leaves the server, and which wishes of the browser are heard."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given, settings, strategies as st

from dashboard.components import mounting, table, viewer
from dashboard.components.table import Column, TableEvent

ROWS = [{"id": 1, "name": "赵一", "secret": "x"}, {"id": 2, "name": "钱二", "href": "/case?ref=2"}]


def test_only_the_entries_of_its_columns_leave_the_server() -> None:
    drawn = table._drawn([Column("name", "姓名")], ROWS, "id")
    assert drawn == [
        {"id": "1", "href": None, "cells": ["赵一"]},
        {"id": "2", "href": "/case?ref=2", "cells": ["钱二"]},
    ]


def test_two_rows_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="rows share one id"):
        table._drawn([Column("name", "姓名")], [ROWS[0], ROWS[0]], "id")


@pytest.mark.parametrize(
    ("kind", "value", "drawn"),
    [
        ("text", "", None),
        ("number", 12345, "12,345"),
        ("date", date(2026, 3, 1), "2026-03-01"),
        ("date", datetime(2026, 3, 1, 0, 30, tzinfo=UTC).replace(tzinfo=None), "2026-03-01 08:30"),
        ("status", {"text": "待审查", "tone": "info"}, {"text": "待审查", "tone": "info"}),
        ("status", "待审查", {"text": "待审查", "tone": "neutral"}),
        ("flags", [], None),
        ("flags", ["阻断"], [{"text": "阻断", "tone": "neutral"}]),
    ],
)
def test_a_cell_is_drawn_by_its_kind(kind: table.Kind, value: object, drawn: object) -> None:
    assert table._cell(kind, value) == drawn


def test_a_tone_that_is_none_and_a_width_that_is_none_are_refused() -> None:
    with pytest.raises(ValueError, match="tone"):
        table._cell("status", {"text": "x", "tone": "pink"})
    with pytest.raises(ValueError, match="width"):
        table._column(Column("name", "姓名", width="calc(1px)"))


@pytest.mark.parametrize(
    ("message", "event"),
    [
        ({"kind": "open", "id": "7"}, TableEvent("open", id="7")),
        ({"kind": "open", "id": 7}, None),
        (
            {"kind": "sort", "column": "due", "direction": "desc"},
            TableEvent("sort", column="due", direction="desc"),
        ),
        ({"kind": "sort", "column": "secret", "direction": "desc"}, None),
        ({"kind": "sort", "column": "due", "direction": "; drop"}, None),
        ({}, None),
        ({"kind": "sort", "column": [], "direction": {}}, None),
        ({"kind": [], "id": "7"}, None),
        ({"kind": "open", "id": ""}, None),
        ({"kind": "open", "id": "\ud800"}, None),
        ({"kind": "open", "id": "7\n"}, None),
        ({"kind": "open", "id": "7" * 201}, None),
    ],
)
def test_only_well_formed_wishes_are_heard(
    message: dict[str, object], event: TableEvent | None
) -> None:
    assert table._event(message, {"due"}) == event


def test_ticks_are_read_in_the_order_of_the_rows_and_go_with_their_round(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    state: dict[str, object] = {"t": {"selection": {"ids": ["2", "9", "1"], "round": 0}}}
    monkeypatch.setattr(table, "st", SimpleNamespace(session_state=state))
    assert table.selected("t", ROWS) == ("1", "2")
    table.clear_selection("t")
    assert table.selected("t", ROWS) == ()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["selection", "ids", "round", "event", "kind", "id", "column", "direction", "no"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_whatever_a_browser_says_is_heard_or_passed_over(said: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        state: dict[str, object] = {"t": said}
        for module in (table, mounting, viewer):
            patch.setattr(module, "st", SimpleNamespace(session_state=state))
        assert set(table.selected("t", ROWS)) <= {"1", "2"}
        assert viewer._current("t", ["1"], None) == "1"
        message = mounting.unanswered("t", mounting.told(said, "event"))
        event = table._event(message, {"due"}) if message else None
        assert event is None or event.kind in {"open", "sort"}
