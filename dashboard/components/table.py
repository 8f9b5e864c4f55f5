"""An accessible data table that speaks of record ids only, never of row positions.

Streamlit's own table reports the position of a click; when the list has changed meanwhile, that
position is another record. Here the browser sends back the id it was drawn with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

import streamlit as st

from core import clock
from core.text import Language, Text
from core.vocabulary.tones import Tone
from dashboard.components import mounting

Kind = Literal[
    "link", "text", "prose", "status", "days", "date", "flags", "number", "muted", "code"
]
Direction = Literal["asc", "desc"]
Align = Literal["start", "center", "end"]

_TONES: tuple[str, ...] = get_args(Tone)
_WIDTH = re.compile(r"\d+(\.\d+)?(px|rem|fr)")
_LONGEST_ID = 200
_END_ALIGNED = {"days", "number"}

_WORDS: dict[str, Text] = {
    "select_all": Text("选择本页全部记录", "Select every record on this page"),
    "select_row": Text("选择 {row}", "Select {row}"),
    "sort_label": Text("排序", "Sort"),
    "sort_none": Text("默认顺序", "Default order"),
    "asc": Text("升序", "ascending"),
    "desc": Text("降序", "descending"),
    "opens_hint": Text(
        "用上下方向键在各行间移动，按 Enter 打开。",
        "Move between rows with the up and down arrows; press Enter to open.",
    ),
    "moves_hint": Text(
        "用上下方向键在各行间移动。",
        "Move between rows with the up and down arrows.",
    ),
    "select_hint": Text("按空格键勾选。", "Press space to tick."),
    "nothing": Text("无", "none"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    key: the entry of each row that is shown. label: the words of the header.
    kind: how a cell is drawn; a cell is a string, number, date or None, except
      status, days: `{"text": …, "tone": …}` with a `Tone`;
      flags: a sequence of strings or of `{"text": …, "tone": …}`;
      link: a string; the row's own entry `href` is its address;
      prose: text that goes on in further lines where others are cut short.
    align: defaults to the end for numbers and days, to the start otherwise.
    hide_narrow: left out when the table has less than 900 px, and on cards.
    width: a hint such as "12rem" or "2fr"; by default a text column shares the free room and
      the other kinds are as wide as their content.
    """

    key: str
    label: str
    kind: Kind = "text"
    sortable: bool = False
    align: Align | None = None
    hide_narrow: bool = False
    width: str | None = None


@dataclass(frozen=True, slots=True)
class TableEvent:
    """What the reader asked for: to open the record `id`, or to sort by `column`.

    The id comes from the browser: the page that opens it authorises as for any address.
    """

    kind: Literal["open", "sort"]
    id: str | None = None
    column: str | None = None
    direction: Direction | None = None


_MOUNT = mounting.declare("table", "table.js")


def _noted(value: Any) -> dict[str, str]:
    """Words with a tone, from a mapping or a bare string."""
    if not isinstance(value, Mapping):
        return {"text": str(value), "tone": "neutral"}
    tone = value.get("tone", "neutral")
    if tone not in _TONES:
        raise ValueError(f"tone must be one of {_TONES}, not {tone!r}")
    return {"text": str(value["text"]), "tone": tone}


def _cell(kind: Kind, value: Any) -> Any:
    """`value` as the browser draws it; None is an empty cell."""
    if value is None or value == "":
        return None
    if kind == "flags":
        return [_noted(flag) for flag in value] or None
    if kind in {"status", "days"}:
        return _noted(value)
    if isinstance(value, datetime):
        return clock.local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if kind == "number" and not isinstance(value, str):
        return f"{value:,}"
    return str(value)


def _column(column: Column) -> dict[str, Any]:
    if column.width is not None and not _WIDTH.fullmatch(column.width):
        raise ValueError(f"width must look like 12rem, 90px or 2fr, not {column.width!r}")
    return {
        "key": column.key,
        "label": column.label,
        "kind": column.kind,
        "sortable": column.sortable,
        "align": column.align or ("end" if column.kind in _END_ALIGNED else "start"),
        "hide": column.hide_narrow,
        "width": column.width,
    }


def _drawn(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], row_id: str
) -> list[dict[str, Any]]:
    """The rows with the columns' entries only: nothing else of a record leaves the server."""
    drawn = [
        {
            "id": str(row[row_id]),
            "href": row.get("href"),
            "cells": [_cell(column.kind, row.get(column.key)) for column in columns],
        }
        for row in rows
    ]
    mounting.distinct((str(row[row_id]) for row in rows), "rows")
    return drawn


def selected(key: str, rows: Sequence[Mapping[str, Any]], *, row_id: str = "id") -> tuple[str, ...]:
    """The ids ticked in the table `key` that are still among `rows`, in the order of `rows`.

    May be called before the table is drawn, for instance for the buttons above it.
    """
    ticked = mounting.told(st.session_state.get(key), "selection")
    if (mounting.told(ticked, "round") or 0) != st.session_state.get(f"{key}:round", 0):
        return ()
    said = mounting.told(ticked, "ids")
    ids = {each for each in said if isinstance(each, str)} if isinstance(said, list) else set()
    return tuple(str(row[row_id]) for row in rows if str(row[row_id]) in ids)


def clear_selection(key: str) -> None:
    """Untick everything, at once here and in the browser when the table is next drawn."""
    st.session_state[f"{key}:round"] = st.session_state.get(f"{key}:round", 0) + 1


def table(
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    *,
    key: str,
    caption: str,
    empty: str,
    language: Language,
    row_id: str = "id",
    sort: tuple[str, Direction] | None = None,
    selectable: bool = False,
    opens: bool = True,
) -> TableEvent | None:
    """Draw `rows` in their given order and return what the reader has just asked for, once.

    key: names the table on its page. caption: read out by assistive technology, not shown.
    empty: shown instead of the rows when there are none. row_id: the entry that holds the id.
    sort: the column and direction the rows are already in, shown in the header.
    selectable: a checkbox for each row, read with `selected`. opens: a click or Enter on a row
    is an event; otherwise rows only show. A row's entry `href` (an address on this site) makes
    its link cell a real link that other tabs can open.

    Raises ValueError for two rows with one id, an unknown tone or an unusable width.
    """
    drawn = _drawn(columns, rows, row_id)
    result = _MOUNT(
        key=key,
        data={
            "columns": [_column(column) for column in columns],
            "rows": drawn,
            "sort": list(sort) if sort else None,
            "caption": caption,
            "empty": empty,
            "selectable": selectable,
            "opens": opens,
            "selected": list(selected(key, rows, row_id=row_id)),
            "round": st.session_state.get(f"{key}:round", 0),
            **mounting.spoken(_WORDS, language),
        },
        on_event_change=lambda: None,
        on_selection_change=lambda: None,
    )
    message = mounting.unanswered(key, mounting.told(result, "event"))
    return _event(message, {c.key for c in columns if c.sortable}) if message else None


def _event(raw: Mapping[str, Any], sortable: set[str]) -> TableEvent | None:
    """The browser's message, if it is well formed."""
    kind, wanted, column = (
        value if isinstance(value := raw.get(name), str) else None
        for name in ("kind", "id", "column")
    )
    direction = raw.get("direction")
    if kind == "open" and wanted and len(wanted) <= _LONGEST_ID and wanted.isprintable():
        return TableEvent("open", id=wanted)
    if kind == "sort" and column in sortable and direction in ("asc", "desc"):
        return TableEvent("sort", column=column, direction=direction)
    return None
