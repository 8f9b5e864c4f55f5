"""What was filed, laid beside what the register and the profile hold."""

from __future__ import annotations

import streamlit as st

from core.casefile.rows import CaseFile
from core.catalogue.types import Subject
from core.text import Language, Text
from dashboard.components.table import Column, table

CAPTION = Text("申请内容与注册库对照", "Application beside the register")
SUBJECTS = {
    Subject.PERSON: Text("人员", "Person"),
    Subject.EMPLOYER: Text("聘用单位", "Employer"),
    Subject.REGISTRATION: Text("现有注册", "Present registration"),
    Subject.REQUEST: Text("申请事项", "Request"),
}
FIELD = Text("项目", "Field")
GROUP = Text("类别", "Group")
FILED = Text("申报内容", "As filed")
HELD = Text("注册库 / 档案", "Register / profile")
COMPARISON = Text("对照", "Comparison")
SAME = Text("一致", "Same")
DIFFERENT = Text("不同", "Differs")
NOTHING = Text("没有申报内容。", "Nothing was filed.")
SUMMARY = Text(
    "{count} 项与注册库或档案不同，已标出。",
    "Values that differ from the register or profile: {count}.",
)
ALL_SAME = Text("可对照的项目全部一致。", "Everything that can be compared is the same.")


def application(file: CaseFile, language: Language) -> None:
    """A row per field; differences from the register are marked in words and colour."""
    rows = []
    differing = 0
    for subject in Subject:
        for line in file.lines.get(subject, ()):
            comparison = None
            if line.differs:
                differing += 1
                comparison = {"text": DIFFERENT(language), "tone": "warn"}
            elif line.held is not None and line.filed is not None:
                comparison = {"text": SAME(language), "tone": "good"}
            rows.append(
                {
                    "id": f"{subject}.{line.field.key}",
                    "group": SUBJECTS[subject](language),
                    "field": line.field.label(language),
                    "filed": line.filed(language) if line.filed else "—",
                    "held": line.held(language) if line.held else "—",
                    "comparison": comparison,
                }
            )
    st.caption(SUMMARY(language, count=differing) if differing else ALL_SAME(language))
    table(
        [
            Column("field", FIELD(language), "prose", width="13rem"),
            Column("group", GROUP(language), kind="muted", width="6rem"),
            Column("filed", FILED(language), "prose"),
            Column("held", HELD(language), "prose"),
            Column("comparison", COMPARISON(language), kind="status"),
        ],
        rows,
        key="application",
        caption=CAPTION(language),
        empty=NOTHING(language),
        language=language,
        opens=False,
    )
