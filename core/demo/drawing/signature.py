"""Names written by hand: printed letters turned, slanted and bent by slow waves."""

from __future__ import annotations

from io import BytesIO
from math import pi
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from core.demo.drawing.canvas import spline
from core.demo.drawing.lettering import SERIF, glyph


def signature(seed: int, name: str) -> bytes:
    """A signature in black ink on white, PNG 405 × 162 (M4)."""
    out = BytesIO()
    written(seed, name).save(out, "PNG", compress_level=4)
    return out.getvalue()


def written(seed: int, name: str) -> Image.Image:
    """The signature as a grey picture of 405 × 162 pixels."""
    rng = Random(f"{seed}{name}")
    letters = name.split("·", maxsplit=1)[0][:6]
    sheet = Image.new("L", (810, 324), 255)
    size = min(205, 660 // max(1, len(letters)))
    step = min(235.0, 690 / max(1, len(letters))) * rng.uniform(0.86, 1)
    start = 405 - step * len(letters) / 2
    for place, letter in enumerate(letters):
        mask = glyph(letter, SERIF, size, rng.choice((0, 1, 2))).mask
        mask = mask.rotate(rng.uniform(-13, 13), Image.Resampling.BILINEAR, expand=True)
        middle = start + (place + 0.5) * step, 162 + rng.randrange(-26, 8)
        corner = round(middle[0] - mask.width / 2), round(middle[1] - mask.height / 2)
        sheet.paste(0, corner, mask)
    # Ink follows the hand: the sheet is slanted, then bent by two slow waves.
    ys = np.arange(324, dtype=np.float32)[:, None]
    xs = np.arange(810, dtype=np.float32)[None, :]
    a, b, c, d = (rng.uniform(0, 2 * pi) for _ in range(4))
    slant, rise = rng.uniform(0.12, 0.42), rng.uniform(0.02, 0.09)
    from_x = (xs + 4 * np.sin(xs / 23 + b)) + (slant * (ys - 162) + 7 * np.sin(ys / 31 + a))
    from_y = (rise * (xs - 405) + 7 * np.sin(xs / 47 + c)) + (ys + 3 * np.sin(ys / 17 + d))
    spots = np.clip(np.rint(from_y), 0, 323) * 810 + np.clip(np.rint(from_x), 0, 809)
    bent = Image.fromarray(np.asarray(sheet).ravel().take(spots.astype(np.int32)))
    bent = bent.filter(ImageFilter.BoxBlur(2)).point(
        [255 if v > 178 else v * 90 // 178 for v in range(256)]
    )
    if rng.random() < 0.5:
        stroke = [
            (rng.uniform(40, 200), 282),
            (400, rng.uniform(262, 290)),
            (rng.uniform(600, 760), 250),
        ]
        ImageDraw.Draw(bent).line(spline(stroke, closed=False, steps=20), 10, 5, joint="curve")
    return bent.reduce(2)
