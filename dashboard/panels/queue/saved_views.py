"""The officer's saved views of the queue: open, save, rename, delete."""

from __future__ import annotations

import streamlit as st

from core import db
from core.queue import saved_views
from core.queue.filters import QueueFilter
from core.text import Text
from dashboard import labels
from dashboard.attempt import attempt
from dashboard.panels.queue import filters
from dashboard.session import Visit, flash

VIEWS = Text("常用视图", "Saved views")
NO_VIEWS = Text(
    "还没有常用视图。设好筛选后在下面起名保存，下次一点即可打开。",
    "No saved views yet. Set the filters, name the view below and open it with one click later.",
)
NAME = Text("视图名称", "Name of the view")
NAME_HINT = Text("如：监理今日到期", "e.g. Supervision due today")
SAVE = Text("保存当前筛选", "Save these filters")
SAVED = Text("视图已保存。", "The view is saved.")
RENAME = Text("重命名“{name}”", "Rename “{name}”")
RENAMED = Text("视图已重命名。", "The view is renamed.")
DELETE = Text("删除“{name}”", "Delete “{name}”")
DELETED = Text("视图已删除。", "The view is deleted.")
KEEP = Text("确定", "OK")
_RENAMING = "queue-view-renaming"


def saved_views_menu(visit: Visit, chosen: QueueFilter) -> None:
    """The menu of views; filled only while it is open."""
    menu = st.popover(
        visit.say(VIEWS), icon=":material/bookmarks:", key="queue-views", on_change="rerun"
    )
    if not menu.open:
        return
    with menu:
        with db.reading() as session:
            kept = saved_views.list_views(session, visit.actor)
        if not kept:
            st.caption(visit.say(NO_VIEWS))
        for view in kept:
            if st.session_state.get(_RENAMING) == view.id:
                _rename(visit, view)
            else:
                _row(visit, view)
        with st.form("queue-view-new", border=False, clear_on_submit=True):
            name = st.text_input(
                visit.say(NAME),
                max_chars=saved_views.LONGEST_NAME,
                placeholder=visit.say(NAME_HINT),
            )
            if st.form_submit_button(visit.say(SAVE), icon=":material/bookmark_add:"):
                _finish(visit, SAVED, attempt(visit, saved_views.save, name, chosen).done)


def _row(visit: Visit, view: saved_views.View) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.button(
            labels.plain(view.name),
            key=f"queue-view-{view.id}",
            type="tertiary",
            width="stretch",
            on_click=filters.address(visit).show,
            args=(view.filter,),
        )
        if st.button(
            "",
            icon=":material/edit:",
            key=f"queue-view-edit-{view.id}",
            help=labels.plain(visit.say(RENAME, name=view.name)),
        ):
            st.session_state[_RENAMING] = view.id
            st.rerun()
        if st.button(
            "",
            icon=":material/delete:",
            key=f"queue-view-delete-{view.id}",
            help=labels.plain(visit.say(DELETE, name=view.name)),
        ):
            _finish(visit, DELETED, attempt(visit, saved_views.remove, view.id).done)


def _rename(visit: Visit, view: saved_views.View) -> None:
    with st.form(f"queue-view-rename-{view.id}", border=False):
        name = st.text_input(
            labels.plain(visit.say(RENAME, name=view.name)),
            value=view.name,
            max_chars=saved_views.LONGEST_NAME,
        )
        if st.form_submit_button(visit.say(KEEP)):
            done = attempt(visit, saved_views.rename, view.id, name).done
            if done:
                st.session_state.pop(_RENAMING, None)
            _finish(visit, RENAMED, done)


def _finish(visit: Visit, words: Text, done: bool) -> None:
    if done:
        flash(visit.say(words))
        st.rerun()
