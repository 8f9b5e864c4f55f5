"""Terms of registrations: what approval makes of the old one (domain F)."""

from __future__ import annotations

from datetime import date

import pytest

from core import db
from core.catalogue.types import Effect
from core.model import Registration
from core.register.commands import end_registration, snapshot, term
from core.vocabulary.register import RegistrationStatus
from tests.builders import a_person, a_registration, an_employer

DECIDED = date(2026, 3, 4)


def held(valid_to: date, status: RegistrationStatus = RegistrationStatus.ACTIVE) -> Registration:
    return Registration(valid_from=date(2023, 3, 1), valid_to=valid_to, status=status.value)


def of(effect: Effect, current: Registration | None) -> tuple[date, date]:
    return term(effect, DECIDED, current, years=3, months=6)


def test_a_first_registration_runs_from_its_decision() -> None:
    assert of(Effect.CREATE, None) == (DECIDED, date(2029, 3, 3))
    leap = term(Effect.CREATE, date(2024, 2, 29), None, years=3, months=6)
    assert leap == (date(2024, 2, 29), date(2027, 2, 27))


@pytest.mark.parametrize("effect", [Effect.MOVE, Effect.REISSUE, Effect.END])
def test_what_is_no_renewal_keeps_the_term(effect: Effect) -> None:
    assert of(effect, held(date(2026, 5, 1))) == (date(2023, 3, 1), date(2026, 5, 1))


@pytest.mark.parametrize(
    ("valid_to", "expected"),
    [
        (date(2026, 5, 1), (date(2023, 3, 1), date(2029, 5, 1))),
        (DECIDED, (date(2023, 3, 1), date(2029, 3, 4))),
        (date(2026, 3, 3), (DECIDED, date(2029, 3, 3))),
    ],
)
def test_a_renewal_goes_on_from_the_old_end_unless_that_is_over(
    valid_to: date, expected: tuple[date, date]
) -> None:
    assert of(Effect.EXTEND, held(valid_to)) == expected


@pytest.mark.parametrize(
    ("valid_to", "end"),
    [
        (date(2026, 9, 5), date(2026, 9, 5)),  # more than half a year is left: it stays
        (date(2026, 9, 4), date(2029, 9, 4)),
    ],
)
def test_a_cancelled_registration_revives_with_its_term_or_a_longer_one(
    valid_to: date, end: date
) -> None:
    cancelled = held(valid_to, RegistrationStatus.CANCELLED)
    assert of(Effect.EXTEND, cancelled) == (date(2023, 3, 1), end)


@pytest.mark.usefixtures("engine")
def test_ending_says_how_why_and_when() -> None:
    with db.transaction() as session:
        row = a_registration(session, a_person(session), an_employer(session))
        before = snapshot(row)
        end_registration(row, RegistrationStatus.REVOKED, "fraud", DECIDED)
        session.flush()
        assert (row.status, row.end_reason, row.ended_on) == ("revoked", "fraud", DECIDED)
        changed = {key for key, value in snapshot(row).items() if before[key] != value}
        assert changed == {"status"}
