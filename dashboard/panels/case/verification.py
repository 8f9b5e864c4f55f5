"""Verification of the employer by its province, from a case that waits for it (domain J)."""

from __future__ import annotations

import streamlit as st

from core.access.permissions import Permission
from core.casefile.rows import CaseFile
from core.employers.procedure import perform
from core.employers.transitions import EMPLOYER_ACTION_LABELS, EmployerAction
from core.text import Text
from core.vocabulary.employers import EmployerStatus
from dashboard import labels
from dashboard.attempt import attempt
from dashboard.session import Visit, flash

TITLE = Text("聘用单位认证", "Verification of the employer")
WAITS = Text(
    "该单位首次出现，待工商注册地省级注册主管部门认证；认证前不能准予注册。",
    "This employer is new and awaits verification by the authority of its province; nothing can "
    "be approved before.",
)
RETURNED = Text(
    "该单位的认证被退回；补齐后可由其省级注册主管部门直接认证，认证前不能准予注册。",
    "The verification of this employer was returned; its province may verify it once what was "
    "missing is there. Nothing can be approved before.",
)
REASON = Text("退回理由", "Reason for returning")
DONE = Text("{name}：{action}。", "{name}: {action}.")

_OFFERED = {
    EmployerStatus.UNVERIFIED: (EmployerAction.VERIFY, EmployerAction.RETURN),
    EmployerStatus.RETURNED: (EmployerAction.VERIFY,),
}


def verification(visit: Visit, file: CaseFile) -> None:
    """What the employer waits for, and the buttons of those who verify it."""
    employer = file.employer
    offered = _OFFERED.get(EmployerStatus(employer.status))
    if offered is None:
        return
    returned = employer.status == EmployerStatus.RETURNED
    st.subheader(visit.say(TITLE), anchor=False)
    st.info(visit.say(RETURNED if returned else WAITS), icon=":material/domain_verification:")
    if not visit.may(Permission.EMPLOYER_VERIFY):
        return
    reason = ""
    if EmployerAction.RETURN in offered:
        reason = st.text_input(visit.say(REASON), key="employer-reason", max_chars=500)
    chosen: EmployerAction | None = None
    with st.container(horizontal=True):
        for action in offered:
            if st.button(visit.say(EMPLOYER_ACTION_LABELS[action]), key=f"employer-{action}"):
                chosen = action
    if chosen is None:
        return
    done = attempt(
        visit, perform, employer.id, chosen, seen_version=employer.version, reason=reason
    ).done
    if done:
        name, what = labels.plain(employer.name), EMPLOYER_ACTION_LABELS[chosen]
        flash(visit.say(DONE, name=name, action=what))
        st.rerun()
