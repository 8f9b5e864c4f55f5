"""Scanned papers, round seals and signatures, drawn for sample cases, the same for a seed."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from math import cos, pi, sin
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from core.demo.canvas import (
    Point,
    cjk_font,
    coloured,
    has,
    jpeg,
    lit,
    noise,
    spline,
)


def _scribble(
    pen: ImageDraw.ImageDraw, rng: Random, box: tuple[float, float, float, float]
) -> None:
    """Cursive strokes that fill a box: what stands for one letter when no font has it."""
    left, top, right, bottom = box
    for _ in range(rng.randrange(3, 6)):
        spots = [(rng.uniform(left, right), rng.uniform(top, bottom)) for _ in range(4)]
        pen.line(spline(spots, closed=False, steps=14), 0, rng.randrange(4, 9), joint="curve")


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
        if font is None or not has(font, letter):
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
        ImageDraw.Draw(bent).line(spline(stroke, closed=False, steps=20), 10, 5, joint="curve")
    out = BytesIO()
    bent.reduce(2).convert("RGB").save(out, "PNG")
    return out.getvalue()


def _words(
    sheet: Image.Image,
    at: Point,
    text: str,
    font: ImageFont.FreeTypeFont | None,
    size: int,
    anchor: str = "la",
) -> None:
    """Print `text` on a grey sheet; without a font, a pale bar of the same length."""
    pen = ImageDraw.Draw(sheet)
    if font is not None:
        pen.text(at, "".join(letter for letter in text if has(font, letter)), 38, font, anchor)
        return
    wide = len(text) * size
    left = at[0] - wide / 2 if anchor[0] == "m" else at[0] - wide if anchor[0] == "r" else at[0]
    pen.rectangle((left, at[1] + size * 0.2, left + wide, at[1] + size * 0.8), 147)


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
        if font is None or not has(font, letter):
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
    # The sheet is grey until the end: turning and lighting one band costs a third of three.
    sheet = Image.new("L", (1000, 1414), 255)
    _words(sheet, (500, 140), title, cjk_font("bold", 46), 46, "ma")
    font, y = cjk_font("serif", 25), 260
    signed = [line for line in lines[-2:] if len(line) <= 26 and len(lines) > 2]
    for line in lines[: len(lines) - len(signed)]:
        short = len(line) < 28 and ("：" in line or ":" in line)
        for row in _wrapped(line if short else "\u3000\u3000" + line, 30):
            if y < 1200:
                _words(sheet, (122, y), row, font, 25)
                y += 47
        y += 6
    y = min(1180, max(y + 90, rng.randrange(760, 900)))
    for place, line in enumerate(signed):
        _words(sheet, (868, y + 50 * place), line, font, 25, "ra")
    page = coloured(_scanned(sheet, rng), (252, 251, 246)) if scan else sheet.convert("RGB")
    if stamp:
        corner = rng.randrange(590, 690), y - rng.randrange(95, 130)
        _stamped(page, rng, stamp, corner, worn=scan)
    return jpeg(page, 84 if scan else 90)


def _scanned(sheet: Image.Image, rng: Random) -> Image.Image:
    """The sheet a little askew under a scanner's lamp, with the shadow of its edge and a fold."""
    askew = sheet.rotate(rng.uniform(-1.1, 1.1), Image.Resampling.BILINEAR, fillcolor=208)
    fold = rng.randrange(640, 760)
    xs, ys = np.arange(1000, dtype=np.float32)[None, :], np.arange(1414, dtype=np.float32)[:, None]
    light = 1 - 0.1 * np.exp(-xs / rng.uniform(20, 60)) - 0.05 * np.exp(-(1414 - ys) / 40)
    light -= 0.035 * np.exp(-(((ys - fold) / 5) ** 2))
    return lit(askew, rng, light, 4.6)


def _stamped(
    page: Image.Image, rng: Random, company: str, corner: tuple[int, int], *, worn: bool
) -> None:
    """Press the seal of `company` on the page; worn: the ink does not cover evenly."""
    seal = _seal(company).rotate(rng.uniform(-14, 14), Image.Resampling.BILINEAR, fillcolor=255)
    left, top = corner
    pixels = np.asarray(page.crop((left, top, left + 260, top + 260)), dtype=np.float32)
    ink = (255 - np.asarray(seal, dtype=np.float32)[..., None]) / 255
    ink = ink * (0.94 - (0.12 * np.abs(noise()[:260, :260, None]) if worn else 0))
    # Red ink lies over the print: only green and blue are taken from the page.
    red = pixels * (1 - ink * np.array([0.14, 0.88, 0.86], dtype=np.float32))
    page.paste(Image.fromarray(red.clip(0, 255).astype(np.uint8)), corner)
