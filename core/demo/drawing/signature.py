"""Names written by hand: printed letters turned, slanted and bent by slow waves."""

from __future__ import annotations

from io import BytesIO
from math import pi, sin
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from core.demo.drawing.canvas import spline
from core.demo.drawing.lettering import glyph
from core.files.fonts import SERIF

_WIDE, _HIGH, _MESH = 405, 162, 27  # pixels: M4's size, and the pieces it is bent by
_DARKER: Final = [min(255, max(0, (v - 96) * 5 // 2)) for v in range(256)]


def signature(seed: int, name: str) -> bytes:
    """A signature in black ink on white, PNG 405 × 162 (M4)."""
    out = BytesIO()
    written(seed, name).save(out, "PNG", compress_level=4)
    return out.getvalue()


def written(seed: int, name: str) -> Image.Image:
    """The signature as a grey picture of 405 × 162 pixels."""
    rng = Random(f"{seed}{name}")
    letters = name.split("·", maxsplit=1)[0][:6]
    sheet = Image.new("L", (_WIDE, _HIGH), 255)
    size = min(103, 330 // max(1, len(letters)))
    step = min(117, 345 / max(1, len(letters))) * rng.uniform(0.86, 1)
    for place, letter in enumerate(letters):
        mask = glyph(letter, SERIF, size, rng.choice((0, 0, 1))).mask
        mask = mask.rotate(rng.uniform(-13, 13), Image.Resampling.BILINEAR, expand=True)
        x = _WIDE / 2 + (place + 0.5 - len(letters) / 2) * step
        corner = round(x - mask.width / 2), (_HIGH - mask.height) // 2 + rng.randrange(-13, 4)
        sheet.paste(0, corner, mask)
    a, b, c, d = (rng.uniform(0, 2 * pi) for _ in range(4))
    slant, rise = rng.uniform(0.12, 0.42), rng.uniform(0.02, 0.09)

    def origin(x: float, y: float) -> tuple[float, float]:
        """Where the ink of a point comes from: the sheet is slanted, then bent by two waves."""
        along = x + slant * (y - _HIGH / 2) + 3.5 * sin(y / 15.5 + a) + 2 * sin(x / 11.5 + b)
        down = y + rise * (x - _WIDE / 2) + 3.5 * sin(x / 23.5 + c) + 1.5 * sin(y / 8.5 + d)
        return along, down

    pieces = [
        ((x, y, right, low), (*origin(x, y), *origin(x, low), *origin(right, low),
                              *origin(right, y)))
        for x in range(0, _WIDE, _MESH) for y in range(0, _HIGH, _MESH)
        for right in [min(x + _MESH, _WIDE)] for low in [min(y + _MESH, _HIGH)]
    ]  # fmt: skip
    bent = sheet.transform(
        sheet.size, Image.Transform.MESH, pieces, Image.Resampling.BILINEAR, fillcolor=255
    )
    if rng.random() < 0.5:
        stroke = [(rng.uniform(20, 100), 141), (200, rng.uniform(131, 145)),
                  (rng.uniform(300, 380), 125)]  # fmt: skip
        ImageDraw.Draw(bent).line(spline(stroke, closed=False, steps=20), 10, 3, joint="curve")
    return bent.filter(ImageFilter.BoxBlur(0.8)).point(_DARKER)
