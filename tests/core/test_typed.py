"""What somebody typed: nonsense is refused in words, everything that people write is kept."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from core import typed
from core.errors import CoreError
from core.identifiers import name_key, usable_name
from core.model.base import length_of
from core.model.people import Employer, Person
from core.text import Text

LABEL = Text("姓名", "Name")


@pytest.mark.parametrize(
    "kept",
    [
        "王示一",
        "阿卜杜拉·买买提",
        "O'Neill",
        "Anne-Marie",
        "\U00031350示",  # newer than the tables of this Python
        "\ue863示",  # private use: a rare surname on an older system
        "邉\U000e0100",  # a variation selector chooses the form of a glyph
        "演示（集团）有限公司",
    ],
)
def test_what_people_are_called_is_kept_as_typed(kept: str) -> None:
    assert usable_name(f" {kept}\u3000", LABEL, 60) == kept


@pytest.mark.parametrize(
    ("nonsense", "error"),
    [
        ("", typed.NothingTyped),
        (" \n\u3000", typed.NothingTyped),
        ("\u200b\u200d\ufeff", typed.NothingTyped),
        ("\u202e\u2066", typed.NothingTyped),
        ("\u3164\uffa0", typed.NothingTyped),
        ("\u2800\u2800", typed.NothingTyped),
        ("\ufe0f\u0301", typed.NothingTyped),
        ("\x00", typed.NothingTyped),
        ("王\u202e示", typed.InvisibleTyped),
        ("王\n示", typed.InvisibleTyped),
        ("王\u200b示", typed.InvisibleTyped),
        ("王\x00示", typed.InvisibleTyped),
        ("王\udcff示", typed.InvisibleTyped),
        ("王\uffff示", typed.InvisibleTyped),
        ("···", typed.NoName),
        ("12345", typed.NoName),
        ("长" * 61, typed.TooLongTyped),
        ("\ufdfa" * 60, typed.TooLongTyped),
    ],
)
def test_a_name_that_is_none_is_refused_in_words(nonsense: str, error: type[CoreError]) -> None:
    with pytest.raises(error) as refused:
        usable_name(nonsense, LABEL, 60)
    assert "姓名" in refused.value.message("zh")
    assert "Name" in refused.value.message("en")


@given(st.text(max_size=80))
def test_a_name_that_is_taken_can_be_seen_and_fits_its_columns(raw: str) -> None:
    try:
        name = usable_name(raw, LABEL, 60)
    except CoreError:
        return
    assert typed.visible(name)
    assert not any(typed.unseen(letter) for letter in name)
    assert max(len(name), len(name_key(name))) <= 60
    assert usable_name(name, LABEL, 60) == name, "a second pass changes nothing"


def test_a_text_of_several_lines_keeps_them_but_no_control_that_acts() -> None:
    assert typed.lines(" 一\n二\t三 \n", LABEL, 20) == "一\n二\t三"
    for bad in ("一\x1b[31m", "一\u202e二", "\u200b"):
        with pytest.raises(CoreError):
            typed.lines(bad, LABEL, 20)


@given(st.text())
def test_what_is_shown_in_a_sentence_stays_on_its_line(raw: str) -> None:
    words = typed.shown(raw)
    assert not any(typed.unseen(letter) for letter in words)
    assert "\n" not in words
    assert len(words) <= 40 * len("[U+10FFFF]")


def test_a_megabyte_in_a_sentence_is_cut() -> None:
    assert typed.shown("a" * 1_000_000) == "a" * 39 + "…"


def test_the_lengths_come_from_the_columns() -> None:
    assert (length_of(Person.id_number), length_of(Employer.name)) == (30, 200)
