"""Professions: specialties, registration numbers and seal numbers as the registers write them."""

from __future__ import annotations

import re

import pytest

from core.catalogue import BUILT_IN


def test_specialties_are_as_many_as_the_registers_know() -> None:
    counts = {key: len(item.specialties) for key, item in BUILT_IN.professions.items()}
    assert counts == {"supervision": 14, "architect": 0, "survey_design": 12}
    every = [item.key for found in BUILT_IN.professions.values() for item in found.specialties]
    assert len(set(every)) == len(every)


def test_closed_specialties_are_those_of_the_domain() -> None:
    closed = {
        key: {item.label.zh for item in found.specialties if not item.open}
        for key, found in BUILT_IN.professions.items()
    }
    assert closed == {
        "supervision": {"公路工程", "港口与航道工程", "水利水电工程"},
        "architect": set(),
        "survey_design": {
            "注册土木工程师(港口与航道)",
            "注册土木工程师(水利水电)",
            "注册土木工程师(道路)",
            "注册环保工程师",
        },
    }


def test_letters_of_survey_and_design_are_distinct() -> None:
    letters = [item.letters for item in BUILT_IN.professions["survey_design"].specialties]
    assert all(letters)
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize(
    ("profession", "letters", "serial", "number"),
    [
        ("supervision", "", "000123", "15000123"),
        ("architect", "", "00249", "121500249"),
        ("survey_design", "AY", "00374", "AY121500374"),
    ],
)
def test_numbers_made_by_the_pattern_pass_their_own_check(
    profession: str, letters: str, serial: str, number: str
) -> None:
    found = BUILT_IN.professions[profession]
    assert len(serial) == found.serial_width
    made = found.number_pattern.format(letters=letters, year="12", region="15", serial=serial)
    assert made == number
    assert re.fullmatch(found.number_check, made)
    assert not re.fullmatch(found.number_check, made + "1")


def test_counters_are_kept_apart_for_each_register() -> None:
    scopes = {
        key: found.serial_scope.format(letters="AY", year="18", region="36")
        for key, found in BUILT_IN.professions.items()
    }
    assert scopes == {
        "supervision": "supervision-36",
        "architect": "architect-18-36",
        "survey_design": "AY-18-36",
    }


def test_seal_numbers_read_like_the_samples() -> None:
    architect = BUILT_IN.professions["architect"].seal_pattern
    engineer = BUILT_IN.professions["survey_design"].seal_pattern
    assert architect is not None
    assert engineer is not None
    assert architect.format(enterprise="281827", letters="", serial=7) == "281827-007"
    assert engineer.format(enterprise="6100371", letters="AY", serial=9) == "6100371-AY009"
