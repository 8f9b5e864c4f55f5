"""Fields of the forms: their options, what they are compared with, who is asked for them."""

from __future__ import annotations

import pytest

from core.catalogue import BUILT_IN
from core.catalogue.types import Kind, Service, Source, Subject
from tests.core.catalogue.built_in import SERVICES, keys

COMPARABLE = {
    "name", "sex", "id_number", "born_on", "phone", "ethnicity", "school", "major", "education",
    "degree", "graduated_on", "title", "employer_name", "credit_code", "legal_rep",
    "qualification_number", "seal_number", "number", "valid_to",
}  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
def test_choices_have_options_and_nothing_else_has(service: Service) -> None:
    for field in service.fields:
        assert bool(field.options) == (field.kind in {Kind.OPTION, Kind.OPTIONS}), field.key
        assert len(set(keys(field.options))) == len(field.options), field.key


@pytest.mark.parametrize("service", SERVICES)
def test_fields_are_compared_with_known_values_only(service: Service) -> None:
    assert {field.register for field in service.fields} - {None} <= COMPARABLE


@pytest.mark.parametrize("service", SERVICES)
def test_identity_and_employer_are_part_of_every_service(service: Service) -> None:
    found = {field.key: field for field in service.fields}
    for key in ("name", "sex", "id_type", "id_number", "born_on", "phone"):
        assert found[key].source is Source.AUTO
    assert {"employer_name", "credit_code"} <= set(found)
    registered = {field.key for field in service.fields if field.subject is Subject.REGISTRATION}
    assert ("valid_to" in registered) == (service.business != "initial")


def test_a_seal_number_is_shown_exactly_where_the_profession_has_one() -> None:
    for service in BUILT_IN.services.values():
        if service.business != "initial":
            sealed = BUILT_IN.professions[service.profession].seal_pattern is not None
            assert ("seal_number" in keys(service.fields)) == sealed


def test_only_architects_and_engineers_may_ask_for_a_new_seal() -> None:
    for service in BUILT_IN.services.values():
        expected = service.business == "replacement" and service.profession != "supervision"
        assert ("replacement_request" in keys(service.fields)) == expected


def test_only_supervision_cancels_for_age() -> None:
    for profession in BUILT_IN.professions:
        service = BUILT_IN.services[profession, "cancellation"]
        reason = next(field for field in service.fields if field.key == "cancellation_reason")
        assert ("over_age" in keys(reason.options)) == (profession == "supervision")
