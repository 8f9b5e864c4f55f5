"""THE transition table: every way a case can move (domain E), as data.

The same rows draw the buttons, enforce every command, feed jobs and print the diagram in
`docs/workflow.md`. `core.workflow.engine` applies them; nothing else assigns a status.
Longer than other files because it is one table: split, nobody could read it down.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.access.permissions import Permission
from core.cases.actions import Action
from core.cases.context import When
from core.catalogue.reasons import CORRECTION_LAPSED
from core.vocabulary.cases import FINAL, Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.stages import Stage
from core.workflow.definitions import FollowUp, Ground, Need, Target, Transition

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
_IN_REVIEW = _from(S.ACCEPTED, S.REVIEW, S.RECHECK, S.DECISION)
# Nothing is concluded while the clock pauses, nor before a hearing that was asked for.
_RUNNING = ("clock_runs", "hearing_over")
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
        letter="filed",
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
        letter="returned",
    ),
    Transition(
        Action.REPORT,
        _from(S.FILED),
        S.REPORTED,
        P.CASE_REPORT,
        guards=("own_employer", "employer_verified"),
        letter="reported",
    ),
    Transition(
        Action.WITHDRAW,
        _from(S.FILED),
        S.WITHDRAWN,
        P.CASE_FILE,
        guards=("own_case",),
        letter="withdrawn",
    ),
    Transition(
        Action.REQUEST_WITHDRAWAL,
        _WITHDRAWABLE,
        S.WITHDRAWING,
        P.CASE_FILE,
        guards=("own_case",),
        starts=ClockKind.WITHDRAWAL,
        letter="withdrawal_requested",
    ),
    Transition(
        Action.AGREE_WITHDRAWAL,
        _from(S.WITHDRAWING),
        S.WITHDRAWN,
        P.CASE_REPORT,
        guards=("own_employer",),
        stops=_ALL_CLOCKS,
        letter="withdrawn",
    ),
    Transition(
        Action.REFUSE_WITHDRAWAL,
        _from(S.WITHDRAWING),
        Target.BACK,
        P.CASE_REPORT,
        need=Need.WORDS,
        guards=("own_employer",),
        stops=(ClockKind.WITHDRAWAL,),
        letter="withdrawal_refused",
    ),
    Transition(
        Action.LAPSE_WITHDRAWAL,
        _from(S.WITHDRAWING),
        Target.BACK,
        P.CLOCK_LAPSE,
        guards=("withdrawal_overdue",),
        stops=(ClockKind.WITHDRAWAL,),
        letter="withdrawal_lapsed",
    ),
    Transition(
        Action.TRANSMIT,
        _from(S.REPORTED),
        S.PROVINCE_PENDING,
        P.CLOCK_LAPSE,
        when=When.PROVINCE_STAGE,
        starts=ClockKind.PROVINCE,
    ),
    Transition(
        Action.TRANSMIT,
        _from(S.REPORTED),
        S.RECEIVED,
        P.CLOCK_LAPSE,
        when=When.NO_PROVINCE_STAGE,
        starts=ACC,
        letter="received",
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
        P.CLOCK_LAPSE,
        starts=ACC,
        letter="received",
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
        letter="correction_requested",
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
        letter="correction_requested",
    ),
    Transition(
        Action.ANSWER_CORRECTION,
        _from(S.CORRECTING),
        S.CORRECTED,
        P.CASE_FILE,
        guards=("own_case", "correction_answered"),
        stops=(ClockKind.CORRECTION,),
        starts=ACC,
        letter="correction_answered",
    ),
    Transition(
        Action.LAPSE_CORRECTION,
        _from(S.CORRECTING),
        S.REFUSED,
        P.CLOCK_LAPSE,
        codes=(CORRECTION_LAPSED,),
        guards=("correction_overdue",),
        stage=Stage.ACCEPTANCE,
        approves=False,
        stops=_ALL_CLOCKS,
        letter="refused",
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
        letter="accepted",
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
        letter="accepted",
    ),
    Transition(
        Action.LAPSE_ACCEPTANCE,
        _AT_MINISTRY | {S.WITHDRAWING},
        S.ACCEPTED,
        P.CLOCK_LAPSE,
        when=When.AUTOMATIC_ACCEPTANCE,
        guards=("withdrawal_from_acceptance", "acceptance_overdue"),
        stage=Stage.ACCEPTANCE,
        approves=True,
        stops=(ACC, *_OUTSIDE_CLOCKS),
        starts=DEC,
        # Silence counts as acceptance from the day of receipt (行政许可法 §32).
        since_receipt=True,
        letter="accepted_by_lapse",
    ),
    # On the last day of a pending withdrawal the officer may do all that the desk does (M.7).
    Transition(
        Action.REQUEST_CORRECTION,
        _from(S.WITHDRAWING),
        S.CORRECTING,
        P.CASE_ACCEPT,
        guards=(
            "withdrawal_from_acceptance",
            "last_acceptance_day",
            "acceptance_verdicts_complete",
            "correctable",
            "not_yet_corrected",
        ),
        stage=Stage.ACCEPTANCE,
        holds=True,
        stops=(ACC, *_OUTSIDE_CLOCKS),
        starts=ClockKind.CORRECTION,
        letter="correction_requested",
    ),
    Transition(
        Action.REFUSE,
        _AT_MINISTRY | {S.WITHDRAWING},
        S.REFUSED,
        P.CASE_ACCEPT,
        need=Need.CODES,
        ground=Ground.REFUSES,
        guards=(
            "withdrawal_from_acceptance",
            "last_acceptance_day",
            "acceptance_verdicts_complete",
            "refusable",
        ),
        stage=Stage.ACCEPTANCE,
        approves=False,
        holds=True,
        stops=_ALL_CLOCKS,
        letter="refused",
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
            ground=Ground.REJECTS if need is Need.CODES else None,
            guards=(*_RUNNING, "not_yet_decided_by_actor", "review_verdicts_complete", *guards),
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
                (
                    "review_verdicts_pass",
                    "no_open_flags",
                    "no_confirmed_block",
                    "employer_standing",
                ),
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
        guards=(*_RUNNING, "not_yet_decided_by_actor", "no_open_block", "no_confirmed_block"),
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
                *_RUNNING,
                "not_yet_decided_by_actor",
                "standing_proposal_approves",
                "no_open_flags",
                "no_confirmed_block",
                "employer_standing",
            ),
            stage=Stage.DECISION,
            approves=True,
            four_eyes=True,
            holds=True,
            stops=(DEC,),
            starts=starts,
            letter=letter,
        )
        for target, when, starts, letter in (
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
        ground=Ground.REJECTS,
        guards=(
            *_RUNNING,
            "not_yet_decided_by_actor",
            "standing_proposal_rejects",
            "flags_heard",
        ),
        stage=Stage.DECISION,
        approves=False,
        four_eyes=True,
        holds=True,
        stops=_ALL_CLOCKS,
        letter="rejected",
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
        P.CLOCK_LAPSE,
        guards=("publicity_over", "hearing_over"),
        stops=(ClockKind.PUBLICITY,),
        letter="approved",
    ),
    Transition(
        Action.OVERRULE_OBJECTION,
        _from(S.OBJECTED),
        S.APPROVED,
        P.CASE_DECIDE,
        need=Need.WORDS,
        guards=("publicity_over", "hearing_over"),
        stops=(ClockKind.PUBLICITY,),
        letter="approved",
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
        ground=Ground.REJECTS,
        guards=("flags_heard", "hearing_over"),
        stage=Stage.DECISION,
        approves=False,
        stops=_ALL_CLOCKS,
        letter="rejected",
    ),
    Transition(Action.ANNOUNCE, _from(S.APPROVED), S.ANNOUNCED, P.CASE_PUBLISH),
    Transition(Action.ISSUE, _from(S.ANNOUNCED), S.CLOSED, P.CASE_PUBLISH, letter="issued"),
    Transition(
        Action.PAUSE_CLOCK,
        _IN_REVIEW,
        Target.STAY,
        P.CASE_PAUSE,
        when=When.CLOCK_RUNS,
        need=Need.WORDS,
        pauses=(DEC,),
        letter="clock_paused",
    ),
    Transition(
        Action.RESUME_CLOCK,
        _IN_REVIEW,
        Target.STAY,
        P.CASE_PAUSE,
        when=When.CLOCK_PAUSES,
        guards=("hearing_over",),
        resumes=(DEC,),
        letter="clock_resumed",
    ),
    Transition(
        Action.TERMINATE,
        _UNFINISHED,
        S.TERMINATED,
        P.CASE_TERMINATE,
        need=Need.WORDS,
        stops=_ALL_CLOCKS,
        letter="terminated",
    ),
)

# Every step that the system takes by itself leaves its own row in the history.
FOLLOW_UPS: Mapping[Status, FollowUp] = {
    Status.REPORTED: FollowUp(Action.TRANSMIT),
    Status.PROVINCE_AGREED: FollowUp(Action.TRANSMIT),
    Status.PROVINCE_DISAGREED: FollowUp(Action.TRANSMIT),
    Status.APPROVED: FollowUp(Action.ANNOUNCE, "automatic_announcement"),
    Status.ANNOUNCED: FollowUp(Action.ISSUE, "automatic_announcement"),
}
