"""The built-in catalogue as a whole: complete, in two languages, extended and exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields as dataclass_fields, is_dataclass, replace

import pytest

from core import catalogue
from core.catalogue import BUILT_IN
from core.catalogue.types import Effect
from core.text import Text

CJK = re.compile(r"[一-鿿]")


def texts(thing: object, where: str) -> Iterator[tuple[str, Text]]:
    """Every Text reachable from `thing`, with the way to it."""
    if isinstance(thing, Text):
        yield where, thing
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from texts(value, f"{where}[{key}]")
    elif isinstance(thing, tuple):
        for index, value in enumerate(thing):
            yield from texts(value, f"{where}[{index}]")
    elif is_dataclass(thing):
        for item in dataclass_fields(thing):
            yield from texts(getattr(thing, item.name), f"{where}.{item.name}")


def test_every_profession_offers_every_business_type() -> None:
    assert set(BUILT_IN.services) == {
        (profession, business)
        for profession in ("supervision", "architect", "survey_design")
        for business in ("initial", "change", "renewal", "replacement", "cancellation")
    }


def test_everything_is_stored_under_its_own_key() -> None:
    for group in (BUILT_IN.professions, BUILT_IN.businesses, BUILT_IN.reasons, BUILT_IN.parameters):
        assert [item.key for item in group.values()] == list(group)
    for pair, service in BUILT_IN.services.items():
        assert (service.profession, service.business) == pair


def test_every_text_is_chinese_on_one_side_and_english_on_the_other() -> None:
    found = list(texts(BUILT_IN, "catalogue"))
    assert len(found) > 1000
    for where, text in found:
        assert text.zh.strip() == text.zh, where
        assert text.en.strip() == text.en, where
        assert CJK.search(text.zh), (where, text.zh)
        assert re.search(r"[A-Za-z%]", text.en), (where, text.en)
        assert not CJK.search(text.en), (where, text.en)
        assert not re.search(r"[{}]", text.zh + text.en), where


def test_extending_leaves_the_base_as_it_was() -> None:
    more = catalogue.extended(
        BUILT_IN,
        professions=[replace(BUILT_IN.professions["architect"], key="planner")],
        businesses=[replace(BUILT_IN.businesses["change"], key="transfer")],
        services=[replace(BUILT_IN.services["architect", "change"], profession="planner")],
        reasons=[replace(BUILT_IN.reasons["other_bar_architect"], key="new_bar")],
    )
    assert more.service("planner", "change") is not None
    assert more.effect("transfer") is Effect.MOVE
    assert "new_bar" in more.reasons
    assert BUILT_IN.service("planner", "change") is None
    assert len(BUILT_IN.professions) == 3


def test_an_installed_catalogue_is_in_force_only_inside_the_block() -> None:
    other = catalogue.extended(BUILT_IN)
    before = catalogue.current()

    def fail_inside() -> None:
        with catalogue.installed(other) as found:
            assert found is catalogue.current() is other
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_inside()
    assert catalogue.current() is before
