"""Progress bars of the professions, and where a case rests on them."""

from __future__ import annotations

import pytest

from core.catalogue import BUILT_IN
from core.catalogue.types import Profession
from core.vocabulary.cases import STATUSES, Status
from core.vocabulary.statuses import Ending, Milestone
from tests.core.catalogue.built_in import PROFESSIONS


@pytest.mark.parametrize("profession", PROFESSIONS)
def test_progress_bars_go_in_the_order_of_the_procedure(profession: Profession) -> None:
    order = [list(Milestone).index(node.milestone) for node in profession.timeline]
    assert order == sorted(set(order))


def test_a_case_rests_somewhere_unless_it_was_broken_off() -> None:
    for status, spec in STATUSES.items():
        assert (spec.milestone is None) == (spec.ending is Ending.STOPPED), status


@pytest.mark.parametrize(
    ("profession", "labels"),
    [
        ("supervision", ["提交申请", "企业上报", "部级审核"]),
        ("architect", ["个人上报", "企业上报", "部级受理", "部级审查", "公示", "公告"]),
        ("survey_design", ["个人上报", "企业上报", "部级受理", "部级审核", "公告"]),
    ],
)
def test_progress_bars_read_as_in_the_domain(profession: str, labels: list[str]) -> None:
    timeline = BUILT_IN.professions[profession].timeline
    assert [node.label.zh for node in timeline] == labels


def test_approved_cases_rest_after_review_and_withdrawing_ones_with_the_employer() -> None:
    assert STATUSES[Status.APPROVED].milestone is Milestone.ANNOUNCEMENT
    with_employer = {
        status for status, spec in STATUSES.items() if spec.milestone is Milestone.EMPLOYER
    }
    assert with_employer == {Status.FILED, Status.RETURNED, Status.WITHDRAWING}
