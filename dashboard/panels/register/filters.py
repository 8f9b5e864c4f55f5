"""The search and the filters of the register; they live in its address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from core import catalogue
from core.catalogue.regions import PROVINCES
from core.register.search import RegisterFilter, RegisterPage
from core.text import Text
from core.vocabulary.register import REGISTRATION_STATUS_LABELS
from dashboard.components.address import Address
from dashboard.session import Visit

SEARCH = Text("姓名、注册号、印章号、证件号或单位", "Name, number, seal, ID number or employer")
PROFESSION = Text("注册类别", "Profession")
STATUS = Text("状态", "Status")
PROVINCE = Text("省份", "Province")
ALL = Text("全部", "All")
ONE_PAGE = Text("共 {total} 条", "{total} in all")
PAGE_OF = Text("第 {page} / {pages} 页，共 {total} 条", "Page {page} of {pages}, {total} in all")
PAGE = "register"
LONGEST_QUERY = 100

# What each filter is called in the address.
_NAMES = {"query": "q", "profession": "in", "status": "status", "province": "province"}


def _choices() -> dict[str, tuple[Text, dict[str, Text]]]:
    """The filters with a choice, by their name in `RegisterFilter`: label and options."""
    professions = catalogue.current().professions
    return {
        "profession": (PROFESSION, {key: item.short for key, item in professions.items()}),
        "status": (STATUS, {key.value: text for key, text in REGISTRATION_STATUS_LABELS.items()}),
        "province": (PROVINCE, dict(PROVINCES)),
    }


def _read() -> RegisterFilter:
    asked = {name: st.query_params.get(short, "") for name, short in _NAMES.items()}
    for name, (_label, options) in _choices().items():
        if asked[name] not in options:
            asked[name] = ""
    page = st.query_params.get("page", "1")
    return RegisterFilter(
        query=asked["query"][:LONGEST_QUERY],
        profession=asked["profession"],
        status=asked["status"],
        province=asked["province"],
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
    )


def _to_query(wanted: RegisterFilter) -> dict[str, str]:
    entries = {short: getattr(wanted, name) for name, short in _NAMES.items()}
    if wanted.page > 1:
        entries["page"] = str(wanted.page)
    return {name: value for name, value in entries.items() if value}


def _changed(now: RegisterFilter, name: str, new: Any) -> RegisterFilter:
    """`now` with one filter replaced, back on the first page."""
    return replace(now, **{"page": 1, name: new})


ADDRESS: Address[RegisterFilter] = Address(PAGE, _read, _to_query, _changed)
"""The address of the register; what it asks for is a filter."""


def bar(visit: Visit, chosen: RegisterFilter) -> None:
    """Search box and filters."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        ADDRESS.draw(
            st.text_input,
            visit,
            SEARCH,
            "query",
            chosen.query,
            icon=":material/search:",
            max_chars=LONGEST_QUERY,
            width=360,
        )
        for name, (label, options) in _choices().items():
            ADDRESS.choice(
                visit, label, name, getattr(chosen, name), {"": ALL} | options, width=170
            )


def pages(visit: Visit, found: RegisterPage) -> None:
    """Which page this is, and the way to the others."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
        ADDRESS.pager(visit, (found.page, found.pages, found.total), (ONE_PAGE, PAGE_OF))
