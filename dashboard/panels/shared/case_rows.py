"""Cases as rows of a table: the same columns on the queue and on the home page."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.clock import day_of
from core.queue.filters import Sort
from core.queue.listing import QueueRow
from core.text import Language, Text
from core.vocabulary.clocks import CLOCKS
from dashboard import labels
from dashboard.components.table import Column
from dashboard.navigation import address
from dashboard.session import Visit

REF = Text("案件编号", "Case number")
NAME = Text("申请人", "Applicant")
BUSINESS = Text("业务类型", "Business")
SUBJECT = Text("类别与专业", "Specialty")
EMPLOYER = Text("聘用单位", "Employer")
STATUS = Text("状态", "Status")
DUE = Text("时限", "Working days")
RECEIVED = Text("接收日期", "Received")
FLAGS = Text("异常", "Flags")
HOLDER = Text("办理人", "Holder")
ME = Text("我", "Me")
BLOCKING = Text("阻断 {count}", "Blocks {count}")
OTHER = Text("提示 {count}", "Flags {count}")
PAUSED = Text("中止计时", "Paused")
OTHERS_CLOCK = Text("{clock}：{left}", "{clock}: {left}")


def columns(language: Language, *, sortable: bool, holder: bool = True) -> tuple[Column, ...]:
    """The columns; keys of sortable ones are values of `Sort`."""
    name, business = ("5.2rem", "5.8rem") if language == "zh" else ("6.2rem", "8rem")
    every = (
        Column(Sort.REF, REF(language), "link", sortable),
        Column(Sort.NAME, NAME(language), "text", sortable, width=name),
        Column("business", BUSINESS(language), "text", width=business),
        Column("subject", SUBJECT(language), "text", width="1.3fr"),
        Column(Sort.EMPLOYER, EMPLOYER(language), "text", sortable, hide_narrow=True, width="1fr"),
        Column("status", STATUS(language), "status"),
        Column(Sort.DUE, DUE(language), "days", sortable),
        Column("flags", FLAGS(language), "flags"),
        Column(Sort.RECEIVED, RECEIVED(language), "date", sortable, hide_narrow=True),
        Column("holder", HOLDER(language), "muted", width="5rem"),
    )
    return every if holder else every[:-1]


def cells(row: QueueRow, visit: Visit, today: date) -> dict[str, Any]:
    """One case in words."""
    language = visit.language
    flags = []
    if row.flags_block:
        flags.append({"text": visit.say(BLOCKING, count=row.flags_block), "tone": "bad"})
    if row.flags_other:
        flags.append({"text": visit.say(OTHER, count=row.flags_other), "tone": "warn"})
    subject = (
        labels.specialty_names(row.profession, (row.specialty, row.specialty2), language),
        labels.profession_name(row.profession, language, short=True),
    )
    return {
        "href": address("case", ref=row.ref),
        Sort.REF: row.ref,
        Sort.NAME: row.person_name,
        # Under its heading "Initial" says it all, and leaves the room to those beside it.
        "business": labels.business_name(row.business, language).removesuffix(" registration"),
        "subject": " · ".join(part for part in subject if part),
        Sort.EMPLOYER: row.employer_name,
        "status": labels.status_cell(row.status, language),
        Sort.DUE: _days(row, today, visit),
        "flags": flags,
        Sort.RECEIVED: _received(row, today),
        "holder": visit.say(ME) if row.holder_id == visit.user_id else row.holder,
    }


def _received(row: QueueRow, today: date) -> str | None:
    """The day of receipt; the year is left out when it is the current one."""
    if row.received_at is None:
        return None
    day = day_of(row.received_at)
    return f"{day:%m-%d}" if day.year == today.year else day.isoformat()


def _days(row: QueueRow, today: date, visit: Visit) -> dict[str, str] | None:
    if row.due_on is None:
        return {"text": visit.say(PAUSED), "tone": "warn"} if row.clock is not None else None
    words, tone = labels.days_left_short(row.due_on, today, visit.language)
    if row.clock is not None and not CLOCKS[row.clock].ours:
        # Where room is short the two parts stand one above the other, each in one piece.
        left = words.replace(" ", "\N{NO-BREAK SPACE}")
        words = visit.say(OTHERS_CLOCK, clock=CLOCKS[row.clock].label, left=left)
    return {"text": words, "tone": tone}
