"""Automatic checks as green, yellow and red, with the data they used."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.checks.findings import Finding
from core.text import Text
from core.vocabulary.checks import FINDING_LABELS, FindingOutcome
from core.vocabulary.tones import Tone
from dashboard import labels
from dashboard.session import Visit
from dashboard.strings import COLON

NOTHING = Text("本业务没有自动检查。", "This service has no automatic checks.")
SUMMARY = Text(
    "{fail} 项异常 · {warn} 项提示 · {no_data} 项未比对 · {passed} 项正常",
    "{fail} failed · {warn} to note · {no_data} without data · {passed} passed",
)
AS_OF = Text("数据日期 {day}", "Data of {day}")
TONES: dict[FindingOutcome, Tone] = {
    FindingOutcome.FAIL: "bad",
    FindingOutcome.WARN: "warn",
    FindingOutcome.NO_DATA: "neutral",
    FindingOutcome.PASS: "good",
    FindingOutcome.NOT_APPLICABLE: "neutral",
}


def findings(visit: Visit, found: Sequence[Finding]) -> None:
    """Every finding, the serious ones first; each opens to its evidence."""
    if not found:
        st.caption(visit.say(NOTHING))
        return
    by_outcome = {outcome: [item for item in found if item.outcome is outcome] for outcome in TONES}
    st.caption(
        visit.say(
            SUMMARY,
            fail=len(by_outcome[FindingOutcome.FAIL]),
            warn=len(by_outcome[FindingOutcome.WARN]),
            no_data=len(by_outcome[FindingOutcome.NO_DATA]),
            passed=len(by_outcome[FindingOutcome.PASS]),
        )
    )
    for items in by_outcome.values():
        for item in items:
            _finding(visit, item)


def _finding(visit: Visit, item: Finding) -> None:
    language = visit.language
    mark = labels.badge(FINDING_LABELS[item.outcome](language), TONES[item.outcome])
    with st.expander(f"{mark} **{item.label(language)}**　{labels.plain(item.summary(language))}"):
        for name, value in item.evidence:
            st.markdown(f"{name(language)}{visit.say(COLON)}{labels.plain(value)}")
        notes = [item.article(language), item.source(language)]
        if item.as_of:
            notes.append(visit.say(AS_OF, day=item.as_of))
        st.caption(labels.plain(" · ".join(notes)))
