"""What sample papers say, so that it agrees with the case: the words of `papers.toml`, filled in.

A line begins with marks of how it is written: `*` the seal covers it, `^` large and centred, `=`
centred, `>` to the right, `#` bold, `~` by hand, `&` its end (after the colon) signed by hand,
`|` a row of a table. `---` goes on in the next area of the page.
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

MARKS: Final = "*^=>#~&"
_TEXTS: Final = Path(__file__).with_name("papers.toml")
_DAY: Final = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
# What 其他材料 are, by what the case is about.
_OTHERS: Final = {
    "employer_renamed": ("change_notice",),
    "qualification_renumbered": ("licence",),
    "identity_changed": ("identity_card",),
    "initial": ("qualification", "diploma", "contract", "identity_card"),
    "change": ("contract", "licence"),
    "renewal": ("contract",),
}
_WHY: Final = {
    "employment_ended": "本人已与聘用单位解除劳动关系，申请注销注册",
    "own_request": "本人不再从事该专业工作，自愿申请注销注册",
    "death_or_incapacity": "申请人已不能履行注册执业人员职责，由聘用单位代为说明",
}


class Month(NamedTuple):
    """A month of social insurance as the insurance office knows it."""

    month: str
    payer: str
    payer_code: str


class Order(NamedTuple):
    """A picture to be drawn, with what it shows.

    made_up: the hash that stands for it in the rows. kind: the catalogue's material key. company:
    who issued the paper, or whom it is about. day: of the paper, as printed. facts: of the case, by
    the keys of its form, with place, business, profession, specialty, reason. photo: the hash that
    stands for the person's photo.
    """

    made_up: str
    kind: str
    filename: str
    name: str
    man: bool
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
    return tomllib.loads(_TEXTS.read_text(encoding="utf-8"))


def paper_of(order: Order) -> str:
    """Which paper an order is for: a material may be proved by more than one kind of document."""
    facts = order.facts
    match order.kind:
        case "arbitration":
            choice: tuple[str, ...] = ("arbitration", "judgment")
        case "loss_statement" if facts.get("reason") == "damaged":
            choice = ("damage_statement",)
        case kind if kind in texts():
            choice = (kind,)
        case _:
            about = _OTHERS.get(facts.get("reason", "")) or _OTHERS.get(facts.get("business", ""))
            choice = about or ("statement",)
    return choice[order.seed % len(choice)]


def title_of(paper: str, order: Order) -> str:
    """The heading of a paper."""
    return texts()[paper]["title"].format_map(_words(order))


def seal_of(paper: str, order: Order) -> tuple[str, str]:
    """Whose seal a paper bears, and the words under its star; empty without a seal."""
    known = texts()[paper]
    return known.get("seal", "").format_map(_words(order)), known.get("purpose", "")


def lines_of(paper: str, order: Order) -> list[str]:
    """The marked lines of a paper, filled in."""
    words, lines = _words(order), []
    for line in texts()[paper]["lines"].strip("\n").split("\n"):
        if line != "{months}":
            lines.append(line.format_map(words))
        elif order.months:
            lines += [f"|{'|'.join(month)}|正常缴费" for month in order.months]
        else:
            lines.append("=（所查期间无缴费记录）")
    return lines


def _words(order: Order) -> Mapping[str, str]:
    """The facts as a paper prints them; what is not known is a dash."""
    words: defaultdict[str, str] = defaultdict(lambda: "——")
    words |= {key: printed(value) for key, value in order.facts.items() if value}
    special = words.get("specialty")
    words.update(
        name=order.name,
        sex="男" if order.man else "女",
        company=order.company,
        day=order.day,
        year=order.day[:4],
        number=f"{order.seed % 9000 + 1000}",
        place=words.get("place", "演示市"),
        employed_until=words.get("employed_until", "无固定期限"),
        role=words["profession"] + (f"·{special}" if special else ""),
        why=_WHY.get(order.facts.get("reason", ""), "申报事项的有关情况，详见申报表"),
    )
    return words


def printed(text: str) -> str:
    """A day or month in ISO form as papers print it; other text as it is."""
    found = _DAY.fullmatch(text)
    if not found:
        return text
    year, month, day = found.groups()
    return f"{year}年{int(month)}月{int(day)}日" if day else f"{year}年{int(month)}月"
