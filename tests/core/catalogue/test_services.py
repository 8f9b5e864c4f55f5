"""Services: their keys, item codes and paths through the desks."""

from __future__ import annotations

import re

import pytest
from stdnum.cn import uscc

from core.catalogue.types import Service
from core.vocabulary.stages import Stage
from tests.core.catalogue.built_in import SERVICES, keys


@pytest.mark.parametrize("service", SERVICES)
def test_keys_are_unique_within_a_service(service: Service) -> None:
    for items in (service.fields, service.materials, service.checks):
        names = keys(items)
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


@pytest.mark.parametrize("service", SERVICES)
def test_item_codes_begin_with_a_valid_credit_code(service: Service) -> None:
    if service.profession == "architect":
        assert service.item_code == ""
        return
    assert len(service.item_code) == 31
    assert uscc.is_valid(service.item_code[:18])


@pytest.mark.parametrize("service", SERVICES)
def test_a_path_begins_with_review_and_ends_with_the_decision(service: Service) -> None:
    assert service.path[0] is Stage.REVIEW
    assert service.path[-1] is Stage.DECISION
    assert (Stage.RECHECK in service.path) == (service.business != "replacement")
