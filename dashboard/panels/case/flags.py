"""Flags on the case, each explained (rule, data, date, counterpart) and disposed of here."""

from __future__ import annotations

import streamlit as st

from core.access.permissions import Permission
from core.anomalies import disposition
from core.casefile.rows import CaseFile, Flag
from core.text import Text
from core.vocabulary.anomalies import (
    ANOMALY_RULES,
    ANOMALY_STATUS_LABELS,
    SEVERITY_LABELS,
    UNRESOLVED,
    AnomalyStatus,
    Severity,
)
from core.vocabulary.tones import Tone
from dashboard import labels
from dashboard.attempt import attempt
from dashboard.panels.case.evidence import evidence
from dashboard.session import Visit, flash

TITLE = Text("异常标记", "Flags")
SOURCE = Text("来源 {source} · 数据日期 {as_of}", "Source {source} · data of {as_of}")
COUNTERPART = Text("涉及 {name}", "Concerns {name}")
SHOWN = Text("{at} 已告知申请人", "Applicant told {at}")
KINDS = {
    "insurance": Text("社保异常", "Social insurance"),
    "duplicate": Text("人员查重异常", "Duplicate"),
}
TELL = Text("告知申请人", "Tell the applicant")
TOLD = Text("已告知申请人。", "The applicant was told.")
REASON = Text("处理理由", "Reason")
REASON_HINT = Text("例如：总分公司关系，已核对证明", "E.g. a branch; proof was checked")
DISMISS = Text("排除异常", "Dismiss")
CONFIRM = Text("确认异常", "Confirm")
SETTLED = Text("已处理异常标记。", "The flag is settled.")

_TONES: dict[Severity, Tone] = {
    Severity.BLOCK: "bad",
    Severity.HIGH: "bad",
    Severity.MEDIUM: "warn",
    Severity.SIGNAL: "info",
}


def flags(visit: Visit, file: CaseFile) -> None:
    """Every flag on the case; nothing at all when there are none."""
    if not file.flags:
        return
    st.subheader(visit.say(TITLE), anchor=False)
    for flag in file.flags:
        with st.container(border=True):
            _explained(visit, flag)
            if flag.status in UNRESOLVED and visit.may(Permission.ANOMALY_DISPOSE):
                _disposing(visit, file, flag)


def _explained(visit: Visit, flag: Flag) -> None:
    severity = Severity(flag.severity)
    kind = visit.say(KINDS[flag.kind]) if flag.kind in KINDS else flag.kind
    rule = visit.say(ANOMALY_RULES[flag.rule]) if flag.rule in ANOMALY_RULES else ""
    state = visit.say(ANOMALY_STATUS_LABELS[AnomalyStatus(flag.status)])
    st.markdown(
        f"**{labels.plain(kind)} {labels.plain(flag.rule)}** {rule} "
        f"{labels.badge(visit.say(SEVERITY_LABELS[severity]), _TONES[severity])} "
        f"{labels.badge(state)}"
    )
    evidence(flag.evidence, f"flag-{flag.id}", visit.language)
    notes = [visit.say(SOURCE, source=flag.source, as_of=flag.as_of)]
    if flag.counterpart:
        notes.append(visit.say(COUNTERPART, name=flag.counterpart))
    if flag.shown_at:
        notes.append(visit.say(SHOWN, at=f"{flag.shown_at:%Y-%m-%d}"))
    if flag.disposition:
        notes.append(flag.disposition)
    st.caption(labels.plain(" · ".join(notes)))


def _disposing(visit: Visit, file: CaseFile, flag: Flag) -> None:
    reason = st.text_input(
        visit.say(REASON),
        key=f"flag-reason-{flag.id}",
        placeholder=visit.say(REASON_HINT),
        max_chars=1000,
    )
    with st.container(horizontal=True):
        dismissed = st.button(visit.say(DISMISS), key=f"flag-dismiss-{flag.id}")
        confirmed = st.button(visit.say(CONFIRM), key=f"flag-confirm-{flag.id}")
        told = not flag.shown_at and st.button(
            visit.say(TELL), key=f"flag-tell-{flag.id}", icon=":material/campaign:"
        )
    if told and attempt(visit, disposition.show, file.id, flag.id).done:
        flash(visit.say(TOLD))
        st.rerun()
    if (dismissed or confirmed) and attempt(
        visit, disposition.dispose, file.id, flag.id, confirmed=confirmed, reason=reason
    ).done:
        flash(visit.say(SETTLED))
        st.rerun()
