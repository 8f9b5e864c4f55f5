"""Remarks on a photo and a signature: one for each rule, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.files.images import ImageFacts, inspect, photo_findings, signature_findings
from tests.core.files.pictures import file_of, portrait


def test_a_coloured_background_is_measured_and_remarked_on() -> None:
    half = portrait()
    half.paste("red", (0, 0, 147, 413))
    assert 0.4 < inspect(file_of(half, "PNG"), "a.png").white_background_share < 0.6
    facts = inspect(file_of(portrait(background="steelblue")), "a.jpg")
    assert facts.white_background_share == 0.0
    (remark,) = photo_findings(facts)
    assert "背景" in remark("zh")


GOOD_PHOTO = ImageFacts("jpeg", "image/jpeg", 295, 413, 512_000, "0" * 64, 1, 0.9, False, True)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"width": 413, "height": 295}, "413×高295"),
        ({"width": 296}, "宽296×高413"),
        ({"size": 512_001}, "501KB"),
        ({"white_background_share": 0.849}, "84%"),
    ],
)
def test_each_rule_of_the_photo_has_its_own_remark(change: dict[str, object], word: str) -> None:
    assert photo_findings(GOOD_PHOTO) == []
    (remark,) = photo_findings(replace(GOOD_PHOTO, **change))  # type: ignore[arg-type]
    assert word in remark("zh")
    assert "{" not in remark("zh") + remark("en")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, []),
        ({"width": 162, "height": 405}, ["横向"]),
        ({"width": 810, "height": 324}, ["宽405×高162"]),
        ({"white_background_share": 0.2}, ["白底黑字"]),
        ({"width": 162, "height": 405, "white_background_share": 0.2}, ["横向", "白底黑字"]),
    ],
)
def test_each_rule_of_the_signature_has_its_own_remark(
    change: dict[str, object], words: list[str]
) -> None:
    facts = replace(GOOD_PHOTO, **{"width": 405, "height": 162, **change})  # type: ignore[arg-type]
    remarks = signature_findings(facts)
    assert len(remarks) == len(words)
    for remark, word in zip(remarks, words, strict=True):
        assert word in remark("zh")
        assert "{" not in remark("en")
