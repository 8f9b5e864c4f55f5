"""Red round seals: ring, star, the owner's name along the arc."""

from __future__ import annotations

from functools import lru_cache
from math import cos, pi, sin
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageDraw

from core.demo.drawing.canvas import film
from core.demo.drawing.lettering import glyph, width
from core.files.fonts import SANS

SIDE: Final = 250  # pixels: 42 mm at the scale of a page, as company seals are
_RED: Final = (206, 38, 44)


@lru_cache(512)
def _impression(owner: str, purpose: str) -> Image.Image:
    """The seal's ink as a mask. purpose: words under the star, such as 合同专用章."""
    seal = Image.new("L", (2 * SIDE, 2 * SIDE))
    pen, middle = ImageDraw.Draw(seal), SIDE
    pen.ellipse((6, 6, 2 * SIDE - 6, 2 * SIDE - 6), outline=255, width=13)
    star = [
        (middle + r * sin(k * pi / 5), middle - 4 - r * cos(k * pi / 5))
        for k in range(10)
        for r in [72 if k % 2 == 0 else 28]
    ]
    pen.polygon(star, 255)
    size = max(32, min(54, 960 // max(1, len(owner))))
    spread = min(4.6, len(owner) * (size + 14) / 190)
    for place, letter in enumerate(owner):
        angle = spread * ((place + 0.5) / len(owner) - 0.5)
        tile = Image.new("L", (84, 84))
        mask = glyph(letter, SANS, size, 1).mask
        tile.paste(mask, ((84 - mask.width) // 2, (84 - mask.height) // 2))
        tile = tile.rotate(-angle * 180 / pi, Image.Resampling.BILINEAR)
        spot = round(middle - 42 + 192 * sin(angle)), round(middle - 42 - 192 * cos(angle))
        seal.paste(255, spot, tile)
    x = middle - width(purpose, SANS, 40) / 2
    for letter in purpose:
        shape = glyph(letter, SANS, 40, 1)
        seal.paste(255, (round(x + shape.left), middle + 140 + shape.top), shape.mask)
        x += shape.advance
    return seal.reduce(2)


def stamp(
    page: Image.Image, rng: Random, centre: tuple[int, int], owner: str, purpose: str
) -> None:
    """Press the seal of `owner` on the page: a little turned, the ink not quite even."""
    turned = _impression(owner, purpose).rotate(rng.uniform(-16, 16), Image.Resampling.BILINEAR)
    worn = film(34).crop((x := rng.randrange(900), y := rng.randrange(900), x + SIDE, y + SIDE))
    ink = ImageChops.multiply(turned, worn.point([min(255, 108 + v) for v in range(256)]))
    left, top = centre[0] - SIDE // 2, centre[1] - SIDE // 2
    red = Image.new("RGB", (SIDE, SIDE), "white")
    red.paste(_RED, (0, 0), ink)
    # Ink lies over print and shows it: both darken the paper.
    under = page.crop((left, top, left + SIDE, top + SIDE))
    page.paste(ImageChops.multiply(under, red), (left, top))
