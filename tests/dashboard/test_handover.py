"""What is handed over within a run is there once."""

from __future__ import annotations

from dashboard.handover import Handover


def test_what_was_given_is_taken_once() -> None:
    place: Handover[str] = Handover("test")
    assert place.take() is None
    place.give("first")
    place.give("second")
    assert place.take() == "second"
    assert place.take() is None


def test_two_places_do_not_share_their_values() -> None:
    one, other = Handover[str]("one"), Handover[str]("other")
    one.give("x")
    assert other.take() is None
