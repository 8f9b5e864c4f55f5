"""Every status × action × role of the workflow, against a table written by hand from domain E."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from core.access.actors import Actor
from core.cases import guards
from core.cases.actions import Action
from core.cases.context import CaseContext, FlagValue, VerdictValue
from core.cases.procedure import CASE
from core.cases.transitions import TRANSITIONS
from core.catalogue import BUILT_IN, rulebooks
from core.errors import CoreError
from core.model import Case, Clock
from core.vocabulary.anomalies import AnomalyStatus, Severity
from core.vocabulary.cases import FINAL, Status
from core.vocabulary.clocks import ClockKind
from core.vocabulary.employers import EmployerStatus
from core.vocabulary.review import Outcome
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow import engine
from core.workflow.context import InForce
from core.workflow.definitions import Need, Procedure
from core.workflow.engine import available, find
from core.workflow.guards import SamePerson, TooEarly
from core.workflow.leases import Holder

NOW = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)
A = Action

# Who may do what in each status when nothing else stands in the way. Written from domain E, not
# from the code: the left column is the status, then the action with the roles that may take it.
APPLICANT, EMPLOYER = {Role.APPLICANT}, {Role.EMPLOYER}
SUPERVISOR, SYSTEM = {Role.SUPERVISOR}, {Role.SYSTEM}
IN_REVIEW = {Status.ACCEPTED, Status.REVIEW, Status.RECHECK, Status.DECISION}
PUBLISHER = {Role.PUBLISHER, Role.SYSTEM}
WITHDRAWABLE = {A.REQUEST_WITHDRAWAL: APPLICANT}
AT_ACCEPTANCE = {
    A.ACCEPT: {Role.ACCEPTOR},
    A.REFUSE: {Role.ACCEPTOR},
    A.LAPSE_ACCEPTANCE: SYSTEM,
    **WITHDRAWABLE,
}
EXPECTED: dict[Status, dict[Action, set[Role]]] = {
    Status.DRAFT: {A.FILE: APPLICANT, A.DISCARD: APPLICANT},
    Status.RETURNED: {A.FILE: APPLICANT, A.DISCARD: APPLICANT},
    Status.FILED: {
        A.REPORT: EMPLOYER,
        A.RETURN_TO_APPLICANT: EMPLOYER,
        A.WITHDRAW: APPLICANT,
    },
    Status.REPORTED: {A.TRANSMIT: SYSTEM, **WITHDRAWABLE},
    Status.PROVINCE_PENDING: {
        A.PROVINCE_AGREE: {Role.PROVINCE},
        A.PROVINCE_DISAGREE: {Role.PROVINCE},
        **WITHDRAWABLE,
    },
    Status.PROVINCE_AGREED: {A.TRANSMIT: SYSTEM, **WITHDRAWABLE},
    Status.PROVINCE_DISAGREED: {A.TRANSMIT: SYSTEM, **WITHDRAWABLE},
    Status.RECEIVED: {A.REQUEST_CORRECTION: {Role.ACCEPTOR}, **AT_ACCEPTANCE},
    Status.CORRECTING: {
        A.ANSWER_CORRECTION: APPLICANT,
        A.LAPSE_CORRECTION: SYSTEM,
        **WITHDRAWABLE,
    },
    Status.CORRECTED: {A.REQUEST_FURTHER_CORRECTION: SUPERVISOR, **AT_ACCEPTANCE},
    Status.WITHDRAWING: {
        A.AGREE_WITHDRAWAL: EMPLOYER,
        A.REFUSE_WITHDRAWAL: EMPLOYER,
        A.LAPSE_WITHDRAWAL: SYSTEM,
        A.ACCEPT: {Role.ACCEPTOR},
        A.REQUEST_CORRECTION: {Role.ACCEPTOR},
        A.REFUSE: {Role.ACCEPTOR},
        A.LAPSE_ACCEPTANCE: SYSTEM,
    },
    Status.ACCEPTED: {A.START_REVIEW: {Role.REVIEWER}},
    Status.REVIEW: {
        A.PROPOSE_APPROVAL: {Role.REVIEWER},
        A.PROPOSE_REJECTION: {Role.REVIEWER},
    },
    Status.RECHECK: {A.CONCUR: {Role.REVIEWER}, A.RETURN_TO_REVIEW: {Role.REVIEWER}},
    Status.DECISION: {
        A.APPROVE: {Role.DECIDER},
        A.REJECT: {Role.DECIDER},
        A.RETURN_TO_RECHECK: {Role.DECIDER},
    },
    Status.PUBLICITY: {
        A.OBJECT: PUBLISHER,
        A.CONCLUDE_PUBLICITY: SYSTEM,
        A.REOPEN_REVIEW: {Role.DECIDER},
    },
    Status.OBJECTED: {
        A.OVERRULE_OBJECTION: {Role.DECIDER},
        A.REJECT: {Role.DECIDER},
        A.REOPEN_REVIEW: {Role.DECIDER},
    },
    Status.APPROVED: {A.ANNOUNCE: PUBLISHER},
    Status.ANNOUNCED: {A.ISSUE: PUBLISHER},
}


def actor(role: Role) -> Actor:
    return Actor(
        user_id=7,
        name="某人",
        roles=frozenset({role}),
        province="37",
        person_id=1 if role is Role.APPLICANT else None,
        employer_id=2 if role is Role.EMPLOYER else None,
    )


UNGUARDED = replace(CASE, guards={name: lambda _actor, _case: None for name in guards.GUARDS})


def context(
    status: Status,
    *,
    profession: str = "survey_design",
    business: str = "initial",
    procedure: Procedure = CASE,
    now: datetime = NOW,
    **known: Any,
) -> CaseContext:
    """A case of `status` with nothing in its way, held by officer 7.

    known: stands in for what would be read.
    """
    rulebook = rulebooks.read("x", rulebooks.compose(BUILT_IN, profession, business)[1])
    case = Case(
        id=1,
        profession=profession,
        business=business,
        status=status.value,
        resumes=Status.RECEIVED.value if status is Status.WITHDRAWING else None,
        person_id=1,
        employer_id=2,
        province="37",
    )
    found = CaseContext(cast("Session", None), procedure, case, now)
    found.__dict__.update(
        rulebook=rulebook,
        employer_status=EmployerStatus.VERIFIED.value,
        holder=Holder(7, "某人", NOW + timedelta(hours=1)),
        verdicts={
            (stage, check.key): VerdictValue(Outcome.PASS, ())
            for stage in Stage
            for check in rulebook.checks_at(stage)
        },
        in_force=(InForce(5, Stage.REVIEW, approves=True),),
        flags=(),
        unanswered=0,
        hearing_pending=False,
        rival=None,
        clocks={},
    )
    found.__dict__.update(known)
    return found


OPEN = FlagValue(AnomalyStatus.OPEN, Severity.MEDIUM, None)
BLOCKING = FlagValue(AnomalyStatus.OPEN, Severity.BLOCK, None)
UNHEARD = FlagValue(AnomalyStatus.CONFIRMED, Severity.HIGH, None)
BY_SEVEN = (InForce(7, Stage.REVIEW, approves=True),)
REJECTING = (InForce(5, Stage.REVIEW, approves=False),)


def a_clock(kind: ClockKind, due_on: date, **more: Any) -> dict[ClockKind, Clock]:
    return {
        kind: Clock(kind=kind.value, started_on=date(2026, 11, 2), days=5, due_on=due_on, **more)
    }


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("status", Status)
def test_every_action_is_allowed_to_exactly_the_roles_of_the_table(
    status: Status, role: Role
) -> None:
    expected = {action for action, roles in EXPECTED.get(status, {}).items() if role in roles}
    if status not in FINAL and role is Role.SUPERVISOR:
        expected.add(A.TERMINATE)
    if status in IN_REVIEW and role in {Role.SUPERVISOR, Role.DECIDER}:
        expected.add(A.PAUSE_CLOCK)
    open_to_all = context(status, procedure=UNGUARDED)
    offers = available(actor(role), open_to_all)
    assert {offer.action for offer in offers if offer.allowed} == expected
    for action in set(Action) - expected:
        with pytest.raises(CoreError):
            find(action, actor(role), open_to_all)


def test_final_statuses_lead_nowhere() -> None:
    for row in TRANSITIONS:
        assert not row.sources & FINAL


def test_every_unfinished_status_can_be_reached_and_left() -> None:
    reached = {row.target for row in TRANSITIONS if isinstance(row.target, Status)}
    reached |= {Status.DRAFT}
    assert reached == set(Status)
    left = {status for row in TRANSITIONS for status in row.sources}
    assert left == set(Status) - FINAL


def test_every_guard_named_in_the_table_exists() -> None:
    assert {name for row in TRANSITIONS for name in row.guards} <= set(guards.GUARDS)
    assert set(guards.GUARDS) == {name for row in TRANSITIONS for name in row.guards}


@pytest.mark.parametrize(
    ("profession", "business", "action", "status", "target"),
    [
        ("survey_design", "initial", A.PROPOSE_APPROVAL, Status.REVIEW, Status.RECHECK),
        ("survey_design", "replacement", A.PROPOSE_APPROVAL, Status.REVIEW, Status.DECISION),
        ("survey_design", "initial", A.APPROVE, Status.DECISION, Status.APPROVED),
        ("architect", "initial", A.APPROVE, Status.DECISION, Status.PUBLICITY),
        ("survey_design", "initial", A.TRANSMIT, Status.REPORTED, Status.RECEIVED),
        ("survey_design", "initial", A.RETURN_TO_RECHECK, Status.DECISION, Status.RECHECK),
        ("survey_design", "replacement", A.RETURN_TO_RECHECK, Status.DECISION, Status.REVIEW),
    ],
)
def test_the_service_chooses_between_rows(
    profession: str, business: str, action: Action, status: Status, target: Status
) -> None:
    role = next(iter(EXPECTED[status][action]))
    case = context(status, profession=profession, business=business, procedure=UNGUARDED)
    found = find(action, actor(role), case)
    assert found.target is target


def test_a_province_stage_is_a_switch_of_the_rulebook() -> None:
    plain = context(Status.REPORTED).rulebook
    switched = replace(plain, parameters={**plain.parameters, "province_stage": True})
    found = find(A.TRANSMIT, actor(Role.SYSTEM), context(Status.REPORTED, rulebook=switched))
    assert found.target is Status.PROVINCE_PENDING


def test_silence_is_no_acceptance_where_the_rulebook_says_so() -> None:
    plain = context(Status.RECEIVED).rulebook
    switched = replace(plain, parameters={**plain.parameters, "automatic_acceptance": False})
    case = context(Status.RECEIVED, rulebook=switched, procedure=UNGUARDED)
    with pytest.raises(engine.NotAvailable):
        find(A.LAPSE_ACCEPTANCE, actor(Role.SYSTEM), case)


def test_an_officer_without_the_lease_is_told_to_claim() -> None:
    free = context(Status.RECEIVED, holder=None)
    with pytest.raises(engine.NotHeldByYou):
        find(A.ACCEPT, actor(Role.ACCEPTOR), free)


def test_an_officer_is_told_who_holds_the_case() -> None:
    held = context(Status.RECEIVED, holder=Holder(8, "另一人", NOW + timedelta(hours=1)))
    with pytest.raises(engine.HeldByOther) as caught:
        find(A.ACCEPT, actor(Role.ACCEPTOR), held)
    assert "另一人" in caught.value.message("zh")


def failing(stage: Stage, reason: str, **more: Any) -> CaseContext:
    found = context(Status.RECEIVED if stage is Stage.ACCEPTANCE else Status.REVIEW, **more)
    key = found.rulebook.checks_at(stage)[0].key
    failed = VerdictValue(Outcome.FAIL, (reason,) if reason else ())
    found.__dict__["verdicts"] = {**found.verdicts, (stage, key): failed}
    return found


def reason_that(case: CaseContext, kind: str) -> str:
    return next(key for key, rule in case.rulebook.reasons.items() if getattr(rule, kind))


@pytest.mark.parametrize(
    ("action", "role", "changed", "error"),
    [
        (A.FILE, Role.APPLICANT, {"rival": "2026000000001"}, guards.AlreadyOpen),
        (A.REPORT, Role.EMPLOYER, {"employer_status": "unverified"}, guards.EmployerNotVerified),
        (A.ACCEPT, Role.ACCEPTOR, {"verdicts": {}}, guards.VerdictsMissing),
        (A.REQUEST_CORRECTION, Role.ACCEPTOR, {}, guards.NothingToCorrect),
        (A.REFUSE, Role.ACCEPTOR, {}, guards.NoGround),
        (A.PROPOSE_APPROVAL, Role.REVIEWER, {"verdicts": {}}, guards.VerdictsMissing),
        (A.PROPOSE_APPROVAL, Role.REVIEWER, {"flags": (OPEN, OPEN)}, guards.OpenFlags),
        (
            A.PROPOSE_APPROVAL,
            Role.REVIEWER,
            {"employer_status": "bankrupt"},
            guards.EmployerNotInStanding,
        ),
        (A.PROPOSE_APPROVAL, Role.REVIEWER, {"in_force": BY_SEVEN}, SamePerson),
        (A.PROPOSE_REJECTION, Role.REVIEWER, {}, guards.NoGround),
        (A.CONCUR, Role.REVIEWER, {"in_force": BY_SEVEN}, SamePerson),
        (A.CONCUR, Role.REVIEWER, {"flags": (BLOCKING,)}, guards.OpenFlags),
        (A.APPROVE, Role.DECIDER, {"in_force": BY_SEVEN}, SamePerson),
        (A.APPROVE, Role.DECIDER, {"in_force": REJECTING}, guards.ProposalRejects),
        (A.APPROVE, Role.DECIDER, {"flags": (OPEN,)}, guards.OpenFlags),
        (A.REJECT, Role.DECIDER, {}, guards.ProposalApproves),
        (A.REJECT, Role.DECIDER, {"in_force": REJECTING, "flags": (UNHEARD,)}, guards.NotHeard),
        (A.ANSWER_CORRECTION, Role.APPLICANT, {"unanswered": 1}, guards.CorrectionIncomplete),
        (A.LAPSE_ACCEPTANCE, Role.SYSTEM, {}, TooEarly),
        (A.LAPSE_CORRECTION, Role.SYSTEM, {}, TooEarly),
        (A.LAPSE_WITHDRAWAL, Role.SYSTEM, {}, TooEarly),
        (A.CONCLUDE_PUBLICITY, Role.SYSTEM, {}, TooEarly),
    ],
)
def test_each_guard_refuses_with_its_own_error(
    action: Action, role: Role, changed: dict[str, Any], error: type[Exception]
) -> None:
    status = next(
        status for status, actions in EXPECTED.items() if role in actions.get(action, set())
    )
    with pytest.raises(error):
        find(action, actor(role), context(status, **changed))


def test_a_failed_item_without_a_reason_counts_as_undecided() -> None:
    with pytest.raises(guards.VerdictsMissing):
        find(A.REFUSE, actor(Role.ACCEPTOR), failing(Stage.ACCEPTANCE, ""))


def test_a_failed_item_forbids_acceptance_and_opens_correction() -> None:
    found = failing(Stage.ACCEPTANCE, reason_that(context(Status.RECEIVED), "corrects"))
    with pytest.raises(guards.VerdictsFail):
        find(A.ACCEPT, actor(Role.ACCEPTOR), found)
    assert find(A.REQUEST_CORRECTION, actor(Role.ACCEPTOR), found)


def test_a_failed_item_forbids_approval_and_opens_rejection() -> None:
    found = failing(Stage.REVIEW, reason_that(context(Status.REVIEW), "rejects"))
    with pytest.raises(guards.VerdictsFail):
        find(A.PROPOSE_APPROVAL, actor(Role.REVIEWER), found)
    row = find(A.PROPOSE_REJECTION, actor(Role.REVIEWER), found)
    assert row.need is Need.CODES


def test_a_cancellation_may_be_approved_at_a_bankrupt_employer() -> None:
    found = context(Status.REVIEW, business="cancellation", employer_status="bankrupt")
    assert find(A.PROPOSE_APPROVAL, actor(Role.REVIEWER), found)


@pytest.mark.parametrize(
    ("day", "allowed"), [(date(2026, 11, 3), False), (date(2026, 11, 9), True)]
)
def test_acceptance_waits_for_a_pending_withdrawal_until_the_last_day(
    day: date, allowed: bool
) -> None:
    found = context(
        Status.WITHDRAWING,
        clocks=a_clock(ClockKind.ACCEPTANCE, date(2026, 11, 9)),
        now=datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC),
    )
    offers = available(actor(Role.ACCEPTOR), found)
    offer = next(item for item in offers if item.action is A.ACCEPT)
    assert offer.allowed is allowed


@pytest.mark.parametrize(
    ("action", "status", "role"),
    [
        (A.PROPOSE_APPROVAL, Status.REVIEW, Role.REVIEWER),
        (A.CONCUR, Status.RECHECK, Role.REVIEWER),
        (A.APPROVE, Status.DECISION, Role.DECIDER),
    ],
)
def test_nothing_is_concluded_while_the_clock_pauses(
    monkeypatch: pytest.MonkeyPatch, action: Action, status: Status, role: Role
) -> None:
    monkeypatch.setattr("core.workflow.clocks.reason_of", lambda _session, _clock: "听证")
    pausing = a_clock(ClockKind.DECISION, date(2026, 11, 9), paused_on=date(2026, 11, 3))
    with pytest.raises(guards.Paused) as caught:
        find(action, actor(role), context(status, clocks=pausing))
    assert "听证" in caught.value.message("zh")


def test_a_clock_that_pauses_never_runs_out() -> None:
    over = date(2026, 11, 3)
    lapsing = actor(Role.SYSTEM)
    running = context(Status.RECEIVED, clocks=a_clock(ClockKind.ACCEPTANCE, over))
    assert find(A.LAPSE_ACCEPTANCE, lapsing, running)
    pausing = a_clock(ClockKind.ACCEPTANCE, over, paused_on=over)
    with pytest.raises(TooEarly):
        find(A.LAPSE_ACCEPTANCE, lapsing, context(Status.RECEIVED, clocks=pausing))


@pytest.mark.parametrize("role", Role)
def test_applicants_employers_and_provinces_act_on_their_own_only(role: Role) -> None:
    stranger = Actor(
        user_id=9, name="外人", roles=frozenset({role}), province="11", person_id=99, employer_id=99
    )
    for status in Status:
        for offer in available(stranger, context(status, holder=None)):
            if role in {Role.APPLICANT, Role.EMPLOYER, Role.PROVINCE}:
                assert not offer.allowed, (status, offer.action)
