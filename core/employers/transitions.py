"""The transition table of employer verification (domain J), as data."""

from __future__ import annotations

from enum import StrEnum

from core.access.permissions import Permission
from core.text import Text
from core.vocabulary.employers import EmployerStatus
from core.workflow.definitions import Need, Transition

P, S = Permission, EmployerStatus


class EmployerAction(StrEnum):
    """What can be done about an employer's verification."""

    SUBMIT = "submit"
    VERIFY = "verify"
    RETURN = "return"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    RECORD_REVOCATION = "record_revocation"
    RECORD_BANKRUPTCY = "record_bankruptcy"


A = EmployerAction

EMPLOYER_ACTION_LABELS: dict[EmployerAction, Text] = {
    A.SUBMIT: Text("提交认证", "Submit for verification"),
    A.VERIFY: Text("认证通过", "Verify"),
    A.RETURN: Text("退回", "Return"),
    A.SUSPEND: Text("停用", "Suspend"),
    A.REINSTATE: Text("恢复", "Reinstate"),
    A.RECORD_REVOCATION: Text("登记吊销", "Record revoked licence"),
    A.RECORD_BANKRUPTCY: Text("登记破产", "Record bankruptcy"),
}

_STANDING = frozenset({S.VERIFIED, S.SUSPENDED})
_LOST = frozenset({S.SUSPENDED, S.REVOKED, S.BANKRUPT})

TRANSITIONS: tuple[Transition, ...] = (
    Transition(A.SUBMIT, frozenset({S.RETURNED}), S.UNVERIFIED, P.EMPLOYER_FILE),
    # A packet may name an employer that has no account to submit itself again.
    Transition(
        A.VERIFY,
        frozenset({S.UNVERIFIED, S.RETURNED}),
        S.VERIFIED,
        P.EMPLOYER_VERIFY,
        guards=("code_valid",),
    ),
    Transition(A.RETURN, frozenset({S.UNVERIFIED}), S.RETURNED, P.EMPLOYER_VERIFY, need=Need.WORDS),
    Transition(A.SUSPEND, frozenset({S.VERIFIED}), S.SUSPENDED, P.EMPLOYER_VERIFY, need=Need.WORDS),
    Transition(A.REINSTATE, _LOST, S.VERIFIED, P.EMPLOYER_VERIFY, need=Need.WORDS),
    Transition(A.RECORD_REVOCATION, _STANDING, S.REVOKED, P.EMPLOYER_VERIFY, need=Need.WORDS),
    Transition(A.RECORD_BANKRUPTCY, _STANDING, S.BANKRUPT, P.EMPLOYER_VERIFY, need=Need.WORDS),
)
