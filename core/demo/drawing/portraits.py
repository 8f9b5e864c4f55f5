"""ID photos of invented faces: polygons, light and noise, the same for a seed.

Lengths are in pixels of a 295 × 413 photo.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from random import Random
from typing import Final, cast

import numpy as np
from PIL import Image, ImageChops

from core.demo.drawing.canvas import (
    Canvas,
    Colour,
    Point,
    bump,
    ellipse,
    grained,
    grid,
    jpeg,
    mixed,
    spline,
)
from core.demo.names import Sex

_HAIR: Final = ((28, 25, 26), (38, 30, 28), (20, 20, 24), (58, 42, 34), (84, 58, 42))
_GREY: Final = ((96, 94, 94), (70, 68, 68), (128, 126, 124))
_SKIN: Final = ((243, 210, 186), (234, 196, 168), (224, 182, 152), (247, 219, 200), (210, 166, 134))
_CLOTH: Final = (
    (32, 36, 48), (24, 26, 30), (52, 60, 78), (88, 92, 98), (120, 40, 48), (178, 186, 196),
    (44, 74, 62), (140, 122, 104), (206, 190, 176), (62, 96, 142), (226, 228, 232),
    (196, 150, 96), (150, 170, 150), (214, 176, 180), (112, 142, 176),
)  # fmt: skip
_SHIRT: Final = ((240, 242, 246), (206, 220, 238), (60, 64, 74), (232, 214, 210))
_TIE: Final = ((120, 30, 38), (36, 52, 96), (60, 60, 66), (150, 130, 70))
_BLACK: Final = (0, 0, 0)
_WHITE: Final = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class _Head:
    """Face: middle, height of the eyes, half width, top, chin. Hair: style, thickness, parting."""

    canvas: Canvas
    rng: Random
    man: bool
    skin: Colour
    hair: Colour
    cx: float
    eye: float
    w: float
    top: float
    chin: float
    cut: int
    volume: float
    part: float

    @property
    def crown(self) -> Point:
        """Where the hair grows from."""
        return self.cx + self.w * self.part, self.top - self.volume * 0.4


def _clothes(h: _Head, neck: float) -> None:
    canvas, rng, cx, skin = h.canvas, h.rng, h.cx, mixed(h.skin, (120, 70, 50), 0.1)
    kind = rng.choice(("suit", "suit", "shirt", "round", "jacket"))
    cloth, shirt = rng.choice(_CLOTH), rng.choice(_SHIRT)
    base = h.chin + rng.uniform(24, 36)
    (wide, slope), (far, drop) = [(rng.uniform(94, 150), rng.uniform(14, 58)) for _ in range(2)]
    body = spline([
        (cx - neck, base), (cx - wide * 0.7, base + slope * 0.75),
        (cx - wide, base + slope * 1.6), (cx - wide - 14, 480), (cx + far + 14, 480),
        (cx + far, base + drop * 1.6), (cx + far * 0.7, base + drop * 0.75), (cx + neck, base),
    ])  # fmt: skip
    xs, ys = grid(body, 6)
    light = 1.0 - 0.2 * ((xs - cx) / wide) ** 2 - 0.0009 * (ys - base)
    for _ in range(3):
        light = light - 0.12 * bump(xs, ys, cx + rng.uniform(-90, 90), base + 80, 9, 70)
    if kind == "shirt":
        cloth = shirt
    weave, pitch = rng.choice(("plain", "plain", "striped", "checked")), rng.uniform(16, 34)
    if kind in {"round", "shirt"} and weave != "plain":
        light = light - 0.22 * (ys % pitch < pitch / 2)
    if kind in {"round", "shirt"} and weave == "checked":
        light = light - 0.18 * (xs % pitch < pitch / 2)
    canvas.area(body, cloth, light=light)
    if kind in {"suit", "jacket"}:
        _lapels(h, base, neck, cloth, shirt, tied=kind == "suit" and h.man)
    if kind == "round":
        canvas.area(ellipse(cx, base, neck * 1.1, 20)[:13], mixed(cloth, _BLACK, 0.35))
        canvas.area(ellipse(cx, base - 5, neck * 0.98, 19)[:13], skin, 0.5)
    elif not h.man and kind != "shirt":
        opening = [(cx - neck * 0.9, base - 2), (cx + neck * 0.9, base - 2), (cx, base + 34)]
        canvas.area(opening, mixed(shirt, _BLACK, 0.05))
    else:
        for side in (-1, 1):
            collar = [
                (cx + side * neck * 0.98, base - 12), (cx + side * (neck + 8), base + 6),
                (cx + side * 20, base + 44), (cx + side * 1, base + 26),
            ]  # fmt: skip
            canvas.area(collar, mixed(shirt, _WHITE, 0.25))
            canvas.line([*collar[1:], collar[0]], mixed(shirt, _BLACK, 0.25), 1)


def _lapels(h: _Head, base: float, neck: float, cloth: Colour, shirt: Colour, tied: bool) -> None:
    """The front of a suit or jacket; `base` is the height of the pit of the neck."""
    canvas, cx = h.canvas, h.cx
    canvas.area([(cx - neck, base - 4), (cx + neck, base - 4), (cx, base + 104)], shirt)
    if tied:
        tie = h.rng.choice(_TIE)
        left, right, high, low = cx - 5, cx + 5, base + 25, base + 38
        canvas.area([(cx - 7, high), (cx + 7, high), (right, low), (left, low)], tie)
        long = [(left, low), (right, low), (cx + 13, 460), (cx - 13, 460)]
        canvas.area(long, mixed(tie, _BLACK, 0.15))
    for side in (-1, 1):
        lapel = [
            (cx + side * neck * 1.05, base - 6), (cx + side * (neck + 22), base + 22),
            (cx + side * 46, base + 60), (cx + side * 2, base + 118), (cx + side * 10, base + 70),
        ]  # fmt: skip
        canvas.area(lapel, mixed(cloth, _WHITE, 0.07))
        canvas.line(lapel[1:4], mixed(cloth, _BLACK, 0.35), 1)


def _hair(h: _Head, points: list[Point], colour: Colour, step: float = 2) -> None:
    """A head of hair: strands run outwards from the parting, with a soft band of shine."""
    xs, ys = grid(points, step)
    top = h.crown
    angle = np.arctan2(ys - top[1] + 26, xs - top[0])
    raw = np.random.default_rng(h.rng.randrange(2**31)).normal(0, 0.09, 260).astype(np.float32)
    strands = raw + np.roll(raw, 1) + np.roll(raw, 2) * np.float32(0.5)
    streak = strands[(angle * 80 + 130).astype(np.int32) % 260]
    reach = np.hypot(xs - top[0], ys - top[1])
    shine = 0.55 * np.exp(-(((reach - 34) / 20) ** 2))
    h.canvas.area(points, colour, 0.7, light=0.92 + streak * (1 + shine) + shine)


def _eyes(h: _Head) -> None:
    canvas, rng, w, y, skin = h.canvas, h.rng, h.w, h.eye, h.skin
    apart, wide = w * rng.uniform(0.41, 0.47), w * rng.uniform(0.185, 0.225)
    high, tilt = wide * rng.uniform(0.3, 0.44), rng.uniform(-1, 2)
    brow, thick = rng.uniform(15, 20), rng.uniform(2.2, 4.6)
    iris, lid = rng.choice(((58, 38, 28), (40, 28, 24), (74, 48, 32))), rng.random() < 0.6
    deep = mixed(skin, (70, 30, 20), 0.55)
    for side in (-1, 1):
        x = h.cx + side * apart
        inner, outer = (x - side * wide, y + 1), (x + side * wide, y - tilt)
        over = [(x - side * wide * 0.3, y - high), (x + side * wide * 0.45, y - high)]
        under = [(x + side * wide * 0.3, y + high * 0.75), (x - side * wide * 0.4, y + high * 0.7)]
        upper = spline([inner, *over, outer], closed=False)
        lower = spline([outer, *under, inner], closed=False)
        canvas.area([*upper, *lower], (228, 220, 216), 0.4)
        canvas.area(ellipse(x, y - high * 0.15, high * 1.14, high * 1.1), iris, 0.5)
        canvas.area(ellipse(x, y - high * 0.15, high * 0.5, high * 0.5), (14, 10, 10), 0.3)
        canvas.area(ellipse(x - 1.6, y - high * 0.5, 1.1, 1.1), (240, 240, 240), 0.2)
        canvas.area([*upper, *_moved(upper, -1.9)], (36, 26, 24), 0.5)
        canvas.area([*lower, *_moved(lower, 1)], deep, 0.5, 0.5)
        if lid:
            fold = [(px, py - 4.4) for px, py in upper]
            canvas.area([*fold, *_moved(fold, -1)], deep, 0.5, 0.8)
        tail, peak, head = x + side * wide * 1.35, x + side * wide * 0.5, x - side * wide * 1.05
        arch = [(head, y - brow + 1), (peak, y - brow - 3.5), (tail, y - brow + 1.5)]
        low = [(tail, y - brow + 2), (peak, y - brow - 3.5 + thick), (head, y - brow + 1 + thick)]
        shape = [*spline(arch, closed=False), *spline(low, closed=False)]
        canvas.area(shape, mixed(h.hair, skin, 0.18), 1.0, 0.9)


def _moved(line: list[Point], down: float) -> list[Point]:
    """The way back along a line, a little lower."""
    return [(x, y + down) for x, y in reversed(line)]


def _nose(h: _Head, nose: float, broad: float) -> None:
    canvas, cx, skin = h.canvas, h.cx, h.skin
    for side in (-1, 1):
        hole = ellipse(cx + side * broad * 0.5, nose + 5, 3.6, 1.7)
        canvas.area(hole, mixed(skin, (60, 20, 15), 0.7), 0.9)
        rim = [(0.8, -6), (1.05, 1), (0.8, 6)]
        wing = spline([(cx + side * broad * a, nose + b) for a, b in rim], closed=False)
        wing.append((cx + side * broad * 0.84, nose))
        canvas.area(wing, mixed(skin, (90, 40, 30), 0.4), 1.0, 0.8)


def _mouth(h: _Head, mouth: float) -> None:
    canvas, rng, w, cx = h.canvas, h.rng, h.w, h.cx
    wide, full = w * rng.uniform(0.32, 0.42), rng.uniform(3.2, 5.5)
    smile = rng.uniform(0.8, 3.4)
    paint, share = ((176, 70, 70), (0.35, 0.55)) if h.man else ((190, 48, 62), (0.5, 0.85))
    lips = mixed(h.skin, paint, rng.uniform(*share))

    def line(*half: Point) -> list[Point]:
        """Across the mouth by points of one half: share of its width, height."""
        spots = [*half, *((-a, b) for a, b in reversed(half) if a)]
        return spline([(cx + wide * a, mouth + b) for a, b in spots], closed=False)

    seam = line((-1, -smile), (-0.4, 0.6), (0, 0.2))
    above = line((1, -smile), (0.22, -full), (0, -full * 0.75))
    below = line((1, -smile), (0.4, full * 1.35))
    canvas.area([*seam, *above], mixed(lips, (60, 10, 20), 0.14), 0.7)
    canvas.area([*seam, *below], lips, 0.8)
    shine = ellipse(cx, mouth + full * 0.8, wide * 0.3, 1.2)
    canvas.area(shine, mixed(lips, (255, 235, 230), 0.5), 1.2, 0.5)
    canvas.area([*seam, *_moved(seam, 1.3)], mixed(lips, (40, 5, 10), 0.65), 0.5)


def _fringe(h: _Head, line: float) -> None:
    """Hair over the forehead down to `line`."""
    rng, cx, eye, w, top, man = h.rng, h.cx, h.eye, h.w, h.top, h.man
    style, volume, part = h.cut, h.volume, h.part
    rim = w * (1.05 if man else 1.1)
    low, high = (2, 16) if man else (10, 40)
    ends = eye - 6 if style == 2 and not man else eye + rng.uniform(low, high)
    if man and style == 4:
        line, volume = top + 6, volume * 0.3
    if not man and style == 3:
        line = eye - 26
    bend = (0, 14, -8, 3, 10)[style]
    hem = [
        (u, line + bend * abs(u - part) + 20 * max(0.0, abs(u) - 0.72) + rng.uniform(-2.5, 2.5))
        for u in (-0.9 + 0.225 * k for k in range(9))
    ]
    left = [
        (-rim, ends), (-rim * 1.04, eye - w * 0.4), (-w * 0.86, top + 14 - volume * 0.5),
        (-w * 0.4, top - volume * 0.9),
    ]  # fmt: skip
    shape = [
        *((cx + x, y) for x, y in left),
        (cx + w * part * 0.3, top - volume),
        *((cx - x, y) for x, y in reversed(left)),
        (cx + w * 0.93, eye - w * 0.3),
        *((cx + u * w, y) for u, y in reversed(hem)),
        (cx - w * 0.93, eye - w * 0.3),
    ]
    _hair(h, spline(shape), h.hair)


def _glasses(h: _Head) -> None:
    canvas, rng, cx, eye, w = h.canvas, h.rng, h.cx, h.eye, h.w
    frame = rng.choice(((24, 22, 24), (90, 70, 50), (120, 124, 130)))
    thick, lens, tall = rng.choice((0.9, 1.6, 2.4)), w * 0.34, rng.uniform(13, 19)
    turns = [(cos(k * pi / 14), sin(k * pi / 14)) for k in range(28)]
    # Powers below one make the ellipse squarish.
    outline = [
        (lens * abs(a) ** 0.6 * (1 if a > 0 else -1), tall * abs(b) ** 0.7 * (1 if b > 0 else -1))
        for a, b in turns
    ]
    for side in (-1, 1):
        glass = [(cx + side * w * 0.45 + x, eye + 2 + y) for x, y in outline]
        canvas.area(glass, (225, 232, 240), 0.5, 0.1)
        canvas.line([*glass, *glass[:2]], frame, thick)
        hinge, ear = cx + side * (w * 0.45 + lens), cx + side * (w + 1)
        canvas.line([(hinge, eye - 4), (ear, eye - 6)], frame, thick)
    bridge = [(cx - w * 0.12, eye), (cx, eye - 4), (cx + w * 0.12, eye)]
    canvas.line(spline(bridge, closed=False), frame, thick)


def _long_hair(h: _Head) -> None:
    """Hair that falls behind the shoulders."""
    rng, cx, eye, w, style, chin = h.rng, h.cx, h.eye, h.w, h.cut, h.chin
    low = {0: 400.0, 1: chin - 4 + rng.uniform(-16, 22), 4: chin + rng.uniform(30, 80)}[style]
    fall, other = w + rng.uniform(8, 38), w + rng.uniform(8, 38)
    cut = 1 if style == 1 else rng.uniform(0.6, 1)
    sway = 6 if style == 4 else 0
    down = [(sway * (-1) ** k, (low - eye + 20) * k / 5) for k in range(6)]
    back = [
        (cx, h.top - h.volume),
        *((cx + fall + x, eye - 20 + y) for x, y in down),
        *((cx - other - x, eye - 20 + y * cut) for x, y in reversed(down)),
    ]
    _hair(h, spline(back), mixed(h.hair, _BLACK, 0.2), step=3)


def _person(canvas: Canvas, rng: Random, sex: Sex) -> None:
    """Head and shoulders, in the same order of chances at every scale."""
    man = sex == "男"
    age = rng.random()
    skin = mixed(rng.choice(_SKIN), rng.choice(_SKIN), rng.random() * 0.6)
    hair = rng.choice(_GREY) if age > 0.86 else rng.choice(_HAIR)
    cx, eye = 147.5 + rng.uniform(-14, 14), 178 + rng.uniform(-20, 14)
    w = rng.uniform(58, 70) if man else rng.uniform(54, 65)
    top, chin = eye - w * rng.uniform(1.32, 1.48), eye + w * rng.uniform(1.32, 1.56)
    jaw, tip = rng.uniform(0.74, 0.9) if man else rng.uniform(0.68, 0.82), rng.uniform(0.3, 0.44)
    span = chin - eye
    half = [
        (w * 0.74, top + 10), (w * 0.99, eye - w * 0.5), (w * 0.99, eye + span * 0.16),
        (w * 0.93, eye + span * 0.45), (w * jaw, eye + span * 0.72), (w * tip, eye + span * 0.94),
    ]  # fmt: skip
    face = spline([
        (cx, top), *((cx + x, y) for x, y in half),
        (cx, chin), *((cx - x, y) for x, y in reversed(half)),
    ])  # fmt: skip
    style = rng.randrange(5)
    volume, line = rng.uniform(9, 24), top + w * rng.uniform(0.36, 0.58)
    part = rng.uniform(-0.55, 0.55)
    h = _Head(canvas, rng, man, skin, hair, cx, eye, w, top, chin, style, volume, part)
    if not man and style in {0, 1, 4}:  # long, bob, waves: hair behind the shoulders
        _long_hair(h)
    neck = w * (rng.uniform(0.64, 0.74) if man else rng.uniform(0.5, 0.58))
    throat = spline([
        (cx - neck, eye + 40), (cx + neck, eye + 40), (cx + neck, chin + 20),
        (cx + neck * 1.3, chin + 60), (cx - neck * 1.3, chin + 60), (cx - neck, chin + 20),
    ])  # fmt: skip
    xs, ys = grid(throat, 4)
    shade = 0.24 * bump(xs, ys, cx, chin - 2, neck * 1.6, 20) + 0.12 * ((xs - cx) / neck) ** 2
    canvas.area(throat, skin, light=0.93 - shade)
    _clothes(h, neck)
    for side in (-1, 1) if man or style in {2, 3} else ():
        ear = ellipse(cx + side * (w + 1), eye + 14, 8.5, 19)
        canvas.area(ear, mixed(skin, (150, 70, 50), 0.2), 0.8)
    left = [(w * 0.9, eye - 12), (w, eye - w * 0.42), (w * 0.86, top + 14), (w * 0.4, top)]
    skull = [*((cx - x, y) for x, y in left), *((cx + x, y) for x, y in reversed(left))]
    canvas.area(spline(skull), mixed(hair, _BLACK, 0.1))
    lamp = rng.uniform(-0.13, 0.13)
    mouth, nose = eye + span * rng.uniform(0.66, 0.72), eye + span * rng.uniform(0.4, 0.46)
    broad = w * rng.uniform(0.19, 0.25)
    _skin(h, face, (mouth, nose, broad), age, lamp)
    _nose(h, nose, broad)
    _mouth(h, mouth)
    _eyes(h)
    _fringe(h, line)
    if rng.random() < 0.34:
        _glasses(h)


def _skin(h: _Head, face: list[Point], marks: tuple[float, ...], age: float, lamp: float) -> None:
    """The lit face without its features.

    marks: mouth, nose, breadth of the nose. age: 0 to 1. lamp: light from the left or right.
    """
    (mouth, nose, broad), (cx, eye, w, top) = marks, (h.cx, h.eye, h.w, h.top)
    blush, beard = (10, h.rng.choice((0, 6, 14, 24))) if h.man else (15, 0)
    both = (-1, 1)
    hills = [  # x, y, width, height, gain
        (cx, top + 40, 40, 26, 0.06), (cx, h.chin + 6, 60, 20, -0.2),
        (cx, mouth + 17, 14, 5, -0.09), (cx, h.chin - 12, 14, 9, 0.05),
        (cx - 1, nose - 22, 4, 26, 0.09), (cx, nose - 2, 7, 6, 0.09),
        (cx, nose + 9, broad, 4, -0.2),
        *((cx + s * broad * 0.75, nose - 16, 6, 22, -0.08 - s * lamp * 0.4) for s in both),
        *((cx + s * w * 0.44, eye - 7, 19, 9, -0.12) for s in both),
        *((cx + s * w * 0.44, eye + 13, 15, 5, -0.05 - 0.07 * age) for s in both),
        *((cx + s * w * 0.55, nose - 8, 20, 16, 0.06) for s in both),
        *((cx + s * w * 0.46, mouth - 10, 3.5, 7, -0.09 * age) for s in both),
        *((cx + s * w * 0.46, mouth - 4, 5.5, 7, -0.09 * age) for s in both),
        *((cx, top + 40 + 11 * k, 34, 2.2, -0.12 * max(0.0, age - 0.5)) for k in range(3)),
    ]  # fmt: skip
    xs, ys = grid(face, 2)
    # Every hill is one column times one row, so that one product of two matrices piles up all.
    x, y, wide, high, gain = np.array(hills, dtype=np.float32).T[:, :, None]
    light = (gain * np.exp(-(((ys.T - y) / high) ** 2))).T @ np.exp(-(((xs - x) / wide) ** 2))
    u = (xs - cx) / w
    light += 1.03 + lamp * u - 0.2 * u**4
    red = 0.7 * bump(xs, ys, cx, nose, 12, 10)
    red += sum(bump(xs, ys, cx + s * w * 0.58, nose + 2, 20, 15) for s in both)
    rough = bump(xs, ys, cx, mouth + 10, w * 0.8, 30)
    bands = zip(h.skin, (0.1, 1, 0.9), (1, 0.8, 0.6), strict=True)
    rgb = [light - (blush * a / c) * red - (beard * b / c) * rough for c, a, b in bands]
    h.canvas.area(face, h.skin, 0.5, light=np.stack(rgb, axis=2))


def face(seed: int, sex: Sex) -> Image.Image:
    """Head and shoulders on white, 295 × 413 pixels."""
    rng = Random(f"{seed}{sex}")
    zoom = 1.4 * rng.uniform(0.97, 1.3)
    canvas = Canvas((413, 578), zoom, (206 - 147.5 * zoom, 294 - 205 * zoom), (253, 253, 254))
    _person(canvas, rng, sex)
    return grained(canvas.image.resize((295, 413), Image.Resampling.HAMMING), rng, 1.4)


def portrait(seed: int, sex: Sex) -> bytes:
    """An ID photo of head and shoulders on white, JPEG 295 × 413 (一寸, M4: at most 500 KB)."""
    return jpeg(face(seed, sex), 90)


def phone_portrait(seed: int, sex: Sex) -> bytes:
    """The face of `portrait` as a phone takes it: JPEG 900 × 1200, a wall, a tilt.

    Every third seed is stored lying on its side with EXIF orientation 6.
    """
    rng = Random(f"{seed}{sex}")
    wall = cast("Colour", tuple(Random(seed).randrange(228, 246) for _ in range(3)))
    rng.uniform(0.97, 1.3)  # the zoom of the studio, so that the face stays the same
    canvas = Canvas((900, 1200), 2.6, (66, 140), wall)
    _person(canvas, rng, sex)
    image = canvas.image
    angle = rng.choice((-1, 1)) * rng.uniform(1, 3.5)
    image = image.rotate(angle, Image.Resampling.BILINEAR, fillcolor=wall)
    image = image.crop((36, 46, 864, 1150)).resize((900, 1200), Image.Resampling.BILINEAR)
    dusk = Image.linear_gradient("L").rotate(90).point([255 - v // 9 for v in range(256)])
    dusk = dusk.resize(image.size)
    image = grained(ImageChops.multiply(image, Image.merge("RGB", (dusk,) * 3)), rng, 3.6)
    exif = Image.Exif()
    if seed % 3 == 0:
        exif[0x0112] = 6
        image = image.transpose(Image.Transpose.ROTATE_90)
    return jpeg(image, 86, exif)
