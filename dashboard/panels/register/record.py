"""One registration of the register, with all that changed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.catalogue.types import Effect
from core.register.search import (
    Change,
    Record,
    standing,
)
from core.text import Text
from core.vocabulary.register import REGISTRATION_STATUS_LABELS, RegistrationStatus
from dashboard import labels
from dashboard.components.table import Column, table
from dashboard.panels.register.rows import rows_of
from dashboard.session import Visit
from dashboard.strings import ELSEWHERE, SEMICOLON

STATUS = Text("状态", "Status")
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


def record_view(visit: Visit, found: Record, today: date) -> str | None:
    """One registration; returns the ref of a case the person clicked on."""
    entry, language = found.entry, visit.language
    state = standing(entry.status, entry.valid_to, today)
    cell = labels.registration_cell(state.value, language)
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
    if found.elsewhere:
        st.caption(labels.plain(visit.say(ELSEWHERE, count=found.elsewhere)))
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
