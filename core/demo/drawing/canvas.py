"""What sample pictures are drawn with: a scaled sheet, curves, light, grain and encoding."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from math import cos, pi, sin
from random import Random
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]
Colour = tuple[int, int, int]
Shades = NDArray[np.floating[Any]]
"""Numbers on a grid: coordinates, brightness (1 is full), noise."""

_TILE: Final = 1500  # pixels; every picture is smaller
_CIRCLE: Final = [(cos(a * pi / 12), sin(a * pi / 12)) for a in range(24)]


@cache
def noise() -> Shades:
    """One tile of film grain, cut at a random place for every picture."""
    return np.random.default_rng(7).normal(0, 1, (_TILE, _TILE)).astype(np.float32)


@cache
def film(strength: float) -> Image.Image:
    """The tile as a grey picture around 128. strength: standard deviation in levels of 255."""
    return Image.fromarray(np.clip(np.rint(noise() * strength) + 128, 0, 255).astype(np.uint8))


def _steps(colour: Colour, full: float) -> list[int]:
    """256 levels for each band from black through `colour` at level `full`."""
    levels = np.outer(colour, np.arange(256) / full)
    return cast("list[int]", np.minimum(np.rint(levels), 255).astype(np.int64).ravel().tolist())


def grained(image: Image.Image, rng: Random, strength: float) -> Image.Image:
    """The picture with film grain; strength: its standard deviation in levels of 255."""
    top, left = rng.randrange(_TILE - image.height), rng.randrange(_TILE - image.width)
    piece = film(strength).crop((left, top, left + image.width, top + image.height))
    return ImageChops.add(image, Image.merge("RGB", (piece, piece, piece)), 1, -128)


def jpeg(image: Image.Image, quality: int, exif: Image.Exif | None = None) -> bytes:
    """The picture as a JPEG file."""
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif or Image.Exif())
    return out.getvalue()


@cache
def _weights(steps: int) -> NDArray[np.float64]:
    """What each of four neighbouring points gives to each step between the middle two."""
    t = np.arange(steps)[:, None] / steps
    powers = np.hstack([t**0, t, t**2, t**3])
    catmull_rom = np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]])
    return cast("NDArray[np.float64]", powers @ catmull_rom / 2)


def spline(points: Sequence[Point], *, closed: bool = True, steps: int = 6) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    ends = (points[-1], points[0], points[1]) if closed else (points[0], points[-1])
    p = np.array([ends[0], *points, *ends[1:]], dtype=np.float64)
    fours = p[np.arange(len(p) - 3)[:, None] + np.arange(4)]
    curve = (_weights(steps) @ fours).reshape(-1, 2).tolist()
    found = [(x, y) for x, y in curve]
    return found if closed else [*found, points[-1]]


def ellipse(x: float, y: float, wide: float, high: float) -> list[Point]:
    """An ellipse around (x, y) of 24 points; the first 13 are its lower half."""
    return [(x + wide * a, y + high * b) for a, b in _CIRCLE]


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with `share` (0 to 1) of `other`."""
    return cast(
        "Colour", tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    )


def grid(points: Sequence[Point], step: float) -> tuple[Shades, Shades]:
    """Columns and rows of coordinates that cover the bounding box of a shape."""
    spots = np.array(points, dtype=np.float32)
    (left, top), (right, bottom) = spots.min(0), spots.max(0)
    xs = np.linspace(left, right, max(2, int((right - left) / step)), dtype=np.float32)
    ys = np.linspace(top, bottom, max(2, int((bottom - top) / step)), dtype=np.float32)
    return xs[None, :], ys[:, None]


def bump(xs: Shades, ys: Shades, x: float, y: float, wide: float, high: float) -> Shades:
    """A soft hill of height 1 at (x, y) on a grid."""
    return cast("Shades", np.exp(-(((xs - x) / wide) ** 2)) * np.exp(-(((ys - y) / high) ** 2)))


class Canvas:
    """A picture drawn in the units of a 295 × 413 photo, at any scale and place."""

    def __init__(self, size: tuple[int, int], scale: float, origin: Point, wall: Colour) -> None:
        self.image = Image.new("RGB", size, wall)
        self.pen = ImageDraw.Draw(self.image)
        self.scale = scale
        self.origin = origin

    def at(self, points: Sequence[Point]) -> list[Point]:
        """The points in pixels."""
        (dx, dy), k = self.origin, self.scale
        return [(x * k + dx, y * k + dy) for x, y in points]

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """Draw through the points; width: in units, at least one pixel."""
        self.pen.line(self.at(points), colour, max(1, round(width * self.scale)), joint="curve")

    def area(
        self,
        points: Sequence[Point],
        colour: Colour,
        blur: float = 0,
        share: float = 1,
        light: Shades | None = None,
    ) -> None:
        """Fill a shape with a colour.

        blur: softness of the edge in units. share: how much of the colour covers, 0 to 1.
        light: brightness over the shape's bounding box, rows × columns, or × 3 for each band.
        """
        # An edge softer by less than a pixel is left to the scaling down of the whole picture.
        soft = blur * self.scale >= 1
        spots = self.at(points)
        if light is None and share == 1 and not soft:
            self.pen.polygon(spots, colour)
            return
        rim = 2 * blur * self.scale + 1 if soft else 1
        xs, ys = zip(*spots, strict=True)
        whole = (min(xs) - rim, min(ys) - rim, max(xs) + rim, max(ys) + rim)
        # What lies off the sheet is not painted: bodies and long hair reach far beyond it.
        left, top = max(0, int(whole[0])), max(0, int(whole[1]))
        right = min(self.image.width, int(whole[2]) + 1)
        bottom = min(self.image.height, int(whole[3]) + 1)
        part = (left, top, right, bottom)
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in spots], round(255 * share))
        if soft:
            mask = mask.filter(ImageFilter.BoxBlur(blur * self.scale))
        paint = colour if light is None else _shaded(colour, light, whole, part)
        self.image.paste(paint, (left, top), mask)


def _shaded(
    colour: Colour,
    light: Shades,
    whole: tuple[float, float, float, float],
    part: tuple[int, int, int, int],
) -> Image.Image:
    """`part` of `colour` under a light stretched over `whole` (left, top, right, bottom)."""
    # The light is stretched, not the colours: one band costs a third of three.
    full = 255 / max(1.0, float(light.max()))
    small = Image.fromarray(np.clip(light * full, 0, 255).astype(np.uint8))
    across = small.width / (whole[2] - whole[0])
    down = small.height / (whole[3] - whole[1])
    box = (
        max(0.0, (part[0] - whole[0]) * across),
        max(0.0, (part[1] - whole[1]) * down),
        min(small.width, (part[2] - whole[0]) * across),
        min(small.height, (part[3] - whole[1]) * down),
    )
    size = (part[2] - part[0], part[3] - part[1])
    large = small.resize(size, Image.Resampling.BILINEAR, box=box)
    rgb = Image.merge("RGB", (large, large, large)) if large.mode == "L" else large
    return rgb.point(_steps(colour, full))
