"""What sample papers say, so that it agrees with the case: the words of `papers.toml`, filled in.

A line begins with marks of how it is written: `*` the seal covers it, `^` large and centred, `=`
centred, `>` to the right, `#` bold, `&` its end (after the colon) signed by hand, `|` a row of a
table. `---` goes on in the next area of the page.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from core.invented.names import Sex

MARKS: Final = "*^=>#&"
_DAY: Final = re.compile(r"\d{4}(-\d\d){1,2}")


class Month(NamedTuple):
    """A month of social insurance as the insurance office knows it."""

    month: str
    payer: str
    payer_code: str


class Order(NamedTuple):
    """A picture to be drawn, with what it shows.

    made_up: the hash that stands for it in the rows. kind: the catalogue's material key. company:
    who issued the paper, or whom it is about. day: of the paper. facts: of the case, by
    the keys of its form, with place, business, profession, specialty, reason. photo: the hash that
    stands for the person's photo.
    """

    made_up: str
    kind: str
    filename: str
    name: str
    sex: Sex
    company: str
    day: str
    facts: Mapping[str, str] = MappingProxyType({})
    months: tuple[Month, ...] = ()
    photo: str = ""

    @property
    def seed(self) -> int:
        """Where the picture's chances begin."""
        return int(self.made_up[:8], 16)


@cache
def texts() -> dict[str, dict[str, str]]:
    """Every paper by its key: title, style, seal (owner), purpose (words under the star), lines."""
    path = Path(__file__).with_name("papers.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def paper_of(order: Order) -> str:
    """Which paper an order is for: a material may be proved by more than one kind of document."""
    kind, facts = order.kind, order.facts
    materials = f"{kind}:{facts.get('reason')}", f"{kind}:{facts.get('business')}", kind, "other"
    proofs = (
        [key for key, known in texts().items() if material in known.get("proves", key).split()]
        for material in materials
    )
    found = next(filter(None, proofs))
    return found[order.seed % len(found)]


def filled(paper: str, order: Order) -> dict[str, str]:
    """The texts of a paper with the facts in them; what is not known is a dash."""
    words = defaultdict(lambda: "——", place="演示市", employed_until="无固定期限")
    words["statement"] = "详见申报表。"
    words |= {key: printed(value) for key, value in order.facts.items() if value}
    months = [f"|{'|'.join(map(printed, month))}|正常缴费" for month in order.months]
    words |= {
        "name": order.name,
        "sex": order.sex,
        "company": order.company,
        "day": printed(order.day),
        "year": order.day[:4],
        "number": f"{order.seed % 9000 + 1000}",
        "role": "·".join(filter(None, (words["profession"], order.facts.get("specialty")))),
        "months": "\n".join(months or ["=（所查期间无缴费记录）"]),
    }
    return {key: text.format_map(words) for key, text in texts()[paper].items()}


def printed(text: str) -> str:
    """A day or month in ISO form as papers print it; other text as it is."""
    if not _DAY.fullmatch(text):
        return text
    return "".join(map("{}{}".format, map(int, text.split("-")), "年月日"))
