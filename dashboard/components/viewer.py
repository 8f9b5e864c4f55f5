"""The attachment viewer: thumbnails, a stage to look closely, and photographs side by side.

Pictures come from the site's own authenticated file addresses; nothing is fetched before the
reader asks for it, because every reading of a file is logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import streamlit as st

from core.text import Language, Text
from dashboard.components import mounting


class Item(TypedDict):
    """One file. src, thumb: addresses on this site. title: its name, also its text alternative.

    meta: one line about it (size, date, case number). kind: "photo" for a portrait (the only kind
    that is compared), "document" for any other picture, "file" for what a browser cannot show as
    a picture; by default "document".
    """

    id: str
    src: str
    title: str
    thumb: NotRequired[str | None]
    meta: NotRequired[str | None]
    kind: NotRequired[str | None]


_WORDS: dict[str, Text] = {
    "viewer": Text("附件查看器", "Attachment viewer"),
    "stage": Text("附件画面", "Attachment picture"),
    "list": Text("附件列表", "Attachments"),
    "tools": Text("查看工具", "Viewing tools"),
    "previous": Text("上一个（←）", "Previous (←)"),
    "next": Text("下一个（→）", "Next (→)"),
    "zoom_in": Text("放大（+）", "Zoom in (+)"),
    "zoom_out": Text("缩小（-）", "Zoom out (-)"),
    "fit_whole": Text("整页显示（F）", "Fit whole (F)"),
    "fit_width": Text("适合宽度（W）", "Fit width (W)"),
    "actual": Text("原始大小（0）", "Actual size (0)"),
    "rotate_left": Text("向左旋转（Shift+R）", "Rotate left (Shift+R)"),
    "rotate_right": Text("向右旋转（R）", "Rotate right (R)"),
    "fullscreen": Text("全屏查看", "Full screen"),
    "leave_fullscreen": Text("退出全屏（Esc）", "Leave full screen (Esc)"),
    "original": Text("在新标签页打开原件", "Open the original in a new tab"),
    "loading": Text("正在载入…", "Loading…"),
    "failed": Text("附件未能载入。", "The attachment could not be loaded."),
    "refused": Text("附件不能显示。", "The attachment cannot be shown."),
    "failed_hint": Text(
        "请检查网络后重试；若仍无法显示，该文件可能已被移除或不在您的权限范围内。",
        "Check the connection and try again; if it still fails, the file may have been removed "
        "or lie outside your area.",
    ),
    "retry": Text("重新载入", "Try again"),
    "empty": Text("暂无附件", "No attachments"),
    "no_preview": Text(
        "此文件不能在页面内预览，请打开原件查看。",
        "This file has no preview here; open the original to read it.",
    ),
    "compare": Text("同一人的其他照片", "Other photographs of this person"),
    "compare_hint": Text("点选一张，与当前照片并排查看。", "Pick one to see it side by side."),
    "current": Text("当前照片", "Current photograph"),
    "end_compare": Text("结束并排查看", "End side by side"),
    "position": Text("第 {at} 个，共 {total} 个", "{at} of {total}"),
}


_MOUNT = mounting.declare("viewer", "viewer_stage.js", "viewer.js")


def _sent(items: Sequence[Item]) -> list[dict[str, str | None]]:
    sent = [
        {
            "id": item["id"],
            "src": item["src"],
            "title": item["title"],
            "thumb": item.get("thumb"),
            "meta": item.get("meta"),
            "kind": item.get("kind") or "document",
        }
        for item in items
    ]
    mounting.distinct((item["id"] for item in items), "items")
    return sent


def _current(key: str, ids: Sequence[str], start: str | None) -> str | None:
    """The id on the stage: a new `start` wins, then what the reader chose, then the first."""
    asked_anew = st.session_state.get(f"{key}:start") != start
    st.session_state[f"{key}:start"] = start
    chosen = mounting.told(st.session_state.get(key), "current")
    for wanted in (start, chosen) if asked_anew else (chosen, start):
        if wanted in ids:
            return wanted
    return ids[0] if ids else None


def viewer(
    items: Sequence[Item],
    *,
    key: str,
    language: Language,
    compare: Sequence[Item] | None = None,
    start: str | None = None,
) -> str | None:
    """Show `items` and return the id of the one on the stage (None when there are none).

    key: names the viewer on its page. compare: earlier or other photographs of the same person,
    offered beside every item of kind "photo". start: the id to show first; when it changes
    between runs the viewer goes there.

    Zoom, turn and place are kept per item in the browser. Raises ValueError for two items with
    one id.
    """
    sent = _sent(items)
    current = _current(key, [item["id"] for item in items], start)
    _MOUNT(
        key=key,
        data={
            "items": sent,
            "compare": _sent(compare or ()),
            "start": start,
            "current": current,
            **mounting.spoken(_WORDS, language),
        },
        on_current_change=lambda: None,
    )
    return current
