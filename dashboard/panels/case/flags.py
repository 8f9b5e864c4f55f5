"""Flags on the case, each explained (rule, data, date, counterpart) and disposed of here."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.access.permissions import Permission
from core.anomalies import disposition
from core.appeals import procedure
from core.appeals.transitions import APPEAL_ACTION_LABELS
from core.casefile.rows import Answer, CaseFile, Flag
from core.text import Text
from core.vocabulary.anomalies import (
    ANOMALY_RULES,
    ANOMALY_STATUS_LABELS,
    SEVERITY_LABELS,
    UNRESOLVED,
    AnomalyStatus,
    Severity,
)
from core.vocabulary.appeals import APPEAL_STATUSES, AppealStatus
from core.vocabulary.tones import Tone
from core.workflow.engine import LONGEST_REASON
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
APPEAL = Text("申请人的申辩", "The applicant's appeal")
ANSWERED = Text("{at} 提交", "Received {at}")
PROPOSED = Text("审查意见：{reason}", "The review says: {reason}")
APPEAL_REASON = Text("审查理由", "Reason for the decision on the appeal")
APPEAL_HINT = Text("例如：已核对总公司代缴证明", "E.g. proof of payment by the head office checked")
APPEAL_DONE = Text("申辩已办理：{action}。", "The appeal was dealt with: {action}.")
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
            if flag.answer is not None and flag.answer.answered_at is not None:
                _answered(visit, flag.answer)
            if under_appeal(flag):
                if not visit.may(Permission.APPEAL_REVIEW):
                    st.caption(visit.say(disposition.UnderAppeal.text))
            elif flag.status in UNRESOLVED and visit.may(Permission.ANOMALY_DISPOSE):
                _disposing(visit, file, flag)


def under_appeal(flag: Flag) -> bool:
    """Whether officers are to decide on an appeal first."""
    return flag.answer is not None and flag.answer.status in {
        AppealStatus.SUBMITTED,
        AppealStatus.RECHECK,
    }


def _answered(visit: Visit, answer: Answer) -> None:
    """What the person says, and the buttons of the officers who decide on it."""
    spec = APPEAL_STATUSES[answer.status]
    st.markdown(
        f"**{visit.say(APPEAL)}** {labels.badge(visit.say(spec.label), spec.tone)}\n\n"
        f"{labels.lines(answer.statement)}"
    )
    notes = (
        [visit.say(ANSWERED, at=clock.written(answer.answered_at))] if answer.answered_at else []
    )
    if answer.proposed:
        notes.append(visit.say(PROPOSED, reason=answer.proposed))
    st.caption(labels.plain(" · ".join(notes)))
    if not answer.offers or not visit.may(Permission.APPEAL_REVIEW):
        return
    allowed = [offer.action for offer in answer.offers if offer.allowed]
    reason, pressed = "", None
    if allowed:
        reason = st.text_input(
            visit.say(APPEAL_REASON),
            key=f"appeal-reason-{answer.id}",
            placeholder=visit.say(APPEAL_HINT),
            max_chars=LONGEST_REASON,
        )
        with st.container(horizontal=True):
            for action in allowed:
                name = visit.say(APPEAL_ACTION_LABELS[action])
                if st.button(name, key=f"appeal-{answer.id}-{action}"):
                    pressed = action
    else:
        refusals = [offer.refusal for offer in answer.offers if offer.refusal is not None]
        for words in dict.fromkeys(each.message(visit.language) for each in refusals):
            st.caption(f":material/lock: {labels.plain(words)}")
    if pressed is None:
        return
    done = attempt(
        visit, procedure.perform, answer.id, pressed, seen_version=answer.version, reason=reason
    ).done
    if done:
        flash(visit.say(APPEAL_DONE, action=APPEAL_ACTION_LABELS[pressed]))
        st.rerun()


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
        notes.append(visit.say(SHOWN, at=clock.day_of(flag.shown_at)))
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
