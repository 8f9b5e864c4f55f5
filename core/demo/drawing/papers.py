"""Sample papers of a page each, as a scanner sees them: one layout for each style of document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from core.demo.drawing import seals
from core.demo.drawing.canvas import Colour, jpeg, noise
from core.demo.drawing.lettering import glyph, width, wrapped
from core.demo.drawing.portraits import face
from core.demo.drawing.signature import written
from core.demo.drawing.wording import MARKS, Order, lines_of, seal_of, texts, title_of
from core.files.fonts import SANS, SERIF

UPRIGHT: Final = (1240, 1754)  # A4 at 150 dots per inch
LYING: Final = (1600, 1131)
FOOT: Final = "演示材料 · SAMPLE"

_PLAY: Final = 30  # pixels by which a sheet lies differently under the scanner
_QUALITY: Final = 80
_PAPER: Final = (251, 250, 245)
_CREAM: Final = (250, 243, 224)
_RED: Final = (178, 30, 36)
_INK: Final = (28, 30, 52)
_TURNS: Final = (-6, 0, 5)


@dataclass(frozen=True, slots=True)
class Style:
    """A layout. title: middle, baseline, size, colour; areas: left, top, width, size of letters,
    distance of rows; photo: left, top, width, height. frames: left, top, right, bottom, width.
    """

    title: tuple[int, int, int, Colour]
    areas: tuple[tuple[int, int, int, int, int], ...]
    size: tuple[int, int] = UPRIGHT
    paper: Colour = _PAPER
    photo: tuple[int, int, int, int] | None = None
    frames: tuple[tuple[int, int, int, int, int], ...] = ()
    edge: Colour = (60, 60, 60)


_BLACK: Final = (30, 30, 30)
STYLES: Final = {
    "letter": Style((620, 270, 50, _BLACK), ((160, 370, 920, 31, 62),)),
    "court": Style((620, 220, 44, _BLACK), ((150, 310, 940, 29, 53),)),
    "form": Style(
        (620, 210, 46, _BLACK), ((130, 290, 980, 27, 66),),
        frames=((90, 120, 1150, 1640, 5), (100, 130, 1140, 1630, 1)),
    ),
    "table": Style((620, 190, 44, _BLACK), ((110, 270, 1020, 24, 54),)),
    "contract": Style(
        (620, 210, 52, _BLACK),
        ((150, 270, 940, 28, 50), (150, 1390, 460, 28, 60), (700, 1390, 400, 28, 60)),
    ),
    "card": Style(
        (620, 190, 38, _BLACK),
        ((275, 330, 470, 29, 54), (220, 1010, 800, 31, 62), (190, 1440, 860, 28, 66)),
        frames=((200, 260, 1040, 770, 3), (200, 850, 1040, 1360, 3)),
        photo=(770, 330, 225, 315),
        edge=(120, 150, 170),
    ),
    "booklet": Style(
        (400, 180, 46, _RED), ((130, 780, 540, 34, 66), (860, 190, 620, 30, 64)), LYING, _CREAM,
        (250, 270, 300, 420), ((50, 50, 1550, 1060, 6), (66, 66, 1534, 1044, 2),
        (799, 66, 801, 1044, 2)), (146, 110, 60),
    ),
    "diploma": Style(
        (800, 230, 66, _RED), ((560, 330, 860, 33, 68),), LYING, _CREAM, (180, 360, 300, 420),
        ((50, 50, 1550, 1060, 12), (76, 76, 1524, 1034, 2)), (160, 40, 44),
    ),
    "licence": Style(
        (800, 260, 84, _BLACK),
        ((150, 350, 1300, 28, 60), (170, 470, 620, 28, 72), (860, 470, 570, 28, 72),
        (760, 840, 690, 28, 64)), LYING, _CREAM, None,
        ((44, 44, 1556, 1064, 10), (64, 64, 1536, 1044, 3), (76, 76, 1524, 1034, 1)),
        (150, 120, 60),
    ),
}  # fmt: skip


@cache
def _stock(colour: Colour) -> Image.Image:
    """Empty paper under a scanner's lamp: grain, a shadow along the edge, a faint fold."""
    side = max(*UPRIGHT, *LYING) + _PLAY
    ys, xs = np.ogrid[0:side, 0:side]
    light = 1 - 0.1 * np.exp(-xs / 34) - 0.05 * np.exp(-ys / 30)
    light = light - 0.025 * np.exp(-(((ys - 860) / 5) ** 2))
    grain = np.tile(noise(), (2, 2))[:side, :side] * 3.1
    film = light[..., None] * np.array(colour) + grain[..., None]
    return Image.fromarray(np.clip(film, 0, 255).astype(np.uint8))


class Sheet:
    """A page being written, a little askew. rng: what makes it differ from the next."""

    def __init__(self, rng: Random, style: Style) -> None:
        left, top = rng.randrange(_PLAY), rng.randrange(_PLAY)
        wide, high = style.size
        self.page = _stock(style.paper).crop((left, top, left + wide, top + high))
        self.pen = ImageDraw.Draw(self.page)
        self._rng, self._ink = rng, rng.randrange(22, 58)
        self._slope = rng.uniform(-0.009, 0.009)
        self._shift = rng.uniform(-9, 9), rng.uniform(-9, 9)
        self._middle = wide / 2, high / 2

    def at(self, x: float, y: float) -> tuple[int, int]:
        """Where a point of the layout lies on the page."""
        across, down = x - self._middle[0], y - self._middle[1]
        return (
            round(x + self._shift[0] - self._slope * down),
            round(y + self._shift[1] + self._slope * across),
        )

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        font: Path = SERIF,
        *,
        anchor: str = "l",
        weight: int = 0,
        colour: Colour | None = None,
        by_hand: bool = False,
    ) -> None:
        """Write a row on the baseline `y`. anchor: `l`, `m` or `r` for where `x` is."""
        if anchor != "l":
            x -= width(text, font, size) / (2 if anchor == "m" else 1)
        ink = colour or (self._ink, self._ink, self._ink)
        for letter in text:
            turn = self._rng.choice(_TURNS) if by_hand else 0
            shape = glyph(letter, font, size, weight, turn)
            left, top = self.at(x, y)
            if by_hand:
                top += self._rng.randrange(-3, 4)
            self.pen.bitmap((left + shape.left, top + shape.top), shape.mask, ink)
            x += shape.advance

    def box(self, left: int, top: int, right: int, bottom: int, wide: int, ink: Colour) -> None:
        """The outline of a rectangle."""
        corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
        self.pen.line([self.at(*corner) for corner in corners], ink, wide, joint="curve")

    def sign(self, x: float, y: float, seed: int, name: str) -> None:
        """The person's signature, in ink, from `x` on above the baseline `y`."""
        hand = written(seed, name)
        small = hand.resize((230, 92), Image.Resampling.BOX)
        self.page.paste(_INK, self.at(x, y - 66), ImageChops.invert(small))

    def area(
        self, lines: list[str], order: Order, box: tuple[int, int, int, int, int]
    ) -> tuple[int, int] | None:
        """Write marked lines into an area; returns the middle of the line the seal covers."""
        left, y, wide, size, step = box
        seal = None
        for line in lines:
            if line.startswith("|"):
                self._row(line[1:].split("|"), (left, y, wide), size, step)
                y += step
                continue
            text = line.lstrip(MARKS)
            marks = line[: len(line) - len(text)]
            middle = left + wide / 2
            if "&" in marks:
                label, _, name = text.rpartition("：")
                label = f"{label}：" if label else ""
                x = left if not label else left + wide - 250 - width(label, SERIF, size)
                self.write(x, y, label, size)
                self.sign(x + width(label, SERIF, size), y, order.seed, name)
            elif ">" in marks:
                self.write(left + wide, y, text, size, anchor="r")
                middle = left + wide - width(text, SERIF, size) / 2
            elif "^" in marks:
                self.write(middle, y, text, size + 14, weight=1, anchor="m")
                y += 14
            elif "=" in marks:
                self.write(middle, y, text, size, anchor="m")
            else:
                rows = wrapped(text, SERIF, size, wide)
                if "*" in marks:
                    middle = left + width(rows[0], SERIF, size) / 2
                for place, row in enumerate(rows):
                    y += step if place else 0
                    self.write(
                        left, y, row, size, by_hand="~" in marks, weight=1 if "#" in marks else 0
                    )
            if "*" in marks:
                seal = self.at(middle, y)
            y += step
        return seal

    def _row(self, cells: list[str], place: tuple[int, int, int], size: int, step: int) -> None:
        """A row of a table: labels narrow, what is said of them wide."""
        left, y, wide = place
        shares = {2: (22, 78), 4: (22, 32, 18, 28)}[len(cells)]
        if cells[-1] in {"正常缴费", "状态"}:
            shares = (16, 44, 27, 13)
        x: float = left
        for share, cell in zip(shares, cells, strict=True):
            room = wide * share / 100
            small = size if width(cell, SANS, size) < room - 16 else size * 4 // 5
            self.write(x + room / 2, y + small * 0.36, cell, small, SANS, anchor="m")
            top, bottom = round(y - step / 2), round(y + step / 2)
            self.box(round(x), top, round(x + room), bottom, 2, _BLACK)
            x += room


def paper(kind: str, order: Order) -> bytes:
    """The paper `kind` filled in for a case: JPEG of an A4 page, the same for the same order."""
    rng = Random(f"{order.made_up}{kind}")
    words = texts()[kind]
    style = STYLES[words["style"]]
    lines, (owner, purpose) = lines_of(kind, order), seal_of(kind, order)
    sheet = Sheet(rng, style)
    for frame in style.frames:
        sheet.box(*frame, style.edge)
    x, y, size, colour = style.title
    sheet.write(x, y, title_of(kind, order), size, anchor="m", weight=1, colour=colour)
    if style.photo:
        x, y, wide, high = style.photo
        seed = int((order.photo or order.made_up)[:8], 16)
        sheet.page.paste(
            face(seed, "男" if order.man else "女").resize((wide, high)), sheet.at(x, y)
        )
    seal = None
    for box in style.areas:
        end = lines.index("---") if "---" in lines else len(lines)
        seal = sheet.area(lines[:end], order, box) or seal
        lines = lines[end + 1 :]
    if seal and owner:
        jitter = rng.randrange(-40, 41), rng.randrange(-18, 30)
        seals.stamp(sheet.page, rng, (seal[0] + jitter[0], seal[1] + jitter[1]), owner, purpose)
    wide, high = style.size
    sheet.write(wide / 2, high - 30, FOOT, 20, SANS, anchor="m", colour=(120, 120, 120))
    return jpeg(sheet.page, _QUALITY)
