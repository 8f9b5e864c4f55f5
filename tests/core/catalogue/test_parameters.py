"""Parameters: the values of the domain, and which override wins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import catalogue
from core.catalogue import BUILT_IN


def test_overrides_name_known_parameters_of_the_same_kind() -> None:
    owners = [*BUILT_IN.professions.values(), *BUILT_IN.services.values()]
    for owner in owners:
        for key, value in owner.parameters.items():
            assert type(value) is type(BUILT_IN.parameters[key].default), key


@pytest.mark.parametrize(
    ("key", "profession", "business", "value"),
    [
        ("validity_years", "supervision", None, 3),
        ("validity_years", "architect", "initial", 2),
        ("age_limit", "supervision", "initial", 65),
        ("age_limit", "survey_design", "initial", 0),
        ("criminal_bar_years", "architect", "renewal", 5),
        ("publicity_days", "architect", "initial", 10),
        ("publicity_days", "architect", "renewal", 0),  # M.2
        ("publicity_days", "supervision", "initial", 0),
        ("acceptance_days", "survey_design", "change", 5),
        ("correction_days", "architect", "initial", 15),
        ("decision_days", "supervision", "initial", 20),  # M.1
        ("decision_days", "supervision", "renewal", 10),
        ("decision_days", "survey_design", "change", 10),
        ("decision_days", "architect", "replacement", 10),
        ("decision_days", "architect", "cancellation", 10),
        ("decision_days_after_province", "architect", "initial", 15),
        ("decision_days_after_province", "supervision", "initial", 0),
        ("province_stage", "supervision", "initial", False),
        ("automatic_announcement", "architect", "initial", True),
    ],
)
def test_parameters_have_the_values_of_the_domain(
    key: str, profession: str, business: str | None, value: int | bool
) -> None:
    assert BUILT_IN.parameter(key, profession, business) == value


def test_a_service_overrides_its_profession_which_overrides_the_default() -> None:
    service = BUILT_IN.services["supervision", "renewal"]
    base = catalogue.extended(
        BUILT_IN,
        professions=[
            replace(BUILT_IN.professions["supervision"], parameters={"decision_days": 15})
        ],
        services=[replace(service, parameters={"decision_days": 10})],
    )
    assert base.parameter("decision_days", "supervision", "renewal") == 10
    assert base.parameter("decision_days", "supervision", "initial") == 15
    assert base.parameter("decision_days", "supervision") == 15
    assert base.parameter("decision_days", "architect", "initial") == 20
    with pytest.raises(KeyError):
        base.parameter("no_such_parameter", "supervision")
