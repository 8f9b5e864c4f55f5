"""The register of pages: address, title, permission, place in the menu."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from core.access.actors import Actor
from core.access.permissions import Permission
from core.text import Language, Text, same

FOLDER = Path(__file__).parents[1] / "pages"

DESK = same("")
WORK = Text("办理", "Cases")
RECORDS = Text("查询", "Records")
OWN = Text("本人", "You")


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page. path: its address and the name of its script. help: one line on what it is for.

    visible: in the menu of those who hold `permission`; others reach the page by its address only
    and are told what they lack.
    """

    path: str
    title: Text
    icon: str
    permission: Permission
    section: Text
    help: Text
    visible: bool = True


HOME = PageSpec(
    "home",
    Text("工作台", "Home"),
    ":material/home:",
    Permission.HOME_READ,
    DESK,
    Text("今日待办、时限与消息。", "What is waiting for you today, time limits and messages."),
)

PAGES: tuple[PageSpec, ...] = (
    HOME,
    PageSpec(
        "queue",
        Text("待办队列", "Queue"),
        ":material/inbox:",
        Permission.QUEUE_READ,
        WORK,
        Text("按时限排列的案件；筛选、领取、打开。", "Cases by time limit: filter, claim, open."),
    ),
    PageSpec(
        "case",
        Text("案件", "Case"),
        ":material/folder_open:",
        Permission.CASE_READ,
        WORK,
        Text("一件申报的材料、检查项与决定。", "One application: papers, checklist, decisions."),
        visible=False,
    ),
    PageSpec(
        "mine",
        Text("我的业务", "My applications"),
        ":material/assignment_ind:",
        Permission.OWN_CASES,
        WORK,
        Text("本人或本企业的申报及进度。", "Your own or your company's applications."),
    ),
    PageSpec(
        "register",
        Text("注册库", "Register"),
        ":material/badge:",
        Permission.REGISTER_READ,
        RECORDS,
        Text("查询人员的注册信息与历史。", "Look up people's registrations and their history."),
    ),
    PageSpec(
        "account",
        Text("我的账号", "My account"),
        ":material/person:",
        Permission.ACCOUNT_OWN,
        OWN,
        Text(
            "角色、密码、语言与登录设备。", "Roles, password, language and where you are signed in."
        ),
    ),
)
BY_PATH = {spec.path: spec for spec in PAGES}


def menu(actor: Actor | None, language: Language) -> st.Page:
    """Draw the menu of `actor` and return the page that the address asks for.

    Pages that the actor may not open are registered without being shown, so that a direct link
    leads to an explanation instead of Streamlit's "page not found". None: nobody is signed in.
    """
    sections: dict[str, list[st.Page]] = {}
    for spec in PAGES:
        shown = spec.visible and actor is not None and actor.may(spec.permission)
        page = st.Page(
            FOLDER / f"{spec.path}.py",
            title=spec.title(language),
            icon=spec.icon,
            url_path=spec.path,
            default=spec is HOME,
            visibility="visible" if shown else "hidden",
            help=spec.help(language),
        )
        sections.setdefault(spec.section(language), []).append(page)
    return st.navigation(sections, position="sidebar" if actor else "hidden", expanded=True)


def address(path: str, **query: object) -> str:
    """The address of a page with its query, for links: `address("case", ref="…")`."""
    start = "/" if path == HOME.path else f"/{path}"
    return f"{start}?{urlencode(query)}" if query else start
