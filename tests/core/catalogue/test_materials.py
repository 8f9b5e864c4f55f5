"""Materials: when they are asked for, and the sizes of pictures."""

from __future__ import annotations

import pytest

from core.catalogue import BUILT_IN
from core.catalogue.types import Kind, Service
from tests.core.catalogue.built_in import SERVICES, keys


@pytest.mark.parametrize("service", SERVICES)
def test_conditions_of_materials_name_a_field_and_one_of_its_values(service: Service) -> None:
    found = {field.key: field for field in service.fields}
    for material in service.materials:
        if material.when is None:
            continue
        field, value = found[material.when[0]], material.when[1]
        allowed = {"yes", "no"} if field.kind is Kind.YES_NO else set(keys(field.options))
        assert value in allowed, material.key


def test_photo_and_signature_are_asked_for_except_on_cancellation() -> None:
    for service in BUILT_IN.services.values():
        asked = {material.key: material for material in service.materials}
        assert ("photo" in asked) == ("signature" in asked) == (service.business != "cancellation")
        if "photo" in asked:
            assert (asked["photo"].width, asked["photo"].height) == (295, 413)
            assert (asked["signature"].width, asked["signature"].height) == (405, 162)
        assert ("dismissal" in asked) == (service.business == "change")
        assert not asked["other"].required
