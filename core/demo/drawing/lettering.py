"""Letters as small masks, rendered once and then only pasted."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont

_PARTS: Final = re.compile(r"[A-Za-z0-9.-]+|.")


class Glyph(NamedTuple):
    """A letter in ink. left, top: from the pen on the baseline to the mask. advance: pixels."""

    mask: Image.Image
    left: int
    top: int
    advance: float


@cache
def font(face: Path, size: int) -> ImageFont.FreeTypeFont:
    """`face` in `size` pixels, without kerning."""
    return ImageFont.truetype(str(face), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def glyph(letter: str, face: Path, size: int, weight: int = 0, turn: int = 0) -> Glyph:
    """One letter. weight: pixels of extra stroke, for there is no bold face. turn: degrees."""
    kind = font(face, size)
    left, top, right, bottom = (
        round(side) for side in kind.getbbox(letter, anchor="ls", stroke_width=weight)
    )
    rim = size // 6 if turn else 0
    mask = Image.new("L", (max(1, right - left) + 2 * rim, max(1, bottom - top) + 2 * rim))
    ImageDraw.Draw(mask).text(
        (rim - left, rim - top), letter, 255, kind, anchor="ls", stroke_width=weight
    )
    if turn:
        mask = mask.rotate(turn, Image.Resampling.BICUBIC)
    return Glyph(mask, left - rim, top - rim, kind.getlength(letter))


def width(text: str, face: Path, size: int) -> float:
    """Pixels that `text` takes in a row."""
    return sum(glyph(letter, face, size).advance for letter in text)


def wrapped(text: str, face: Path, size: int, room: float) -> list[str]:
    """Rows of at most `room` pixels; no row begins with a closing mark, no number is broken."""
    rows, row, left = [], "", room
    for part in _PARTS.findall(text):
        wide = width(part, face, size)
        if wide > left and row and part not in "，。；：、）》":
            rows.append(row)
            row, left = "", room
        row += part
        left -= wide
    return [*rows, row]
