"""The viewer: which item is on the stage, and what the browser is sent."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dashboard.components import viewer


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    kept: dict[str, object] = {}
    monkeypatch.setattr(viewer, "st", SimpleNamespace(session_state=kept))
    return kept


def test_the_first_item_is_shown_until_another_is_chosen(state: dict[str, object]) -> None:
    assert viewer._current("v", ["1", "2"], None) == "1"
    state["v"] = {"current": "2"}
    assert viewer._current("v", ["1", "2"], None) == "2"
    assert viewer._current("v", ["1"], None) == "1", "what is gone cannot be shown"
    assert viewer._current("v", [], None) is None


def test_a_new_start_wins_over_what_was_chosen_an_old_one_does_not(
    state: dict[str, object],
) -> None:
    state["v"] = {"current": "2"}
    assert viewer._current("v", ["1", "2", "3"], "3") == "3"
    assert viewer._current("v", ["1", "2", "3"], "3") == "2"


def test_an_item_without_a_kind_is_a_document_and_ids_are_distinct() -> None:
    item: viewer.Item = {"id": "1", "src": "/files/1", "title": "身份证"}
    assert viewer._sent([item])[0]["kind"] == "document"
    with pytest.raises(ValueError, match="items share one id"):
        viewer._sent([item, item])
