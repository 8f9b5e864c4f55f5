"""ID photos of invented faces: a few curves and soft lights, the same for a seed.

Lengths are in half widths of the face; (0, 0) is between the eyes.
"""

from __future__ import annotations

from math import cos, pi, sin
from random import Random
from typing import Final, NamedTuple

from PIL import Image

from core.demo.drawing.canvas import Canvas, Colour, Point, curve, encoded, grained, mixed
from core.invented.names import Sex

_HAIR: Final = ((28, 25, 26), (20, 20, 24), (38, 30, 28), (58, 42, 34), (44, 32, 28), (96, 94, 94))
_SKIN: Final = ((243, 210, 186), (234, 196, 168), (224, 182, 152), (247, 219, 200), (210, 166, 134))
_CLOTH: Final = ((24, 26, 32), (88, 92, 98), (120, 40, 48), (50, 86, 132), (206, 190, 176))
_SHIRT: Final = ((238, 240, 244), (206, 220, 238), (60, 64, 74), (232, 214, 210))
_BLACK: Final = (0, 0, 0)
_WHITE: Final = (255, 255, 255)
_SHADE: Final = (96, 44, 30)
_SIDES: Final = (-1, 1)


class _Head(NamedTuple):
    """What the parts of a face agree on. top, chin: heights."""

    rng: Random
    man: bool
    skin: Colour
    hair: Colour
    top: float
    chin: float


def _both(half: list[Point]) -> list[Point]:
    """A symmetric outline by the points of its right half."""
    return [*half, *((-x, y) for x, y in reversed(half) if x)]


def _person(rng: Random, sex: Sex, wall: Colour, size: tuple[int, int]) -> Image.Image:
    """Head and shoulders, in the same order of chances at every size."""
    origin = size[0] * rng.uniform(0.45, 0.55), size[1] * rng.uniform(0.43, 0.5)
    canvas, man = Canvas(size, size[0] * rng.uniform(0.185, 0.265), origin, wall), sex == "男"
    skin = mixed(rng.choice(_SKIN), rng.choice(_SKIN), rng.random() * 0.6)
    top, chin = -rng.uniform(1.28, 1.46), rng.uniform(1.3, 1.56)
    h = _Head(rng, man, skin, rng.choice(_HAIR), top, chin)
    low = 0 if man else rng.choice((0, 4.4, chin, chin + 0.9))
    if low:
        side, wave = 1 + rng.uniform(0.12, 0.5), rng.choice((0, 0, 0.08))
        fall = [(side + wave * (-1) ** k, -0.3 + (low + 0.3) * k / 5) for k in range(6)]
        _hair(canvas, h, _both([(0, top - 0.3), (0.7, top), *fall]), mixed(h.hair, _BLACK, 0.3))
    _clothes(canvas, h)
    for side in _SIDES:
        canvas.oval(side * 1.01, 0.24, 0.12, 0.28, mixed(skin, _SHADE, 0.22))
    _face(canvas, h)
    _eyes(canvas, h)
    temple = (1.12, rng.uniform(0.1, 0.6)) if low else (1.04, rng.uniform(-0.2, 0.15))
    _fringe(canvas, h, temple)
    if rng.random() < 0.34:
        _glasses(canvas, rng)
    return canvas.image


def _clothes(canvas: Canvas, h: _Head) -> None:
    """Neck and shoulders in a suit, a shirt or a pullover."""
    rng, base = h.rng, h.chin + h.rng.uniform(0.36, 0.52)
    kind, shirt = rng.choice(("suit", "shirt", "pullover")), rng.choice(_SHIRT)
    cloth = mixed(rng.choice(_CLOTH), rng.choice(_CLOTH), rng.random() * 0.6)
    neck = rng.uniform(0.62, 0.74) if h.man else rng.uniform(0.5, 0.58)
    wide, slope = rng.uniform(1.75, 2.4), rng.uniform(0.25, 0.8)
    fall = [(neck, base), (wide * 0.7, base + slope * 0.75), (wide, base + slope * 1.6)]
    fall += [(wide + 0.12, base + slope * 1.6 + 0.8), (wide + 0.25, 7)]
    with canvas.area(curve(_both(fall)), shirt if kind == "shirt" else cloth) as body:
        for side in _SIDES:
            body.glow(side * wide, base + 1.4, 1.1, 1.6, _BLACK, 0.3)
    if kind == "suit":
        canvas.fill([(-neck, base - 0.1), (neck, base - 0.1), (0, base + 1.8)], shirt)
        if h.man:
            tie = [(0.12, base + 0.36), (0.08, base + 0.62), (0.21, 5)]
            canvas.fill(_both(tie), rng.choice(_CLOTH))
    elif kind == "pullover":
        canvas.oval(0, base, neck * 1.13, 0.36, mixed(cloth, _BLACK, 0.3))
    throat = [(neck, 0.5), (neck, h.chin), (neck * 1.02, base), (neck * 0.5, base + 0.26)]
    with canvas.area(curve(_both(throat)), mixed(h.skin, _SHADE, 0.1)) as skin:
        skin.glow(0, h.chin - 0.1, neck * 2, 0.8, _SHADE, 0.55)
    collar = [(0.98 * neck, -0.2), (neck + 0.15, 0.1), (0.33, 0.75), (0.01, 0.4)]
    lapel = [(1.05 * neck, -0.1), (neck + 0.36, 0.36), (0.75, 1), (0.03, 1.9), (0.16, 1.1)]
    flaps = {"suit": [(collar, shirt), (lapel, cloth)], "shirt": [(collar, shirt)]}.get(kind, [])
    for outline, colour in flaps:
        for side in _SIDES:
            points = [(side * x, base + y) for x, y in outline]
            canvas.fill(points, mixed(colour, _WHITE, 0.1))
            canvas.line([*points[1:], points[0]], mixed(colour, _BLACK, 0.3), 0.016)


def _face(canvas: Canvas, h: _Head) -> None:
    """The lit face with nose and mouth."""
    rng, chin, skin = h.rng, h.chin, h.skin
    jaw, tip = rng.uniform(0.74, 0.9) - (0 if h.man else 0.07), rng.uniform(0.3, 0.44)
    outline = [(0, h.top), (0.8, h.top + 0.14), (0.99, -0.5), (0.99, chin * 0.16)]
    outline += [(0.93, chin * 0.45), (jaw, chin * 0.72), (tip, chin * 0.95), (0, chin)]
    mouth, nose = chin * rng.uniform(0.66, 0.72), chin * rng.uniform(0.4, 0.46)
    broad, lamp = rng.uniform(0.18, 0.24), rng.choice(_SIDES)
    wide, full, smile = rng.uniform(0.3, 0.42), rng.uniform(0.05, 0.09), rng.uniform(0.01, 0.06)
    lip = mixed(skin, (176, 56, 60), rng.uniform(0.35, 0.5) * (1 if h.man else 1.7))
    lips = [(-wide, mouth - smile), (-0.09, mouth - full), (0, mouth - full * 0.7)]
    lips += [(0.09, mouth - full), (wide, mouth - smile), (0, mouth + full * 1.5)]
    seam = curve([lips[0], (0, mouth + 0.01), lips[4]], closed=False)
    with canvas.area(curve(_both(outline)), skin) as face:
        face.glow(lamp * 1.1, 0.2, 0.9, 2, _SHADE, rng.uniform(0.2, 0.5))
        face.glow(0, chin + 0.15, 1.1, 0.5, _SHADE, 0.4)
        face.glow(0, nose - 0.2, 0.1, 0.6, _WHITE, 0.3)
        face.glow(0, nose + 0.17, broad * 1.3, 0.1, _SHADE, 0.5)
        for side in _SIDES:
            face.glow(side * 0.44, -0.08, 0.42, 0.3, _SHADE, 0.22)
            face.glow(side * 0.56, nose + 0.05, 0.45, 0.36, (220, 90, 80), 0.1 if h.man else 0.2)
            face.glow(side * broad * 0.5, nose + 0.1, 0.09, 0.06, (60, 20, 15), 0.8)
        face.fill(curve(lips), lip)
        face.line(seam, mixed(lip, _BLACK, 0.5), 0.022)


def _eyes(canvas: Canvas, h: _Head) -> None:
    rng = h.rng
    apart, wide = rng.uniform(0.41, 0.47), rng.uniform(0.18, 0.225)
    high, tilt = wide * rng.uniform(0.3, 0.46), rng.uniform(-0.02, 0.04)
    brow, thick, bow = rng.uniform(0.22, 0.32), rng.uniform(0.04, 0.08), rng.uniform(0.02, 0.08)
    # Curves from the inner corner outwards, in half widths of an eye; heights as everywhere.
    over = [(-1, 0.025), (-0.35, -high), (0.45, -high), (1, -tilt)]
    under = [(1, -tilt), (0.3, high * 0.75), (-0.4, high * 0.7), (-1, 0.025)]
    arch = [(-1.05, -brow), (0.5, -brow - bow), (1.4, 0.02 - brow)]
    arch += [(0.5, thick * 0.8 - brow - bow), (-1.05, thick - brow)]
    for side in _SIDES:
        x = side * apart
        shapes = ([(x + side * wide * u, y) for u, y in spots] for spots in (over, under, arch))
        upper, lower, hair = (curve(points, closed=False) for points in shapes)
        with canvas.area([*upper, *lower], (232, 226, 222)) as eye:
            eye.oval(x, -high * 0.15, high * 1.15, high * 1.15, (50, 33, 26))
            eye.oval(x, -high * 0.15, high * 0.55, high * 0.55, (14, 10, 10))
            eye.oval(x - 0.03, -high * 0.5, 0.02, 0.02, _WHITE)
        canvas.line(upper, (36, 26, 24), 0.03)
        canvas.fill(hair, mixed(h.hair, h.skin, 0.25))


def _hair(canvas: Canvas, h: _Head, points: list[Point], colour: Colour) -> None:
    """Hair within an outline: strands from the crown outwards, and a soft shine."""
    x, y = h.rng.uniform(-0.4, 0.4), h.top - 0.5
    tones = [mixed(colour, tone, 0.09) for tone in (_BLACK, _WHITE)]
    with canvas.area(curve(points), colour) as hair:
        for k in range(60):
            end = (x + 6 * cos(k * pi / 30), y + 6 * sin(k * pi / 30))
            hair.line([(x, y), end], h.rng.choice(tones), 0.02)
        hair.glow(x, y + 0.7, 0.9, 0.5, _WHITE, 0.2)


def _fringe(canvas: Canvas, h: _Head, temple: Point) -> None:
    """The hair over the forehead. temple: where its ends hang, at the right."""
    rng, top, volume, (rim, ends) = h.rng, h.top, h.rng.uniform(0.14, 0.38), temple
    line, part = top + rng.uniform(0.28, 0.58), rng.uniform(-0.6, 0.6)
    bend, across = rng.choice((0, 0.26, 0.4, -0.12)), [0.88 - 0.22 * k for k in range(9)]
    hem = [(u, line + bend * abs(u - part) + 0.5 * max(0, abs(u) - 0.66)) for u in across]
    half = [(0.45, top - volume * 0.9), (0.88, top + 0.2 - volume * 0.5), (rim * 1.03, -0.4)]
    half += [(rim, ends), (0.94, -0.25)]
    left = [(-x, y) for x, y in reversed(half)]
    _hair(canvas, h, [(part * 0.3, top - volume), *half, *hem, *left], h.hair)


def _glasses(canvas: Canvas, rng: Random) -> None:
    frame, thick = rng.choice((_BLACK, (90, 70, 50), (120, 124, 130))), rng.uniform(0.018, 0.04)
    tall, full = rng.uniform(0.16, 0.24), rng.uniform(0.02, 0.09)
    rim = [(1, -0.1), (0.8, -0.05), (0.74, -tall), (0.45, -tall - full), (0.15, -tall), (0.1, 0)]
    rim += [(0.15, tall), (0.45, tall + full), (0.74, tall), (0.8, -0.05)]
    for side in _SIDES:
        canvas.line(curve([(side * x, y) for x, y in rim], closed=False), frame, thick)
    canvas.line([(-0.1, 0), (0, -0.04), (0.1, 0)], frame, thick)


def face(seed: int, sex: Sex) -> Image.Image:
    """Head and shoulders on white, 295 × 413 pixels."""
    rng = Random(f"{seed}{sex}")
    large = _person(rng, sex, (253, 253, 254), (413, 578))
    return grained(large.resize((295, 413), Image.Resampling.HAMMING), rng, 1.4)


def portrait(seed: int, sex: Sex) -> bytes:
    """An ID photo of head and shoulders on white, JPEG 295 × 413 (一寸, M4: at most 500 KB)."""
    return encoded(face(seed, sex), "JPEG", quality=90)


def phone_portrait(seed: int, sex: Sex) -> bytes:
    """The face of `portrait` as a phone takes it: JPEG 900 × 1200, a wall, a tilt.

    Every third seed is stored lying on its side with EXIF orientation 6.
    """
    rng, exif = Random(f"{seed}{sex}"), Image.Exif()
    image = _person(rng, sex, (236 - seed % 9, 234 - seed % 7, 230 - seed % 5), (960, 1280))
    image = image.rotate(rng.uniform(-3.5, 3.5), Image.Resampling.BILINEAR)
    image = grained(image.crop((30, 40, 930, 1240)), rng, 3.6)
    if seed % 3 == 0:
        exif[0x0112] = 6
        image = image.transpose(Image.Transpose.ROTATE_90)
    return encoded(image, "JPEG", quality=86, exif=exif)
