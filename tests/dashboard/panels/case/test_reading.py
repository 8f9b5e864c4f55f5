"""What a person has read of a case: from its opening through the changes of others."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboard.panels.case import reading
from dashboard.panels.case.reading import Arrival

REF = "2026000000001"
OPENED = reading.opened(REF, 3, None)


@pytest.mark.parametrize(
    ("before", "ref", "version", "arrival"),
    [
        (None, REF, 3, Arrival.FIRST_OPENED),
        (OPENED, "2026000000002", 3, Arrival.FIRST_OPENED),
        (OPENED, REF, 3, Arrival.UNCHANGED),
        (OPENED, REF, 4, Arrival.CHANGED),
        (reading.told(OPENED, 4, None), REF, 4, Arrival.CHANGED),
        (reading.acknowledged(OPENED, 4, None), REF, 4, Arrival.UNCHANGED),
        (reading.acted(OPENED), REF, 7, Arrival.UNCHANGED),
    ],
)
def test_a_case_arrives_new_unchanged_or_changed(
    before: reading.Reading | None, ref: str, version: int, arrival: Arrival
) -> None:
    assert reading.arrival(before, ref, version) is arrival


def test_a_change_that_is_told_leaves_the_version_read_as_it_was() -> None:
    after = reading.told(OPENED, 5, 8)
    assert (after.version, after.told, after.holder) == (3, 5, 8)


def test_acknowledging_makes_the_version_shown_the_one_read() -> None:
    after = reading.acknowledged(reading.told(OPENED, 5, None), 5, None)
    assert after == reading.opened(REF, 5, None)


def test_the_page_covers_what_was_read_and_what_was_told() -> None:
    told = reading.told(OPENED, 5, 8)
    assert told.covers(REF, 5, 8)
    assert told.covers(REF, 3, 8)


def test_the_page_covers_no_newer_version_no_other_holder_and_no_other_case() -> None:
    told = reading.told(OPENED, 5, 8)
    assert not told.covers(REF, 6, 8)
    assert not told.covers(REF, 5, None)
    assert not told.covers("2026000000002", 5, 8)


def test_after_an_act_of_ones_own_the_page_covers_nothing_until_it_is_drawn_anew() -> None:
    acted = reading.acted(OPENED)
    assert not acted.covers(REF, 3, None)
    assert not acted.covers(REF, 4, None)
    assert reading.acknowledged(acted, 4, None).covers(REF, 4, None)


def test_one_reading_is_kept_that_of_the_case_opened_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "st", SimpleNamespace(session_state={}))
    assert reading.kept() is None
    reading.keep(OPENED)
    reading.keep(reading.opened("2026000000002", 1, 4))
    assert reading.kept() == reading.opened("2026000000002", 1, 4)
    assert list(reading.st.session_state) == ["case-reading"]
