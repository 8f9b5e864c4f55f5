"""The fonts are there on a bare machine and know Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import ImageFont

from core.files import fonts


@pytest.mark.parametrize("path", [fonts.SANS, fonts.SERIF], ids=lambda path: path.stem)
def test_a_font_has_chinese_and_latin_letters(path: Path) -> None:
    font = ImageFont.truetype(str(path), 40)
    missing = bytes(font.getmask("\U0010fffd"))
    for letter in "注册镕玮堃Aé0，（）·":
        assert bytes(font.getmask(letter)) != missing


def test_the_two_fonts_are_a_sans_and_a_serif() -> None:
    assert ImageFont.truetype(str(fonts.SANS)).getname()[0] == "Noto Sans SC"
    assert ImageFont.truetype(str(fonts.SERIF)).getname()[0] == "Noto Serif SC"
