"""The filters of the queue; they live in its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core import catalogue, clock, db
from core.access.permissions import Permission
from core.catalogue.regions import PROVINCES
from core.queue import listing
from core.queue.filters import (
    SIZES,
    TAB_LABELS,
    TAB_STATUSES,
    Days,
    Flags,
    QueueFilter,
    Tab,
)
from core.text import Text
from core.vocabulary.cases import STATUS_LABELS, Status
from core.vocabulary.roles import Role
from dashboard import labels
from dashboard.components.address import Address, left
from dashboard.session import Visit

TABS = Text("环节", "Stage")
SEARCH = Text("搜索", "Search")
SEARCH_HINT = Text(
    "案件编号、姓名、证件号、单位、印章号", "Case or ID number, name, employer, seal number"
)
PROFESSION = Text("注册类别", "Profession")
SPECIALTY = Text("注册专业", "Specialty")
BUSINESS = Text("业务类型", "Business type")
PROVINCE = Text("省份", "Province")
STATUS = Text("状态", "Status")
ASSIGNEE = Text("办理人", "Held by")
FLAGS = Text("异常标记", "Flags")
DAYS = Text("剩余时限", "Time left")
RECEIVED_FROM = Text("接收日期（起）", "Received from")
RECEIVED_TO = Text("接收日期（止）", "Received until")
ALL = Text("全部", "All")
MORE = Text("更多筛选", "More filters")
MORE_SET = Text("更多筛选（{count}）", "More filters ({count})")
CLEAR = Text("清除筛选（{count}）", "Clear filters ({count})")
SIZE = Text("每页件数", "Rows per page")
SIZE_OPTION = Text("每页 {count} 件", "{count} per page")
ONE_PAGE = Text("共 {total} 件", "{total} in all")
PAGE_OF = Text("第 {page} / {pages} 页，共 {total} 件", "Page {page} of {pages}, {total} in all")
ME = Text("我", "Me")
NOBODY = Text("无人领取", "Nobody")
USER = Text("用户 {number}", "User {number}")

FLAG_LABELS: dict[Flags, Text] = {
    Flags.ANY: Text("有异常", "Any flag"),
    Flags.BLOCK: Text("有阻断项", "Blocking"),
    Flags.NONE: Text("无异常", "None"),
}
DAYS_LABELS: dict[Days, Text] = {
    Days.OVERDUE: Text("已超期", "Over the limit"),
    Days.TODAY: Text("今日到期", "Due today"),
    Days.TWO: Text("2 个工作日内", "Within 2 working days"),
    Days.FIVE: Text("5 个工作日内", "Within 5 working days"),
}

PAGE = "queue"

# Filters in the popover; the others stand in the bar.
_TUCKED = ("specialty", "province", "status", "assignee", "flags", "received_from", "received_to")


def address(visit: Visit) -> Address[QueueFilter]:
    """The address of the queue; what it asks for is a filter."""
    return Address(PAGE, partial(_read, visit), QueueFilter.to_query, _changed)


def _read(visit: Visit) -> QueueFilter:
    """The filter that the address asks for, with the officer's first tab where it names none.

    Opening a case leaves an entry in the browser's history that is the queue's path with the case's
    query; who goes back to it finds the list they left.
    """
    if "ref" in st.query_params:
        st.query_params.from_dict(left(PAGE))
    asked = QueueFilter.from_query(st.query_params.to_dict())
    tab = asked.tab if asked.tab in tabs_of(visit) else listing.default_tab(visit.actor)
    return replace(asked, tab=tab)


def _changed(now: QueueFilter, name: str, new: Any) -> QueueFilter:
    """`now` with one filter replaced, and those dropped that it makes meaningless."""
    if name == "tab":
        return now.changed(tab=new, status=(), sort=None, descending=False)
    if name == "profession":
        return now.changed(profession=new, specialty=None)
    return now.changed(**{name: new})


def tabs_of(visit: Visit) -> tuple[Tab, ...]:
    """The tabs that mean something to this officer."""
    if Role.PROVINCE in visit.actor.roles:
        return (Tab.OPEN, Tab.WAITING, Tab.TODO, Tab.CLOSED)
    if visit.may(Permission.CASE_CLAIM):
        return tuple(Tab)
    return tuple(tab for tab in Tab if tab is not Tab.MINE)


def tabs(visit: Visit, chosen: QueueFilter, counts: Mapping[Tab, int]) -> None:
    """The lists, each with the number of cases under the other filters."""

    def words(tab: Tab) -> str:
        count = counts.get(tab)
        label = visit.say(TAB_LABELS[tab])
        return label if count is None else f"{label} {count:,}"

    address(visit).draw(
        st.segmented_control,
        visit,
        TABS,
        "tab",
        chosen.tab,
        options=tabs_of(visit),
        format_func=words,
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )


def bar(visit: Visit, chosen: QueueFilter) -> None:
    """Search and the filters used most; the rest in a popover that is filled when it is opened."""
    book = catalogue.current()
    here = address(visit)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        here.draw(
            st.text_input,
            visit,
            SEARCH,
            "query",
            chosen.query,
            type="search",
            placeholder=visit.say(SEARCH_HINT),
            max_chars=60,
            width=250,
        )
        here.draw(
            st.multiselect,
            visit,
            PROFESSION,
            "profession",
            list(chosen.profession),
            options=list(book.professions),
            format_func=lambda key: visit.say(book.professions[key].short),
            placeholder=visit.say(ALL),
            width=170,
        )
        kinds = {key: business.label for key, business in book.businesses.items()}
        _choice(visit, "business", chosen.business, BUSINESS, kinds, 130)
        _choice(visit, "days", chosen.days, DAYS, DAYS_LABELS, 150)
        tucked = sum(bool(getattr(chosen, name)) for name in _TUCKED)
        more = st.popover(
            labels.plain(visit.say(MORE_SET, count=tucked) if tucked else visit.say(MORE)),
            icon=":material/tune:",
            key="queue-more",
            on_change="rerun",
        )
        if more.open:
            with more:
                _rest(visit, chosen)
        if active := chosen.active():
            st.button(
                labels.plain(visit.say(CLEAR, count=active)),
                icon=":material/filter_alt_off:",
                type="tertiary",
                key="queue-clear",
                on_click=here.show,
                args=(chosen.cleared(),),
            )


def _rest(visit: Visit, chosen: QueueFilter) -> None:
    book = catalogue.current()
    specialties = {
        item.key: item.label
        for key in chosen.profession or tuple(book.professions)
        for item in book.professions[key].specialties
    }
    with db.reading() as session:
        people = dict(listing.holders(session, visit.actor, clock.now()))
    if isinstance(chosen.assignee, int):
        people.setdefault(chosen.assignee, visit.say(USER, number=chosen.assignee))
    held: dict[Any, Text] = {"me": ME, "none": NOBODY} if visit.may(Permission.CASE_CLAIM) else {}
    held |= {number: Text(name, name) for number, name in people.items()}
    statuses = TAB_STATUSES.get(chosen.tab or Tab.OPEN, TAB_STATUSES[Tab.OPEN])
    _choice(visit, "specialty", chosen.specialty, SPECIALTY, specialties)
    if Role.PROVINCE not in visit.actor.roles:
        _choice(visit, "province", chosen.province, PROVINCE, PROVINCES)
    address(visit).draw(
        st.multiselect,
        visit,
        STATUS,
        "status",
        [status for status in Status if status in chosen.status],
        options=[status for status in Status if status in statuses | set(chosen.status)],
        format_func=lambda status: visit.say(STATUS_LABELS[status]),
        placeholder=visit.say(ALL),
    )
    _choice(visit, "assignee", chosen.assignee, ASSIGNEE, held)
    _choice(visit, "flags", chosen.flags, FLAGS, FLAG_LABELS)
    with st.container(horizontal=True):
        for name, day, label in (
            ("received_from", chosen.received_from, RECEIVED_FROM),
            ("received_to", chosen.received_to, RECEIVED_TO),
        ):
            address(visit).draw(
                st.date_input,
                visit,
                label,
                name,
                day,
                value=None,
                min_value=date(1990, 1, 1),
                max_value=date(2099, 12, 31),
                format="YYYY-MM-DD",
                width=190,
            )


def pages(visit: Visit, chosen: QueueFilter, found: listing.QueuePage) -> None:
    """Which page this is, the way to the others, and how long a page is."""
    here = address(visit)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
        here.pager(visit, (found.page, found.pages, found.total), (ONE_PAGE, PAGE_OF))
        if found.total > SIZES[0]:
            here.draw(
                st.selectbox,
                visit,
                SIZE,
                "size",
                chosen.size,
                options=SIZES,
                format_func=lambda count: visit.say(SIZE_OPTION, count=count),
                label_visibility="collapsed",
                width=150,
            )


def _choice(
    visit: Visit,
    name: str,
    value: Any,
    label: Text,
    options: Mapping[Any, Text],
    width: int | None = None,
) -> None:
    """One of several, or all of them."""
    address(visit).choice(
        visit,
        label,
        name,
        value,
        options,
        index=None,
        placeholder=visit.say(ALL),
        width=width or "stretch",
    )
