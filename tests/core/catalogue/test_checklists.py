"""Checklists and the reasons they offer: consistent, of working length, nothing left over."""

from __future__ import annotations

import re

import pytest

from core.catalogue import BUILT_IN
from core.catalogue.types import Service
from core.vocabulary.stages import Stage
from tests.core.catalogue.built_in import SERVICES, keys

RULES = {
    "id_number", "id_matches_form", "age", "photo", "signature", "materials", "employer_standing",
    "credit_code", "same_employer", "renewal_window", "registration_active", "qualification",
    "one_initial", "open_case", "insurance", "duplicates", "contract_term", "specialty_open",
}  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
def test_checks_refer_only_to_what_exists(service: Service) -> None:
    materials = set(keys(service.materials))
    for check in service.checks:
        assert check.reasons
        assert set(check.reasons) <= set(BUILT_IN.reasons), check.key
        assert set(check.materials) <= materials, check.key
        assert set(check.rules) <= RULES, check.key
        assert set(check.stages) <= {Stage.ACCEPTANCE, Stage.REVIEW}, check.key


@pytest.mark.parametrize("service", SERVICES)
def test_a_desk_that_finds_a_failure_has_a_ground_to_act_on(service: Service) -> None:
    for check in service.checks:
        grounds = [BUILT_IN.reasons[key] for key in check.reasons]
        if Stage.ACCEPTANCE in check.stages:
            assert any(ground.corrects or ground.refuses for ground in grounds), check.key
        if Stage.REVIEW in check.stages:
            assert any(ground.rejects for ground in grounds), check.key


@pytest.mark.parametrize("service", SERVICES)
def test_both_desks_have_a_checklist_of_working_length(service: Service) -> None:
    assert 6 <= len(service.checks) <= 11
    assert {Stage.ACCEPTANCE, Stage.REVIEW} == {
        stage for check in service.checks for stage in check.stages
    }


def test_reasons_of_one_profession_are_offered_only_there() -> None:
    for service in BUILT_IN.services.values():
        others = set(BUILT_IN.professions) - {service.profession}
        for check in service.checks:
            for reason in check.reasons:
                assert not reason.endswith(tuple(f"_{other}" for other in others)), reason


def test_every_rule_and_every_reason_is_used() -> None:
    checks = [check for service in BUILT_IN.services.values() for check in service.checks]
    assert {rule for check in checks for rule in check.rules} == RULES
    # A lapsed correction is found by the clock, not by a check.
    assert {reason for check in checks for reason in check.reasons} == set(BUILT_IN.reasons) - {
        "correction_lapsed",
        "still_deficient",
    }


def test_not_accepting_rests_on_what_the_law_knows_for_it_alone() -> None:
    """M.8: 行政许可法 §32 and §78; facts of the register are for the review."""
    refusing = {key for key, reason in BUILT_IN.reasons.items() if reason.refuses}
    assert refusing == {
        "not_competent",
        "no_permit_needed",
        "correction_lapsed",
        "still_deficient",
        "false_material",
        "application_barred",
    }


def test_every_article_exists() -> None:
    """M.9: grounds rest on numbered articles of real regulations, never on invented rules."""
    for reason in BUILT_IN.reasons.values():
        assert "规则：" not in reason.article.zh, reason.key
        assert re.match("《.+》", reason.article.zh), reason.key
    numbered = {
        "incapacity_supervision": "第十三条第（一）项",
        "criminal_supervision": "第十三条第（二）项",
        "education_supervision": "第十三条第（三）项",
        "two_employers_supervision": "第十三条第（四）项",
        "false_title_certificate": "第十三条第（五）项",
        "over_age": "第十三条第（六）项",
        "other_bar_supervision": "第十三条第（七）项",
        "incapacity_survey_design": "第十六条",
        "incapacity_architect": "第十三条",
        "other_bar_architect": "第二十一条",
    }
    for key, article in numbered.items():
        assert BUILT_IN.reasons[key].article.zh.endswith(article), key


def test_every_reason_does_something() -> None:
    assert 25 <= len(BUILT_IN.reasons) <= 45
    for reason in BUILT_IN.reasons.values():
        assert reason.corrects or reason.refuses or reason.rejects, reason.key
