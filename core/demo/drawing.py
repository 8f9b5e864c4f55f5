"""Drawn pictures for sample cases: ID photos, signatures and scanned papers, the same for a seed.

No photograph of a person and no real paper is used: everything is polygons, light and noise.
Photos and papers are JPEG, signatures PNG (`EXTENSIONS`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path
from random import Random
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from core.demo.names import Sex

EXTENSIONS: Final = {
    "portrait": ".jpg",
    "phone_portrait": ".jpg",
    "signature": ".png",
    "document": ".jpg",
}

_Point = tuple[float, float]
_Colour = tuple[int, int, int]
_Array = NDArray[np.float32]

_HAIR: Final = ((28, 25, 26), (38, 30, 28), (20, 20, 24), (58, 42, 34), (84, 58, 42))
_GREY: Final = ((96, 94, 94), (70, 68, 68), (128, 126, 124))
_SKIN: Final = ((243, 210, 186), (234, 196, 168), (224, 182, 152), (247, 219, 200), (210, 166, 134))
_CLOTH: Final = (
    *((32, 36, 48), (24, 26, 30), (52, 60, 78), (88, 92, 98), (120, 40, 48), (178, 186, 196)),
    *((44, 74, 62), (140, 122, 104), (206, 190, 176), (62, 96, 142), (226, 228, 232)),
    *((196, 150, 96), (150, 170, 150), (214, 176, 180), (112, 142, 176)),
)


@cache
def _noise() -> _Array:
    """One tile of film grain, cut at a random place for every picture."""
    return np.random.default_rng(7).normal(0, 1, (1500, 1500)).astype(np.float32)


def _grain(image: Image.Image, rng: Random, strength: float) -> Image.Image:
    height, width = image.height, image.width
    top, left = rng.randrange(1500 - height), rng.randrange(1500 - width)
    tile = _noise()[top : top + height, left : left + width, None] * strength
    pixels = np.asarray(image, dtype=np.float32) + tile
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _lit(image: Image.Image, rng: Random, light: _Array, strength: float) -> Image.Image:
    """The picture under uneven light (1 is full) with grain; quick for large pictures."""
    top, left = rng.randrange(1500 - image.height), rng.randrange(1500 - image.width)
    film = _noise()[top : top + image.height, left : left + image.width] * strength
    film += light * 248
    layer = Image.fromarray(np.clip(film, 0, 255, out=film).astype(np.uint8))
    return ImageChops.multiply(image, Image.merge("RGB", (layer, layer, layer)))


def _jpeg(image: Image.Image, quality: int, exif: Image.Exif | None = None) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=quality, exif=exif or Image.Exif())
    return out.getvalue()


def _spline(points: Sequence[_Point], *, closed: bool = True, steps: int = 6) -> list[_Point]:
    """A Catmull-Rom curve through the points."""
    p = np.array(points)
    p = np.vstack([p[-1:], p, p[:2]]) if closed else np.vstack([p[:1], p, p[-1:]])
    t = np.arange(steps)[None, :, None] / steps
    a, b, c, d = (p[k : len(p) - 3 + k, None, :] for k in range(4))
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    found = [(float(x), float(y)) for x, y in curve.reshape(-1, 2)]
    return found if closed else [*found, points[-1]]


def _mixed(one: _Colour, other: _Colour, share: float) -> _Colour:
    """`one` with `share` (0 to 1) of `other`."""
    return cast(
        "_Colour", tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    )


class _Canvas:
    """A picture drawn in the units of a 295 × 413 photo, at any scale and place."""

    def __init__(self, size: tuple[int, int], scale: float, origin: _Point, wall: _Colour) -> None:
        self.image = Image.new("RGB", size, wall)
        self.pen = ImageDraw.Draw(self.image)
        self.scale = scale
        self.origin = origin

    def at(self, points: Sequence[_Point]) -> list[_Point]:
        (dx, dy), k = self.origin, self.scale
        return [(x * k + dx, y * k + dy) for x, y in points]

    def line(self, points: Sequence[_Point], colour: _Colour, width: float) -> None:
        self.pen.line(self.at(points), colour, max(1, round(width * self.scale)), joint="curve")

    def area(
        self, points: Sequence[_Point], paint: _Colour | _Array, blur: float = 0, share: float = 1
    ) -> None:
        """Fill a shape with a colour, or with an array stretched over the shape's bounding box."""
        # An edge softer by less than a pixel is left to the scaling down of the whole picture.
        if blur * self.scale < 1 and share == 1 and isinstance(paint, tuple):
            self.pen.polygon(self.at(points), paint)
            return
        spots = np.array(self.at(points))
        rim = 2 * blur * self.scale + 1
        left, top = (int(v) for v in np.floor(spots.min(0) - rim))
        right, bottom = (int(v) for v in np.ceil(spots.max(0) + rim))
        whole = (right - left, bottom - top)
        # What lies off the sheet is not painted: bodies and long hair reach far below it.
        right, bottom = min(right, self.image.width), min(bottom, self.image.height)
        size = (right - left, bottom - top)
        mask = Image.new("L", size)
        shape = [(float(x), float(y)) for x, y in spots - (left, top)]
        ImageDraw.Draw(mask).polygon(shape, round(255 * share))
        if blur:
            mask = mask.filter(ImageFilter.BoxBlur(blur * self.scale))
        if isinstance(paint, tuple):
            self.image.paste(paint, (left, top), mask)
            return
        texture = Image.fromarray(np.clip(paint, 0, 255).astype(np.uint8))
        part = (0, 0, texture.width * size[0] / whole[0], texture.height * size[1] / whole[1])
        texture = texture.resize(size, Image.Resampling.BILINEAR, box=part)
        self.image.paste(texture, (left, top), mask)


def _grid(points: Sequence[_Point], step: float) -> tuple[_Array, _Array]:
    """Columns and rows of coordinates that cover the bounding box of a shape."""
    spots = np.array(points, dtype=np.float32)
    (left, top), (right, bottom) = spots.min(0), spots.max(0)
    xs = np.linspace(left, right, max(2, int((right - left) / step)), dtype=np.float32)
    ys = np.linspace(top, bottom, max(2, int((bottom - top) / step)), dtype=np.float32)
    return xs[None, :], ys[:, None]


def _bump(xs: _Array, ys: _Array, x: float, y: float, wide: float, high: float) -> _Array:
    return cast("_Array", np.exp(-(((xs - x) / wide) ** 2)) * np.exp(-(((ys - y) / high) ** 2)))


def _tinted(colour: _Colour, light: _Array) -> _Array:
    return cast("_Array", np.array(colour, dtype=np.float32) * light[..., None])


def _ellipse(x: float, y: float, wide: float, high: float) -> list[_Point]:
    return [(x + wide * cos(a * pi / 12), y + high * sin(a * pi / 12)) for a in range(24)]


def _clothes(
    canvas: _Canvas, rng: Random, sex: Sex, cx: float, chin: float, neck: float, skin: _Colour
) -> None:
    kind = rng.choice(("suit", "suit", "shirt", "round", "jacket"))
    cloth, shirt = (
        rng.choice(_CLOTH),
        rng.choice(((240, 242, 246), (206, 220, 238), (60, 64, 74), (232, 214, 210))),
    )
    base = chin + rng.uniform(24, 36)
    halves = [(rng.uniform(94, 150), rng.uniform(14, 58)) for _ in range(2)]
    (wide, slope), (far, drop) = halves
    body = _spline(
        [
            *((cx - neck, base), (cx - wide * 0.7, base + slope * 0.75)),
            *((cx - wide, base + slope * 1.6), (cx - wide - 14, 480), (cx + far + 14, 480)),
            *((cx + far, base + drop * 1.6), (cx + far * 0.7, base + drop * 0.75)),
            (cx + neck, base),
        ]
    )
    xs, ys = _grid(body, 6)
    light = 1.0 - 0.2 * ((xs - cx) / wide) ** 2 - 0.0009 * (ys - base)
    for _ in range(3):
        light = light - 0.12 * _bump(xs, ys, cx + rng.uniform(-90, 90), base + 80, 9, 70)
    if kind == "shirt":
        cloth = shirt
    weave, pitch = rng.choice(("plain", "plain", "striped", "checked")), rng.uniform(16, 34)
    if kind in {"round", "shirt"} and weave != "plain":
        light = light - 0.22 * (ys % pitch < pitch / 2) * (light > 0)
    if kind in {"round", "shirt"} and weave == "checked":
        light = light - 0.18 * (xs % pitch < pitch / 2)
    canvas.area(body, _tinted(cloth, light.astype(np.float32)))
    skin_v = [(cx - neck * 0.9, base - 2), (cx + neck * 0.9, base - 2), (cx, base + 34)]
    dark = _mixed(cloth, (0, 0, 0), 0.35)
    if kind in {"suit", "jacket"}:
        canvas.area([(cx - neck, base - 4), (cx + neck, base - 4), (cx, base + 104)], shirt)
        if kind == "suit" and sex == "男":
            tie = rng.choice(((120, 30, 38), (36, 52, 96), (60, 60, 66), (150, 130, 70)))
            canvas.area(
                [
                    (cx - 7, base + 25),
                    (cx + 7, base + 25),
                    (cx + 5, base + 38),
                    (cx - 5, base + 38),
                ],
                tie,
            )
            canvas.area(
                [(cx - 5, base + 38), (cx + 5, base + 38), (cx + 13, 460), (cx - 13, 460)],
                _mixed(tie, (0, 0, 0), 0.15),
            )
        for side in (-1, 1):
            lapel = [
                *((cx + side * neck * 1.05, base - 6), (cx + side * (neck + 22), base + 22)),
                *(
                    (cx + side * 46, base + 60),
                    (cx + side * 2, base + 118),
                    (cx + side * 10, base + 70),
                ),
            ]
            canvas.area(lapel, _mixed(cloth, (255, 255, 255), 0.07))
            canvas.line([lapel[1], lapel[2], lapel[3]], dark, 1)
    if kind == "round":
        canvas.area(_ellipse(cx, base, neck * 1.1, 20)[:13], dark)
        canvas.area(_ellipse(cx, base - 5, neck * 0.98, 19)[:13], skin, 0.5)
        return
    if sex == "女" and kind != "shirt":
        canvas.area(skin_v, _mixed(shirt, (0, 0, 0), 0.05))
        return
    for side in (-1, 1):
        collar = [
            *((cx + side * neck * 0.98, base - 12), (cx + side * (neck + 8), base + 6)),
            *((cx + side * 20, base + 44), (cx + side * 1, base + 26)),
        ]
        canvas.area(collar, _mixed(shirt, (255, 255, 255), 0.25))
        canvas.line([*collar[1:], collar[0]], _mixed(shirt, (0, 0, 0), 0.25), 0.8)


def _hair(canvas: _Canvas, rng: Random, points: list[_Point], colour: _Colour, top: _Point) -> None:
    """A head of hair: strands run outwards from the parting, with a soft band of shine."""
    xs, ys = _grid(points, 2)
    angle = np.arctan2(ys - top[1] + 26, xs - top[0])
    raw = np.random.default_rng(rng.randrange(2**31)).normal(0, 0.09, 260)
    strands = raw + np.roll(raw, 1) + np.roll(raw, 2) * 0.5
    streak = strands[(angle * 80 + 130).astype(np.int32) % 260]
    reach = np.hypot(xs - top[0], ys - top[1])
    shine = 0.55 * np.exp(-(((reach - 34) / 20) ** 2))
    light = 0.92 + streak * (1 + shine) + shine
    canvas.area(points, _tinted(colour, light.astype(np.float32)), 0.7)


def _eyes(
    canvas: _Canvas, rng: Random, cx: float, y: float, w: float, hair: _Colour, skin: _Colour
) -> None:
    apart, wide = w * rng.uniform(0.41, 0.47), w * rng.uniform(0.185, 0.225)
    high, tilt = wide * rng.uniform(0.3, 0.44), rng.uniform(-1, 2)
    brow, thick = rng.uniform(15, 20), rng.uniform(2.2, 4.6)
    iris, lid = rng.choice(((58, 38, 28), (40, 28, 24), (74, 48, 32))), rng.random() < 0.6
    deep = _mixed(skin, (70, 30, 20), 0.55)
    for side in (-1, 1):
        x = cx + side * apart
        inner, outer = (x - side * wide, y + 1), (x + side * wide, y - tilt)
        upper = _spline(
            [inner, (x - side * wide * 0.3, y - high), (x + side * wide * 0.45, y - high), outer],
            closed=False,
        )
        lower = _spline(
            [
                outer,
                (x + side * wide * 0.3, y + high * 0.75),
                (x - side * wide * 0.4, y + high * 0.7),
                inner,
            ],
            closed=False,
        )
        canvas.area([*upper, *lower], (228, 220, 216), 0.4)
        canvas.area(_ellipse(x, y - high * 0.15, high * 1.14, high * 1.1), iris, 0.5)
        canvas.area(_ellipse(x, y - high * 0.15, high * 0.5, high * 0.5), (14, 10, 10), 0.3)
        canvas.area(_ellipse(x - 1.6, y - high * 0.5, 1.1, 1.1), (240, 240, 240), 0.2)
        canvas.area([*upper, *((px, py - 1.9) for px, py in reversed(upper))], (36, 26, 24), 0.5)
        canvas.area([*lower, *((px, py + 1.0) for px, py in reversed(lower))], deep, 0.5, 0.5)
        if lid:
            canvas.area(
                [
                    *((px, py - 4.4) for px, py in upper),
                    *((px, py - 5.4) for px, py in reversed(upper)),
                ],
                deep,
                0.5,
                0.8,
            )
        tail, peak, head = x + side * wide * 1.35, x + side * wide * 0.5, x - side * wide * 1.05
        arch = [(head, y - brow + 1), (peak, y - brow - 3.5), (tail, y - brow + 1.5)]
        under = [(tail, y - brow + 2), (peak, y - brow - 3.5 + thick), (head, y - brow + 1 + thick)]
        shape = [*_spline(arch, closed=False), *_spline(under, closed=False)]
        canvas.area(shape, _mixed(hair, skin, 0.18), 1.0, 0.9)


def _nose(canvas: _Canvas, at: _Point, broad: float, skin: _Colour) -> None:
    cx, nose = at
    for side in (-1, 1):
        canvas.area(
            _ellipse(cx + side * broad * 0.5, nose + 5, 3.6, 1.7),
            _mixed(skin, (60, 20, 15), 0.7),
            0.9,
        )
        wing = _spline(
            [
                (cx + side * broad * 0.8, nose - 6),
                (cx + side * broad * 1.05, nose + 1),
                (cx + side * broad * 0.8, nose + 6),
            ],
            closed=False,
        )
        canvas.area(
            [*wing, (cx + side * broad * 0.84, nose)], _mixed(skin, (90, 40, 30), 0.4), 1.0, 0.8
        )


def _mouth(canvas: _Canvas, rng: Random, at: _Point, w: float, skin: _Colour, man: bool) -> None:
    cx, mouth = at
    wide, full = w * rng.uniform(0.32, 0.42), rng.uniform(3.2, 5.5)
    smile = rng.uniform(0.8, 3.4)
    lips = _mixed(
        skin,
        (176, 70, 70) if man else (190, 48, 62),
        rng.uniform(0.35, 0.55) if man else rng.uniform(0.5, 0.85),
    )
    seam = _spline(
        [
            (cx - wide, mouth - smile),
            (cx - wide * 0.4, mouth + 0.6),
            (cx, mouth + 0.2),
            (cx + wide * 0.4, mouth + 0.6),
            (cx + wide, mouth - smile),
        ],
        closed=False,
    )
    above = _spline(
        [
            (cx + wide, mouth - smile),
            (cx + wide * 0.22, mouth - full),
            (cx, mouth - full * 0.75),
            (cx - wide * 0.22, mouth - full),
            (cx - wide, mouth - smile),
        ],
        closed=False,
    )
    below = _spline(
        [
            (cx + wide, mouth - smile),
            (cx + wide * 0.4, mouth + full * 1.35),
            (cx - wide * 0.4, mouth + full * 1.35),
            (cx - wide, mouth - smile),
        ],
        closed=False,
    )
    canvas.area([*seam, *above], _mixed(lips, (60, 10, 20), 0.14), 0.7)
    canvas.area([*seam, *below], lips, 0.8)
    canvas.area(
        _ellipse(cx, mouth + full * 0.8, wide * 0.3, 1.2),
        _mixed(lips, (255, 235, 230), 0.5),
        1.2,
        0.5,
    )
    canvas.area(
        [*seam, *((x, y + 1.3) for x, y in reversed(seam))], _mixed(lips, (40, 5, 10), 0.65), 0.5
    )


def _fringe(
    canvas: _Canvas,
    rng: Random,
    head: tuple[float, float, float, float],
    cut: tuple[int, float, float, float],
    man: bool,
    hair: _Colour,
) -> None:
    """Hair over the forehead; `head` is centre, eye line, half width, top; `cut` is the style."""
    (cx, eye, w, top), (style, volume, line, part) = head, cut
    crown = (cx + w * part, top - volume * 0.4)
    rim = w * (1.05 if man else 1.1)
    side_low = (
        eye + rng.uniform(2, 16) if man else (eye + rng.uniform(10, 40) if style != 2 else eye - 6)
    )
    if man and style == 4:
        line, volume = top + 6, volume * 0.3
    if not man and style == 3:
        line = eye - 26
    bend = {0: 0.0, 1: 14.0, 2: -8.0, 3: 3.0, 4: 10.0}[style]
    hem = [
        (u, line + bend * abs(u - part) + 20 * max(0.0, abs(u) - 0.72) + rng.uniform(-2.5, 2.5))
        for u in np.linspace(-0.9, 0.9, 9)
    ]
    shape = [
        *(
            (cx - rim, side_low),
            (cx - rim * 1.04, eye - w * 0.4),
            (cx - w * 0.86, top + 14 - volume * 0.5),
        ),
        *(
            (cx - w * 0.4, top - volume * 0.9),
            (cx + w * part * 0.3, top - volume),
            (cx + w * 0.4, top - volume * 0.9),
        ),
        *(
            (cx + w * 0.86, top + 14 - volume * 0.5),
            (cx + rim * 1.04, eye - w * 0.4),
            (cx + rim, side_low),
        ),
        (cx + w * 0.93, eye - w * 0.3),
        *((cx + u * w, y) for u, y in reversed(hem)),
        (cx - w * 0.93, eye - w * 0.3),
    ]
    _hair(canvas, rng, _spline(shape), hair, crown)


def _glasses(canvas: _Canvas, rng: Random, cx: float, eye: float, w: float) -> None:
    frame = rng.choice(((24, 22, 24), (90, 70, 50), (120, 124, 130)))
    thick, lens, tall = rng.choice((0.9, 1.6, 2.4)), w * 0.34, rng.uniform(13, 19)
    for side in (-1, 1):
        glass = [
            (
                cx + side * w * 0.45 + lens * np.sign(cos(a)) * abs(cos(a)) ** 0.6,
                eye + 2 + tall * np.sign(sin(a)) * abs(sin(a)) ** 0.7,
            )
            for a in np.arange(0, 2 * pi, pi / 14)
        ]
        canvas.area(glass, (225, 232, 240), 0.5, 0.1)
        canvas.line([*glass, *glass[:2]], frame, thick)
        canvas.line(
            [(cx + side * (w * 0.45 + lens), eye - 4), (cx + side * (w + 1), eye - 6)],
            frame,
            thick,
        )
    canvas.line(
        _spline([(cx - w * 0.12, eye), (cx, eye - 4), (cx + w * 0.12, eye)], closed=False),
        frame,
        thick,
    )


def _long_hair(
    canvas: _Canvas,
    rng: Random,
    head: tuple[float, float, float, float],
    style: int,
    chin: float,
    hair: _Colour,
    crown: _Point,
) -> None:
    """Hair that falls behind the shoulders; `head` is centre, eye line, half width, height."""
    cx, eye, w, peak = head
    low = {0: 400.0, 1: chin - 4 + rng.uniform(-16, 22), 4: chin + rng.uniform(30, 80)}[style]
    fall, other = w + rng.uniform(8, 38), w + rng.uniform(8, 38)
    cut = 1 if style == 1 else rng.uniform(0.6, 1)
    sway = 6 if style == 4 else 0
    down = [(sway * (-1) ** k, (low - eye + 20) * k / 5) for k in range(6)]
    back = [
        (cx, peak),
        *((cx + fall + x, eye - 20 + y) for x, y in down),
        *((cx - other - x, eye - 20 + y * cut) for x, y in reversed(down)),
    ]
    _hair(canvas, rng, _spline(back), _mixed(hair, (0, 0, 0), 0.2), crown)


def _face(canvas: _Canvas, rng: Random, sex: Sex) -> None:
    """Head and shoulders, in the same order of chances at every scale."""
    man = sex == "男"
    age = rng.random()
    skin = _mixed(rng.choice(_SKIN), rng.choice(_SKIN), rng.random() * 0.6)
    hair = rng.choice(_GREY) if age > 0.86 else rng.choice(_HAIR)
    cx, eye = 147.5 + rng.uniform(-14, 14), 178 + rng.uniform(-20, 14)
    w = rng.uniform(58, 70) if man else rng.uniform(54, 65)
    top, chin = eye - w * rng.uniform(1.32, 1.48), eye + w * rng.uniform(1.32, 1.56)
    jaw, tip = rng.uniform(0.74, 0.9) if man else rng.uniform(0.68, 0.82), rng.uniform(0.3, 0.44)
    span = chin - eye
    half = [(0.99, 0.16), (0.93, 0.45), (jaw, 0.72), (tip, 0.94)]
    face = _spline(
        [
            *(
                (cx - w * 0.74, top + 10),
                (cx, top),
                (cx + w * 0.74, top + 10),
                (cx + w * 0.99, eye - w * 0.5),
            ),
            *((cx + w * a, eye + span * b) for a, b in half),
            (cx, chin),
            *((cx - w * a, eye + span * b) for a, b in reversed(half)),
            (cx - w * 0.99, eye - w * 0.5),
        ]
    )
    style = rng.randrange(5)
    volume, line = rng.uniform(9, 24), top + w * rng.uniform(0.36, 0.58)
    part = rng.uniform(-0.55, 0.55)
    crown = (cx + w * part, top - volume * 0.4)
    if not man and style in {0, 1, 4}:  # long, bob, waves: hair behind the shoulders
        _long_hair(canvas, rng, (cx, eye, w, top - volume), style, chin, hair, crown)
    neck = w * (rng.uniform(0.64, 0.74) if man else rng.uniform(0.5, 0.58))
    throat = _spline(
        [
            (cx - neck, eye + 40),
            (cx + neck, eye + 40),
            (cx + neck, chin + 20),
            (cx + neck * 1.3, chin + 60),
            (cx - neck * 1.3, chin + 60),
            (cx - neck, chin + 20),
        ]
    )
    xs, ys = _grid(throat, 4)
    shade = (
        0.93 - 0.24 * _bump(xs, ys, cx, chin - 2, neck * 1.6, 20) - 0.12 * ((xs - cx) / neck) ** 2
    )
    canvas.area(throat, _tinted(skin, shade))
    _clothes(canvas, rng, sex, cx, chin, neck, _mixed(skin, (120, 70, 50), 0.1))
    for side in (-1, 1):
        if man or style in {2, 3}:
            ear = _ellipse(cx + side * (w + 1), eye + 14, 8.5, 19)
            canvas.area(ear, _mixed(skin, (150, 70, 50), 0.2), 0.8)
    lamp, mouth, nose = (
        rng.uniform(-0.13, 0.13),
        eye + span * rng.uniform(0.66, 0.72),
        eye + span * rng.uniform(0.4, 0.46),
    )
    broad = w * rng.uniform(0.19, 0.25)
    xs, ys = _grid(face, 2)
    u = (xs - cx) / w
    light = 1.03 + lamp * u - 0.2 * u**4 + 0 * ys
    for x, y, wide, high, gain in (
        *(
            (cx, top + 40, 40, 26, 0.06),
            (cx, chin + 6, 60, 20, -0.2),
            (cx, mouth + 17, 14, 5, -0.09),
            (cx, chin - 12, 14, 9, 0.05),
        ),
        *(
            (cx - 1, nose - 22, 4, 26, 0.09),
            (cx, nose - 2, 7, 6, 0.09),
            (cx, nose + 9, broad, 4, -0.2),
        ),
        *((cx + s * broad * 0.75, nose - 16, 6, 22, -0.08 - s * lamp * 0.4) for s in (-1, 1)),
        *((cx + s * w * 0.44, eye - 7, 19, 9, -0.12) for s in (-1, 1)),
        *((cx + s * w * 0.44, eye + 13, 15, 5, -0.05 - 0.07 * age) for s in (-1, 1)),
        *((cx + s * w * 0.55, nose - 8, 20, 16, 0.06) for s in (-1, 1)),
        *(
            (cx + s * w * 0.46, mouth - 10 + 3 * k, 3.5 + k, 7, -0.09 * age)
            for s in (-1, 1)
            for k in (0, 2)
        ),
        *((cx, top + 40 + 11 * k, 34, 2.2, -0.06 * max(0.0, age - 0.5) * 2) for k in range(3)),
    ):
        light = light + gain * _bump(xs, ys, x, y, wide, high)
    rgb = _tinted(skin, light.astype(np.float32))
    blush = sum(_bump(xs, ys, cx + s * w * 0.58, nose + 2, 20, 15) for s in (-1, 1)) + 0.7 * _bump(
        xs, ys, cx, nose, 12, 10
    )
    rgb = rgb - (blush * (10 if man else 15))[..., None] * np.array([0.1, 1, 0.9], dtype=np.float32)
    if man:
        beard = _bump(xs, ys, cx, mouth + 10, w * 0.8, 30) * rng.choice((0, 6, 14, 24))
        rgb = rgb - beard[..., None] * np.array([1, 0.8, 0.6], dtype=np.float32)
    left = [
        (cx - w * 0.9, eye - 12),
        (cx - w, eye - w * 0.42),
        (cx - w * 0.86, top + 14),
        (cx - w * 0.4, top),
    ]
    skull = [*left, *((2 * cx - x, y) for x, y in reversed(left))]
    canvas.area(_spline(skull), _mixed(hair, (0, 0, 0), 0.1))
    canvas.area(face, rgb, 0.5)
    _nose(canvas, (cx, nose), broad, skin)
    _mouth(canvas, rng, (cx, mouth), w, skin, man)
    _eyes(canvas, rng, cx, eye, w, hair, skin)
    _fringe(canvas, rng, (cx, eye, w, top), (style, volume, line, part), man, hair)
    if rng.random() < 0.34:
        _glasses(canvas, rng, cx, eye, w)


def portrait(seed: int, sex: Sex) -> bytes:
    """An ID photo of head and shoulders on white, JPEG 295 × 413 (一寸, M4: at most 500 KB)."""
    rng = Random(f"{seed}{sex}")
    zoom = 1.5 * rng.uniform(0.97, 1.3)
    canvas = _Canvas((443, 620), zoom, (221 - 147.5 * zoom, 315 - 205 * zoom), (253, 253, 254))
    _face(canvas, rng, sex)
    small = canvas.image.resize((295, 413), Image.Resampling.HAMMING)
    return _jpeg(_grain(small, rng, 1.4), 90)


def phone_portrait(seed: int, sex: Sex) -> bytes:
    """The face of `portrait` as a phone takes it: JPEG 900 × 1200, a wall, a tilt.

    Every third seed is stored lying on its side with EXIF orientation 6.
    """
    rng = Random(f"{seed}{sex}")
    wall = cast("_Colour", tuple(Random(seed).randrange(228, 246) for _ in range(3)))
    rng.uniform(0.97, 1.3)  # the zoom of the studio, so that the face stays the same
    canvas = _Canvas((900, 1200), 2.6, (66, 140), wall)
    _face(canvas, rng, sex)
    image = canvas.image
    angle = rng.choice((-1, 1)) * rng.uniform(1, 3.5)
    image = image.rotate(angle, Image.Resampling.BILINEAR, fillcolor=wall)
    image = image.crop((36, 46, 864, 1150)).resize((900, 1200), Image.Resampling.BILINEAR)
    image = _lit(image, rng, np.linspace(1.03, 0.88, 900, dtype=np.float32)[None, :], 3.6)
    exif = Image.Exif()
    if seed % 3 == 0:
        exif[0x0112] = 6
        image = image.transpose(Image.Transpose.ROTATE_90)
    return _jpeg(image, 86, exif)


_FONTS: Final = Path("/usr/share/fonts")
_FACES: Final = {
    "serif": ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", "NotoSerifCJKsc-Regular.otf"),
    "bold": ("NotoSansCJK-Bold.ttc", "NotoSerifCJK-Bold.ttc", "NotoSansCJKsc-Bold.otf"),
    "sans": ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf"),
}
_OTHER_FACES: Final = ("wqy-zenhei.ttc", "wqy-microhei.ttc", "uming.ttc", "ukai.ttc", "simsun.ttc")


@cache
def cjk_font(face: str, size: int) -> ImageFont.FreeTypeFont | None:
    """A font with Chinese letters in `size` pixels, or None where the machine has none.

    face: `serif`, `bold` or `sans`; any Chinese font serves when that one is missing.
    """
    wanted = [*_FACES[face], *(name for names in _FACES.values() for name in names), *_OTHER_FACES]
    present = {path.name: path for path in _FONTS.rglob("*.[to]t[cf]")} if _FONTS.exists() else {}
    for name in wanted:
        if name in present:
            # Index 2 of the Noto collections holds the simplified Chinese forms.
            index = 2 if name.startswith("Noto") and name.endswith(".ttc") else 0
            return ImageFont.truetype(str(present[name]), size, index=index)
    return None


@cache
def _has(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether the font draws this letter rather than the empty box of a missing one."""
    return bytes(font.getmask(letter)) != bytes(font.getmask("\U0010ffff"))


def _scribble(
    pen: ImageDraw.ImageDraw, rng: Random, box: tuple[float, float, float, float]
) -> None:
    """Cursive strokes that fill a box: what stands for one letter when no font has it."""
    left, top, right, bottom = box
    for _ in range(rng.randrange(3, 6)):
        spots = [(rng.uniform(left, right), rng.uniform(top, bottom)) for _ in range(4)]
        pen.line(_spline(spots, closed=False, steps=14), 0, rng.randrange(4, 9), joint="curve")


def signature(seed: int, name: str) -> bytes:
    """A signature in black ink on white, PNG 405 × 162 (M4); strokes stand in for missing fonts."""
    rng = Random(f"{seed}{name}")
    letters = name.split("·", maxsplit=1)[0][:6]
    sheet = Image.new("L", (810, 324), 255)
    font = cjk_font("serif", min(205, 660 // max(1, len(letters))))
    step = min(235.0, 690 / max(1, len(letters)))
    start = 405 - step * len(letters) / 2
    for place, letter in enumerate(letters):
        tile = Image.new("L", (300, 324), 255)
        pen = ImageDraw.Draw(tile)
        if font is None or not _has(font, letter):
            _scribble(pen, rng, (60, 70, 60 + min(step, 200), 250))
        else:
            pen.text((150, 162), letter, 0, font, anchor="mm", stroke_width=rng.choice((0, 1, 2)))
        turned = tile.rotate(rng.uniform(-13, 13), Image.Resampling.BILINEAR, fillcolor=255)
        corner = (round(start + place * step + step / 2 - 150), rng.randrange(-26, 8))
        sheet.paste(0, corner, ImageChops.invert(turned))
    # Ink follows the hand: the sheet is slanted, then bent by two slow waves.
    ys, xs = np.mgrid[0:324, 0:810].astype(np.float32)
    a, b, c, d = (rng.uniform(0, 2 * pi) for _ in range(4))
    slant = rng.uniform(0.12, 0.42)
    from_x = xs + slant * (ys - 162) + 7 * np.sin(ys / 31 + a) + 4 * np.sin(xs / 23 + b)
    from_y = (
        ys
        + rng.uniform(0.02, 0.09) * (xs - 405)
        + 7 * np.sin(xs / 47 + c)
        + 3 * np.sin(ys / 17 + d)
    )
    rows = np.clip(from_y, 0, 323).astype(np.int32)
    columns = np.clip(from_x, 0, 809).astype(np.int32)
    bent = Image.fromarray(np.asarray(sheet)[rows, columns])
    bent = bent.filter(ImageFilter.GaussianBlur(2.6)).point(
        [255 if v > 178 else v * 90 // 178 for v in range(256)]
    )
    if rng.random() < 0.5:
        stroke = [
            (rng.uniform(40, 200), 282),
            (400, rng.uniform(262, 290)),
            (rng.uniform(600, 760), 250),
        ]
        ImageDraw.Draw(bent).line(_spline(stroke, closed=False, steps=20), 10, 5, joint="curve")
    out = BytesIO()
    bent.reduce(2).convert("RGB").save(out, "PNG")
    return out.getvalue()


def _words(
    image: Image.Image,
    at: _Point,
    text: str,
    font: ImageFont.FreeTypeFont | None,
    size: int,
    ink: _Colour,
    anchor: str = "la",
) -> None:
    """Write `text`; without a font, a grey bar of the same length."""
    pen = ImageDraw.Draw(image)
    if font is not None:
        known = "".join(letter for letter in text if _has(font, letter))
        pen.text(at, known, ink, font, anchor=anchor)
        return
    wide = len(text) * size
    left = at[0] - wide / 2 if anchor[0] == "m" else at[0] - wide if anchor[0] == "r" else at[0]
    pen.rectangle(
        (left, at[1] + size * 0.2, left + wide, at[1] + size * 0.8),
        _mixed(ink, (255, 255, 255), 0.5),
    )


def _wrapped(text: str, limit: int) -> list[str]:
    """Rows of at most `limit` Chinese letters; digits and Latin letters count as half."""
    rows, room = [""], float(limit)
    for letter in text:
        wide = 0.55 if letter.isascii() else 1
        if room < wide and letter not in "，。；：、）":
            rows.append("")
            room = limit
        rows[-1] += letter
        room -= wide
    return rows


def _seal(company: str) -> Image.Image:
    """A round seal of 260 pixels: ring, star, the company's name along the arc; black is ink."""
    seal = Image.new("L", (520, 520), 255)
    pen = ImageDraw.Draw(seal)
    pen.ellipse((14, 14, 506, 506), outline=0, width=14)
    star = [
        (260 + r * sin(k * pi / 5), 260 - r * cos(k * pi / 5))
        for k in range(10)
        for r in [82 if k % 2 == 0 else 32]
    ]
    pen.polygon(star, 0)
    size = max(34, min(58, 900 // max(1, len(company))))
    font = cjk_font("bold", size)
    spread = min(4.5, len(company) * (size + 12) / 196)
    for place, letter in enumerate(company):
        angle = spread * ((place + 0.5) / len(company) - 0.5)
        tile = Image.new("L", (80, 80), 0)
        brush = ImageDraw.Draw(tile)
        if font is None or not _has(font, letter):
            brush.rectangle((28, 16, 52, 64), 255)
        else:
            brush.text((40, 40), letter, 255, font, anchor="mm")
        tile = tile.rotate(-angle * 180 / pi, Image.Resampling.BILINEAR)
        seal.paste(0, (round(220 + 200 * sin(angle)), round(220 - 200 * cos(angle))), tile)
    return seal.reduce(2)


def document(
    seed: int, title: str, lines: Sequence[str], *, stamp: str | None = None, scan: bool = True
) -> bytes:
    """A paper of one page, JPEG 1000 × 1414 (A4): title, paragraphs, a seal, as a scanner sees it.

    lines: paragraphs, wrapped at 30 letters; a last one that is short (place, date) goes right.
    stamp: company named on the red round seal, None for no seal.
    scan: skew, grain, shadow of the edge; without it the page is clean.
    """
    rng = Random(f"{seed}{title}")
    paper = (252, 251, 246) if scan else (255, 255, 255)
    page, ink = Image.new("RGB", (1000, 1414), paper), (38, 36, 40)
    _words(page, (500, 140), title, cjk_font("bold", 46), 46, ink, "ma")
    font, y = cjk_font("serif", 25), 260
    signed = [line for line in lines[-2:] if len(line) <= 26 and len(lines) > 2]
    for line in lines[: len(lines) - len(signed)]:
        short = len(line) < 28 and ("：" in line or ":" in line)
        for row in _wrapped(line if short else "\u3000\u3000" + line, 30):
            if y < 1200:
                _words(page, (122, y), row, font, 25, ink)
                y += 47
        y += 6
    y = min(1180, max(y + 90, rng.randrange(760, 900)))
    for place, line in enumerate(signed):
        _words(page, (868, y + 50 * place), line, font, 25, ink, "ra")
    if stamp:
        seal = _seal(stamp).rotate(rng.uniform(-14, 14), Image.Resampling.BILINEAR, fillcolor=255)
        # Red ink lies over the print: only green and blue are taken from the page.
        ink_left = 0.94 - (0.12 * np.abs(_noise()[:260, :260, None]) if scan else 0)
        left, top = rng.randrange(590, 690), y - rng.randrange(95, 130)
        pixels = np.asarray(page.crop((left, top, left + 260, top + 260)), dtype=np.float32)
        inked = (255 - np.asarray(seal, dtype=np.float32)[..., None]) / 255 * ink_left
        red = pixels * (1 - inked * np.array([0.14, 0.88, 0.86], dtype=np.float32))
        page.paste(Image.fromarray(red.clip(0, 255).astype(np.uint8)), (left, top))
    if not scan:
        return _jpeg(page, 90)
    page = page.rotate(rng.uniform(-1.1, 1.1), Image.Resampling.BILINEAR, fillcolor=(206, 204, 200))
    fold = rng.randrange(640, 760)
    xs, ys = np.arange(1000, dtype=np.float32)[None, :], np.arange(1414, dtype=np.float32)[:, None]
    light = 1 - 0.1 * np.exp(-xs / rng.uniform(20, 60)) - 0.05 * np.exp(-(1414 - ys) / 40)
    light = light - 0.035 * np.exp(-(((ys - fold) / 5) ** 2))
    return _jpeg(_lit(page, rng, light, 4.6), 84)
