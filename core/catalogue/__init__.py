"""The service catalogue: what can be filed, by whom and with what.

`current()` is the catalogue in force. It starts as `BUILT_IN` and is replaced whole by `install`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from core.catalogue.businesses import BUSINESSES
from core.catalogue.parameters import PARAMETERS
from core.catalogue.professions import PROFESSIONS
from core.catalogue.reasons import REASONS
from core.catalogue.services import SERVICES
from core.catalogue.types import Business, Catalogue, Profession, Reason, Service

BUILT_IN = Catalogue(
    professions=PROFESSIONS,
    businesses=BUSINESSES,
    services=SERVICES,
    reasons=REASONS,
    parameters=PARAMETERS,
)

# One slot for the whole process: every session works under the same catalogue.
_slot = {"current": BUILT_IN}


def current() -> Catalogue:
    """The catalogue in force."""
    return _slot["current"]


def install(catalogue: Catalogue) -> None:
    """Put `catalogue` in force for the whole process."""
    _slot["current"] = catalogue


@contextmanager
def installed(catalogue: Catalogue) -> Iterator[Catalogue]:
    """`catalogue` in force inside the block, the one before it afterwards; for tests."""
    before = current()
    install(catalogue)
    try:
        yield catalogue
    finally:
        install(before)


def extended(
    base: Catalogue,
    *,
    professions: Iterable[Profession] = (),
    businesses: Iterable[Business] = (),
    services: Iterable[Service] = (),
    reasons: Iterable[Reason] = (),
) -> Catalogue:
    """A new catalogue: `base` with these added; one with a known key takes the old one's place."""
    return Catalogue(
        professions={**base.professions, **{item.key: item for item in professions}},
        businesses={**base.businesses, **{item.key: item for item in businesses}},
        services={
            **base.services,
            **{(item.profession, item.business): item for item in services},
        },
        reasons={**base.reasons, **{item.key: item for item in reasons}},
        parameters=base.parameters,
    )
