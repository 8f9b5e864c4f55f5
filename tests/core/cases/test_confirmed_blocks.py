"""A blocking flag that was found to be true stands in the way of approval, and of nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from core.cases import guards
from core.cases.actions import Action
from core.cases.context import FlagValue
from core.vocabulary.anomalies import AnomalyStatus, Severity
from core.vocabulary.cases import Status
from core.vocabulary.roles import Role
from core.vocabulary.stages import Stage
from core.workflow.engine import find
from tests.builders import NOW
from tests.core.cases.test_transitions import REJECTING, actor, context, failing, reason_that

TRUE_BLOCK = FlagValue(AnomalyStatus.CONFIRMED, Severity.BLOCK, NOW)


@pytest.mark.parametrize(
    ("action", "role", "status", "changed"),
    [
        (Action.PROPOSE_APPROVAL, Role.REVIEWER, Status.REVIEW, {"in_force": ()}),
        (Action.CONCUR, Role.REVIEWER, Status.RECHECK, {}),
        (Action.APPROVE, Role.DECIDER, Status.DECISION, {}),
    ],
)
def test_approval_is_refused_at_every_desk(
    action: Action, role: Role, status: Status, changed: dict[str, Any]
) -> None:
    with pytest.raises(guards.ConfirmedBlock):
        find(action, actor(role), context(status, flags=(TRUE_BLOCK,), **changed))
    lesser = FlagValue(AnomalyStatus.CONFIRMED, Severity.HIGH, NOW)
    assert find(action, actor(role), context(status, flags=(lesser,), **changed))


def test_refusing_goes_on() -> None:
    flags = (TRUE_BLOCK,)
    failed = failing(Stage.REVIEW, reason_that(context(Status.REVIEW), "rejects"))
    failed.__dict__.update(in_force=(), flags=flags)
    assert find(Action.PROPOSE_REJECTION, actor(Role.REVIEWER), failed)
    refusing = {"in_force": REJECTING, "flags": flags}
    assert find(Action.CONCUR, actor(Role.REVIEWER), context(Status.RECHECK, **refusing))
    assert find(Action.REJECT, actor(Role.DECIDER), context(Status.DECISION, **refusing))
