"""Sample papers of a page each, as a scanner sees them: one layout for each style of document."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from core.demo.drawing.canvas import Colour, encoded, grained
from core.demo.drawing.ink import row, stamp, width, wrapped, written
from core.demo.drawing.portraits import face
from core.demo.drawing.wording import MARKS, Order, filled

UPRIGHT: Final = (1240, 1754)  # A4 at 150 dots per inch
FOOT: Final = "演示材料 · SAMPLE"

_PLAY: Final = 30  # pixels by which a sheet lies differently under the scanner
_INK: Final = (28, 30, 52)
_PRINT: Final = (44, 44, 44)
_SIGNED: Final = 250  # pixels that a signature takes
_LEAN: Final = {">": 1.0, "^": 0.5, "=": 0.5}  # how much of a row lies left of its place
_SHARES: Final = {2: (22, 78), 4: (22, 32, 18, 28)}  # of a table's width, by the number of cells
_MONTHS: Final = (16, 44, 27, 13)


class Style(NamedTuple):
    """A layout; `layouts.toml` explains the fields."""

    title: tuple[int, int, int]
    areas: tuple[tuple[int, int, int, int, int], ...]
    size: tuple[int, int] = UPRIGHT
    paper: Colour = (251, 250, 245)
    title_colour: Colour = _PRINT
    photo: tuple[int, int, int, int] | None = None
    frames: tuple[tuple[int, int, int, int, int], ...] = ()
    edge: Colour = _PRINT


_LAYOUTS: Final = Path(__file__).with_name("layouts.toml").read_text(encoding="utf-8")
STYLES: Final = {
    key: Style(**{name: tuple(value) for name, value in layout.items()})
    for key, layout in tomllib.loads(_LAYOUTS).items()
}


@cache
def _stock(size: tuple[int, int], colour: Colour) -> Image.Image:
    """Empty paper under a scanner's lamp: grain, a shadow along the edge."""
    ys, xs = np.ogrid[0 : size[1] + _PLAY, 0 : size[0] + _PLAY]
    light = 1 - 0.1 * np.exp(-xs / 34) - 0.05 * np.exp(-ys / 30)
    page = Image.fromarray((light[..., None] * np.array(colour)).astype(np.uint8))
    return grained(page, Random(1), 3.1)


def _write(
    page: Image.Image, x: float, y: float, text: str, size: int,
    lean: float = 0, weight: int = 0, colour: Colour = _PRINT,
) -> None:  # fmt: skip
    """Write a row on the baseline `y`. lean: how much of it lies left of `x`, 0 to 1."""
    mask = row(text, size, weight)
    page.paste(colour, (round(x - lean * mask.width), round(y - size)), mask)


def _row(page: Image.Image, cells: list[str], x: float, y: float, box: tuple[int, ...]) -> None:
    """A row of a table: labels narrow, what is said of them wide."""
    _, _, wide, size, step = box
    shares = _MONTHS if cells[-1] in {"正常缴费", "状态"} else _SHARES[len(cells)]
    for share, cell in zip(shares, cells, strict=True):
        room = wide * share / 100
        small = size if width(cell, size) < room - 16 else size * 4 // 5
        _write(page, x + room / 2, y + small * 0.36, cell, small, lean=0.5)
        corners = x, y - step / 2, x + room + 1, y + step / 2 + 1
        ImageDraw.Draw(page).rectangle(corners, outline=_PRINT, width=2)
        x += room


def _area(
    page: Image.Image, lines: list[str], seed: int, box: tuple[int, int, int, int, int]
) -> tuple[int, int] | None:
    """Write marked lines into an area; returns the middle of the line the seal covers."""
    left, y, wide, size, step = box
    seal = None
    for line in lines:
        text = line.lstrip(MARKS)
        marks = line[: len(line) - len(text)]
        if text.startswith("|"):
            _row(page, text[1:].split("|"), left, y, box)
            y += step
            continue
        lean, room = max((_LEAN.get(mark, 0.0) for mark in marks), default=0.0), wide
        if "&" in marks:
            label, colon, name = text.rpartition("：")
            text, room, lean = label + colon, wide - _SIGNED, 1.0
            hand = written(seed, name).resize((230, 92), Image.Resampling.BOX)
            page.paste(_INK, (left + room, y - 66), ImageChops.invert(hand))
        large, bold = size + 14 * ("^" in marks), "^" in marks or "#" in marks
        x = left + lean * room
        for part in wrapped(text, large, room):
            if "*" in marks:
                seal = round(x + (0.5 - lean) * width(part, large)), y
            _write(page, x, y, part, large, lean, bold)
            y += step
    return seal


def paper(kind: str, order: Order) -> bytes:
    """The paper `kind` filled in for a case: JPEG of an A4 page, the same for the same order."""
    rng, words = Random(f"{order.made_up}{kind}"), filled(kind, order)
    style = STYLES[words["style"]]
    left, top, (wide, high) = rng.randrange(_PLAY), rng.randrange(_PLAY), style.size
    page = _stock(style.size, style.paper).crop((left, top, left + wide, top + high))
    for *corners, thick in style.frames:
        ImageDraw.Draw(page).rectangle(corners, outline=style.edge, width=thick)
    x, y, size = style.title
    _write(page, x, y, words["title"], size, 0.5, 1, style.title_colour)
    if style.photo:
        photo = face(int((order.photo or order.made_up)[:8], 16), order.sex)
        page.paste(photo.resize(style.photo[2:]), style.photo[:2])
    seal, lines = None, words["lines"].strip("\n").split("\n")
    for box in style.areas:
        end = lines.index("---") if "---" in lines else len(lines)
        seal = _area(page, lines[:end], order.seed, box) or seal
        lines = lines[end + 1 :]
    if seal and "seal" in words:
        x, y = seal[0] + rng.randrange(-40, 41), seal[1] + rng.randrange(-18, 30)
        stamp(page, rng, x, y, words["seal"], words.get("purpose", ""))
    _write(page, wide / 2, high - 30, FOOT, 20, lean=0.5, colour=(120, 120, 120))
    return encoded(page, "JPEG", quality=80)
