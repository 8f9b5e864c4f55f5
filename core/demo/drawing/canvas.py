"""What sample pictures are drawn with: a scaled sheet, curves, soft light, grain and encoding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from random import Random
from typing import Any

import numpy as np
from PIL import Image, ImageChops, ImageDraw

Point = tuple[float, float]
Colour = tuple[int, int, int]


def grained(image: Image.Image, rng: Random, strength: float) -> Image.Image:
    """The picture with film grain; strength: its standard deviation in levels of 255."""
    noise = Image.frombytes("L", image.size, rng.randbytes(image.width * image.height))
    noise = noise.point([round(128 + (v - 127.5) / 73.6 * strength) for v in range(256)])
    return ImageChops.add(image, Image.merge("RGB", (noise, noise, noise)), 1, -128)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file of Pillow's format `kind` and options."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with `share` (0 to 1) of `other`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def curve(points: Sequence[Point], *, closed: bool = True) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    before, after = (points[-1:], points[:2]) if closed else (points[:1], points[-1:])
    p = np.array([*before, *points, *after])
    a, b, c, d = p[:-3], p[1:-2], p[2:-1], p[3:]
    t = np.arange(6)[:, None, None] / 6
    on = b + ((c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3) / 2
    found = [(x, y) for x, y in on.swapaxes(0, 1).reshape(-1, 2).tolist()]
    return found if closed else [*found, points[-1]]


@cache
def _glow(share: float) -> Image.Image:
    """A round mask, `share` of 255 in the middle and nothing at the rim."""
    # Pillow's gradient reaches 181 at the middle of a side and 255 in the corners.
    levels = [round(255 * share * max(0, 1 - (v / 180) ** 2) ** 2) for v in range(256)]
    return Image.radial_gradient("L").resize((40, 40)).point(levels)


class Canvas:
    """A picture drawn in units of `scale` pixels; origin: where (0, 0) is, in pixels."""

    def __init__(self, size: tuple[int, int], scale: float, origin: Point, wall: Colour) -> None:
        self.image = Image.new("RGB", size, wall)
        self.pen = ImageDraw.Draw(self.image)
        self.scale, self.origin = scale, origin

    def at(self, points: Sequence[Point]) -> list[Point]:
        """The points in pixels."""
        (dx, dy), k = self.origin, self.scale
        return [(x * k + dx, y * k + dy) for x, y in points]

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """Draw through the points; width: in units, at least one pixel."""
        self.pen.line(self.at(points), colour, max(1, round(width * self.scale)), joint="curve")

    def fill(self, points: Sequence[Point], colour: Colour) -> None:
        """Fill a shape evenly."""
        self.pen.polygon(self.at(points), colour)

    def oval(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """Fill an ellipse around (x, y)."""
        self.pen.ellipse(self.at([(x - wide, y - high), (x + wide, y + high)]), colour)

    def glow(
        self, x: float, y: float, wide: float, high: float, colour: Colour, share: float
    ) -> None:
        """Light or shade around (x, y), strongest in the middle: `share` (0 to 1) of a colour."""
        (left, top), (right, low) = self.at([(x - wide, y - high), (x + wide, y + high)])
        size = max(1, round(right - left)), max(1, round(low - top))
        mask = _glow(round(share, 2)).resize(size, Image.Resampling.BILINEAR)
        self.image.paste(colour, (round(left), round(top)), mask)

    @contextmanager
    def area(self, points: Sequence[Point], colour: Colour) -> Iterator[Canvas]:
        """Fill a shape; what is drawn on the canvas given meanwhile shows inside it alone."""
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon(self.at(points), 255)
        left, top, right, low = box = mask.getbbox() or (0, 0, 1, 1)
        origin = self.origin[0] - left, self.origin[1] - top
        part = Canvas((right - left, low - top), self.scale, origin, colour)
        yield part
        self.image.paste(part.image, box, mask.crop(box))
