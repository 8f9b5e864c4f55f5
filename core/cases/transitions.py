"""THE transition table: every way a case can move (domain E), as data.

The same rows draw the buttons, enforce every command, feed jobs and print the diagram in
`docs/workflow.md`. `core.workflow.engine` applies them; nothing else assigns a status.
Longer than other files because it is one table: split, nobody could read it down.
"""

from __future__ import annotations

from core.access.permissions import Permission
from core.cases.actions import Action
from core.vocabulary.cases import FINAL, Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.stages import Stage
from core.workflow.definitions import Need, Transition, When

S = Status
P = Permission


def _from(*statuses: Status) -> frozenset[Status]:
    return frozenset(statuses)


_AT_MINISTRY = _from(S.RECEIVED, S.CORRECTED)
_WITHDRAWABLE = _from(
    S.REPORTED,
    S.PROVINCE_PENDING,
    S.PROVINCE_AGREED,
    S.PROVINCE_DISAGREED,
    S.RECEIVED,
    S.CORRECTING,
    S.CORRECTED,
)
_UNFINISHED = frozenset(set(Status) - FINAL)
_OUTSIDE_CLOCKS = (ClockKind.CORRECTION, ClockKind.WITHDRAWAL)
_ALL_CLOCKS = tuple(ClockKind)
ACC, DEC = ClockKind.ACCEPTANCE, ClockKind.DECISION

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Action.FILE,
        _from(S.DRAFT, S.RETURNED),
        S.FILED,
        P.CASE_FILE,
        guards=("own_case", "no_other_open_case"),
        message="filed",
    ),
    Transition(
        Action.DISCARD,
        _from(S.DRAFT, S.RETURNED),
        S.DISCARDED,
        P.CASE_FILE,
        guards=("own_case",),
    ),
    Transition(
        Action.RETURN_TO_APPLICANT,
        _from(S.FILED),
        S.RETURNED,
        P.CASE_REPORT,
        need=Need.WORDS,
        guards=("own_employer",),
        message="returned",
    ),
    Transition(
        Action.REPORT,
        _from(S.FILED),
        S.REPORTED,
        P.CASE_REPORT,
        guards=("own_employer", "employer_verified"),
        message="reported",
    ),
    Transition(
        Action.WITHDRAW,
        _from(S.FILED),
        S.WITHDRAWN,
        P.CASE_FILE,
        guards=("own_case",),
        message="withdrawn",
    ),
    Transition(
        Action.REQUEST_WITHDRAWAL,
        _WITHDRAWABLE,
        S.WITHDRAWING,
        P.CASE_FILE,
        guards=("own_case",),
        starts=ClockKind.WITHDRAWAL,
        message="withdrawal_requested",
    ),
    Transition(
        Action.AGREE_WITHDRAWAL,
        _from(S.WITHDRAWING),
        S.WITHDRAWN,
        P.CASE_REPORT,
        guards=("own_employer",),
        stops=_ALL_CLOCKS,
        message="withdrawn",
    ),
    Transition(
        Action.REFUSE_WITHDRAWAL,
        _from(S.WITHDRAWING),
        None,
        P.CASE_REPORT,
        need=Need.WORDS,
        guards=("own_employer",),
        stops=(ClockKind.WITHDRAWAL,),
        message="withdrawal_refused",
    ),
    Transition(
        Action.LAPSE_WITHDRAWAL,
        _from(S.WITHDRAWING),
        None,
        P.CASE_LAPSE,
        guards=("withdrawal_overdue",),
        stops=(ClockKind.WITHDRAWAL,),
        message="withdrawal_lapsed",
    ),
    Transition(
        Action.TRANSMIT,
        _from(S.REPORTED),
        S.PROVINCE_PENDING,
        P.CASE_LAPSE,
        when=When.PROVINCE_STAGE,
        starts=ClockKind.PROVINCE,
    ),
    Transition(
        Action.TRANSMIT,
        _from(S.REPORTED),
        S.RECEIVED,
        P.CASE_LAPSE,
        when=When.NO_PROVINCE_STAGE,
        starts=ACC,
        message="received",
    ),
    Transition(
        Action.PROVINCE_AGREE,
        _from(S.PROVINCE_PENDING),
        S.PROVINCE_AGREED,
        P.CASE_OPINION,
        guards=("own_province",),
        stops=(ClockKind.PROVINCE,),
    ),
    Transition(
        Action.PROVINCE_DISAGREE,
        _from(S.PROVINCE_PENDING),
        S.PROVINCE_DISAGREED,
        P.CASE_OPINION,
        need=Need.WORDS,
        guards=("own_province",),
        stops=(ClockKind.PROVINCE,),
    ),
    Transition(
        Action.TRANSMIT,
        _from(S.PROVINCE_AGREED, S.PROVINCE_DISAGREED),
        S.RECEIVED,
        P.CASE_LAPSE,
        starts=ACC,
        message="received",
    ),
    Transition(
        Action.REQUEST_CORRECTION,
        _from(S.RECEIVED),
        S.CORRECTING,
        P.CASE_ACCEPT,
        guards=("acceptance_verdicts_complete", "correctable"),
        stage=Stage.ACCEPTANCE,
        holds=True,
        stops=(ACC,),
        starts=ClockKind.CORRECTION,
        message="correction_requested",
    ),
    Transition(
        Action.REQUEST_FURTHER_CORRECTION,
        _from(S.CORRECTED),
        S.CORRECTING,
        P.CASE_OVERRIDE,
        need=Need.WORDS,
        guards=("acceptance_verdicts_complete", "correctable"),
        stage=Stage.ACCEPTANCE,
        stops=(ACC,),
        starts=ClockKind.CORRECTION,
        message="correction_requested",
    ),
    Transition(
        Action.ANSWER_CORRECTION,
        _from(S.CORRECTING),
        S.CORRECTED,
        P.CASE_FILE,
        guards=("own_case", "correction_answered"),
        stops=(ClockKind.CORRECTION,),
        starts=ACC,
        message="correction_answered",
    ),
    Transition(
        Action.LAPSE_CORRECTION,
        _from(S.CORRECTING),
        S.REFUSED,
        P.CASE_LAPSE,
        guards=("correction_overdue",),
        stage=Stage.ACCEPTANCE,
        approves=False,
        stops=_ALL_CLOCKS,
        message="refused",
    ),
    Transition(
        Action.ACCEPT,
        _AT_MINISTRY,
        S.ACCEPTED,
        P.CASE_ACCEPT,
        guards=("acceptance_verdicts_complete", "acceptance_verdicts_pass"),
        stage=Stage.ACCEPTANCE,
        approves=True,
        holds=True,
        stops=(ACC,),
        starts=DEC,
        message="accepted",
    ),
    Transition(
        Action.ACCEPT,
        _from(S.WITHDRAWING),
        S.ACCEPTED,
        P.CASE_ACCEPT,
        guards=(
            "withdrawal_from_acceptance",
            "last_acceptance_day",
            "acceptance_verdicts_complete",
            "acceptance_verdicts_pass",
        ),
        stage=Stage.ACCEPTANCE,
        approves=True,
        holds=True,
        stops=(ACC, *_OUTSIDE_CLOCKS),
        starts=DEC,
        message="accepted",
    ),
    Transition(
        Action.LAPSE_ACCEPTANCE,
        _AT_MINISTRY | {S.WITHDRAWING},
        S.ACCEPTED,
        P.CASE_LAPSE,
        guards=("withdrawal_from_acceptance", "acceptance_overdue"),
        stage=Stage.ACCEPTANCE,
        approves=True,
        stops=(ACC, *_OUTSIDE_CLOCKS),
        starts=DEC,
        message="accepted_by_lapse",
    ),
    Transition(
        Action.REFUSE,
        _AT_MINISTRY,
        S.REFUSED,
        P.CASE_ACCEPT,
        need=Need.CODES,
        guards=("acceptance_verdicts_complete", "refusable"),
        stage=Stage.ACCEPTANCE,
        approves=False,
        holds=True,
        stops=_ALL_CLOCKS,
        message="refused",
    ),
    Transition(
        Action.START_REVIEW,
        _from(S.ACCEPTED),
        S.REVIEW,
        P.CASE_REVIEW,
        guards=("not_yet_decided_by_actor",),
        holds=True,
    ),
    *(
        Transition(
            action,
            _from(S.REVIEW),
            target,
            P.CASE_REVIEW,
            when=when,
            need=need,
            guards=("not_yet_decided_by_actor", "review_verdicts_complete", *guards),
            stage=Stage.REVIEW,
            approves=approves,
            four_eyes=True,
            holds=True,
        )
        for target, when in ((S.RECHECK, When.HAS_RECHECK), (S.DECISION, When.NO_RECHECK))
        for action, need, guards, approves in (
            (
                Action.PROPOSE_APPROVAL,
                Need.NOTHING,
                ("review_verdicts_pass", "no_open_flags", "employer_standing"),
                True,
            ),
            (Action.PROPOSE_REJECTION, Need.CODES, ("rejectable", "flags_heard"), False),
        )
    ),
    Transition(
        Action.CONCUR,
        _from(S.RECHECK),
        S.DECISION,
        P.CASE_RECHECK,
        guards=("not_yet_decided_by_actor", "no_open_block"),
        stage=Stage.RECHECK,
        four_eyes=True,
        holds=True,
    ),
    Transition(
        Action.RETURN_TO_REVIEW,
        _from(S.RECHECK),
        S.REVIEW,
        P.CASE_RECHECK,
        need=Need.WORDS,
        guards=("not_yet_decided_by_actor",),
        stage=Stage.RECHECK,
        holds=True,
        undoes=(Stage.REVIEW,),
    ),
    *(
        Transition(
            Action.APPROVE,
            _from(S.DECISION),
            target,
            P.CASE_DECIDE,
            when=when,
            guards=(
                "not_yet_decided_by_actor",
                "standing_proposal_approves",
                "no_open_flags",
                "employer_standing",
            ),
            stage=Stage.DECISION,
            approves=True,
            four_eyes=True,
            holds=True,
            stops=(DEC,),
            starts=starts,
            message=message,
        )
        for target, when, starts, message in (
            (S.APPROVED, When.NO_PUBLICITY, None, "approved"),
            (S.PUBLICITY, When.HAS_PUBLICITY, ClockKind.PUBLICITY, "publicity"),
        )
    ),
    Transition(
        Action.REJECT,
        _from(S.DECISION),
        S.REJECTED,
        P.CASE_DECIDE,
        need=Need.CODES,
        guards=("not_yet_decided_by_actor", "standing_proposal_rejects", "flags_heard"),
        stage=Stage.DECISION,
        approves=False,
        four_eyes=True,
        holds=True,
        stops=_ALL_CLOCKS,
        message="rejected",
    ),
    *(
        Transition(
            Action.RETURN_TO_RECHECK,
            _from(S.DECISION),
            target,
            P.CASE_DECIDE,
            when=when,
            need=Need.WORDS,
            guards=("not_yet_decided_by_actor",),
            stage=Stage.DECISION,
            holds=True,
            undoes=undoes,
        )
        for target, when, undoes in (
            (S.RECHECK, When.HAS_RECHECK, (Stage.RECHECK,)),
            (S.REVIEW, When.NO_RECHECK, (Stage.REVIEW,)),
        )
    ),
    Transition(
        Action.OBJECT,
        _from(S.PUBLICITY),
        S.OBJECTED,
        P.CASE_PUBLISH,
        need=Need.WORDS,
    ),
    Transition(
        Action.CONCLUDE_PUBLICITY,
        _from(S.PUBLICITY),
        S.APPROVED,
        P.CASE_LAPSE,
        guards=("publicity_over",),
        stops=(ClockKind.PUBLICITY,),
        message="approved",
    ),
    Transition(
        Action.OVERRULE_OBJECTION,
        _from(S.OBJECTED),
        S.APPROVED,
        P.CASE_DECIDE,
        need=Need.WORDS,
        guards=("publicity_over",),
        stops=(ClockKind.PUBLICITY,),
        message="approved",
    ),
    Transition(
        Action.REOPEN_REVIEW,
        _from(S.PUBLICITY, S.OBJECTED),
        S.REVIEW,
        P.CASE_DECIDE,
        need=Need.WORDS,
        stops=(ClockKind.PUBLICITY,),
        starts=DEC,
        undoes=(Stage.REVIEW, Stage.RECHECK, Stage.DECISION),
    ),
    Transition(
        Action.REJECT,
        _from(S.OBJECTED),
        S.REJECTED,
        P.CASE_DECIDE,
        need=Need.CODES,
        guards=("flags_heard",),
        stage=Stage.DECISION,
        approves=False,
        stops=_ALL_CLOCKS,
        message="rejected",
    ),
    Transition(Action.ANNOUNCE, _from(S.APPROVED), S.ANNOUNCED, P.CASE_PUBLISH),
    Transition(Action.ISSUE, _from(S.ANNOUNCED), S.CLOSED, P.CASE_PUBLISH, message="issued"),
    Transition(
        Action.TERMINATE,
        _UNFINISHED,
        S.TERMINATED,
        P.CASE_TERMINATE,
        need=Need.WORDS,
        stops=_ALL_CLOCKS,
        message="terminated",
    ),
)

# Steps the system takes by itself as soon as a case arrives in a status, when the parameter says so
# (None: always). Every step leaves its own row in the history.
FOLLOW_UPS: dict[Status, tuple[Action, str | None]] = {
    Status.REPORTED: (Action.TRANSMIT, None),
    Status.PROVINCE_AGREED: (Action.TRANSMIT, None),
    Status.PROVINCE_DISAGREED: (Action.TRANSMIT, None),
    Status.APPROVED: (Action.ANNOUNCE, "automatic_announcement"),
    Status.ANNOUNCED: (Action.ISSUE, "automatic_announcement"),
}
