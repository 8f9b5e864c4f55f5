"""Named guards of the transition table: pure functions of actor and situation.

Each returns the error that stands in the way, or None. The error is what the page shows next to a
button that is not available, so its sentence says what to do.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.access.actors import Actor
from core.cases.context import CaseContext
from core.errors import CoreError, NotPermitted
from core.text import Text
from core.vocabulary.cases import Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.employers import EMPLOYER_STATUS_LABELS, EmployerStatus
from core.vocabulary.review import Outcome
from core.vocabulary.stages import Stage
from core.workflow import clocks
from core.workflow.definitions import Ground, Guard
from core.workflow.guards import not_yet_decided_by_actor, overdue


class NotYourCase(NotPermitted):
    text = Text("这不是您的申报。", "This is not your application.")


class NotYourEmployer(NotPermitted):
    text = Text("该申报不属于您的企业。", "This application is not with your company.")


class NotYourProvince(NotPermitted):
    text = Text("该申报不属于您所在的省份。", "This application is not in your province.")


class AlreadyOpen(CoreError):
    text = Text(
        "您已有本专业的注册信息,不能重复申报。正在办理的业务：{ref}。",
        "An application for this specialty is already under way: {ref}.",
    )


class EmployerNotVerified(CoreError):
    text = Text(
        "聘用单位当前为“{status}”，须先由工商注册地省级注册主管部门认证。",
        "The employer is “{status}”; it must first be verified by the authority of its province.",
    )


class EmployerNotInStanding(CoreError):
    text = Text(
        "聘用单位当前为“{status}”，不能准予注册；请在检查项中记录并提出不予意见，或等待其省认证、恢复。",
        "The employer is “{status}”, so approval is not possible; record it in the checklist and "
        "propose rejection, or wait until its province verifies or reinstates it.",
    )


class VerdictsMissing(CoreError):
    text = Text(
        "检查项还有 {count} 项未判定，或不符合而未选理由。",
        "{count} checklist items have no verdict yet, or fail without a reason.",
    )


class VerdictsFail(CoreError):
    text = Text(
        "有 {count} 个检查项不符合，不能通过。",
        "{count} checklist items fail, so it cannot pass.",
    )


class NothingToCorrect(CoreError):
    text = Text(
        "没有可以补正的不符合项，无需通知补正。",
        "No failed item can be put right by the applicant; there is nothing to ask for.",
    )


class CorrectedAlready(CoreError):
    text = Text(
        "已告知补正一次，不得再次通知；仍不符合的可不予受理，或经批准再次补正。",
        "Correction was asked for once and cannot be asked for again: refuse what is still "
        "deficient, or have a further round approved.",
    )


class NoGround(CoreError):
    text = Text(
        "没有足以作出该决定的不符合项：请先在检查项中判定并选择理由。",
        "No failed item carries a ground for this: give the verdict and choose its reason first.",
    )


class OpenFlags(CoreError):
    text = Text(
        "还有 {count} 个异常标记未处理，须逐一处理并写明理由。",
        "{count} flags are open; each must be disposed of with a reason.",
    )


class ConfirmedBlock(CoreError):
    text = Text(
        "有 {count} 个阻断性异常已确认，不能准予注册：待审查的请提出不予意见，"
        "已在复核或决定环节的请退回上一环节。",
        "Confirmed blocking flags: {count}; approval is not possible. Propose rejection, or return "
        "the case one step if it is past review.",
    )


class NotHeard(CoreError):
    text = Text(
        "有 {count} 个异常尚未告知申请人，不得据此作出不利决定。",
        "{count} flags were never shown to the applicant and cannot be held against them.",
    )


class ProposalRejects(CoreError):
    text = Text(
        "审查意见为不予注册；如不同意请退回上一环节。",
        "The review proposes rejection; return it one step if you disagree.",
    )


class ProposalApproves(CoreError):
    text = Text(
        "审查意见为准予注册；如不同意请退回上一环节。",
        "The review proposes approval; return it one step if you disagree.",
    )


class Paused(CoreError):
    text = Text(
        "时限已中止计算（{reason}），恢复计算后方可办理。",
        "The clock is paused ({reason}); resume it first.",
    )


class HearingNotOver(CoreError):
    text = Text(
        "听证尚未结束，结束后方可办理。",
        "A hearing is pending; this waits until it is over.",
    )


class WithdrawalPending(CoreError):
    text = Text(
        "申请人已申请撤回，待企业答复；受理期限最后一日（{day}）起方可办理。",
        "A withdrawal awaits the employer; the desk may act from the last day ({day}).",
    )


class CorrectionIncomplete(CoreError):
    text = Text("还有 {count} 项补正内容未答复。", "{count} correction items are unanswered.")


def own_case(actor: Actor, case: CaseContext) -> CoreError | None:
    """Applicants act on their own case only."""
    mine = actor.person_id is not None and actor.person_id == case.case.person_id
    return None if mine else NotYourCase()


def own_employer(actor: Actor, case: CaseContext) -> CoreError | None:
    """Handlers act for their own company only."""
    mine = actor.employer_id is not None and actor.employer_id == case.case.employer_id
    return None if mine else NotYourEmployer()


def own_province(actor: Actor, case: CaseContext) -> CoreError | None:
    """Provincial officers act in their own province only (domain J)."""
    return None if actor.province == case.case.province else NotYourProvince()


def no_other_open_case(_actor: Actor, case: CaseContext) -> CoreError | None:
    """One open application per specialty (domain E, S0; G2 D3)."""
    return AlreadyOpen(ref=case.rival) if case.rival else None


def may_report(status: str, *, elsewhere: bool) -> bool:
    """Whether an employer of this standing reports (企业上报).

    Only an authenticated one (M2 FAQ 6; domain J). What was reported elsewhere is also taken in
    from one that its province has still to verify; nothing is approved before that
    (`employer_standing`).
    """
    return status == EmployerStatus.VERIFIED or (elsewhere and status == EmployerStatus.UNVERIFIED)


def employer_verified(actor: Actor, case: CaseContext) -> CoreError | None:
    """The employer's standing lets it report; a handler without an account did so elsewhere.

    A cancellation is the remedy for just that standing, so it is not held up (M.10).
    """
    if case.ends or may_report(case.employer_status, elsewhere=actor.user_id is None):
        return None
    return EmployerNotVerified(status=EMPLOYER_STATUS_LABELS[EmployerStatus(case.employer_status)])


def employer_standing(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Nobody is registered at an employer that is not, or no longer, verified (domain J).

    A cancellation is the remedy for just that state, so it is not held up.
    """
    if case.ends or case.employer_status == EmployerStatus.VERIFIED:
        return None
    status = EmployerStatus(case.employer_status)
    label = EMPLOYER_STATUS_LABELS[status]
    if status is EmployerStatus.UNVERIFIED:
        return EmployerNotVerified(status=label)
    return EmployerNotInStanding(status=label)


def _missing(case: CaseContext, stage: Stage) -> CoreError | None:
    open_items = sum(
        (ruling := case.verdicts.get((stage, check.key))) is None
        or ruling.outcome is None
        or (ruling.outcome is Outcome.FAIL and not ruling.reasons)
        for check in case.rulebook.checks_at(stage)
    )
    return VerdictsMissing(count=open_items) if open_items else None


def _passes(case: CaseContext, stage: Stage) -> CoreError | None:
    failures = case.failures(stage)
    return VerdictsFail(count=len(failures)) if failures else None


def acceptance_verdicts_complete(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Every item of the acceptance checklist has a verdict, and each failure a reason."""
    return _missing(case, Stage.ACCEPTANCE)


def acceptance_verdicts_pass(_actor: Actor, case: CaseContext) -> CoreError | None:
    """No acceptance item fails: a complete filing must be accepted (行政许可法 §32)."""
    return _passes(case, Stage.ACCEPTANCE)


def review_verdicts_complete(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Every item of the review checklist has a verdict, and each failure a reason."""
    return _missing(case, Stage.REVIEW)


def review_verdicts_pass(_actor: Actor, case: CaseContext) -> CoreError | None:
    """No review item fails."""
    return _passes(case, Stage.REVIEW)


def _has_ground(case: CaseContext, stage: Stage, ground: Ground) -> bool:
    return any(
        case.rulebook.is_ground(reason, ground.value)
        for reasons in case.failures(stage)
        for reason in reasons
    )


def correctable(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Some failed item can be put right by the applicant (行政许可法 §32)."""
    return None if _has_ground(case, Stage.ACCEPTANCE, Ground.CORRECTS) else NothingToCorrect()


def not_yet_corrected(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Everything to be corrected is told at once (行政许可法 §32)."""
    return CorrectedAlready() if case.corrected else None


def refusable(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Some failed item is a ground for 不予受理, or the correction failed (§32; M.6, M.8)."""
    if case.still_deficient or _has_ground(case, Stage.ACCEPTANCE, Ground.REFUSES):
        return None
    return NoGround()


def rejectable(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Some failed item is a ground for rejection; a refusal states its reasons (行政许可法 §38)."""
    return None if _has_ground(case, Stage.REVIEW, Ground.REJECTS) else NoGround()


def no_open_flags(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Every open flag is disposed of before approval (design §3)."""
    return OpenFlags(count=case.open_flags) if case.open_flags else None


def no_open_block(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Nothing passes on while a blocking flag is open."""
    if case.proposal and case.open_blocks:
        return OpenFlags(count=case.open_blocks)
    return None


def no_confirmed_block(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Nobody is registered against a blocking flag that was found to be true (domain G)."""
    blocks = case.confirmed_blocks if case.proposal is not False else 0
    return ConfirmedBlock(count=blocks) if blocks else None


def flags_heard(_actor: Actor, case: CaseContext) -> CoreError | None:
    """No decision against a person on an anomaly that was not shown to them (domain G3)."""
    return NotHeard(count=case.unheard) if case.unheard else None


def standing_proposal_approves(_actor: Actor, case: CaseContext) -> CoreError | None:
    """The review in force proposes approval; a decider who disagrees returns the case."""
    return None if case.proposal else ProposalRejects()


def standing_proposal_rejects(_actor: Actor, case: CaseContext) -> CoreError | None:
    """The review in force proposes rejection."""
    return ProposalApproves() if case.proposal else None


def clock_runs(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Nothing is concluded while the clock pauses for a hearing or an expert review (§45)."""
    pausing = case.paused
    return Paused(reason=clocks.reason_of(case.session, pausing)) if pausing else None


def hearing_over(_actor: Actor, case: CaseContext) -> CoreError | None:
    """What a hearing takes is not counted (行政许可法 §45): the clock waits for its end."""
    return HearingNotOver() if case.hearing_pending else None


def acceptance_overdue(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Silence for five working days is acceptance (行政许可法 §32)."""
    return overdue(case, ClockKind.ACCEPTANCE)


def correction_overdue(_actor: Actor, case: CaseContext) -> CoreError | None:
    """The applicant's time for correction has run out (domain E)."""
    return overdue(case, ClockKind.CORRECTION)


def withdrawal_overdue(_actor: Actor, case: CaseContext) -> CoreError | None:
    """The employer's time to answer a withdrawal has run out (domain E)."""
    return overdue(case, ClockKind.WITHDRAWAL)


def publicity_over(_actor: Actor, case: CaseContext) -> CoreError | None:
    """The publicity period has run out (domain H)."""
    return overdue(case, ClockKind.PUBLICITY)


def withdrawal_from_acceptance(_actor: Actor, case: CaseContext) -> CoreError | None:
    """A pending withdrawal yields to acceptance only if it interrupted the acceptance desk."""
    if case.status != Status.WITHDRAWING:
        return None
    running = case.clocks.get(ClockKind.ACCEPTANCE)
    interrupted = case.case.resumes in {Status.RECEIVED, Status.CORRECTED}
    return None if running and interrupted else WithdrawalPending(day="—")


def last_acceptance_day(_actor: Actor, case: CaseContext) -> CoreError | None:
    """While a withdrawal waits, the desk waits until the clock's last day (domain E, M.7)."""
    if case.status != Status.WITHDRAWING:
        return None
    running = case.clocks.get(ClockKind.ACCEPTANCE)
    if running is None:
        return WithdrawalPending(day="—")
    return None if case.today >= running.due_on else WithdrawalPending(day=running.due_on)


def correction_answered(_actor: Actor, case: CaseContext) -> CoreError | None:
    """Every item of the open round has an answer."""
    return CorrectionIncomplete(count=case.unanswered) if case.unanswered else None


GUARDS: Mapping[str, Guard] = {
    guard.__name__: guard
    for guard in (
        own_case,
        own_employer,
        own_province,
        no_other_open_case,
        employer_verified,
        employer_standing,
        acceptance_verdicts_complete,
        acceptance_verdicts_pass,
        review_verdicts_complete,
        review_verdicts_pass,
        correctable,
        not_yet_corrected,
        refusable,
        rejectable,
        not_yet_decided_by_actor,
        no_open_flags,
        no_open_block,
        no_confirmed_block,
        flags_heard,
        standing_proposal_approves,
        standing_proposal_rejects,
        clock_runs,
        hearing_over,
        acceptance_overdue,
        correction_overdue,
        withdrawal_overdue,
        publicity_over,
        withdrawal_from_acceptance,
        last_acceptance_day,
        correction_answered,
    )
}
