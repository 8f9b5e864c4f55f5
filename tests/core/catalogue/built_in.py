"""The built-in services and professions, one by one, for tests that hold for each."""

from __future__ import annotations

import pytest

from core.catalogue import BUILT_IN

SERVICES = [
    pytest.param(service, id=f"{service.profession}-{service.business}")
    for service in BUILT_IN.services.values()
]
PROFESSIONS = [
    pytest.param(profession, id=profession.key) for profession in BUILT_IN.professions.values()
]


def keys(items: tuple[object, ...]) -> list[str]:
    """Their keys, in order."""
    return [item.key for item in items]  # type: ignore[attr-defined]
