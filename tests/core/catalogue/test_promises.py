"""Promises of the applicant: every point, and the rules of their own register."""

from __future__ import annotations

import pytest

from core.catalogue import BUILT_IN


@pytest.mark.parametrize(
    ("profession", "points", "agree"),
    [
        ("supervision", 14, "本人作出上述承诺"),
        ("architect", 15, "本人做出上述承诺"),
        ("survey_design", 15, "本人做出上述承诺"),
    ],
)
def test_promises_have_all_their_points(profession: str, points: int, agree: str) -> None:
    promise = BUILT_IN.services[profession, "initial"].promise
    assert promise is not None
    assert len(promise.points) == len(set(promise.points)) == points
    assert promise.agree.zh == agree


def test_promises_name_the_rules_of_their_own_register() -> None:
    named = {}
    for key in BUILT_IN.professions:
        promise = BUILT_IN.services[key, "initial"].promise
        assert promise is not None
        words = "".join(point.zh for point in promise.points)
        named[key] = {word for word in ("147号", "137号", "注册建筑师条例") if word in words}
    assert named == {
        "supervision": {"147号"},
        "architect": {"注册建筑师条例"},
        "survey_design": {"137号"},
    }


def test_only_the_supervision_replacement_goes_without_a_promise() -> None:
    without = [pair for pair, service in BUILT_IN.services.items() if service.promise is None]
    assert without == [("supervision", "replacement")]
