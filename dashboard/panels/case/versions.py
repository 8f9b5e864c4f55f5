"""Every version of every verdict on the case: who, when, what stood before and after."""

from __future__ import annotations

import streamlit as st

from core import db
from core.casefile.rows import CaseFile
from core.cases.verdict_history import Given, Version, versions as versions_of
from core.catalogue.rulebooks import AND
from core.text import Text
from core.vocabulary.review import OUTCOME_LABELS
from core.vocabulary.stages import STAGE_LABELS
from dashboard.components.table import Column, table
from dashboard.session import Visit

TITLE = Text("检查意见的历次版本", "Every version of the verdicts")
NOTHING = Text("还没有检查意见。", "No verdicts yet.")
WHEN = Text("时间", "When")
WHO = Text("人员", "Who")
ITEM = Text("检查项", "Item")
BEFORE = Text("原意见", "Before")
AFTER = Text("新意见", "After")
NONE = Text("未判定", "No verdict")


def versions(visit: Visit, file: CaseFile) -> None:
    """The versions as a table, newest first."""
    st.subheader(visit.say(TITLE), anchor=False)
    with db.reading() as session:
        found = versions_of(session, visit.actor, file.id)
    table(
        [
            Column("when", visit.say(WHEN), kind="date"),
            Column("who", visit.say(WHO), "prose"),
            Column("item", visit.say(ITEM), "prose", width="1.4fr"),
            Column("before", visit.say(BEFORE), "prose", width="1.4fr"),
            Column("after", visit.say(AFTER), "prose", width="1.4fr"),
        ],
        [
            {
                "id": number,
                "when": version.at,
                "who": version.officer,
                "item": _item(visit, file, version),
                "before": _words(visit, file, version.before),
                "after": _words(visit, file, version.after),
            }
            for number, version in enumerate(found)
        ],
        key="case-versions",
        caption=visit.say(TITLE),
        empty=visit.say(NOTHING),
        language=visit.language,
        opens=False,
    )


def _item(visit: Visit, file: CaseFile, version: Version) -> str:
    label = next((item.label for item in file.rules.checks if item.key == version.item), None)
    name = visit.say(label) if label else version.item
    return f"{visit.say(STAGE_LABELS[version.stage])} · {name}"


def _words(visit: Visit, file: CaseFile, given: Given | None) -> str:
    """Outcome, reasons and note in one line."""
    if given is None:
        return "—"
    known = file.rules.reasons
    outcome = OUTCOME_LABELS[given.outcome] if given.outcome else NONE
    parts = [visit.say(outcome)]
    parts += [visit.say(known[code].label) for code in given.reasons if code in known]
    return visit.say(AND).join([*parts, *([given.note] if given.note else [])])
