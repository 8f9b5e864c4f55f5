"""Blocks of the register page: filters, rows, one registration with its changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from core import catalogue
from core.catalogue.regions import PROVINCES
from core.catalogue.types import Effect
from core.register.search import (
    Change,
    Entry,
    Record,
    RegisterFilter,
    RegisterPage,
    standing,
)
from core.text import Language, Text
from core.vocabulary.register import REGISTRATION_STATUS_LABELS, RegistrationStatus
from dashboard import labels
from dashboard.panels.pager import pager
from dashboard.panels.related import registration_cell
from dashboard.panels.table import Column, table
from dashboard.session import Visit

SEARCH = Text("姓名、注册号、印章号、证件号或单位", "Name, number, seal, ID number or employer")
PROFESSION = Text("注册类别", "Profession")
STATUS = Text("状态", "Status")
PROVINCE = Text("省份", "Province")
ALL = Text("全部", "All")
ONE_PAGE = Text("共 {total} 条", "{total} in all")
PAGE = Text("第 {page} / {pages} 页，共 {total} 条", "Page {page} of {pages}, {total} in all")
FACTS: tuple[tuple[str, Text], ...] = (
    ("number", Text("注册号", "Registration number")),
    ("seal_number", Text("执业印章号", "Seal number")),
    ("specialty", Text("注册专业", "Specialty")),
    ("id_number", Text("证件号码", "ID number")),
    ("employer", Text("聘用单位", "Employer")),
    ("province", Text("省份", "Province")),
    ("first", Text("首次注册日期", "First registered")),
    ("term", Text("注册有效期", "Valid")),
    ("qualification", Text("资格证书管理号", "Qualification certificate")),
    ("issue", Text("制证次数", "Certificates issued")),
)
SEMICOLON = Text("；", "; ")
FACT = Text("项目", "Item")
ENDED = Text("终止日期", "Ended")
CHANGES = Text("变更记录", "Changes")
NO_CHANGES = Text("没有变更记录。", "No changes on record.")
OTHERS = Text("本人其他注册", "Other registrations of this person")
NO_OTHERS = Text("没有其他注册。", "No other registrations.")
WHEN = Text("时间", "When")
WHAT = Text("事项", "What")
CASE = Text("案件编号", "Case")
DETAIL = Text("内容", "Detail")
EFFECTS = {
    Effect.CREATE: Text("初始注册", "Registered"),
    Effect.MOVE: Text("变更", "Moved"),
    Effect.EXTEND: Text("延续", "Extended"),
    Effect.REISSUE: Text("补办", "Reissued"),
    Effect.END: Text("注销", "Ended"),
}
CHANGED_FIELDS = {
    "seal_number": Text("印章号", "seal"),
    "valid_to": Text("有效期至", "valid until"),
    "status": Text("状态", "status"),
    "issue": Text("制证次数", "issues"),
    "number": Text("注册号", "number"),
}


def filters(visit: Visit) -> RegisterFilter:
    """Search box and filters. They live in the address, so a link shows the same list."""
    book = catalogue.current()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        query = st.query_params.get("q", "")[:100]
        st.text_input(
            visit.say(SEARCH),
            key=_from_address("q", query),
            on_change=_to_address,
            args=("q",),
            icon=":material/search:",
            max_chars=100,
            width=360,
        )
        chosen = {
            name: _choice(visit, label, name, options)
            for name, label, options in (
                ("in", PROFESSION, {key: item.short for key, item in book.professions.items()}),
                (
                    "status",
                    STATUS,
                    {str(key): label for key, label in REGISTRATION_STATUS_LABELS.items()},
                ),
                ("province", PROVINCE, PROVINCES),
            )
        }
    page = st.query_params.get("page", "1")
    return RegisterFilter(
        query=query,
        profession=chosen["in"],
        status=chosen["status"],
        province=chosen["province"],
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
    )


def _from_address(name: str, value: str) -> str:
    """Set the widget of a filter to what the address says; returns the widget's key."""
    key = f"register-{name}"
    st.session_state[key] = value
    return key


def _to_address(name: str) -> None:
    """Write what the person chose back to the address, from the first page on."""
    value = st.session_state[f"register-{name}"]
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)
    st.query_params.pop("page", None)


def _choice(visit: Visit, label: Text, name: str, options: Mapping[str, Text]) -> str:
    value = st.query_params.get(name, "")
    value = value if value in options else ""
    st.selectbox(
        visit.say(label),
        ["", *options],
        format_func=lambda item: visit.say(options[item] if item else ALL),
        key=_from_address(name, value),
        on_change=_to_address,
        args=(name,),
        width=170,
    )
    return value


def turning(visit: Visit, found: RegisterPage) -> None:
    """Which page this is, and the way to the others."""

    def turn(page: int) -> None:
        st.query_params["page"] = str(page)

    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="right"):
        pager(visit, "register", (found.page, found.pages, found.total), (ONE_PAGE, PAGE), turn)


def rows_of(entries: Iterable[Entry], today: date, language: Language) -> list[dict[str, Any]]:
    """Registrations as rows of the table component; the id names profession and number."""
    return [
        {
            "id": f"{item.profession}/{item.number}",
            "href": f"/register?number={item.number}&profession={item.profession}",
            "number": item.number,
            "person": item.person_name,
            "id_number": item.id_number,
            "specialty": labels.specialty_names(
                item.profession, (item.specialty, item.specialty2), language
            )
            or labels.profession_name(item.profession, language),
            "employer": item.employer_name,
            "seal": item.seal_number,
            "valid": item.valid_to,
            "status": registration_cell(
                standing(item.status, item.valid_to, today).value, language
            ),
        }
        for item in entries
    ]


def record_view(visit: Visit, found: Record, today: date) -> str | None:
    """One registration; returns the ref of a case the person clicked on."""
    entry, language = found.entry, visit.language
    state = standing(entry.status, entry.valid_to, today)
    cell = registration_cell(state.value, language)
    name = labels.profession_name(entry.profession, language)
    st.title(f"{labels.plain(entry.person_name)}　{name}", anchor=False)
    tone: Any = cell["tone"]
    st.markdown(labels.badge(cell["text"], tone))
    values = {
        "number": entry.number,
        "seal_number": entry.seal_number or "—",
        "specialty": labels.specialty_names(
            entry.profession, (entry.specialty, entry.specialty2), language
        )
        or "—",
        "id_number": entry.id_number,
        "employer": entry.employer_name,
        "province": labels.province_name(entry.province, language),
        "first": found.first_registered_on.isoformat(),
        "term": f"{entry.valid_from} — {entry.valid_to}",
        "qualification": found.qualification_certificate or "—",
        "issue": str(found.issue),
    }
    rows = [{"id": key, "what": label(language), "value": values[key]} for key, label in FACTS]
    if found.ended_on:
        rows.append({"id": "ended", "what": visit.say(ENDED), "value": found.ended_on.isoformat()})
    table(
        [
            Column("what", visit.say(FACT), kind="muted", width="14rem"),
            Column("value", visit.say(DETAIL)),
        ],
        rows,
        key="registration-facts",
        caption=name,
        empty="—",
        language=language,
        opens=False,
    )
    st.subheader(visit.say(CHANGES), anchor=False)
    event = _changes(visit, found.changes)
    st.subheader(visit.say(OTHERS), anchor=False)
    table(
        [
            Column("number", FACTS[0][1](language), kind="link"),
            Column("specialty", FACTS[2][1](language)),
            Column("employer", FACTS[4][1](language)),
            Column("valid", FACTS[7][1](language), kind="date"),
            Column("status", visit.say(STATUS), kind="status"),
        ],
        rows_of(found.others, today, language),
        key="registration-others",
        caption=visit.say(OTHERS),
        empty=visit.say(NO_OTHERS),
        language=language,
        opens=False,
    )
    return event


def _changes(visit: Visit, changes: Sequence[Change]) -> str | None:
    event = table(
        [
            Column("when", visit.say(WHEN), kind="date"),
            Column("what", visit.say(WHAT), width="7rem"),
            Column("detail", visit.say(DETAIL), width="3fr"),
            Column("case", visit.say(CASE), kind="link"),
        ],
        [
            {
                "id": change.case_ref,
                "href": f"/case?ref={change.case_ref}",
                "when": change.at,
                "what": EFFECTS[Effect(change.effect)](visit.language),
                "detail": _difference(visit, change),
                "case": change.case_ref,
            }
            for change in changes
        ],
        key="registration-changes",
        caption=visit.say(CHANGES),
        empty=visit.say(NO_CHANGES),
        language=visit.language,
    )
    return event.id if event else None


def _difference(visit: Visit, change: Change) -> str:
    """What changed, in words: old value → new value, or just the value when there was none."""
    parts = []
    for key, label in CHANGED_FIELDS.items():
        before, after = change.before.get(key), change.after.get(key)
        if before == after or after in {None, ""}:
            continue
        if key == "status":
            after = REGISTRATION_STATUS_LABELS[RegistrationStatus(str(after))](visit.language)
            before = (
                REGISTRATION_STATUS_LABELS[RegistrationStatus(str(before))](visit.language)
                if before
                else None
            )
        words = f"{before} → {after}" if before not in {None, ""} else str(after)
        parts.append(f"{label(visit.language)} {words}")
    return visit.say(SEMICOLON).join(parts)
