"""What is written and stamped: printed letters, signatures and red round seals."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from math import cos, degrees, pi, sin
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from core.demo.drawing.canvas import encoded, grained
from core.files.fonts import SANS, SERIF
from core.files.images import SIGNATURE_SIZE

_HALF: Final = 125  # pixels: a seal is 42 mm across at the scale of a page, as company seals are
_RED: Final = (206, 38, 44)


@cache
def font(face: Path, size: int) -> ImageFont.FreeTypeFont:
    """`face` in `size` pixels, without kerning."""
    return ImageFont.truetype(str(face), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def glyph(letter: str, size: int, weight: int = 0) -> Image.Image:
    """One letter of 宋体 as a mask as wide as the pen goes on, its baseline `size` pixels down.

    Rendered once and then only pasted, in half the time of Pillow's text. weight: pixels of extra
    stroke, for there is no bold face.
    """
    kind = font(SERIF, size)
    mask = Image.new("L", (round(kind.getlength(letter)), size * 4 // 3))
    ImageDraw.Draw(mask).text((0, size), letter, 255, kind, "ls", stroke_width=weight)
    return mask


def width(text: str, size: int) -> int:
    """Pixels that `text` takes in a row."""
    return sum(glyph(letter, size).width for letter in text)


def wrapped(text: str, size: int, room: float) -> list[str]:
    """Rows of at most `room` pixels; no row begins with a closing mark, no number is broken."""
    rows, taken = [""], 0
    for part in re.findall(r"(?:[A-Za-z0-9.-]+|.)[，。；：、）》]*", text):
        wide = width(part, size)
        if rows[-1] and taken + wide > room:
            rows.append("")
            taken = 0
        rows[-1] += part
        taken += wide
    return rows


@lru_cache(1000)  # labels and set phrases come again on every sheet
def row(text: str, size: int, weight: int = 0) -> Image.Image:
    """A row of letters as a mask, its baseline `size` pixels down."""
    masks = [glyph(letter, size, weight) for letter in text]
    mask, end = Image.new("L", (sum(each.width for each in masks), size * 4 // 3)), 0
    for each in masks:
        mask.paste(each, (end, 0))
        end += each.width
    return mask


def signature(seed: int, name: str) -> bytes:
    """A signature in black ink on white, PNG 405 × 162 (M4)."""
    return encoded(written(seed, name), "PNG", compress_level=4)


def written(seed: int, name: str) -> Image.Image:
    """The signature in grey: printed letters turned, slanted and bent by slow waves."""
    rng, (wide, high) = Random(f"{seed}{name}"), SIGNATURE_SIZE
    sheet = Image.new("L", SIGNATURE_SIZE, 255)
    letters = name.split("·", maxsplit=1)[0][:6]
    step = 345 / max(3, len(letters)) * rng.uniform(0.86, 1)
    for place, letter in enumerate(letters):
        mask = glyph(letter, min(103, 330 // len(letters)), rng.choice((0, 0, 1)))
        mask = mask.rotate(rng.uniform(-13, 13), Image.Resampling.BILINEAR, expand=True)
        left = (wide - mask.width) / 2 + (place + 0.5 - len(letters) / 2) * step
        sheet.paste(0, (round(left), (high - mask.height) // 2 + rng.randrange(-13, 4)), mask)
    if rng.random() < 0.5:
        stroke = rng.randrange(60, 140), rng.randrange(128, 140), rng.randrange(310, 390), 134
        ImageDraw.Draw(sheet).line(stroke, 10, 4)
    a, b = rng.uniform(0, 6), rng.uniform(0, 6)
    slant, rise = rng.uniform(0.12, 0.42), rng.uniform(0.02, 0.09)
    y, x = np.ogrid[:high, :wide]
    along = x + slant * (y - high / 2) + 3.5 * np.sin(y / 15.5 + a) + 2 * np.sin(x / 11.5 + b)
    down = y + rise * (x - wide / 2) + 3.5 * np.sin(x / 23.5 + b) + 1.5 * np.sin(y / 8.5 + a)
    rows, columns = down.clip(0, high - 1).astype(int), along.clip(0, wide - 1).astype(int)
    bent = Image.fromarray(np.asarray(sheet)[rows, columns])
    darker = [min(255, max(0, (v - 96) * 5 // 2)) for v in range(256)]
    return bent.filter(ImageFilter.BoxBlur(0.8)).point(darker)


@lru_cache(512)
def _seal(owner: str, purpose: str) -> Image.Image:
    """Ring, star, the owner's name along the arc; purpose: words under the star."""
    seal = Image.new("L", (500, 500))
    pen = ImageDraw.Draw(seal)
    pen.ellipse((6, 6, 494, 494), outline=225, width=13)
    corners = [(28 if k % 2 else 72, k * pi / 5) for k in range(10)]
    pen.polygon([(250 + r * sin(a), 246 - r * cos(a)) for r, a in corners], 225)
    size = max(32, min(54, 960 // len(owner)))
    spread = min(4.6, len(owner) * (size + 14) / 190)
    for place, letter in enumerate(owner):
        angle = spread * ((place + 0.5) / len(owner) - 0.5)
        tile = Image.new("L", (84, 84))
        ImageDraw.Draw(tile).text((42, 42), letter, 255, font(SANS, size), "mm", stroke_width=1)
        tile = tile.rotate(-degrees(angle), Image.Resampling.BILINEAR)
        seal.paste(225, (round(208 + 192 * sin(angle)), round(208 - 192 * cos(angle))), tile)
    pen.text((250, 376), purpose, 225, font(SANS, 40), "mm", stroke_width=1)
    return seal.reduce(2)


def stamp(page: Image.Image, rng: Random, x: int, y: int, owner: str, purpose: str) -> None:
    """Press the seal of `owner` around (x, y): a little turned, the ink not quite even."""
    ink = _seal(owner, purpose).rotate(rng.uniform(-16, 16), Image.Resampling.BILINEAR)
    # Ink lies over print and shows it: both darken the paper.
    under = page.crop((x - _HALF, y - _HALF, x + _HALF, y + _HALF))
    red = ImageChops.multiply(under, Image.new("RGB", under.size, _RED))
    page.paste(grained(red, rng, 26), (x - _HALF, y - _HALF), ink)
