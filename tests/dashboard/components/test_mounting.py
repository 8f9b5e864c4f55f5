"""What the browser components share: their parts, words, and messages answered once."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from core.text import Text
from dashboard.components import mounting


def test_a_component_speaks_the_language_of_the_reader() -> None:
    words = {"close": Text("关闭", "Close")}
    assert mounting.spoken(words, "zh") == {"words": {"close": "关闭"}, "language": "zh-CN"}
    assert mounting.spoken(words, "en") == {"words": {"close": "Close"}, "language": "en"}


def test_two_things_with_one_id_are_refused() -> None:
    mounting.distinct(["a", "b"], "rows")
    with pytest.raises(ValueError, match="two rows share one id"):
        mounting.distinct(iter(["a", "b", "a"]), "rows")


def test_a_message_is_answered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mounting, "st", SimpleNamespace(session_state={}))
    first = {"no": "1", "kind": "open"}
    assert mounting.unanswered("table", first) == first
    assert mounting.unanswered("table", first) is None
    assert mounting.unanswered("other", first) == first, "each component counts for itself"
    assert mounting.unanswered("table", {"no": "2"}) == {"no": "2"}


@pytest.mark.parametrize("message", [None, "open", ["open"], 7])
def test_what_is_no_message_is_passed_over(
    message: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounting, "st", SimpleNamespace(session_state={}))
    assert mounting.unanswered("table", message) is None


@pytest.mark.parametrize(
    "names", [("parts.js", "table.js"), ("parts.js", "viewer_stage.js", "viewer.js")]
)
def test_no_name_is_defined_twice_in_the_text_of_a_component(names: tuple[str, ...]) -> None:
    text = mounting._joined(*names)
    defined = re.findall(r"^(?:const|let|function|class) (\w+)", text, re.MULTILINE)
    assert sorted(set(defined)) == sorted(defined)
    assert len(re.findall(r"^export default mounting\(", text, re.MULTILINE)) == 1
